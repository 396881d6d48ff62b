//! What this computer knows of a webhook and no server tells. Never a value that is hidden.

use rusqlite::{Connection, OptionalExtension};
use serde::{Serialize, de::DeserializeOwned};

use crate::sql::{json, words};
use crate::{Store, StoreError};

words! {
    /// What a note about a webhook is about.
    pub enum NoteKind {
        /// Its hidden values: when they were set here, and which are kept in the keychain.
        Hidden = "hidden",
        /// It was set up on the server's own page.
        ByHand = "by_hand",
    }
}

impl Store {
    /// All notes of a kind about an account's webhooks, with the webhooks' ids. A note of another shape, from an
    /// older program, counts as none.
    pub fn webhook_notes<T: DeserializeOwned>(
        &self,
        account: &str,
        kind: NoteKind,
    ) -> Result<Vec<(String, T)>, StoreError> {
        let found: Vec<(String, String)> = self.with(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT webhook_id, body FROM webhook_notes WHERE account_id = ?1 AND kind = ?2 ORDER BY rowid",
            )?;
            let rows = statement.query_map((account, kind), |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })?;
        Ok(found.into_iter().filter_map(|(id, body)| Some((id, serde_json::from_str(&body).ok()?))).collect())
    }

    /// The note of a kind about a webhook.
    pub fn webhook_note<T: DeserializeOwned>(
        &self,
        account: &str,
        kind: NoteKind,
        webhook: &str,
    ) -> Result<Option<T>, StoreError> {
        self.with(|connection| note(connection, account, kind, webhook))
    }

    /// Changes a note, begun anew where there is none, and returns it. `change` sees the newest state, so that what
    /// another program changed at the same time is not lost.
    pub fn change_webhook_note<T: Serialize + DeserializeOwned + Default>(
        &self,
        account: &str,
        kind: NoteKind,
        webhook: &str,
        change: impl FnOnce(&mut T),
    ) -> Result<T, StoreError> {
        self.transaction(|transaction| {
            let mut body: T = note(transaction, account, kind, webhook)?.unwrap_or_default();
            change(&mut body);
            transaction.execute(
                "INSERT INTO webhook_notes (account_id, kind, webhook_id, body) VALUES (?1, ?2, ?3, ?4) \
                 ON CONFLICT DO UPDATE SET body = excluded.body",
                (account, kind, webhook, json("webhook note", &body)?),
            )?;
            Ok(body)
        })
    }

    /// Forgets a note.
    pub fn forget_webhook_note(
        &self,
        account: &str,
        kind: NoteKind,
        webhook: &str,
    ) -> Result<(), StoreError> {
        self.with(|connection| {
            connection.execute(
                "DELETE FROM webhook_notes WHERE account_id = ?1 AND kind = ?2 AND webhook_id = ?3",
                (account, kind, webhook),
            )?;
            Ok(())
        })
    }
}

fn note<T: DeserializeOwned>(
    connection: &Connection,
    account: &str,
    kind: NoteKind,
    webhook: &str,
) -> Result<Option<T>, StoreError> {
    let body: Option<String> = connection
        .prepare_cached(
            "SELECT body FROM webhook_notes WHERE account_id = ?1 AND kind = ?2 AND webhook_id = ?3",
        )?
        .query_row((account, kind, webhook), |row| row.get(0))
        .optional()?;
    Ok(body.and_then(|body| serde_json::from_str(&body).ok()))
}
