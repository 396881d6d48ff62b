//! Entries of the keychain that may be there without a row that needs them. Never their values.

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::sql::{At, json};
use crate::{Store, StoreError};

impl Store {
    /// Notes that an entry is about to be made, or deleted: to be called before the keychain is. Returns whether it was
    /// not noted already.
    pub fn note_secret<T: Serialize>(&self, secret: &T, at: Timestamp) -> Result<bool, StoreError> {
        let secret = json("secret note", secret)?;
        self.transaction(|transaction| {
            let known = transaction
                .prepare_cached("SELECT 1 FROM secret_notes WHERE secret = ?1")?
                .exists([&secret])?;
            transaction.execute(
                "INSERT OR REPLACE INTO secret_notes (secret, owner, noted_at) VALUES (?1, ?2, ?3)",
                (secret, self.inner.life.id(), At(at)),
            )?;
            Ok(!known)
        })
    }

    /// The entry is needed by a row now, or gone.
    pub fn forget_secret_note<T: Serialize>(&self, secret: &T) -> Result<(), StoreError> {
        let secret = json("secret note", secret)?;
        self.with(|connection| {
            connection.prepare_cached("DELETE FROM secret_notes WHERE secret = ?1")?.execute([secret])?;
            Ok(())
        })
    }

    /// Takes over the notes of programs that have ended, and returns them with our own, the oldest first. Those of
    /// another program that runs are left to it: it may be about to write the row. What is no `T` is left out.
    pub fn take_over_secret_notes<T: DeserializeOwned>(&self) -> Result<Vec<T>, StoreError> {
        let life = &self.inner.life;
        self.transaction(|transaction| {
            for owner in life.ended(transaction, "secret_notes")? {
                transaction
                    .execute("UPDATE secret_notes SET owner = ?2 WHERE owner = ?1", (owner, life.id()))?;
            }
            Ok(())
        })?;
        self.secret_notes_where("owner = ?1", life.id())
    }

    /// The notes of all programs, the oldest first.
    pub fn secret_notes<T: DeserializeOwned>(&self) -> Result<Vec<T>, StoreError> {
        self.secret_notes_where("?1 IS NOT NULL", self.inner.life.id())
    }

    fn secret_notes_where<T: DeserializeOwned>(
        &self,
        condition: &str,
        own: &str,
    ) -> Result<Vec<T>, StoreError> {
        self.with(|connection| {
            let mut statement = connection.prepare_cached(&format!(
                "SELECT secret FROM secret_notes WHERE {condition} ORDER BY noted_at, secret"
            ))?;
            let texts = statement.query_map([own], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
            Ok(texts.iter().filter_map(|text| serde_json::from_str(text).ok()).collect())
        })
    }
}
