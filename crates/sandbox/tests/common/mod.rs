//! A sandbox and a client that says what it got, for all of this crate's tests.

#![allow(dead_code, reason = "each test file uses its part")]
#![allow(clippy::unwrap_used, reason = "tests")]

pub mod receiver;
pub mod webhooks;

use planradar_sandbox::{Options, Ready, Sandbox};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};

pub const NAMES: &str = "/api/v1/9000001/personal_access_tokens";

/// A sandbox with a client.
pub struct Site {
    pub sandbox: Sandbox,
    pub ready: Ready,
    pub client: Client,
}

/// What was answered.
#[derive(Debug)]
pub struct Got {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub body: Value,
}

impl Got {
    /// The code of the first error.
    pub fn code(&self) -> &str {
        self.body["errors"][0]["code"].as_str().unwrap_or_default()
    }

    /// The pointers of all errors, sorted.
    pub fn pointers(&self) -> Vec<&str> {
        let errors = self.body["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
        let mut pointers: Vec<&str> =
            errors.iter().map(|e| e["source"]["pointer"].as_str().unwrap_or("none")).collect();
        pointers.sort_unstable();
        pointers
    }

    /// One attribute of each object of a list.
    pub fn column(&self, attribute: &str) -> Vec<&Value> {
        self.body["data"].as_array().unwrap().iter().map(|row| &row["attributes"][attribute]).collect()
    }

    /// The id of the one object.
    pub fn id(&self) -> &str {
        self.body["data"]["id"].as_str().unwrap()
    }

    /// An attribute of the one object.
    pub fn attribute(&self, name: &str) -> &Value {
        &self.body["data"]["attributes"][name]
    }
}

/// Options under which no test runs into the limit by accident.
pub fn roomy() -> Options {
    Options { limit: 100_000, ..Options::default() }
}

pub fn client() -> Client {
    // No proxy of the machine's, no automatic second try: each request is one.
    let none = reqwest::redirect::Policy::none();
    Client::builder().no_proxy().retry(reqwest::retry::never()).redirect(none).build().unwrap()
}

pub async fn send(request: RequestBuilder) -> Got {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let body = response.bytes().await.unwrap();
    let body = if body.is_empty() { Value::Null } else { serde_json::from_slice(&body).unwrap() };
    Got { status, headers, body }
}

impl Site {
    pub async fn start(options: Options) -> Self {
        let sandbox = Sandbox::start(options).await.unwrap();
        let ready = sandbox.ready().unwrap();
        Self { sandbox, ready, client: client() }
    }

    /// A request with all the headers that are asked for.
    pub fn request(&self, method: Method, path: &str, token: &str) -> RequestBuilder {
        self.client
            .request(method, format!("{}{path}", self.ready.url))
            .header("accept", "application/json")
            .header("X-PlanRadar-API-Key", token)
    }

    pub async fn get(&self, path: &str, token: &str) -> Got {
        send(self.request(Method::GET, path, token)).await
    }

    pub async fn delete(&self, path: &str, token: &str) -> Got {
        send(self.request(Method::DELETE, path, token)).await
    }

    pub async fn with_attributes(&self, method: Method, path: &str, token: &str, attributes: Value) -> Got {
        let body = json!({"data": {"attributes": attributes}});
        send(self.request(method, path, token).json(&body)).await
    }

    pub async fn create_token(&self, token: &str, name: &str) -> Got {
        self.with_attributes(Method::POST, NAMES, token, json!({"name": name})).await
    }
}
