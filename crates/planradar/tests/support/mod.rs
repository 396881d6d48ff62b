//! What the client's tests have in common: a listener that answers as told, and a client that speaks to it.
#![allow(dead_code, clippy::unwrap_used)] // Each test uses a part of it; a failed unwrap is the test's failure.

use planradar::rate_limit::{LimitParams, LimitSettings, RateLimiter};
use planradar::{
    Client, ClientConfig, CustomerId, ErrorKind, ProxySetting, Sent, ServerUrl, Transport, TransportConfig,
    routes,
};
use std::collections::VecDeque;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};

/// The token of the tests. Long and hexadecimal, as real ones are.
pub const TOKEN: &str = "0badc0ffee0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcd";

/// The account of the tests.
const CUSTOMER: &str = "1484013";

/// How a [`Listener`] deals with one request.
#[derive(Clone)]
pub enum Reply {
    /// These bytes, then the next request of the connection.
    Raw(Vec<u8>),
    /// These bytes, then the end of the connection.
    RawAndClose(Vec<u8>),
    /// These bytes, then silence until the client leaves.
    RawAndHang(Vec<u8>),
    /// The connection is reset (TCP RST) once the request was read.
    Reset,
    /// The connection is reset as soon as it is made.
    ResetUnread,
    /// As the reply in it, but only once the gate is open.
    When(watch::Receiver<bool>, Box<Reply>),
}

/// An HTTP/1.1 answer.
pub fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Reply {
    let mut head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        head.extend([name, ": ", value, "\r\n"]);
    }
    Reply::Raw(format!("{head}\r\n{body}").into_bytes())
}

/// An HTTP/1.1 answer with JSON.
pub fn json(status: u16, body: &str) -> Reply {
    answer(status, &[("content-type", "application/json")], body)
}

/// An empty list: the answer to a connection test.
pub fn empty_list() -> Reply {
    json(200, r#"{"data": [], "meta": {"count": 0, "page": 1}}"#)
}

/// A server that answers in the order of arrival; the last reply repeats.
pub struct Listener {
    pub port: u16,
    seen: Arc<Mutex<Vec<String>>>,
    arrived: Arc<Notify>,
    accepted: Arc<AtomicUsize>,
}

impl Listener {
    pub async fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = socket.local_addr().unwrap().port();
        let (seen, arrived) = (Arc::default(), Arc::default());
        let connections = Connections {
            replies: Arc::new(Mutex::new(replies.into_iter().collect())),
            seen: Arc::clone(&seen),
            arrived: Arc::clone(&arrived),
        };
        let accepted = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&accepted);
        tokio::spawn(async move {
            while let Ok((stream, _)) = socket.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                let connections = connections.clone();
                tokio::spawn(async move { connections.serve_tcp(stream).await });
            }
        });
        Self { port, seen, arrived, accepted }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The requests so far, head and body, in the order of arrival.
    pub fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }

    pub fn count(&self) -> usize {
        self.seen.lock().unwrap().len()
    }

    /// Connections so far.
    pub fn connections(&self) -> usize {
        self.accepted.load(Ordering::SeqCst)
    }

    /// Waits until so many requests have come.
    pub async fn until(&self, count: usize) {
        loop {
            let next = self.arrived.notified();
            tokio::pin!(next);
            next.as_mut().enable();
            if self.count() >= count {
                return;
            }
            next.await;
        }
    }
}

/// What all connections of a listener share.
#[derive(Clone)]
pub struct Connections {
    pub replies: Arc<Mutex<VecDeque<Reply>>>,
    pub seen: Arc<Mutex<Vec<String>>>,
    pub arrived: Arc<Notify>,
}

impl Connections {
    fn peek_unread(&self) -> bool {
        matches!(self.replies.lock().unwrap().front(), Some(Reply::ResetUnread))
    }

    fn next(&self) -> Reply {
        let mut replies = self.replies.lock().unwrap();
        if replies.len() > 1 { replies.pop_front().unwrap() } else { replies.front().unwrap().clone() }
    }

    fn note(&self, request: String) {
        self.seen.lock().unwrap().push(request);
        self.arrived.notify_waiters();
    }

    async fn serve_tcp(&self, mut stream: TcpStream) {
        if self.peek_unread() {
            self.next();
            self.note(String::new());
            return reset(&stream);
        }
        if self.serve(&mut stream).await {
            reset(&stream);
        }
    }

