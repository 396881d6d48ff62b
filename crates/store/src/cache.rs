//! The last answers of the server, so that the window opens with what it knew.

use jiff::Timestamp;
use rusqlite::OptionalExtension;
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
        let found: Option<(String, At)> = self.with(|connection| {
            Ok(connection
                .prepare_cached("SELECT body, fetched_at FROM cache WHERE account_id = ?1 AND key = ?2")?
                .query_row([account, key], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?)
        })?;
        Ok(found.and_then(|(body, fetched_at)| {
            let body = serde_json::from_str(&body).ok()?;
            Some(Cached { body, fetched_at: fetched_at.0 })
        }))
    }

    /// Keeps an answer under `key`, in place of the one before. Never anything with a secret in it.
    pub fn cache<T: Serialize + ?Sized>(
        &self,
        account: &str,
        key: &str,
        body: &T,
        fetched_at: Timestamp,
    ) -> Result<(), StoreError> {
        let body = json("cached answer", body)?;
        self.with(|connection| {
            connection
                .prepare_cached(
                    "INSERT INTO cache (account_id, key, body, fetched_at) VALUES (?1, ?2, ?3, ?4) \
                     ON CONFLICT DO UPDATE SET body = excluded.body, fetched_at = excluded.fetched_at",
                )?
                .execute((account, key, body, At(fetched_at)))?;
            Ok(())
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
