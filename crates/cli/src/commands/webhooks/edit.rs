//! Creating and changing one webhook: visible fields by flags, hidden values typed or on standard input.

use super::{facts, given, pick, plan_text::change, rows};
use crate::{
    Exit, Outcome,
    args::Write,
    commands::planned,
    cx::Cx,
    failure::Failure,
    json::{Answer, webhooks::Saved},
    out::Out,
};
use clap::Args;
use gatehouse_core::{
    SecretInput,
    webhooks::{
        AuthenticationForm, AuthenticationInput, HeaderForm, HeaderInput, HiddenState, ValueInput,
        WebhookForm, WebhookInput, WebhookPlan,
    },
};
use secrecy::SecretString;

/// What the password is asked for as.
const PASSWORD: &str = "password";

/// Fields that both have.
#[derive(Debug, Args)]
pub struct Fields {
    /// Whether its hidden values are kept in the keychain too
    #[arg(long)]
    keep_values: bool,
    /// A header with a visible value; replaces one of this name
    #[arg(long = "header", value_name = "NAME: VALUE")]
    headers: Vec<String>,
    /// A header with a hidden value, which is asked for
    #[arg(long = "hidden-header", value_name = "NAME")]
    hidden: Vec<String>,
    /// HTTP Basic with this user name; the password is asked for
    #[arg(long, value_name = "USERNAME")]
    basic: Option<String>,
    #[command(flatten)]
    write: Write,
}

/// `webhooks create`
#[derive(Debug, Args)]
pub struct Create {
    /// What it is for
    #[arg(long)]
    description: String,
    /// Where deliveries go
    #[arg(long, value_name = "URL")]
    target: String,
    /// An event, as `webhooks events` names it; several times for several
    #[arg(long = "event", value_name = "NAME", required = true)]
    events: Vec<String>,
    /// A project's id; several times for several [default: all, also future ones]
    #[arg(long = "project", value_name = "ID")]
    projects: Vec<String>,
    /// Don't deliver yet
    #[arg(long)]
    paused: bool,
    #[command(flatten)]
    fields: Fields,
}

/// `webhooks update`: what is not said stays
#[derive(Debug, Args)]
pub struct Update {
    /// Its id, or its description if only one has it
    webhook: String,
    /// What it is for
    #[arg(long)]
    description: Option<String>,
    /// Where deliveries go. Another server needs all hidden values again
    #[arg(long, value_name = "URL")]
    target: Option<String>,
    /// Its events, in place of those it has; several times for several
    #[arg(long = "event", value_name = "NAME")]
    events: Vec<String>,
    /// Its projects' ids, in place of those it has; several times for several
    #[arg(long = "project", value_name = "ID", conflicts_with = "all_projects")]
    projects: Vec<String>,
    /// All projects, also future ones
    #[arg(long)]
    all_projects: bool,
    /// Take a header away
    #[arg(long = "remove-header", value_name = "NAME")]
    removed: Vec<String>,
    /// Without authentication
    #[arg(long, conflicts_with = "basic")]
    no_authentication: bool,
    #[command(flatten)]
    fields: Fields,
}

/// `webhooks duplicate`
#[derive(Debug, Args)]
pub struct Duplicate {
    /// Its id, or its description if only one has it
    webhook: String,
    /// What the copy is for
    #[arg(long)]
    description: String,
    #[command(flatten)]
    fields: Fields,
}

impl Create {
    pub async fn run(self, cx: &Cx) -> Outcome {
        let account = cx.signed_in().await?.id;
        let mut form = cx.app.webhook_form(&account, None).await?;
        form.description = self.description;
        form.target_url = self.target;
        form.events = self.events;
        form.active = !self.paused;
        let mut input = input(&form);
        input.project_ids = Some(self.projects).filter(|list| !list.is_empty());
        self.fields.save(cx, &account, input, "webhook.create").await
    }
}

impl Update {
    pub async fn run(self, cx: &Cx) -> Outcome {
        let account = cx.signed_in().await?.id;
        let row = pick(&rows(cx, &account).await?, &self.webhook)?;
        let form = cx.app.webhook_form(&account, Some(&row.id)).await?;
        let mut input = input(&form);
        if let Some(description) = self.description {
            input.description = description;
        }
        if let Some(target) = self.target {
            input.target_url = target;
        }
        if !self.events.is_empty() {
            input.events = self.events;
        }
        if self.all_projects {
            input.project_ids = None;
        } else if !self.projects.is_empty() {
            input.project_ids = Some(self.projects);
        }
        for name in &self.removed {
            let before = input.headers.len();
            input.headers.retain(|h| !h.name.eq_ignore_ascii_case(name));
            if input.headers.len() == before {
                return Err(Failure::not_found(format!("This webhook has no header “{name}”.")));
            }
        }
        if self.no_authentication {
            input.authentication = AuthenticationInput::None;
        }
        self.fields.save(cx, &account, input, "webhook.update").await
    }
}

impl Duplicate {
    pub async fn run(self, cx: &Cx) -> Outcome {
        let account = cx.signed_in().await?.id;
        let row = pick(&rows(cx, &account).await?, &self.webhook)?;
        let form = cx.app.webhook_duplicate(&account, &row.id).await?;
        let mut input = input(&form);
        input.copy_of = Some(row.id);
        input.description = self.description;
        self.fields.save(cx, &account, input, "webhook.create").await
    }
}

