//! Faults on demand, for tests: what a network, a proxy or a server in trouble does to a request.

use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderValue, Method, Response, StatusCode};
use futures_util::Stream;
use serde::Deserialize;

use crate::connection::Cut;
use crate::routes::Found;
use crate::server::App;

/// A fault and the requests it strikes. The limit counts them as any other.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// Only this method; without one, every method.
    #[serde(default)]
    pub method: Option<String>,
    /// Only the route of this name, such as `tokens.create`; without one, every request.
    #[serde(default)]
    pub route: Option<String>,
    /// Only the n-th such request since the fault was added, from 1; without it, each of them.
    #[serde(default)]
    pub nth: Option<u32>,
    /// What happens to it.
    pub effect: Effect,
}

/// What happens to a request. `done` says whether the server does the work all the same.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Effect {
    /// Another status, without a body.
    Status {
        /// The status.
        status: u16,
        /// Whether the work is done first.
        #[serde(default)]
        done: bool,
    },
    /// The request waits before and after its work.
    Latency {
        /// Milliseconds before the work.
        #[serde(default)]
        before_ms: u64,
        /// Milliseconds between the work and the answer.
        #[serde(default)]
        after_ms: u64,
    },
    /// The connection is reset (TCP RST) and nothing is answered.
    Reset {
        /// Whether the work is done first.
        done: bool,
    },
    /// The work is done; the answer's body ends in its middle, and the connection with it.
    Truncated,
    /// The work is done; the answer's body is not JSON, though it says so.
    InvalidBody,
    /// A page of HTML, as proxies and maintenance send. The work is not done.
    Html {
        /// The status it comes with.
        status: u16,
    },
    /// A redirect (307). The work is not done.
    Redirect {
        /// Where to.
        to: String,
    },
}

/// The faults that wait for their requests.
#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<Vec<(Fault, u32)>>);

impl Faults {
    fn lock(&self) -> MutexGuard<'_, Vec<(Fault, u32)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn add(&self, fault: Fault) {
        self.lock().push((fault, 0));
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    /// What happens to the request that has just arrived. The fault that was added first wins; all count it.
    pub(crate) fn next(&self, method: &Method, found: &Found) -> Option<Effect> {
        let mut struck = None;
        for (fault, seen) in self.lock().iter_mut() {
            let method_fits =
                fault.method.as_deref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method.as_str()));
            let route_fits = fault.route.is_none() || fault.route.as_deref() == found.name();
            if method_fits && route_fits {
                *seen += 1;
                if struck.is_none() && fault.nth.is_none_or(|nth| nth == *seen) {
                    struck = Some(fault.effect.clone());
                }
            }
        }
        struck
    }
}

/// The answer of a fault that keeps the work from being done.
pub(crate) async fn before(effect: Option<&Effect>, app: &App, cut: &Cut) -> Option<Response<Body>> {
    match effect? {
        Effect::Status { status, done: false } => Some(plain(*status)),
        Effect::Latency { before_ms, .. } => {
            app.wait(Duration::from_millis(*before_ms)).await;
            None
        }
        Effect::Reset { done: false } => Some(reset(cut)),
        Effect::Html { status } => Some(html(*status)),
        Effect::Redirect { to } => Some(redirect(to)),
        Effect::Status { done: true, .. }
        | Effect::Reset { done: true }
        | Effect::Truncated
        | Effect::InvalidBody => None,
    }
}

/// What a fault makes of the answer when the work has been done.
pub(crate) async fn after(
    effect: Option<Effect>,
    response: Response<Body>,
    app: &App,
    cut: &Cut,
) -> Response<Body> {
    match effect {
        Some(Effect::Status { status, .. }) => plain(status),
        Some(Effect::Latency { after_ms, .. }) => {
            app.wait(Duration::from_millis(after_ms)).await;
            response
        }
        Some(Effect::Reset { .. }) => reset(cut),
        Some(Effect::Truncated) => truncated(response).await,
        Some(Effect::InvalidBody) => response.map(|_| Body::from("{\"data\": {\"id\": ")),
        Some(Effect::Html { .. } | Effect::Redirect { .. }) | None => response,
    }
}

/// Cuts the connection. The response is never sent: writing it is what notices the cut.
fn reset(cut: &Cut) -> Response<Body> {
    cut.reset();
    Response::new(Body::empty())
}

fn plain(status: u16) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    // Not a status at all: the test's mistake, and it shows as the sandbox's own error.
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response
}

fn html(status: u16) -> Response<Body> {
    let mut response = plain(status);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    *response.body_mut() = Body::from("<!doctype html><title>Maintenance</title><h1>Back soon</h1>");
    response
}

fn redirect(to: &str) -> Response<Body> {
    let mut response = plain(307);
    if let Ok(to) = HeaderValue::from_str(to) {
        response.headers_mut().insert(LOCATION, to);
    }
    response
}

async fn truncated(response: Response<Body>) -> Response<Body> {
    let (mut parts, body) = response.into_parts();
    // The sandbox's own answers are small and in memory.
    let whole = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(whole.len().max(2)));
    let half = whole.slice(..whole.len() / 2);
    Response::from_parts(parts, Body::from_stream(Half::Send(half)))
}

/// A body that breaks off: half of it, a moment for it to be written, an error.
enum Half {
    Send(Bytes),
    Flush,
    Break,
}

impl Stream for Half {
    type Item = std::io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match std::mem::replace(&mut *self, Self::Break) {
            Self::Send(half) => {
                *self = Self::Flush;
                Poll::Ready(Some(Ok(half)))
            }
            Self::Flush => {
                // The connection writes what it has before it asks again.
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            Self::Break => Poll::Ready(Some(Err(std::io::ErrorKind::UnexpectedEof.into()))),
        }
    }
}
