//! What was done on this computer. Lines are only ever added: triggers in the database refuse
//! anything else, also to other programs, and a chain of seals tells whether somebody went around them.
//! They outlive the account they speak of, with its label; only [`Store::wipe`] removes them.

mod chain;
mod seals;
mod search;

pub use chain::{AuditBreak, AuditChain, AuditHead, AuditKey};
pub use search::{AuditArea, AuditFilter};

use jiff::Timestamp;
use rusqlite::{Connection, Row};
use serde_json::Value;

use crate::sql::{At, Json, json, words};
use crate::{Store, StoreError};

words! {
    /// Through what it was done.
    pub enum Actor {
        /// The person in the window.
        Window = "window",
        /// The command-line program.
        Cli = "cli",
        /// Gatehouse itself, going on with what a crash or quit had left open.
        Resume = "resume",
    }
}

/// A line to add. No field ever holds a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAuditEntry {
    /// When.
    pub at: Timestamp,
    /// Our id of the account, if it is about one.
    pub account_id: Option<String>,
    /// Through what.
    pub actor: Actor,
    /// What was done, such as `token.delete`.
    pub action: String,
    /// To what, for people: a token's name.
    pub subject: String,
    /// How it ended, in a word.
    pub outcome: String,
    /// The operation it belongs to.
    pub operation_id: Option<String>,
    /// More, as JSON.
    pub detail: Value,
}

/// A line of the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// Grows with every line, never used twice.
    pub id: i64,
    /// The account's label when the line was written, if the account was there.
    pub account_label: Option<String>,
    /// The line.
    pub entry: NewAuditEntry,
}

impl Store {
    /// Adds a line and returns its id.
    pub fn append_audit(&self, entry: &NewAuditEntry) -> Result<i64, StoreError> {
        self.with(|connection| append(connection, entry))
    }

    /// Up to `count` lines, newest first: the newest of all, or those before the line `before`.
    pub fn audit_page(&self, before: Option<i64>, count: u32) -> Result<Vec<AuditEntry>, StoreError> {
        self.audit_search(&AuditFilter::default(), before, count)
    }
}

pub(crate) fn append(connection: &Connection, entry: &NewAuditEntry) -> Result<i64, StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO audit_log (at, account_id, account_label, actor, action, subject, outcome, \
             operation_id, detail) VALUES (?1, ?2, (SELECT label FROM accounts WHERE id = ?2), ?3, ?4, ?5, \
             ?6, ?7, ?8)",
        )?
        .execute((
            At(entry.at),
            &entry.account_id,
            entry.actor,
            &entry.action,
            &entry.subject,
            &entry.outcome,
            &entry.operation_id,
            json("audit detail", &entry.detail)?,
        ))?;
    Ok(connection.last_insert_rowid())
}

fn read(row: &Row<'_>) -> rusqlite::Result<AuditEntry> {
    Ok(AuditEntry {
        id: row.get("id")?,
        account_label: row.get("account_label")?,
        entry: NewAuditEntry {
            at: row.get::<_, At>("at")?.0,
            account_id: row.get("account_id")?,
            actor: row.get("actor")?,
            action: row.get("action")?,
            subject: row.get("subject")?,
            outcome: row.get("outcome")?,
            operation_id: row.get("operation_id")?,
            detail: row.get::<_, Json<_>>("detail")?.0,
        },
    })
}
