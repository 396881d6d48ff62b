//! What the window knows of Connect.

use crate::{AppError, AreaState};
use serde::{Deserialize, Serialize};
use specta::Type;

/// The Connect area of one account, as known now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ConnectView {
    /// Our account id.
    pub account: String,
    /// Whether the server offers it.
    pub state: AreaState,
    /// How the request stands; null = never learned.
    pub status: Option<ConnectStatus>,
    /// RFC 3339: when that was learned; null = never.
    pub as_of: Option<String>,
    /// Why the last look failed; the status is then the last known one.
    pub error: Option<AppError>,
    /// The request whose answer was lost, in the operations journal; null = none.
    pub unsettled: Option<String>,
}

/// How a request stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ConnectStatus {
    /// Where it is.
    pub state: ConnectState,
    /// RFC 3339; null = never, or not told.
    pub requested_on: Option<String>,
    /// RFC 3339: when it was granted or declined; null = not yet, or not told.
    pub decided_on: Option<String>,
    /// What PlanRadar's people say.
    pub note: Option<String>,
}

/// Where a request is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ConnectState {
    /// Nobody has asked.
    NotRequested,
    /// Asked for.
    Requested,
    /// Being looked at.
    InReview,
    /// Given.
    Granted,
    /// Not given: it may be asked for again.
    Declined,
    /// One that this program doesn't know.
    Other {
        /// The server's word.
        word: String,
    },
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ConnectInput {
    /// Applications to integrate with, 1 to 50.
    pub integrations: Vec<String>,
    /// What it is for.
    pub purpose: String,
    /// Whom to get in touch with.
    pub contact: String,
    /// A telephone number.
    pub phone: Option<String>,
}

/// One thing that should be in order before access is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ConnectCheck {
    /// How it is.
    pub verdict: CheckVerdict,
    /// What was found.
    pub finding: ConnectFinding,
}

/// How one thing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum CheckVerdict {
    /// In order.
    Good,
    /// It will do, but better not.
    Warn,
    /// Not in order.
    Bad,
    /// It can't be told.
    Unknown,
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum ConnectFinding {
    /// The account's plan: Connect needs an API, which Pro and Enterprise have.
    Plan {
        /// `trial`, `basic`, `starter`, `pro`, `enterprise`; null = not known. With `bad`: the server says that it has
        /// no API, whatever it is.
        plan: Option<String>,
    },
    /// Whether this user may ask (assumed: account holders, and whoever has the permission 'Accounts').
    Permission {
        /// Null = not known.
        allowed: Option<bool>,
        /// The account holder may always.
        account_holder: bool,
    },
    /// No token of an integration user is kept here.
    NoToken,
    /// A kept token works.
    TokenWorks {
        /// PlanRadar's id of the token.
        token: String,
        /// Its name.
        name: String,
        /// Whom it acts as; null = the server does not tell.
        user: Option<String>,
        /// True: the person who signs in here, or the account holder, instead of an integration user.
        personal: bool,
    },
    /// A kept token could not be used.
    TokenFails {
        /// PlanRadar's id of the token.
        token: String,
        /// Its name.
        name: String,
        /// Why.
        error: AppError,
    },
    /// What Gatehouse leaves to other programs, Connect's recipes among them.
    Room {
        /// Requests the account has per minute.
        limit: u32,
        /// Those that are left to others.
        left: u32,
        /// RFC 3339: the account is paused until then; null = it is not.
        paused_until: Option<String>,
    },
}
