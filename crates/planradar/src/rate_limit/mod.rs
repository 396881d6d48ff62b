//! Keeps this computer's requests under the account's limit, as the SERVER counts them.
//!
//! `PlanRadar` allows an account 30 requests a minute, all programs added up, and stops the whole account for five
//! minutes when that is exceeded (`PlanRadar`'s API description). The server counts a request at some instant
//! between our send and its answer, and may still count one that we gave up on. So a slot is taken in a file,
//! which all of this computer's processes share, BEFORE the request leaves, and comes back one window after the
//! answer; without an answer one window after timeout + grace. See docs/rate-limiter.md for the reasoning.
//!
//! Creating users has a limit of its own besides ([`RateLimiter::new_users`]): the same books, in a file beside it.
//!
//! ``text
//! acquire(lane, n) ─→ Reservation ─take()─→ Slot ─sent(timeout)─→ InFlight ─┬─ answered()    answer + window
//!      waits              │                   │                             ├─ never_sent()  free at once
//!                      dropped: free      dropped: free                     └─ dropped       timeout + grace + window
//! ``

mod changes;
mod clock;
mod file;
mod image;
mod inner;
mod ledger;
mod limiter;
mod queue;
mod recent;
mod slot;
mod status;
#[cfg(test)]
mod tests;

use std::time::Duration;

#[cfg(any(test, feature = "simulated-clock"))]
pub use self::clock::{Clock, OsClock};
pub use self::limiter::RateLimiter;
pub use self::recent::{BAR, BARS};
pub use self::slot::{InFlight, Reservation, Slot};

/// The highest limit the limiter can keep books for, in requests per window; settings above it are cut to it.
pub const MAX_LIMIT: u32 = 500;

/// Who wants to send. Earlier lanes go first and each leaves room for those before it. What is taken is read
/// from the shared file, so the reserves hold across processes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lane {
    /// Taking access away: deleting tokens, revoking. May use the whole share.
    TakeAway,
    /// Someone is waiting for it. Leaves 2 slots free, fewer when the share is below 20.
    Person,
    /// In the background. Leaves 6 slots free, fewer when the share is below 20.
    Refresh,
}

impl Lane {
    pub(crate) const ALL: [Self; 3] = [Self::TakeAway, Self::Person, Self::Refresh];

    /// Slots of a share that calls of this lane may take: at least 1.
    #[must_use]
    pub fn of_share(self, share: u32) -> u32 {
        share.saturating_sub(self.reserve(share)).max(1)
    }

    /// Slots of a share that this lane leaves to the lanes before it.
    pub(crate) fn reserve(self, share: u32) -> u32 {
        match self {
            Self::TakeAway => 0,
            Self::Person => (share / 10).min(2),
            Self::Refresh => (share * 3 / 10).min(6),
        }
    }
}

/// How many requests per window. See [`RateLimiter::set_settings`] for what happens when two processes differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitSettings {
    /// What the account allows per window, 1 to [`MAX_LIMIT`]. 30 unless `PlanRadar` raised it.
    pub limit: u32,
    /// The most of it that this computer uses, 1 to `limit`. The rest is left to the account's other programs.
    pub share: u32,
}

impl Default for LimitSettings {
    fn default() -> Self {
        Self { limit: 30, share: 20 }
    }
}

impl LimitSettings {
    /// The nearest settings that can be kept.
    pub(crate) fn bounded(self) -> Self {
        let limit = self.limit.clamp(1, MAX_LIMIT);
        Self { limit, share: self.share.clamp(1, limit) }
    }

    /// The lower of each.
    pub(crate) fn stricter(self, other: Self) -> Self {
        Self { limit: self.limit.min(other.limit), share: self.share.min(other.share) }.bounded()
    }
}

/// The times of the server's rule. Only loopback servers may have others than the default, so that tests run in
/// seconds: [`RateLimiter::open`] ignores them elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitParams {
    /// The limit counts requests in any stretch of this length. 60 s (`PlanRadar`'s API description).
    pub window: Duration,
    /// How long the account is stopped once the limit is exceeded. 5 min (`PlanRadar`'s API description).
    pub cooldown: Duration,
    /// How long after we gave up on a request the server may still count it. 40 s, assumed (no public
    /// documentation).
    pub grace: Duration,
}

impl Default for LimitParams {
    fn default() -> Self {
        Self {
            window: Duration::from_mins(1),
            cooldown: Duration::from_mins(5),
            grace: Duration::from_secs(40),
        }
    }
}

impl LimitParams {
    /// How long a slot stays taken after the last instant at which the server may have counted its request: the
    /// window, and 1/240 of it (250 ms in 60 s) because the server's clock may run a little slower than ours.
    pub(crate) fn hold(&self) -> Duration {
        self.window + self.window / 240
    }

    /// How long a slot stays taken when it isn't known whether its request is still under way.
    pub(crate) fn doubtful(&self) -> Duration {
        self.grace + self.hold()
    }

    /// How long a reserved slot waits for its request. Its process renews it while it lives.
    pub(crate) fn reserved(&self) -> Duration {
        self.window * 2
    }

    /// How often a waiting process looks for what others changed in the file, at the latest.
    pub(crate) fn poll(&self) -> Duration {
        (self.window / 60).clamp(Duration::from_millis(20), Duration::from_secs(1))
    }

    /// How long a waiting call keeps its place after its process was last heard of.
    pub(crate) fn place(&self) -> Duration {
        self.poll() * 5
    }
}

/// What the window shows of the limit. An estimate: the account's other programs are not seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitStatus {
    /// Requests per window that the account allows, as settled between the processes.
    pub limit: u32,
    /// The most of them that this computer uses.
    pub share: u32,
    /// Slots taken by this computer now, requests under way and reservations included. Above `share` after the
    /// share was lowered, or when the file was unreadable and every slot counts as taken.
    pub used: u32,
    /// Slots of the share that are free now, reserves for more urgent calls included.
    pub free: u32,
    /// When the next taken slot comes back, as known now; sooner if an answer comes. `None`: none is taken.
    pub next_free_in: Option<Duration>,
    /// The account is stopped for this long after a 429. `None`: it isn't.
    pub paused_for: Option<Duration>,
    /// Calls of this process that wait for a slot.
    pub waiting: u32,
    /// The file can be locked and written. If not, nothing is sent; the other figures are the last known.
    pub available: bool,
}

/// Why nothing may be sent. In each case nothing was sent, and nothing stays taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LimitError {
    /// The account is in its cooldown after a 429.
    #[error("the account's request limit was exceeded: nothing is sent for another {} s", whole_seconds(*remaining))]
    Paused {
        /// Time until the end of the cooldown.
        remaining: Duration,
    },
    /// The limit's file can't be read, locked or written, or a reservation lapsed while the computer slept.
    #[error("nothing was sent, because the request limit can't be kept: {0}")]
    Unavailable(String),
    /// The step needs more requests at once than its lane may ever have.
    #[error("this step needs {count} requests at once, but at most {share} may be used")]
    TooMany {
        /// Requests asked for.
        count: u32,
        /// Requests that this lane may have at most.
        share: u32,
    },
}

/// Rounded up, so that a countdown never says 0 too early.
fn whole_seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}
