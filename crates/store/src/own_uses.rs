//! When Gatehouse itself used a token to check it, so that its own checks don't pass for use.

use jiff::Timestamp;

use crate::sql::At;
use crate::{Store, StoreError};

impl Store {
    /// Remembers a request of our own. Call it before the request leaves.
    pub fn record_own_use(&self, account: &str, token: &str, at: Timestamp) -> Result<(), StoreError> {
        self.with(|connection| {
            connection
                .prepare_cached("INSERT INTO own_uses (account_id, token_id, at) VALUES (?1, ?2, ?3)")?
                .execute((account, token, At(at)))?;
            Ok(())
        })
    }

    /// Our own requests with this token, oldest first.
    pub fn own_uses(&self, account: &str, token: &str) -> Result<Vec<Timestamp>, StoreError> {
        self.with(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT at FROM own_uses WHERE account_id = ?1 AND token_id = ?2 ORDER BY at",
            )?;
            let rows = statement.query_map([account, token], |row| Ok(row.get::<_, At>(0)?.0))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}
