//! Locks whose data stays sound when a holder panics, and turns that are taken one after the other.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};
use tokio::sync::OwnedMutexGuard;

/// Locks; a poisoned lock is taken over, because every critical section here is one plain assignment or
/// map call.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One step at a time of what has the same name.
#[derive(Default)]
pub(crate) struct Turns(Mutex<HashMap<String, Weak<tokio::sync::Mutex<()>>>>);

impl Turns {
    /// Waits for the turn, which lasts until it is dropped.
    pub async fn take(&self, name: &str) -> OwnedMutexGuard<()> {
        let turn = {
            let mut all = lock(&self.0);
            // Nobody has them any more.
            all.retain(|_, turn| turn.strong_count() > 0);
            all.get(name).and_then(Weak::upgrade).unwrap_or_else(|| {
                let turn = Arc::default();
                all.insert(name.to_owned(), Arc::downgrade(&turn));
                turn
            })
        };
        turn.lock_owned().await
    }
}
