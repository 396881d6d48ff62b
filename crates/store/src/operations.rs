//! The journal of writes: what was intended is on disk before a request leaves, so that nothing is
//! half done and forgotten.

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::sql::{At, Json, json, words};
use crate::{NewAuditEntry, Store, StoreError};

words! {
    /// How far an operation got.
    pub enum OperationState {
        /// Intended, nothing sent yet.
        Planned = "planned",
        /// The request is about to leave, or left; no answer yet.
        Sent = "sent",
        /// The server answered.
        Answered = "answered",
        /// The result is safely kept.
        Stored = "stored",
        /// Finished.
        Done = "done",
        /// What happened is not known.
        Unknown = "unknown",
        /// Given up, nothing more to do.
        Abandoned = "abandoned",
    }
}

impl OperationState {
    /// Whether nothing more will happen.
    #[must_use]
    pub fn is_ended(self) -> bool {
        matches!(self, Self::Done | Self::Abandoned)
    }
}

/// One intended write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// A UUID.
    pub id: String,
    /// Our id of the account.
    pub account_id: String,
    /// What it is, such as `token_create`.
    pub kind: String,
    /// How far it got.
    pub state: OperationState,
    /// What it is about, for people: a token's name.
    pub subject: String,
    /// What the use case needs to go on. Never a secret.
    pub data: Value,
    /// When it was intended.
    pub created_at: Timestamp,
    /// When it last moved.
    pub updated_at: Timestamp,
    /// When it was done or abandoned.
    pub ended_at: Option<Timestamp>,
}

impl Operation {
    /// A new operation, planned, with an id of its own. It is nowhere until [`Store::insert_operation`].
    #[must_use]
    pub fn planned(account_id: &str, kind: &str, subject: &str, data: Value, now: Timestamp) -> Self {
        Self {
            id: Uuid::new_v4().to_string(),
            account_id: account_id.to_owned(),
            kind: kind.to_owned(),
            state: OperationState::Planned,
            subject: subject.to_owned(),
            data,
            created_at: now,
            updated_at: now,
            ended_at: None,
        }
    }
}

const COLUMNS: &str = "id, account_id, kind, state, subject, data, created_at, updated_at, ended_at";

impl Store {
    /// Writes a new operation down.
    pub fn insert_operation(&self, operation: &Operation) -> Result<(), StoreError> {
        let data = json("operation", &operation.data)?;
        self.with(|connection| {
            connection
                .prepare_cached(&format!(
                    "INSERT INTO operations ({COLUMNS}, owner) \
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
                ))?
                .execute((
                    &operation.id,
                    &operation.account_id,
                    &operation.kind,
                    operation.state,
                    &operation.subject,
                    data,
                    At(operation.created_at),
                    At(operation.updated_at),
                    operation.ended_at.map(At),
                    self.inner.life.id(),
                ))?;
            Ok(())
        })
    }

    /// One operation.
    pub fn operation(&self, id: &str) -> Result<Option<Operation>, StoreError> {
        self.with(|connection| find(connection, id))
    }

    /// What is neither done nor abandoned, oldest first: of one account, or of all with `None`.
    pub fn open_operations(&self, account: Option<&str>) -> Result<Vec<Operation>, StoreError> {
        self.with(|connection| {
            let mut statement = connection.prepare_cached(&format!(
                "SELECT {COLUMNS} FROM operations \
                 WHERE ended_at IS NULL AND (?1 IS NULL OR account_id = ?1) ORDER BY created_at, id"
            ))?;
            Ok(statement.query_map([account], read)?.collect::<Result<_, _>>()?)
        })
    }

    /// Of the same account and this kind: what began after `id`, and what has not ended. Not by the clock, which may be
    /// set back.
    pub fn operations_beside(&self, id: &str, kind: &str) -> Result<Vec<Operation>, StoreError> {
        self.with(|connection| {
            let mut statement = connection.prepare_cached(&format!(
                "SELECT {COLUMNS} FROM operations \
                 WHERE kind = ?2 AND account_id = (SELECT account_id FROM operations WHERE id = ?1) \
                   AND (ended_at IS NULL OR rowid > (SELECT rowid FROM operations WHERE id = ?1)) ORDER BY rowid"
            ))?;
            Ok(statement.query_map([id, kind], read)?.collect::<Result<_, _>>()?)
        })
    }

    /// What has ended and is marked as not read by the person yet, oldest first.
    pub fn unread_operations(&self, account: &str) -> Result<Vec<Operation>, StoreError> {
        self.with(|connection| {
            let mut statement = connection.prepare_cached(&format!(
                "SELECT {COLUMNS} FROM operations WHERE account_id = ?1 AND ended_at IS NOT NULL \
                   AND json_extract(data, '$.unread') = 1 ORDER BY ended_at, id"
            ))?;
            Ok(statement.query_map([account], read)?.collect::<Result<_, _>>()?)
        })
    }

    /// The person has read what became of it. Nothing where it has not ended, or is not there.
    pub fn mark_operation_read(&self, id: &str) -> Result<(), StoreError> {
        self.with(|connection| {
            connection
                .prepare_cached(
                    "UPDATE operations SET data = json_set(data, '$.unread', json('false')) \
                     WHERE id = ?1 AND ended_at IS NOT NULL",
                )?
                .execute([id])?;
            Ok(())
        })
    }

