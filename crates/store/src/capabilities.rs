//! Which of the assumed routes an account's server turned out to offer.

use jiff::Timestamp;

use crate::sql::{At, words};
use crate::{Store, StoreError};

words! {
    /// What is known of a route.
    pub enum Verdict {
        /// The server answered in the expected shape.
        Offered = "offered",
        /// The server does not have it.
        NotOffered = "not_offered",
        /// The server has it, and refuses it to this user.
        Refused = "refused",
    }
}

/// What one route turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capability {
    /// The route's name in the route table.
    pub route: String,
    /// The finding.
    pub verdict: Verdict,
    /// Why, in a word of the server or of ours.
    pub detail: Option<String>,
    /// When it was found.
    pub checked_at: Timestamp,
}

impl Store {
    /// All that is known of an account's routes, by name.
    pub fn capabilities(&self, account: &str) -> Result<Vec<Capability>, StoreError> {
        self.with(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT route, verdict, detail, checked_at FROM capabilities WHERE account_id = ?1 \
                 ORDER BY route",
            )?;
            let rows = statement.query_map([account], |row| {
                Ok(Capability {
                    route: row.get(0)?,
                    verdict: row.get(1)?,
                    detail: row.get(2)?,
                    checked_at: row.get::<_, At>(3)?.0,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Remembers a finding, in place of the one before.
    pub fn set_capability(&self, account: &str, capability: &Capability) -> Result<(), StoreError> {
        self.with(|connection| {
            connection
                .prepare_cached(
                    "INSERT INTO capabilities (account_id, route, verdict, detail, checked_at) \
                     VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET verdict = excluded.verdict, \
                     detail = excluded.detail, checked_at = excluded.checked_at",
                )?
                .execute((
                    account,
                    &capability.route,
                    capability.verdict,
                    &capability.detail,
                    At(capability.checked_at),
                ))?;
            Ok(())
        })
    }

    /// Forgets one route's finding, or all of the account's with `None`: they are found out anew.
    pub fn forget_capabilities(&self, account: &str, route: Option<&str>) -> Result<(), StoreError> {
        self.with(|connection| {
            connection
                .prepare_cached(
                    "DELETE FROM capabilities WHERE account_id = ?1 AND (?2 IS NULL OR route = ?2)",
                )?
                .execute((account, route))?;
            Ok(())
        })
    }
}
