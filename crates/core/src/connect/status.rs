//! How the account stands: shown as known, looked at sparingly, and told when PlanRadar has moved.

use super::{ConnectStatus, ConnectView, cached::CachedConnect};
use crate::{
    AreaState, Gatehouse, Result,
    notices::{ConnectNews, Notice},
    operations::Seen,
    sync::lock,
};
use gatehouse_store::{Account, Actor, Cached, OperationState as State};
use jiff::{SignedDuration, Timestamp};
use planradar::{Client, Freshness, rate_limit::Lane};
use std::time::Duration;

pub(super) const STATUS: &str = "connect.status";
const NOT_OFFERED: &str = "This server does not offer PlanRadar Connect over the API. Ask for it on PlanRadar's page; everything is ready to copy.";
/// How old an answer must be before it is asked for again by itself: people decide, and take days.
const SPARINGLY: Duration = Duration::from_mins(10);

/// An answer, with what was known when it was asked for.
pub(super) struct Told {
    pub status: CachedConnect,
    changes: u64,
    seen: Seen,
}

impl Gatehouse {
    /// How it stands, as known now. Makes no request.
    pub async fn connect_view(&self, account: &str) -> Result<ConnectView> {
        self.account(account).await?;
        let known = self.known_connect(account).await?;
        if known.as_ref().is_some_and(|known| known.body.is_open()) {
            self.watch_connect(account, false);
        }
        let open = self.ops_to_settle(account).await?;
        let unsettled = open.iter().find(|op| {
            op.kind.is_of_connect()
                && matches!(op.state(), State::Sent | State::Unknown)
                && !self.is_working_on(op.id())
        });
        Ok(ConnectView {
            account: account.to_owned(),
            state: self.area_state(account, STATUS).await?,
            as_of: known.as_ref().map(|known| known.fetched_at.to_string()),
            status: known.map(|known| ConnectStatus::from(known.body)),
            error: None,
            unsettled: unsettled.map(|op| op.id().to_owned()),
        })
    }

    /// Asks the server: `anyway`, because the person wants to know now; else only when what is known is more than ten
    /// minutes old and the server is not known to lack it. A failure is told in the view.
    pub async fn connect_refresh(&self, account: &str, anyway: bool) -> Result<ConnectView> {
        if !anyway {
            let lacks = matches!(self.area_state(account, STATUS).await?, AreaState::NotOffered { .. });
            let known = self.known_connect(account).await?;
            if lacks || known.is_some_and(|known| !self.is_old(known.fetched_at)) {
                return self.connect_view(account).await;
            }
        }
        self.refreshed_connect(account, if anyway { Lane::Person } else { Lane::Refresh }).await
    }

    /// The same without asking whether it is time.
    pub(crate) async fn refreshed_connect(&self, account: &str, lane: Lane) -> Result<ConnectView> {
        let error = self.refresh_connect(account, lane).await.err();
        Ok(ConnectView { error, ..self.connect_view(account).await? })
    }

    async fn refresh_connect(&self, account: &str, lane: Lane) -> Result<CachedConnect> {
        let client = self.session(account).await?.client.with(Freshness::Bypass);
        let told = self.ask_connect(account, &client, lane).await?;
        let status = told.status.clone();
        self.take_connect(account, told).await?;
        Ok(status)
    }

    /// Asks with a client that may hold reserved slots, and remembers whether the server offers it.
    pub(super) async fn ask_connect(&self, account: &str, client: &Client, lane: Lane) -> Result<Told> {
        let changes = self.list_changes.lock().await.get(&changes_of(account)).copied().unwrap_or_default();
        let seen = self.seen_operations(account).await?;
        let status = client.connect().status(lane).await;
        let status = self.learn_offer(account, STATUS, client, status, NOT_OFFERED).await?;
        Ok(Told { status: status.into(), changes, seen })
    }

    /// Keeps an answer, unless a request of ours overtook it, tells the window, and settles open operations with it.
    pub(super) async fn take_connect(&self, account: &str, told: Told) -> Result<()> {
        let changes = self.list_changes.lock().await;
        if changes.get(&changes_of(account)).copied().unwrap_or_default() == told.changes {
            self.store_connect(account, told.status.clone()).await?;
        }
        drop(changes);
        self.reconcile_connect(account, &told.status, &told.seen).await
    }

    /// Our own request was answered.
    pub(super) async fn take_requested(&self, account: &str, status: CachedConnect) -> Result<()> {
        let mut changes = self.list_changes.lock().await;
        *changes.entry(changes_of(account)).or_default() += 1;
        self.store_connect(account, status).await
    }

    async fn store_connect(&self, account: &str, status: CachedConnect) -> Result<()> {
        let before = self.known_connect(account).await?.map(|known| known.body);
        let is_news = before.is_some_and(|before| status.is_news_since(&before));
        let label = self.account(account).await?.label;
        let news = is_news.then(|| ConnectNews { label, state: status.state.clone() });
        let (key, now) = (account.to_owned(), self.now());
        self.db(move |s| s.cache(&key, STATUS, &status, now)).await?;
        self.notifier.notify(Notice::ConnectChanged { account: account.to_owned(), news });
        Ok(())
    }

    pub(super) async fn known_connect(&self, account: &str) -> Result<Option<Cached<CachedConnect>>> {
        let key = account.to_owned();
        self.db(move |s| s.cached(&key, STATUS)).await
    }

    /// At start: what PlanRadar has yet to decide is looked at, in the window at once, because it may have decided
    /// meanwhile. Not the demo account's, which would start its server.
    pub(crate) async fn watch_connects(&self, accounts: &[Account]) -> Result<()> {
        for account in accounts.iter().filter(|account| !account.demo) {
            if self.known_connect(&account.id).await?.is_some_and(|known| known.body.is_open()) {
                self.watch_connect(&account.id, self.actor == Actor::Window);
            }
        }
        Ok(())
    }

    /// Looks again after ten minutes, and so on, until it is decided.
    pub(super) fn watch_connect(&self, account: &str, at_once: bool) {
        if !lock(&self.connect_watches).insert(account.to_owned()) {
            return;
        }
        let (this, account) = (self.this.clone(), account.to_owned());
        tokio::spawn(async move {
            let mut wait = if at_once { Duration::ZERO } else { SPARINGLY };
            loop {
                tokio::time::sleep(wait).await;
                wait = SPARINGLY;
                let Some(this) = this.upgrade() else { return };
                if !this.look_at_open_connect(&account).await {
                    lock(&this.connect_watches).remove(&account);
                    return;
                }
            }
        });
    }

    /// Returns whether it is to be looked at again.
    async fn look_at_open_connect(&self, account: &str) -> bool {
        let known = match self.known_connect(account).await {
            Ok(Some(known)) if known.body.is_open() => known,
            _ => return false,
        };
        if !self.is_old(known.fetched_at) {
            return true;
        }
        match self.refresh_connect(account, Lane::Refresh).await {
            Ok(status) => status.is_open(),
            // Offline, perhaps: the next look comes in ten minutes, unless the account is gone.
            Err(_) => self.account(account).await.is_ok(),
        }
    }

    fn is_old(&self, at: Timestamp) -> bool {
        let age = self.now() - at;
        // A wall clock stepped backwards tells nothing.
        age.is_negative() || age >= SignedDuration::try_from(SPARINGLY).unwrap_or(SignedDuration::ZERO)
    }
}

/// Counts requests of ours, as for tokens.
fn changes_of(account: &str) -> String {
    format!("connect of {account}")
}
