//! Webhooks. Never a hidden value.

use super::{
    Answer, Document, Done,
    common::{Each, Named, Offer},
    schema,
};
use crate::json::webhooks_code::{CodePlan, CodeReport};
use gatehouse_core::webhooks::{
    self as core, AuthenticationForm, AuthenticationKind, DeliveriesView, EventChoice, HiddenState,
    ProjectRef, WebhookForm, WebhookRow, WebhooksView,
};
use schemars::JsonSchema;
use serde::Serialize;

/// The area's commands.
pub const DOCUMENTS: &[Document] = &[
    Document { command: "webhooks list", schema: schema::<Webhooks> },
    Document { command: "webhooks show", schema: schema::<Webhook> },
    Document { command: "webhooks create", schema: schema::<Answer<Saved>> },
    Document { command: "webhooks update", schema: schema::<Answer<Saved>> },
    Document { command: "webhooks duplicate", schema: schema::<Answer<Saved>> },
    Document { command: "webhooks pause", schema: schema::<Answer<Each>> },
    Document { command: "webhooks resume", schema: schema::<Answer<Each>> },
    Document { command: "webhooks delete", schema: schema::<Answer<Each>> },
    Document { command: "webhooks events", schema: schema::<Events> },
    Document { command: "webhooks deliveries", schema: schema::<Deliveries> },
    Document { command: "webhooks value set", schema: schema::<Answer<Value>> },
    Document { command: "webhooks value list", schema: schema::<Values> },
    Document { command: "webhooks value delete", schema: schema::<Answer<Done>> },
    Document { command: "webhooks export", schema: schema::<Exported> },
    Document { command: "webhooks plan", schema: schema::<CodePlan> },
    Document { command: "webhooks apply", schema: schema::<Answer<CodeReport>> },
    Document { command: "webhooks drift", schema: schema::<CodePlan> },
];

/// `webhooks list`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Webhooks {
    /// Whether the server offers it.
    pub offer: Offer,
    /// In the server's order; those set up by hand last.
    pub webhooks: Vec<Row>,
    /// RFC 3339: when the list was asked for; null = never.
    pub as_of: Option<String>,
}

/// One webhook of the list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Row {
    /// PlanRadar's id; `hand-…` for one that is only remembered here.
    pub id: String,
    /// Its description.
    pub description: String,
    /// Its target, secrets masked.
    pub target: String,
    /// Whether it delivers.
    pub active: bool,
    /// Names of its events.
    pub events: Vec<String>,
    /// Its projects; null = all, also future ones.
    pub projects: Option<Vec<Project>>,
    /// `none`, `basic`, or `other`: in a way that Gatehouse does not know.
    pub authentication: String,
    /// How many headers.
    pub headers: u32,
    /// How many of them are hidden.
    pub hidden_headers: u32,
    /// Set up on PlanRadar's page, only remembered here.
    pub by_hand: bool,
    /// RFC 3339; null = not known.
    pub created_on: Option<String>,
    /// RFC 3339; null = not known or never.
    pub updated_on: Option<String>,
}

/// A project.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Project {
    /// PlanRadar's id.
    pub id: String,
    /// Null = not known.
    pub name: Option<String>,
}

/// `webhooks show`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Webhook {
    /// PlanRadar's id; null = of one that is not created yet.
    pub id: Option<String>,
    /// Its description.
    pub description: String,
    /// Its target, whole.
    pub target_url: String,
    /// Whether it delivers.
    pub active: bool,
    /// Its projects; null = all, also future ones.
    pub projects: Option<Vec<Project>>,
    /// Names of its events.
    pub events: Vec<String>,
    /// `none`, `basic`, or `other`.
    pub authentication: String,
    /// With `basic`: the user name.
    pub username: Option<String>,
    /// With `basic`: the password.
    pub password: Option<Hidden>,
    /// In their order.
    pub headers: Vec<Header>,
    /// Whether hidden values are kept in the keychain too.
    pub keep_values: bool,
}

/// A header.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Header {
    /// Its name.
    pub name: String,
    /// The value of a visible one; null = hidden.
    pub value: Option<String>,
    /// What is known of a hidden one; null = visible.
    pub hidden: Option<Hidden>,
}

/// A hidden value, that PlanRadar never shows again.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Hidden {
    /// PlanRadar has one.
    pub set: bool,
    /// RFC 3339: when it was set from this computer; null = somebody else did.
    pub set_here_at: Option<String>,
    /// It is in the keychain too.
    pub kept_here: bool,
}

/// A webhook that was written.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Saved {
    /// As the server has it now.
    pub webhook: Webhook,
    /// What the server has other than was asked for: `old` is what it has.
    pub differs: Vec<Change>,
    /// Why hidden values could not be kept in the keychain too, although that was asked.
    pub keep_error: Option<super::ErrorFacts>,
}

/// A visible field's change.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Change {
    /// Such as `description`, `target_url`, `header X-Name`.
    pub field: String,
    /// Null = was not there; of `projects`: all.
    pub old: Option<String>,
    /// Null = goes; of `projects`: all.
    pub new: Option<String>,
}

/// `webhooks events`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Events {
    /// The server's list.
    pub events: Vec<Event>,
}

