//! Webhooks: looked at, changed one by one, and from a file.

mod code;
mod edit;
mod given;
mod plan_text;
mod value;

use super::{
    planned,
    tokens::{as_of, told},
};
use crate::{
    Exit, Outcome,
    args::{Destroy, Read, Write},
    cx::Cx,
    failure::Failure,
    json::{
        common::{Each, Failed, Named},
        webhooks::{Deliveries, Event, Events, Webhook, Webhooks as Document},
    },
    out::{Cell, Out, Table, Text},
    prompt,
};
use clap::{Args, Subcommand};
use gatehouse_core::webhooks::{WebhookPick, WebhookRow};

/// `webhooks …`
#[derive(Debug, Subcommand)]
pub enum Webhooks {
    /// The account's webhooks
    List(Read),
    /// One webhook, with its headers. Hidden values are never shown
    Show(Which),
    /// Create a webhook
    Create(edit::Create),
    /// Change a webhook
    Update(edit::Update),
    /// Create a paused copy. Hidden values come along where they are kept in the keychain
    Duplicate(edit::Duplicate),
    /// Stop deliveries
    Pause(Switch),
    /// Let deliveries go on
    Resume(Switch),
    /// Delete webhooks
    Delete(Delete),
    /// The events that a webhook may be about
    Events,
    /// What was delivered
    Deliveries(Which),
    /// Hidden values that a file refers to by name
    #[command(subcommand)]
    Value(value::Value),
    /// Write the account's webhooks as a file, to standard output. No hidden value is in it
    Export(code::Export),
    /// Show what applying a file would do
    Plan(code::File),
    /// Make the account's webhooks what a file says
    Apply(code::Apply),
    /// As plan, and end with 10 where there are differences
    Drift(code::File),
}

/// A webhook.
#[derive(Debug, Args)]
pub struct Which {
    /// Its id, or its description if only one has it
    webhook: String,
}

/// `webhooks pause`, `webhooks resume`
#[derive(Debug, Args)]
pub struct Switch {
    /// Ids or descriptions
    #[arg(required = true)]
    webhook: Vec<String>,
    #[command(flatten)]
    write: Write,
}

/// `webhooks delete`
#[derive(Debug, Args)]
pub struct Delete {
    /// Ids or descriptions
    #[arg(required = true)]
    webhook: Vec<String>,
    #[command(flatten)]
    destroy: Destroy,
}

impl Webhooks {
    pub async fn run(self, cx: &Cx) -> Outcome {
        match self {
            Self::List(read) => list(cx, read).await,
            Self::Show(args) => show(cx, args).await,
            Self::Create(args) => args.run(cx).await,
            Self::Update(args) => args.run(cx).await,
            Self::Duplicate(args) => args.run(cx).await,
            Self::Pause(args) => switch(cx, args, false).await,
            Self::Resume(args) => switch(cx, args, true).await,
            Self::Delete(args) => delete(cx, args).await,
            Self::Events => events(cx).await,
            Self::Deliveries(args) => deliveries(cx, args).await,
            Self::Value(command) => command.run(cx).await,
            Self::Export(args) => args.run(cx).await,
            Self::Plan(args) => args.run(cx, false).await,
            Self::Apply(args) => args.run(cx).await,
            Self::Drift(args) => args.run(cx, true).await,
        }
    }
}

async fn list(cx: &Cx, read: Read) -> Outcome {
    let view = if read.cached {
        cx.app.webhooks_view(&cx.account().await?.id).await?
    } else {
        let account = cx.signed_in().await?.id;
        let view = cx.app.webhooks_refresh(&account).await?;
        if let Some(error) = view.error {
            return Err(error.into());
        }
        view
    };
    let document = Document::from(view);
    cx.out.answer(&document, |text| {
        let mut table =
            Table::new(&["id", "description", "target", "events", "projects", "active", "auth", "headers"]);
        for row in &document.webhooks {
            let projects = row.projects.as_ref().map_or_else(
                || "all".to_owned(),
                |list| {
                    let names = list.iter().map(|p| p.name.clone().unwrap_or_else(|| p.id.clone()));
                    names.collect::<Vec<_>>().join(", ")
                },
            );
            table.row([
                row.id.as_str().into(),
                row.description.as_str().into(),
                row.target.as_str().into(),
                row.events.join(", ").into(),
                projects.into(),
                row.active.into(),
                row.authentication.as_str().into(),
                row.headers.into(),
            ]);
        }
        text.table(table);
        as_of(text, document.as_of.as_deref());
    })?;
    Ok(Exit::Ok)
}

async fn show(cx: &Cx, args: Which) -> Outcome {
    let account = cx.signed_in().await?.id;
    let row = pick(&rows(cx, &account).await?, &args.webhook)?;
    let webhook = Webhook::from(cx.app.webhook_form(&account, Some(&row.id)).await?);
    cx.out.answer(&webhook, |text| facts(text, &webhook))?;
    Ok(Exit::Ok)
}

/// A webhook as a person reads it.
fn facts(text: &mut Text, webhook: &Webhook) {
    let projects = webhook.projects.as_ref().map_or_else(
        || "all".to_owned(),
        |list| list.iter().map(|p| p.id.as_str()).collect::<Vec<_>>().join(", "),
    );
    text.facts([
        ("id", webhook.id.clone().into()),
        ("description", webhook.description.as_str().into()),
        ("target", webhook.target_url.as_str().into()),
        ("active", webhook.active.into()),
        ("projects", projects.into()),
        ("events", webhook.events.join(", ").into()),
        ("authentication", webhook.authentication.as_str().into()),
        ("user name", webhook.username.clone().into()),
    ]);
    let mut table = Table::new(&["header", "value", "set here", "kept here"]);
    for header in &webhook.headers {
        let hidden = header.hidden.as_ref();
        table.row([
            header.name.as_str().into(),
            header.value.clone().unwrap_or_else(|| "(hidden)".to_owned()).into(),
            Cell::Time(hidden.and_then(|h| h.set_here_at.clone())),
            hidden.map(|h| h.kept_here).into(),
        ]);
    }
    text.table(table);
}