    /// Serves one connection; whether it is to be reset.
    pub async fn serve<S: AsyncRead + AsyncWrite + Unpin>(&self, stream: &mut S) -> bool {
        while let Some(request) = read_request(stream).await {
            self.note(request);
            let mut reply = self.next();
            if let Reply::When(mut gate, inner) = reply {
                gate.wait_for(|open| *open).await.unwrap();
                reply = *inner;
            }
            let (bytes, then) = match reply {
                Reply::Raw(bytes) => (bytes, Then::Next),
                Reply::RawAndClose(bytes) => (bytes, Then::Close),
                Reply::RawAndHang(bytes) => (bytes, Then::Hang),
                Reply::Reset | Reply::ResetUnread => return true,
                Reply::When(..) => unreachable!("a reply waits once"),
            };
            // The client may have left, which is for the test to notice.
            if stream.write_all(&bytes).await.is_err() || stream.flush().await.is_err() {
                return false;
            }
            match then {
                Then::Next => {}
                Then::Close => {
                    let _ = stream.shutdown().await;
                    return false;
                }
                Then::Hang => {
                    let mut rest = Vec::new();
                    let _ = stream.read_to_end(&mut rest).await;
                    return false;
                }
            }
        }
        false
    }
}

enum Then {
    Next,
    Close,
    Hang,
}

fn reset(stream: &TcpStream) {
    // Dropped after this, it sends RST instead of FIN.
    stream.set_zero_linger().unwrap();
}

async fn read_request<S: AsyncRead + Unpin>(stream: &mut S) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let mut chunk = [0; 4096];
        let read = stream.read(&mut chunk).await.ok()?;
        if read == 0 {
            return None;
        }
        bytes.extend_from_slice(&chunk[..read]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let head = head.to_ascii_lowercase();
            let length = head.lines().find_map(|l| l.strip_prefix("content-length: ")?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return Some(text);
            }
        }
    }
}

/// A client with its limiter's folder.
pub struct Subject {
    pub client: Client,
    pub transport: Transport,
    pub limiter: RateLimiter,
    folder: Option<TempDir>,
}

/// Short times: nothing here takes long on purpose.
pub fn transport_config() -> TransportConfig {
    TransportConfig { total_timeout: Duration::from_secs(20), ..TransportConfig::default() }
}

pub fn subject(url: &str) -> Subject {
    subject_with(url, TOKEN, transport_config())
}

pub fn subject_with(url: &str, token: &str, config: TransportConfig) -> Subject {
    subject_of(url, CUSTOMER, token, LimitSettings::default(), config)
}

pub fn subject_of(
    url: &str,
    customer: &str,
    token: &str,
    settings: LimitSettings,
    config: TransportConfig,
) -> Subject {
    let folder = tempfile::tempdir().unwrap();
    let limiter = limiter(folder.path(), url, customer, settings);
    Subject { folder: Some(folder), ..subject_at(limiter, url, customer, token, config) }
}

/// With the limiter's file in `folder`.
pub fn subject_in(folder: &Path, url: &str, token: &str, config: TransportConfig) -> Subject {
    let limiter = limiter(folder, url, CUSTOMER, LimitSettings::default());
    subject_at(limiter, url, CUSTOMER, token, config)
}

fn limiter(folder: &Path, url: &str, customer: &str, settings: LimitSettings) -> RateLimiter {
    let server = ServerUrl::parse(url).unwrap();
    RateLimiter::open(folder, server.url(), customer, settings, LimitParams::default()).unwrap()
}

fn subject_at(
    limiter: RateLimiter,
    url: &str,
    customer: &str,
    token: &str,
    config: TransportConfig,
) -> Subject {
    let transport = Transport::new(config).unwrap();
    let client = Client::new(ClientConfig {
        server: ServerUrl::parse(url).unwrap(),
        customer_id: CustomerId::parse(customer).unwrap(),
        token: token.into(),
        overrides: routes::Overrides::default(),
        transport: transport.clone(),
        limiter: limiter.clone(),
    });
    Subject { client, transport, limiter, folder: None }
}

impl Subject {
    /// The limiter's folder.
    pub fn folder(&self) -> &Path {
        self.folder.as_ref().unwrap().path()
    }

    /// Waits until so many slots are taken: the figures are those of an earlier moment while the file is locked.
    pub async fn used_is(&self, used: u32) {
        let mut status = self.limiter.watch();
        let seen =
            tokio::time::timeout(Duration::from_secs(10), status.wait_for(|now| now.used == used)).await;
        assert!(seen.is_ok(), "{used} slots were to be taken, but {:?}", self.limiter.status());
    }
}

pub fn no_proxy() -> TransportConfig {
    TransportConfig { proxy: ProxySetting::None, ..transport_config() }
}

/// What an error is about.
pub fn what<T>(result: planradar::Result<T>) -> (ErrorKind, Sent) {
    match result {
        Ok(_) => panic!("an error was expected"),
        Err(error) => (error.kind.clone(), error.sent),
    }
}
