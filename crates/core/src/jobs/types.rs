//! Long runs as the window shows them.

use crate::{AppError, users::UserPick};
use serde::{Deserialize, Serialize};
use specta::Type;

/// A run over several users, with one or more requests for each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct JobView {
    /// The operation in the journal.
    pub id: String,
    /// Our account id.
    pub account: String,
    /// What it does.
    pub kind: JobKind,
    /// How it stands.
    pub state: JobState,
    /// How many users in all.
    pub total: u32,
    /// How many of them are done, failed ones too.
    pub done: u32,
    /// How many of them were so already.
    pub unchanged: u32,
    /// Those that failed.
    pub failures: Vec<JobFailure>,
    /// Why it halted or stopped by itself; null = it did not.
    pub halted: Option<AppError>,
    /// Seconds that the rest takes at least, as the request limit is used by Gatehouse alone.
    pub seconds_left: u32,
    /// RFC 3339.
    pub started_at: String,
    /// Another running Gatehouse program on this computer has it: only that one can pause or end it.
    pub elsewhere: bool,
}

/// What a run does to each user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum JobKind {
    /// Give 'API Access'.
    GrantApi,
    /// Take 'API Access' away.
    RevokeApi,
    /// Ask for the tokens.
    Inventory,
}

/// How a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// At work, or waiting for the request limit.
    Running,
    /// The person paused it, or the program ended meanwhile: it goes on when asked.
    Paused,
    /// All were tried.
    Finished,
    /// The person cancelled it, or something unexpected ended it.
    Ended,
}

/// A user for whom it failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct JobFailure {
    /// Who.
    pub user: UserPick,
    /// Why.
    pub error: AppError,
}
