//! What other programs wrote to the database: the window shows what the command line did, and the other way round.

use std::collections::BTreeMap;
use std::sync::PoisonError;

use crate::sql::words;
use crate::{Store, StoreError};

words! {
    /// A part of an account's rows that is shown as one.
    pub enum Part {
        /// The account itself.
        Account = "account",
        /// The list of tokens, and which are kept.
        Tokens = "tokens",
        /// The list of webhooks, and what is noted of them.
        Webhooks = "webhooks",
        /// The users, and their tokens.
        Users = "users",
        /// The state of PlanRadar Connect.
        Connect = "connect",
        /// The journal.
        Operations = "operations",
        /// The audit log.
        Audit = "audit",
    }
}

/// A part that changed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// Our id of the account; `None` = of no single one.
    pub account: Option<String>,
    /// What changed.
    pub part: Part,
}

/// The last look.
#[derive(Default)]
pub(crate) struct Looked {
    version: Option<i64>,
    counts: BTreeMap<Mark, i64>,
}

impl Store {
    /// What has changed since the last look, if another program changed anything: then also what this one did meanwhile.
    /// The first look finds nothing. Cheap enough for every second.
    pub fn changed_elsewhere(&self) -> Result<Vec<Mark>, StoreError> {
        let mut looked = self.inner.looked.lock().unwrap_or_else(PoisonError::into_inner);
        let (version, counts) = self.with(|connection| {
            // Moves with others' commits only.
            let version: i64 = connection.pragma_query_value(None, "data_version", |row| row.get(0))?;
            let mut statement = connection.prepare_cached("SELECT account_id, part, changes FROM marks")?;
            let rows = statement.query_map([], |row| {
                let account = row.get::<_, String>(0)?;
                let account = (!account.is_empty()).then_some(account);
                Ok((Mark { account, part: row.get(1)? }, row.get(2)?))
            })?;
            Ok((version, rows.collect::<Result<BTreeMap<_, _>, _>>()?))
        })?;
        let before = std::mem::replace(&mut *looked, Looked { version: Some(version), counts });
        if before.version.is_none_or(|before| before == version) {
            return Ok(Vec::new());
        }
        Ok(looked
            .counts
            .iter()
            .filter(|(m, n)| before.counts.get(m) != Some(n))
            .map(|(m, _)| m.clone())
            .collect())
    }
}
