//! Somebody who gets deliveries, and remembers them.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_util::task::AbortOnDropHandle;

/// One request that was delivered.
#[derive(Clone, Debug)]
pub struct Hit {
    pub target: String,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Hit {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub fn event(&self) -> &str {
        self.body["event"].as_str().unwrap()
    }
}

/// An HTTP server on a port of its own; it ends when it is dropped.
pub struct Receiver {
    pub port: u16,
    hits: Arc<Mutex<Vec<Hit>>>,
    _serving: AbortOnDropHandle<()>,
}

impl Receiver {
    /// Answers each request as `answer` says, which is told its number from 1.
    pub async fn start(answer: impl Fn(usize, &Hit) -> Response + Clone + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let hits = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&hits);
        let router = Router::new().fallback(move |uri: Uri, headers: HeaderMap, body: Bytes| {
            let hit = Hit { target: uri.to_string(), headers, body: serde_json::from_slice(&body).unwrap() };
            let mut hits = noted.lock().unwrap();
            let response = answer(hits.len() + 1, &hit);
            hits.push(hit);
            async { response }
        });
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { port, hits, _serving: AbortOnDropHandle::new(serving) }
    }

    /// Answers each request with 200.
    pub async fn content() -> Self {
        Self::start(|_, _| status(200)).await
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// What has come since the last call.
    pub fn take(&self) -> Vec<Hit> {
        std::mem::take(&mut self.hits.lock().unwrap())
    }

    /// The one request that has come since the last call.
    pub fn only(&self) -> Hit {
        let hits = self.take();
        assert_eq!(hits.len(), 1, "{hits:?}");
        hits.into_iter().next().unwrap()
    }
}

pub fn status(code: u16) -> Response {
    answer(code, String::new())
}

pub fn answer(code: u16, body: String) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = StatusCode::from_u16(code).unwrap();
    response
}

/// Takes one request, answers 204, and tells what came, byte for byte: libraries put header names in lower case.
pub async fn bytes_of_one() -> (String, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let reading = tokio::spawn(async move {
        let accepting = tokio::time::timeout(Duration::from_secs(30), listener.accept());
        let (mut stream, _) = accepting.await.unwrap().unwrap();
        let mut bytes = Vec::new();
        loop {
            assert_ne!(stream.read_buf(&mut bytes).await.unwrap(), 0, "the request ends too early");
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
            let length = head
                .lines()
                .find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await.unwrap();
                return text;
            }
        }
    });
    (url, reading)
}
