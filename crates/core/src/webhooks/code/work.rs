//! One webhook of a file beside the one at PlanRadar: what would be written, and what stands in the way.

use super::{
    CodeAction, CodeFate, CodeFound, CodeProblem, CodeProblemCode as Code, CodeRow, CodeValue,
    fates::{AtHand, Decided, decide, is_held, send_along},
    file::{FileAuthentication, FileValue, FileWebhook, Reference},
    matching::{MASK, is_target},
};
use crate::{
    SecretInput,
    webhooks::{
        AuthenticationInput, FieldProblem, HeaderInput, ProblemCode, ValueInput, WebhookChange, WebhookInput,
        cached::fingerprint,
        hidden::HiddenFacts,
        plan::{PASSWORD, plan, shown_input, sorted, visible_changes},
    },
};
use planradar::{Authentication, Webhook, webhook_rules::masked};
use secrecy::SecretString;

/// What is needed to write a webhook of the file.
pub(super) struct Work {
    pub webhook: FileWebhook,
    pub id: Option<String>,
    /// As it was when this was planned.
    pub base: Option<String>,
    pub decided: Vec<Decided>,
    target: String,
    keep_values: bool,
}

/// What is known of it.
pub(super) struct Known<'a> {
    pub stored: Option<(&'a Webhook, CodeFound)>,
    pub facts: &'a HiddenFacts,
    pub at_hand: &'a AtHand,
    /// On this server leaving a hidden value out surely keeps it.
    pub proven: bool,
}

/// Compares.
pub(super) fn compare(webhook: FileWebhook, known: &Known<'_>) -> (CodeRow, Work, Vec<CodeProblem>) {
    let stored = known.stored.map(|(stored, _)| stored);
    let mut problems = Vec::new();
    let mut work = Work {
        id: stored.map(|s| s.id.clone()),
        base: stored.map(fingerprint),
        decided: decide(&webhook, stored, known.facts, known.at_hand),
        target: target(&webhook, stored, &mut problems),
        keep_values: known.facts.keep,
        webhook,
    };
    work.look_at_authentication(stored, &mut problems);
    work.look_at_visible(stored, &mut problems);
    // A value that is surely another one and not at hand would be set if it were: that is a difference, too.
    let written = work.decided.iter().any(|d| d.is_sent() || d.fate == CodeFate::Missing)
        || stored.is_none_or(|s| !visible_changes(s, &work.planned()).is_empty());
    if let Some(stored) = stored.filter(|_| written) {
        send_along(&mut work.decided, stored, &work.target, known.facts, known.proven);
    }
    // Where nothing is written, nothing needs to be proven.
    let mut plan = plan(stored, &work.planned(), known.facts, known.proven || !written).plan;
    if stored.is_none() {
        plan.changes = all_fields(&work.planned());
    }
    problems.extend(plan.problems.iter().map(|p| work.problem(stored, p)));
    problems.extend(work.missing(stored, &plan.problems));
    for problem in &mut problems {
        problem.webhook = Some(work.webhook.description.is.clone());
    }
    let renamed_from = stored.map(|s| s.description.clone());
    let row = CodeRow {
        line: work.webhook.at.line,
        description: work.webhook.description.is.clone(),
        id: work.id.clone(),
        action: match stored {
            None => CodeAction::Create,
            Some(_) if written => CodeAction::Update,
            Some(_) => CodeAction::Unchanged,
        },
        found: known.stored.map_or(CodeFound::New, |(_, found)| found),
        renamed_from: renamed_from.filter(|old| old.trim() != work.webhook.description.is),
        plan,
        values: work.decided.iter().map(shown).collect(),
    };
    (row, work, problems)
}

