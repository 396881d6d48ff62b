//! Users.

use super::{
    Answer, Document, Done, ErrorFacts,
    common::{Each, Named, Offer, Run},
    schema,
    tokens::UserToken,
};
use gatehouse_core::users::{self, CutOffReport, CutOffWhat, UserDetail, UserRow};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// The area's commands.
pub const DOCUMENTS: &[Document] = &[
    Document { command: "users list", schema: schema::<Users> },
    Document { command: "users show", schema: schema::<Detail> },
    Document { command: "users create", schema: schema::<Answer<User>> },
    Document { command: "users invite", schema: schema::<Answer<Invited>> },
    Document { command: "users grant-api", schema: schema::<Answer<Run>> },
    Document { command: "users revoke-api", schema: schema::<Answer<Run>> },
    Document { command: "users runs", schema: schema::<Runs> },
    Document { command: "users resume", schema: schema::<Answer<Run>> },
    Document { command: "users cancel", schema: schema::<Answer<Done>> },
    Document { command: "users tokens", schema: schema::<UserTokens> },
    Document { command: "users delete-token", schema: schema::<Answer<Each>> },
    Document { command: "users cut-off", schema: schema::<Answer<CutOff>> },
];

/// `users list`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Users {
    /// Whether this user may see users here.
    pub offer: Offer,
    /// In the server's order.
    pub users: Vec<User>,
    /// How many there are, or match; null = the server does not tell.
    pub count: Option<u32>,
    /// Whether these are all.
    pub complete: bool,
    /// RFC 3339: when they were asked for; null = never.
    pub as_of: Option<String>,
}

/// One user.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct User {
    /// PlanRadar's id.
    pub id: String,
    /// First and last name.
    pub name: String,
    /// Mail address; null = not known.
    pub mail: Option<String>,
    /// `account_holder`, `in_house`, `subcontractor`, `watcher`, or PlanRadar's word; null = not told.
    pub user_type: Option<String>,
    /// Whether the user may sign in; null = not told.
    pub active: Option<bool>,
    /// The permission 'API Access'; null = not told.
    pub api_access: Option<bool>,
    /// Why that can't be changed; null = it can.
    pub locked: Option<Lock>,
    /// RFC 3339; null = never or not told.
    pub last_login_on: Option<String>,
    /// How many tokens, as last asked; null = never asked.
    pub tokens: Option<u32>,
}

/// Why 'API Access' can't be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Lock {
    /// The account holder has all permissions.
    AccountHolder,
    /// Subcontractors and watchers have fixed permissions.
    FixedPermissions,
    /// The server does not tell the permissions.
    Unknown,
}

/// `users show`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Detail {
    /// The user.
    pub user: User,
    /// By PlanRadar's names; null = not told.
    pub permissions: Option<BTreeMap<String, bool>>,
    /// Whether Gatehouse signs in as this user.
    pub me: bool,
    /// RFC 3339.
    pub as_of: String,
}

/// `users invite`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Invited {
    /// The mail address.
    pub invited: String,
}

/// `users runs`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Runs {
    /// Those that have not ended.
    pub runs: Vec<Run>,
}

/// `users tokens`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct UserTokens {
    /// Whose.
    pub user: Named,
    /// Whether the server offers it, and this user may.
    pub offer: Offer,
    /// In the server's order.
    pub tokens: Vec<UserToken>,
    /// They are the account holder's: nobody else can delete them.
    pub protected: bool,
    /// RFC 3339: when they were asked for; null = never.
    pub as_of: Option<String>,
}

/// `users cut-off`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CutOff {
    /// Whose.
    pub user: Named,
    /// Each in its order.
    pub steps: Vec<Step>,
    /// How many tokens were deleted.
    pub deleted: u32,
    /// Those that are still there; null = it could not be found out.
    pub left: Option<Vec<UserToken>>,
    /// Whether the user can still sign in with a password; null = not known.
    pub can_sign_in: Option<bool>,
}

/// One step of it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Step {
    /// What.
    pub what: StepWhat,
    /// Null = done.
    pub error: Option<ErrorFacts>,
}

/// Steps of cutting off access.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepWhat {
    /// 'API Access' taken away, and read back.
    ApiAccess,
    /// The user made inactive.
    Deactivate,
    /// All tokens deleted.
    Tokens,
    /// Listed again.
    Proof,
}

impl From<UserRow> for User {
    fn from(row: UserRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            mail: row.mail,
            user_type: row.user_type,
            active: row.active,
            api_access: row.api_access,
            locked: row.locked.map(|lock| match lock {
                users::ApiLock::AccountHolder => Lock::AccountHolder,
                users::ApiLock::FixedPermissions => Lock::FixedPermissions,
                users::ApiLock::Unknown => Lock::Unknown,
            }),
            last_login_on: row.last_login_on,
            tokens: row.tokens,
        }
    }
}

impl From<UserDetail> for Detail {
    fn from(detail: UserDetail) -> Self {
        Self {
            user: detail.row.into(),
            permissions: detail.permissions.map(|all| all.into_iter().map(|p| (p.key, p.on)).collect()),
            me: detail.is_me,
            as_of: detail.as_of,
        }
    }
}

impl From<CutOffReport> for CutOff {
    fn from(report: CutOffReport) -> Self {
        Self {
            user: report.user.into(),
            steps: report
                .steps
                .into_iter()
                .map(|step| Step {
                    what: match step.what {
                        CutOffWhat::ApiAccess => StepWhat::ApiAccess,
                        CutOffWhat::Deactivate => StepWhat::Deactivate,
                        CutOffWhat::Tokens => StepWhat::Tokens,
                        CutOffWhat::Proof => StepWhat::Proof,
                    },
                    error: step.error.as_ref().map(ErrorFacts::from),
                })
                .collect(),
            deleted: report.deleted,
            left: report.left.map(|left| left.into_iter().map(UserToken::from).collect()),
            can_sign_in: report.can_sign_in,
        }
    }
}

impl StepWhat {
    pub fn words(self) -> &'static str {
        match self {
            Self::ApiAccess => "'API Access' taken away",
            Self::Deactivate => "made inactive",
            Self::Tokens => "tokens deleted",
            Self::Proof => "listed again: none left",
        }
    }
}
