//! What saving a webhook would do, as the window shows it.

use super::WebhookForm;
use serde::Serialize;
use specta::Type;

/// What saving would do. Makes at most one request (the webhook as it is now).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WebhookPlan {
    /// What can't be saved, by field; saving is refused while there are any.
    pub problems: Vec<FieldProblem>,
    /// Visible fields that change.
    pub changes: Vec<WebhookChange>,
    /// Hidden values, one by one.
    pub hidden: Vec<HiddenChange>,
    /// The destination changes: `[old, new]` origins; every Keep has become "enter again".
    pub destination: Option<(String, String)>,
    /// The target is plain HTTP: header values and payload can be read on the way.
    pub plain_http: bool,
    /// Host in both forms, when it is internationalised: `[unicode, ascii]`.
    pub host_forms: Option<(String, String)>,
    /// Query parameters of the target that look like secrets: PlanRadar shows a URL to everyone who may see webhooks.
    pub query_secrets: Vec<String>,
    /// The webhook was changed elsewhere meanwhile: as it is now, to be compared. With its `base` the next check is against that.
    pub conflict: Option<WebhookForm>,
}

/// A problem at a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
pub struct FieldProblem {
    /// Such as `description`, `target_url`, `events`, `projects`, `username`, `password`, `headers/2/name`, `headers/2/value`.
    pub field: String,
    /// Which kind, for translation.
    pub code: ProblemCode,
    /// In English.
    pub message: String,
}

/// Kinds of problems.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// Nothing was entered.
    Empty,
    /// Too long.
    TooLong,
    /// Not a URL, or not http(s).
    NotAUrl,
    /// User name and password in the URL: use Basic.
    UrlCredentials,
    /// Characters that are not allowed there.
    BadCharacters,
    /// Blanks at its beginning or end.
    OuterSpace,
    /// A name that is there already, ignoring case.
    Duplicate,
    /// A name that PlanRadar or HTTP sets itself.
    Reserved,
    /// Authorization beside Basic.
    AuthorizationBesideBasic,
    /// Only mask characters.
    Masked,
    /// The destination changes: enter it again.
    EnterAgain,
    /// There is no stored value to keep.
    NothingToKeep,
    /// The server refused it.
    Server,
    /// Nothing was chosen.
    NothingChosen,
}

/// A visible field's change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
pub struct WebhookChange {
    /// As in [`FieldProblem::field`]; a header by name: `header X-Name`.
    pub field: String,
    /// Null = was not there.
    pub old: Option<String>,
    /// Null = goes.
    pub new: Option<String>,
}

/// What happens to a hidden value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
pub struct HiddenChange {
    /// The header's name, or `:password`, which no header is called.
    pub name: String,
    /// What happens.
    pub what: HiddenFate,
}

/// Fates of a hidden value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum HiddenFate {
    /// Stays as PlanRadar has it.
    Keep,
    /// Sent again from the OS keychain.
    FromKeychain,
    /// A new one is set.
    Replace,
    /// Goes.
    Remove,
    /// Must be entered again, because the destination changes.
    EnterAgain,
    /// Must be entered again: on this server it is not proven that leaving it out keeps it.
    Unproven,
}
