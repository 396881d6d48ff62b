//! The keychain with patience: no call hangs the window, and nothing is silently kept elsewhere.
//!
//! A call that takes longer than [`PATIENCE`] tells the window, which offers "Keep waiting" and "Go on
//! without". The call itself is never dropped: a late result reaches the caller's `late` hook.

use crate::{
    AppError, Code, Details, Result,
    notices::{KeychainAction, KeychainOutcome, Notice},
    ports::{KeychainKind, Notifier, SecretId, SecretStore, SecretStoreError},
    settings::{KeychainState, KeychainStatus},
    sync::lock,
};
use secrecy::SecretString;
use serde::Deserialize;
use specta::Type;
use std::{
    collections::HashMap,
    future::Future,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::sync::oneshot;

/// How long a keychain call may take before the person is asked.
pub const PATIENCE: Duration = Duration::from_secs(3);

/// What the person answers when the keychain takes long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum WaitChoice {
    /// Wait on.
    KeepWaiting,
    /// Go on without the keychain; a late result is reconciled.
    GoOnWithout,
}

/// The keychain and the secrets of this session.
pub struct Secrets {
    os: Arc<dyn SecretStore>,
    notifier: Arc<dyn Notifier>,
    session: Mutex<HashMap<SecretId, SecretString>>,
    /// Deletions under way: what is put after one must not be deleted by it.
    erasing: Mutex<HashMap<SecretId, oneshot::Receiver<()>>>,
    /// How often an entry was put or deleted.
    turns: Mutex<HashMap<SecretId, u64>>,
    waits: Mutex<HashMap<String, oneshot::Sender<()>>>,
    status: Mutex<KeychainStatus>,
}

type Outcome<T> = std::result::Result<T, SecretStoreError>;

/// What to do when a call succeeds or fails after the person went on without it.
pub type Late<T> = Box<dyn FnOnce(&Outcome<T>) + Send>;

impl Secrets {
    /// Over this keychain.
    #[must_use]
    pub fn new(os: Arc<dyn SecretStore>, notifier: Arc<dyn Notifier>) -> Arc<Self> {
        Arc::new(Self {
            os,
            notifier,
            session: Mutex::default(),
            erasing: Mutex::default(),
            turns: Mutex::default(),
            waits: Mutex::default(),
            status: Mutex::new(KeychainStatus::Unknown),
        })
    }

    /// What the keychain said last; no call is made.
    #[must_use]
    pub fn state(&self) -> KeychainState {
        KeychainState { kind: self.os.kind(), status: *lock(&self.status) }
    }

    /// Which keychain this system has.
    #[must_use]
    pub fn kind(&self) -> KeychainKind {
        self.os.kind()
    }

    /// Asks the keychain whether it can be used now.
    pub async fn probe(self: &Arc<Self>) -> KeychainState {
        let os = Arc::clone(&self.os);
        let call = async move { os.probe().await };
        // The outcome is in the state; a failed probe is not an error of its own.
        drop(self.patient(KeychainAction::Probe, call, None).await);
        self.state()
    }

    /// Stores a value in the keychain. `late` runs if the person went on without waiting.
    pub async fn put(
        self: &Arc<Self>,
        id: &SecretId,
        value: SecretString,
        late: Option<Late<()>>,
    ) -> Result<()> {
        let (os, key, erasing) = (Arc::clone(&self.os), id.clone(), lock(&self.erasing).remove(id));
        let this = Arc::clone(self);
        self.turn(id);
        let call = async move {
            let Some(mut erasing) = erasing else { return os.put(&key, value).await };
            // One that is stuck must not hold up a keychain that works again.
            if tokio::time::timeout(PATIENCE, &mut erasing).await.is_ok() {
                return os.put(&key, value).await;
            }
            os.put(&key, value.clone()).await?;
            this.guard(key, value, erasing);
            Ok(())
        };
        self.patient(KeychainAction::Put, call, late).await?;
        lock(&self.session).remove(id);
        Ok(())
    }

    /// What was put is put once more if a deletion that was begun before it takes it away after all.
    fn guard(self: &Arc<Self>, id: SecretId, value: SecretString, erasing: oneshot::Receiver<()>) {
        let (os, this, turn) = (Arc::clone(&self.os), Arc::clone(self), self.turn(&id));
        tokio::spawn(async move {
            // Somebody has put or deleted it since: that is what holds.
            if erasing.await.is_err() || lock(&this.turns).get(&id) != Some(&turn) {
                return;
            }
            if matches!(os.get(&id).await, Err(SecretStoreError::Missing))
                && let Err(error) = os.put(&id, value).await
            {
                tracing::warn!(%error, "a late deletion took a kept value away");
            }
        });
    }

