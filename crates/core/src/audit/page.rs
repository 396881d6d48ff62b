//! Finding lines.

use super::{AuditActor, AuditPage, AuditQuery, AuditRow};
use crate::{AppError, Gatehouse, Result};
use gatehouse_store::{Actor, AuditArea as StoredArea, AuditEntry, AuditFilter};
use jiff::Timestamp;

/// Lines of a page.
const PAGE: u32 = 100;

impl Gatehouse {
    /// Lines that fit, newest first; `before` is where the page before said the next one begins.
    pub async fn audit_page(&self, query: &AuditQuery, before: Option<u32>) -> Result<AuditPage> {
        let filter = filter(query)?;
        let before = before.map(i64::from);
        // One more tells whether there is another page.
        let mut rows = self.audit_rows(filter, before, PAGE + 1).await?;
        let more = rows.len() > usize::try_from(PAGE).unwrap_or(usize::MAX);
        rows.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
        Ok(AuditPage { before: rows.last().filter(|_| more).map(|row| row.id), rows })
    }

    pub(super) async fn audit_rows(
        &self,
        filter: AuditFilter,
        before: Option<i64>,
        count: u32,
    ) -> Result<Vec<AuditRow>> {
        let lines = self.db(move |s| s.audit_search(&filter, before, count)).await?;
        Ok(lines.into_iter().map(AuditRow::from).collect())
    }
}

/// Checks what was entered.
pub(super) fn filter(query: &AuditQuery) -> Result<AuditFilter> {
    let moment = |text: &Option<String>, field: &str| {
        let read = text.as_deref().map(str::parse::<Timestamp>).transpose();
        read.map_err(|_| AppError::invalid(field, "This is no date and time that can be read."))
    };
    Ok(AuditFilter {
        account: query.account.clone(),
        area: query.area.map(StoredArea::from),
        text: query.text.clone().filter(|text| !text.trim().is_empty()),
        from: moment(&query.from, "from")?,
        to: moment(&query.to, "to")?,
    })
}

impl From<AuditEntry> for AuditRow {
    fn from(line: AuditEntry) -> Self {
        let entry = line.entry;
        Self {
            id: u32::try_from(line.id).unwrap_or(u32::MAX),
            at: entry.at.to_string(),
            account: entry.account_id,
            account_label: line.account_label,
            actor: match entry.actor {
                Actor::Window => AuditActor::Window,
                Actor::Cli => AuditActor::Cli,
                Actor::Resume => AuditActor::Resume,
            },
            area: StoredArea::of(&entry.action).into(),
            action: entry.action,
            subject: entry.subject,
            outcome: entry.outcome,
            reason: entry.detail["reason"].as_str().map(str::to_owned),
        }
    }
}
