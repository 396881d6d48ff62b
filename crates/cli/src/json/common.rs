//! What several areas have in their documents.

use super::ErrorFacts;
use gatehouse_core::{
    AppError, AreaState,
    jobs::{JobFailure, JobKind, JobState, JobView},
    tokens::TokenUse,
    users::UserPick,
};
use schemars::JsonSchema;
use serde::Serialize;

/// Something with an id and a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Named {
    /// PlanRadar's id.
    pub id: String,
    /// Its name.
    pub name: String,
}

impl From<UserPick> for Named {
    fn from(user: UserPick) -> Self {
        Self { id: user.id, name: user.name }
    }
}

/// One that failed.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Failed {
    /// PlanRadar's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Why.
    pub error: ErrorFacts,
}

impl Failed {
    pub fn new(what: Named, error: &AppError) -> Self {
        Self { id: what.id, name: what.name, error: error.into() }
    }
}

impl From<JobFailure> for Failed {
    fn from(failure: JobFailure) -> Self {
        Self::new(failure.user.into(), &failure.error)
    }
}

/// What became of several.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct Each {
    /// Those it was done to.
    pub done: Vec<Named>,
    /// The others.
    pub failed: Vec<Failed>,
}

/// A run over several users.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Run {
    /// For `users resume` and `users cancel`.
    pub id: String,
    /// What it does.
    pub kind: RunKind,
    /// How it stands.
    pub state: RunState,
    /// How many users in all.
    pub total: u32,
    /// How many of them were tried.
    pub tried: u32,
    /// How many of them were so already.
    pub unchanged: u32,
    /// Those that failed.
    pub failed: Vec<Failed>,
    /// Why it halted by itself; null = it did not.
    pub halted: Option<ErrorFacts>,
    /// Seconds that the rest takes at least.
    pub seconds_left: u32,
    /// RFC 3339.
    pub started_at: String,
}

/// What a run does to each user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RunKind {
    /// Give 'API Access'.
    GrantApi,
    /// Take 'API Access' away.
    RevokeApi,
    /// Ask for the tokens.
    Inventory,
}

/// How a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// At work in this program.
    Running,
    /// It goes on when asked.
    Paused,
    /// All were tried.
    Finished,
    /// It was cancelled, or something unexpected ended it.
    Ended,
}

impl From<JobView> for Run {
    fn from(job: JobView) -> Self {
        Self {
            id: job.id,
            kind: match job.kind {
                JobKind::GrantApi => RunKind::GrantApi,
                JobKind::RevokeApi => RunKind::RevokeApi,
                JobKind::Inventory => RunKind::Inventory,
            },
            state: match job.state {
                JobState::Running => RunState::Running,
                JobState::Paused => RunState::Paused,
                JobState::Finished => RunState::Finished,
                JobState::Ended => RunState::Ended,
            },
            total: job.total,
            tried: job.done,
            unchanged: job.unchanged,
            failed: job.failures.into_iter().map(Failed::from).collect(),
            halted: job.halted.as_ref().map(ErrorFacts::from),
            seconds_left: job.seconds_left,
            started_at: job.started_at,
        }
    }
}

/// What a last-used date means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Usage {
    /// The server does not tell.
    Unknown,
    /// Never used.
    Never,
    /// Used by nobody but Gatehouse's own checks.
    OnlyVerified,
    /// Used by a program.
    Used,
}

impl From<TokenUse> for Usage {
    fn from(usage: TokenUse) -> Self {
        match usage {
            TokenUse::Unknown => Self::Unknown,
            TokenUse::Never => Self::Never,
            TokenUse::OnlyVerified => Self::OnlyVerified,
            TokenUse::Used => Self::Used,
        }
    }
}

impl Usage {
    pub fn word(self) -> &'static str {
        match self {
            Self::Unknown => "",
            Self::Never => "never",
            Self::OnlyVerified => "only checked",
            Self::Used => "used",
        }
    }
}

/// Whether this server offers an area over its API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Offer {
    /// Not looked yet.
    Unknown,
    /// Yes.
    Offered,
    /// No.
    NotOffered,
    /// It is there, but not for this user or plan.
    Refused,
}

impl From<&AreaState> for Offer {
    fn from(state: &AreaState) -> Self {
        match state {
            AreaState::Unknown => Self::Unknown,
            AreaState::Offered => Self::Offered,
            AreaState::NotOffered { .. } => Self::NotOffered,
            AreaState::Refused { .. } => Self::Refused,
        }
    }
}

impl RunKind {
    pub fn words(self) -> &'static str {
        match self {
            Self::GrantApi => "give 'API Access'",
            Self::RevokeApi => "take 'API Access' away",
            Self::Inventory => "ask for tokens",
        }
    }
}