    /// Keeps a value in memory until the program quits.
    pub fn put_session(&self, id: &SecretId, value: SecretString) {
        lock(&self.session).insert(id.clone(), value);
    }

    /// Reads a value: from this session, else from the keychain.
    pub async fn get(self: &Arc<Self>, id: &SecretId) -> Result<SecretString> {
        if let Some(value) = self.get_session(id) {
            return Ok(value);
        }
        let (os, key) = (Arc::clone(&self.os), id.clone());
        self.patient(KeychainAction::Get, async move { os.get(&key).await }, None).await
    }

    /// Reads a value of this session.
    #[must_use]
    pub fn get_session(&self, id: &SecretId) -> Option<SecretString> {
        lock(&self.session).get(id).cloned()
    }

    /// Deletes a value from both. That it was not there is no error.
    pub async fn delete(self: &Arc<Self>, id: &SecretId) -> Result<()> {
        lock(&self.session).remove(id);
        self.patient(KeychainAction::Delete, self.erase(id), None).await
    }

    /// Reads a value without a question to the person, for what can wait: an error when the keychain takes long.
    pub(crate) async fn get_quietly(&self, id: &SecretId) -> Result<SecretString> {
        let (os, id) = (Arc::clone(&self.os), id.clone());
        quietly(async move { os.get(&id).await }).await
    }

    /// Stores a value in the same manner. It may still get there late.
    pub(crate) async fn put_quietly(&self, id: &SecretId, value: SecretString) -> Result<()> {
        let (os, id) = (Arc::clone(&self.os), id.clone());
        quietly(async move { os.put(&id, value).await }).await
    }

    /// Takes an entry out of the keychain that nobody asked to keep: in the background, without a question to the
    /// person. A failure leaves what nobody reads.
    pub(crate) fn take_back(&self, id: &SecretId) {
        let erased = self.erase(id);
        tokio::spawn(async move {
            if let Err(error) = erased.await {
                tracing::warn!(%error, "an entry that nobody needs stays in the keychain");
            }
        });
    }

    /// Deletes an entry without a question to the person, however long it takes. That it was not there is no error. What
    /// is put there from now on comes after it.
    pub(crate) fn erase(&self, id: &SecretId) -> impl Future<Output = Outcome<()>> + Send + 'static {
        let (os, id) = (Arc::clone(&self.os), id.clone());
        let (done, erasing) = oneshot::channel();
        lock(&self.erasing).insert(id.clone(), erasing);
        self.turn(&id);
        async move {
            let outcome = os.delete(&id).await;
            // Most often nobody waits.
            done.send(()).ok();
            match outcome {
                Err(SecretStoreError::Missing) => Ok(()),
                other => other,
            }
        }
    }

    /// Counts what is done to an entry.
    fn turn(&self, id: &SecretId) -> u64 {
        *lock(&self.turns).entry(id.clone()).and_modify(|n| *n += 1).or_insert(1)
    }

    /// Forgets a value of this session only.
    pub fn forget_session(&self, id: &SecretId) {
        lock(&self.session).remove(id);
    }

    /// How many secrets are in memory until the program quits.
    #[must_use]
    pub fn session_count(&self) -> usize {
        lock(&self.session).len()
    }

    /// The person's answer to a wait. An unknown id is a wait that has ended: nothing to do.
    pub fn choose(&self, wait_id: &str, choice: WaitChoice) {
        if choice == WaitChoice::GoOnWithout
            && let Some(skip) = lock(&self.waits).remove(wait_id)
        {
            // The call may have ended this instant: then nobody listens, and that is fine.
            skip.send(()).ok();
        }
    }

    async fn patient<T: Send + 'static>(
        self: &Arc<Self>,
        action: KeychainAction,
        call: impl Future<Output = Outcome<T>> + Send + 'static,
        late: Option<Late<T>>,
    ) -> Result<T> {
        let (done, mut result) = oneshot::channel::<Outcome<T>>();
        let this = Arc::clone(self);
        let wait_id = uuid::Uuid::new_v4().to_string();
        let wait = wait_id.clone();
        tokio::spawn(async move {
            let outcome = call.await;
            this.learn(outcome.as_ref().err());
            if let Err(unheard) = done.send(outcome) {
                this.settle_late(action, wait, &unheard, late);
            }
        });
        if let Ok(outcome) = tokio::time::timeout(PATIENCE, &mut result).await {
            return answer(outcome);
        }
        let (skip, mut skipped) = oneshot::channel();
        lock(&self.waits).insert(wait_id.clone(), skip);
        self.set_status(KeychainStatus::Waiting);
        self.notifier.notify(Notice::KeychainWaiting { wait_id: wait_id.clone(), action });
        tokio::select! {
            outcome = &mut result => {
                lock(&self.waits).remove(&wait_id);
                if let Ok(outcome) = &outcome {
                    // It may have ended just before "waiting" was noted.
                    self.learn(outcome.as_ref().err());
                }
                let answer = answer(outcome);
                let outcome = if answer.is_ok() { KeychainOutcome::Done } else { KeychainOutcome::Failed };
                self.notifier.notify(Notice::KeychainSettled { wait_id, action, outcome });
                answer
            }
            _ = &mut skipped => {
                // Closing first makes the task see either "heard" or "unheard", never both.
                result.close();
                match result.try_recv() {
                    Ok(outcome) => answer(Ok(outcome)),
                    Err(_) => Err(AppError::new(
                        Code::KeychainSkipped,
                        "The keychain has not answered, and you chose to go on without it.",
                    )),
                }
            }
        }
    }

    fn settle_late<T>(
        &self,
        action: KeychainAction,
        wait_id: String,
        outcome: &Outcome<T>,
        late: Option<Late<T>>,
    ) {
        if let Some(late) = late {
            late(outcome);
        }
        let outcome = if outcome.is_ok() { KeychainOutcome::LateDone } else { KeychainOutcome::LateFailed };
        self.notifier.notify(Notice::KeychainSettled { wait_id, action, outcome });
    }

    fn learn(&self, error: Option<&SecretStoreError>) {
        self.set_status(match error {
            None | Some(SecretStoreError::Missing | SecretStoreError::TooLarge { .. }) => {
                KeychainStatus::Ready
            }
            Some(SecretStoreError::NoService(_)) => KeychainStatus::NoService,
            Some(SecretStoreError::Locked(_)) => KeychainStatus::Locked,
            Some(SecretStoreError::Refused(_)) => KeychainStatus::Refused,
            Some(SecretStoreError::Failed(_)) => KeychainStatus::Failed,
        });
    }

    fn set_status(&self, status: KeychainStatus) {
        let before = std::mem::replace(&mut *lock(&self.status), status);
        if before != status {
            self.notifier.notify(Notice::KeychainChanged { state: self.state() });
        }
    }
}

