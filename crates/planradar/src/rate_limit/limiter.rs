//! The limiter as its callers see it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest as _, Sha256};
use tokio::sync::watch;
use url::{Host, Url};

use super::changes::Change;
use super::clock::{Clock, OsClock};
use super::file::{self, LimitFile};
use super::inner::{Asked, Inner};
use super::queue::{Waiter, locked};
use super::slot::{Reservation, Slot, Ticket};
use super::status::Poller;
use super::{Lane, LimitError, LimitParams, LimitSettings, LimitStatus};

/// A Retry-After beyond this is not believed.
const LONGEST_PAUSE: Duration = Duration::from_hours(24);

/// Of creating users. A few are left to the account's other programs, as with the account's limit.
const NEW_USERS: LimitSettings = LimitSettings { limit: 10, share: 8 };

/// Keeps one account's limit, together with all other limiters of this computer for the same server and account.
/// Clones share one queue.
#[derive(Clone)]
pub struct RateLimiter {
    pub(super) inner: Arc<Inner>,
}

impl std::fmt::Debug for RateLimiter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RateLimiter").field("status", &*self.inner.status.borrow()).finish_non_exhaustive()
    }
}

impl RateLimiter {
    /// Joins the limit of `customer_id` at `origin` (of which scheme, host and port count). Its file is in `dir`,
    /// named by a hash of both. `params` other than the default are honoured for loopback servers only.
    ///
    /// A file that can't be used is no error here but `available: false` in the status, so that access can still
    /// be taken away ([`Self::emergency`]); the one error is a system without random numbers.
    pub fn open(
        dir: &Path,
        origin: &Url,
        customer_id: &str,
        settings: LimitSettings,
        params: LimitParams,
    ) -> Result<Self, LimitError> {
        let params = if is_loopback(origin) { params } else { LimitParams::default() };
        Self::start(dir, origin, customer_id, settings, params, Arc::new(OsClock))
    }

