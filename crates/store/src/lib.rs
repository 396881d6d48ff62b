//! gatehouse.db: accounts, cached answers, what servers offer, kept tokens, the operations journal,
//! the audit log and the settings that the window and the command line share.
//!
//! One `SQLite` file in WAL mode, so that both programs may have it open at once. Every call is
//! synchronous and short; from async code, wrap it in `spawn_blocking`. No secret is ever stored
//! here: values live in the operating system's keychain.

mod accounts;
mod audit;
mod cache;
mod capabilities;
mod error;
mod files;
mod kept_tokens;
mod life;
mod marks;
mod migrations;
mod named_values;
mod open;
mod operations;
mod own_uses;
mod secret_notes;
mod settings;
mod sql;
mod webhook_notes;
mod wipe;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use life::Life;

pub use accounts::Account;
pub use audit::{
    Actor, AuditArea, AuditBreak, AuditChain, AuditEntry, AuditFilter, AuditHead, AuditKey, NewAuditEntry,
};
pub use cache::Cached;
pub use capabilities::{Capability, Verdict};
pub use error::StoreError;
pub use kept_tokens::{Kept, KeptToken, Origin};
pub use marks::{Mark, Part};
pub use named_values::{NamedValue, ValueKept};
pub use open::{OpenNotice, Opened};
pub use operations::{Operation, OperationState};
pub use webhook_notes::NoteKind;

/// The opened database. Clones share one connection.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    /// `None` once [`Store::wipe`] has closed it.
    connection: Mutex<Option<Connection>>,
    /// `None` in memory.
    path: Option<PathBuf>,
    life: Life,
    /// What was seen of other programs' writes.
    looked: Mutex<marks::Looked>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("path", &self.inner.path).finish_non_exhaustive()
    }
}

impl Store {
    fn from_connection(connection: Connection, path: Option<PathBuf>, life: Life) -> Self {
        let connection = Mutex::new(Some(connection));
        Self { inner: Arc::new(Inner { connection, path, life, looked: Mutex::default() }) }
    }

    /// The file, or `None` for a store in memory.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.inner.path.as_deref()
    }

    /// Runs reads and single statements.
    fn with<T>(&self, work: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        // A panic in another call rolled its transaction back: the connection is still sound.
        let guard = self.inner.connection.lock().unwrap_or_else(PoisonError::into_inner);
        work(guard.as_ref().ok_or(StoreError::Closed)?)
    }

    /// Runs several statements as one, with the write lock from the start: a transaction that begins
    /// with a read could fail when the other program wrote in between.
    fn transaction<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.with(|connection| {
            let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
            let value = work(&transaction)?;
            transaction.commit()?;
            Ok(value)
        })
    }
}