/// What a new webhook will have: there is no editor beside it to look at.
fn all_fields(input: &WebhookInput) -> Vec<WebhookChange> {
    let field = |name: &str, new: Option<String>| WebhookChange { field: name.to_owned(), old: None, new };
    let username = match &input.authentication {
        AuthenticationInput::Basic { username, .. } => Some(field("username", Some(username.clone()))),
        _ => None,
    };
    [
        field("description", Some(input.description.clone())),
        field("active", Some(input.active.to_string())),
        field("target_url", Some(masked(&input.target_url))),
        field("projects", sorted(input.project_ids.as_deref())),
        field("events", sorted(Some(&input.events))),
    ]
    .into_iter()
    .chain(username)
    .chain(input.headers.iter().map(|h| field(&format!("header {}", h.name), Some(shown_input(h)))))
    .collect()
}

fn shown(value: &Decided) -> CodeValue {
    CodeValue {
        name: value.name.clone(),
        reference: value.hidden.reference.to_string(),
        version: value.hidden.version,
        fate: value.fate,
    }
}

/// A masked target is the stored one, and never sent.
fn target(webhook: &FileWebhook, stored: Option<&Webhook>, problems: &mut Vec<CodeProblem>) -> String {
    let text = &webhook.target_url.is;
    if !text.contains(MASK) {
        return text.clone();
    }
    if let Some(stored) = stored.filter(|s| is_target(text, &s.target_url)) {
        return stored.target_url.clone();
    }
    let message = format!(
        "{MASK} stands for what looks like a secret, and here it is not the same as at PlanRadar. Write the whole URL."
    );
    problems.push(webhook.target_url.at.problem(Code::Masked, message));
    // Anything that is no problem of its own.
    text.replace(MASK, "masked")
}

impl Work {
    /// What the editor would be asked to save. `secret` is asked for what is sent.
    pub fn input(&self, mut secret: impl FnMut(&Reference) -> SecretString) -> WebhookInput {
        let mut value = |name: &str| match self.decided.iter().find(|d| d.name == name) {
            Some(decided) if decided.is_sent() => replace(secret(&decided.hidden.reference)),
            _ => ValueInput::Keep,
        };
        let headers = self.webhook.headers.iter().map(|header| match &header.value {
            FileValue::Visible(text) => HeaderInput {
                name: header.name.is.clone(),
                hidden: false,
                value: replace(SecretString::from(text.is.as_str())),
            },
            FileValue::Hidden(_) => {
                HeaderInput { name: header.name.is.clone(), hidden: true, value: value(&header.name.is) }
            }
        });
        let headers = headers.collect();
        WebhookInput {
            id: self.id.clone(),
            base: self.base.clone(),
            copy_of: None,
            description: self.webhook.description.is.clone(),
            active: self.webhook.active,
            target_url: self.target.clone(),
            project_ids: self.webhook.projects.is.clone(),
            events: self.webhook.events.is.clone(),
            authentication: match &self.webhook.authentication {
                FileAuthentication::None => AuthenticationInput::None,
                FileAuthentication::Unchanged(_) => AuthenticationInput::Other,
                FileAuthentication::Basic { username, .. } => {
                    AuthenticationInput::Basic { username: username.is.clone(), password: value(PASSWORD) }
                }
            },
            headers,
            keep_values: self.keep_values,
        }
    }

    /// The same for planning, which reads no value: one that is at hand was looked at when it was set.
    fn planned(&self) -> WebhookInput {
        self.input(|_| SecretString::from("at-hand"))
    }

    fn look_at_authentication(&self, stored: Option<&Webhook>, problems: &mut Vec<CodeProblem>) {
        let other = stored.is_some_and(|s| s.authentication == Authentication::Other);
        match &self.webhook.authentication {
            FileAuthentication::Unchanged(at) if !other => {
                let message = "unchanged is for a webhook that authenticates in a way that Gatehouse does not know. Write none or basic.";
                problems.push(at.problem(Code::WrongKind, message));
            }
            FileAuthentication::None | FileAuthentication::Basic { .. } if other => {
                let message = "This webhook authenticates in a way that Gatehouse does not know, and would lose it. Write authentication: unchanged.";
                problems.push(self.webhook.at.problem(Code::WrongKind, message));
            }
            _ => {}
        }
    }

