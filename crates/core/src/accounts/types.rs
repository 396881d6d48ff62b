//! What the window knows of an account.

use serde::{Deserialize, Serialize};
use specta::Type;

/// An account's row in the switcher and its facts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AccountView {
    /// Our id (UUID).
    pub id: String,
    /// The person's name for it.
    pub label: String,
    /// Origin, such as `https://www.planradar.com`.
    pub server: String,
    /// PlanRadar's Account ID.
    pub customer_id: String,
    /// The sandbox inside the program.
    pub demo: bool,
    /// Who the sign-in token acts as; null where the server does not tell and the person has not said.
    pub user: Option<UserFacts>,
    /// Whether that user is the account holder; null = not known.
    pub is_account_holder: Option<bool>,
    /// The account holder's name; null = not known.
    pub account_holder_name: Option<String>,
    /// `trial`, `basic`, `starter`, `pro`, `enterprise`; null = not known.
    pub plan: Option<String>,
    /// Where the sign-in token is.
    pub sign_in: SignIn,
    /// True: this server answers only documented routes; null = not looked yet.
    pub documented_only: Option<bool>,
    /// Requests the account has per minute.
    pub limit: u32,
    /// The most that this computer uses of them.
    pub share: u32,
}

/// Who a token acts as.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct UserFacts {
    /// PlanRadar's user id.
    pub id: String,
    /// First and last name.
    pub name: String,
    /// Mail address.
    pub mail: String,
    /// `account_holder`, `in_house`, `subcontractor`, `watcher`; null = not known.
    pub user_type: Option<String>,
}

/// Where the sign-in token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum SignIn {
    /// In the OS keychain.
    Keychain,
    /// In memory until the program quits.
    Session,
    /// Nowhere: it must be entered again.
    Missing,
}

/// "Add my PlanRadar account".
#[derive(Clone, Debug, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NewAccount {
    /// Empty or null = <https://www.planradar.com>.
    pub server: Option<String>,
    /// Account ID as typed.
    pub customer_id: String,
    /// Null = the name the server tells, or the Account ID.
    pub label: Option<String>,
    /// Keep the token only until the program quits.
    pub session_only: bool,
}

/// A user to choose from when the person says who they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct UserChoice {
    /// PlanRadar's user id.
    pub id: String,
    /// First and last name.
    pub name: String,
    /// Mail address.
    pub mail: String,
}
