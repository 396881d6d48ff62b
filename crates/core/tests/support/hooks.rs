//! A receiver of deliveries, and what makes a sandbox deliver.

use super::{World, roomy};
use gatehouse_core::{
    SecretInput,
    webhooks::{
        AuthenticationForm, AuthenticationInput, HeaderInput, ValueInput, WebhookForm, WebhookInput,
        WebhookRow,
    },
};
use planradar_sandbox::{DeliverOptions, Options, Sandbox, Seed};
use secrecy::SecretString;
use serde_json::json;
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

pub const PROJECT: &str = "kdwmrq";
/// What nothing but the receiver may ever get.
pub const HIDDEN: &str = "h1dden-v4lue-7f3a";
pub const PASSWORD: &str = "pa55-w0rd-91bc";

/// Takes requests and answers 204.
pub struct Receiver {
    pub url: String,
    got: Arc<Mutex<Vec<String>>>,
}

impl Receiver {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let got = Arc::<Mutex<Vec<String>>>::default();
        let into = Arc::clone(&got);
        tokio::spawn(async move {
            while let Ok((mut peer, _)) = listener.accept().await {
                let into = Arc::clone(&into);
                tokio::spawn(async move {
                    let mut request = Vec::new();
                    while !request.windows(4).any(|w| w == b"\r\n\r\n") {
                        if peer.read_buf(&mut request).await.unwrap_or(0) == 0 {
                            return;
                        }
                    }
                    into.lock().unwrap().push(String::from_utf8_lossy(&request).into_owned());
                    peer.write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n").await.ok();
                });
            }
        });
        Self { url, got }
    }

    /// Heads of the requests since the last time.
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.got.lock().unwrap())
    }
}

/// With projects and webhooks, some of which fail: not for long.
pub fn seeded() -> Options {
    let deliver = DeliverOptions { backoff: Duration::from_millis(1), ..DeliverOptions::default() };
    Options { seed: Seed::Demo, deliver, ..roomy() }
}

/// An account whose server delivers.
pub struct Hooks {
    pub world: World,
    pub account: String,
    /// `None`: the demo account's, which the world has.
    server: Option<Sandbox>,
}

impl Hooks {
    /// The demo account: on its server it is proven that leaving a hidden value out keeps it.
    pub async fn demo() -> Self {
        let world = World::with_demo_of(seeded());
        let account = world.app.demo_start().await.unwrap().id;
        world.app.webhooks_refresh(&account).await.unwrap();
        Self { world, account, server: None }
    }

    /// Any other server.
    pub async fn other() -> Self {
        let server = Sandbox::start(seeded()).await.unwrap();
        let world = World::new();
        let account = world.add(&server).await.id;
        world.app.webhooks_refresh(&account).await.unwrap();
        Self { world, account, server: Some(server) }
    }

    pub fn server(&self) -> &Sandbox {
        self.server.as_ref().unwrap()
    }

    /// Makes a ticket, and waits until what follows is delivered.
    pub async fn ticket(&self) {
        let ask = async |sandbox: &Sandbox| {
            let url =
                format!("{}/api/v2/{}/projects/{PROJECT}/tickets", sandbox.url(), sandbox.customer_id());
            let body = json!({"data": {"attributes": {"ticket-type-id": "obk", "component-id": "nyk"}}});
            let token = sandbox.ready().unwrap().tokens.account_holder;
            let request = reqwest::Client::new().post(url).json(&body);
            let request = request.header("accept", "application/json").header("x-planradar-api-key", token);
            assert_eq!(request.send().await.unwrap().status(), 201);
            sandbox.delivered().await;
        };
        match &self.server {
            Some(server) => ask(server).await,
            None => self.world.with_demo_server(ask).await,
        }
    }

    /// Changes a webhook as another program would.
    pub async fn change_elsewhere(&self, id: &str, description: &str) {
        let server = self.server();
        let token = server.ready().unwrap().tokens.account_holder;
        let url = format!("{}/api/v1/{}/webhooks/{id}", server.url(), server.customer_id());
        let ask = |request: reqwest::RequestBuilder| {
            request.header("accept", "application/json").header("x-planradar-api-key", &token).send()
        };
        let http = reqwest::Client::new();
        let mut body: serde_json::Value = ask(http.get(&url)).await.unwrap().json().await.unwrap();
        body["data"]["attributes"]["description"] = description.into();
        for header in body["data"]["attributes"]["headers"].as_array_mut().unwrap() {
            if header["hidden"] == true {
                header.as_object_mut().unwrap().remove("value");
            }
        }
        assert_eq!(ask(http.put(&url).json(&body)).await.unwrap().status(), 200);
    }
}

pub fn row(rows: &[WebhookRow], description: &str) -> WebhookRow {
    rows.iter().find(|r| r.description == description).unwrap_or_else(|| panic!("{rows:?}")).clone()
}

pub fn secret(text: &str) -> ValueInput {
    ValueInput::Replace { value: SecretInput::from(SecretString::from(text)) }
}

pub fn header(name: &str, hidden: bool, value: ValueInput) -> HeaderInput {
    HeaderInput { name: name.to_owned(), hidden, value }
}

/// Two events, one project, Basic and three headers, one of them hidden.
pub fn new_webhook(target: &str) -> WebhookInput {
    WebhookInput {
        id: None,
        base: None,
        copy_of: None,
        description: "Tickets to the ERP".to_owned(),
        active: true,
        target_url: target.to_owned(),
        project_ids: Some(vec![PROJECT.to_owned()]),
        events: vec!["ticket_created".to_owned(), "comment_added".to_owned()],
        authentication: AuthenticationInput::Basic {
            username: "planradar".to_owned(),
            password: secret(PASSWORD),
        },
        headers: vec![
            header("X-Site", false, secret("Halle 3")),
            header("X-API-Key", true, secret(HIDDEN)),
            header("x-source", false, secret("planradar")),
        ],
        keep_values: false,
    }
}

/// What the editor sends when nothing was touched.
pub fn untouched(form: &WebhookForm) -> WebhookInput {
    WebhookInput {
        id: form.id.clone(),
        base: form.base.clone(),
        copy_of: None,
        description: form.description.clone(),
        active: form.active,
        target_url: form.target_url.clone(),
        project_ids: form.projects.as_ref().map(|list| list.iter().map(|p| p.id.clone()).collect()),
        events: form.events.clone(),
        authentication: match &form.authentication {
            AuthenticationForm::None => AuthenticationInput::None,
            AuthenticationForm::Other => AuthenticationInput::Other,
            AuthenticationForm::Basic { username, .. } => {
                AuthenticationInput::Basic { username: username.clone(), password: ValueInput::Keep }
            }
        },
        headers: form
            .headers
            .iter()
            .map(|h| {
                let value = h.value.as_deref().map_or(ValueInput::Keep, secret);
                header(&h.name, h.hidden, value)
            })
            .collect(),
        keep_values: form.keep_values,
    }
}
