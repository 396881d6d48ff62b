//! Webhooks from a file: written, compared, applied.

use super::{given, pick, rows};
use crate::{
    Exit, Outcome,
    args::Destroy,
    commands::planned,
    cx::{Cx, interrupted},
    failure::Failure,
    json::{
        Answer,
        webhooks::Exported,
        webhooks_code::{CodePlan as Document, CodeReport, Planned, Step},
    },
    out::{Out, Table, Text},
    prompt,
};
use clap::Args;
use gatehouse_core::webhooks::{
    CodePlan, CodeProblem, CodeProblemCode, CodeProgress, CodeReport as Report, CodeRequest, GivenValue,
};
use std::{io::IsTerminal, io::Read as _, path::Path, pin::pin};

/// Larger than any file that core takes.
const MOST: u64 = 4 * 1024 * 1024;

/// `webhooks export`
#[derive(Debug, Args)]
pub struct Export {
    /// Ids or descriptions [default: all]
    webhook: Vec<String>,
}

/// A file, and how it is read.
#[derive(Debug, Args)]
pub struct File {
    /// The file; `-` reads it from standard input
    #[arg(value_name = "FILE")]
    path: String,
    /// Which of its environments
    #[arg(long, value_name = "NAME")]
    env: Option<String>,
    /// Delete the webhooks that the file does not name
    #[arg(long)]
    prune: bool,
}

/// `webhooks apply`
#[derive(Debug, Args)]
pub struct Apply {
    #[command(flatten)]
    file: File,
    /// Values for `stdin` references: typed, or on standard input as a JSON object or lines of NAME=value
    #[arg(long)]
    values: bool,
    #[command(flatten)]
    destroy: Destroy,
}

impl Export {
    pub async fn run(self, cx: &Cx) -> Outcome {
        let account = cx.signed_in().await?.id;
        let text = if self.webhook.is_empty() {
            cx.app.webhooks_code_export(&account, None).await?
        } else {
            let rows = rows(cx, &account).await?;
            let ids: Vec<_> =
                self.webhook.iter().map(|w| pick(&rows, w).map(|row| row.id)).collect::<Result<_, _>>()?;
            cx.app.webhooks_code_export(&account, Some(&ids)).await?
        };
        if cx.out.is_json() {
            cx.out.answer(&Exported { text }, |_| {})?;
        } else {
            Out::print(&text)?;
        }
        Ok(Exit::Ok)
    }
}

impl File {
    fn request(&self) -> Result<CodeRequest, Failure> {
        let text = if self.path == "-" {
            let mut text = String::new();
            std::io::stdin().lock().take(MOST).read_to_string(&mut text).map(|_| text)
        } else {
            std::fs::File::open(Path::new(&self.path)).and_then(|file| {
                let mut text = String::new();
                file.take(MOST).read_to_string(&mut text).map(|_| text)
            })
        };
        let text = text.map_err(|e| Failure::usage(format!("{} can't be read: {e}.", self.path)))?;
        Ok(CodeRequest { text, environment: self.env.clone(), prune: self.prune })
    }

    /// Shows what applying would do. `drift`: differences are what is looked for.
    pub async fn run(self, cx: &Cx, drift: bool) -> Outcome {
        let request = self.request()?;
        let account = cx.signed_in().await?.id;
        let plan = cx.app.webhooks_code_plan(&account, &request, &[]).await?;
        self.say_problems(&plan);
        // A value that is not at hand stands in the way of applying, not of telling the difference.
        let told = |problem: &CodeProblem| drift && problem.code == CodeProblemCode::NeedsValue;
        let exit = match (plan.problems.iter().all(told), drift && plan.differs) {
            (false, _) => Exit::Usage,
            (true, true) => Exit::Drift,
            (true, false) => Exit::Ok,
        };
        let document = Document::from(plan);
        cx.out.answer(&document, |text| show(text, &document))?;
        Ok(exit)
    }

    /// As compilers tell them, so that editors find the place.
    fn problems(&self, plan: &CodePlan) -> Vec<String> {
        let name = if self.path == "-" { "standard input" } else { &self.path };
        plan.problems.iter().map(|p| format!("{name}:{}:{}: {}", p.line, p.column, p.message)).collect()
    }

    fn say_problems(&self, plan: &CodePlan) {
        self.problems(plan).iter().for_each(|problem| Out::warn(problem));
    }
}

