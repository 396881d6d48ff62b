//! From any older version of the file to the newest, step by step.

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::StoreError;

/// Step n leads from version n to n + 1. A released step is never edited: add one.
pub(crate) const STEPS: &[&str] = &[
    include_str!("../migrations/0001_start.sql"),
    include_str!("../migrations/0002_webhook_notes.sql"),
    include_str!("../migrations/0003_owners.sql"),
    include_str!("../migrations/0004_audit_seals.sql"),
    include_str!("../migrations/0005_marks.sql"),
    include_str!("../migrations/0006_named_values.sql"),
];

/// The version that `steps` lead to.
pub(crate) fn newest(steps: &[&str]) -> i64 {
    i64::try_from(steps.len()).unwrap_or(i64::MAX)
}

/// The version of the file: 0 = empty.
pub(crate) fn version(connection: &Connection) -> Result<i64, StoreError> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

/// Takes the missing steps, each in its own transaction.
pub(crate) fn migrate(connection: &mut Connection, steps: &[&str]) -> Result<(), StoreError> {
    loop {
        let transaction = Transaction::new(connection, TransactionBehavior::Immediate)?;
        // Read under the write lock: another process may have taken the same step meanwhile.
        let found = version(&transaction)?;
        let Some(step) = usize::try_from(found).ok().and_then(|found| steps.get(found)) else {
            return Ok(());
        };
        transaction.execute_batch(step)?;
        transaction.pragma_update(None, "user_version", found + 1)?;
        transaction.commit()?;
        tracing::info!(from = found, to = found + 1, "database migrated");
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn schema(connection: &Connection) -> Vec<String> {
        let mut statement = connection
            .prepare("SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema ORDER BY 1")
            .unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    }

    #[test]
    fn every_older_version_reaches_the_same_schema() {
        let mut fresh = Connection::open_in_memory().unwrap();
        migrate(&mut fresh, STEPS).unwrap();
        assert!(schema(&fresh).iter().any(|line| line.starts_with("table accounts")));
        for older in 0..STEPS.len() {
            let mut connection = Connection::open_in_memory().unwrap();
            migrate(&mut connection, &STEPS[..older]).unwrap();
            assert_eq!(version(&connection).unwrap(), newest(&STEPS[..older]));
            migrate(&mut connection, STEPS).unwrap();
            assert_eq!(version(&connection).unwrap(), newest(STEPS));
            assert_eq!(schema(&connection), schema(&fresh), "from version {older}");
        }
    }

    #[test]
    fn a_failing_step_leaves_the_version_before_it() {
        let mut connection = Connection::open_in_memory().unwrap();
        let steps = ["CREATE TABLE a (x)", "CREATE TABLE b (x); INSERT INTO nowhere VALUES (1)"];
        migrate(&mut connection, &steps).unwrap_err();
        assert_eq!(version(&connection).unwrap(), 1);
        assert_eq!(schema(&connection), ["table a CREATE TABLE a (x)"]);
        let repaired = [steps[0], "CREATE TABLE b (x)"];
        migrate(&mut connection, &repaired).unwrap();
        assert_eq!(version(&connection).unwrap(), 2);
    }

    #[test]
    fn steps_are_taken_once() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, STEPS).unwrap();
        migrate(&mut connection, STEPS).unwrap();
        assert_eq!(version(&connection).unwrap(), newest(STEPS));
    }
}
