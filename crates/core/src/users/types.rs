//! What the window knows of the account's users. Never a secret.

use crate::{AppError, AreaState, tokens::TokenUse};
use serde::{Deserialize, Serialize};
use specta::Type;

/// The Users area of one account, as known now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct UsersView {
    /// Our account id.
    pub account: String,
    /// Whether the person may see users here.
    pub state: AreaState,
    /// All that are known: those that were loaded, in the server's order, then those of an earlier list.
    pub rows: Vec<UserRow>,
    /// How many the account has, as the server says; null = it does not say.
    pub count: Option<u32>,
    /// Whether `rows` are all, and none of an earlier list.
    pub complete: bool,
    /// How many requests the rest would take; 0 = none, null = not known.
    pub requests_left: Option<u32>,
    /// RFC 3339: when the first page was fetched; null = never.
    pub as_of: Option<String>,
    /// How many of `rows`, at the end, are of an earlier list: their pages were not loaded again yet.
    pub earlier: u32,
    /// RFC 3339 of the oldest of these; null = there are none.
    pub earlier_as_of: Option<String>,
    /// Whether other users' tokens can be seen and deleted over this server's API.
    pub tokens_state: AreaState,
    /// Why the last refresh failed; the rows are then the last known ones.
    pub error: Option<AppError>,
}

/// Users that match a search, asked from the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct UsersFound {
    /// Those of this page.
    pub rows: Vec<UserRow>,
    /// How many match in all; null = the server does not say.
    pub count: Option<u32>,
    /// Which page, from 1.
    pub page: u32,
    /// Whether there is another.
    pub more: bool,
}

/// One user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct UserRow {
    /// PlanRadar's id.
    pub id: String,
    /// First and last name, or what there is.
    pub name: String,
    /// Mail address; null = not known.
    pub mail: Option<String>,
    /// `account_holder`, `in_house`, `subcontractor`, `watcher`, or PlanRadar's word; null = the server does not tell.
    pub user_type: Option<String>,
    /// Whether the user may sign in; null = not known.
    pub active: Option<bool>,
    /// The permission 'API Access'; null = the server does not tell.
    pub api_access: Option<bool>,
    /// Why 'API Access' can't be changed; null = it can.
    pub locked: Option<ApiLock>,
    /// RFC 3339; null = never or not known.
    pub last_login_on: Option<String>,
    /// Whether the server tells when the user last signed in.
    pub last_login_known: bool,
    /// How many tokens, as last asked; null = not asked yet.
    pub tokens: Option<u32>,
    /// RFC 3339 of that.
    pub tokens_as_of: Option<String>,
}

/// Why a user's 'API Access' can't be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ApiLock {
    /// The account holder has all permissions, always.
    AccountHolder,
    /// Subcontractors and watchers have fixed permissions.
    FixedPermissions,
    /// The server does not tell the user's permissions.
    Unknown,
}

/// A user's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct UserDetail {
    /// What the list shows.
    pub row: UserRow,
    /// Permissions by PlanRadar's names, sorted; null = not told.
    pub permissions: Option<Vec<Permission>>,
    /// Whether this is who Gatehouse is signed in as.
    pub is_me: bool,
    /// RFC 3339.
    pub as_of: String,
}

/// One permission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
pub struct Permission {
    /// Such as `projects`.
    pub key: String,
    /// Whether it is given.
    pub on: bool,
}

/// A user's tokens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct UserTokens {
    /// Whether the server offers it, and this user may.
    pub state: AreaState,
    /// In the server's order.
    pub rows: Vec<UserToken>,
    /// RFC 3339; null = never asked.
    pub as_of: Option<String>,
    /// They are the account holder's, and Gatehouse is not signed in as them: nobody else can delete them.
    pub protected: bool,
    /// Why they could not be asked for now.
    pub error: Option<AppError>,
}

/// A token of another user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct UserToken {
    /// PlanRadar's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// RFC 3339; null = not known.
    pub created_on: Option<String>,
    /// RFC 3339; null = never or not known.
    pub last_used_on: Option<String>,
    /// Whether it was used.
    pub usage: TokenUse,
}

/// A user in an action on several, as shown.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
pub struct UserPick {
    /// PlanRadar's id.
    pub id: String,
    /// Its name, for progress and the log.
    pub name: String,
}

/// A deletion of tokens that is held back for ten seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HeldDeletion {
    /// The operation: `operation_undo` takes it back.
    pub operation: String,
    /// Our account id.
    pub account: String,
    /// Whose.
    pub user: UserPick,
    /// Which.
    pub tokens: Vec<UserToken>,
    /// RFC 3339: then it is sent.
    pub sent_at: String,
}

/// What cutting off access came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CutOffReport {
    /// Whose.
    pub user: UserPick,
    /// Each step in its order.
    pub steps: Vec<CutOffStep>,
    /// How many tokens were deleted.
    pub deleted: u32,
    /// Tokens that are still there; null = it could not be found out.
    pub left: Option<Vec<UserToken>>,
    /// The user can still sign in to PlanRadar with a password; null = not known.
    pub can_sign_in: Option<bool>,
}

/// One step of cutting off access.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
pub struct CutOffStep {
    /// What.
    pub what: CutOffWhat,
    /// Null = done.
    pub error: Option<AppError>,
}

/// Steps of cutting off access.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum CutOffWhat {
    /// 'API Access' taken away, and read back.
    ApiAccess,
    /// The user made inactive.
    Deactivate,
    /// All tokens deleted.
    Tokens,
    /// Listed again.
    Proof,
}

/// The form of a new user, with what there is to choose from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NewUserForm {
    /// The recommended integration user.
    pub input: NewUserInput,
    /// The account's roles, needed for projects.
    pub roles: Vec<RoleChoice>,
    /// In-house licences that are used; null = the server does not tell.
    pub licences_used: Option<u32>,
    /// In-house licences that the plan has.
    pub licences_total: Option<u32>,
}

/// A role to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
pub struct RoleChoice {
    /// PlanRadar's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it may do everything in a project; null = the server does not tell.
    pub admin: Option<bool>,
}

/// A user to create or invite.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NewUserInput {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Mail address, of a mailbox that somebody reads.
    pub mail: String,
    /// Company; may be empty.
    pub company: String,
    /// Position; may be empty.
    pub position: String,
    /// The permission 'API Access'.
    pub api_access: bool,
    /// Projects, each with a role.
    pub memberships: Vec<NewMembership>,
}

/// A project of a new user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NewMembership {
    /// PlanRadar's id of the project.
    pub project_id: String,
    /// PlanRadar's id of the role.
    pub role_id: String,
}
