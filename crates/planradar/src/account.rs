//! The account.

use crate::client::Client;
use crate::error::Result;
use crate::json::Document;
use crate::rate_limit::Lane;
use crate::request::Call;
use crate::routes::ACCOUNT;

/// The call. Made by [`Client::account`].
pub struct AccountApi<'a>(pub(crate) &'a Client);

/// The account. What the server doesn't say is `None`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The customer's name.
    pub name: Option<String>,
    /// What is paid for.
    pub plan: Option<Plan>,
    /// The user who holds the account.
    pub account_holder_id: Option<String>,
    /// The account's request limit.
    pub requests_per_minute: Option<u32>,
    /// In-house users of the plan.
    pub in_house_licences: Option<Licences>,
}

/// In-house users that the plan includes, and how many of them are active now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Licences {
    /// Active in-house users, the account holder included.
    pub used: u32,
    /// The most there may be.
    pub total: u32,
}

/// What is paid for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plan {
    /// Being tried out.
    Trial,
    /// Without API.
    Basic,
    /// Without API.
    Starter,
    /// With API.
    Pro,
    /// With API.
    Enterprise,
    /// One that this program doesn't know.
    Other(String),
}

impl Plan {
    fn read(text: String) -> Self {
        match text.as_str() {
            "trial" => Self::Trial,
            "basic" => Self::Basic,
            "starter" => Self::Starter,
            "pro" => Self::Pro,
            "enterprise" => Self::Enterprise,
            _ => Self::Other(text),
        }
    }
}

impl AccountApi<'_> {
    /// Reads it.
    pub async fn get(&self, lane: Lane) -> Result<Account> {
        let answer = self.0.read(Call::new(&ACCOUNT, lane)).await?;
        let account = Document::parse(&answer)?.one()?;
        let number = |name| account.number(name).and_then(|n| u32::try_from(n).ok());
        Ok(Account {
            name: account.text("name"),
            plan: account.text("plan").map(Plan::read),
            account_holder_id: account.other_id("account-holder-id"),
            requests_per_minute: number("requests-per-minute"),
            in_house_licences: number("in-house-licences-used")
                .zip(number("in-house-licences"))
                .map(|(used, total)| Licences { used, total }),
        })
    }
}
