//! The sandbox's state: SQLite, in memory or in a folder.

use std::fs;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::Connection;

use crate::error::Error;

/// The schema's version. Version 1 had no webhooks, version 2 no roles; both are brought up. Another one means that another
/// sandbox wrote the file.
const VERSION: i64 = 3;

const SCHEMA: &str = "
CREATE TABLE account (
    customer_id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    plan TEXT NOT NULL,
    holder_id INTEGER NOT NULL
) STRICT;
CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    firstname TEXT NOT NULL,
    lastname TEXT NOT NULL,
    mail TEXT NOT NULL UNIQUE COLLATE NOCASE,
    user_type TEXT NOT NULL,
    active INTEGER NOT NULL,
    permissions TEXT NOT NULL, -- JSON: the keys that are ticked
    details TEXT NOT NULL,     -- JSON: address, projects, roles
    created_on INTEGER NOT NULL,
    last_login_on INTEGER
) STRICT;
CREATE TABLE projects (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    city TEXT NOT NULL,
    archived INTEGER NOT NULL,
    created_on INTEGER NOT NULL
) STRICT;
-- AUTOINCREMENT: the id of a deleted token never comes back.
CREATE TABLE tokens (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    hash BLOB NOT NULL,
    created_on INTEGER NOT NULL,
    last_used_on INTEGER
) STRICT;
";

/// What version 2 brought.
const WEBHOOKS: &str = "
CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    group_name TEXT NOT NULL
) STRICT;
CREATE TABLE webhooks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    seal_id TEXT NOT NULL,        -- what sealed values are bound to
    description TEXT NOT NULL,
    active INTEGER NOT NULL,
    target_url TEXT NOT NULL,
    project_ids TEXT,             -- JSON; NULL: all
    events TEXT NOT NULL,         -- JSON
    authentication TEXT NOT NULL, -- JSON, the password sealed
    headers TEXT NOT NULL,        -- JSON, hidden values sealed
    other TEXT NOT NULL,          -- JSON: attributes nobody here knows
    created_on INTEGER NOT NULL,
    updated_on INTEGER NOT NULL
) STRICT;
CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    webhook_id INTEGER NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    event_id TEXT NOT NULL,
    event TEXT NOT NULL,
    at INTEGER NOT NULL,
    status INTEGER,               -- NULL: no answer came
    duration_ms INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    error TEXT,
    request TEXT NOT NULL,        -- JSON, without hidden values
    answer TEXT,
    next_retry INTEGER
) STRICT;
CREATE INDEX deliveries_of_webhook ON deliveries (webhook_id, id);
CREATE TABLE tickets (
    uuid TEXT PRIMARY KEY,
    number INTEGER NOT NULL UNIQUE,
    project_id TEXT NOT NULL REFERENCES projects (id),
    attributes TEXT NOT NULL,     -- JSON, dashed keys
    created_on INTEGER NOT NULL,
    updated_on INTEGER NOT NULL
) STRICT;
CREATE TABLE attachments (
    uuid TEXT PRIMARY KEY,
    number INTEGER NOT NULL UNIQUE,
    ticket_uuid TEXT NOT NULL REFERENCES tickets (uuid) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    caption TEXT NOT NULL,
    mime_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    created_on INTEGER NOT NULL
) STRICT;
CREATE TABLE comments (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    ticket_uuid TEXT NOT NULL REFERENCES tickets (uuid) ON DELETE CASCADE,
    comment TEXT NOT NULL,
    user_id INTEGER NOT NULL,
    created_on INTEGER NOT NULL
) STRICT;
";

/// What version 3 brought.
const ROLES: &str = "
ALTER TABLE account ADD COLUMN in_house_licences INTEGER NOT NULL DEFAULT 50;
CREATE TABLE roles (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    is_admin_role INTEGER NOT NULL,
    created_on INTEGER NOT NULL
) STRICT;
CREATE TABLE user_groups (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    created_on INTEGER NOT NULL
) STRICT;
CREATE TABLE connect (
    status TEXT NOT NULL,
    request TEXT NOT NULL,        -- JSON: what was asked for
    requested_on INTEGER,
    decided_on INTEGER,
    note TEXT
) STRICT;
INSERT INTO connect (status, request) VALUES ('not_requested', '{}');
";

