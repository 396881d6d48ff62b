//! Which tokens' values Gatehouse holds, and where. The values themselves are never here.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row};

use crate::sql::{At, words};
use crate::{Store, StoreError};

words! {
    /// Where a value is held.
    pub enum Kept {
        /// In the operating system's keychain.
        Keychain = "keychain",
        /// In memory, until the program ends.
        Session = "session",
    }
}

words! {
    /// How Gatehouse came to hold a value.
    pub enum Origin {
        /// It created the token.
        Created = "created",
        /// The person pasted it.
        Pasted = "pasted",
    }
}

/// A token whose value Gatehouse holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptToken {
    /// Our id of the account.
    pub account_id: String,
    /// The server's id of the token, or one of ours where the server lists none.
    pub token_id: String,
    /// Its name.
    pub name: String,
    /// How the value came here.
    pub origin: Origin,
    /// Where the value is.
    pub kept: Kept,
    /// Since when.
    pub kept_at: Timestamp,
    /// When the server last accepted it in a check of ours.
    pub verified_at: Option<Timestamp>,
}

const COLUMNS: &str = "account_id, token_id, name, origin, kept, kept_at, verified_at";

impl Store {
    /// The account's tokens whose value is held, oldest first.
    pub fn kept_tokens(&self, account: &str) -> Result<Vec<KeptToken>, StoreError> {
        self.with(|connection| {
            let mut statement = connection.prepare_cached(&format!(
                "SELECT {COLUMNS} FROM kept_tokens WHERE account_id = ?1 ORDER BY kept_at, token_id"
            ))?;
            Ok(statement.query_map([account], read)?.collect::<Result<_, _>>()?)
        })
    }

    /// One of them.
    pub fn kept_token(&self, account: &str, token: &str) -> Result<Option<KeptToken>, StoreError> {
        self.with(|connection| {
            Ok(connection
                .prepare_cached(&format!(
                    "SELECT {COLUMNS} FROM kept_tokens WHERE account_id = ?1 AND token_id = ?2"
                ))?
                .query_row([account, token], read)
                .optional()?)
        })
    }

    /// Remembers that a value is held, in place of what was known of the same token.
    pub fn keep_token(&self, token: &KeptToken) -> Result<(), StoreError> {
        self.with(|connection| {
            connection
                .prepare_cached(&format!(
                    "INSERT OR REPLACE INTO kept_tokens ({COLUMNS}, owner) \
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
                ))?
                .execute((
                    &token.account_id,
                    &token.token_id,
                    &token.name,
                    token.origin,
                    token.kept,
                    At(token.kept_at),
                    token.verified_at.map(At),
                    self.inner.life.id(),
                ))?;
            Ok(())
        })
    }

    /// Remembers that the server accepted the value.
    pub fn mark_token_verified(&self, account: &str, token: &str, at: Timestamp) -> Result<(), StoreError> {
        self.with(|connection| {
            let changed = connection
                .prepare_cached(
                    "UPDATE kept_tokens SET verified_at = ?3 WHERE account_id = ?1 AND token_id = ?2",
                )?
                .execute((account, token, At(at)))?;
            if changed == 0 { Err(StoreError::not_found("kept token", token)) } else { Ok(()) }
        })
    }

    /// Forgets a token and our own uses of it. Returns whether it was known.
    pub fn forget_token(&self, account: &str, token: &str) -> Result<bool, StoreError> {
        self.transaction(|transaction| {
            transaction
                .execute("DELETE FROM own_uses WHERE account_id = ?1 AND token_id = ?2", [account, token])?;
            let known = transaction.execute(
                "DELETE FROM kept_tokens WHERE account_id = ?1 AND token_id = ?2",
                [account, token],
            )?;
            Ok(known > 0)
        })
    }

    /// Forgets the tokens that were held for a session that is over, and returns them: for the app's start. Those of
    /// another program that still runs stay.
    pub fn forget_session_tokens(&self) -> Result<Vec<KeptToken>, StoreError> {
        let life = &self.inner.life;
        self.transaction(|transaction| {
            let mut forgotten = Vec::new();
            let mut statement = transaction.prepare_cached(&format!(
                "DELETE FROM kept_tokens WHERE kept = ?1 AND owner IS ?2 RETURNING {COLUMNS}"
            ))?;
            // What has no owner is an older program's.
            for owner in life.ended(transaction, "kept_tokens")?.into_iter().map(Some).chain([None]) {
                for token in statement.query_map((Kept::Session, owner), read)? {
                    forgotten.push(token?);
                }
            }
            Ok(forgotten)
        })
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<KeptToken> {
    Ok(KeptToken {
        account_id: row.get("account_id")?,
        token_id: row.get("token_id")?,
        name: row.get("name")?,
        origin: row.get("origin")?,
        kept: row.get("kept")?,
        kept_at: row.get::<_, At>("kept_at")?.0,
        verified_at: row.get::<_, Option<At>>("verified_at")?.map(|at| at.0),
    })
}
