//! A webhook to be written, and what is wrong with it.

use super::types::{Authentication, Webhook};
use super::unknown::Unknown;
use crate::field_path::FieldPath;
use crate::webhook_rules::{
    CredentialProblem, HeaderPart, HeaderProblem, TargetProblem, check_headers, check_password,
    check_target_url, check_username, masked, query_secret_values, same_destination,
};
use secrecy::{ExposeSecret, SecretString};
use std::fmt;

/// A webhook to be written. It replaces the stored one as a whole.
#[derive(Clone)]
pub struct WebhookDraft {
    /// As people describe it.
    pub description: String,
    /// Whether it delivers.
    pub active: bool,
    /// Where deliveries go. Blanks around it are not sent.
    pub target_url: String,
    /// `None`: all projects, also future ones.
    pub project_ids: Option<Vec<String>>,
    /// Names of events.
    pub events: Vec<String>,
    /// How it authenticates.
    pub authentication: DraftAuthentication,
    /// Headers in their order. A stored one that is left out is removed.
    pub headers: Vec<DraftHeader>,
    /// From the webhook that is changed; nothing for a new one.
    pub unknown: Unknown,
}

/// Authentication to be written.
#[derive(Clone, Debug)]
pub enum DraftAuthentication {
    /// None.
    None,
    /// HTTP Basic.
    Basic {
        /// User name.
        username: String,
        /// Password.
        password: DraftPassword,
    },
    /// As it came: for [`Authentication::Other`].
    Unchanged,
}

/// A password to be written.
#[derive(Clone, Debug)]
pub enum DraftPassword {
    /// The stored one stays: nothing is sent for it.
    Keep,
    /// A new one.
    Replace(SecretString),
}

/// A header to be written.
#[derive(Clone, Debug)]
pub struct DraftHeader {
    /// Name, sent as it is.
    pub name: String,
    /// Whether the server is to hide the value.
    pub hidden: bool,
    /// Its value.
    pub value: DraftValue,
}

/// A header's value to be written.
#[derive(Clone)]
pub enum DraftValue {
    /// A visible one.
    Plain(String),
    /// The stored hidden one stays: nothing is sent for it.
    Keep,
    /// A new hidden one.
    Replace(SecretString),
}

/// What a draft is checked against.
#[derive(Clone, Copy, Debug)]
pub enum DraftFor<'a> {
    /// A new webhook: there is nothing to keep.
    Create,
    /// A stored webhook that is not at hand.
    Update,
    /// This stored webhook.
    UpdateOf(&'a Webhook),
}

/// One problem of a draft, at its field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftProblem {
    /// Where.
    pub path: FieldPath,
    /// What.
    pub problem: FieldProblem,
}

/// What is wrong with a field. Never holds its content, but for the user name in a URL.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FieldProblem {
    /// The target URL.
    #[error("{0}")]
    Target(TargetProblem),
    /// A header's name or value.
    #[error("{0}")]
    Header(HeaderProblem),
    /// The user name or password.
    #[error("{0}")]
    Credential(CredentialProblem),
    /// There is no stored value to keep.
    #[error("there is no stored value to keep")]
    NothingToKeep,
    /// The destination changes: a stored value must not follow.
    #[error("the destination changes, so this must be entered again")]
    DestinationChanges,
    /// A hidden value is to be kept but shown from now on.
    #[error("a hidden value becomes visible only together with a new value")]
    NeedsNewValue,
    /// A hidden value that isn't held as a secret, or a visible one that is.
    #[error("a hidden value must be a secret, a visible one must not")]
    WrongKind,
    /// The server itself showed a mask where this program knows nothing; sent back, it would be stored.
    #[error(
        "the server sent a mask that would be stored in place of what it hides: change this on the server's page"
    )]
    Mask,
}

impl WebhookDraft {
    /// As it is stored: every hidden value is kept.
    #[must_use]
    pub fn of(webhook: &Webhook) -> Self {
        let headers = webhook.headers.iter().map(|header| DraftHeader {
            name: header.name.clone(),
            hidden: header.hidden,
            value: match (header.hidden, &header.value) {
                (false, Some(value)) => DraftValue::Plain(value.clone()),
                _ => DraftValue::Keep,
            },
        });
        Self {
            description: webhook.description.clone(),
            active: webhook.active,
            target_url: webhook.target_url.clone(),
            project_ids: webhook.project_ids.clone(),
            events: webhook.events.clone(),
            authentication: match &webhook.authentication {
                Authentication::None => DraftAuthentication::None,
                Authentication::Other => DraftAuthentication::Unchanged,
                Authentication::Basic { username } => {
                    DraftAuthentication::Basic { username: username.clone(), password: DraftPassword::Keep }
                }
            },
            headers: headers.collect(),
            unknown: webhook.unknown.clone(),
        }
    }

    /// All that is wrong with it, in the order of the fields. Nothing of a draft with problems is ever sent.
    #[must_use]
    pub fn problems(&self, target: DraftFor<'_>) -> Vec<DraftProblem> {
        let mut found = Vec::new();
        let mut note = |path, problem| found.push(DraftProblem { path, problem });
        if let Err(problem) = check_target_url(&self.target_url) {
            note(FieldPath::TargetUrl, FieldProblem::Target(problem));
        }
        let keeping = Keeping::new(self, target);
        self.authentication_problems(&keeping, &mut note);
        self.header_problems(&keeping, &mut note);
        if self.unknown.masks_in_attributes() {
            note(FieldPath::Whole, FieldProblem::Mask);
        }
        found
    }

