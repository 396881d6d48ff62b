//! Lists as files for other programs.

use crate::{AppError, Code, Result};
use serde::{Deserialize, Serialize};
use specta::Type;

/// What the file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// For spreadsheets: UTF-8 with its mark, because Excel takes it for something else without.
    Csv,
    /// A list of objects, as the window has them.
    Json,
}

/// A file for another program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportFile {
    /// A name for it.
    pub name: String,
    /// Its content.
    pub text: String,
}

const MARK: &str = "\u{feff}";

/// Rows as a file. `stem` is its name without the ending, `cells` what stands in a row below the headings.
pub(crate) fn export<Row: Serialize, const N: usize>(
    stem: &str,
    format: ExportFormat,
    rows: &[Row],
    headings: [&str; N],
    cells: impl Fn(&Row) -> Result<[String; N]>,
) -> Result<ExportFile> {
    let (ending, text) = match format {
        ExportFormat::Csv => ("csv", csv(rows, headings, cells)?),
        ExportFormat::Json => ("json", serde_json::to_string_pretty(rows).map_err(|e| failed(&e))?),
    };
    Ok(ExportFile { name: format!("{stem}.{ending}"), text })
}

fn csv<Row, const N: usize>(
    rows: &[Row],
    headings: [&str; N],
    cells: impl Fn(&Row) -> Result<[String; N]>,
) -> Result<String> {
    let terminator = csv::Terminator::CRLF;
    let mut writer = csv::WriterBuilder::new().terminator(terminator).from_writer(MARK.as_bytes().to_vec());
    writer.write_record(headings).map_err(|e| failed(&e))?;
    for row in rows {
        writer.write_record(cells(row)?.map(harmless)).map_err(|e| failed(&e))?;
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
pub(crate) fn word(value: &impl Serialize) -> Result<String> {
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
