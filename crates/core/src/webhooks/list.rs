//! The list: shown at once as known last, then refreshed.

use super::{
    AuthenticationKind, ProjectRef, WebhookRow, WebhooksView,
    by_hand::ByHand,
    cached::{CachedWebhook, KnownAuthentication},
};
use crate::{AppError, Code, Gatehouse, Result, notices::Notice, operations::Seen, sync::lock};
use gatehouse_store::{Cached, NoteKind};
use planradar::{Client, Freshness, PageQuery, Webhook, rate_limit::Lane};
use std::collections::BTreeMap;

pub(super) use super::cached::fingerprint;

pub(super) const LIST: &str = "webhooks.list";
pub(super) const PROJECT_NAMES: &str = "projects.names";
const NOT_OFFERED: &str = "This server does not offer webhooks over the API. Set them up in PlanRadar; everything is ready to copy.";
/// How many projects' names are asked for with the list, at most.
const NAMES: u32 = 500;

/// A list, with what was known when it was asked for: it tells nothing about what came later.
pub(super) struct Listed {
    pub rows: Vec<Webhook>,
    changes: u64,
    seen: Seen,
}

impl Gatehouse {
    /// The list as known now. Makes no request.
    pub async fn webhooks_view(&self, account: &str) -> Result<WebhooksView> {
        self.account(account).await?;
        let key = account.to_owned();
        let (list, names, by_hand) = self
            .db(move |s| {
                let list: Option<Cached<Vec<CachedWebhook>>> = s.cached(&key, LIST)?;
                let names: Option<Cached<BTreeMap<String, String>>> = s.cached(&key, PROJECT_NAMES)?;
                let by_hand: Vec<(String, ByHand)> = s.webhook_notes(&key, NoteKind::ByHand)?;
                Ok((list, names, by_hand))
            })
            .await?;
        let names = names.map(|n| n.body).unwrap_or_default();
        let by_hand = by_hand.into_iter().map(|(_, w)| WebhookRow { by_hand: true, ..row(w.row, &names) });
        let as_of = list.as_ref().map(|l| l.fetched_at.to_string());
        let listed = list.into_iter().flat_map(|l| l.body).map(|w| row(w, &names));
        Ok(WebhooksView {
            account: account.to_owned(),
            state: self.area_state(account, LIST).await?,
            rows: listed.chain(by_hand).collect(),
            as_of,
            error: None,
        })
    }

    /// Asks the server. A failure is told in the view, whose rows are then the last known ones.
    pub async fn webhooks_refresh(&self, account: &str) -> Result<WebhooksView> {
        self.refreshed_webhooks(account, Lane::Refresh).await
    }

    /// The same for somebody who waits for it.
    pub(crate) async fn webhooks_look(&self, account: &str) -> Result<WebhooksView> {
        self.refreshed_webhooks(account, Lane::Person).await
    }

    async fn refreshed_webhooks(&self, account: &str, lane: Lane) -> Result<WebhooksView> {
        let error = self.refresh_webhooks(account, lane).await.err();
        self.notifier.notify(Notice::WebhooksChanged { account: account.to_owned() });
        Ok(WebhooksView { error, ..self.webhooks_view(account).await? })
    }

    async fn refresh_webhooks(&self, account: &str, lane: Lane) -> Result<()> {
        let client = self.session(account).await?.client.with(Freshness::Bypass);
        for _ in 0..2 {
            let list = self.list_webhooks(account, &client, lane).await?;
            // One that a write of ours overtook is asked for once more.
            if self.take_webhooks(account, list).await? {
                break;
            }
        }
        // Without names the ids are shown: no reason to call the refresh a failure.
        drop(self.learn_project_names(account, &client).await);
        Ok(())
    }

    /// Lists with a client that may hold reserved slots, and remembers whether the server offers it.
    pub(super) async fn list_webhooks(&self, account: &str, client: &Client, lane: Lane) -> Result<Listed> {
        let changes = self.list_changes.lock().await.get(&changes_of(account)).copied().unwrap_or_default();
        let seen = self.seen_operations(account).await?;
        let list = client.webhooks().list(lane).await;
        let rows = self.learn_offer(account, LIST, client, list, NOT_OFFERED).await?;
        Ok(Listed { rows, changes, seen })
    }

    /// Stores a list and settles open operations with it. Returns whether it was stored: one that was asked for
    /// before a write of ours would undo that.
    pub(super) async fn take_webhooks(&self, account: &str, list: Listed) -> Result<bool> {
        let changes = self.list_changes.lock().await;
        let stored = changes.get(&changes_of(account)).copied().unwrap_or_default() == list.changes;
        if stored {
            let cached: Vec<_> = list.rows.iter().map(CachedWebhook::from).collect();
            let (key, now) = (account.to_owned(), self.now());
            self.db(move |s| s.cache(&key, LIST, &cached, now)).await?;
            lock(&self.webhooks).insert(account.to_owned(), list.rows.clone());
        }
        drop(changes);
        self.reconcile_webhooks(account, &list.rows, &list.seen).await?;
        Ok(stored)
    }

    /// One webhook as it is in memory, else as the server has it now.
    pub(super) async fn webhook(&self, account: &str, id: &str) -> Result<Webhook> {
        let known = lock(&self.webhooks).get(account).and_then(|l| l.iter().find(|w| w.id == id).cloned());
        match known {
            Some(webhook) => Ok(webhook),
            None => self.webhook_now(account, &self.session(account).await?.client, id).await,
        }
    }

