//! What can go wrong with gatehouse.db.

use std::path::PathBuf;

use rusqlite::ErrorCode;

use crate::OperationState;

/// Why the store did not do what was asked. No text holds a stored value.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file was written by a newer Gatehouse. It was left as it is.
    #[error("the database has version {found}, this program knows up to {known}")]
    Newer {
        /// Version of the file.
        found: i64,
        /// Newest version that this program knows.
        known: i64,
    },
    /// The file was damaged while it was open. Opening it again keeps it aside and starts anew.
    #[error("the database is damaged")]
    Damaged,
    /// No room left on the disk.
    #[error("the disk is full")]
    DiskFull,
    /// Another program held the database for longer than we wait.
    #[error("another program is holding the database")]
    Busy,
    /// The store was wiped.
    #[error("the store is closed")]
    Closed,
    /// No such row.
    #[error("no {what} with the id {id}")]
    NotFound {
        /// Which kind of row.
        what: &'static str,
        /// The id that was asked for.
        id: String,
    },
    /// The operation is not in the state the caller last saw: another process or task moved it on.
    #[error("operation {id} is {found:?}, not {expected:?}")]
    StateChanged {
        /// The operation's id.
        id: String,
        /// What the caller expected.
        expected: OperationState,
        /// What it is.
        found: OperationState,
    },
    /// A value could not be written as JSON, or a stored one does not have the expected shape.
    #[error("{what} is not in the expected shape: {source}")]
    Shape {
        /// Which value.
        what: String,
        /// What serde said. It may name fields, never more than a fragment of stored data.
        source: serde_json::Error,
    },
    /// A file or folder could not be used.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Anything else that `SQLite` said.
    #[error("database: {0}")]
    Sqlite(rusqlite::Error),
}

impl StoreError {
    pub(crate) fn io(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { path, source }
    }

    pub(crate) fn shape(what: impl Into<String>) -> impl FnOnce(serde_json::Error) -> Self {
        let what = what.into();
        move |source| Self::Shape { what, source }
    }

    pub(crate) fn not_found(what: &'static str, id: &str) -> Self {
        Self::NotFound { what, id: id.to_owned() }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged,
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            _ => Self::Sqlite(error),
        }
    }
}
