//! Webhooks: where `PlanRadar` sends what happens. Assumed routes (no public documentation).

mod deliveries;
mod draft;
mod events;
mod read;
mod types;
mod unknown;
mod write;

pub use deliveries::Delivery;
pub use draft::{
    DraftAuthentication, DraftFor, DraftHeader, DraftPassword, DraftProblem, DraftValue, FieldProblem,
    WebhookDraft,
};
pub use events::EventInfo;
pub use types::{Authentication, Header, Webhook};
pub use unknown::Unknown;

use crate::body;
use crate::client::{Client, Freshness};
use crate::error::{ErrorKind, Failure, FieldError, Result, Sent};
use crate::json::Document;
use crate::paging;
use crate::rate_limit::Lane;
use crate::request::Call;
use crate::routes::{
    Route, WEBHOOKS_CREATE, WEBHOOKS_DELETE, WEBHOOKS_DELIVERIES, WEBHOOKS_EVENTS, WEBHOOKS_GET,
    WEBHOOKS_LIST, WEBHOOKS_UPDATE,
};

/// The calls. Made by [`Client::webhooks`].
pub struct Webhooks<'a>(pub(crate) &'a Client);

impl Webhooks<'_> {
    /// All, in the server's order.
    pub async fn list(&self, lane: Lane) -> Result<Vec<Webhook>> {
        paging::all(self.0, &WEBHOOKS_LIST, &[], lane, read::webhook).await
    }

    /// One, as the server has it now.
    pub async fn get(&self, id: &str, lane: Lane) -> Result<Webhook> {
        let ids = [("webhook_id", id)];
        // Secret: a target URL may have a secret in its query.
        let call = Call { secret: true, ..Call::new(&WEBHOOKS_GET, lane).ids(&ids) };
        let answer = self.0.read(call).await?;
        let mut document = Document::parse(&answer)?;
        let resource = document.one()?;
        read::webhook(&document, &resource)
    }

    /// Creates one. Sent once, whatever happens. A draft with problems is refused here: [`ErrorKind::Invalid`] with
    /// [`Sent::No`].
    pub async fn create(&self, draft: &WebhookDraft) -> Result<Webhook> {
        refuse(&WEBHOOKS_CREATE, &draft.problems(DraftFor::Create))?;
        let written = self.write(&WEBHOOKS_CREATE, &[], draft).await?;
        written.ok_or_else(|| Failure::new(WEBHOOKS_CREATE.name, ErrorKind::NotJson, Sent::Yes).into())
    }

    /// Replaces one as a whole. Sent once, whatever happens. A draft with problems is refused as by
    /// [`Webhooks::create`].
    pub async fn update(&self, id: &str, draft: &WebhookDraft) -> Result<Webhook> {
        refuse(&WEBHOOKS_UPDATE, &draft.problems(DraftFor::Update))?;
        let ids = [("webhook_id", id)];
        match self.write(&WEBHOOKS_UPDATE, &ids, draft).await? {
            Some(webhook) => Ok(webhook),
            // Done, said without a word: what it is like now takes another request.
            None => Webhooks(&self.0.with(Freshness::Bypass)).get(id, Lane::Person).await,
        }
    }

    /// Deletes one, for good. Sent once, whatever happens.
    pub async fn delete(&self, id: &str) -> Result<()> {
        let ids = [("webhook_id", id)];
        self.0.write(Call::new(&WEBHOOKS_DELETE, Lane::Person).ids(&ids)).await.map(drop)
    }

    /// The events a webhook may be about: one request.
    pub async fn events(&self, lane: Lane) -> Result<Vec<EventInfo>> {
        let pairs = paging::PageQuery::default().pairs();
        let answer = self.0.read(Call::new(&WEBHOOKS_EVENTS, lane).query(&pairs)).await?;
        let mut document = Document::parse(&answer)?;
        let rows = document.many_loose()?;
        rows.iter().map(|row| events::event(&document, row)).collect()
    }

    /// What was sent for one webhook, the newest first: one request, at most 100 of them. A server may lack the route.
    pub async fn deliveries(&self, id: &str, lane: Lane) -> Result<Vec<Delivery>> {
        let ids = [("webhook_id", id)];
        let pairs = paging::PageQuery { size: deliveries::SHOWN, ..paging::PageQuery::default() }.pairs();
        // Secret: a request may quote what was sent.
        let call = Call { secret: true, ..Call::new(&WEBHOOKS_DELIVERIES, lane).ids(&ids).query(&pairs) };
        let answer = self.0.read(call).await?;
        let rows = Document::parse(&answer)?.many_loose()?;
        Ok(deliveries::newest_first(rows.iter().map(deliveries::delivery).collect()))
    }

    /// `None`: a success without a body.
    async fn write(
        &self,
        route: &'static Route,
        ids: &[(&'static str, &str)],
        draft: &WebhookDraft,
    ) -> Result<Option<Webhook>> {
        let hide = draft.secrets();
        let body = Some(body::json(&write::Body(draft)));
        let call = Call { body, hide: &hide, secret: true, ..Call::new(route, Lane::Person).ids(ids) };
        let answer = self.0.write(call).await?;
        if answer.body.trim_ascii().is_empty() {
            return Ok(None);
        }
        let mut document = Document::parse(&answer)?;
        let resource = document.one()?;
        read::webhook(&document, &resource).map(Some)
    }
}

/// All problems at once, each at its field, and nothing was sent.
fn refuse(route: &Route, problems: &[DraftProblem]) -> Result<()> {
    if problems.is_empty() {
        return Ok(());
    }
    let field = |found: &DraftProblem| FieldError {
        pointer: found.path.pointer(),
        message: found.problem.to_string(),
    };
    let fields = problems.iter().map(field).collect();
    Err(Failure { fields, ..Failure::new(route.name, ErrorKind::Invalid, Sent::No) }.into())
}
