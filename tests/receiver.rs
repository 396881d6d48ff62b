//! Takes a server's deliveries.

use axum::{Router, extract::State, http::HeaderMap};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::net::TcpListener;

type Got = Arc<Mutex<Vec<HeaderMap>>>;

/// A receiver that answers 200. Ends with the test's runtime.
pub struct Receiver {
    url: String,
    got: Got,
}

impl Receiver {
    /// Listens on a port of its own.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let got = Got::default();
        let take = async |State(got): State<Got>, headers: HeaderMap| {
            got.lock().unwrap_or_else(PoisonError::into_inner).push(headers);
        };
        let service = Router::new().fallback(take).with_state(Arc::clone(&got));
        tokio::spawn(async move { axum::serve(listener, service).await });
        Self { url, got }
    }

    /// The address for a webhook.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The headers of each delivery since the last time.
    #[must_use]
    pub fn take(&self) -> Vec<HeaderMap> {
        std::mem::take(&mut self.got.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
