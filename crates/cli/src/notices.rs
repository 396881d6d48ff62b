//! What core tells without being asked, as words on standard error.

use crate::out::Out;
use gatehouse_core::{
    Gatehouse,
    limit::LimitView,
    notices::{KeychainAction, KeychainOutcome, Notice},
    ports::Notifier,
    secrets::WaitChoice,
};
use std::{
    sync::{
        Arc, Weak,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{sync::broadcast, time::Instant};

/// More than any command causes before its listener gets its turn.
const ROOM: usize = 4_096;
/// How long a request may wait before that is mentioned: most get their turn at once.
const SHORT: Duration = Duration::from_secs(1);
/// How often a wait is mentioned.
const REMIND: Duration = Duration::from_secs(10);
/// How long the keychain may take where nobody can be asked.
const ALONE: Duration = Duration::from_mins(1);

/// The way from core to whoever listens.
#[derive(Clone)]
pub struct Channel {
    send: broadcast::Sender<Notice>,
    audit: Arc<AtomicBool>,
}

impl Channel {
    pub fn new() -> Self {
        Self { send: broadcast::channel(ROOM).0, audit: Arc::default() }
    }

    /// Everything from now on.
    pub fn listen(&self) -> broadcast::Receiver<Notice> {
        self.send.subscribe()
    }

    /// Whether a line was written to the audit log.
    pub fn wrote_audit(&self) -> bool {
        self.audit.load(Ordering::Relaxed)
    }
}

impl Notifier for Channel {
    fn notify(&self, notice: Notice) {
        if matches!(notice, Notice::AuditChanged) {
            self.audit.store(true, Ordering::Relaxed);
        }
        // Nobody listens at the start and at the end.
        self.send.send(notice).ok();
    }
}

/// Says what takes long, until the channel ends.
pub async fn say(app: Weak<Gatehouse>, out: Out, mut notices: broadcast::Receiver<Notice>) {
    let mut limit: Option<Wait> = None;
    loop {
        let due = limit.as_ref().map(|wait| wait.due);
        let notice = tokio::select! {
            notice = notices.recv() => notice,
            () = until(due) => {
                if let Some(wait) = &mut limit {
                    out.say(&wait.words());
                    wait.due += REMIND;
                }
                continue;
            }
        };
        match notice {
            Ok(Notice::LimitChanged { status, .. }) => limit = Wait::now(limit, &status),
            Ok(Notice::KeychainWaiting { wait_id, action }) => {
                out.say(&format!(
                    "The keychain has not answered yet{}. Perhaps it waits for your password.",
                    match action {
                        KeychainAction::Put => " (to store a value)",
                        KeychainAction::Get => " (to read a value)",
                        KeychainAction::Delete => " (to delete a value)",
                        KeychainAction::Probe => "",
                    }
                ));
                if !Out::person_is_there() {
                    tokio::spawn(go_on_without(app.clone(), wait_id));
                }
            }
            Ok(Notice::KeychainSettled { outcome: KeychainOutcome::Done, .. }) => {
                out.say("The keychain has answered.");
            }
            Err(broadcast::error::RecvError::Closed) => return,
            Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => {}
        }
    }
}

async fn go_on_without(app: Weak<Gatehouse>, wait_id: String) {
    tokio::time::sleep(ALONE).await;
    if let Some(app) = app.upgrade() {
        Out::warn("Nobody is there to answer it: going on without the keychain.");
        app.keychain_choose(&wait_id, WaitChoice::GoOnWithout);
    }
}

async fn until(due: Option<Instant>) {
    match due {
        Some(due) => tokio::time::sleep_until(due).await,
        None => std::future::pending().await,
    }
}

/// A request that waits for its turn.
struct Wait {
    /// When it is mentioned next.
    due: Instant,
    /// When a slot is free, as far as is known.
    free: Instant,
}

impl Wait {
    fn now(before: Option<Self>, status: &LimitView) -> Option<Self> {
        let next = status.next_free_in_ms.filter(|_| status.waiting > 0)?;
        let now = Instant::now();
        let due = before.map_or(now + SHORT, |wait| wait.due);
        Some(Self { due, free: now + Duration::from_millis(next.into()) })
    }

    fn words(&self) -> String {
        let left = self.free.saturating_duration_since(Instant::now()).as_secs() + 1;
        format!("waiting for the request limit, {left} s")
    }
}
