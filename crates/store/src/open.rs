//! Opening gatehouse.db: what is damaged is kept aside, what is newer is left alone.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::life::Life;
use crate::migrations::{STEPS, migrate, newest, version};
use crate::{Store, StoreError, files};

/// How long a statement waits for the other program's write.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// A store, and what the person should be told about its opening.
#[derive(Debug)]
pub struct Opened {
    /// The store, ready for use.
    pub store: Store,
    /// What happened on the way.
    pub notice: Option<OpenNotice>,
}

/// What the person should be told about the opening.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpenNotice {
    /// The file was damaged. It was kept aside, and an empty one started.
    DamagedKeptAside {
        /// Where the damaged file is now.
        path: PathBuf,
    },
}

impl Store {
    /// Opens or creates the database at `path`, with its folder.
    ///
    /// A damaged file is kept aside and a new one started: see [`Opened::notice`]. A file of a newer
    /// Gatehouse is [`StoreError::Newer`], and stays as it is.
    pub fn open(path: impl AsRef<Path>) -> Result<Opened, StoreError> {
        let path = path.as_ref();
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            files::create_folder(folder)?;
        }
        // Two processes that start at once must not both move a damaged file: the second would
        // move the first one's fresh database.
        let _lock = lock(path)?;
        let store = |connection| Store::from_connection(connection, Some(path.into()), Life::beside(path));
        match open_file(path) {
            Ok(connection) => Ok(Opened { store: store(connection), notice: None }),
            Err(StoreError::Damaged) => {
                let aside = keep_aside(path, Timestamp::now())?;
                tracing::warn!(path = %aside.display(), "damaged database kept aside");
                let connection = open_file(path)?;
                Ok(Opened {
                    store: store(connection),
                    notice: Some(OpenNotice::DamagedKeptAside { path: aside }),
                })
            }
            Err(error) => Err(error),
        }
    }

    /// An empty store that lasts as long as its last clone.
    pub fn in_memory() -> Result<Self, StoreError> {
        let mut connection = Connection::open_in_memory()?;
        configure(&connection)?;
        migrate(&mut connection, STEPS)?;
        Ok(Self::from_connection(connection, None, Life::alone()))
    }
}

/// Holds the opening lock until dropped.
pub(crate) fn lock(path: &Path) -> Result<File, StoreError> {
    let lock_path = files::lock_path(path);
    let file = files::open_owner_only(&lock_path)?;
    file.lock().map_err(StoreError::io(lock_path))?;
    Ok(file)
}

fn open_file(path: &Path) -> Result<Connection, StoreError> {
    drop(files::open_owner_only(path)?);
    // Without URI names: a path that begins with "file:" is a path.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags)?;
    // Until the file is known to be ours and sound, closing it must not write the log back into it.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    let (found, known) = (version(&connection)?, newest(STEPS));
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    check(&connection)?;
    configure(&connection)?;
    migrate(&mut connection, STEPS)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    Ok(connection)
}

/// `quick_check` reads every page; this file is small.
fn check(connection: &Connection) -> Result<(), StoreError> {
    let verdict: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if verdict == "ok" {
        return Ok(());
    }
    tracing::warn!(verdict, "the database failed its check");
    Err(StoreError::Damaged)
}

fn configure(connection: &Connection) -> Result<(), StoreError> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
    // The journal of operations must survive a power cut: NORMAL may lose the last commits of a WAL.
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // What is removed is overwritten, not only unlinked.
    connection.pragma_update(None, "secure_delete", true)?;
    Ok(())
}

/// Renames the database and its companions to a free name with the time in it.
fn keep_aside(path: &Path, now: Timestamp) -> Result<PathBuf, StoreError> {
    let stamp = now.strftime("%Y%m%dT%H%M%SZ");
    let prefix = files::damaged_prefix(path);
    let mut aside = path.with_file_name(format!("{prefix}{stamp}.db"));
    let mut count = 1;
    while aside.exists() {
        count += 1;
        aside = path.with_file_name(format!("{prefix}{stamp}-{count}.db"));
    }
    // The log first: were we killed between, a new database must not find the old one's log.
    for ending in files::ENDINGS.iter().rev() {
        let (from, to) = (files::companion(path, ending), files::companion(&aside, ending));
        match std::fs::rename(&from, to) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(StoreError::io(from)(error));
            }
            _ => {}
        }
    }
    Ok(aside)
}
