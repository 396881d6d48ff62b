//! Sealing lines and looking at their seals.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

use super::chain::{AuditBreak, AuditChain, AuditHead, AuditKey, COLUMNS, Line, Seal, fits, seal};
use crate::{Store, StoreError};

/// A setting: which running program may make the key, and that one may be in the keychain.
const KEY_MAKER: &str = "audit-key-maker";

impl Store {
    /// Looks at the whole chain: at every line after the first that `head` vouches for. Changes nothing.
    pub fn check_audit(&self, key: &AuditKey, head: &AuditHead) -> Result<AuditChain, StoreError> {
        self.with(|connection| check(connection, key, &AuditHead::begin(head.from), head))
    }

    /// Seals what is written since, unless the chain and `head` don't fit together. Only lines after the head are looked
    /// at. The new head is to be kept where the key is.
    pub fn seal_audit(&self, key: &AuditKey, head: &AuditHead) -> Result<AuditChain, StoreError> {
        self.transaction(|transaction| {
            let found = check(transaction, key, head, head)?;
            let AuditChain::Whole { sealed, head: mut last, .. } = found else { return Ok(found) };
            let mut count = sealed;
            for (id, line) in lines_after(transaction, last.id)? {
                let sealed = seal(key, &last.seal, id, &line);
                transaction
                    .prepare_cached("INSERT INTO audit_seals (id, seal) VALUES (?1, ?2)")?
                    .execute((id, sealed))?;
                (last.id, last.seal, count) = (id, sealed, count + 1);
            }
            Ok(AuditChain::Whole { sealed: count, unsealed: 0, head: last })
        })
    }

    /// Whether any line has a seal.
    pub fn has_audit_seals(&self) -> Result<bool, StoreError> {
        self.with(|connection| Ok(connection.prepare("SELECT 1 FROM audit_seals LIMIT 1")?.exists([])?))
    }

    /// Lets go of all seals and returns where a new chain begins: after the last line there is. For a person who was
    /// told that the log is broken.
    pub fn forget_audit_seals(&self) -> Result<AuditHead, StoreError> {
        self.transaction(|transaction| {
            transaction.execute("DELETE FROM audit_seals", [])?;
            let last =
                transaction.query_row("SELECT coalesce(max(id), 0) FROM audit_log", [], |r| r.get(0))?;
            Ok(AuditHead::begin(last))
        })
    }

    /// How many lines have no seal.
    pub fn unsealed_audit(&self) -> Result<u64, StoreError> {
        self.with(|connection| {
            let count: i64 = connection.query_row(
                "SELECT count(*) FROM audit_log WHERE id > (SELECT coalesce(max(id), 0) FROM audit_seals)",
                [],
                |row| row.get(0),
            )?;
            Ok(u64::try_from(count).unwrap_or_default())
        })
    }

    /// Whether this program may make the key: of two that find none, only one may, or each would seal with its own.
    pub fn may_make_audit_key(&self) -> Result<bool, StoreError> {
        let life = &self.inner.life;
        self.transaction(|transaction| {
            let maker: Option<String> = transaction
                .prepare_cached("SELECT value FROM settings WHERE key = ?1")?
                .query_map([KEY_MAKER], |row| row.get(0))?
                .next()
                .transpose()?;
            let maker = maker.and_then(|text| serde_json::from_str::<String>(&text).ok());
            if maker.is_some_and(|maker| life.is_another(&maker)) {
                return Ok(false);
            }
            transaction.execute(
                "INSERT OR REPLACE INTO settings (key, value) VALUES (?1, json_quote(?2))",
                [KEY_MAKER, life.id()],
            )?;
            Ok(true)
        })
    }

    /// Whether a key may ever have been made.
    pub fn audit_key_was_made(&self) -> Result<bool, StoreError> {
        Ok(self.setting::<String>(KEY_MAKER)?.is_some())
    }
}

