//! The one place where requests are made: address, headers, slot, time and, for reads only, a few more tries.

use crate::answer::{Answer, Reading, retry_after, server_date};
use crate::client::{Client, Freshness};
use crate::error::{Error, ErrorKind, Result, Sent};
use crate::flights::{FlightKey, FlightResult};
use crate::pay::{Paid, Price};
use crate::rate_limit::Lane;
use crate::redact::Secrets;
use crate::routes::{Method, Route, RouteProblem, fill};
use crate::transport::Reuse;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode, header};
use jiff::Timestamp;
use reqwest::Body;
use secrecy::{ExposeSecret, SecretString};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout_at};
use url::Url;

const KEY_HEADER: HeaderName = HeaderName::from_static("x-planradar-api-key");
/// How often a read is tried, the first time included. Each try pays a slot.
const TRIES: u32 = 3;
/// The longest pause before the second try; doubled for each further one.
const BACKOFF: Duration = Duration::from_millis(400);
/// A server that asks to wait longer than this is told to the person instead.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a resource asks for.
pub(crate) struct Call<'a> {
    pub(crate) route: &'static Route,
    pub(crate) ids: &'a [(&'static str, &'a str)],
    pub(crate) query: &'a [(&'static str, String)],
    pub(crate) body: Option<Bytes>,
    pub(crate) lane: Lane,
    /// A success may hold what must not be shown: nothing of it goes into an error.
    pub(crate) secret: bool,
    /// Secrets of the body: a server may quote them in a refusal, so they are masked there.
    pub(crate) hide: &'a [SecretString],
    /// A read may be tried again.
    pub(crate) retry: bool,
}

impl<'a> Call<'a> {
    pub(crate) fn new(route: &'static Route, lane: Lane) -> Self {
        Self { route, ids: &[], query: &[], body: None, lane, secret: false, hide: &[], retry: true }
    }

    pub(crate) fn ids(self, ids: &'a [(&'static str, &'a str)]) -> Self {
        Self { ids, ..self }
    }

    pub(crate) fn query(self, query: &'a [(&'static str, String)]) -> Self {
        Self { query, ..self }
    }
}

impl Client {
    /// Reads, joining an equal read on its way unless freshness forbids.
    pub(crate) async fn read(&self, call: Call<'_>) -> FlightResult {
        let outgoing = Outgoing::new(self, &call)?;
        let tries = if call.retry { TRIES } else { 1 };
        if self.freshness == Freshness::Bypass {
            return outgoing.tried(tries, &AtomicBool::new(false)).await.map(Arc::new);
        }
        let flights = self.inner.transport.flights();
        let key = FlightKey {
            account: self.account_key(),
            credential: self.inner.credential,
            target: outgoing.url[url::Position::BeforePath..].to_owned(),
        };
        flights
            .join(key, call.lane, |sent| async move { outgoing.tried(tries, &sent).await.map(Arc::new) })
            .await
    }

    /// Writes, once.
    pub(crate) async fn write(&self, call: Call<'_>) -> Result<Answer> {
        let outgoing = Outgoing::new(self, &call)?;
        // Also when this future is dropped half-way: the server may act all the same.
        let _forget = ForgetReads(self);
        outgoing.once(&AtomicBool::new(false)).await
    }
}

/// After a write, nobody may be given the answer to a read from before it.
struct ForgetReads<'a>(&'a Client);

impl Drop for ForgetReads<'_> {
    fn drop(&mut self) {
        self.0.inner.transport.flights().forget(&self.0.account_key());
    }
}

/// A checked request that can be sent, several times if need be.
struct Outgoing {
    client: Client,
    route: &'static Route,
    url: Url,
    body: Option<Bytes>,
    lane: Lane,
    secret: bool,
    hide: Vec<SecretString>,
}

impl Outgoing {
    fn new(client: &Client, call: &Call<'_>) -> Result<Self> {
        let url =
            address(client, call).map_err(|p| Error::unsent(call.route.name, ErrorKind::BadRoute(p)))?;
        Ok(Self {
            client: client.clone(),
            route: call.route,
            url,
            body: call.body.clone(),
            lane: call.lane,
            secret: call.secret,
            hide: call.hide.to_vec(),
        })
    }

    async fn tried(&self, tries: u32, sent: &AtomicBool) -> Result<Answer> {
        let mut done = 1;
        loop {
            let error = match self.once(sent).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let Some(pause) = pause_before_next(&error, done, tries) else {
                return Err(error);
            };
            tracing::debug!(route = self.route.name, %error, done, "trying again");
            sent.store(false, Ordering::Release);
            sleep(pause).await;
            done += 1;
        }
    }

