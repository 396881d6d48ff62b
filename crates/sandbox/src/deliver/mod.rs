//! What happens in the account is POSTed to the webhooks that want to hear of it. All of it is assumed (no public
//! documentation).

pub(crate) mod record;
mod redact;
mod send;

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, USER_AGENT};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use rusqlite::Connection;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio_util::sync::CancellationToken;
use url::{Position, Url};

use crate::answer::Refusal;
use crate::options::DeliverOptions;
use crate::people;
use crate::resources::{account, projects};
use crate::routes::Ask;
use crate::server::App;
use crate::vault::Vault;
use crate::webhooks::{self, HeaderValue as Stored, Webhook, catalogue};
use redact::{Forms, HIDDEN};
use send::{Answered, Outgoing, Tls};

const AGENT: &str = concat!("PlanRadar-Sandbox/", env!("CARGO_PKG_VERSION"));

/// Something that happened.
pub(crate) struct Event {
    id: String,
    name: &'static str,
    project_id: String,
    payload: Value,
}

/// Notes that something happened; it is delivered once all the request did is stored.
pub(crate) fn happen(
    db: &Connection,
    ask: &Ask<'_>,
    name: &'static str,
    project_id: &str,
    subject: Value,
) -> Result<(), Refusal> {
    let id = uuid::Uuid::new_v4().to_string();
    let project = projects::name(db, project_id)?;
    let user = ask.caller;
    let payload = catalogue::payload(&catalogue::Payload {
        id: &id,
        event: name,
        at: people::time(ask.now),
        customer_id: &account::load(db)?.customer_id,
        project: json!({"id": project_id, "name": project}),
        user: json!({"id": user.wire_id(), "name": format!("{} {}", user.firstname, user.lastname)}),
        subject,
    });
    ask.happened.borrow_mut().push(Event { id, name, project_id: project_id.to_owned(), payload });
    Ok(())
}

/// The deliveries of a running sandbox.
pub(crate) struct Deliveries {
    pub(crate) options: DeliverOptions,
    /// Room for those that wait or are under way.
    room: Arc<Semaphore>,
    lanes: Semaphore,
    /// How many are not over yet.
    open: watch::Sender<usize>,
    tls: Tls,
    /// No further retry.
    stop: CancellationToken,
}

/// A delivery that is not over yet.
struct Open(watch::Sender<usize>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.send_modify(|open| *open -= 1);
    }
}

struct Job {
    webhook_id: i64,
    event: Arc<Event>,
    _room: OwnedSemaphorePermit,
    _open: Open,
}

impl Deliveries {
    pub(crate) fn new(options: DeliverOptions, stop: CancellationToken) -> Self {
        Self {
            room: Arc::new(Semaphore::new(options.waiting.min(Semaphore::MAX_PERMITS))),
            lanes: Semaphore::new(options.at_once.clamp(1, Semaphore::MAX_PERMITS)),
            open: watch::Sender::new(0),
            tls: Tls::default(),
            options,
            stop,
        }
    }

    /// Whether some are not over yet.
    pub(crate) fn busy(&self) -> bool {
        *self.open.borrow() > 0
    }

    /// Waits until all are over, their retries included.
    pub(crate) async fn settled(&self) {
        // It fails when the sender is gone, and this is the sender.
        let _ = self.open.subscribe().wait_for(|open| *open == 0).await;
    }

    /// The pause after a try without success.
    fn pause(&self, attempt: u32) -> Duration {
        self.options.backoff.saturating_mul(2_u32.saturating_pow(attempt.saturating_sub(1)))
    }
}