    /// Like [`Self::open`] on a clock of the caller's, with all `params` honoured: for simulations.
    #[cfg(any(test, feature = "simulated-clock"))]
    pub fn open_with_clock(
        dir: &Path,
        origin: &Url,
        customer_id: &str,
        settings: LimitSettings,
        params: LimitParams,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, LimitError> {
        Self::start(dir, origin, customer_id, settings, params, clock)
    }

    fn start(
        dir: &Path,
        origin: &Url,
        customer_id: &str,
        settings: LimitSettings,
        params: LimitParams,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, LimitError> {
        let settings = settings.bounded();
        let random =
            file::random().map_err(|error| LimitError::Unavailable(format!("no random number ({error})")))?;
        let file = LimitFile::new(dir.join(file_name(origin, customer_id)), clock, params);
        let inner = Arc::new(Inner::new(file, params, settings, random));
        // Its outcome is in the status.
        let _ = inner.access(|_, _, _| ());
        Ok(Self { inner })
    }

    /// The limit that creating users has besides the account's: 10 a minute (`PlanRadar`'s API description), 8 of which
    /// this computer uses. Kept like the account's, in a file beside it.
    pub fn new_users(&self) -> Result<Self, LimitError> {
        if let Some(inner) = self.inner.new_users.get() {
            return Ok(Self { inner: Arc::clone(inner) });
        }
        let random =
            file::random().map_err(|error| LimitError::Unavailable(format!("no random number ({error})")))?;
        let file = self.inner.file.beside("users");
        let inner = Inner::new(file, self.inner.params, NEW_USERS, random);
        Ok(Self { inner: Arc::clone(self.inner.new_users.get_or_init(|| Arc::new(inner))) })
    }

    /// The fixed folder of this user for limit files. It follows no setting, since two folders would be two
    /// limits. `None`: the user has no home folder.
    #[must_use]
    pub fn default_dir() -> Option<PathBuf> {
        let home = std::env::home_dir().filter(|home| home.is_absolute())?;
        Some(home.join(if cfg!(windows) {
            r"AppData\Local\Gatehouse\limits"
        } else if cfg!(target_os = "macos") {
            "Library/Application Support/Gatehouse/limits"
        } else {
            ".local/state/gatehouse/limits"
        }))
    }

    /// Waits until `count` slots (at least 1) can be taken at once; a step of several calls reserves them
    /// together. First come, first served within a lane, also between processes. Dropping the future takes
    /// nothing.
    ///
    /// `Paused` at once while the account is in its cooldown, also when that begins during the wait;
    /// `Unavailable` when the file can't be locked within 2 s or written; `TooMany` when it could never be.
    /// Needs a tokio runtime with time.
    pub async fn acquire(&self, lane: Lane, count: u32) -> Result<Reservation, LimitError> {
        let mut waiting = Waiting::join(&self.inner, lane, count.max(1));
        loop {
            if self.inner.queue.is_first(&waiting.waiter) {
                let (inner, waiter) = (Arc::clone(&self.inner), Arc::clone(&waiting.waiter));
                let asked = tokio::task::spawn_blocking(move || inner.ask(&waiter)).await;
                match asked.map_err(|_| LimitError::Unavailable("the program is closing".to_owned()))?? {
                    Asked::Granted(reservation) => {
                        waiting.served = true;
                        return Ok(reservation);
                    }
                    // Other processes give no sign when they change the file.
                    Asked::Wait(time) => {
                        let time = time.min(self.inner.params.poll());
                        let _ = tokio::time::timeout(time, waiting.waiter.wake.notified()).await;
                    }
                }
            } else {
                if let Some(remaining) = self.inner.paused() {
                    return Err(LimitError::Paused { remaining });
                }
                waiting.waiter.wake.notified().await;
            }
        }
    }

    /// A slot that only this process knows, for deletions of tokens that a person confirmed one by one while the
    /// file is unavailable. It is entered in the file as soon as that works again. Its `sent` still refuses
    /// during a cooldown, and when this process itself has used up the share.
    #[must_use]
    pub fn emergency(&self) -> Slot {
        Slot(Ticket::emergency(&self.inner))
    }

    /// The settings given to this limiter; the status says what all processes together made of them.
    #[must_use]
    pub fn settings(&self) -> LimitSettings {
        *locked(&self.inner.settings)
    }

    /// Changes the settings for all processes, at once and for good: the file keeps them. Values out of bounds
    /// are cut. A limiter that was opened with others than the file's uses the lower of each, until this is
    /// called by anyone: so no process exceeds what another was told.
    pub fn set_settings(&self, settings: LimitSettings) -> Result<(), LimitError> {
        let settings = settings.bounded();
        let before = std::mem::replace(&mut *locked(&self.inner.settings), settings);
        let written = self.inner.access(|ledger, _, _| ledger.settings = settings);
        if written.is_err() {
            *locked(&self.inner.settings) = before;
        }
        self.inner.queue.wake_first();
        Ok(written?)
    }

    /// A 429 came: for the cooldown, or `retry_after` if that is longer (a day at most), nothing is sent to the
    /// account by any process, also after a restart. On `Err` the pause holds in this process only.
    pub fn pause(&self, retry_after: Option<Duration>) -> Result<(), LimitError> {
        let time = self.inner.params.cooldown.max(retry_after.unwrap_or_default().min(LONGEST_PAUSE));
        // 1/240 more, because the server's clock may run a little slower than ours.
        let until = self.inner.file.now()? + time + time / 240;
        self.inner.remember_pause(until);
        let written = self.inner.access(|_, _, _| ());
        self.inner.queue.wake_all();
        Ok(written?)
    }

    /// The figures now. Reads the file unless it is locked at this very moment; then they are the last known.
    #[must_use]
    pub fn status(&self) -> LimitStatus {
        self.inner.look();
        self.inner.status.borrow().clone()
    }

    /// How many requests this process sent of late: one count for each [`BAR`](super::BAR), the oldest first.
    #[must_use]
    pub fn recent(&self) -> Vec<u32> {
        self.inner.recent.bars()
    }

    /// The figures as they change: through this process at once, through time and other processes within about
    /// a second as long as someone listens.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<LimitStatus> {
        self.inner.look();
        Poller::subscribe(&self.inner)
    }
}

/// A call in the queue; leaves it when dropped.
struct Waiting<'a> {
    inner: &'a Arc<Inner>,
    waiter: Arc<Waiter>,
    served: bool,
}

impl<'a> Waiting<'a> {
    fn join(inner: &'a Arc<Inner>, lane: Lane, count: u32) -> Self {
        let waiter = inner.queue.join(lane, count);
        inner.publish_waiting();
        Self { inner, waiter, served: false }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let lane_empty = self.inner.queue.leave(&self.waiter);
        self.inner.publish_waiting();
        // Otherwise the next of the lane takes the place over.
        if lane_empty && !self.served {
            self.inner.note(Change::Withdraw { owner: self.inner.owner, lane: self.waiter.lane });
        }
        self.inner.queue.wake_first();
    }
}

/// Two accounts never share a file, and the name tells nothing.
fn file_name(origin: &Url, customer_id: &str) -> String {
    let account = format!("{}\n{}", origin.origin().ascii_serialization(), customer_id.trim());
    format!("{}.limit", hex::encode(&Sha256::digest(account)[..16]))
}

fn is_loopback(origin: &Url) -> bool {
    match origin.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}