    /// One try: a slot, the request, its answer.
    async fn once(&self, sent: &AtomicBool) -> Result<Answer> {
        let route = self.route.name;
        let transport = &self.client.inner.transport;
        let reuse = if self.route.method == Method::Get { Reuse::Pooled } else { Reuse::Fresh };
        let http = transport
            .http(&self.client.inner.server, reuse)
            .map_err(|e| Error::unsent(route, ErrorKind::Transport(e.to_string())))?;
        // Made before the slot is taken, so that nothing but sending is left to do then.
        let request = self.request(http)?;
        let price = Price::of(&self.client, self.route, self.lane).await?;
        // Before the slot's own clock starts: it holds longer than we wait, never shorter.
        let deadline = Instant::now() + transport.total_timeout();
        let paid = price.sent(transport.total_timeout()).await.map_err(|e| Error::limit(route, e))?;
        sent.store(true, Ordering::Release);
        let inner = &self.client.inner;
        let reading = Reading {
            route,
            server: &inner.server,
            secrets: Secrets { key: &inner.token, others: &self.hide },
            max_body: transport.max_body(),
            deadline,
            secret: self.secret,
        };
        let started = Instant::now();
        let response = match timeout_at(deadline, http.execute(request)).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => {
                let error = reading.no_answer(&error);
                if error.sent == Sent::No {
                    paid.never_sent();
                }
                tracing::debug!(route, %error, "no answer");
                return Err(error);
            }
            Err(_) => return Err(Error::new(route, ErrorKind::Timeout, Sent::Maybe)),
        };
        self.note_answer(paid, &response);
        tracing::debug!(route, status = response.status().as_u16(), elapsed = ?started.elapsed(), "answered");
        reading.read(response).await
    }

    fn request(&self, http: &reqwest::Client) -> Result<reqwest::Request> {
        let route = self.route.name;
        let inner = &self.client.inner;
        // Exposed to be sent: this header is what the token is for.
        let mut key = HeaderValue::from_str(inner.token.expose_secret())
            .map_err(|_| Error::unsent(route, ErrorKind::BadToken))?;
        key.set_sensitive(true);
        let method = match self.route.method {
            Method::Get => http::Method::GET,
            Method::Post => http::Method::POST,
            Method::Put => http::Method::PUT,
            Method::Delete => http::Method::DELETE,
        };
        let mut request = http
            .request(method, self.url.clone())
            .build()
            .map_err(|_| Error::unsent(route, ErrorKind::BadRoute(RouteProblem::ForeignOrigin)))?;
        request.headers_mut().insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        if let Some(body) = &self.body {
            request.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            *request.body_mut() = Some(Body::from(body.clone()));
        }
        // The last look before the key is attached.
        if request.url().origin() != inner.server.url().origin() {
            return Err(Error::unsent(route, ErrorKind::BadRoute(RouteProblem::ForeignOrigin)));
        }
        request.headers_mut().insert(KEY_HEADER, key);
        Ok(request)
    }

    fn note_answer(&self, paid: Paid, response: &reqwest::Response) {
        if let Some(date) = server_date(response.headers()) {
            let inner = &self.client.inner;
            *inner.server_time.lock().unwrap_or_else(PoisonError::into_inner) = Some(date);
        }
        if response.status() == StatusCode::TOO_MANY_REQUESTS {
            let wait = retry_after(response.headers(), Timestamp::now());
            if let Err(error) = self.client.inner.limiter.pause(wait) {
                tracing::error!(%error, "the account's pause could not be kept");
            }
        }
        paid.answered();
    }
}

fn address(client: &Client, call: &Call<'_>) -> std::result::Result<Url, RouteProblem> {
    let inner = &client.inner;
    let path = fill(call.route, inner.overrides.template(call.route), &inner.customer_id, call.ids)?;
    let mut url =
        Url::parse(&format!("{}{path}", inner.server.origin())).map_err(|_| RouteProblem::ForeignOrigin)?;
    if url.origin() != inner.server.url().origin() || url.path() != path {
        return Err(RouteProblem::ForeignOrigin);
    }
    if !call.query.is_empty() {
        url.query_pairs_mut().extend_pairs(call.query);
    }
    Ok(url)
}

