//! Which of the programs that have the database open still runs.
//!
//! The window and the command line may run at once, and each has what is its own until it ends: what it is about to do,
//! and what it holds in memory. Each has a file of its own, locked for as long as it lives: the operating system lets go
//! of the lock however the program ends, and gives no other program the same name, as it would a process id.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use uuid::Uuid;

use crate::{StoreError, files};

/// One opening of the database.
pub(crate) struct Life {
    id: String,
    /// The folder with everybody's files, and ours in it. `None` in memory, where nobody else is.
    file: Option<(PathBuf, File)>,
}

impl Life {
    /// Of a store in memory.
    pub(crate) fn alone() -> Self {
        Self { id: Uuid::new_v4().to_string(), file: None }
    }

    /// Of this database, and tidies up after those that have ended. Call it with the opening lock held: between the
    /// making and the locking of a file, others would take it for one of those. Where files can't be locked, others
    /// take this program for ended: no reason not to run.
    pub(crate) fn beside(database: &Path) -> Self {
        let mut life = Self::alone();
        let folder = files::lives_path(database);
        match begin(&folder, &life.id) {
            Ok(file) => life.file = Some((folder, file)),
            Err(error) => tracing::warn!(%error, "other programs can't see that this one runs"),
        }
        life
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Whether this is another program that still runs.
    pub(crate) fn is_another(&self, id: &str) -> bool {
        // Only names that we give are looked at: the database may be damaged.
        let (Some((folder, _)), Ok(name)) = (&self.file, Uuid::parse_str(id)) else { return false };
        id != self.id && is_locked(&folder.join(name.to_string()))
    }

    /// All owners that a column names, but those that are other programs that still run.
    pub(crate) fn ended(&self, connection: &Connection, table: &str) -> Result<Vec<String>, StoreError> {
        let mut statement = connection
            .prepare_cached(&format!("SELECT DISTINCT owner FROM {table} WHERE owner IS NOT NULL"))?;
        let mut owners = statement.query_map([], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
        owners.retain(|owner| !self.is_another(owner));
        Ok(owners)
    }

    /// Removes the file, and the folder after the last one. Best effort: the next opening tidies up.
    pub(crate) fn remove(&self) {
        if let Some((folder, _)) = &self.file {
            std::fs::remove_file(folder.join(&self.id)).ok();
            std::fs::remove_dir(folder).ok();
        }
    }
}

impl Drop for Life {
    fn drop(&mut self) {
        self.remove();
    }
}

fn begin(folder: &Path, id: &str) -> Result<File, StoreError> {
    files::create_folder(folder)?;
    for entry in std::fs::read_dir(folder).map_err(StoreError::io(folder))?.flatten() {
        if !is_locked(&entry.path()) {
            std::fs::remove_file(entry.path()).ok();
        }
    }
    let file = files::open_owner_only(&folder.join(id))?;
    file.try_lock().map_err(|error| StoreError::io(folder)(error.into()))?;
    Ok(file)
}

/// Shared, so that two that ask at once don't take each other for the owner.
fn is_locked(path: &Path) -> bool {
    File::open(path).is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
}
