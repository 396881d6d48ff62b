//! The ports' in-memory twins, for tests of this and other crates.

use crate::{
    notices::Notice,
    ports::{
        Clipboard, ClipboardError, Clock, KeychainKind, Notifier, SecretId, SecretStore, SecretStoreError,
    },
    sync::lock,
};
use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use std::{
    collections::HashMap,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

/// The system's clock. Not a twin: the real adapter is this small.
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// The system's clock, moved by hand.
#[derive(Default)]
pub struct SteppedClock(Mutex<SignedDuration>);

impl SteppedClock {
    /// From now on the clock is this much further ahead, or behind.
    pub fn step(&self, by: SignedDuration) {
        *lock(&self.0) += by;
    }
}

impl Clock for SteppedClock {
    fn now(&self) -> Timestamp {
        Timestamp::now() + *lock(&self.0)
    }
}

/// A keychain in memory that can be told to fail or to hang.
#[derive(Default)]
pub struct MemoryKeychain {
    entries: Mutex<HashMap<SecretId, SecretString>>,
    failure: Mutex<Option<SecretStoreError>>,
    hang: Mutex<Option<tokio::sync::watch::Receiver<bool>>>,
    held_up: tokio::sync::Notify,
}

impl MemoryKeychain {
    /// From now on every call fails like this; `None` = works again.
    pub fn fail(&self, failure: Option<SecretStoreError>) {
        *lock(&self.failure) = failure;
    }

    /// From now on every call hangs until the returned sender says `true`.
    pub fn hang(&self) -> tokio::sync::watch::Sender<bool> {
        let (go, wait) = tokio::sync::watch::channel(false);
        *lock(&self.hang) = Some(wait);
        go
    }

    /// Waits until a call hangs, or returns at once if one has begun to since the last time.
    pub async fn held_up(&self) {
        self.held_up.notified().await;
    }

    /// All ids that belong to accounts, sorted.
    pub fn ids(&self) -> Vec<SecretId> {
        self.ids_where(|id| id.account().is_some())
    }

    /// All ids that belong to none, sorted.
    pub fn own_ids(&self) -> Vec<SecretId> {
        self.ids_where(|id| id.account().is_none())
    }

    fn ids_where(&self, wanted: impl Fn(&SecretId) -> bool) -> Vec<SecretId> {
        let mut ids: Vec<_> = lock(&self.entries).keys().filter(|id| wanted(id)).cloned().collect();
        ids.sort();
        ids
    }

    async fn gate(&self, id: Option<&SecretId>) -> Result<(), SecretStoreError> {
        let hang = lock(&self.hang).clone();
        if let Some(mut hang) = hang {
            // What happens behind everybody's back is not what a test waits for.
            if id.is_none_or(|id| id.account().is_some()) {
                self.held_up.notify_one();
            }
            // A dropped sender ends the hang too.
            drop(hang.wait_for(|go| *go).await);
        }
        lock(&self.failure).clone().map_or(Ok(()), Err)
    }
}

#[async_trait]
impl SecretStore for MemoryKeychain {
    fn kind(&self) -> KeychainKind {
        KeychainKind::SecretService
    }

    async fn probe(&self) -> Result<(), SecretStoreError> {
        self.gate(None).await
    }

    async fn put(&self, id: &SecretId, value: SecretString) -> Result<(), SecretStoreError> {
        self.gate(Some(id)).await?;
        lock(&self.entries).insert(id.clone(), value);
        Ok(())
    }

    async fn get(&self, id: &SecretId) -> Result<SecretString, SecretStoreError> {
        // Read before the answer is held up: what comes late may be old.
        let found = lock(&self.entries).get(id).cloned();
        self.gate(Some(id)).await?;
        found.ok_or(SecretStoreError::Missing)
    }

    async fn delete(&self, id: &SecretId) -> Result<(), SecretStoreError> {
        self.gate(Some(id)).await?;
        lock(&self.entries).remove(id).map(drop).ok_or(SecretStoreError::Missing)
    }
}

/// A clipboard in memory that can be told to fail.
#[derive(Default)]
pub struct MemoryClipboard {
    text: Mutex<String>,
    fails: AtomicBool,
}

impl MemoryClipboard {
    /// What is on it.
    pub fn text(&self) -> String {
        lock(&self.text).clone()
    }

    /// Whether every call fails from now on.
    pub fn fail(&self, fails: bool) {
        self.fails.store(fails, Ordering::Relaxed);
    }

    fn gate(&self) -> Result<(), ClipboardError> {
        if self.fails.load(Ordering::Relaxed) {
            return Err(ClipboardError("told to fail".to_owned()));
        }
        Ok(())
    }

    /// Somebody else copies something.
    pub fn set(&self, text: &str) {
        text.clone_into(&mut lock(&self.text));
    }
}

impl Clipboard for MemoryClipboard {
    fn set_secret(&self, value: &SecretString) -> Result<(), ClipboardError> {
        self.gate()?;
        // Exposed: that is what a clipboard is for.
        self.set(value.expose_secret());
        Ok(())
    }

    fn set_text(&self, text: &str) -> Result<(), ClipboardError> {
        self.gate()?;
        self.set(text);
        Ok(())
    }

    fn clear_if(&self, value: &SecretString) -> Result<bool, ClipboardError> {
        self.gate()?;
        let mut text = lock(&self.text);
        // Compared, never shown.
        let ours = *text == value.expose_secret();
        if ours {
            text.clear();
        }
        Ok(ours)
    }
}

/// Collects notices.
#[derive(Default)]
pub struct NoticeLog(Mutex<Vec<Notice>>);

impl NoticeLog {
    /// All so far, and forgets them.
    pub fn take(&self) -> Vec<Notice> {
        std::mem::take(&mut lock(&self.0))
    }
}

impl Notifier for NoticeLog {
    fn notify(&self, notice: Notice) {
        lock(&self.0).push(notice);
    }
}
