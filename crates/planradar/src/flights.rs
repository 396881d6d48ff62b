//! Equal GETs on their way are one: whoever asks for the same while it runs waits for the same answer.

use crate::answer::Answer;
use crate::error::Result;
use crate::rate_limit::Lane;
use futures_util::future::{BoxFuture, FutureExt, Shared, WeakShared};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::future::Future;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Who asks what, as whom.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct FlightKey {
    /// Origin and customer id.
    pub(crate) account: String,
    /// [`Flights::credential`] of the token.
    pub(crate) credential: [u8; 32],
    /// Path and query.
    pub(crate) target: String,
}

pub(crate) type FlightResult = Result<Arc<Answer>>;
type Boxed = BoxFuture<'static, FlightResult>;

struct Flight {
    id: u64,
    lane: Lane,
    sent: Arc<AtomicBool>,
    shared: WeakShared<Boxed>,
}

/// The GETs on their way.
pub(crate) struct Flights {
    running: Arc<Mutex<HashMap<FlightKey, Vec<Flight>>>>,
    next_id: AtomicU64,
    salt: [u8; 32],
}

impl Default for Flights {
    fn default() -> Self {
        let mut salt = [0; 32];
        // Without it the digests would only be plain ones; they never leave this process.
        let _ = getrandom::fill(&mut salt);
        Self { running: Arc::default(), next_id: AtomicU64::new(0), salt }
    }
}

impl Flights {
    /// Stands for a token in a key without being one.
    pub(crate) fn credential(&self, token: &SecretString) -> [u8; 32] {
        let mut digest = Sha256::new();
        digest.update(self.salt);
        // Exposed to be hashed: two tokens must never share an answer.
        digest.update(token.expose_secret().as_bytes());
        digest.finalize().into()
    }

    /// Joins the equal GET on its way, or starts `start`, which is told where to note that it was sent.
    ///
    /// One that still waits for a slot behind more urgent ones is not joined: it would make this caller wait too.
    pub(crate) fn join<F>(
        &self,
        key: FlightKey,
        lane: Lane,
        start: impl FnOnce(Arc<AtomicBool>) -> F,
    ) -> Shared<Boxed>
    where
        F: Future<Output = FlightResult> + Send + 'static,
    {
        let mut running = lock(&self.running);
        let flights = running.entry(key.clone()).or_default();
        // Looked at before it is upgraded: a last owner must not be dropped while the lock is held.
        let mut joinable = flights.iter().filter(|f| f.lane <= lane || f.sent.load(Ordering::Acquire));
        if let Some(shared) = joinable.find_map(|f| f.shared.upgrade()) {
            return shared;
        }
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        let landing = Landing { running: Arc::clone(&self.running), key, id };
        let sent = Arc::new(AtomicBool::new(false));
        let flight = start(Arc::clone(&sent));
        let shared = async move {
            let _landing = landing;
            flight.await
        }
        .boxed()
        .shared();
        if let Some(weak) = shared.downgrade() {
            flights.push(Flight { id, lane, sent, shared: weak });
        }
        shared
    }

    /// From now on nobody joins what is on its way for `account`: a write may have made it old.
    pub(crate) fn forget(&self, account: &str) {
        lock(&self.running).retain(|key, _| key.account != account);
    }
}

/// Takes its flight off the list, whether it arrived or everybody left.
struct Landing {
    running: Arc<Mutex<HashMap<FlightKey, Vec<Flight>>>>,
    key: FlightKey,
    id: u64,
}

impl Drop for Landing {
    fn drop(&mut self) {
        let mut running = lock(&self.running);
        if let Some(flights) = running.get_mut(&self.key) {
            flights.retain(|f| f.id != self.id);
            if flights.is_empty() {
                running.remove(&self.key);
            }
        }
    }
}

/// The list stays whole whatever panics: each change is one call.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
#[path = "flights_tests.rs"]
mod tests;
