//! The limiter on a paused clock: hours pass in milliseconds, and always in the same order.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails")]

mod books;
mod damage;
mod lanes;
mod pause;
mod rule;
mod sharing;
mod slots;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tempfile::TempDir;
use tokio::runtime::Handle;
use tokio::time::Instant;
use url::Url;

use super::queue::locked;
use super::{Clock, InFlight, Lane, LimitError, LimitParams, LimitSettings, LimitStatus, RateLimiter, Slot};

/// The client's timeout in these tests.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Follows tokio's paused clock, from every thread.
struct PausedClock {
    runtime: Handle,
    /// What the since-boot clock said when, in tokio's time.
    start: Mutex<(Duration, Instant)>,
    boot: Mutex<[u8; 16]>,
}

impl Clock for PausedClock {
    fn now(&self) -> io::Result<Duration> {
        let _runtime = self.runtime.enter();
        let (said, at) = *locked(&self.start);
        Ok(said + at.elapsed())
    }

    fn boot_id(&self) -> io::Result<[u8; 16]> {
        Ok(*locked(&self.boot))
    }
}

/// One computer; each `open` is another process on it.
struct Computer {
    home: TempDir,
    clock: Arc<PausedClock>,
}

impl Computer {
    fn new() -> Self {
        let clock = PausedClock {
            runtime: Handle::current(),
            start: Mutex::new((seconds(1000), Instant::now())),
            boot: Mutex::new([1; 16]),
        };
        Self { home: tempfile::tempdir().unwrap(), clock: Arc::new(clock) }
    }

    fn open(&self) -> RateLimiter {
        self.open_with(30, 20)
    }

    fn open_with(&self, limit: u32, share: u32) -> RateLimiter {
        let (settings, params) = (LimitSettings { limit, share }, LimitParams::default());
        let url = Url::parse("https://www.planradar.com").unwrap();
        let clock = Arc::clone(&self.clock) as Arc<dyn Clock>;
        RateLimiter::open_with_clock(&self.dir(), &url, "1484013", settings, params, clock).unwrap()
    }

    /// The since-boot clock starts again, under another boot id.
    fn restart(&self) {
        locked(&self.clock.boot)[0] += 1;
        *locked(&self.clock.start) = (seconds(5), Instant::now());
    }

    fn dir(&self) -> PathBuf {
        self.home.path().join("limits")
    }

    fn file(&self) -> PathBuf {
        std::fs::read_dir(self.dir()).unwrap().next().unwrap().unwrap().path()
    }
}

/// The figures, once the file has been told all that this process did.
fn status(limiter: &RateLimiter) -> LimitStatus {
    limiter.inner.access(|_, _, _| ()).unwrap();
    limiter.status()
}

/// Spoils the file's version, and makes it good again with `false`.
fn spoil(file: &Path, spoilt: bool) {
    use std::io::{Seek as _, SeekFrom, Write as _};
    let mut file = std::fs::OpenOptions::new().write(true).open(file).unwrap();
    file.seek(SeekFrom::Start(7)).unwrap();
    file.write_all(if spoilt { &[9] } else { &[1] }).unwrap();
}

/// A process that ends without a word: no destructor runs.
fn kill<T>(process: T) {
    std::mem::forget(process);
}

async fn slot(limiter: &RateLimiter, lane: Lane) -> Slot {
    limiter.acquire(lane, 1).await.unwrap().take().unwrap()
}

async fn send(limiter: &RateLimiter) -> InFlight {
    slot(limiter, Lane::TakeAway).await.sent(TIMEOUT).unwrap()
}

/// What comes without waiting: `None` if it would wait.
async fn at_once<T>(future: impl Future<Output = T>) -> Option<T> {
    // On the paused clock this ends only when nothing else can happen before.
    tokio::time::timeout(Duration::from_millis(1), future).await.ok()
}

/// How many calls a lane gets without waiting; the slots come with them.
async fn all_at_once(limiter: &RateLimiter, lane: Lane) -> Vec<Slot> {
    let mut slots = Vec::new();
    while let Some(reservation) = at_once(limiter.acquire(lane, 1)).await {
        slots.push(reservation.unwrap().take().unwrap());
    }
    slots
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// `expected`, or later by the limiter's margin for slow clocks (1/240 of a window) and tokio's grain.
fn about(actual: Duration, expected: Duration) -> bool {
    actual >= expected && actual <= expected + Duration::from_millis(260)
}

async fn timed<T>(future: impl Future<Output = T>) -> (Duration, T) {
    let start = Instant::now();
    let out = future.await;
    (start.elapsed(), out)
}

fn is_paused<T>(outcome: &Result<T, LimitError>) -> bool {
    matches!(outcome, Err(LimitError::Paused { .. }))
}

fn is_unavailable<T>(outcome: &Result<T, LimitError>) -> bool {
    matches!(outcome, Err(LimitError::Unavailable(_)))
}