/// Hands what happened to the webhooks that want to hear of it. To be called with the database as it was stored.
pub(crate) fn dispatch(app: &Arc<App>, db: &Connection, happened: Vec<Event>) -> rusqlite::Result<()> {
    if happened.is_empty() || !account::load(db)?.plan.has_api() {
        return Ok(());
    }
    let webhooks = webhooks::all(db)?;
    for event in happened.into_iter().map(Arc::new) {
        for webhook in webhooks.iter().filter(|webhook| webhook.wants(event.name, &event.project_id)) {
            let deliveries = &app.deliveries;
            match Arc::clone(&deliveries.room).try_acquire_owned() {
                Ok(room) => {
                    deliveries.open.send_modify(|open| *open += 1);
                    let open = Open(deliveries.open.clone());
                    let event = Arc::clone(&event);
                    let job = Job { webhook_id: webhook.id, event, _room: room, _open: open };
                    app.holders.spawn(deliver(Arc::clone(app), job));
                }
                Err(_) => keep(
                    app,
                    db,
                    &event,
                    webhook.id,
                    &Value::Null,
                    &Try {
                        at: app.clock.now(),
                        took: Duration::ZERO,
                        attempt: 1,
                        result: Err("Too many deliveries are waiting: this one was not made.".to_owned()),
                        pause: None,
                    },
                )?,
            }
        }
    }
    Ok(())
}

/// All tries of one delivery.
async fn deliver(app: Arc<App>, job: Job) {
    let deliveries = &app.deliveries;
    for attempt in 1..=deliveries.options.retries.saturating_add(1) {
        let Some(Ok(lane)) = app.cut.run_until_cancelled(deliveries.lanes.acquire()).await else { return };
        let Some((outgoing, shown)) = prepared(&app, &job).await else { return };
        let (at, start) = (app.clock.now(), Instant::now());
        let result = match &outgoing {
            Ok(outgoing) => {
                let sending = send::send(outgoing, &deliveries.tls, deliveries.options.timeout);
                match app.cut.run_until_cancelled(sending).await {
                    Some(result) => result,
                    None => return,
                }
            }
            Err(broken) => Err(broken.clone()),
        };
        let took = start.elapsed();
        drop(lane);
        let succeeded = result.as_ref().is_ok_and(|answer| (200..300).contains(&answer.status));
        let last = succeeded || attempt > deliveries.options.retries || deliveries.stop.is_cancelled();
        let pause = if last { None } else { Some(deliveries.pause(attempt)) };
        let tried = Try { at, took, attempt, result, pause };
        let (app, event, webhook_id) = (Arc::clone(&app), Arc::clone(&job.event), job.webhook_id);
        blocking(move || {
            let db = app.db.lock();
            keep(&app, &db, &event, webhook_id, &shown, &tried)
        })
        .await;
        let Some(pause) = pause else { return };
        if deliveries.stop.run_until_cancelled(tokio::time::sleep(pause)).await.is_none() {
            return;
        }
    }
}

/// Work on the database, where blocking is allowed. A failure is told in the log: nobody waits for it.
async fn blocking<T: Default + Send + 'static>(
    work: impl FnOnce() -> rusqlite::Result<T> + Send + 'static,
) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(Ok(done)) => done,
        Ok(Err(error)) => {
            tracing::error!(%error, "a delivery could not be prepared or noted");
            T::default()
        }
        Err(error) => {
            tracing::error!(%error, "a delivery failed");
            T::default()
        }
    }
}

/// What to send, or why it can't be; and how it is shown.
type Prepared = (Result<Outgoing, String>, Value);

/// From the webhook as it is now: between two tries it may have moved, been paused or deleted. `None`: not any more.
async fn prepared(app: &Arc<App>, job: &Job) -> Option<Prepared> {
    let (app, event, webhook_id) = (Arc::clone(app), Arc::clone(&job.event), job.webhook_id);
    blocking(move || {
        let db = app.db.lock();
        let webhook = webhooks::find(&db, &webhook_id.to_string())?;
        let Some(webhook) = webhook.filter(|found| found.wants(event.name, &event.project_id)) else {
            record::forget_retries(&db, webhook_id, &event.id)?;
            return Ok(None);
        };
        let outgoing = outgoing(&app.vault, &webhook, &event);
        Ok(Some((outgoing, shown(&webhook, &event.payload))))
    })
    .await
}