impl Apply {
    pub async fn run(self, cx: &Cx) -> Outcome {
        if self.values && self.file.path == "-" {
            return Err(Failure::usage("Standard input can't have both the file and --values."));
        }
        let request = self.file.request()?;
        let account = cx.signed_in().await?.id;
        let mut values = given::Given::new();
        if self.values && !std::io::stdin().is_terminal() {
            values = given::read()?;
        }
        let mut plan = self.plan(cx, &account, &request, &values).await?;
        if self.values && std::io::stdin().is_terminal() && !plan.wanted.is_empty() {
            values = given::ask(&plan.wanted)?;
            plan = self.plan(cx, &account, &request, &values).await?;
        }
        for name in &plan.unused {
            Out::warn(&format!("“{name}” was given and is not used: it is not in the file, or set already."));
        }
        if !plan.problems.is_empty() {
            let mut failure = Failure::usage("The file can't be applied as it is. Nothing was done.");
            self.file.problems(&plan).into_iter().for_each(|problem| failure.add(problem));
            return Err(failure);
        }
        let document = Document::from(plan.clone());
        if self.destroy.dry_run {
            let text = format!("{}:\n{}", summary(&document), lines(&document).join("\n"));
            let to = changed(&document).map(|w| w.description.clone());
            let to: Vec<_> = to.chain(deleted(&document)).collect();
            return planned::<CodeReport>(cx.out, "webhooks.apply", to, text);
        }
        if plan.differs {
            cx.out.say(&lines(&document).join("\n"));
            self.confirm(&document)?;
        }
        let report = run(cx, &account, &request, values, &plan.digest).await?;
        tell(cx, report, document.unchanged)
    }

    async fn plan(
        &self,
        cx: &Cx,
        account: &str,
        request: &CodeRequest,
        values: &given::Given,
    ) -> Result<CodePlan, Failure> {
        let names: Vec<_> = values.keys().cloned().collect();
        Ok(cx.app.webhooks_code_plan(account, request, &names).await?)
    }

    fn confirm(&self, plan: &Document) -> Result<(), Failure> {
        let question = format!("{}.", summary(plan));
        if plan.delete > 0 {
            let word = (plan.delete > 1).then(|| format!("delete {}", plan.delete));
            return prompt::confirm(
                &format!("{question} Deleting is final."),
                word.as_deref(),
                self.destroy.yes,
            );
        }
        if !self.destroy.yes && Out::person_is_there() && !prompt::agreed(&format!("{question} Go on?"))? {
            return Err(Failure::not_confirmed("Nothing was done."));
        }
        Ok(())
    }
}

/// Applies, and tells how far it is. The first Ctrl-C ends it after the webhook that is being written.
async fn run(
    cx: &Cx,
    account: &str,
    request: &CodeRequest,
    values: given::Given,
    digest: &str,
) -> Result<Report, Failure> {
    let values = values.into_iter().map(|(name, value)| GivenValue { name, value: value.into() }).collect();
    let out = cx.out;
    let progress = move |p: &CodeProgress| {
        if let Some(next) = &p.next {
            let left = if p.seconds > 0 { format!(", at least {} s left", p.seconds) } else { String::new() };
            out.say(&format!("{} of {}: “{}”{left}", p.done + 1, p.total, next.description));
        }
    };
    let mut applying = pin!(cx.app.webhooks_code_apply(account, request, values, Some(digest), progress));
    tokio::select! {
        done = &mut applying => return Ok(done?),
        () = interrupted() => {}
    }
    Out::warn("Stopping after this webhook. Applying the file once more goes on with the rest.");
    cx.app.webhooks_code_stop(account);
    Ok(cx.whole(applying).await?)
}

fn tell(cx: &Cx, report: Report, unchanged: u32) -> Outcome {
    let exit = match &report.stopped {
        Some(error) => error.code.into(),
        None if report.left.is_empty() => Exit::Ok,
        None => Exit::Fault,
    };
    if let (Some(error), Some(first)) = (&report.stopped, report.left.first()) {
        Out::warn(&format!("“{}”: {}", first.description, error.message));
    }
    for step in &report.done {
        for change in &step.differs {
            Out::warn(&format!(
                "“{}”: the server has {} other than the file says.",
                step.description, change.field
            ));
        }
    }
    if !report.left.is_empty() {
        Out::warn(&format!("{} of {} done.", report.done.len(), report.done.len() + report.left.len()));
    }
    let report = CodeReport::new(report, unchanged);
    cx.out.answer(&Answer::Done(report.clone()), |text| {
        let mut table = Table::new(&["id", "webhook", "action", "outcome"]);
        let row = |step: &Step, outcome: &str| {
            [
                step.id.clone().into(),
                step.description.as_str().into(),
                step.action.as_str().into(),
                outcome.into(),
            ]
        };
        report.done.iter().for_each(|step| table.row(row(step, "done")));
        report.left.iter().for_each(|step| table.row(row(step, "left")));
        text.table(table);
        text.line(format!("{unchanged} as the file says."));
    })?;
    Ok(exit)
}

