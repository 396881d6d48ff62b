//! Values that a file of webhooks refers to by name. The values themselves are never here.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row};

use crate::sql::{At, words};
use crate::{Store, StoreError};

words! {
    /// Whether the keychain has a value.
    pub enum ValueKept {
        /// It has the one of this version.
        Yes = "yes",
        /// It may have this one, an older one, or none.
        Unsure = "unsure",
        /// It has none.
        No = "no",
    }
}

/// What is known of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedValue {
    /// Its name in the account.
    pub name: String,
    /// Grows each time it is set, also after it was deleted; 0 = never set.
    pub version: u32,
    /// Whether the keychain has it.
    pub kept: ValueKept,
    /// Whether a header may have it: a password may have more characters.
    pub in_header: bool,
    /// When it was set last.
    pub set_at: Timestamp,
}

const SELECT: &str = "SELECT name, version, kept, in_header, set_at FROM named_values WHERE account_id = ?1";

impl Store {
    /// An account's values by name, those too that were deleted.
    pub fn named_values(&self, account: &str) -> Result<Vec<NamedValue>, StoreError> {
        self.with(|connection| {
            let mut statement = connection.prepare_cached(&format!("{SELECT} ORDER BY name"))?;
            Ok(statement.query_map([account], read)?.collect::<Result<_, _>>()?)
        })
    }

    /// One of them.
    pub fn named_value(&self, account: &str, name: &str) -> Result<Option<NamedValue>, StoreError> {
        self.with(|connection| find(connection, account, name))
    }

    /// Changes what is known of a value, begun anew where nothing is, and returns it. `change` sees the newest state, so
    /// that two programs never give the same version.
    pub fn change_named_value(
        &self,
        account: &str,
        name: &str,
        change: impl FnOnce(&mut NamedValue),
    ) -> Result<NamedValue, StoreError> {
        self.transaction(|transaction| {
            let mut value = find(transaction, account, name)?.unwrap_or_else(|| NamedValue {
                name: name.to_owned(),
                version: 0,
                kept: ValueKept::No,
                in_header: false,
                set_at: Timestamp::UNIX_EPOCH,
            });
            change(&mut value);
            transaction.execute(
                "INSERT OR REPLACE INTO named_values (account_id, name, version, kept, in_header, set_at) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                (account, name, value.version, value.kept, value.in_header, At(value.set_at)),
            )?;
            Ok(value)
        })
    }
}

fn find(connection: &Connection, account: &str, name: &str) -> Result<Option<NamedValue>, StoreError> {
    Ok(connection
        .prepare_cached(&format!("{SELECT} AND name = ?2"))?
        .query_row([account, name], read)
        .optional()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<NamedValue> {
    Ok(NamedValue {
        name: row.get("name")?,
        version: row.get("version")?,
        kept: row.get("kept")?,
        in_header: row.get("in_header")?,
        set_at: row.get::<_, At>("set_at")?.0,
    })
}
