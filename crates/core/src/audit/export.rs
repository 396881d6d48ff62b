//! Lines as a file for other programs.

use super::{AuditFile, AuditQuery, AuditRow, page::filter};
use crate::{AppError, Code, Gatehouse, Result};
use serde::Deserialize;
use specta::Type;

/// What the file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum AuditFormat {
    /// For spreadsheets: UTF-8 with its mark, because Excel takes it for something else without.
    Csv,
    /// A list of objects, as the window has them.
    Json,
}

const MARK: &str = "\u{feff}";
const HEADINGS: [&str; 9] =
    ["number", "when", "account", "through", "area", "action", "object", "outcome", "reason"];

impl Gatehouse {
    /// All lines that fit, newest first, as the content of a file.
    pub async fn audit_export(&self, query: &AuditQuery, format: AuditFormat) -> Result<AuditFile> {
        let rows = self.audit_rows(filter(query)?, None, u32::MAX).await?;
        let (ending, text) = match format {
            AuditFormat::Csv => ("csv", csv(&rows)?),
            AuditFormat::Json => ("json", serde_json::to_string_pretty(&rows).map_err(|e| failed(&e))?),
        };
        let day = self.now().strftime("%Y-%m-%d").to_string();
        Ok(AuditFile { name: format!("gatehouse-audit-{day}.{ending}"), text })
    }
}

fn csv(rows: &[AuditRow]) -> Result<String> {
    let terminator = csv::Terminator::CRLF;
    let mut writer = csv::WriterBuilder::new().terminator(terminator).from_writer(MARK.as_bytes().to_vec());
    writer.write_record(HEADINGS).map_err(|e| failed(&e))?;
    for row in rows {
        let cells = [
            row.id.to_string(),
            row.at.clone(),
            row.account_label.clone().or_else(|| row.account.clone()).unwrap_or_default(),
            word(&row.actor)?,
            word(&row.area)?,
            row.action.clone(),
            row.subject.clone(),
            row.outcome.clone(),
            row.reason.clone().unwrap_or_default(),
        ];
        writer.write_record(cells.map(harmless)).map_err(|e| failed(&e))?;
    }
    let bytes = writer.into_inner().map_err(|e| failed(&e))?;
    String::from_utf8(bytes).map_err(|e| failed(&e))
}

/// A spreadsheet would calculate what begins like a formula: an apostrophe makes it text.
fn harmless(cell: String) -> String {
    if cell.trim_start_matches([' ', '"', '\'']).starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        format!("'{cell}")
    } else {
        cell
    }
}

/// As the window's types name it.
fn word(value: &impl serde::Serialize) -> Result<String> {
    let word = serde_json::to_value(value).map_err(|e| failed(&e))?;
    Ok(word.as_str().unwrap_or_default().to_owned())
}

fn failed(error: &impl std::fmt::Display) -> AppError {
    AppError::new(Code::Internal, format!("The lines can't be written: {error}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_spreadsheet_would_calculate() {
        for bad in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\"=1", "'=1"] {
            assert_eq!(harmless(bad.to_owned()), format!("'{bad}"));
        }
        for good in ["Power BI", "a=b", "", "Büro-Token", "'quoted'"] {
            assert_eq!(harmless(good.to_owned()), good);
        }
    }
}
