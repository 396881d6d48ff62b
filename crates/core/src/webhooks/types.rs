//! What the window knows of webhooks, and what it may ask for. No hidden value ever goes out.

use super::WebhookChange;
use crate::{AppError, AreaState, SecretInput};
use serde::{Deserialize, Serialize};
use specta::Type;

/// The Webhooks area of one account, as known now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WebhooksView {
    /// Our account id.
    pub account: String,
    /// Whether the server offers it.
    pub state: AreaState,
    /// All webhooks, in the server's order; those set up by hand last.
    pub rows: Vec<WebhookRow>,
    /// RFC 3339: when the list was fetched; null = never.
    pub as_of: Option<String>,
    /// Why the last refresh failed; the rows are then the last known ones.
    pub error: Option<AppError>,
}

/// One webhook in the list.
#[allow(clippy::struct_excessive_bools)] // Each is a mark of its own in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WebhookRow {
    /// PlanRadar's id; `hand-…` for one that was set up by hand and is only remembered here.
    pub id: String,
    /// Its description.
    pub description: String,
    /// The target, secrets in its query masked.
    pub target: String,
    /// Host of the target, as people read it.
    pub host: String,
    /// True: plain HTTP.
    pub plain_http: bool,
    /// True: the target's query looks as if it held a secret, which everybody sees who may see webhooks.
    pub query_secret: bool,
    /// Names of its events.
    pub events: Vec<String>,
    /// Its projects; null = all, also future ones.
    pub projects: Option<Vec<ProjectRef>>,
    /// How it authenticates.
    pub authentication: AuthenticationKind,
    /// How many headers.
    pub headers: u32,
    /// How many of them are hidden.
    pub hidden_headers: u32,
    /// Whether it delivers.
    pub active: bool,
    /// RFC 3339; null = not known.
    pub created_on: Option<String>,
    /// RFC 3339; null = not known or never.
    pub updated_on: Option<String>,
    /// Set up by hand on PlanRadar's page, only remembered here.
    pub by_hand: bool,
    /// Compares a later state with this one, before a change of the active mark or a deletion.
    pub base: String,
}

/// A project by id and, where known, name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ProjectRef {
    /// PlanRadar's id.
    pub id: String,
    /// Null = not loaded yet, or gone.
    pub name: Option<String>,
}

/// A page of projects to choose from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ProjectsPage {
    /// Those of this page.
    pub rows: Vec<ProjectRef>,
    /// How many match in all; null = the server does not say.
    pub count: Option<u32>,
    /// Which page, from 1.
    pub page: u32,
    /// Whether there is another.
    pub more: bool,
}

/// How a webhook authenticates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum AuthenticationKind {
    /// Not at all.
    None,
    /// HTTP Basic.
    Basic,
    /// In a way that this program does not know; left as it is.
    Other,
}

/// One event of the server's catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct EventChoice {
    /// Such as `ticket_created`.
    pub name: String,
    /// For people.
    pub title: String,
    /// For grouping; null = none.
    pub group: Option<String>,
    /// An example payload as indented JSON; null = none.
    pub example: Option<String>,
}

/// The editor's content for one webhook, new or stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WebhookForm {
    /// Null = a new one; `hand-…` = one that was set up by hand.
    pub id: Option<String>,
    /// The state this form was made from; null = a new one.
    pub base: Option<String>,
    /// Description.
    pub description: String,
    /// Whether it delivers.
    pub active: bool,
    /// Target URL, whole.
    pub target_url: String,
    /// Null = all projects, also future ones.
    pub projects: Option<Vec<ProjectRef>>,
    /// Names of its events, unknown ones too.
    pub events: Vec<String>,
    /// Authentication.
    pub authentication: AuthenticationForm,
    /// Headers, in their order.
    pub headers: Vec<HeaderForm>,
    /// Whether hidden values are kept in the OS keychain too.
    pub keep_values: bool,
}

/// Authentication in the editor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum AuthenticationForm {
    /// None.
    None,
    /// HTTP Basic.
    Basic {
        /// User name.
        username: String,
        /// The stored password.
        password: HiddenState,
    },
    /// Not known to this program; saved as it came.
    Other,
}

