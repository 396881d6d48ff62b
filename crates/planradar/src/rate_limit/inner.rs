//! What the clones of a limiter share, and the one way to the file.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, TryLockError, Weak};
use std::time::Duration;

use tokio::sync::watch;

use super::changes::{Change, Changes, Phase};
use super::file::{FileError, LimitFile, PATIENCE};
use super::ledger::{Ask, Ledger, Reply, Stamp};
use super::queue::{Queue, Waiter, locked};
use super::recent::Recent;
use super::slot::{Reservation, Ticket};
use super::status::{self, Poller};
use super::{LimitError, LimitParams, LimitSettings, LimitStatus};

/// What the clones of a limiter, and their slots, share.
pub(super) struct Inner {
    pub(super) file: LimitFile,
    pub(super) params: LimitParams,
    /// Names this limiter in the file.
    pub(super) owner: u64,
    drawn: AtomicU32,
    /// Held during each access to the file: this process's accesses are in order.
    local: Mutex<Local>,
    pub(super) settings: Mutex<LimitSettings>,
    pub(super) changes: Changes,
    pub(super) queue: Queue,
    /// Nanoseconds since the computer started: the pause also holds while the file is unavailable.
    paused_until: AtomicU64,
    /// The limit of creating users, once somebody does.
    pub(super) new_users: OnceLock<Arc<Inner>>,
    pub(super) recent: Recent,
    pub(super) status: watch::Sender<LimitStatus>,
    pub(super) poller: Poller,
}

struct Local {
    nonce: Option<u64>,
    last: Option<Ledger>,
}

/// What a waiting call is told.
pub(super) enum Asked {
    Granted(Reservation),
    Wait(Duration),
}

impl Inner {
    pub(super) fn new(file: LimitFile, params: LimitParams, settings: LimitSettings, owner: u64) -> Self {
        Self {
            file,
            params,
            owner,
            drawn: AtomicU32::new(1),
            local: Mutex::new(Local { nonce: None, last: None }),
            settings: Mutex::new(settings),
            changes: Changes::default(),
            queue: Queue::default(),
            paused_until: AtomicU64::new(0),
            new_users: OnceLock::new(),
            recent: Recent::new(),
            status: watch::Sender::new(status::empty(settings)),
            poller: Poller::default(),
        }
    }

    /// The number of a new ticket: the upper half names the limiter.
    pub(super) fn draw(&self) -> u64 {
        (self.owner & !u64::from(u32::MAX)) | u64::from(self.drawn.fetch_add(1, Ordering::Relaxed))
    }

    /// Blocks for the file: called where that is allowed.
    pub(super) fn ask(self: &Arc<Self>, waiter: &Arc<Waiter>) -> Result<Asked, LimitError> {
        let mut tickets = Vec::new();
        let mut seq = locked(&waiter.seq);
        let ask = Ask { owner: self.owner, lane: waiter.lane, seq: *seq, count: waiter.count };
        let (reply, now) = self.access(|ledger, settings, now| {
            let draw = || {
                let ticket = self.draw();
                tickets.push(ticket);
                ticket
            };
            (ledger.ask(ask, settings.share, now, &self.params, draw), now)
        })?;
        match reply {
            Reply::Granted => Ok(Asked::Granted(Reservation(
                tickets.into_iter().map(|t| Ticket::reserved(self, t)).collect(),
            ))),
            Reply::Wait { seq: place, at } => {
                *seq = Some(place);
                // Given up meanwhile: its place must not stay behind.
                if !self.queue.holds(waiter) {
                    self.note(Change::Withdraw { owner: self.owner, lane: waiter.lane });
                }
                Ok(Asked::Wait(at.saturating_sub(now)))
            }
            Reply::Paused { remaining } => Err(LimitError::Paused { remaining }),
            Reply::TooMany { most } => Err(LimitError::TooMany { count: waiter.count, share: most }),
        }
    }

    /// Runs `work` on the books, with the settings that all processes agree on; they are on file when it returns.
    pub(super) fn access<T>(
        &self,
        work: impl FnOnce(&mut Ledger, LimitSettings, Stamp) -> T,
    ) -> Result<T, FileError> {
        self.access_with(&mut locked(&self.local), PATIENCE, work)
    }

    /// Brings the status up to date, without waiting for anyone.
    pub(super) fn look(&self) {
        match self.local.try_lock() {
            Ok(mut local) => drop(self.access_with(&mut local, Duration::ZERO, |_, _, _| ())),
            Err(TryLockError::Poisoned(local)) => {
                drop(self.access_with(&mut local.into_inner(), Duration::ZERO, |_, _, _| ()));
            }
            Err(TryLockError::WouldBlock) => {}
        }
    }

    fn access_with<T>(
        &self,
        local: &mut Local,
        patience: Duration,
        work: impl FnOnce(&mut Ledger, LimitSettings, Stamp) -> T,
    ) -> Result<T, FileError> {
        let (own, mut nonce) = (*locked(&self.settings), local.nonce);
        let batch = self.changes.take();
        let remembered = Duration::from_nanos(self.paused_until.load(Ordering::Acquire));
        let done = self.file.with(&mut nonce, own, patience, |ledger, now| {
            if remembered > now {
                ledger.pause(remembered);
            }
            batch.apply(ledger, now, &self.params);
            (work(ledger, own.stricter(ledger.settings), now), now)
        });
        match done {
            Ok(((out, now), ledger)) => {
                if ledger.paused(now).is_some() && ledger.paused_until > remembered {
                    self.remember_pause(ledger.paused_until);
                    self.queue.wake_all();
                } else if !batch.is_empty() {
                    self.queue.wake_first();
                }
                local.nonce = nonce;
                self.publish(status::figures(&ledger, own, now, self.queue.len()));
                local.last = Some(ledger);
                Ok(out)
            }
            Err(error) => {
                self.changes.put_back(batch);
                if !matches!(error, FileError::Busy) || !patience.is_zero() {
                    self.publish_unavailable();
                }
                Err(error)
            }
        }
    }

    /// While the file is unavailable: may a request leave on this process's own knowledge?
    pub(super) fn emergency_allowed(&self, now: Stamp) -> bool {
        let share = locked(&self.settings).share;
        let used = locked(&self.local).last.as_ref().map_or(0, |ledger| ledger.used(now));
        used.saturating_add(self.changes.held(now)) < share
    }

    pub(super) fn note(self: &Arc<Self>, change: Change) {
        self.changes.note(change);
        let flush = |inner: Weak<Self>| {
            move || {
                if let Some(inner) = inner.upgrade()
                    && !inner.changes.is_empty()
                {
                    // On failure the notes stay for the next access.
                    let _ = inner.access(|_, _, _| ());
                }
            }
        };
        let flush = flush(Arc::downgrade(self));
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn_blocking(flush)),
            Err(_) => flush(),
        }
    }

    pub(super) fn live(&self, ticket: u64, phase: Phase) {
        self.changes.live(ticket, phase);
    }

    /// The rest of the pause, as far as this process knows.
    pub(super) fn paused(&self) -> Option<Duration> {
        let until = Duration::from_nanos(self.paused_until.load(Ordering::Acquire));
        until.checked_sub(self.file.now().ok()?).filter(|left| !left.is_zero())
    }

    pub(super) fn remember_pause(&self, until: Stamp) {
        let nanos = u64::try_from(until.as_nanos()).unwrap_or(u64::MAX);
        self.paused_until.fetch_max(nanos, Ordering::AcqRel);
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if !self.changes.is_empty() {
            let _ = self.access(|_, _, _| ());
        }
    }
}
