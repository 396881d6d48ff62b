//! Removing everything.

use crate::{Store, StoreError, files, open};

impl Store {
    /// Empties the database, closes it and deletes its files, with the damaged ones once kept aside.
    /// Every later call on any clone is [`StoreError::Closed`].
    ///
    /// The rows go first: another program that has the file open sees it empty, and on Windows, where
    /// its open file can't be deleted ([`StoreError::Io`]), nothing is left in it.
    pub fn wipe(&self) -> Result<(), StoreError> {
        let lock = self.inner.path.as_deref().map(open::lock).transpose()?;
        self.transaction(|transaction| {
            // The one exception to the audit log's rule; the guard is back before anybody else looks.
            let guard: String = transaction.query_row(
                "SELECT sql FROM sqlite_schema WHERE name = 'audit_log_no_delete'",
                [],
                |row| row.get(0),
            )?;
            transaction.execute_batch(
                "DROP TRIGGER audit_log_no_delete;
                 DELETE FROM accounts; DELETE FROM settings; DELETE FROM audit_log; DELETE FROM secret_notes;
                 DELETE FROM audit_seals; DELETE FROM marks;
                 DELETE FROM sqlite_sequence WHERE name = 'audit_log';",
            )?;
            transaction.execute_batch(&guard)?;
            Ok(())
        })?;
        let closed = self.inner.connection.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        drop(closed);
        let Some(path) = &self.inner.path else { return Ok(()) };
        for ending in files::ENDINGS {
            files::remove(&files::companion(path, ending))?;
        }
        remove_kept_aside(path)?;
        self.inner.life.remove();
        drop(lock);
        files::remove(&files::lock_path(path))
    }
}

fn remove_kept_aside(path: &std::path::Path) -> Result<(), StoreError> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => std::path::Path::new("."),
    };
    let prefix = files::damaged_prefix(path);
    for entry in std::fs::read_dir(folder).map_err(StoreError::io(folder))? {
        let entry = entry.map_err(StoreError::io(folder))?;
        if entry.file_name().to_string_lossy().starts_with(&prefix) {
            files::remove(&entry.path())?;
        }
    }
    Ok(())
}
