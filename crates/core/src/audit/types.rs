//! What the window knows of the audit log.

use crate::AppError;
use gatehouse_store::{AuditArea as StoredArea, AuditBreak};
use serde::{Deserialize, Serialize};
use specta::Type;

/// Which lines; null = any.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AuditQuery {
    /// Our account id, or the account's label when the line was written: it may be gone.
    pub account: Option<String>,
    /// What they are about.
    pub area: Option<AuditArea>,
    /// Words that must all be in a line, capitals or not.
    pub text: Option<String>,
    /// RFC 3339: not before.
    pub from: Option<String>,
    /// RFC 3339: before.
    pub to: Option<String>,
}

/// Lines, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AuditPage {
    /// At most 100.
    pub rows: Vec<AuditRow>,
    /// Where the next page begins; null = these were the last.
    pub before: Option<u32>,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AuditRow {
    /// Its number; grows.
    pub id: u32,
    /// RFC 3339.
    pub at: String,
    /// Our account id; it may be gone.
    pub account: Option<String>,
    /// The account's label when the line was written.
    pub account_label: Option<String>,
    /// Through what.
    pub actor: AuditActor,
    /// What it is about.
    pub area: AuditArea,
    /// Such as `token.delete`.
    pub action: String,
    /// Such as a token's name.
    pub subject: String,
    /// Such as `done` or `abandoned`.
    pub outcome: String,
    /// The reason, if one was given.
    pub reason: Option<String>,
}

/// Through what it was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum AuditActor {
    /// The person in the window.
    Window,
    /// The command-line program.
    Cli,
    /// Gatehouse itself, going on with what was left open.
    Resume,
}

/// What a line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum AuditArea {
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

/// Whether the log is as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum AuditIntegrity {
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
        damage: AuditDamage,
    },
    /// It can't be told.
    Unverifiable {
        /// Why.
        why: AuditDoubt,
        /// Lines that nothing vouches for yet.
        unsealed: u32,
        /// What the keychain said.
        error: Option<AppError>,
    },
}

/// What happened to a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum AuditDamage {
    /// It is not as it was sealed.
    Changed,
    /// It is gone.
    Removed,
    /// Another line stands in its place.
    Reordered,
    /// It has no seal where it must have one: put in, or unsealed, from outside.
    Unsealed,
    /// It and those after it were cut off, or the file was put back to an earlier state.
    CutTail,
}

/// Why the log can't be verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum AuditDoubt {
    /// The keychain can't be used now.
    Keychain,
    /// The key, or where the chain ended, is not in the keychain any more, or this data folder was elsewhere.
    KeyMissing,
    /// Another program of Gatehouse that runs is about to make the key.
    Elsewhere,
}

impl From<AuditArea> for StoredArea {
    fn from(area: AuditArea) -> Self {
        match area {
            AuditArea::Tokens => Self::Tokens,
            AuditArea::Webhooks => Self::Webhooks,
            AuditArea::Users => Self::Users,
            AuditArea::Connect => Self::Connect,
            AuditArea::Accounts => Self::Accounts,
            AuditArea::Audit => Self::Audit,
            AuditArea::Other => Self::Other,
        }
    }
}

impl From<StoredArea> for AuditArea {
    fn from(area: StoredArea) -> Self {
        match area {
            StoredArea::Tokens => Self::Tokens,
            StoredArea::Webhooks => Self::Webhooks,
            StoredArea::Users => Self::Users,
            StoredArea::Connect => Self::Connect,
            StoredArea::Accounts => Self::Accounts,
            StoredArea::Audit => Self::Audit,
            StoredArea::Other => Self::Other,
        }
    }
}

impl From<AuditBreak> for AuditDamage {
    fn from(kind: AuditBreak) -> Self {
        match kind {
            AuditBreak::Changed => Self::Changed,
            AuditBreak::Removed => Self::Removed,
            AuditBreak::Reordered => Self::Reordered,
            AuditBreak::Unsealed => Self::Unsealed,
            AuditBreak::CutTail => Self::CutTail,
        }
    }
}
