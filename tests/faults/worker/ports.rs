//! The ports, with places around each call: there the program stops to be killed, or panics.

use async_trait::async_trait;
use gatehouse_core::{
    jobs::JobState,
    notices::Notice,
    ports::{KeychainKind, Notifier, SecretId, SecretStore, SecretStoreError},
};
use gatehouse_keychain::OsKeychain;
use secrecy::SecretString;
use serde_json::{Value, json};
use std::{
    collections::{HashMap, HashSet},
    fmt::Debug,
    io::Write,
    sync::{Arc, Mutex, PoisonError},
};

/// Prints one line for the test.
pub fn say(event: &Value) {
    let mut out = std::io::stdout().lock();
    // Nobody listens any more: the test has ended, and this program does as well.
    if writeln!(out, "{event}").and_then(|()| out.flush()).is_err() {
        std::process::exit(1);
    }
}

/// Counts how often each place is passed since the last command began.
#[derive(Default)]
pub struct Places(Mutex<Counted>);

#[derive(Default)]
struct Counted {
    passed: HashMap<String, u32>,
    at: Option<String>,
    panics: bool,
    /// Runs of which was told that they rest or have ended.
    rested: HashSet<String>,
}

impl Places {
    /// A command begins.
    pub fn begin(&self, at: Option<&str>, panics: bool) {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counted = Counted { at: at.map(str::to_owned), panics, ..Counted::default() };
    }

    /// Whether a run was told to rest or to have ended since the command began. Then it passes no place any more.
    pub fn has_rested(&self, run: &str) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).rested.contains(run)
    }

    /// The program is here, with this in hand.
    fn reached(&self, what: &str, held: &dyn Debug) {
        let (place, ends, panics) = {
            let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let count = counted.passed.entry(what.to_owned()).or_default();
            *count += 1;
            let place = format!("{what} {count}");
            let ends = counted.at.as_ref() == Some(&place);
            (place, ends, counted.panics)
        };
        say(&json!({ "place": place }));
        assert!(!(ends && panics), "at {place}, holding {held:?}");
        if ends {
            say(&json!({ "stopped": place }));
            loop {
                std::thread::park();
            }
        }
    }
}

/// Prints every notice: what the window would be told.
pub struct Notices(pub Arc<Places>);

impl Notifier for Notices {
    fn notify(&self, notice: Notice) {
        say(&json!({ "notice": notice }));
        let place = match notice {
            Notice::OperationsChanged { .. } => "operations changed",
            Notice::TokensChanged { .. } => "tokens changed",
            Notice::WebhooksChanged { .. } => "webhooks changed",
            Notice::UsersChanged { .. } => "users changed",
            Notice::AccountsChanged => "accounts changed",
            Notice::JobChanged { job } if job.state != JobState::Running => {
                self.0.0.lock().unwrap_or_else(PoisonError::into_inner).rested.insert(job.id);
                return;
            }
            // These come when they come.
            _ => return,
        };
        self.0.reached(place, &notice);
    }
}

/// The real keychain.
pub struct Keychain {
    os: OsKeychain,
    places: Arc<Places>,
}

impl Keychain {
    pub fn new(places: Arc<Places>) -> Self {
        Self { os: OsKeychain::new(), places }
    }
}

/// Sealing the audit log happens when it happens: nothing to stop at.
fn name(id: &SecretId) -> Option<&'static str> {
    match id {
        SecretId::SignIn { .. } => Some("sign-in"),
        SecretId::Token { .. } => Some("token"),
        SecretId::Hidden { .. } => Some("hidden"),
        SecretId::NamedValue { .. } => Some("value"),
        SecretId::AuditKey { .. } | SecretId::AuditHead { .. } => None,
    }
}

impl Keychain {
    fn reached(&self, what: &str, id: &SecretId, held: &dyn Debug) {
        if let Some(name) = name(id) {
            self.places.reached(&format!("{what} {name}"), held);
        }
    }
}

#[async_trait]
impl SecretStore for Keychain {
    fn kind(&self) -> KeychainKind {
        self.os.kind()
    }

    async fn probe(&self) -> Result<(), SecretStoreError> {
        self.os.probe().await
    }

    async fn put(&self, id: &SecretId, value: SecretString) -> Result<(), SecretStoreError> {
        self.reached("before put", id, &value);
        let outcome = self.os.put(id, value).await;
        self.reached("after put", id, &outcome);
        outcome
    }

    async fn get(&self, id: &SecretId) -> Result<SecretString, SecretStoreError> {
        let outcome = self.os.get(id).await;
        self.reached("after get", id, &outcome);
        outcome
    }

    async fn delete(&self, id: &SecretId) -> Result<(), SecretStoreError> {
        self.reached("before delete", id, id);
        let outcome = self.os.delete(id).await;
        self.reached("after delete", id, &outcome);
        outcome
    }
}
