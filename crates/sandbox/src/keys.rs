//! The stored personal access tokens: everything but their values.

use rusqlite::{Connection, OptionalExtension as _, Row};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Map, Value, json};

use crate::answer::{Refusal, Resource};
use crate::paging::Listing;
use crate::people;
use crate::secret_value;

/// How lists of tokens can be sorted and searched.
pub(crate) const LISTING: Listing = Listing {
    sortable: &["id", "name", "created-on", "last-used-on"],
    searched: &["name"],
    default_sort: "id",
};

/// A token as it is stored.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) id: i64,
    pub(crate) user_id: i64,
    pub(crate) name: String,
    pub(crate) created_on: i64,
    pub(crate) last_used_on: Option<i64>,
}

impl Key {
    /// The token on the wire, without its value.
    pub(crate) fn resource(&self) -> Resource {
        let mut attributes = Map::new();
        attributes.insert("name".into(), json!(self.name));
        attributes.insert("created-on".into(), people::time(self.created_on));
        attributes.insert("last-used-on".into(), self.last_used_on.map_or(Value::Null, people::time));
        Resource { id: self.id.to_string(), kind: "personal-access-tokens", attributes }
    }
}

/// A user's tokens, oldest first.
pub(crate) fn of_user(db: &Connection, user_id: i64) -> rusqlite::Result<Vec<Key>> {
    db.prepare_cached("SELECT * FROM tokens WHERE user_id = ?1 ORDER BY id")?
        .query_map([user_id], read)?
        .collect()
}

/// Makes a token. The value exists only in what is returned.
pub(crate) fn create(
    db: &Connection,
    user_id: i64,
    name: &str,
    prefix: &str,
    now: i64,
) -> Result<(Key, SecretString), CreateError> {
    let value = secret_value::create(prefix)?;
    // To hash it.
    let hash = secret_value::hash(value.expose_secret().as_bytes());
    let key = Key { id: 0, user_id, name: name.to_owned(), created_on: now, last_used_on: None };
    let id = insert(db, &key, &hash)?;
    Ok((Key { id, ..key }, value))
}

/// Stores a token under the next id, and returns that id.
pub(crate) fn insert(db: &Connection, key: &Key, hash: &[u8]) -> rusqlite::Result<i64> {
    db.prepare_cached(
        "INSERT INTO tokens (user_id, name, hash, created_on, last_used_on) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .insert((key.user_id, &key.name, hash, key.created_on, key.last_used_on))
}

/// Deletes a user's token. False when the user has none with this id.
pub(crate) fn delete(db: &Connection, user_id: i64, id: &str) -> rusqlite::Result<bool> {
    let found = of_user(db, user_id)?.into_iter().find(|key| key.id.to_string() == id);
    match found {
        Some(key) => Ok(db.prepare_cached("DELETE FROM tokens WHERE id = ?1")?.execute([key.id])? == 1),
        None => Ok(false),
    }
}

/// Deletes a user's tokens of one name.
pub(crate) fn delete_named(db: &Connection, user_id: i64, name: &str) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM tokens WHERE user_id = ?1 AND name = ?2")?.execute((user_id, name))?;
    Ok(())
}

/// The token that has this value. Looks at every one, so that the time it takes does not tell where it was found.
pub(crate) fn find(db: &Connection, value: &[u8]) -> rusqlite::Result<Option<Key>> {
    let wanted = secret_value::hash(value);
    let mut statement = db.prepare_cached("SELECT id, hash FROM tokens")?;
    let mut rows = statement.query([])?;
    let mut found: Option<i64> = None;
    while let Some(row) = rows.next()? {
        let hash = row.get_ref("hash")?.as_blob()?;
        if secret_value::equal(hash, &wanted) {
            found = Some(row.get("id")?);
        }
    }
    let Some(id) = found else { return Ok(None) };
    db.prepare_cached("SELECT * FROM tokens WHERE id = ?1")?.query_row([id], read).optional()
}

/// Notes that a token was used.
pub(crate) fn touch(db: &Connection, id: i64, now: i64) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE tokens SET last_used_on = ?2 WHERE id = ?1")?.execute((id, now))?;
    Ok(())
}

/// Why a token could not be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CreateError {
    #[error(transparent)]
    Random(#[from] getrandom::Error),
    #[error(transparent)]
    Database(#[from] rusqlite::Error),
}

impl From<CreateError> for Refusal {
    fn from(error: CreateError) -> Self {
        Self::Broken(error.to_string())
    }
}

impl From<CreateError> for crate::Error {
    fn from(error: CreateError) -> Self {
        match error {
            CreateError::Random(error) => error.into(),
            CreateError::Database(error) => error.into(),
        }
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<Key> {
    Ok(Key {
        id: row.get("id")?,
        user_id: row.get("user_id")?,
        name: row.get("name")?,
        created_on: row.get("created_on")?,
        last_used_on: row.get("last_used_on")?,
    })
}