async fn quietly<T: Send + 'static>(call: impl Future<Output = Outcome<T>> + Send + 'static) -> Result<T> {
    let (done, result) = oneshot::channel();
    // Never dropped, as with `patient`.
    tokio::spawn(async move { drop(done.send(call.await)) });
    match tokio::time::timeout(PATIENCE, result).await {
        Ok(outcome) => answer(outcome),
        Err(_) => Err(AppError::new(Code::KeychainSkipped, "The keychain has not answered.")),
    }
}

fn answer<T>(outcome: std::result::Result<Outcome<T>, oneshot::error::RecvError>) -> Result<T> {
    match outcome {
        Ok(outcome) => outcome.map_err(|e| keychain_error(&e)),
        Err(_) => {
            Err(AppError::new(Code::KeychainFailed, "The keychain's worker ended unexpectedly. Try again."))
        }
    }
}

/// What a keychain failure means to a person.
#[must_use]
pub fn keychain_error(error: &SecretStoreError) -> AppError {
    let because = |code, text: &str, reason: &str| {
        AppError::new(code, text).with(Details::Reason { reason: reason.to_owned() })
    };
    match error {
        SecretStoreError::NoService(reason) => because(
            Code::KeychainNoService,
            "No keyring is running on this computer. Install one (GNOME Keyring, KWallet or KeePassXC), or go on: tokens last until you quit and are never saved to a file.",
            reason,
        ),
        SecretStoreError::Locked(reason) => {
            because(Code::KeychainLocked, "The keychain is locked. Unlock it, then try again.", reason)
        }
        SecretStoreError::Refused(reason) => because(
            Code::KeychainRefused,
            "The keychain refused. Allow Gatehouse there, then try again.",
            reason,
        ),
        SecretStoreError::Missing => AppError::new(
            Code::KeychainMissing,
            "The keychain no longer has this value. It was removed there by somebody or something else.",
        ),
        SecretStoreError::TooLarge { size, max } => {
            let (size, max) =
                (u32::try_from(*size).unwrap_or(u32::MAX), u32::try_from(*max).unwrap_or(u32::MAX));
            AppError::new(
                Code::KeychainTooLarge,
                format!(
                    "This value has {size} bytes; the keychain takes {max}. Copy it to where it is needed."
                ),
            )
            .with(Details::Size { size, max })
        }
        SecretStoreError::Failed(reason) => {
            because(Code::KeychainFailed, "The keychain failed. Try again.", reason)
        }
    }
}
