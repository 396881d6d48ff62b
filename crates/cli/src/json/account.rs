//! Accounts.

use super::{Answer, Document, Done, schema};
use gatehouse_core::accounts::{self, AccountView};
use schemars::JsonSchema;
use serde::Serialize;

/// The area's commands.
pub const DOCUMENTS: &[Document] = &[
    Document { command: "account add", schema: schema::<Answer<Account>> },
    Document { command: "account list", schema: schema::<Accounts> },
    Document { command: "account use", schema: schema::<Answer<Account>> },
    Document { command: "account rename", schema: schema::<Answer<Account>> },
    Document { command: "account remove", schema: schema::<Answer<Done>> },
    Document { command: "account sign-in", schema: schema::<Answer<Account>> },
    Document { command: "account status", schema: schema::<AccountStatus> },
];

/// `account list`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Accounts {
    /// In the person's order.
    pub accounts: Vec<Account>,
}

/// An account on this computer.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Account {
    /// Gatehouse's id (UUID).
    pub id: String,
    /// Its name here.
    pub label: String,
    /// Such as `https://www.planradar.com`.
    pub server: String,
    /// PlanRadar's Account ID.
    pub account_id: String,
    /// Whether commands are about it when none is named.
    pub in_use: bool,
    /// The window's demo account, which scripts can't use.
    pub demo: bool,
    /// Where the sign-in token is.
    pub sign_in: SignIn,
    /// Whom it acts as; null = not known.
    pub user: Option<User>,
    /// Whether that is the account holder; null = not known.
    pub account_holder: Option<bool>,
    /// Such as `pro`; null = not known.
    pub plan: Option<String>,
    /// Requests the account has per minute.
    pub limit: u32,
    /// The most that this computer uses of them.
    pub share: u32,
}

/// Whom the sign-in token acts as.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct User {
    /// PlanRadar's id.
    pub id: String,
    /// First and last name.
    pub name: String,
    /// Mail address.
    pub mail: String,
    /// Such as `in_house`; null = not known.
    pub user_type: Option<String>,
}

/// Where a sign-in token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SignIn {
    /// In the OS keychain.
    Keychain,
    /// In memory, for this run.
    Session,
    /// Nowhere: `GATEHOUSE_TOKEN`, or `account sign-in`.
    Missing,
}

/// `account status`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AccountStatus {
    /// The account.
    pub account: Account,
    /// Whether PlanRadar accepted the sign-in token just now; null with `--cached`.
    pub signed_in: Option<bool>,
}

impl Account {
    /// `in_use`: the id of the account in use.
    pub fn new(view: AccountView, in_use: Option<&str>) -> Self {
        Self {
            in_use: in_use == Some(view.id.as_str()),
            id: view.id,
            label: view.label,
            server: view.server,
            account_id: view.customer_id,
            demo: view.demo,
            sign_in: match view.sign_in {
                accounts::SignIn::Keychain => SignIn::Keychain,
                accounts::SignIn::Session => SignIn::Session,
                accounts::SignIn::Missing => SignIn::Missing,
            },
            user: view.user.map(|u| User { id: u.id, name: u.name, mail: u.mail, user_type: u.user_type }),
            account_holder: view.is_account_holder,
            plan: view.plan,
            limit: view.limit,
            share: view.share,
        }
    }
}

impl SignIn {
    /// As the document names it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Keychain => "keychain",
            Self::Session => "session",
            Self::Missing => "missing",
        }
    }
}
