//! What the Overview shows. Every figure has its "as of".

use serde::Serialize;
use specta::Type;

/// One account at a glance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Overview {
    /// Our account id.
    pub account: String,
    /// From how many days on a token counts as old.
    pub old_days: u32,
    /// Own tokens; null = never listed.
    pub tokens: Option<TokenFigures>,
    /// Webhooks; null = never listed.
    pub webhooks: Option<WebhookFigures>,
    /// Users; null = never listed.
    pub users: Option<UserFigures>,
    /// Replacements that are begun and not finished.
    pub replacements: Vec<ReplacementFigure>,
    /// What needs attention, most pressing first within its kind.
    pub attention: Vec<Attention>,
    /// How many were called "not a problem".
    pub dismissed: u32,
    /// Requests that this program sent in the last ten minutes: 60 counts of 10 seconds, the oldest first.
    pub requests: Vec<u32>,
}

/// Figures of own tokens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TokenFigures {
    /// All.
    pub total: u32,
    /// Never used, not even by a check of ours.
    pub never_used: u32,
    /// Not used for 90 days.
    pub unused: u32,
    /// Whose value is kept on this computer.
    pub kept: u32,
    /// RFC 3339.
    pub as_of: String,
}

/// Figures of webhooks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WebhookFigures {
    /// That deliver.
    pub active: u32,
    /// That do not.
    pub paused: u32,
    /// Active ones whose last delivery failed; null = no deliveries were looked at.
    pub failing: Option<u32>,
    /// RFC 3339.
    pub as_of: String,
}

/// Figures of users.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct UserFigures {
    /// All; null = the server does not tell.
    pub total: Option<u32>,
    /// With 'API Access', among those that are loaded.
    pub api: u32,
    /// Whether all are loaded.
    pub complete: bool,
    /// RFC 3339.
    pub as_of: String,
}

/// A replacement that goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
pub struct ReplacementFigure {
    /// The operation.
    pub operation: String,
    /// The new token's name.
    pub subject: String,
}

/// Something that may need doing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
pub struct Attention {
    /// Names it in `attention_dismiss`.
    pub key: String,
    /// What it is.
    pub kind: AttentionKind,
    /// Id of the token (of somebody else: `user/token`), webhook or operation.
    pub id: String,
    /// Its name, for people.
    pub subject: String,
}

/// What may need doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum AttentionKind {
    /// Not used for 90 days.
    TokenUnused,
    /// Older than the chosen age.
    TokenOld,
    /// Its owner is inactive.
    TokenOfInactive,
    /// Its owner is a person; an integration user is recommended.
    TokenOfPerson,
    /// Its last delivery failed.
    WebhookFailing,
    /// It delivers without encryption.
    WebhookPlainHttp,
    /// Its URL has a secret in it.
    WebhookQuerySecret,
    /// Paused for 30 days or more.
    WebhookPausedLong,
    /// A replacement that was begun and not finished.
    ReplacementOpen,
}

impl Attention {
    pub(super) fn new(kind: AttentionKind, id: &str, subject: &str) -> Self {
        let key = format!("{kind:?}/{id}");
        Self { key, kind, id: id.to_owned(), subject: subject.to_owned() }
    }
}
