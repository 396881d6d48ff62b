//! Settings that the window and the command line share. What belongs to the window alone is not here.

use rusqlite::{Connection, OptionalExtension};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::sql::json;
use crate::{Store, StoreError};

impl Store {
    /// One setting; `None` if it was never set. [`StoreError::Shape`] if it is something else than `T`.
    pub fn setting<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, StoreError> {
        self.with(|connection| find(connection, key))
    }

    /// Sets one setting. Never a secret.
    pub fn set_setting<T: Serialize + ?Sized>(&self, key: &str, value: &T) -> Result<(), StoreError> {
        self.with(|connection| put(connection, key, value))
    }

    /// Sets one setting to what `change` makes of it. One step: what others set meanwhile is not lost.
    pub fn change_setting<T: Serialize + DeserializeOwned>(
        &self,
        key: &str,
        change: impl FnOnce(Option<T>) -> T,
    ) -> Result<(), StoreError> {
        self.transaction(|transaction| {
            let changed = change(find(transaction, key)?);
            put(transaction, key, &changed)
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

fn find<T: DeserializeOwned>(connection: &Connection, key: &str) -> Result<Option<T>, StoreError> {
    let text: Option<String> = connection
        .prepare_cached("SELECT value FROM settings WHERE key = ?1")?
        .query_row([key], |row| row.get(0))
        .optional()?;
    text.map(|text| serde_json::from_str(&text).map_err(StoreError::shape(format!("the setting {key}"))))
        .transpose()
}

fn put<T: Serialize + ?Sized>(connection: &Connection, key: &str, value: &T) -> Result<(), StoreError> {
    let value = json(key, value)?;
    connection
        .prepare_cached("INSERT OR REPLACE INTO settings (key, value) VALUES (?1, ?2)")?
        .execute((key, value))?;
    Ok(())
}
