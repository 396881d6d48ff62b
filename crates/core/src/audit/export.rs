//! Lines as a file for other programs.

use super::{AuditQuery, page::filter};
use crate::{
    Gatehouse, Result,
    export::{ExportFile, ExportFormat, export, word},
};

const HEADINGS: [&str; 9] =
    ["number", "when", "account", "through", "area", "action", "object", "outcome", "reason"];

impl Gatehouse {
    /// All lines that fit, newest first, as the content of a file.
    pub async fn audit_export(&self, query: &AuditQuery, format: ExportFormat) -> Result<ExportFile> {
        let rows = self.audit_rows(filter(query)?, None, u32::MAX).await?;
        let stem = format!("gatehouse-audit-{}", self.now().strftime("%Y-%m-%d"));
        export(&stem, format, &rows, HEADINGS, |row| {
            Ok([
                row.id.to_string(),
                row.at.clone(),
                row.account_label.clone().or_else(|| row.account.clone()).unwrap_or_default(),
                word(&row.actor)?,
                word(&row.area)?,
                row.action.clone(),
                row.subject.clone(),
                row.outcome.clone(),
                row.reason.clone().unwrap_or_default(),
            ])
        })
    }
}