/// A header in the editor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HeaderForm {
    /// Name, case kept.
    pub name: String,
    /// Whether PlanRadar hides its value.
    pub hidden: bool,
    /// The value of a visible one.
    pub value: Option<String>,
    /// The stored value of a hidden one.
    pub stored: HiddenState,
}

/// What is known of a hidden value.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HiddenState {
    /// PlanRadar holds one.
    pub set: bool,
    /// RFC 3339: when this program set it; null = somebody else did.
    pub set_here_at: Option<String>,
    /// Its value is in the OS keychain too: it can be duplicated, moved and copied.
    pub kept_here: bool,
}

/// What the editor asks to save.
#[derive(Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WebhookInput {
    /// Null = a new one.
    pub id: Option<String>,
    /// As in the form; or of a conflicting state that is overwritten knowingly.
    pub base: Option<String>,
    /// A duplicate takes kept values from this one.
    pub copy_of: Option<String>,
    /// Description.
    pub description: String,
    /// Whether it delivers.
    pub active: bool,
    /// Target URL.
    pub target_url: String,
    /// Null = all projects.
    pub project_ids: Option<Vec<String>>,
    /// Names of events.
    pub events: Vec<String>,
    /// Authentication.
    pub authentication: AuthenticationInput,
    /// Headers in their order; one left out is removed.
    pub headers: Vec<HeaderInput>,
    /// Keep hidden values in the OS keychain too.
    pub keep_values: bool,
}

/// Authentication as asked for.
#[derive(Clone, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AuthenticationInput {
    /// None.
    None,
    /// HTTP Basic.
    Basic {
        /// User name.
        username: String,
        /// Password.
        password: ValueInput,
    },
    /// As it is; only for a webhook whose kind is not known.
    Other,
}

/// A header as asked for.
#[derive(Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HeaderInput {
    /// Name.
    pub name: String,
    /// Whether PlanRadar hides its value.
    pub hidden: bool,
    /// Its value.
    pub value: ValueInput,
}

/// A value as asked for. What is masked can't be sent back: there is no text for "as it was".
#[derive(Clone, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ValueInput {
    /// The stored hidden value stays.
    Keep,
    /// The value that is kept in the OS keychain is sent again: for duplicating and moving.
    Kept,
    /// A new value.
    Replace {
        /// It.
        value: SecretInput,
    },
}

/// One delivery of a webhook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DeliveryRow {
    /// The server's id.
    pub id: String,
    /// Name of the event.
    pub event: String,
    /// RFC 3339.
    pub at: Option<String>,
    /// HTTP status of the answer; null = none came.
    pub status: Option<u16>,
    /// Milliseconds; null = not known.
    pub duration_ms: Option<u32>,
    /// Which try, from 1.
    pub attempt: Option<u32>,
    /// Why no answer came.
    pub error: Option<String>,
    /// The request, redacted by the server.
    pub request: Option<String>,
    /// The beginning of the answer.
    pub answer: Option<String>,
}

/// Deliveries of a webhook, or why there are none to show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DeliveriesView {
    /// False: this server does not offer them.
    pub offered: bool,
    /// Newest first.
    pub rows: Vec<DeliveryRow>,
    /// RFC 3339.
    pub as_of: String,
}

/// How one webhook of several fared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
pub struct BulkOutcome {
    /// Which.
    pub id: String,
    /// Null = done.
    pub error: Option<AppError>,
}

/// A webhook in a bulk action, as it was shown.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Type)]
pub struct WebhookPick {
    /// PlanRadar's id.
    pub id: String,
    /// Its `base` when it was shown.
    pub base: String,
}

/// What became of a save.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SavedWebhook {
    /// The webhook as the server has it now.
    pub form: WebhookForm,
    /// Why hidden values could not be kept in the OS keychain although that was asked.
    pub keep_error: Option<AppError>,
    /// What the server has other than was asked for: `old` is what it has.
    pub differs: Vec<WebhookChange>,
}
