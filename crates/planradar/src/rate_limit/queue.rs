//! The calls of this process that wait for slots: first come, first served within a lane. Only the first of each
//! lane asks the shared file, so that it needs few places there.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::Lane;

/// A panic while these locks are held leaves nothing half done.
pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A waiting call.
pub(super) struct Waiter {
    pub(super) lane: Lane,
    pub(super) count: u32,
    /// Its place in the file's order, once it has one.
    pub(super) seq: Mutex<Option<u64>>,
    /// Something changed that may let it go on.
    pub(super) wake: Notify,
}

#[derive(Default)]
pub(super) struct Queue(Mutex<[VecDeque<Arc<Waiter>>; 3]>);

impl Queue {
    pub(super) fn join(&self, lane: Lane, count: u32) -> Arc<Waiter> {
        let waiter = Arc::new(Waiter { lane, count, seq: Mutex::new(None), wake: Notify::new() });
        locked(&self.0)[lane as usize].push_back(Arc::clone(&waiter));
        waiter
    }

    /// `true`: the lane is empty now.
    pub(super) fn leave(&self, waiter: &Arc<Waiter>) -> bool {
        let mut lanes = locked(&self.0);
        let lane = &mut lanes[waiter.lane as usize];
        lane.retain(|other| !Arc::ptr_eq(other, waiter));
        lane.is_empty()
    }

    pub(super) fn is_first(&self, waiter: &Arc<Waiter>) -> bool {
        locked(&self.0)[waiter.lane as usize].front().is_some_and(|first| Arc::ptr_eq(first, waiter))
    }

    pub(super) fn holds(&self, waiter: &Arc<Waiter>) -> bool {
        locked(&self.0)[waiter.lane as usize].iter().any(|other| Arc::ptr_eq(other, waiter))
    }

    /// Slots may have become free.
    pub(super) fn wake_first(&self) {
        for first in locked(&self.0).iter().filter_map(VecDeque::front) {
            first.wake.notify_one();
        }
    }

    /// Nothing will become free for long.
    pub(super) fn wake_all(&self) {
        for waiter in locked(&self.0).iter().flatten() {
            waiter.wake.notify_one();
        }
    }

    pub(super) fn len(&self) -> u32 {
        u32::try_from(locked(&self.0).iter().map(VecDeque::len).sum::<usize>()).unwrap_or(u32::MAX)
    }
}