    /// One webhook as the server has it now.
    pub(super) async fn webhook_now(&self, account: &str, client: &Client, id: &str) -> Result<Webhook> {
        let asked = client.with(Freshness::Bypass).webhooks().get(id, Lane::Person).await;
        match asked {
            Ok(webhook) => {
                self.keep_in_memory(account, webhook.clone()).await?;
                Ok(webhook)
            }
            Err(error) => {
                let why = self.failure(&error);
                if why.code == Code::Gone {
                    return Err(AppError::new(Code::Gone, "This webhook no longer exists at PlanRadar."));
                }
                Err(why)
            }
        }
    }

    /// Takes a single webhook in, in memory and in the list.
    pub(super) async fn keep_in_memory(&self, account: &str, webhook: Webhook) -> Result<()> {
        let copy = CachedWebhook::from(&webhook);
        self.change_webhooks(
            account,
            move |list| match list.iter_mut().find(|w| w.id == copy.id) {
                Some(old) => *old = copy,
                None => list.push(copy),
            },
            |list| match list.iter_mut().find(|w| w.id == webhook.id) {
                Some(old) => *old = webhook,
                None => list.push(webhook),
            },
        )
        .await
    }

    /// Takes a webhook out of both.
    pub(super) async fn unlist_webhook(&self, account: &str, id: &str) -> Result<()> {
        let gone = id.to_owned();
        self.change_webhooks(
            account,
            move |list| list.retain(|w| w.id != gone),
            |list| list.retain(|w| w.id != id),
        )
        .await
    }

    async fn change_webhooks(
        &self,
        account: &str,
        stored: impl FnOnce(&mut Vec<CachedWebhook>) + Send + 'static,
        memory: impl FnOnce(&mut Vec<Webhook>),
    ) -> Result<()> {
        let mut changes = self.list_changes.lock().await;
        *changes.entry(changes_of(account)).or_default() += 1;
        let key = account.to_owned();
        self.db(move |s| {
            let Some(known) = s.cached::<Vec<CachedWebhook>>(&key, LIST)? else { return Ok(()) };
            let mut list = known.body;
            stored(&mut list);
            s.cache(&key, LIST, &list, known.fetched_at)
        })
        .await?;
        memory(lock(&self.webhooks).entry(account.to_owned()).or_default());
        drop(changes);
        self.notifier.notify(Notice::WebhooksChanged { account: account.to_owned() });
        Ok(())
    }

    /// Another program changed the list: of what is in memory only what still is so stays.
    pub(crate) async fn forget_changed_webhooks(&self, account: &str) -> Result<()> {
        let key = account.to_owned();
        let list: Option<Cached<Vec<CachedWebhook>>> = self.db(move |s| s.cached(&key, LIST)).await?;
        let list = list.map(|l| l.body).unwrap_or_default();
        if let Some(known) = lock(&self.webhooks).get_mut(account) {
            known.retain(|webhook| list.iter().any(|w| w.id == webhook.id && w.base == fingerprint(webhook)));
        }
        Ok(())
    }

    /// Names of the projects that webhooks are limited to: one request, when one of them is not known yet.
    async fn learn_project_names(&self, account: &str, client: &Client) -> Result<()> {
        let key = account.to_owned();
        let known: Option<Cached<BTreeMap<String, String>>> =
            self.db(move |s| s.cached(&key, PROJECT_NAMES)).await?;
        let known = known.map(|k| k.body).unwrap_or_default();
        let needed = lock(&self.webhooks).get(account).is_some_and(|list| {
            list.iter().flat_map(|w| w.project_ids.iter().flatten()).any(|id| !known.contains_key(id))
        });
        if !needed {
            return Ok(());
        }
        let query = PageQuery { size: NAMES, ..PageQuery::default() };
        let page = client.projects().page(&query, true, Lane::Refresh).await.map_err(|e| self.failure(&e))?;
        self.remember_projects(account, page.rows.into_iter().map(|p| (p.id, p.name)).collect()).await
    }

    pub(super) async fn remember_projects(&self, account: &str, learnt: Vec<(String, String)>) -> Result<()> {
        let (key, now) = (account.to_owned(), self.now());
        self.db(move |s| {
            let known: Option<Cached<BTreeMap<String, String>>> = s.cached(&key, PROJECT_NAMES)?;
            let mut names = known.map(|c| c.body).unwrap_or_default();
            names.extend(learnt);
            s.cache(&key, PROJECT_NAMES, &names, now)
        })
        .await
    }
}

/// Counts writes, as for tokens: webhooks have a count of their own.
pub(crate) fn changes_of(account: &str) -> String {
    format!("webhooks of {account}")
}

pub(super) fn project_refs(ids: &[String], names: &BTreeMap<String, String>) -> Vec<ProjectRef> {
    ids.iter().map(|id| ProjectRef { id: id.clone(), name: names.get(id).cloned() }).collect()
}

fn row(webhook: CachedWebhook, names: &BTreeMap<String, String>) -> WebhookRow {
    WebhookRow {
        projects: webhook.project_ids.as_deref().map(|ids| project_refs(ids, names)),
        id: webhook.id,
        description: webhook.description,
        target: webhook.target,
        host: webhook.host,
        plain_http: webhook.plain_http,
        query_secret: webhook.query_secret,
        events: webhook.events,
        authentication: match webhook.authentication {
            KnownAuthentication::None => AuthenticationKind::None,
            KnownAuthentication::Basic => AuthenticationKind::Basic,
            KnownAuthentication::Other => AuthenticationKind::Other,
        },
        headers: webhook.headers,
        hidden_headers: webhook.hidden_headers,
        active: webhook.active,
        created_on: webhook.created_on,
        updated_on: webhook.updated_on,
        by_hand: false,
        base: webhook.base,
    }
}