/// The request with its hidden values.
fn outgoing(vault: &Vault, webhook: &Webhook, event: &Event) -> Result<Outgoing, String> {
    let broken = |error: crate::vault::VaultError| error.to_string();
    let url = Url::parse(&webhook.target_url).map_err(|_| "The target URL is no URL.".to_owned())?;
    let mut headers = HeaderMap::new();
    let mut names = vec!["Content-Type".to_owned(), "User-Agent".to_owned()];
    let mut secrets: Vec<SecretString> = Vec::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(USER_AGENT, HeaderValue::from_static(AGENT));
    if let Some(basic) = &webhook.authentication.basic {
        let password = webhook.open_password(vault, basic).map_err(broken)?;
        // To send it, and to know it again in the answer.
        let pair = SecretString::from(format!("{}:{}", basic.username, password.expose_secret()));
        let value = SecretString::from(format!("Basic {}", BASE64_STANDARD.encode(pair.expose_secret())));
        headers.insert(AUTHORIZATION, header(&value)?);
        names.push("Authorization".to_owned());
        secrets.extend([password, pair]);
    }
    for stored in &webhook.headers {
        let value = match &stored.value {
            Stored::Visible(value) => header(&value.clone().into())?,
            Stored::Hidden(sealed) => {
                let value = webhook.open_header(vault, &stored.name, sealed).map_err(broken)?;
                let sent = header(&value)?;
                secrets.push(value);
                sent
            }
        };
        let name = HeaderName::from_bytes(stored.name.as_bytes()).map_err(|_| "A header's name is wrong.")?;
        headers.insert(name, value);
        names.push(stored.name.clone());
    }
    let body = Bytes::from(event.payload.to_string());
    Ok(Outgoing { url, headers, names, body, forms: Forms::of(&secrets) })
}

fn header(value: &SecretString) -> Result<HeaderValue, String> {
    // To send it.
    let mut value = HeaderValue::from_str(value.expose_secret()).map_err(|_| "A header's value is wrong.")?;
    value.set_sensitive(true);
    Ok(value)
}

/// The request as it is shown: without hidden values, the password, and the target's query, which may hold a secret.
pub(crate) fn shown(webhook: &Webhook, payload: &Value) -> Value {
    let url = match Url::parse(&webhook.target_url) {
        Ok(url) if url.query().is_some() => format!("{}?{HIDDEN}", &url[..Position::AfterPath]),
        Ok(url) => url[..Position::AfterPath].to_owned(),
        Err(_) => String::new(),
    };
    let mut headers = vec![
        json!({"name": "Content-Type", "value": "application/json"}),
        json!({"name": "User-Agent", "value": AGENT}),
    ];
    if webhook.authentication.basic.is_some() {
        headers.push(json!({"name": "Authorization", "value": HIDDEN}));
    }
    headers.extend(webhook.headers.iter().map(|header| {
        let value = match &header.value {
            Stored::Visible(value) => value.as_str(),
            Stored::Hidden(_) => HIDDEN,
        };
        json!({"name": header.name, "value": value})
    }));
    json!({"method": "POST", "url": url, "headers": headers, "body": payload})
}

/// One try and what came of it.
struct Try {
    at: i64,
    took: Duration,
    attempt: u32,
    result: Result<Answered, String>,
    /// `None`: it is not tried again.
    pause: Option<Duration>,
}

fn keep(
    app: &App,
    db: &Connection,
    event: &Event,
    webhook_id: i64,
    request: &Value,
    tried: &Try,
) -> rusqlite::Result<()> {
    let milliseconds = |time: Duration| i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
    let (answer, error) = match &tried.result {
        Ok(answer) => (Some(answer), None),
        Err(error) => (None, Some(error.as_str())),
    };
    record::keep(
        db,
        &record::Delivery {
            webhook_id,
            event_id: &event.id,
            event: event.name,
            at: tried.at,
            status: answer.map(|answer| answer.status),
            duration_ms: milliseconds(tried.took),
            attempt: tried.attempt,
            error,
            request,
            answer: answer.map(|answer| answer.excerpt.as_str()),
            next_retry: tried.pause.map(|pause| app.clock.now().saturating_add(milliseconds(pause))),
        },
    )
}
