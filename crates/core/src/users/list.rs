//! The account's users: page by page, by search, and one by one.

use super::{
    Permission, UserDetail, UserRow, UsersFound, UsersView,
    cached::CachedUser,
    tokens::{TOKENS, cached_counts},
};
use crate::{AreaState, Gatehouse, Result, notices::Notice};
use gatehouse_store::{Account, Cached};
use planradar::{Freshness, MAX_PAGE_SIZE, Page, PageQuery, User, UserRecord, rate_limit::Lane};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Route of the list, and the cache's key.
pub(crate) const LIST: &str = "users.list";
/// What a person gets of a search at once.
const FOUND: u32 = 100;

/// The pages that were loaded, one after the other.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Loaded {
    pub rows: Vec<CachedUser>,
    pub count: Option<u64>,
    pub pages: u32,
    pub complete: bool,
}

impl Gatehouse {
    /// The users as known now. Makes no request.
    pub async fn users_view(&self, account: &str) -> Result<UsersView> {
        let stored = self.account(account).await?;
        let (loaded, counts) = self.known_users(account).await?;
        let as_of = loaded.as_ref().map(|l| l.fetched_at.to_string());
        let loaded = loaded.map(|l| l.body).unwrap_or_default();
        Ok(UsersView {
            account: account.to_owned(),
            state: self.area_state(account, LIST).await?,
            requests_left: requests_left(&loaded),
            count: loaded.count.and_then(|n| u32::try_from(n).ok()),
            complete: loaded.complete,
            rows: rows(&loaded.rows, &stored, &counts),
            as_of,
            tokens_state: self.area_state(account, TOKENS).await?,
            error: None,
        })
    }

    /// Asks for the first page again; those after it are dropped, because they may have moved.
    pub async fn users_refresh(&self, account: &str) -> Result<UsersView> {
        let error = self.load_users(account, Loaded::default(), Lane::Refresh).await.err();
        Ok(UsersView { error, ..self.users_view(account).await? })
    }

    /// Asks for the next page.
    pub async fn users_more(&self, account: &str) -> Result<UsersView> {
        let loaded = self.known_users(account).await?.0.map(|l| l.body).unwrap_or_default();
        let error = self.load_users(account, loaded, Lane::Person).await.err();
        Ok(UsersView { error, ..self.users_view(account).await? })
    }

    /// Loads the page after those that are loaded.
    pub(crate) async fn load_users(&self, account: &str, mut loaded: Loaded, lane: Lane) -> Result<Loaded> {
        if loaded.complete {
            return Ok(loaded);
        }
        let client = self.session(account).await?.client.with(Freshness::Bypass);
        let query = PageQuery { page: loaded.pages + 1, size: MAX_PAGE_SIZE, sort: None, search: None };
        let asked = client.users().page(&query, lane).await;
        let page: Page<User> =
            self.learn_offer(account, LIST, &client, asked, "This server does not list users.").await?;
        loaded.pages += 1;
        loaded.count = page.count;
        let new = page.rows.iter().map(CachedUser::from);
        // Somebody who was added meanwhile moves others to the next page.
        let new: Vec<_> = new.filter(|u| !loaded.rows.iter().any(|known| known.id == u.id)).collect();
        let before = loaded.rows.len();
        loaded.rows.extend(new);
        let (have, got) = (loaded.rows.len() as u64, page.rows.len());
        loaded.complete = match page.count {
            Some(count) => have >= count || loaded.rows.len() == before,
            None => got < MAX_PAGE_SIZE as usize,
        };
        let (key, now, copy) = (account.to_owned(), self.now(), loaded.clone());
        self.db(move |s| s.cache(&key, LIST, &copy, now)).await?;
        self.notifier.notify(Notice::UsersChanged { account: account.to_owned() });
        Ok(loaded)
    }