/// An event.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Event {
    /// Such as `ticket_created`.
    pub name: String,
    /// For people.
    pub title: String,
    /// Null = none.
    pub group: Option<String>,
}

/// `webhooks deliveries`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Deliveries {
    /// False: this server does not tell them.
    pub offered: bool,
    /// The newest first.
    pub deliveries: Vec<Delivery>,
}

/// One delivery.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Delivery {
    /// The server's id.
    pub id: String,
    /// Name of the event.
    pub event: String,
    /// RFC 3339.
    pub at: Option<String>,
    /// HTTP status of the answer; null = none came.
    pub status: Option<u16>,
    /// Milliseconds.
    pub duration_ms: Option<u32>,
    /// Which try, from 1.
    pub attempt: Option<u32>,
    /// Why no answer came.
    pub error: Option<String>,
}

/// `webhooks value list`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Values {
    /// By their names.
    pub values: Vec<Value>,
}

/// A value that a file refers to by name. Never the value itself.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Value {
    /// Its name in the account.
    pub name: String,
    /// Grows each time it is set.
    pub version: u32,
    /// RFC 3339.
    pub set_at: String,
    /// False: the keychain may not have this version. Set it again.
    pub kept: bool,
}

/// `webhooks export`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Exported {
    /// The file's text, YAML.
    pub text: String,
}

/// The word that a closed list of core's has on the wire.
pub fn word(of: &impl Serialize) -> String {
    serde_json::to_value(of).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

impl From<WebhooksView> for Webhooks {
    fn from(view: WebhooksView) -> Self {
        Self {
            offer: (&view.state).into(),
            webhooks: view.rows.into_iter().map(Row::from).collect(),
            as_of: view.as_of,
        }
    }
}

fn projects(of: Option<Vec<ProjectRef>>) -> Option<Vec<Project>> {
    of.map(|list| list.into_iter().map(|p| Project { id: p.id, name: p.name }).collect())
}

impl From<WebhookRow> for Row {
    fn from(row: WebhookRow) -> Self {
        Self {
            id: row.id,
            description: row.description,
            target: row.target,
            active: row.active,
            events: row.events,
            projects: projects(row.projects),
            authentication: match row.authentication {
                AuthenticationKind::None => "none",
                AuthenticationKind::Basic => "basic",
                AuthenticationKind::Other => "other",
            }
            .to_owned(),
            headers: row.headers,
            hidden_headers: row.hidden_headers,
            by_hand: row.by_hand,
            created_on: row.created_on,
            updated_on: row.updated_on,
        }
    }
}

impl From<HiddenState> for Hidden {
    fn from(state: HiddenState) -> Self {
        Self { set: state.set, set_here_at: state.set_here_at, kept_here: state.kept_here }
    }
}

impl From<WebhookForm> for Webhook {
    fn from(form: WebhookForm) -> Self {
        let (authentication, username, password) = match form.authentication {
            AuthenticationForm::None => ("none", None, None),
            AuthenticationForm::Basic { username, password } => {
                ("basic", Some(username), Some(password.into()))
            }
            AuthenticationForm::Other => ("other", None, None),
        };
        let header = |h: core::HeaderForm| Header {
            name: h.name,
            value: h.value.filter(|_| !h.hidden),
            hidden: h.hidden.then(|| h.stored.into()),
        };
        Self {
            id: form.id,
            description: form.description,
            target_url: form.target_url,
            active: form.active,
            projects: projects(form.projects),
            events: form.events,
            authentication: authentication.to_owned(),
            username,
            password,
            headers: form.headers.into_iter().map(header).collect(),
            keep_values: form.keep_values,
        }
    }
}

impl From<core::SavedWebhook> for Saved {
    fn from(saved: core::SavedWebhook) -> Self {
        Self {
            webhook: saved.form.into(),
            differs: saved.differs.into_iter().map(Change::from).collect(),
            keep_error: saved.keep_error.as_ref().map(super::ErrorFacts::from),
        }
    }
}

impl From<core::WebhookChange> for Change {
    fn from(change: core::WebhookChange) -> Self {
        Self { field: change.field, old: change.old, new: change.new }
    }
}

impl From<EventChoice> for Event {
    fn from(event: EventChoice) -> Self {
        Self { name: event.name, title: event.title, group: event.group }
    }
}

impl From<DeliveriesView> for Deliveries {
    fn from(view: DeliveriesView) -> Self {
        let one = |d: core::DeliveryRow| Delivery {
            id: d.id,
            event: d.event,
            at: d.at,
            status: d.status,
            duration_ms: d.duration_ms,
            attempt: d.attempt,
            error: d.error,
        };
        Self { offered: view.offered, deliveries: view.rows.into_iter().map(one).collect() }
    }
}

impl From<core::NamedValueRow> for Value {
    fn from(row: core::NamedValueRow) -> Self {
        Self { name: row.name, version: row.version, set_at: row.set_at, kept: row.kept }
    }
}

impl From<&WebhookRow> for Named {
    fn from(row: &WebhookRow) -> Self {
        Self { id: row.id.clone(), name: row.description.clone() }
    }
}