    fn authentication_problems(&self, keeping: &Keeping<'_>, note: &mut impl FnMut(FieldPath, FieldProblem)) {
        if let DraftAuthentication::Basic { username, password } = &self.authentication {
            if let Err(problem) = check_username(username) {
                note(FieldPath::Username, FieldProblem::Credential(problem));
            }
            let problem = match password {
                DraftPassword::Keep => keeping.password().err(),
                // Exposed to look at its form; only the verdict leaves.
                DraftPassword::Replace(secret) => {
                    check_password(secret.expose_secret()).err().map(FieldProblem::Credential)
                }
            };
            if let Some(problem) = problem {
                note(FieldPath::Password, problem);
            }
        }
        if self.unknown.masks_in_authentication(&self.authentication) {
            note(FieldPath::Authentication, FieldProblem::Mask);
        }
    }

    fn header_problems(&self, keeping: &Keeping<'_>, note: &mut impl FnMut(FieldPath, FieldProblem)) {
        let basic = matches!(self.authentication, DraftAuthentication::Basic { .. });
        let rows: Vec<_> = self.headers.iter().map(|h| (h.name.as_str(), h.value.text())).collect();
        let mut rows = check_headers(&rows, basic).into_iter().peekable();
        for (index, header) in self.headers.iter().enumerate() {
            while let Some(row) = rows.next_if(|row| row.index == index) {
                let path = match row.part {
                    HeaderPart::Name => FieldPath::HeaderName(index),
                    HeaderPart::Value => FieldPath::HeaderValue(index),
                };
                note(path, FieldProblem::Header(row.problem));
            }
            let kind = match (&header.value, header.hidden) {
                (DraftValue::Keep, true) => keeping.header(&header.name),
                (DraftValue::Keep, false) => Err(FieldProblem::NeedsNewValue),
                (DraftValue::Plain(_), false) | (DraftValue::Replace(_), true) => Ok(()),
                _ => Err(FieldProblem::WrongKind),
            };
            if let Err(problem) = kind {
                note(FieldPath::HeaderValue(index), problem);
            }
            if self.unknown.masks_in_header(&header.name) {
                note(FieldPath::Header(index), FieldProblem::Mask);
            }
        }
    }

    /// What must not be quoted of it.
    pub(super) fn secrets(&self) -> Vec<SecretString> {
        let password = match &self.authentication {
            DraftAuthentication::Basic { password: DraftPassword::Replace(secret), .. } => {
                Some(secret.clone())
            }
            _ => None,
        };
        let headers = self.headers.iter().filter_map(|header| match &header.value {
            DraftValue::Replace(secret) => Some(secret.clone()),
            _ => None,
        });
        let query = query_secret_values(&self.target_url).into_iter().map(SecretString::from);
        headers.chain(password).chain(query).collect()
    }
}

impl DraftValue {
    fn text(&self) -> Option<&str> {
        match self {
            Self::Plain(text) => Some(text),
            Self::Keep => None,
            // Exposed to look at its form; only the verdict leaves.
            Self::Replace(secret) => Some(secret.expose_secret()),
        }
    }
}

/// Whether stored values may be kept.
struct Keeping<'a> {
    target: DraftFor<'a>,
    moved: bool,
}

impl<'a> Keeping<'a> {
    fn new(draft: &WebhookDraft, target: DraftFor<'a>) -> Self {
        let moved = match target {
            DraftFor::UpdateOf(stored) => !same_destination(&stored.target_url, draft.target_url.trim()),
            DraftFor::Create | DraftFor::Update => false,
        };
        Self { target, moved }
    }

    fn password(&self) -> Result<(), FieldProblem> {
        self.check(|stored| matches!(stored.authentication, Authentication::Basic { .. }))
    }

    fn header(&self, name: &str) -> Result<(), FieldProblem> {
        self.check(|stored| stored.headers.iter().any(|h| h.hidden && h.name.eq_ignore_ascii_case(name)))
    }

    fn check(&self, is_stored: impl Fn(&Webhook) -> bool) -> Result<(), FieldProblem> {
        match self.target {
            DraftFor::Update => Ok(()),
            DraftFor::UpdateOf(stored) if is_stored(stored) && self.moved => {
                Err(FieldProblem::DestinationChanges)
            }
            DraftFor::UpdateOf(stored) if is_stored(stored) => Ok(()),
            DraftFor::Create | DraftFor::UpdateOf(_) => Err(FieldProblem::NothingToKeep),
        }
    }
}

/// With secrets of the URL masked.
impl fmt::Debug for WebhookDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookDraft")
            .field("description", &self.description)
            .field("active", &self.active)
            .field("target_url", &masked(&self.target_url))
            .field("project_ids", &self.project_ids)
            .field("events", &self.events)
            .field("authentication", &self.authentication)
            .field("headers", &self.headers)
            .field("unknown", &self.unknown)
            .finish()
    }
}

/// Without the value: a visible one, too, is nothing for logs.
impl fmt::Debug for DraftValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Plain(_) => "Plain",
            Self::Keep => "Keep",
            Self::Replace(_) => "Replace",
        })
    }
}

#[cfg(test)]
#[path = "draft_tests.rs"]
mod tests;
