//! The audit log of this computer.

use super::planned;
use crate::{
    Exit, Outcome,
    args::Write,
    cx::{Cx, named},
    failure::Failure,
    json::{
        Answer,
        audit::{Area, Doubt, Exported, Line, Lines, Verified},
    },
    out::{Cell, Out, Table},
};
use clap::{Args, Subcommand, ValueEnum};
use gatehouse_core::{audit::AuditQuery, export::ExportFormat};
use std::{io::Write as _, path::PathBuf};

/// `audit …`
#[derive(Debug, Subcommand)]
pub enum Audit {
    /// What was done on this computer, newest first
    List(List),
    /// Whether the log is as it was written; seals what has no seal yet
    Verify,
    /// All lines that fit, as a file for other programs
    Export(Export),
}

/// Which lines. `--account` counts too, if it is given; it may be one that was removed.
#[derive(Debug, Args)]
pub struct Filter {
    /// What they are about
    #[arg(long)]
    area: Option<Area>,
    /// Words that must all be in a line
    #[arg(long)]
    text: Option<String>,
    /// Not before, such as 2026-03-01T00:00:00Z
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// Before
    #[arg(long, value_name = "TIME")]
    to: Option<String>,
}

/// `audit list`
#[derive(Debug, Args)]
pub struct List {
    #[command(flatten)]
    filter: Filter,
    /// How many at most
    #[arg(long, value_name = "N", default_value_t = 100)]
    count: usize,
}

/// `audit export`
#[derive(Debug, Args)]
pub struct Export {
    #[command(flatten)]
    filter: Filter,
    /// What the file is
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    format: Format,
    /// Where to write it; not over a file that is there [default: standard output]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    write: Write,
}

/// What an exported file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For spreadsheets
    Csv,
    /// A list of objects
    Json,
}

impl Audit {
    pub async fn run(self, cx: &Cx) -> Outcome {
        match self {
            Self::List(args) => list(cx, args).await,
            Self::Verify => verify(cx).await,
            Self::Export(args) => export(cx, args).await,
        }
    }
}

impl Filter {
    async fn query(self, cx: &Cx) -> Result<AuditQuery, Failure> {
        let account = match cx.wanted() {
            Some(wanted) => Some(account(cx, wanted).await?),
            None => None,
        };
        Ok(AuditQuery {
            account,
            area: self.area.map(Into::into),
            text: self.text,
            from: self.from,
            to: self.to,
        })
    }
}

/// An account's id; of one that is no longer here, its id or name as the log has it.
async fn account(cx: &Cx, wanted: &str) -> Result<String, Failure> {
    let failure = match named(cx.accounts().await?.0, wanted) {
        Ok(account) => return Ok(account.id),
        Err(failure) if failure.exit == Exit::NotFound => failure,
        Err(failure) => return Err(failure),
    };
    let gone = AuditQuery { account: Some(wanted.to_owned()), ..AuditQuery::default() };
    let lines = cx.app.audit_page(&gone, None).await?.rows;
    if lines.is_empty() { Err(failure) } else { Ok(wanted.to_owned()) }
}

async fn list(cx: &Cx, args: List) -> Outcome {
    let query = args.filter.query(cx).await?;
    let (mut lines, mut before) = (Vec::new(), None);
    let more = loop {
        let page = cx.app.audit_page(&query, before).await?;
        lines.extend(page.rows.into_iter().map(Line::from));
        before = page.before;
        if before.is_none() || lines.len() >= args.count {
            break before.is_some() || lines.len() > args.count;
        }
    };
    lines.truncate(args.count);
    let document = Lines { lines, more };
    cx.out.answer(&document, |text| {
        let mut table =
            Table::new(&["number", "when", "account", "through", "action", "object", "outcome", "reason"]);
        for line in &document.lines {
            table.row([
                line.number.into(),
                Cell::Time(Some(line.at.clone())),
                line.account_label.clone().or_else(|| line.account.clone()).into(),
                line.through.word().into(),
                line.action.as_str().into(),
                line.object.as_str().into(),
                line.outcome.as_str().into(),
                line.reason.clone().into(),
            ]);
        }
        text.table(table);
        if document.more {
            text.line("There are older ones: --count.");
        }
    })?;
    Ok(Exit::Ok)
}

async fn verify(cx: &Cx) -> Outcome {
    let found = Verified::from(cx.app.audit_verify().await?);
    let exit = match &found {
        Verified::Whole { .. } => Exit::Ok,
        Verified::Broken { .. } => Exit::Drift,
        Verified::Unverifiable { why: Doubt::Keychain | Doubt::KeyMissing, .. } => Exit::Keychain,
        Verified::Unverifiable { why: Doubt::Elsewhere, .. } => Exit::Conflict,
    };
    cx.out.answer(&found, |text| match &found {
        Verified::Whole { sealed, unsealed } => text.facts([
            ("state", "whole".into()),
            ("lines vouched for", (*sealed).into()),
            ("not yet", (*unsealed).into()),
        ]),
        Verified::Broken { line, damage } => text.facts([
            ("state", "broken".into()),
            ("line", (*line).into()),
            ("damage", format!("{damage:?}").to_lowercase().into()),
        ]),
        Verified::Unverifiable { why, unsealed, error } => text.facts([
            ("state", "unverifiable".into()),
            ("why", format!("{why:?}").to_lowercase().into()),
            ("lines not vouched for", (*unsealed).into()),
            ("keychain", error.as_ref().map(|e| e.message.clone()).into()),
        ]),
    })?;
    match &found {
        Verified::Whole { .. } => {}
        Verified::Broken { line, .. } => {
            Out::warn(&format!("The audit log was changed from outside, at line {line}."));
        }
        Verified::Unverifiable { .. } => Out::warn("It can't be told whether the audit log was changed."),
    }
    Ok(exit)
}

async fn export(cx: &Cx, args: Export) -> Outcome {
    if args.write.dry_run {
        let to = args.output.map_or_else(|| "standard output".to_owned(), |file| file.display().to_string());
        let text = format!("write the lines that fit to {to}.");
        return planned::<Exported>(cx.out, "audit.export", [to], text);
    }
    let query = args.filter.query(cx).await?;
    let format = match args.format {
        Format::Csv => ExportFormat::Csv,
        Format::Json => ExportFormat::Json,
    };
    let made = cx.app.audit_export(&query, format).await?;
    let Some(file) = args.output else {
        if cx.out.is_json() {
            let document = Exported { file: None, content: Some(made.text) };
            cx.out.answer(&Answer::Done(document), |_| {})?;
        } else {
            Out::print(&made.text)?;
        }
        return Ok(Exit::Ok);
    };
    let written = std::fs::File::create_new(&file).and_then(|mut f| f.write_all(made.text.as_bytes()));
    written.map_err(|e| Failure::usage(format!("{} can't be written: {e}.", file.display())))?;
    cx.out.say(&format!("Written to {}.", file.display()));
    let document = Exported { file: Some(file.display().to_string()), content: None };
    cx.out.answer(&Answer::Done(document), |_| {})?;
    Ok(Exit::Ok)
}