    /// Asks the server who matches.
    pub async fn users_search(&self, account: &str, search: &str, page: u32) -> Result<UsersFound> {
        let stored = self.account(account).await?;
        let client = self.session(account).await?.client;
        let query = PageQuery { page, size: FOUND, search: Some(search.trim().to_owned()), sort: None };
        let asked = client.users().page(&query, Lane::Person).await;
        let found =
            self.learn_offer(account, LIST, &client, asked, "This server does not list users.").await?;
        let users: Vec<_> = found.rows.iter().map(CachedUser::from).collect();
        let counts = self.known_users(account).await?.1;
        let before = u64::from(page.saturating_sub(1)) * u64::from(FOUND);
        let more =
            found.count.map_or(users.len() == FOUND as usize, |count| before + (users.len() as u64) < count);
        Ok(UsersFound {
            rows: rows(&users, &stored, &counts),
            count: found.count.and_then(|c| u32::try_from(c).ok()),
            page,
            more,
        })
    }

    /// One user, as the server has them now.
    pub async fn user_detail(&self, account: &str, user: &str) -> Result<UserDetail> {
        let client = self.session(account).await?.client.with(Freshness::Bypass);
        let record = client.users().record(user, Lane::Person).await.map_err(|e| self.failure(&e))?;
        self.take_user(account, &record).await?;
        let stored = self.account(account).await?;
        let counts = self.known_users(account).await?.1;
        let cached = CachedUser::from(record.user());
        let permissions = record.user().permissions.as_ref();
        Ok(UserDetail {
            row: rows(std::slice::from_ref(&cached), &stored, &counts).remove(0),
            permissions: permissions
                .map(|p| p.iter().map(|(key, on)| Permission { key: key.clone(), on: *on }).collect()),
            is_me: stored.user_id.as_deref() == Some(user),
            as_of: self.now().to_string(),
        })
    }

    /// A user was read: the list follows without another request.
    pub(crate) async fn take_user(&self, account: &str, record: &UserRecord) -> Result<()> {
        let (key, user) = (account.to_owned(), CachedUser::from(record.user()));
        self.db(move |s| {
            let Some(known) = s.cached::<Loaded>(&key, LIST)? else { return Ok(()) };
            let mut loaded = known.body;
            if let Some(row) = loaded.rows.iter_mut().find(|row| row.id == user.id) {
                *row = user;
            }
            s.cache(&key, LIST, &loaded, known.fetched_at)
        })
        .await?;
        self.notifier.notify(Notice::UsersChanged { account: account.to_owned() });
        Ok(())
    }

    /// What was loaded, and how many tokens each has as far as was asked.
    pub(crate) async fn known_users(
        &self,
        account: &str,
    ) -> Result<(Option<Cached<Loaded>>, HashMap<String, (u32, String)>)> {
        let key = account.to_owned();
        self.db(move |s| Ok((s.cached(&key, LIST)?, cached_counts(s, &key)?))).await
    }

    /// A user of the list, as known now.
    pub(crate) async fn known_user(&self, account: &str, user: &str) -> Result<Option<CachedUser>> {
        let loaded = self.known_users(account).await?.0;
        Ok(loaded.and_then(|l| l.body.rows.into_iter().find(|row| row.id == user)))
    }
}

fn rows(users: &[CachedUser], account: &Account, counts: &HashMap<String, (u32, String)>) -> Vec<UserRow> {
    users.iter().map(|u| u.row(account, counts.get(&u.id).cloned())).collect()
}

/// How many requests it takes to load the rest.
pub(crate) fn requests_left(loaded: &Loaded) -> Option<u32> {
    if loaded.complete {
        return Some(0);
    }
    let left = loaded.count?.saturating_sub(loaded.rows.len() as u64);
    u32::try_from(left.div_ceil(u64::from(MAX_PAGE_SIZE))).ok()
}

/// Whether other users' tokens are known not to be offered.
pub(crate) fn is_not_offered(state: &AreaState) -> bool {
    matches!(state, AreaState::NotOffered { .. })
}