/// Looks at the lines after `start`, up to the end. `head` must be found on the way.
fn check(
    connection: &Connection,
    key: &AuditKey,
    start: &AuditHead,
    head: &AuditHead,
) -> Result<AuditChain, StoreError> {
    let broken = |id, kind| Ok(AuditChain::Broken { id, kind });
    if start.id > start.from {
        match seal_of(connection, start.id)? {
            Some(found) if found == start.seal => {}
            Some(_) => return broken(start.id, AuditBreak::Changed),
            None => return missing(connection, start),
        }
    }
    let (mut last, mut sealed, mut unsealed, mut first_unsealed) = (start.clone(), 0, 0, None);
    let mut statement = connection.prepare_cached(&format!(
        "SELECT coalesce(l.id, s.id) AS line, l.id AS there, s.seal AS seal, {} FROM audit_log l \
         FULL OUTER JOIN audit_seals s ON s.id = l.id WHERE coalesce(l.id, s.id) > ?1 ORDER BY 1",
        COLUMNS.map(|column| format!("l.{column} AS {column}")).join(", ")
    ))?;
    let mut rows = statement.query([start.id])?;
    let mut next = start.id + 1;
    while let Some(row) = rows.next()? {
        let id: i64 = row.get("line")?;
        let is_there = row.get::<_, Option<i64>>("there")?.is_some();
        let stored: Option<Seal> = row.get("seal")?;
        // Ids are given out one after another, and never again.
        if id != next || !is_there {
            return broken(next, AuditBreak::Removed);
        }
        next = id + 1;
        let Some(stored) = stored else {
            first_unsealed.get_or_insert(id);
            unsealed += 1;
            continue;
        };
        if let Some(first) = first_unsealed {
            return broken(first, AuditBreak::Unsealed);
        }
        if !fits(key, &last.seal, id, &line(row)?, &stored) {
            let moved = is_elsewhere(connection, key, &last.seal, id, &stored)?;
            return broken(id, if moved { AuditBreak::Reordered } else { AuditBreak::Changed });
        }
        if id == head.id && stored != head.seal {
            return broken(id, AuditBreak::CutTail);
        }
        (last.id, last.seal, sealed) = (id, stored, sealed + 1);
    }
    if last.id < head.id {
        return match first_unsealed {
            Some(first) => broken(first, AuditBreak::Unsealed),
            None => broken(last.id + 1, AuditBreak::CutTail),
        };
    }
    Ok(AuditChain::Whole { sealed, unsealed, head: last })
}

/// The head's seal is not there: what that means.
fn missing(connection: &Connection, head: &AuditHead) -> Result<AuditChain, StoreError> {
    let is_there = connection.prepare_cached("SELECT 1 FROM audit_log WHERE id = ?1")?.exists([head.id])?;
    let kind = if is_there { AuditBreak::Unsealed } else { AuditBreak::CutTail };
    Ok(AuditChain::Broken { id: head.id, kind })
}

/// Whether the line that belongs to this seal stands in another place.
fn is_elsewhere(
    connection: &Connection,
    key: &AuditKey,
    before: &Seal,
    id: i64,
    stored: &Seal,
) -> Result<bool, StoreError> {
    Ok(lines_after(connection, 0)?.iter().any(|(_, line)| fits(key, before, id, line, stored)))
}

fn seal_of(connection: &Connection, id: i64) -> Result<Option<Seal>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT seal FROM audit_seals WHERE id = ?1")?;
    Ok(statement.query_map([id], |row| row.get(0))?.next().transpose()?)
}

fn lines_after(connection: &Connection, id: i64) -> Result<Vec<(i64, Line)>, StoreError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT id, {} FROM audit_log WHERE id > ?1 ORDER BY id",
        COLUMNS.join(", ")
    ))?;
    let rows = statement.query_map([id], |row| Ok((row.get("id")?, line(row)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The columns as bytes: also what is no text any more can be compared.
fn line(row: &Row<'_>) -> rusqlite::Result<Line> {
    COLUMNS
        .iter()
        .map(|column| {
            Ok(match row.get_ref(*column)? {
                ValueRef::Null => None,
                ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Some(bytes.to_vec()),
                ValueRef::Integer(number) => Some(number.to_be_bytes().to_vec()),
                ValueRef::Real(number) => Some(number.to_be_bytes().to_vec()),
            })
        })
        .collect()
}