/// How long to wait before a read is tried again; `None`: it isn't. `done` tries were made.
fn pause_before_next(error: &Error, done: u32, tries: u32) -> Option<Duration> {
    let passing = match error.kind {
        ErrorKind::ConnectionLost | ErrorKind::Refused => true,
        ErrorKind::Server => matches!(error.status, Some(500 | 502 | 503 | 504)),
        _ => false,
    };
    let asked = error.retry_after.unwrap_or_default();
    if !passing || done >= tries || asked > PATIENCE {
        return None;
    }
    Some(asked.max(jittered(BACKOFF * 2_u32.pow(done - 1), random())))
}

/// Anything from nothing to `longest`: many clients that failed together don't come back together.
fn jittered(longest: Duration, random: u32) -> Duration {
    longest.mul_f64(f64::from(random) / f64::from(u32::MAX))
}

/// Without the system's randomness the longest wait is the safe one.
fn random() -> u32 {
    getrandom::u32().unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.
    use super::*;
    use crate::error::Failure;
    use crate::rate_limit::{LimitParams, LimitSettings, RateLimiter};

    fn client(token: &str, folder: &std::path::Path) -> Client {
        let server = crate::ServerUrl::planradar();
        let limiter =
            RateLimiter::open(folder, server.url(), "1", LimitSettings::default(), LimitParams::default());
        Client::new(crate::ClientConfig {
            server,
            customer_id: crate::CustomerId::parse("1").unwrap(),
            token: token.into(),
            overrides: crate::routes::Overrides::default(),
            transport: crate::Transport::new(crate::TransportConfig::default()).unwrap(),
            limiter: limiter.unwrap(),
        })
    }

    #[test]
    fn the_key_is_marked_as_a_secret() {
        let folder = tempfile::tempdir().unwrap();
        let client = client("demo-secret", folder.path());
        let call = Call::new(&crate::routes::PROJECTS_LIST, Lane::Person);
        let request = Outgoing::new(&client, &call).unwrap().request(&reqwest::Client::new()).unwrap();
        let key = &request.headers()[KEY_HEADER];
        assert_eq!((key.as_bytes(), key.is_sensitive()), (b"demo-secret".as_slice(), true));
        assert!(!format!("{request:?}").contains("demo-secret"));
    }

    #[test]
    fn a_token_that_no_header_takes_is_refused_here() {
        let folder = tempfile::tempdir().unwrap();
        let client = client("two\nlines", folder.path());
        let call = Call::new(&crate::routes::PROJECTS_LIST, Lane::Person);
        let error = Outgoing::new(&client, &call).unwrap().request(&reqwest::Client::new()).unwrap_err();
        assert_eq!((error.kind.clone(), error.sent), (ErrorKind::BadToken, Sent::No));
    }

    fn error(kind: ErrorKind, status: Option<u16>, retry_after: Option<Duration>) -> Error {
        Failure { status, retry_after, ..Failure::new("test", kind, Sent::Yes) }.into()
    }

    #[test]
    fn only_what_may_pass_is_tried_again() {
        use ErrorKind as K;
        for (kind, status, again) in [
            (K::ConnectionLost, None, true),
            (K::Refused, None, true),
            (K::Server, Some(500), true),
            (K::Server, Some(503), true),
            (K::Server, Some(501), false),
            (K::RateLimited, Some(429), false),
            (K::Timeout, None, false),
            (K::Offline, None, false),
            (K::UnknownHost("h".into()), None, false),
            (K::NotFound, Some(404), false),
            (K::NotJson, Some(200), false),
        ] {
            let shown = format!("{kind:?}");
            assert_eq!(pause_before_next(&error(kind, status, None), 1, TRIES).is_some(), again, "{shown}");
        }
    }

    #[test]
    fn tries_and_patience_end() {
        let lost = error(ErrorKind::ConnectionLost, None, None);
        let again =
            |tries| (1..=4).map(|done| pause_before_next(&lost, done, tries).is_some()).collect::<Vec<_>>();
        assert_eq!(again(TRIES), [true, true, false, false]);
        assert_eq!(again(1), [false; 4]);
        let busy = |seconds| error(ErrorKind::Server, Some(503), Some(Duration::from_secs(seconds)));
        assert!(pause_before_next(&busy(3), 1, TRIES).is_some_and(|pause| pause >= Duration::from_secs(3)));
        assert_eq!(pause_before_next(&busy(6), 1, TRIES), None);
    }

    #[test]
    fn jitter_is_full() {
        assert_eq!(jittered(BACKOFF, 0), Duration::ZERO);
        assert_eq!(jittered(BACKOFF, u32::MAX), BACKOFF);
        assert!(jittered(BACKOFF, u32::MAX / 2) < BACKOFF * 51 / 100);
    }
}
