//! One request from its head to its answer.

use std::cell::RefCell;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::Response;
use axum::http::request::Parts;
use futures_util::TryStreamExt as _;
use rusqlite::Connection;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

use crate::answer::{self, Answer, Refusal};
use crate::connection::Cut;
use crate::db::Db;
use crate::deliver::{self, Deliveries};
use crate::gate;
use crate::limit::Limit;
use crate::options::{Clock, UsersPut, WebhookAccess};
use crate::page;
use crate::paging::Query;
use crate::people::User;
use crate::requests::{Arrival, Requests};
use crate::routes::{self, Ask, Found, Serve};
use crate::vault::Vault;

const LARGEST_BODY: usize = 1024 * 1024;
const BODY_PATIENCE: Duration = Duration::from_secs(10);

/// Everything a running sandbox has.
pub(crate) struct App {
    pub(crate) db: Db,
    pub(crate) clock: Clock,
    pub(crate) port: u16,
    pub(crate) customer_id: String,
    pub(crate) limit: u32,
    pub(crate) latency: Duration,
    pub(crate) token_prefix: String,
    pub(crate) documented_only: AtomicBool,
    pub(crate) webhook_access: WebhookAccess,
    pub(crate) users_put: UsersPut,
    pub(crate) vault: Vault,
    pub(crate) deliveries: Deliveries,
    pub(crate) page: page::Door,
    pub(crate) counted: Mutex<Counted>,
    /// Who holds the state: deliveries do so too.
    pub(crate) holders: TaskTracker,
    /// Cut when the sandbox ends: nobody waits any longer then.
    pub(crate) cut: CancellationToken,
    #[cfg(feature = "faults")]
    pub(crate) faults: crate::faults::Faults,
}

/// What is counted at each arrival.
pub(crate) struct Counted {
    pub(crate) account: Limit,
    /// `POST /users` has a limit of its own; going over it does not pause the account (assumed).
    pub(crate) users_create: Limit,
    pub(crate) requests: Requests,
}

/// The application as the server's tasks hold it. The token goes last, so that who has waited for the tokens knows
/// that the state is nobody's any more.
#[derive(Clone)]
pub(crate) struct Held {
    pub(crate) app: Arc<App>,
    pub(crate) _token: TaskTrackerToken,
}

impl App {
    pub(crate) fn counted(&self) -> MutexGuard<'_, Counted> {
        self.counted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts the arrival, before anything else is looked at: every request that names the account counts, also
    /// one that is then refused.
    fn arrive(&self, parts: &Parts, found: &Found) -> Result<(), Refusal> {
        let now = Instant::now();
        let route = found.name();
        let mut counted = self.counted();
        let refusal = if routes::customer_id(parts.uri.path()) != Some(self.customer_id.as_str()) {
            None
        } else if !counted.account.arrive(now) {
            Some("Too many requests: the account is paused.")
        } else if route == Some("users.create") && !counted.users_create.arrive(now) {
            Some("Too many new users in one minute.")
        } else {
            None
        };
        let method = parts.method.clone();
        counted.requests.push(Arrival { route, method, at: now, refused_by_limit: refusal.is_some() });
        refusal.map_or(Ok(()), |detail| Err(Refusal::TooManyRequests(detail)))
    }

    /// Waits, but not beyond the sandbox's end.
    pub(crate) async fn wait(&self, time: Duration) {
        self.cut.run_until_cancelled(tokio::time::sleep(time)).await;
    }

    /// The request's work. Runs where blocking is allowed.
    fn work(self: &Arc<Self>, parts: &Parts, found: Found, body: &[u8]) -> Result<Answer, Refusal> {
        let mut db = self.db.lock();
        let now = self.clock.now();
        let path = parts.uri.path();
        let caller = gate::authenticate(&db, gate::key(parts), routes::customer_id(path), now)?;
        let (route, ids) = match found {
            Found::Route(route, ids) => (route, ids),
            Found::OtherMethod(allowed) => return Err(Refusal::MethodNotAllowed(allowed)),
            Found::Nothing => return Err(Refusal::NotFound("There is nothing at this address.")),
        };
        let query = Query::of(&parts.uri)?;
        self.serve(&mut db, route.serve, &self.ask(&caller, &ids, &query, body, now))
    }

