//! Stands between a worker and its server: counts, holds, notes new values, and changes answers.

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, Response, StatusCode, header},
};
use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        mpsc::{Receiver, Sender, channel},
    },
    time::Duration,
};
use tokio::{net::TcpListener, sync::watch};

/// Longer than any request here takes.
const DEADLINE: Duration = Duration::from_secs(30);

/// One request and its answer.
pub struct Exchange {
    /// Method and path, such as `POST /api/v1/1/personal_access_tokens`.
    pub what: String,
    /// The token it was made with.
    pub key: String,
    /// The answer's status.
    pub status: StatusCode,
    /// The answer's headers.
    pub headers: HeaderMap,
    /// The answer's body.
    pub body: Vec<u8>,
}

type Twist = Box<dyn Fn(&mut Exchange) + Send + Sync>;

/// On which side of the server's work a request is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The request has left the worker and not reached the server.
    Before,
    /// The server has answered, and the worker has not got it.
    After,
}

#[derive(Default)]
struct Inner {
    target: String,
    client: reqwest::Client,
    requests: Mutex<Vec<String>>,
    values: Mutex<Vec<String>>,
    twist: Mutex<Option<Twist>>,
    hold: Mutex<Option<Held>>,
}

struct Held {
    nth: usize,
    side: Side,
    reached: Sender<()>,
    passed: Sender<()>,
    go: watch::Receiver<bool>,
}

/// The one between. Ends with the test's runtime.
pub struct Between {
    url: String,
    inner: Arc<Inner>,
}

/// A request that is held.
pub struct Hold {
    reached: Receiver<()>,
    passed: Receiver<()>,
    go: watch::Sender<bool>,
}

impl Hold {
    /// Waits until the request is there.
    pub fn reached(&self) {
        self.reached.recv_timeout(DEADLINE).expect("the request that is to be held has not come");
    }

    /// Lets it go, and waits until the server has done its work.
    pub fn release(&self) {
        self.go.send_replace(true);
        self.passed.recv_timeout(DEADLINE).expect("the server has not answered");
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Between {
    /// Listens on a port of its own, for the server at `target`.
    pub async fn start(target: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
        let client = client.build().unwrap();
        let inner = Arc::new(Inner { target: target.to_owned(), client, ..Inner::default() });
        let service = Router::new().fallback(pass).with_state(Arc::clone(&inner));
        tokio::spawn(async move { axum::serve(listener, service).await });
        Self { url, inner }
    }

    /// The address for the worker.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Method and path of each request so far.
    #[must_use]
    pub fn requests(&self) -> Vec<String> {
        lock(&self.inner.requests).clone()
    }

    /// The values that answers to creations told.
    #[must_use]
    pub fn values(&self) -> Vec<String> {
        lock(&self.inner.values).clone()
    }

    /// Holds the `nth` request of all, counted from 0.
    #[must_use]
    pub fn hold(&self, nth: usize, side: Side) -> Hold {
        let (reached, is_reached) = channel();
        let (passed, is_passed) = channel();
        let (go, may_go) = watch::channel(false);
        *lock(&self.inner.hold) = Some(Held { nth, side, reached, passed, go: may_go });
        Hold { reached: is_reached, passed: is_passed, go }
    }

    /// From now on answers are changed like this.
    pub fn twist(&self, twist: impl Fn(&mut Exchange) + Send + Sync + 'static) {
        *lock(&self.inner.twist) = Some(Box::new(twist));
    }

    /// Answers stay as they are again.
    pub fn straight(&self) {
        *lock(&self.inner.twist) = None;
    }
}

async fn pass(State(inner): State<Arc<Inner>>, request: Request) -> Response<Body> {
    // A task of its own: it goes on when the worker is dead.
    let answer = tokio::spawn(async move { exchange(&inner, request).await });
    answer.await.unwrap()
}

async fn exchange(inner: &Inner, request: Request) -> Response<Body> {
    let what = format!("{} {}", request.method(), request.uri().path());
    let nth = {
        let mut requests = lock(&inner.requests);
        requests.push(what.clone());
        requests.len() - 1
    };
    let hold = lock(&inner.hold).take_if(|hold| hold.nth == nth);
    wait(hold.as_ref(), Side::Before).await;
    let answer = forward(inner, what, request).await;
    if let Some(hold) = &hold {
        // The test may not wait for it.
        hold.passed.send(()).ok();
    }
    wait(hold.as_ref(), Side::After).await;
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    response
}

async fn wait(hold: Option<&Held>, side: Side) {
    if let Some(hold) = hold.filter(|hold| hold.side == side) {
        // The worker is killed by the test only when it knows.
        hold.reached.send(()).ok();
        // A test that has ended lets it go as well.
        hold.go.clone().wait_for(|go| *go).await.ok();
    }
}

async fn forward(inner: &Inner, what: String, request: Request) -> Exchange {
    let (mut head, body) = request.into_parts();
    let body: Bytes = to_bytes(body, 1 << 20).await.unwrap();
    let path = head.uri.path_and_query().map_or("/", |p| p.as_str());
    head.headers.remove(header::HOST);
    let key = head.headers.get("x-planradar-api-key");
    let key = key.map_or("", |key| key.to_str().unwrap()).to_owned();
    let sent = inner.client.request(head.method.clone(), format!("{}{path}", inner.target));
    let answer = sent.headers(head.headers).body(body).send().await.unwrap();
    let (status, mut headers) = (answer.status(), answer.headers().clone());
    headers.remove(header::TRANSFER_ENCODING);
    let body = answer.bytes().await.unwrap().to_vec();
    if what.starts_with("POST") && what.ends_with("/personal_access_tokens") {
        let told: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
        let value = told["data"]["attributes"]["token"].as_str().map(str::to_owned);
        lock(&inner.values).extend(value);
    }
    let mut exchange = Exchange { what, key, status, headers, body };
    if let Some(twist) = &*lock(&inner.twist) {
        twist(&mut exchange);
        // Counted anew.
        exchange.headers.remove(header::CONTENT_LENGTH);
    }
    exchange
}
