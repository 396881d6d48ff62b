//! The last answers of the server, so that the window opens with what it knew.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::sql::{At, json};
use crate::{Store, StoreError};

/// A cached answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cached<T> {
    /// The answer.
    pub body: T,
    /// When the server gave it.
    pub fetched_at: Timestamp,
}

impl Store {
    /// The answer kept under `key`. One that an older program kept in another shape counts as none.
    pub fn cached<T: DeserializeOwned>(
        &self,
        account: &str,
        key: &str,
    ) -> Result<Option<Cached<T>>, StoreError> {
        self.with(|connection| find(connection, account, key))
    }

    /// Keeps an answer under `key`, in place of the one before. Never anything with a secret in it.
    pub fn cache<T: Serialize + ?Sized>(
        &self,
        account: &str,
        key: &str,
        body: &T,
        fetched_at: Timestamp,
    ) -> Result<(), StoreError> {
        self.with(|connection| put(connection, account, key, body, fetched_at))
    }

    /// Keeps under `key` what `change` makes of what is kept there now, and returns it; nothing changes where it makes
    /// nothing. One step: what others keep meanwhile is not lost.
    pub fn change_cached<T: Serialize + DeserializeOwned>(
        &self,
        account: &str,
        key: &str,
        change: impl FnOnce(Option<Cached<T>>) -> Option<Cached<T>>,
    ) -> Result<Option<Cached<T>>, StoreError> {
        self.transaction(|transaction| {
            let changed = change(find(transaction, account, key)?);
            if let Some(Cached { body, fetched_at }) = &changed {
                put(transaction, account, key, body, *fetched_at)?;
            }
            Ok(changed)
        })
    }

    /// Drops the account's answers whose key begins with `prefix`: all of them with an empty one.
    pub fn drop_cached(&self, account: &str, prefix: &str) -> Result<(), StoreError> {
        self.with(|connection| {
            // Not LIKE: keys may hold its wildcards.
            connection
                .prepare_cached(
                    "DELETE FROM cache WHERE account_id = ?1 AND substr(key, 1, length(?2)) = ?2",
                )?
                .execute([account, prefix])?;
            Ok(())
        })
    }
}

fn find<T: DeserializeOwned>(
    connection: &Connection,
    account: &str,
    key: &str,
) -> Result<Option<Cached<T>>, StoreError> {
    let found: Option<(String, At)> = connection
        .prepare_cached("SELECT body, fetched_at FROM cache WHERE account_id = ?1 AND key = ?2")?
        .query_row([account, key], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(found.and_then(|(body, fetched_at)| {
        let body = serde_json::from_str(&body).ok()?;
        Some(Cached { body, fetched_at: fetched_at.0 })
    }))
}

fn put<T: Serialize + ?Sized>(
    connection: &Connection,
    account: &str,
    key: &str,
    body: &T,
    fetched_at: Timestamp,
) -> Result<(), StoreError> {
    let body = json("cached answer", body)?;
    connection
        .prepare_cached(
            "INSERT INTO cache (account_id, key, body, fetched_at) VALUES (?1, ?2, ?3, ?4) \
             ON CONFLICT DO UPDATE SET body = excluded.body, fetched_at = excluded.fetched_at",
        )?
        .execute((account, key, body, At(fetched_at)))?;
    Ok(())
}
