//! What tests of webhooks do often.

use std::time::Duration;

use planradar_sandbox::{DeliverOptions, Options, Seed};
use reqwest::Method;
use serde_json::{Value, json};

use super::{Got, Site, roomy};

pub const WEBHOOKS: &str = "/api/v1/9000001/webhooks";
/// Projects of the demo account.
pub const PROJECT: &str = "kdwmrq";
pub const OTHER_PROJECT: &str = "bhxkqa";

/// Deliveries whose pauses take no time.
pub fn quick() -> DeliverOptions {
    DeliverOptions { backoff: Duration::from_millis(1), ..DeliverOptions::default() }
}

/// The demo account, which has projects.
pub fn demo() -> Options {
    Options { seed: Seed::Demo, deliver: quick(), ..roomy() }
}

/// As little as a webhook needs.
pub fn little(target: &str) -> Value {
    json!({"description": "test", "target-url": target, "events": ["ticket_created"]})
}

/// These attributes with others on top of them.
pub fn with(attributes: &Value, more: Value) -> Value {
    let (Value::Object(mut all), Value::Object(more)) = (attributes.clone(), more) else {
        panic!("attributes are objects");
    };
    all.extend(more);
    Value::Object(all)
}

/// A pointer to an attribute.
pub fn at(place: &str) -> String {
    format!("/data/attributes/{place}")
}

impl Site {
    pub async fn create_webhook(&self, attributes: Value) -> Got {
        let token = &self.ready.tokens.account_holder;
        self.with_attributes(Method::POST, WEBHOOKS, token, attributes).await
    }

    /// Creates one and returns its id.
    pub async fn new_webhook(&self, attributes: Value) -> String {
        let got = self.create_webhook(attributes).await;
        assert_eq!(got.status, 201, "{got:?}");
        got.body["data"]["id"].as_str().unwrap().to_owned()
    }

    /// Deletes the seed's webhooks, where their deliveries would be in the way.
    pub async fn clear_webhooks(&self) {
        let token = &self.ready.tokens.account_holder;
        for row in self.get(WEBHOOKS, token).await.body["data"].as_array().unwrap() {
            let path = format!("{WEBHOOKS}/{}", row["id"].as_str().unwrap());
            assert_eq!(self.delete(&path, token).await.status, 204);
        }
    }

    pub async fn put_webhook(&self, id: &str, attributes: Value) -> Got {
        let token = &self.ready.tokens.account_holder;
        self.with_attributes(Method::PUT, &format!("{WEBHOOKS}/{id}"), token, attributes).await
    }

    /// Its attributes as they are stored.
    pub async fn webhook(&self, id: &str) -> Value {
        let got = self.get(&format!("{WEBHOOKS}/{id}"), &self.ready.tokens.account_holder).await;
        assert_eq!(got.status, 200, "{got:?}");
        got.body["data"]["attributes"].clone()
    }

    /// Waits until all deliveries are over, and returns those of one webhook, the newest first.
    pub async fn deliveries(&self, id: &str) -> Got {
        self.sandbox.delivered().await;
        let path = format!("{WEBHOOKS}/{id}/deliveries");
        self.get(&path, &self.ready.tokens.account_holder).await
    }

    /// Creates a ticket, waits until all of its deliveries are over, and returns its UUID.
    pub async fn ticket(&self, project: &str) -> String {
        let attributes = json!({"ticket-type-id": "t1", "component-id": "c1", "subject": "demo: crack"});
        let path = format!("/api/v2/9000001/projects/{project}/tickets");
        let got =
            self.with_attributes(Method::POST, &path, &self.ready.tokens.account_holder, attributes).await;
        assert_eq!(got.status, 201, "{got:?}");
        self.sandbox.delivered().await;
        got.body["data"]["attributes"]["uuid"].as_str().unwrap().to_owned()
    }
}
