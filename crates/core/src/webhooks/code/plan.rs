//! What applying a file would do. One list, no other request, and the keychain is not asked.

use super::{
    CodeAction, CodeFound, CodeOther, CodePlan, CodeProblem, CodeProblemCode, CodeRequest,
    fates::AtHand,
    file::Reference,
    matching::{Found, find},
    read::read,
    work::{Known, Work, compare},
};
use crate::{
    Gatehouse, Result,
    operations::OperationKind,
    webhooks::{WebhookPick, cached::fingerprint, hidden::HiddenFacts},
};
use gatehouse_store::OperationState as State;
use planradar::{Freshness, Webhook, rate_limit::Lane, webhook_rules::masked};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// How many webhooks the server tells in one request.
const PAGE: usize = 500;

/// A plan, and what is needed to carry it out.
pub(super) struct Prepared {
    pub plan: CodePlan,
    /// As the plan's rows.
    pub works: Vec<Work>,
    pub deletions: Vec<WebhookPick>,
    /// Requests for each.
    pub cost: Cost,
}

/// Requests that one step makes.
#[derive(Clone, Copy)]
pub(super) struct Cost {
    create: usize,
    update: usize,
}

impl Cost {
    fn new(listed: usize, demo: bool) -> Self {
        // What was written is read back where the server's answer is not taken for it.
        let back = usize::from(!demo);
        Self { create: listed.div_ceil(PAGE).max(1) + 1 + back, update: 2 + back }
    }

    pub fn of(self, action: CodeAction) -> usize {
        match action {
            CodeAction::Create => self.create,
            CodeAction::Update => self.update,
            // Looked at, and deleted.
            CodeAction::Delete => 2,
            CodeAction::Unchanged => 0,
        }
    }
}

impl Gatehouse {
    /// What applying a file would do. `given`: names of the values that are given with it. Makes one list request (one
    /// for each 500 webhooks), none at all while the file itself can't be read.
    pub async fn webhooks_code_plan(
        &self,
        account: &str,
        request: &CodeRequest,
        given: &[String],
    ) -> Result<CodePlan> {
        Ok(self.code_prepare(account, request, given).await?.plan)
    }

    pub(super) async fn code_prepare(
        &self,
        account: &str,
        request: &CodeRequest,
        given: &[String],
    ) -> Result<Prepared> {
        let demo = self.account(account).await?.demo;
        let (file, mut problems) = read(request);
        if !problems.is_empty() {
            let plan = CodePlan { problems: in_order(problems), ..empty(account) };
            return Ok(Prepared { plan, works: Vec::new(), deletions: Vec::new(), cost: Cost::new(0, demo) });
        }
        let stored = self.code_list(account).await?;
        let at_hand = AtHand {
            values: self.named_values(account).await?.into_iter().map(|v| (v.name.clone(), v)).collect(),
            given: given.iter().cloned().collect(),
        };
        let found = find(&file, &stored, &mut problems);
        let named: BTreeSet<_> = found.iter().filter_map(|f| place(*f)).map(|(at, _)| at).collect();
        let (mut rows, mut works) = (Vec::new(), Vec::new());
        for (webhook, found) in file.into_iter().zip(&found) {
            if *found == Found::Unclear {
                continue;
            }
            let stored = place(*found).map(|(at, how)| (&stored[at], how));
            let facts = match stored {
                Some((stored, _)) => self.facts_of(account, stored).await?,
                None => HiddenFacts::default(),
            };
            if stored.is_none() {
                problems.extend(self.being_created(account, &webhook).await?);
            }
            let known = Known { stored, facts: &facts, at_hand: &at_hand, proven: demo };
            let (row, work, more) = compare(webhook, &known);
            rows.push(row);
            works.push(work);
            problems.extend(more);
        }
        // One that could not be told may be any of them: nothing is deleted then, but problems stand in the way anyhow.
        let left: Vec<_> = (0..stored.len()).filter(|at| !named.contains(at)).map(|at| &stored[at]).collect();
        let others = left.iter().map(|w| other(w, request.prune)).collect();
        let pick = |w: &&Webhook| WebhookPick { id: w.id.clone(), base: fingerprint(w) };
        let deletions: Vec<_> = left.iter().filter(|_| request.prune).map(pick).collect();
        let (wanted, unused) = values(&works, &at_hand);
        let plan = CodePlan { problems: in_order(problems), rows, others, wanted, unused, ..empty(account) };
        let cost = Cost::new(stored.len(), demo);
        let plan = self.counted(plan, cost, &stored);
        let digest = digest(&plan, request, &works, &deletions);
        Ok(Prepared { plan: CodePlan { digest, ..plan }, works, deletions, cost })
    }

