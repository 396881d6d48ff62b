//! One worker thread and a queue; a fresh worker when the one there is stuck.
//!
//! Keychain calls block, sometimes for ever: a prompt that nobody sees, a frozen daemon. They can't be
//! interrupted, so a stuck worker is left to itself, the queue goes on with the next, and the late
//! result still reaches the one who asked.

use std::collections::{BTreeMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

/// Workers at most, stuck ones included. With all of them stuck, calls wait for the first to come back.
const MOST_WORKERS: usize = 8;

/// Why a call has no result.
#[derive(Debug)]
pub(crate) enum Lost {
    /// No thread could be started.
    NoThread(std::io::Error),
    /// The call panicked.
    Panicked,
}

impl std::fmt::Display for Lost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoThread(error) => write!(f, "no thread for the keychain: {error}"),
            Self::Panicked => f.write_str("the call ended unexpectedly"),
        }
    }
}

type Job<W> = Box<dyn FnOnce(&mut W) + Send>;

/// The queue and its workers, each with a `W` of its own. Dropped, it lets them end.
pub(crate) struct Pool<W: 'static> {
    shared: Arc<Shared<W>>,
    stuck_after: Duration,
}

struct Shared<W> {
    state: Mutex<State<W>>,
    wake: Condvar,
    make: fn() -> W,
}

struct State<W> {
    queue: VecDeque<Job<W>>,
    workers: usize,
    /// Who is at work, and since when.
    busy: BTreeMap<usize, Instant>,
    next_worker: usize,
    closed: bool,
}

impl<W: 'static> Pool<W> {
    pub(crate) fn new(stuck_after: Duration, make: fn() -> W) -> Self {
        let state = State {
            queue: VecDeque::new(),
            workers: 0,
            busy: BTreeMap::new(),
            next_worker: 0,
            closed: false,
        };
        Self {
            shared: Arc::new(Shared { state: Mutex::new(state), wake: Condvar::new(), make }),
            stuck_after,
        }
    }

    /// Runs one call and waits for it, however long. A call whose caller is gone before its turn has
    /// come is left out: nobody would learn what it did.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        call: impl FnOnce(&mut W) -> T + Send + 'static,
    ) -> Result<T, Lost> {
        let (answer, mut answered) = oneshot::channel();
        let job: Job<W> = Box::new(move |worker| {
            if !answer.is_closed() {
                // The caller may have left meanwhile; then the result is dropped.
                let _ = answer.send(call(worker));
            }
        });
        self.shared.lock().queue.push_back(job);
        self.shared.wake.notify_one();
        loop {
            self.staff().map_err(Lost::NoThread)?;
            if let Ok(result) = tokio::time::timeout(self.stuck_after, &mut answered).await {
                return result.map_err(|_| Lost::Panicked);
            }
        }
    }

    /// Starts a worker if calls are waiting and nobody there can take them.
    fn staff(&self) -> std::io::Result<()> {
        let mut state = self.shared.lock();
        let all_stuck = state.workers == state.busy.len()
            && state.busy.values().all(|since| since.elapsed() >= self.stuck_after);
        if state.queue.is_empty() || !all_stuck || state.workers >= MOST_WORKERS {
            return Ok(());
        }
        let id = state.next_worker;
        let shared = Arc::clone(&self.shared);
        std::thread::Builder::new().name("keychain".into()).spawn(move || shared.work(id))?;
        if state.workers > 0 {
            tracing::warn!(
                stuck = state.workers,
                "the keychain does not answer, going on with a fresh worker"
            );
        }
        state.next_worker += 1;
        state.workers += 1;
        Ok(())
    }
}

impl<W: 'static> Drop for Pool<W> {
    fn drop(&mut self) {
        self.shared.lock().closed = true;
        self.shared.wake.notify_all();
    }
}

impl<W> Shared<W> {
    fn lock(&self) -> MutexGuard<'_, State<W>> {
        // Nothing that runs under this lock leaves the state half changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self, id: usize) {
        let mut worker = (self.make)();
        while let Some(job) = self.next_job(id) {
            if catch_unwind(AssertUnwindSafe(|| job(&mut worker))).is_err() {
                tracing::error!("a keychain call panicked");
                worker = (self.make)();
            }
            self.lock().busy.remove(&id);
        }
    }

    /// The next call, or `None` when this worker is no longer needed.
    fn next_job(&self, id: usize) -> Option<Job<W>> {
        let mut state = self.lock();
        loop {
            if !state.closed
                && let Some(job) = state.queue.pop_front()
            {
                state.busy.insert(id, Instant::now());
                return Some(job);
            }
            let idle = state.workers - state.busy.len();
            if state.closed || idle > 1 {
                state.workers -= 1;
                return None;
            }
            state = self.wake.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

#[cfg(test)]
mod tests;