    /// Everything a route is told.
    pub(crate) fn ask<'a>(
        &'a self,
        caller: &'a User,
        ids: &'a [String],
        query: &'a Query,
        body: &'a [u8],
        now: i64,
    ) -> Ask<'a> {
        Ask {
            caller,
            ids,
            query,
            body,
            now,
            token_prefix: &self.token_prefix,
            limit: self.limit,
            documented_only: self.documented_only.load(Ordering::Relaxed),
            webhook_access: self.webhook_access,
            users_put: self.users_put,
            vault: &self.vault,
            happened: RefCell::default(),
        }
    }

    /// Lets a route do its work, and delivers what happened by it.
    pub(crate) fn serve(
        self: &Arc<Self>,
        db: &mut Connection,
        serve: Serve,
        ask: &Ask<'_>,
    ) -> Result<Answer, Refusal> {
        // A refusal undoes what the route had begun, but not the note that the token was used.
        let transaction = db.transaction()?;
        let answer = serve(&transaction, ask)?;
        transaction.commit()?;
        deliver::dispatch(self, db, ask.happened.take())?;
        Ok(answer)
    }
}

/// The sandbox as an axum application.
pub(crate) fn router(held: Held) -> Router {
    Router::new().fallback(handle).with_state(held)
}

async fn handle(
    State(held): State<Held>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    request: Request,
) -> Response<Body> {
    // A task of its own: a client that goes away does not undo what it has asked for.
    match tokio::spawn(serve(held, cut, request)).await {
        Ok(response) => response,
        Err(error) => answer::response(Err(Refusal::Broken(format!("The sandbox failed: {error}")))),
    }
}

async fn serve(held: Held, cut: Cut, request: Request) -> Response<Body> {
    let app = &held.app;
    let (parts, body) = request.into_parts();
    let path = parts.uri.path();
    if let Err(refusal) = gate::check_local(&parts, app.port) {
        return answer::response(Err(refusal));
    }
    if page::is_meant(&parts) {
        return page::serve(app, &parts, body).await;
    }
    let found = routes::find(&parts.method, path, app.documented_only.load(Ordering::Relaxed));
    if let Err(refusal) = app.arrive(&parts, &found) {
        return answer::response(Err(refusal));
    }
    #[cfg(feature = "faults")]
    let fault = app.faults.next(&parts.method, &found);
    #[cfg(feature = "faults")]
    if let Some(response) = crate::faults::before(fault.as_ref(), app, &cut).await {
        return response;
    }
    #[cfg(not(feature = "faults"))]
    let _ = &cut;

    app.wait(app.latency).await;
    let result = answer_to(Arc::clone(app), parts, found, body).await;
    let response = answer::response(result);

    #[cfg(feature = "faults")]
    let response = crate::faults::after(fault, response, app, &cut).await;
    response
}

async fn answer_to(app: Arc<App>, parts: Parts, found: Found, body: Body) -> Result<Answer, Refusal> {
    gate::check_accept(&parts)?;
    let body = read(body).await?;
    tokio::task::spawn_blocking(move || {
        let result = app.work(&parts, found, &body);
        tracing::debug!(method = %parts.method, refused = result.is_err(), "answered");
        result
    })
    .await
    .unwrap_or_else(|error| Err(Refusal::Broken(format!("The sandbox failed: {error}"))))
}

/// The whole body, bounded in size and time.
pub(crate) async fn read(body: Body) -> Result<Vec<u8>, Refusal> {
    let reading = body.into_data_stream().map_err(|error| Refusal::BadRequest {
        parameter: None,
        detail: format!("The body could not be read: {error}"),
    });
    let whole = reading.try_fold(Vec::new(), async |mut whole: Vec<u8>, part: Bytes| {
        if whole.len() + part.len() > LARGEST_BODY {
            return Err(Refusal::BodyTooLarge);
        }
        whole.extend_from_slice(&part);
        Ok(whole)
    });
    tokio::time::timeout(BODY_PATIENCE, whole).await.unwrap_or(Err(Refusal::BodyTooSlow))
}
