//! Backlogs on a paused clock, through the real limiter in two "processes", and through its peers.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use planradar::rate_limit::{Clock, Lane, LimitSettings, RateLimiter};
use tokio::runtime::Handle;
use tokio::task::JoinSet;
use tokio::time::Instant;
use url::Url;

use crate::peers;
use crate::rule::{Fate, LIMIT, Times, worst_window};

/// Calls of a backlog.
pub const CALLS: usize = 200;

/// What a limiter did in all runs.
#[derive(Default)]
pub struct Row {
    pub name: &'static str,
    pub runs: usize,
    /// Runs with a window above the limit: the account would have been stopped for five minutes.
    pub tripped: usize,
    /// The fullest window of all runs.
    pub worst: usize,
    /// Mean and worst time to the end, as a multiple of the oracle's.
    pub mean_ratio: f64,
    pub worst_ratio: f64,
    /// The mean as a multiple of what no sender whatever can go below.
    pub bound_ratio: f64,
}

impl Row {
    fn new(name: &'static str) -> Self {
        Self { name, ..Self::default() }
    }

    fn add(&mut self, sends: &[(Duration, Fate)], times: &Times) {
        let fates: Vec<Fate> = sends.iter().map(|(_, fate)| *fate).collect();
        let done = sends.iter().map(|(sent, fate)| *sent + fate.done(times)).max().unwrap_or_default();
        let worst =
            worst_window(sends.iter().map(|(sent, f)| *sent + f.counted).collect(), times.params.window);
        let ratio = done.div_duration_f64(peers::oracle(&fates, times));
        self.runs += 1;
        self.tripped += usize::from(worst > LIMIT as usize);
        self.worst = self.worst.max(worst);
        self.mean_ratio += ratio;
        self.worst_ratio = self.worst_ratio.max(ratio);
        self.bound_ratio += done.div_duration_f64(peers::bound(sends.len(), times));
    }

    fn finish(mut self) -> Self {
        #[allow(clippy::cast_precision_loss, reason = "a few hundred runs")]
        let runs = self.runs.max(1) as f64;
        self.mean_ratio /= runs;
        self.bound_ratio /= runs;
        self
    }
}

/// All limiters on the same `runs` draws: Gatehouse's first.
pub fn run(runs: u64) -> io::Result<Vec<Row>> {
    let times = Times::shortened(1);
    let mut ours = Row::new("Gatehouse");
    let mut others = [Row::new("GCRA (governor)"), Row::new("fixed window"), Row::new("sliding from send")];
    for seed in 0..runs {
        let mut rng = fastrand::Rng::with_seed(seed);
        let fates: Vec<Fate> = (0..CALLS).map(|_| Fate::draw(&mut rng, &times)).collect();
        ours.add(&ours_sends(&fates, &times)?, &times);
        let sends = [
            peers::gcra(CALLS, &times),
            peers::fixed_window(CALLS, &times, &mut rng),
            peers::sliding_from_send(CALLS, &times),
        ];
        for (row, sends) in others.iter_mut().zip(sends) {
            row.add(&sends.into_iter().zip(fates.iter().copied()).collect::<Vec<_>>(), &times);
        }
    }
    Ok(std::iter::once(ours).chain(others).map(Row::finish).collect())
}

/// Follows tokio's paused clock.
struct PausedClock {
    runtime: Handle,
    start: Instant,
}

impl Clock for PausedClock {
    fn now(&self) -> io::Result<Duration> {
        let _runtime = self.runtime.enter();
        Ok(Duration::from_secs(1000) + self.start.elapsed())
    }

    fn boot_id(&self) -> io::Result<[u8; 16]> {
        Ok([1; 16])
    }
}

/// When Gatehouse's limiter lets each call go, in the order of their sends.
fn ours_sends(fates: &[Fate], times: &Times) -> io::Result<Vec<(Duration, Fate)>> {
    let dir = tempfile::tempdir()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?;
    runtime.block_on(async {
        let start = Instant::now();
        let clock = Arc::new(PausedClock { runtime: Handle::current(), start });
        let processes = [open(dir.path(), times, &clock)?, open(dir.path(), times, &clock)?];
        let mut calls = JoinSet::new();
        for (call, fate) in fates.iter().copied().enumerate() {
            let (limiter, times) = (processes[call % 2].clone(), *times);
            calls.spawn(async move {
                let mut reserved = limiter.acquire(Lane::TakeAway, 1).await.map_err(io::Error::other)?;
                let slot = reserved.take().ok_or_else(|| io::Error::other("an empty reservation"))?;
                let request = slot.sent(times.timeout).map_err(io::Error::other)?;
                let sent = start.elapsed();
                tokio::time::sleep(fate.done(&times)).await;
                if fate.answer.is_some() {
                    request.answered();
                }
                Ok((sent, fate))
            });
        }
        let mut sends = calls.join_all().await.into_iter().collect::<io::Result<Vec<_>>>()?;
        sends.sort_unstable_by_key(|(sent, _)| *sent);
        Ok(sends)
    })
}

fn open(dir: &Path, times: &Times, clock: &Arc<PausedClock>) -> io::Result<RateLimiter> {
    let url = Url::parse("https://www.planradar.com").map_err(io::Error::other)?;
    let settings = LimitSettings { limit: LIMIT, share: LIMIT };
    let clock = Arc::clone(clock) as Arc<dyn Clock>;
    RateLimiter::open_with_clock(dir, &url, "1484013", settings, times.params, clock)
        .map_err(io::Error::other)
}
