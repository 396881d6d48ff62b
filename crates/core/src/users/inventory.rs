//! Everyone's tokens: what was found out so far, and the run that finds out more.

use super::{CachedUser, UserPick, UserToken};
use crate::{
    AppError, Code, Gatehouse, Result,
    jobs::{Item, JobKind, JobView},
};
use planradar::{Freshness, rate_limit::Lane};
use serde::Serialize;
use specta::Type;

/// The account's tokens, as far as they were asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Inventory {
    /// One row for each token.
    pub rows: Vec<InventoryRow>,
    /// How many users were asked.
    pub asked: u32,
    /// How many users can use the API, and how many of them were asked.
    pub api_users: u32,
    /// See above.
    pub api_users_asked: u32,
    /// How many others there are.
    pub others: u32,
    /// Seconds that asking those who can use the API takes at least.
    pub api_seconds: u32,
    /// The same for all others.
    pub others_seconds: u32,
    /// Whether all users are known, which the figures need.
    pub complete: bool,
    /// RFC 3339 of the oldest answer in it; null = none.
    pub as_of: Option<String>,
}

/// A token with its owner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct InventoryRow {
    /// Whose.
    pub owner: UserPick,
    /// The owner's mail address.
    pub mail: Option<String>,
    /// Whether the owner may sign in; null = not known.
    pub owner_active: Option<bool>,
    /// The owner is the account holder.
    pub holder: bool,
    /// By name and mail the owner is a person; an integration user is recommended.
    pub person: bool,
    /// The token.
    pub token: UserToken,
    /// RFC 3339: when it was asked.
    pub as_of: String,
}

impl Gatehouse {
    /// What is known. Makes no request.
    pub async fn inventory_view(&self, account: &str) -> Result<Inventory> {
        let stored = self.account(account).await?;
        let loaded = self.known_users(account).await?.0.map(|l| l.body).unwrap_or_default();
        let (mut rows, mut asked, mut api_asked, mut oldest) = (Vec::new(), 0, 0, None);
        let can = |user: &CachedUser| user.is_holder(&stored) || user.api_access == Some(true);
        for user in &loaded.rows {
            let Some(known) = self.known_user_tokens(account, &user.id).await? else { continue };
            asked += 1;
            api_asked += u32::from(can(user));
            oldest =
                oldest.map_or(Some(known.fetched_at), |at: jiff::Timestamp| Some(at.min(known.fetched_at)));
            let as_of = known.fetched_at.to_string();
            rows.extend(known.body.into_iter().map(|token| InventoryRow {
                owner: pick(user),
                mail: user.mail.clone(),
                owner_active: user.active,
                holder: user.is_holder(&stored),
                person: is_person(user),
                token,
                as_of: as_of.clone(),
            }));
        }
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let api_users = count(loaded.rows.iter().filter(|u| can(u)).count());
        let others = count(loaded.rows.len()).saturating_sub(api_users);
        Ok(Inventory {
            rows,
            asked,
            api_users,
            api_users_asked: api_asked,
            others,
            api_seconds: self.seconds_for(account, api_users),
            others_seconds: self.seconds_for(account, others),
            complete: loaded.complete,
            as_of: oldest.map(|at| at.to_string()),
        })
    }

    /// Asks for the tokens of the account holder and of those who can use the API; `others`: of all others instead. All
    /// users are loaded first, where they are not.
    pub async fn inventory_start(&self, account: &str, others: bool) -> Result<JobView> {
        let _once = self.only_once(format!("inventory {account}"))?;
        let mut loaded = self.known_users(account).await?.0.map(|l| l.body).unwrap_or_default();
        while !loaded.complete {
            loaded = self.load_users(account, loaded, Lane::Refresh).await?;
        }
        let stored = self.account(account).await?;
        let wanted =
            |user: &&CachedUser| (user.is_holder(&stored) || user.api_access == Some(true)) != others;
        let users: Vec<_> = loaded.rows.iter().filter(wanted).map(pick).collect();
        if users.is_empty() {
            return Err(AppError::new(Code::Gone, "There is nobody to ask."));
        }
        self.job_start(account, JobKind::Inventory, users).await
    }
}

fn pick(user: &CachedUser) -> UserPick {
    UserPick { id: user.id.clone(), name: user.name.clone() }
}

/// Words that a user's name or mail has who is meant for programs.
const PROGRAM_WORDS: [&str; 9] = [
    "api",
    "integration",
    "integrations",
    "bot",
    "service",
    "system",
    "technical",
    "webhook",
    "schnittstelle",
];

/// Whether a user is, by name and mail, a person.
fn is_person(user: &CachedUser) -> bool {
    let text = format!(
        "{} {}",
        user.name,
        user.mail.as_deref().and_then(|m| m.split('@').next()).unwrap_or_default()
    );
    let text = text.to_lowercase();
    let mut words = text.split(|c: char| !c.is_alphanumeric());
    !words.any(|word| PROGRAM_WORDS.contains(&word))
}

/// Asks for one user's tokens, behind what a person waits for.
pub(crate) async fn ask_for(
    app: &Gatehouse,
    account: &str,
    user: &UserPick,
) -> std::result::Result<(), Item> {
    let client = app.session(account).await.map_err(Item::from)?.client.with(Freshness::Bypass);
    app.fetch_user_tokens(account, &client, &user.id, Lane::Refresh).await.map(drop).map_err(Item::from)
}