impl Fields {
    async fn save(self, cx: &Cx, account: &str, mut input: WebhookInput, action: &str) -> Outcome {
        input.keep_values |= self.keep_values;
        let wanted: Vec<_> =
            self.hidden.iter().cloned().chain(self.basic.iter().map(|_| PASSWORD.to_owned())).collect();
        let given = if self.write.dry_run {
            // Nothing is asked for: only the form of a value could still be wrong.
            wanted.iter().map(|name| (name.clone(), SecretString::from("not-given"))).collect()
        } else {
            given::ask(&wanted)?
        };
        let value = |name: &str| given.get(name).map(|value| replace(value.clone()));
        for line in &self.headers {
            let (name, text) = line
                .split_once(':')
                .ok_or_else(|| Failure::usage(format!("“{line}” is not NAME: VALUE.")))?;
            set(&mut input, name.trim(), false, replace(SecretString::from(text.trim())));
        }
        for name in &self.hidden {
            set(&mut input, name, true, value(name).unwrap_or(ValueInput::Keep));
        }
        if let Some(username) = &self.basic {
            let password = value(PASSWORD).unwrap_or(ValueInput::Keep);
            input.authentication = AuthenticationInput::Basic { username: username.clone(), password };
        }
        if self.write.dry_run {
            let plan = cx.app.webhook_check(account, &input).await?;
            refuse(&plan, &input)?;
            let to = input.id.clone().unwrap_or_else(|| input.description.clone());
            return planned::<Saved>(cx.out, action, [to], words(&plan, &input));
        }
        let plan = cx.app.webhook_check(account, &input).await?;
        refuse(&plan, &input)?;
        let saved = Saved::from(cx.whole(cx.app.webhook_save(account, &input)).await?);
        cx.out.say(&format!("“{}” is saved.", saved.webhook.description));
        for change in &saved.differs {
            Out::warn(&format!("The server has {} other than was asked for.", change.field));
        }
        if let Some(error) = &saved.keep_error {
            Out::warn(&format!("Its hidden values are not kept here: {}", error.message));
        }
        cx.out.answer(&Answer::Done(saved.clone()), |text| facts(text, &saved.webhook))?;
        Ok(Exit::Ok)
    }
}

/// Nothing changed.
fn input(form: &WebhookForm) -> WebhookInput {
    // A copy has nothing at PlanRadar to keep.
    let stay = |state: &HiddenState| if state.set { ValueInput::Keep } else { ValueInput::Kept };
    let header = |h: &HeaderForm| HeaderInput {
        name: h.name.clone(),
        hidden: h.hidden,
        value: match &h.value {
            Some(text) => replace(SecretString::from(text.as_str())),
            None => stay(&h.stored),
        },
    };
    WebhookInput {
        id: form.id.clone(),
        base: form.base.clone(),
        copy_of: None,
        description: form.description.clone(),
        active: form.active,
        target_url: form.target_url.clone(),
        project_ids: form.projects.as_ref().map(|list| list.iter().map(|p| p.id.clone()).collect()),
        events: form.events.clone(),
        authentication: match &form.authentication {
            AuthenticationForm::None => AuthenticationInput::None,
            AuthenticationForm::Other => AuthenticationInput::Other,
            AuthenticationForm::Basic { username, password } => {
                AuthenticationInput::Basic { username: username.clone(), password: stay(password) }
            }
        },
        headers: form.headers.iter().map(header).collect(),
        keep_values: form.keep_values,
    }
}

fn replace(value: SecretString) -> ValueInput {
    ValueInput::Replace { value: SecretInput::from(value) }
}

fn set(input: &mut WebhookInput, name: &str, hidden: bool, value: ValueInput) {
    let header = HeaderInput { name: name.to_owned(), hidden, value };
    match input.headers.iter_mut().find(|h| h.name.eq_ignore_ascii_case(name)) {
        Some(old) => *old = header,
        None => input.headers.push(header),
    }
}

fn refuse(plan: &WebhookPlan, input: &WebhookInput) -> Result<(), Failure> {
    if plan.problems.is_empty() {
        return Ok(());
    }
    let mut failure = Failure::usage("This can't be saved as it is. Nothing was sent.");
    for problem in &plan.problems {
        failure.add(format!("{}: {}", place(&problem.field, input), problem.message));
    }
    Err(failure)
}

/// A field as the flags name it.
fn place(field: &str, input: &WebhookInput) -> String {
    let header = field.strip_prefix("headers/").and_then(|rest| rest.split('/').next());
    let header = header.and_then(|index| input.headers.get(index.parse::<usize>().ok()?));
    header.map_or_else(|| field.to_owned(), |h| format!("header {}", h.name))
}

fn words(plan: &WebhookPlan, input: &WebhookInput) -> String {
    let verb = if input.id.is_some() { "change" } else { "create" };
    let changes =
        plan.changes.iter().map(|c| format!("\n  {}", change(&c.field, c.old.as_deref(), c.new.as_deref())));
    format!("{verb} “{}”.{}", input.description, changes.collect::<String>())
}