    /// Ids of the open ones of an account that another running program began, or took over.
    pub fn operations_of_others(&self, account: &str) -> Result<HashSet<String>, StoreError> {
        let owned: Vec<(String, String)> = self.with(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT id, owner FROM operations \
                 WHERE ended_at IS NULL AND account_id = ?1 AND owner IS NOT NULL AND owner <> ?2",
            )?;
            let rows =
                statement.query_map([account, self.inner.life.id()], |r| Ok((r.get(0)?, r.get(1)?)))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })?;
        let life = &self.inner.life;
        Ok(owned.into_iter().filter(|(_, owner)| life.is_another(owner)).map(|(id, _)| id).collect())
    }

    /// Makes an open operation this program's own, unless another running one has it. Returns whether it is.
    pub fn claim_operation(&self, id: &str) -> Result<bool, StoreError> {
        let life = &self.inner.life;
        self.transaction(|transaction| {
            let owner: Option<Option<String>> = transaction
                .prepare_cached("SELECT owner FROM operations WHERE id = ?1 AND ended_at IS NULL")?
                .query_row([id], |row| row.get(0))
                .optional()?;
            match owner {
                None => Ok(false),
                Some(Some(owner)) if life.is_another(&owner) => Ok(false),
                Some(_) => {
                    transaction.execute("UPDATE operations SET owner = ?2 WHERE id = ?1", [id, life.id()])?;
                    Ok(true)
                }
            }
        })
    }

    /// Takes over the open operations that no other running program began, and returns them, oldest first: for the
    /// app's start. What another one is about to do is its own affair.
    pub fn take_over_operations(&self) -> Result<Vec<Operation>, StoreError> {
        let life = &self.inner.life;
        self.transaction(|transaction| {
            // What has no owner is an older program's.
            for owner in life.ended(transaction, "operations")?.into_iter().map(Some).chain([None]) {
                transaction.execute(
                    "UPDATE operations SET owner = ?2 WHERE ended_at IS NULL AND owner IS ?1",
                    (owner, life.id()),
                )?;
            }
            let mut statement = transaction.prepare_cached(&format!(
                "SELECT {COLUMNS} FROM operations WHERE ended_at IS NULL AND owner = ?1 ORDER BY created_at, id"
            ))?;
            Ok(statement.query_map([life.id()], read)?.collect::<Result<_, _>>()?)
        })
    }

    /// Moves an operation from the state the caller last saw to the next.
    /// [`StoreError::StateChanged`] if it is in another state: somebody else moved it, look again.
    /// What has ended does not move any more.
    ///
    /// `changes` is an object with what is new in the operation's data. The rest stays as it is by then: in the same
    /// state, others may have written other parts of it since the caller read it.
    pub fn advance_operation(
        &self,
        id: &str,
        expected: OperationState,
        next: OperationState,
        changes: &Map<String, Value>,
        at: Timestamp,
    ) -> Result<Operation, StoreError> {
        self.transaction(|transaction| advance(transaction, id, expected, next, changes, at))
    }

    /// [`Store::advance_operation`] and a line in the audit log, both or neither. The line gets the
    /// operation's id.
    pub fn advance_operation_logged(
        &self,
        id: &str,
        expected: OperationState,
        next: OperationState,
        changes: &Map<String, Value>,
        at: Timestamp,
        entry: &NewAuditEntry,
    ) -> Result<Operation, StoreError> {
        self.transaction(|transaction| {
            let operation = advance(transaction, id, expected, next, changes, at)?;
            let entry = NewAuditEntry { operation_id: Some(id.to_owned()), ..entry.clone() };
            crate::audit::append(transaction, &entry)?;
            Ok(operation)
        })
    }

    /// Forgets operations that ended more than `days` days before `now`, but for those that began while an open one of
    /// the account was under way already: it may have to know. Returns how many.
    pub fn purge_operations(&self, days: u32, now: Timestamp) -> Result<usize, StoreError> {
        let before =
            now.checked_sub(SignedDuration::from_hours(24 * i64::from(days))).unwrap_or(Timestamp::MIN);
        self.with(|connection| {
            Ok(connection.execute(
                "DELETE FROM operations AS old WHERE ended_at < ?1 AND NOT EXISTS \
                 (SELECT 1 FROM operations AS open WHERE open.account_id = old.account_id \
                    AND open.ended_at IS NULL AND open.rowid < old.rowid)",
                [At(before)],
            )?)
        })
    }
}

fn advance(
    connection: &Connection,
    id: &str,
    expected: OperationState,
    next: OperationState,
    changes: &Map<String, Value>,
    at: Timestamp,
) -> Result<Operation, StoreError> {
    let mut operation = find(connection, id)?.ok_or_else(|| StoreError::not_found("operation", id))?;
    if operation.state != expected || operation.state.is_ended() {
        return Err(StoreError::StateChanged { id: id.to_owned(), expected, found: operation.state });
    }
    operation.state = next;
    if !changes.is_empty() {
        let mut data = operation.data.as_object().cloned().unwrap_or_default();
        data.extend(changes.clone());
        operation.data = data.into();
    }
    operation.updated_at = at;
    operation.ended_at = next.is_ended().then_some(at);
    connection
        .prepare_cached(
            "UPDATE operations SET state = ?2, data = ?3, updated_at = ?4, ended_at = ?5 WHERE id = ?1",
        )?
        .execute((id, next, json("operation", &operation.data)?, At(at), operation.ended_at.map(At)))?;
    Ok(operation)
}

fn find(connection: &Connection, id: &str) -> Result<Option<Operation>, StoreError> {
    Ok(connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM operations WHERE id = ?1"))?
        .query_row([id], read)
        .optional()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Operation> {
    Ok(Operation {
        id: row.get("id")?,
        account_id: row.get("account_id")?,
        kind: row.get("kind")?,
        state: row.get("state")?,
        subject: row.get("subject")?,
        data: row.get::<_, Json<_>>("data")?.0,
        created_at: row.get::<_, At>("created_at")?.0,
        updated_at: row.get::<_, At>("updated_at")?.0,
        ended_at: row.get::<_, Option<At>>("ended_at")?.map(|at| at.0),
    })
}