    /// What PlanRadar hides does not stand in a file.
    fn look_at_visible(&self, stored: Option<&Webhook>, problems: &mut Vec<CodeProblem>) {
        for header in &self.webhook.headers {
            if let FileValue::Visible(value) = &header.value
                && is_held(stored, &header.name.is)
            {
                let message = "PlanRadar hides this header's value, so it has no place in the file. Refer to it: hidden: keychain:NAME, or hidden: stdin. To make it visible, take the header away first, or use the window.";
                problems.push(CodeProblem {
                    name: Some(header.name.is.clone()),
                    ..value.at.problem(Code::ValueForHidden, message)
                });
            }
        }
    }

    /// A hidden value by the editor's field.
    fn at_field(&self, field: &str) -> Option<&Decided> {
        let name = match field.strip_prefix("headers/").and_then(|rest| rest.strip_suffix("/value")) {
            Some(index) => self.webhook.headers.get(index.parse::<usize>().ok()?)?.name.is.as_str(),
            None if field == "password" => PASSWORD,
            None => return None,
        };
        self.decided.iter().find(|d| d.name == name)
    }

    /// The editor's problem, at its line, with this way out.
    fn problem(&self, stored: Option<&Webhook>, found: &FieldProblem) -> CodeProblem {
        let FieldProblem { field, code, message } = found;
        let needed = matches!(code, ProblemCode::EnterAgain | ProblemCode::NothingToKeep);
        let field_code = Some(*code);
        match self.at_field(field).filter(|_| needed) {
            Some(value) if is_other(stored, value) => CodeProblem { field_code, ..needs(value, OTHER) },
            Some(value) => CodeProblem { field_code, ..needs(value, message) },
            None => {
                let problem = self.webhook.at_of(field).problem(Code::Field, message);
                CodeProblem { name: Some(field.clone()), field_code, ..problem }
            }
        }
    }

    /// Values that are needed, although the editor would leave what is there.
    fn missing(&self, stored: Option<&Webhook>, told: &[FieldProblem]) -> Vec<CodeProblem> {
        let known: Vec<_> = told.iter().filter_map(|p| self.at_field(&p.field)).map(|d| &d.name).collect();
        let missing =
            self.decided.iter().filter(|d| d.fate == CodeFate::Missing && !known.contains(&&d.name));
        missing
            .map(|value| {
                let other = is_other(stored, value);
                needs(value, if other { OTHER } else { "PlanRadar holds no value to keep." })
            })
            .collect()
    }
}

const OTHER: &str = "The file asks for another version than this computer has set.";

/// PlanRadar has a value, and it is surely not the file's.
fn is_other(stored: Option<&Webhook>, value: &Decided) -> bool {
    value.fate == CodeFate::Missing && is_held(stored, &value.name)
}

fn needs(value: &Decided, why: &str) -> CodeProblem {
    let way_out = match &value.hidden.reference {
        Reference::Keychain(name) if value.unfit => {
            format!("The value {name} can't be a header's: it has other characters than visible ASCII ones.")
        }
        Reference::Keychain(name) => match (value.version, value.hidden.version) {
            (Some(has), Some(wanted)) if has < wanted => format!(
                "The value {name} is here in version {has}, and the file asks for {wanted}. Set it: gatehouse-cli webhooks value set {name} --version {wanted}."
            ),
            _ => format!("Set it: gatehouse-cli webhooks value set {name}."),
        },
        Reference::Stdin(name) => format!("Give it on standard input, as “{name}”."),
    };
    let name = value.hidden.reference.to_string();
    CodeProblem { name: Some(name), ..value.hidden.at.problem(Code::NeedsValue, format!("{why} {way_out}")) }
}

fn replace(value: SecretString) -> ValueInput {
    ValueInput::Replace { value: SecretInput::from(value) }
}
