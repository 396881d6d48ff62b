//! The figures for the window, and the thread that keeps them fresh while someone listens.

use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use tokio::sync::watch;

use super::inner::Inner;
use super::ledger::{Ledger, Stamp};
use super::queue::locked;
use super::{LimitSettings, LimitStatus};

/// Before the file was read.
pub(super) fn empty(settings: LimitSettings) -> LimitStatus {
    LimitStatus {
        limit: settings.limit,
        share: settings.share,
        used: 0,
        free: settings.share,
        next_free_in: None,
        paused_for: None,
        waiting: 0,
        available: false,
    }
}

pub(super) fn figures(ledger: &Ledger, own: LimitSettings, now: Stamp, waiting: u32) -> LimitStatus {
    let LimitSettings { limit, share } = own.stricter(ledger.settings);
    // An unreadable past takes more records than there are slots.
    let used = ledger.used(now).min(limit);
    LimitStatus {
        limit,
        share,
        used,
        free: share.saturating_sub(used),
        next_free_in: ledger.nth_release(now, 1).map(|at| at.saturating_sub(now)),
        paused_for: ledger.paused(now),
        waiting,
        available: true,
    }
}

impl Inner {
    pub(super) fn publish(&self, new: LimitStatus) {
        self.update(|old| *old = new);
    }

    pub(super) fn publish_waiting(&self) {
        let waiting = self.queue.len();
        self.update(|status| status.waiting = waiting);
    }

    /// The last known figures, and that they can't be kept.
    pub(super) fn publish_unavailable(&self) {
        let paused_for = self.paused();
        self.update(|status| {
            status.available = false;
            status.paused_for = paused_for;
        });
    }

    fn update(&self, change: impl FnOnce(&mut LimitStatus)) {
        self.status.send_if_modified(|status| {
            let before = status.clone();
            change(status);
            *status != before
        });
    }
}

/// Whether the thread runs that looks for what time and other processes changed.
#[derive(Default)]
pub(super) struct Poller(Mutex<bool>);

impl Poller {
    pub(super) fn subscribe(inner: &Arc<Inner>) -> watch::Receiver<LimitStatus> {
        let mut running = locked(&inner.poller.0);
        let receiver = inner.status.subscribe();
        if !*running {
            let (weak, every) = (Arc::downgrade(inner), inner.params.poll());
            // A thread, because listeners need no runtime. Without it the figures follow this process only.
            let thread = std::thread::Builder::new().name("request limit".to_owned());
            *running = thread.spawn(move || poll(&weak, every)).is_ok();
        }
        receiver
    }
}

fn poll(inner: &Weak<Inner>, every: Duration) {
    loop {
        std::thread::sleep(every);
        let Some(inner) = inner.upgrade() else { return };
        let mut running = locked(&inner.poller.0);
        if inner.status.receiver_count() == 0 {
            *running = false;
            return;
        }
        drop(running);
        inner.look();
    }
}