    /// All webhooks as the server has them now.
    pub(super) async fn code_list(&self, account: &str) -> Result<Vec<Webhook>> {
        let client = self.session(account).await?.client.with(Freshness::Bypass);
        let list = self.list_webhooks(account, &client, Lane::Person).await?;
        let rows = list.rows.clone();
        self.take_webhooks(account, list).await?;
        Ok(rows)
    }

    /// Created once more, it would be there twice if the server is only late.
    async fn being_created(
        &self,
        account: &str,
        webhook: &super::file::FileWebhook,
    ) -> Result<Option<CodeProblem>> {
        let open = self.open_ops(account).await?;
        let lost = open.iter().any(|op| {
            op.kind == OperationKind::CreateWebhook
                && matches!(op.state(), State::Sent | State::Unknown)
                && op.subject().trim() == webhook.description.is
                && !self.is_late(op.data.sent_at)
        });
        let message = "It was sent to be created less than a minute ago, and no answer came. Try again in a minute, so that it is not there twice.";
        Ok(lost.then(|| CodeProblem {
            webhook: Some(webhook.description.is.clone()),
            ..webhook.at.problem(CodeProblemCode::BeingCreated, message)
        }))
    }

    fn counted(&self, plan: CodePlan, cost: Cost, stored: &[Webhook]) -> CodePlan {
        let count = |action| number(plan.rows.iter().filter(|row| row.action == action).count());
        let (create, update) = (count(CodeAction::Create), count(CodeAction::Update));
        let delete = number(plan.others.iter().filter(|other| other.delete).count());
        let steps = plan.rows.iter().map(|row| cost.of(row.action)).sum::<usize>();
        let deletions = cost.of(CodeAction::Delete).saturating_mul(delete as usize);
        let requests = number(stored.len().div_ceil(PAGE).max(1) + steps + deletions);
        CodePlan {
            create,
            update,
            delete,
            unchanged: count(CodeAction::Unchanged),
            differs: create + update + delete > 0,
            requests,
            seconds: self.seconds_for(&plan.account, requests, Lane::Person),
            ..plan
        }
    }
}

fn empty(account: &str) -> CodePlan {
    CodePlan {
        account: account.to_owned(),
        problems: Vec::new(),
        rows: Vec::new(),
        others: Vec::new(),
        create: 0,
        update: 0,
        delete: 0,
        unchanged: 0,
        differs: false,
        wanted: Vec::new(),
        unused: Vec::new(),
        requests: 0,
        seconds: 0,
        digest: String::new(),
    }
}

fn place(found: Found) -> Option<(usize, CodeFound)> {
    if let Found::Stored(at, how) = found { Some((at, how)) } else { None }
}

fn other(webhook: &Webhook, delete: bool) -> CodeOther {
    CodeOther {
        id: webhook.id.clone(),
        description: webhook.description.clone(),
        target: masked(&webhook.target_url),
        delete,
    }
}

/// Names that would be used if they were given, and given ones that are not used.
fn values(works: &[Work], at_hand: &AtHand) -> (Vec<String>, Vec<String>) {
    use super::CodeFate::{Missing, Same, Unknown};
    // Whether any use of the name is sent, and whether any waits for it.
    let mut names: BTreeMap<&str, (bool, bool)> = BTreeMap::new();
    for value in works.iter().flat_map(|w| &w.decided) {
        if let Reference::Stdin(name) = &value.hidden.reference {
            let (sent, waits) = names.entry(name).or_default();
            *sent |= value.is_sent();
            *waits |= matches!(value.fate, Missing | Unknown) && !matches!(value.fate, Same);
        }
    }
    let wanted = names.iter().filter(|(_, (_, waits))| *waits).map(|(name, _)| (*name).to_owned()).collect();
    let used = |name: &String| names.get(name.as_str()).is_some_and(|(sent, _)| *sent);
    (wanted, at_hand.given.iter().filter(|name| !used(name)).cloned().collect())
}

fn in_order(mut problems: Vec<CodeProblem>) -> Vec<CodeProblem> {
    problems.sort_by_key(|p| (p.line, p.column));
    problems
}

/// Names what would be done to which state. What takes no part in it may change.
fn digest(plan: &CodePlan, request: &CodeRequest, works: &[Work], deletions: &[WebhookPick]) -> String {
    let written = plan.rows.iter().zip(works).filter(|(row, _)| row.action != CodeAction::Unchanged);
    let steps: Vec<_> = written.map(|(row, work)| (row, &work.base, versions(work))).collect();
    let deleted: Vec<_> = deletions.iter().map(|d| (&d.id, &d.base)).collect();
    let of = format!("{:?}", (&request.environment, request.prune, steps, deleted, &plan.problems));
    let file = Sha256::digest(request.text.as_bytes());
    let mut all = Sha256::new();
    all.update(file);
    all.update(of);
    hex::encode(&all.finalize()[..16])
}

fn versions(work: &Work) -> Vec<Option<u32>> {
    work.decided.iter().map(|d| d.version).collect()
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