fn changed(plan: &Document) -> impl Iterator<Item = &Planned> {
    plan.webhooks.iter().filter(|w| w.action != "unchanged")
}

fn deleted(plan: &Document) -> impl Iterator<Item = String> {
    plan.others.iter().filter(|o| o.delete).map(|o| o.description.clone())
}

fn summary(plan: &Document) -> String {
    let time = if plan.seconds > 0 { format!(", at least {} s", plan.seconds) } else { String::new() };
    format!(
        "create {}, change {}, delete {}, leave {} ({} requests{time})",
        plan.create, plan.update, plan.delete, plan.unchanged, plan.requests
    )
}

/// Each change as a person reads it.
fn lines(plan: &Document) -> Vec<String> {
    let mut lines = Vec::new();
    for webhook in changed(plan) {
        lines.push(format!("{} “{}”{}", webhook.action, webhook.description, renamed(webhook)));
        lines.extend(details(webhook).into_iter().map(|detail| format!("    {detail}")));
    }
    lines.extend(deleted(plan).map(|description| format!("delete “{description}”")));
    lines
}

fn renamed(webhook: &Planned) -> String {
    match &webhook.renamed_from {
        Some(old) if webhook.found == "similar" => {
            format!(", taken for “{old}”, the only other one with its target and events")
        }
        Some(old) => format!(", until now “{old}”"),
        None => String::new(),
    }
}

fn details(webhook: &Planned) -> Vec<String> {
    let shown = |text: &Option<String>| text.clone().unwrap_or_else(|| "(nothing)".to_owned());
    let mut details: Vec<_> = webhook
        .changes
        .iter()
        .map(|change| format!("{}: {} → {}", change.field, shown(&change.old), shown(&change.new)))
        .collect();
    let gone = webhook.hidden.iter().filter(|h| h.what == "remove");
    details.extend(gone.map(|h| format!("{}: the hidden value goes", name(&h.name))));
    details.extend(webhook.values.iter().map(|value| {
        let what = match value.fate.as_str() {
            "same" => "stays: set from here in this version",
            "unknown" => "stays as PlanRadar has it; not known whether it is the same",
            "first" => "is set",
            "newer" => "is set: another version",
            "changed_elsewhere" => "is set again: somebody else changed the webhook since",
            "sent_along" => "is sent along",
            _ => "is missing",
        };
        format!("{} ({}): {what}", name(&value.name), value.reference)
    }));
    details
}

fn name(of: &str) -> &str {
    if of == ":password" { "password" } else { of }
}

fn show(text: &mut Text, plan: &Document) {
    let mut table = Table::new(&["action", "webhook", "id", "line", "what"]);
    for webhook in &plan.webhooks {
        let what: Vec<_> = if webhook.action == "unchanged" {
            let unsure = webhook.values.iter().filter(|v| v.fate == "unknown");
            unsure.map(|v| format!("{}: not known whether it is the same", name(&v.name))).collect()
        } else {
            details(webhook)
        };
        table.row([
            webhook.action.as_str().into(),
            format!("{}{}", webhook.description, renamed(webhook)).into(),
            webhook.id.clone().into(),
            webhook.line.into(),
            what.join("; ").into(),
        ]);
    }
    for other in &plan.others {
        table.row([
            if other.delete { "delete" } else { "leave" }.into(),
            other.description.as_str().into(),
            other.id.as_str().into(),
            "".into(),
            if other.delete { "" } else { "not in the file" }.into(),
        ]);
    }
    text.table(table);
    if !plan.wanted.is_empty() {
        text.line(format!("Not given, for `apply --values`: {}.", plan.wanted.join(", ")));
    }
    text.line(format!("Would {}.", summary(plan)));
}
