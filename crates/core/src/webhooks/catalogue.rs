//! What the editor chooses from: events and projects; and a webhook's deliveries.

use super::{DeliveriesView, DeliveryRow, EventChoice, ProjectRef, ProjectsPage};
use crate::{Gatehouse, Result, notices::Notice};
use gatehouse_store::Cached;
use jiff::SignedDuration;
use planradar::{PageQuery, rate_limit::Lane};
use std::collections::BTreeMap;

const EVENTS: &str = "webhooks.events";
/// How long the catalogue is taken as it is.
const FRESH: SignedDuration = SignedDuration::from_hours(24);
/// Whether the last delivery of each webhook failed, as far as it was looked at.
const LAST: &str = "webhooks.deliveries";
/// Rows of one page of projects.
const PAGE: u32 = 100;

/// By webhook: whether its last delivery failed; `None` = there was none.
type LastDeliveries = BTreeMap<String, Option<bool>>;

impl Gatehouse {
    /// The server's events: asked for once a day.
    pub async fn webhook_events(&self, account: &str) -> Result<Vec<EventChoice>> {
        let key = account.to_owned();
        let known = self.db(move |s| s.cached::<Vec<EventChoice>>(&key, EVENTS)).await?;
        if let Some(known) = &known
            && self.now() - known.fetched_at < FRESH
        {
            return Ok(known.body.clone());
        }
        let client = self.session(account).await?.client;
        let events = match client.webhooks().events(Lane::Person).await {
            Ok(events) => events,
            // Rather the old catalogue than none.
            Err(error) => return known.map(|k| k.body).ok_or_else(|| self.failure(&error)),
        };
        let events: Vec<_> = events
            .into_iter()
            .map(|e| EventChoice { name: e.name, title: e.title, group: e.group, example: e.example })
            .collect();
        let (key, now, copy) = (account.to_owned(), self.now(), events.clone());
        self.db(move |s| s.cache(&key, EVENTS, &copy, now)).await?;
        Ok(events)
    }

    /// A page of projects, with a search.
    pub async fn projects_page(&self, account: &str, search: &str, page: u32) -> Result<ProjectsPage> {
        let client = self.session(account).await?.client;
        let search = Some(search.trim().to_owned()).filter(|s| !s.is_empty());
        let query = PageQuery { page, size: PAGE, search, sort: None };
        let found =
            client.projects().page(&query, false, Lane::Person).await.map_err(|e| self.failure(&e))?;
        let rows: Vec<_> =
            found.rows.into_iter().map(|p| ProjectRef { id: p.id, name: Some(p.name) }).collect();
        let learnt = rows.iter().filter_map(|p| Some((p.id.clone(), p.name.clone()?))).collect();
        self.remember_projects(account, learnt).await?;
        let before = u64::from(page.saturating_sub(1)) * u64::from(PAGE);
        let more =
            found.count.map_or(rows.len() == PAGE as usize, |count| before + (rows.len() as u64) < count);
        Ok(ProjectsPage { count: found.count.and_then(|c| u32::try_from(c).ok()), page, more, rows })
    }

    /// The last deliveries of a webhook, where the server tells them.
    pub async fn webhook_deliveries(&self, account: &str, id: &str) -> Result<DeliveriesView> {
        let client = self.session(account).await?.client;
        let as_of = self.now().to_string();
        match client.webhooks().deliveries(id, Lane::Person).await {
            Ok(list) => {
                let rows: Vec<_> = list
                    .into_iter()
                    .map(|d| DeliveryRow {
                        id: d.id,
                        event: d.event,
                        at: d.at.map(|t| t.to_string()),
                        status: d.status,
                        duration_ms: d.duration_ms,
                        attempt: d.attempt,
                        error: d.error,
                        request: d.request_excerpt,
                        answer: d.answer_excerpt,
                    })
                    .collect();
                self.remember_deliveries(account, id, rows.first()).await?;
                Ok(DeliveriesView { offered: true, as_of, rows })
            }
            Err(error) if error.means_not_offered() => {
                // The webhook itself may be gone: that is another thing.
                self.webhook_now(account, &client, id).await?;
                Ok(DeliveriesView { offered: false, rows: Vec::new(), as_of })
            }
            Err(error) => Err(self.failure(&error)),
        }
    }

    async fn remember_deliveries(&self, account: &str, id: &str, last: Option<&DeliveryRow>) -> Result<()> {
        let failed = last.map(|d| d.status.is_none_or(|status| !(200..300).contains(&status)));
        let (key, id, now) = (account.to_owned(), id.to_owned(), self.now());
        self.db(move |s| {
            let mut known = s.cached::<LastDeliveries>(&key, LAST)?.map(|c| c.body).unwrap_or_default();
            let before = known.insert(id.clone(), failed);
            if before == Some(failed) { Ok(()) } else { s.cache(&key, LAST, &known, now) }
        })
        .await?;
        self.notifier.notify(Notice::WebhooksChanged { account: account.to_owned() });
        Ok(())
    }

    /// By webhook: whether its last delivery failed; `None` = there was none. Only those that were looked at.
    pub(crate) async fn last_deliveries(&self, account: &str) -> Result<BTreeMap<String, Option<bool>>> {
        let key = account.to_owned();
        let known: Option<Cached<LastDeliveries>> = self.db(move |s| s.cached(&key, LAST)).await?;
        Ok(known.map(|k| k.body).unwrap_or_default())
    }
}
