//! Finding lines of the audit log.

use jiff::Timestamp;

use super::{AuditEntry, read};
use crate::sql::At;
use crate::{Store, StoreError};

/// Which lines; the default is all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Our id of the account, or what it was called when the line was written.
    pub account: Option<String>,
    /// What they are about.
    pub area: Option<AuditArea>,
    /// Words that must all be in the line, capitals or not.
    pub text: Option<String>,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Before.
    pub to: Option<Timestamp>,
}

/// What a line is about, read from its action's first word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditArea {
    /// Tokens, Gatehouse's own sign-in among them.
    Tokens,
    /// Webhooks.
    Webhooks,
    /// Users, their API Access and their tokens.
    Users,
    /// `PlanRadar` Connect.
    Connect,
    /// Accounts and their routes.
    Accounts,
    /// The audit log itself.
    Audit,
    /// Anything else.
    Other,
}

impl AuditArea {
    /// Of an action such as `token.delete`.
    #[must_use]
    pub fn of(action: &str) -> Self {
        match action.split('.').next().unwrap_or_default() {
            "token" | "tokens" | "sign_in" => Self::Tokens,
            "webhook" | "webhooks" => Self::Webhooks,
            "user" | "users" | "user_token" | "user_tokens" | "api_access" | "access" => Self::Users,
            "connect" => Self::Connect,
            "account" | "accounts" | "routes" => Self::Accounts,
            "audit" => Self::Audit,
            _ => Self::Other,
        }
    }
}

impl Store {
    /// Up to `count` lines that fit, newest first: the newest of all, or those before the line `before`.
    pub fn audit_search(
        &self,
        filter: &AuditFilter,
        before: Option<i64>,
        count: u32,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        // Compared here, because SQLite knows capitals of ASCII only.
        let words: Vec<_> =
            filter.text.iter().flat_map(|text| text.split_whitespace()).map(str::to_lowercase).collect();
        self.with(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT id, at, account_id, account_label, actor, action, subject, outcome, operation_id, \
                 detail FROM audit_log WHERE id < ?1 AND (?2 IS NULL OR account_id = ?2 OR account_label = ?2) \
                 AND (?3 IS NULL OR at >= ?3) AND (?4 IS NULL OR at < ?4) ORDER BY id DESC",
            )?;
            let rows = statement.query_map(
                (before.unwrap_or(i64::MAX), &filter.account, filter.from.map(At), filter.to.map(At)),
                read,
            )?;
            let fits = |line: &AuditEntry| {
                filter.area.is_none_or(|area| area == AuditArea::of(&line.entry.action)) && has(line, &words)
            };
            let found = rows.filter(|line| line.as_ref().map_or(true, fits));
            let count = usize::try_from(count).unwrap_or(usize::MAX);
            Ok(found.take(count).collect::<Result<_, _>>()?)
        })
    }
}

fn has(line: &AuditEntry, words: &[String]) -> bool {
    if words.is_empty() {
        return true;
    }
    let entry = &line.entry;
    let label = line.account_label.as_deref().unwrap_or_default();
    let detail = if entry.detail.is_null() { String::new() } else { entry.detail.to_string() };
    let text = [label, &entry.action, &entry.subject, &entry.outcome, &detail].join("\n").to_lowercase();
    words.iter().all(|word| text.contains(word))
}
