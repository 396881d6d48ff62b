//! Everyone's tokens: what was found out so far, and the run that finds out more.

use super::{
    CachedUser, UserPick, UserToken,
    list::{LIST, is_not_offered},
    tokens::{NOT_OFFERED, TOKENS},
};
use crate::{
    AppError, AreaState, Code, Gatehouse, Result,
    jobs::{Item, JobKind, JobView},
};
use planradar::{Client, Freshness, rate_limit::Lane};
use serde::{Deserialize, Serialize};
use specta::Type;
use std::collections::HashSet;

/// The account's tokens, as far as they were asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Inventory {
    /// Our account id.
    pub account: String,
    /// Whether the person may see users and their tokens here.
    pub state: AreaState,
    /// One row for each token.
    pub rows: Vec<InventoryRow>,
    /// How many users were asked.
    pub asked: u32,
    /// How many users can use the API, and how many of them were asked.
    pub api_users: u32,
    /// See above.
    pub api_users_asked: u32,
    /// How many others there are, and how many of them were asked.
    pub others: u32,
    /// See above.
    pub others_asked: u32,
    /// Seconds that asking those who can use the API takes at least.
    pub api_seconds: u32,
    /// The same for the others that a run would ask.
    pub others_seconds: u32,
    /// Whether all users are known, which the figures need.
    pub complete: bool,
    /// How many users are known from the newest list; there may be more from an earlier one.
    pub loaded: u32,
    /// How many the account has, as the server says; null = it does not say.
    pub count: Option<u32>,
    /// How many requests it takes to know them all; 0 = none, null = not known.
    pub requests_left: Option<u32>,
    /// RFC 3339 of the oldest answer in it; null = none.
    pub as_of: Option<String>,
    /// From how many days on a token counts as old.
    pub old_days: u32,
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

/// Whose tokens a run asks for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum InventoryWhom {
    /// The account holder and all with the permission 'API Access'.
    ApiUsers,
    /// Those of all others that were not asked yet; when all were, all of them.
    Others,
    /// These only, such as those for whom it failed.
    These {
        /// Who.
        users: Vec<UserPick>,
    },
}

impl Gatehouse {
    /// What is known. Makes no request.
    pub async fn inventory_view(&self, account: &str) -> Result<Inventory> {
        let stored = self.account(account).await?;
        let (known, counts) = self.known_users(account).await?;
        let loaded = known.map(|l| l.body).unwrap_or_default();
        let can = |user: &CachedUser| user.is_holder(&stored) || user.api_access == Some(true);
        let asked: Vec<_> = loaded.all().filter(|user| counts.contains_key(&user.id)).collect();
        let api_asked = asked.iter().filter(|user| can(user)).count();
        let with_tokens = asked.iter().filter(|user| counts.get(&user.id).is_some_and(|(n, _)| *n > 0));
        let ids = with_tokens.map(|user| user.id.clone()).collect();
        let mut tokens = self.known_tokens_of(account, ids).await?;
        let mut rows = Vec::new();
        for user in &asked {
            let Some(answer) = tokens.remove(&user.id) else { continue };
            let as_of = answer.fetched_at.to_string();
            rows.extend(answer.body.into_iter().map(|token| InventoryRow {
                owner: pick(user),
                mail: user.mail.clone(),
                owner_active: user.active,
                holder: user.is_holder(&stored),
                person: is_person(user),
                token,
                as_of: as_of.clone(),
            }));
        }
        let oldest = asked.iter().filter_map(|user| counts.get(&user.id)).map(|(_, as_of)| as_of);
        let oldest = oldest.filter_map(|as_of| as_of.parse::<jiff::Timestamp>().ok()).min();
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let api_users = count(loaded.all().filter(|u| can(u)).count());
        let others = count(loaded.len()).saturating_sub(api_users);
        let others_asked = count(asked.len() - api_asked);
        let others_left = if others_asked >= others { others } else { others - others_asked };
        Ok(Inventory {
            account: account.to_owned(),
            state: self.inventory_state(account).await?,
            rows,
            asked: count(asked.len()),
            api_users,
            api_users_asked: count(api_asked),
            others,
            others_asked,
            api_seconds: self.seconds_for(account, api_users, Lane::Refresh),
            others_seconds: self.seconds_for(account, others_left, Lane::Refresh),
            complete: loaded.complete,
            loaded: count(loaded.rows.len()),
            count: loaded.count.and_then(|n| u32::try_from(n).ok()),
            requests_left: loaded.requests_left(),
            old_days: self.old_days().await?,
            as_of: oldest.map(|at| at.to_string()),
        })
    }

    /// Where users may not be seen, their tokens may not either.
    async fn inventory_state(&self, account: &str) -> Result<AreaState> {
        match self.area_state(account, LIST).await? {
            AreaState::Unknown | AreaState::Offered => self.area_state(account, TOKENS).await,
            closed => Ok(closed),
        }
    }

    /// Asks for tokens, one user after the other. All users are loaded first, where they are not. One such run at a time.
    pub async fn inventory_start(&self, account: &str, whom: InventoryWhom) -> Result<JobView> {
        let _once = self.only_once(format!("inventory {account}"))?;
        if self.jobs_list(account).await?.iter().any(|job| job.kind == JobKind::Inventory) {
            let why = "Tokens are being asked for already. Let that go on, or cancel it first.";
            return Err(AppError::new(Code::Stale, why));
        }
        if is_not_offered(&self.inventory_state(account).await?) {
            return Err(AppError::new(Code::NotOffered, NOT_OFFERED));
        }
        let users = match whom {
            InventoryWhom::These { users } => users,
            InventoryWhom::ApiUsers => self.inventory_users(account, false).await?,
            InventoryWhom::Others => self.inventory_users(account, true).await?,
        };
        if users.is_empty() {
            return Err(AppError::new(Code::Gone, "There is nobody to ask."));
        }
        self.job_start(account, JobKind::Inventory, users).await
    }

    async fn inventory_users(&self, account: &str, others: bool) -> Result<Vec<UserPick>> {
        let (known, counts) = self.known_users(account).await?;
        let mut loaded = known.map(|l| l.body).unwrap_or_default();
        while !loaded.complete {
            loaded = self.load_users(account, false, Lane::Refresh).await?;
        }
        let stored = self.account(account).await?;
        let wanted =
            |user: &&CachedUser| (user.is_holder(&stored) || user.api_access == Some(true)) != others;
        let mut users: Vec<_> = loaded.rows.iter().filter(wanted).map(pick).collect();
        let asked: HashSet<_> = users.iter().filter(|u| counts.contains_key(&u.id)).cloned().collect();
        if others && asked.len() < users.len() {
            users.retain(|user| !asked.contains(user));
        }
        Ok(users)
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

/// Waits until the limit lets one request through, behind what a person waits for. Nothing is sent yet.
pub(crate) async fn room_to_ask(app: &Gatehouse, account: &str) -> std::result::Result<Client, Item> {
    let client = app.session(account).await.map_err(Item::from)?.client.with(Freshness::Bypass);
    client.reserve(Lane::Refresh, 1).await.map_err(|error| Item::from(app.failure(&error)))
}

/// Asks for one user's tokens.
pub(crate) async fn ask_for(
    app: &Gatehouse,
    account: &str,
    client: &Client,
    user: &UserPick,
) -> std::result::Result<(), Item> {
    app.fetch_user_tokens(account, client, &user.id, Lane::Refresh).await.map(drop).map_err(Item::from)
}
