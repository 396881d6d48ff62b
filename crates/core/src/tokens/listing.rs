//! Asking for the list, and taking an answer in that may be older than what was done meanwhile.

use super::{
    CachedToken,
    cached::carry_over,
    list::{LIST, OWN_CLUES, read_own_uses},
    own::{self, OwnClues},
};
use crate::{Gatehouse, Result, notices::Notice, operations::Seen, session::Session};
use jiff::Timestamp;
use planradar::{Client, Freshness, Token, rate_limit::Lane};

const NOT_OFFERED: &str =
    "This server does not offer tokens over the API. Make them in PlanRadar and paste them here.";

/// A list, with what was known when it was asked for: it tells nothing about what came later.
pub(crate) struct Listed {
    pub rows: Vec<CachedToken>,
    /// The server's clock, if it said.
    pub server_time: Option<Timestamp>,
    asked: Asked,
}

/// Noted before a list is asked for.
pub(crate) struct Asked {
    changes: u64,
    /// The open operations, as they were.
    pub seen: Seen,
}

impl Listed {
    pub fn new(list: Vec<Token>, server_time: Option<Timestamp>, asked: Asked) -> Self {
        Self { rows: list.into_iter().map(CachedToken::from).collect(), server_time, asked }
    }
}

impl Gatehouse {
    /// To be called before a list is asked for.
    pub(crate) async fn before_list(&self, account: &str) -> Result<Asked> {
        let changes = self.list_changes.lock().await.get(account).copied().unwrap_or_default();
        Ok(Asked { changes, seen: self.seen_operations(account).await? })
    }

    /// Lists with a client that may hold reserved slots, and remembers whether the server offers it.
    pub(crate) async fn fetch_list_with(&self, account: &str, client: &Client, lane: Lane) -> Result<Listed> {
        let before = self.before_list(account).await?;
        let list = client.tokens().list(lane).await;
        let list = self.learn_offer(account, LIST, client, list, NOT_OFFERED).await?;
        Ok(Listed::new(list, client.server_time(), before))
    }

    /// Refreshes the list. One that a write of ours overtook is asked for once more.
    pub(crate) async fn fetch_and_take(&self, account: &str, session: &Session, lane: Lane) -> Result<()> {
        let client = session.client.with(Freshness::Bypass);
        for _ in 0..2 {
            let list = self.fetch_list_with(account, &client, lane).await?;
            if self.take_list(account, list).await? {
                break;
            }
        }
        Ok(())
    }

    /// One candidate for our own token is left, and one more list would tell.
    pub(crate) async fn own_nearly_known(&self, account: &str) -> Result<bool> {
        if self.account(account).await?.sign_in_token_id.is_some() {
            return Ok(false);
        }
        let key = account.to_owned();
        let clues = self.db(move |s| s.cached::<OwnClues>(&key, OWN_CLUES)).await?;
        Ok(clues.is_some_and(|c| c.body.candidates.len() == 1))
    }

    /// Stores a list, learns from it, and settles open operations with it. Returns whether it was stored: one that
    /// was asked for before a creation or deletion of ours would undo that.
    pub(crate) async fn take_list(&self, account: &str, list: Listed) -> Result<bool> {
        let stored = self.store_list(account, &list).await?;
        self.reconcile(account, &list.rows, &list.asked.seen).await?;
        Ok(stored)
    }

    async fn store_list(&self, account: &str, list: &Listed) -> Result<bool> {
        let changes = self.list_changes.lock().await;
        if changes.get(account).copied().unwrap_or_default() != list.asked.changes {
            return Ok(false);
        }
        let (key, now, mut rows) = (account.to_owned(), self.now(), list.rows.clone());
        let server_time = list.server_time;
        self.db(move |s| {
            let before = s.cached::<OwnClues>(&key, OWN_CLUES)?.map(|c| c.body);
            let kept = s.kept_tokens(&key)?;
            if let Some(known) = s.cached::<Vec<CachedToken>>(&key, LIST)? {
                for token in &mut rows {
                    if let Some(known_one) = known.body.iter().find(|t| t.id == token.id) {
                        let own = read_own_uses(s, &key, &token.id)?;
                        carry_over(token, known_one, known.fetched_at, &own);
                    }
                }
            }
            let others: Vec<_> =
                rows.iter().filter(|t| !kept.iter().any(|k| k.token_id == t.id)).cloned().collect();
            let clues = own::learn(before.as_ref(), &others, server_time);
            if clues.confirmed {
                let own = clues.candidates.first().cloned();
                s.change_account(&key, |a| {
                    let known = a.sign_in_token_id.take().filter(|id| rows.iter().any(|t| &t.id == id));
                    a.sign_in_token_id = known.or(own);
                })?;
            }
            s.cache(&key, OWN_CLUES, &clues, now)?;
            s.cache(&key, LIST, &rows, now)
        })
        .await?;
        drop(changes);
        self.notifier.notify(Notice::TokensChanged { account: account.to_owned() });
        Ok(true)
    }

    /// A token was created or deleted: the stored list follows without another request.
    pub(crate) async fn change_list(
        &self,
        account: &str,
        change: impl FnOnce(&mut Vec<CachedToken>) + Send + 'static,
    ) -> Result<()> {
        let mut changes = self.list_changes.lock().await;
        *changes.entry(account.to_owned()).or_default() += 1;
        let key = account.to_owned();
        self.db(move |s| {
            let Some(known) = s.cached::<Vec<CachedToken>>(&key, LIST)? else { return Ok(()) };
            let mut list = known.body;
            change(&mut list);
            s.cache(&key, LIST, &list, known.fetched_at)
        })
        .await?;
        drop(changes);
        self.notifier.notify(Notice::TokensChanged { account: account.to_owned() });
        Ok(())
    }
}
