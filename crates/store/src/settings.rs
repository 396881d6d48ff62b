//! Settings that the window and the command line share. What belongs to the window alone is not here.

use rusqlite::OptionalExtension;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::sql::json;
use crate::{Store, StoreError};

impl Store {
    /// One setting; `None` if it was never set. [`StoreError::Shape`] if it is something else than `T`.
    pub fn setting<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, StoreError> {
        let text: Option<String> = self.with(|connection| {
            Ok(connection
                .prepare_cached("SELECT value FROM settings WHERE key = ?1")?
                .query_row([key], |row| row.get(0))
                .optional()?)
        })?;
        text.map(|text| serde_json::from_str(&text).map_err(StoreError::shape(format!("the setting {key}"))))
            .transpose()
    }

    /// Sets one setting. Never a secret.
    pub fn set_setting<T: Serialize + ?Sized>(&self, key: &str, value: &T) -> Result<(), StoreError> {
        let value = json(key, value)?;
        self.with(|connection| {
            connection
                .prepare_cached("INSERT OR REPLACE INTO settings (key, value) VALUES (?1, ?2)")?
                .execute((key, value))?;
            Ok(())
        })
    }

    /// Back to the default.
    pub fn remove_setting(&self, key: &str) -> Result<(), StoreError> {
        self.with(|connection| {
            connection.prepare_cached("DELETE FROM settings WHERE key = ?1")?.execute([key])?;
            Ok(())
        })
    }
}
