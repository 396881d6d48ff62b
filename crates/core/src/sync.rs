//! Locks whose data stays sound when a holder panics.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks; a poisoned lock is taken over, because every critical section here is one plain assignment or
/// map call.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
