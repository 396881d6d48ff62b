//! The audit log of this computer.

use super::{Answer, Document, ErrorFacts, schema};
use gatehouse_core::audit::{AuditActor, AuditArea, AuditDamage, AuditDoubt, AuditIntegrity, AuditRow};
use schemars::JsonSchema;
use serde::Serialize;

/// The area's commands.
pub const DOCUMENTS: &[Document] = &[
    Document { command: "audit list", schema: schema::<Lines> },
    Document { command: "audit verify", schema: schema::<Verified> },
    Document { command: "audit export", schema: schema::<Answer<Exported>> },
];

/// `audit list`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Lines {
    /// Newest first.
    pub lines: Vec<Line>,
    /// Whether older ones fit too.
    pub more: bool,
}

/// One line.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Line {
    /// Its number; grows.
    pub number: u32,
    /// RFC 3339.
    pub at: String,
    /// Gatehouse's id of the account, which may be gone; null = it is about none.
    pub account: Option<String>,
    /// Its name when the line was written.
    pub account_label: Option<String>,
    /// Through what it was done.
    pub through: Through,
    /// What it is about.
    pub area: Area,
    /// Such as `token.delete`.
    pub action: String,
    /// Such as a token's name.
    pub object: String,
    /// Such as `done`.
    pub outcome: String,
    /// The reason, if one was given.
    pub reason: Option<String>,
}

/// Through what something was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Through {
    /// The window.
    Window,
    /// The command line.
    Cli,
    /// Gatehouse itself, going on with what was left open.
    Resume,
}

/// What a line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Area {
    /// Tokens and the sign-in.
    Tokens,
    /// Webhooks.
    Webhooks,
    /// Users.
    Users,
    /// PlanRadar Connect.
    Connect,
    /// Accounts and their routes.
    Accounts,
    /// The audit log itself.
    Audit,
    /// Anything else.
    Other,
}

/// `audit verify`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Verified {
    /// Every sealed line is in its place and as it was.
    Whole {
        /// Lines that are vouched for.
        sealed: u32,
        /// Lines that are not yet.
        unsealed: u32,
    },
    /// Somebody changed it past Gatehouse.
    Broken {
        /// The number of the first line it shows at.
        line: u32,
        /// How.
        damage: Damage,
    },
    /// It can't be told.
    Unverifiable {
        /// Why.
        why: Doubt,
        /// Lines that nothing vouches for yet.
        unsealed: u32,
        /// What the keychain said.
        error: Option<ErrorFacts>,
    },
}

/// What happened to a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Damage {
    /// It is not as it was sealed.
    Changed,
    /// It is gone.
    Removed,
    /// Another stands in its place.
    Reordered,
    /// It has no seal where it must have one.
    Unsealed,
    /// It and those after it were cut off.
    CutTail,
}

/// Why the log can't be verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// The keychain can't be used now.
    Keychain,
    /// The key is not in the keychain any more.
    KeyMissing,
    /// Another program of Gatehouse is about to make the key.
    Elsewhere,
}

/// `audit export`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Exported {
    /// Where it was written to; null = it is in `content`.
    pub file: Option<String>,
    /// The lines as CSV or JSON, where no file was named.
    pub content: Option<String>,
}

impl From<AuditRow> for Line {
    fn from(row: AuditRow) -> Self {
        Self {
            number: row.id,
            at: row.at,
            account: row.account,
            account_label: row.account_label,
            through: match row.actor {
                AuditActor::Window => Through::Window,
                AuditActor::Cli => Through::Cli,
                AuditActor::Resume => Through::Resume,
            },
            area: match row.area {
                AuditArea::Tokens => Area::Tokens,
                AuditArea::Webhooks => Area::Webhooks,
                AuditArea::Users => Area::Users,
                AuditArea::Connect => Area::Connect,
                AuditArea::Accounts => Area::Accounts,
                AuditArea::Audit => Area::Audit,
                AuditArea::Other => Area::Other,
            },
            action: row.action,
            object: row.subject,
            outcome: row.outcome,
            reason: row.reason,
        }
    }
}

impl From<Area> for AuditArea {
    fn from(area: Area) -> Self {
        match area {
            Area::Tokens => Self::Tokens,
            Area::Webhooks => Self::Webhooks,
            Area::Users => Self::Users,
            Area::Connect => Self::Connect,
            Area::Accounts => Self::Accounts,
            Area::Audit => Self::Audit,
            Area::Other => Self::Other,
        }
    }
}

impl From<AuditIntegrity> for Verified {
    fn from(found: AuditIntegrity) -> Self {
        match found {
            AuditIntegrity::Whole { sealed, unsealed } => Self::Whole { sealed, unsealed },
            AuditIntegrity::Broken { line, damage } => Self::Broken {
                line,
                damage: match damage {
                    AuditDamage::Changed => Damage::Changed,
                    AuditDamage::Removed => Damage::Removed,
                    AuditDamage::Reordered => Damage::Reordered,
                    AuditDamage::Unsealed => Damage::Unsealed,
                    AuditDamage::CutTail => Damage::CutTail,
                },
            },
            AuditIntegrity::Unverifiable { why, unsealed, error } => Self::Unverifiable {
                why: match why {
                    AuditDoubt::Keychain => Doubt::Keychain,
                    AuditDoubt::KeyMissing => Doubt::KeyMissing,
                    AuditDoubt::Elsewhere => Doubt::Elsewhere,
                },
                unsealed,
                error: error.as_ref().map(ErrorFacts::from),
            },
        }
    }
}

impl Through {
    pub fn word(self) -> &'static str {
        match self {
            Self::Window => "window",
            Self::Cli => "command line",
            Self::Resume => "resumed",
        }
    }
}