async fn switch(cx: &Cx, args: Switch, active: bool) -> Outcome {
    let account = cx.signed_in().await?.id;
    let picked = picked(cx, &account, &args.webhook).await?;
    let verb = if active { "resume" } else { "pause" };
    if args.write.dry_run {
        let text = format!("{verb}\n  {}\nat PlanRadar.", described(&picked));
        return planned::<Each>(cx.out, &format!("webhook.{verb}"), picked.into_iter().map(|r| r.id), text);
    }
    let picks = picks(&picked);
    let outcomes = cx.whole(cx.app.webhooks_set_active(&account, &picks, active)).await?;
    each(cx, &picked, outcomes)
}

async fn delete(cx: &Cx, args: Delete) -> Outcome {
    let account = cx.signed_in().await?.id;
    let picked = picked(cx, &account, &args.webhook).await?;
    let names = described(&picked);
    if args.destroy.dry_run {
        let text = format!("delete\n  {names}\nat PlanRadar.");
        return planned::<Each>(cx.out, "webhook.delete", picked.into_iter().map(|r| r.id), text);
    }
    let word = (picked.len() > 1).then(|| format!("delete {}", picked.len()));
    let question = format!("Delete\n  {names}\nNothing is delivered any more. This is final.");
    prompt::confirm(&question, word.as_deref(), args.destroy.yes)?;
    let outcomes = cx.whole(cx.app.webhooks_delete(&account, &picks(&picked))).await?;
    each(cx, &picked, outcomes)
}

fn each(cx: &Cx, picked: &[WebhookRow], outcomes: Vec<gatehouse_core::webhooks::BulkOutcome>) -> Outcome {
    let (mut each, mut exit) = (Each::default(), Exit::Ok);
    for (row, outcome) in picked.iter().zip(outcomes) {
        match outcome.error {
            None => each.done.push(Named::from(row)),
            Some(error) => {
                if exit == Exit::Ok {
                    exit = error.code.into();
                }
                each.failed.push(Failed::new(Named::from(row), &error));
            }
        }
    }
    told(cx, &each, exit)
}

async fn events(cx: &Cx) -> Outcome {
    let account = cx.signed_in().await?.id;
    let events = cx.app.webhook_events(&account).await?.into_iter().map(Event::from).collect();
    let document = Events { events };
    cx.out.answer(&document, |text| {
        let mut table = Table::new(&["name", "title", "group"]);
        for event in &document.events {
            table.row([event.name.as_str().into(), event.title.as_str().into(), event.group.clone().into()]);
        }
        text.table(table);
    })?;
    Ok(Exit::Ok)
}

async fn deliveries(cx: &Cx, args: Which) -> Outcome {
    let account = cx.signed_in().await?.id;
    let row = pick(&rows(cx, &account).await?, &args.webhook)?;
    let document = Deliveries::from(cx.app.webhook_deliveries(&account, &row.id).await?);
    if !document.offered {
        Out::warn("This server does not tell what was delivered.");
    }
    cx.out.answer(&document, |text| {
        let mut table = Table::new(&["at", "event", "status", "ms", "try", "error"]);
        for delivery in &document.deliveries {
            table.row([
                Cell::Time(delivery.at.clone()),
                delivery.event.as_str().into(),
                delivery.status.map(u32::from).into(),
                delivery.duration_ms.into(),
                delivery.attempt.into(),
                delivery.error.clone().into(),
            ]);
        }
        text.table(table);
    })?;
    Ok(Exit::Ok)
}

/// The list as the server has it now.
async fn rows(cx: &Cx, account: &str) -> Result<Vec<WebhookRow>, Failure> {
    let view = cx.app.webhooks_refresh(account).await?;
    match view.error {
        Some(error) => Err(error.into()),
        None => Ok(view.rows),
    }
}

/// The webhook with this id, or with this description if only one has it.
fn pick(rows: &[WebhookRow], wanted: &str) -> Result<WebhookRow, Failure> {
    if let Some(row) = rows.iter().find(|row| row.id == wanted) {
        return Ok(row.clone());
    }
    let named: Vec<_> = rows.iter().filter(|row| row.description == wanted).collect();
    match named[..] {
        [row] => Ok(row.clone()),
        [] => Err(Failure::not_found(format!("There is no webhook “{wanted}”."))),
        _ => Err(Failure::usage(format!(
            "{} webhooks are described as “{wanted}”. Name the one you mean by its id: `gatehouse-cli webhooks list`.",
            named.len()
        ))),
    }
}

async fn picked(cx: &Cx, account: &str, wanted: &[String]) -> Result<Vec<WebhookRow>, Failure> {
    let rows = rows(cx, account).await?;
    let mut picked: Vec<WebhookRow> = Vec::new();
    for wanted in wanted {
        let row = pick(&rows, wanted)?;
        // Named twice, by its id and its description perhaps, it is one all the same.
        if picked.iter().all(|known| known.id != row.id) {
            picked.push(row);
        }
    }
    Ok(picked)
}

fn picks(rows: &[WebhookRow]) -> Vec<WebhookPick> {
    rows.iter().map(|row| WebhookPick { id: row.id.clone(), base: row.base.clone() }).collect()
}

fn described(rows: &[WebhookRow]) -> String {
    let lines = rows.iter().map(|row| format!("“{}” (id {}, to {})", row.description, row.id, row.target));
    lines.collect::<Vec<_>>().join("\n  ")
}
