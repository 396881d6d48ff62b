//! Carrying a file out: one webhook after the other, through the same saves and deletions as the editor's.

use super::{
    CodeAction, CodePlan, CodeProgress, CodeReport, CodeRequest, CodeStep, GivenValue,
    file::Reference,
    plan::{Cost, Prepared},
    work::Work,
};
use crate::{
    AppError, Code, Details, FieldError, Gatehouse, Result,
    jobs::Wish,
    sync::lock,
    webhooks::{SavedWebhook, WebhookInput, WebhookPick},
};
use planradar::rate_limit::Lane;
use secrecy::SecretString;
use std::collections::BTreeMap;

/// What is done for one step.
enum Deed {
    Save(Box<(WebhookInput, Work)>),
    Delete(WebhookPick),
}

type Step = (CodeStep, Deed);

impl Gatehouse {
    /// Does what the plan says. `digest`: of the plan that was shown; refused when it would be another one by now. Stops at
    /// the first webhook that can't be written, such as one that was changed elsewhere meanwhile, and can be repeated:
    /// what is done already is not done again.
    pub async fn webhooks_code_apply(
        &self,
        account: &str,
        request: &CodeRequest,
        values: Vec<GivenValue>,
        digest: Option<&str>,
        progress: impl Fn(&CodeProgress) + Send + Sync,
    ) -> Result<CodeReport> {
        let _once = self.only_once(run_of(account))?;
        lock(&self.wishes).remove(&run_of(account));
        let given: BTreeMap<String, SecretString> =
            values.into_iter().map(|v| (v.name, v.value.into())).collect();
        let names: Vec<_> = given.keys().cloned().collect();
        let prepared = self.code_prepare(account, request, &names).await?;
        refuse_problems(&prepared.plan)?;
        if digest.is_some_and(|shown| shown != prepared.plan.digest) {
            return Err(AppError::new(
                Code::Stale,
                "Something has changed since this plan was made. Nothing was done. Look at the plan again.",
            ));
        }
        let cost = prepared.cost;
        let mut steps = self.code_steps(account, prepared, &given).await?.into_iter();
        let mut report = CodeReport { done: Vec::new(), stopped: None, left: Vec::new() };
        let total = steps.len();
        while let Some((mut step, deed)) = steps.next() {
            if lock(&self.wishes).contains_key(&run_of(account)) {
                report.left = std::iter::once(step).chain(steps.map(|(s, _)| s)).collect();
                break;
            }
            let rest: Vec<_> =
                std::iter::once(&step).chain(steps.as_slice().iter().map(|(s, _)| s)).collect();
            progress(&self.code_progress(account, total, &rest, cost));
            match self.code_do(account, &mut step, deed).await {
                Ok(()) => report.done.push(step),
                Err(error) => {
                    report.stopped = Some(error);
                    report.left = std::iter::once(step).chain(steps.map(|(s, _)| s)).collect();
                    break;
                }
            }
        }
        progress(&self.code_progress(account, total, &report.left.iter().collect::<Vec<_>>(), cost));
        Ok(report)
    }

    /// What is under way there ends after the webhook that is being written.
    pub fn webhooks_code_stop(&self, account: &str) {
        lock(&self.wishes).insert(run_of(account), Wish::Cancel);
    }

    /// All that is to be done. Every value is read first: what is missing is told before anything is written.
    async fn code_steps(
        &self,
        account: &str,
        prepared: Prepared,
        given: &BTreeMap<String, SecretString>,
    ) -> Result<Vec<Step>> {
        let Prepared { plan, works, deletions, .. } = prepared;
        let mut values: BTreeMap<Reference, SecretString> = BTreeMap::new();
        let mut steps = Vec::new();
        for (row, work) in plan.rows.into_iter().zip(works) {
            if row.action == CodeAction::Unchanged {
                continue;
            }
            for value in work.decided.iter().filter(|d| d.is_sent()) {
                let reference = &value.hidden.reference;
                if !values.contains_key(reference) {
                    let secret = self.code_value(account, reference, given).await?;
                    values.insert(reference.clone(), secret);
                }
            }
            let mut missing = None;
            let input = work.input(|reference| {
                values.get(reference).cloned().unwrap_or_else(|| {
                    missing = Some(reference.to_string());
                    SecretString::default()
                })
            });
            if let Some(reference) = missing {
                return Err(AppError::new(Code::Internal, format!("The value {reference} was not read.")));
            }
            let step = CodeStep {
                action: row.action,
                id: row.id,
                description: row.description,
                differs: Vec::new(),
            };
            steps.push((step, Deed::Save(Box::new((input, work)))));
        }
        let deleted = plan.others.into_iter().filter(|other| other.delete);
        for (other, pick) in deleted.zip(deletions) {
            let step = CodeStep {
                action: CodeAction::Delete,
                id: Some(other.id),
                description: other.description,
                differs: Vec::new(),
            };
            steps.push((step, Deed::Delete(pick)));
        }
        Ok(steps)
    }

    async fn code_value(
        &self,
        account: &str,
        reference: &Reference,
        given: &BTreeMap<String, SecretString>,
    ) -> Result<SecretString> {
        match reference {
            Reference::Keychain(name) => self.named_secret(account, name).await,
            Reference::Stdin(name) => given
                .get(name)
                .cloned()
                .ok_or_else(|| AppError::new(Code::Internal, format!("The value {name} was not given."))),
        }
    }

    async fn code_do(&self, account: &str, step: &mut CodeStep, deed: Deed) -> Result<()> {
        let (input, work) = match deed {
            Deed::Save(save) => *save,
            Deed::Delete(pick) => {
                let outcomes = self.webhooks_delete(account, &[pick]).await?;
                return outcomes.into_iter().find_map(|o| o.error).map_or(Ok(()), Err);
            }
        };
        let SavedWebhook { form, keep_error, differs } = self.webhook_save(account, &input).await?;
        step.differs = differs;
        step.id = form.id;
        if let Some(id) = &step.id {
            let sent = work.decided.iter().filter(|d| d.is_sent());
            let applied = sent.map(|d| (d.name.clone(), d.applied())).collect();
            self.note_applied(account, id, applied).await?;
        }
        if let Some(error) = keep_error {
            // Only a copy for later: the webhook is as the file says.
            tracing::info!(code = ?error.code, "a hidden value was set and is not kept here");
        }
        Ok(())
    }

    fn code_progress(&self, account: &str, total: usize, rest: &[&CodeStep], cost: Cost) -> CodeProgress {
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let requests = rest.iter().map(|step| cost.of(step.action)).sum();
        CodeProgress {
            account: account.to_owned(),
            done: number(total - rest.len()),
            total: number(total),
            next: rest.first().copied().cloned(),
            seconds: self.seconds_for(account, number(requests), Lane::Person),
        }
    }
}

fn run_of(account: &str) -> String {
    format!("webhooks as code {account}")
}

fn refuse_problems(plan: &CodePlan) -> Result<()> {
    if plan.problems.is_empty() {
        return Ok(());
    }
    let fields = plan.problems.iter();
    let fields = fields
        .map(|p| FieldError { pointer: format!("{}:{}", p.line, p.column), message: p.message.clone() });
    Err(AppError::new(Code::Invalid, "The file can't be applied as it is. Nothing was done.")
        .with(Details::Fields { fields: fields.collect() }))
}