/// One connection behind a lock: a request is one or two short transactions.
#[derive(Debug)]
pub(crate) struct Db(Mutex<Connection>);

/// What an old state lacks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lacks {
    /// It is from before there were webhooks.
    pub(crate) webhooks: bool,
    /// It is from before there were roles, groups and Connect.
    pub(crate) roles: bool,
}

impl Db {
    /// Opens the state. A new one is empty until [`Self::create`] and the seed.
    pub(crate) fn open(dir: Option<&Path>) -> Result<Self, Error> {
        let connection = match dir {
            None => Connection::open_in_memory()?,
            Some(dir) => open_in(dir)?,
        };
        connection.pragma_update(None, "foreign_keys", true)?;
        let found = version(&connection)?;
        if !(0..=VERSION).contains(&found) {
            return Err(Error::OtherVersion { found, known: VERSION });
        }
        Ok(Self(Mutex::new(connection)))
    }

    pub(crate) fn is_new(connection: &Connection) -> rusqlite::Result<bool> {
        Ok(version(connection)? == 0)
    }

    /// Lays the tables. In one transaction with the seed, so that nobody finds half of it.
    pub(crate) fn create(connection: &Connection) -> rusqlite::Result<()> {
        connection.execute_batch(SCHEMA)?;
        connection.execute_batch(WEBHOOKS)?;
        connection.execute_batch(ROLES)?;
        connection.pragma_update(None, "user_version", VERSION)
    }

    /// What an old state lacks.
    pub(crate) fn lacks(connection: &Connection) -> rusqlite::Result<Lacks> {
        let version = version(connection)?;
        Ok(Lacks { webhooks: version == 1, roles: matches!(version, 1 | 2) })
    }

    /// Brings an old state up, in one transaction with what the seed has to add.
    pub(crate) fn upgrade(connection: &Connection, lacks: Lacks) -> rusqlite::Result<()> {
        if lacks.webhooks {
            connection.execute_batch(WEBHOOKS)?;
        }
        if lacks.roles {
            connection.execute_batch(ROLES)?;
        }
        connection.pragma_update(None, "user_version", VERSION)
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Connection> {
        // A panic in a transaction rolls it back, so the connection behind a poisoned lock is sound.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

fn open_in(dir: &Path) -> Result<Connection, Error> {
    let failed = |source| Error::DataDir { dir: dir.to_owned(), source };
    create_private_dir(dir).map_err(failed)?;
    let file = dir.join("sandbox.db");
    create_private_file(&file).map_err(failed)?;
    let connection = Connection::open(file)?;
    // Held until the end: two sandboxes must not serve one state, and waiting for the other one is no use.
    connection.busy_timeout(Duration::ZERO)?;
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    connection.pragma_update(None, "journal_mode", "WAL").map_err(|error| in_use(error, dir))?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.execute_batch("BEGIN EXCLUSIVE; COMMIT;").map_err(|error| in_use(error, dir))?;
    Ok(connection)
}

fn in_use(error: rusqlite::Error, dir: &Path) -> Error {
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => {
            Error::InUse { dir: dir.to_owned() }
        }
        _ => error.into(),
    }
}

#[cfg(unix)]
fn create_private_dir(dir: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)
}

#[cfg(unix)]
fn create_private_file(file: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    fs::OpenOptions::new().append(true).create(true).mode(0o600).open(file).map(drop)
}

// Elsewhere a person's folders are private to the person already.
#[cfg(not(unix))]
fn create_private_dir(dir: &Path) -> std::io::Result<()> {
    fs::create_dir_all(dir)
}

#[cfg(not(unix))]
fn create_private_file(file: &Path) -> std::io::Result<()> {
    fs::OpenOptions::new().append(true).create(true).open(file).map(drop)
}
