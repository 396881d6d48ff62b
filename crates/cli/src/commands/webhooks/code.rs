//! Webhooks from a file: written, compared, applied.

use super::{
    given, pick,
    plan_text::{changed, deleted, grave, lines, show, summary},
    rows,
};
use crate::{
    Exit, Outcome,
    args::Destroy,
    commands::planned,
    cx::{Cx, interrupted, to_its_end},
    failure::Failure,
    input,
    json::{
        Answer,
        webhooks::Exported,
        webhooks_code::{CodePlan as Document, CodeReport, Step},
    },
    out::{Out, Table},
    prompt::{self, Person},
};
use clap::Args;
use gatehouse_core::webhooks::{
    CodePlan, CodeProblem, CodeProblemCode, CodeProgress, CodeReport as Report, CodeRequest, GivenValue,
    LARGEST_FILE,
};
use std::{fs, io::IsTerminal, pin::pin};

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
            input::text(std::io::stdin().lock(), LARGEST_FILE, self.name())?
        } else {
            let file = fs::File::open(&self.path)
                .map_err(|e| Failure::usage(format!("{} can't be read: {e}.", self.path)))?;
            input::text(file, LARGEST_FILE, self.name())?
        };
        Ok(CodeRequest { text: text.to_string(), environment: self.env.clone(), prune: self.prune })
    }

    fn name(&self) -> &str {
        if self.path == "-" { "standard input" } else { &self.path }
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
        let name = self.name();
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
        if self.destroy.yes {
            return Ok(());
        }
        // What came by standard input leaves no answer there.
        let person = Person::find(self.file.path == "-" || (self.values && !std::io::stdin().is_terminal()));
        let question = format!("This will {}.", summary(plan));
        let grave = grave(plan);
        if !grave.is_empty() {
            let word = (plan.delete > 1).then(|| format!("delete {}", plan.delete));
            let question = format!("{question}\n{}", grave.join("\n"));
            return prompt::confirm_by(person, &question, word.as_deref(), false);
        }
        if let Some(person) = person
            && !person.agrees(&format!("{question} Go on?"))?
        {
            return Err(Failure::not_confirmed("Nothing was done."));
        }
        Ok(())
    }
}

/// Applies, and tells how far it is. The first Ctrl-C ends it after the webhook that is being written, another one at once.
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
    cx.app.webhooks_code_stop(account);
    let words = "Stopping after this webhook. Applying the file once more goes on with the rest.";
    Ok(to_its_end(applying, words).await?)
}

fn tell(cx: &Cx, report: Report, unchanged: u32) -> Outcome {
    let exit = match &report.stopped {
        Some(error) => error.code.into(),
        None if report.left.is_empty() => Exit::Ok,
        None => Exit::Fault,
    };
    if let (Some(error), Some(first)) = (&report.stopped, report.left.first()) {
        Out::warn(&format!("“{}”: {}", first.description, error.message));
        Failure::from(error.clone()).more.iter().for_each(|more| Out::warn(&format!("  {more}")));
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
        report.left.iter().for_each(|step| table.row(row(step, "not done")));
        text.table(table);
        text.line(format!("{unchanged} as the file says."));
    })?;
    Ok(exit)
}
