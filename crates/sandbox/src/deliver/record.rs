//! What was sent: the last deliveries of each webhook.

use rusqlite::{Connection, Row, named_params};
use serde_json::{Map, Value, json};

use crate::answer::Resource;
use crate::paging::Listing;
use crate::people;

/// How many are kept for each webhook.
const KEPT: u32 = 100;

/// The newest first.
pub(crate) const LISTING: Listing =
    Listing { sortable: &["id", "event", "at"], searched: &["event", "error"], default_sort: "-id" };

/// One try.
pub(crate) struct Delivery<'a> {
    pub(crate) webhook_id: i64,
    /// The same for all tries.
    pub(crate) event_id: &'a str,
    pub(crate) event: &'a str,
    pub(crate) at: i64,
    /// `None`: no answer came.
    pub(crate) status: Option<u16>,
    pub(crate) duration_ms: i64,
    /// From 1.
    pub(crate) attempt: u32,
    pub(crate) error: Option<&'a str>,
    /// Without hidden values.
    pub(crate) request: &'a Value,
    /// Its beginning, without hidden values.
    pub(crate) answer: Option<&'a str>,
    pub(crate) next_retry: Option<i64>,
}

/// Keeps a try, and lets go of the oldest. Nothing where the webhook was deleted meanwhile.
pub(crate) fn keep(db: &Connection, delivery: &Delivery<'_>) -> rusqlite::Result<()> {
    // A retry that has been made is no longer to come.
    forget_retries(db, delivery.webhook_id, delivery.event_id)?;
    db.prepare_cached(
        "INSERT INTO deliveries
         (webhook_id, event_id, event, at, status, duration_ms, attempt, error, request, answer, next_retry)
         SELECT :webhook_id, :event_id, :event, :at, :status, :duration_ms, :attempt, :error, :request, :answer,
                :next_retry
         WHERE EXISTS (SELECT 1 FROM webhooks WHERE id = :webhook_id)",
    )?
    .execute(named_params! {
        ":webhook_id": delivery.webhook_id,
        ":event_id": delivery.event_id,
        ":event": delivery.event,
        ":at": delivery.at,
        ":status": delivery.status,
        ":duration_ms": delivery.duration_ms,
        ":attempt": delivery.attempt,
        ":error": delivery.error,
        ":request": delivery.request.to_string(),
        ":answer": delivery.answer,
        ":next_retry": delivery.next_retry,
    })?;
    db.prepare_cached(
        "DELETE FROM deliveries WHERE webhook_id = ?1 AND id NOT IN
         (SELECT id FROM deliveries WHERE webhook_id = ?1 ORDER BY id DESC LIMIT ?2)",
    )?
    .execute((delivery.webhook_id, KEPT))?;
    Ok(())
}

/// No retry of this event will come.
pub(crate) fn forget_retries(db: &Connection, webhook_id: i64, event_id: &str) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE deliveries SET next_retry = NULL WHERE webhook_id = ?1 AND event_id = ?2")?
        .execute((webhook_id, event_id))?;
    Ok(())
}

/// No retry at all will come: they ended with the sandbox that had planned them.
pub(crate) fn forget_all_retries(db: &Connection) -> rusqlite::Result<()> {
    db.execute("UPDATE deliveries SET next_retry = NULL", [])?;
    Ok(())
}

pub(crate) fn of_webhook(db: &Connection, webhook_id: i64) -> rusqlite::Result<Vec<Resource>> {
    db.prepare_cached("SELECT * FROM deliveries WHERE webhook_id = ?1 ORDER BY id")?
        .query_map([webhook_id], resource)?
        .collect()
}

/// One line of the demonstration page.
pub(crate) struct Line {
    pub(crate) webhook: String,
    pub(crate) event: String,
    pub(crate) at: String,
    pub(crate) status: Option<u16>,
    pub(crate) duration_ms: i64,
    pub(crate) attempt: u32,
    pub(crate) error: Option<String>,
}

/// The latest of all webhooks, the newest first.
pub(crate) fn latest(db: &Connection, most: u32) -> rusqlite::Result<Vec<Line>> {
    db.prepare_cached(
        "SELECT deliveries.*, webhooks.description FROM deliveries JOIN webhooks ON webhooks.id = webhook_id
         ORDER BY deliveries.id DESC LIMIT ?1",
    )?
    .query_map([most], |row| {
        Ok(Line {
            webhook: row.get("description")?,
            event: row.get("event")?,
            at: people::time(row.get("at")?).as_str().unwrap_or_default().to_owned(),
            status: row.get("status")?,
            duration_ms: row.get("duration_ms")?,
            attempt: row.get("attempt")?,
            error: row.get("error")?,
        })
    })?
    .collect()
}

fn resource(row: &Row<'_>) -> rusqlite::Result<Resource> {
    let request: String = row.get("request")?;
    let mut attributes = Map::new();
    attributes.insert("event".into(), row.get::<_, String>("event")?.into());
    attributes.insert("event-id".into(), row.get::<_, String>("event_id")?.into());
    attributes.insert("at".into(), people::time(row.get("at")?));
    attributes.insert("status".into(), json!(row.get::<_, Option<u16>>("status")?));
    attributes.insert("duration-ms".into(), json!(row.get::<_, i64>("duration_ms")?));
    attributes.insert("attempt".into(), json!(row.get::<_, u32>("attempt")?));
    attributes.insert("error".into(), json!(row.get::<_, Option<String>>("error")?));
    attributes.insert("request".into(), serde_json::from_str(&request).unwrap_or(Value::Null));
    attributes.insert("answer".into(), json!(row.get::<_, Option<String>>("answer")?));
    let next_retry: Option<i64> = row.get("next_retry")?;
    attributes.insert("next-retry".into(), next_retry.map_or(Value::Null, people::time));
    Ok(Resource { id: row.get::<_, i64>("id")?.to_string(), kind: "webhook-deliveries", attributes })
}
