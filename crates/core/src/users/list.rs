//! The account's users: page by page, by search, and one by one.

use super::{
    Permission, UserDetail, UserRow, UsersFound, UsersView,
    cached::CachedUser,
    loaded::{Arrived, Loaded},
    tokens::{TOKENS, cached_counts},
};
use crate::{AreaState, Gatehouse, Result, notices::Notice, sync::lock};
use gatehouse_store::{Account, Cached};
use planradar::{Freshness, MAX_PAGE_SIZE, Page, PageQuery, User, UserRecord, rate_limit::Lane};
use std::{collections::HashMap, ops::ControlFlow, sync::Arc};

/// Route of the list, and the cache's key.
pub(crate) const LIST: &str = "users.list";
/// What a person gets of a search at once.
const FOUND: u32 = 100;

/// What a user's record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Read {
    /// As the server had them when it was asked.
    Only,
    /// The proof of a write of ours.
    AfterWrite,
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
            requests_left: loaded.requests_left(),
            count: loaded.count.and_then(|n| u32::try_from(n).ok()),
            complete: loaded.complete,
            rows: rows(loaded.all(), &stored, &counts),
            as_of,
            earlier: u32::try_from(loaded.earlier.len()).unwrap_or(u32::MAX),
            earlier_as_of: loaded.earlier_as_of.map(|at| at.to_string()),
            tokens_state: self.area_state(account, TOKENS).await?,
            error: None,
        })
    }

    /// Asks for the first page again. Those after it stay as they were, until they are loaded again too.
    pub async fn users_refresh(&self, account: &str) -> Result<UsersView> {
        let error = self.load_users(account, true, Lane::Refresh).await.err();
        Ok(UsersView { error, ..self.users_view(account).await? })
    }

    /// Asks for the next page.
    pub async fn users_more(&self, account: &str) -> Result<UsersView> {
        let error = self.load_users(account, false, Lane::Person).await.err();
        Ok(UsersView { error, ..self.users_view(account).await? })
    }

    /// Loads the page after those that are loaded, or the first one again. Returns the list as it is then.
    pub(crate) async fn load_users(&self, account: &str, anew: bool, lane: Lane) -> Result<Loaded> {
        if let ControlFlow::Break(complete) = self.next_users_page(account, anew).await? {
            return Ok(complete);
        }
        let client = self.session(account).await?.client;
        // Room first: who waits for the limit must not hold up a loader that may go before it.
        let client = client.reserve(lane, 1).await.map_err(|e| self.failure(&e))?;
        let _turn = self.turns.take(&format!("users of {account}")).await;
        let page = match self.next_users_page(account, anew).await? {
            ControlFlow::Continue(page) => page,
            ControlFlow::Break(complete) => return Ok(complete),
        };
        let asked = lock(&self.user_writes).asking();
        let query = PageQuery { page, size: MAX_PAGE_SIZE, sort: None, search: None };
        let answer = client.users().page(&query, lane).await;
        let answer: Page<User> =
            self.learn_offer(account, LIST, &client, answer, "This server does not list users.").await?;
        let (key, now, writes) = (account.to_owned(), self.now(), Arc::clone(&self.user_writes));
        let list = self
            .db(move |s| {
                s.change_cached(&key, LIST, |known| {
                    let writes = lock(&writes);
                    let newest =
                        |user: CachedUser| writes.since(&key, &user.id, asked).cloned().unwrap_or(user);
                    let users = answer.rows.iter().map(|user| newest(user.into())).collect();
                    Some(Loaded::with(known, Arrived { page, users, count: answer.count }, now))
                })
            })
            .await?;
        self.notifier.notify(Notice::UsersChanged { account: account.to_owned() });
        Ok(list.map(|l| l.body).unwrap_or_default())
    }

    /// Which page is to be asked for; or the list, where all are loaded.
    async fn next_users_page(&self, account: &str, anew: bool) -> Result<ControlFlow<Loaded, u32>> {
        if anew {
            return Ok(ControlFlow::Continue(1));
        }
        let known = self.known_users(account).await?.0.map(|l| l.body).unwrap_or_default();
        Ok(if known.complete { ControlFlow::Break(known) } else { ControlFlow::Continue(known.pages + 1) })
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
            rows: rows(users.iter(), &stored, &counts),
            count: found.count.and_then(|c| u32::try_from(c).ok()),
            page,
            more,
        })
    }

    /// One user, as the server has them now.
    pub async fn user_detail(&self, account: &str, user: &str) -> Result<UserDetail> {
        let client = self.session(account).await?.client.with(Freshness::Bypass);
        let asked = lock(&self.user_writes).asking();
        let record = client.users().record(user, Lane::Person).await.map_err(|e| self.failure(&e))?;
        self.take_user(account, &record, asked, Read::Only).await?;
        let stored = self.account(account).await?;
        let counts = self.known_users(account).await?.1;
        let cached = CachedUser::from(record.user());
        let permissions = record.user().permissions.as_ref();
        Ok(UserDetail {
            row: cached.row(&stored, counts.get(user).cloned()),
            permissions: permissions
                .map(|p| p.iter().map(|(key, on)| Permission { key: key.clone(), on: *on }).collect()),
            is_me: stored.user_id.as_deref() == Some(user),
            as_of: self.now().to_string(),
        })
    }

    /// A user was read: the list follows without another request.
    pub(crate) async fn take_user(
        &self,
        account: &str,
        record: &UserRecord,
        asked: u64,
        read: Read,
    ) -> Result<()> {
        let (key, user, writes) =
            (account.to_owned(), CachedUser::from(record.user()), Arc::clone(&self.user_writes));
        self.db(move |s| {
            if read == Read::AfterWrite {
                lock(&writes).wrote(&key, &user, asked);
            }
            s.change_cached(&key, LIST, |known: Option<Cached<Loaded>>| {
                let mut known = known?;
                if lock(&writes).since(&key, &user.id, asked).is_some() {
                    return None;
                }
                let row = known.body.find_mut(&user.id)?;
                *row = user;
                Some(known)
            })
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
        Ok(loaded.and_then(|l| l.body.all().find(|row| row.id == user).cloned()))
    }
}

fn rows<'a>(
    users: impl Iterator<Item = &'a CachedUser>,
    account: &Account,
    counts: &HashMap<String, (u32, String)>,
) -> Vec<UserRow> {
    users.map(|u| u.row(account, counts.get(&u.id).cloned())).collect()
}

/// Whether other users' tokens are known not to be offered.
pub(crate) fn is_not_offered(state: &AreaState) -> bool {
    matches!(state, AreaState::NotOffered { .. })
}
