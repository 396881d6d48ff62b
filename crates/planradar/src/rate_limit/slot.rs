//! What a caller has in hand: reserved slots, one of them, and a request under way.

use std::sync::Arc;
use std::time::Duration;

use super::LimitError;
use super::changes::{Change, Phase};
use super::inner::Inner;

/// Slots reserved together for one step. Those not taken are given back when it is dropped.
#[derive(Debug)]
pub struct Reservation(pub(super) Vec<Ticket>);

impl Reservation {
    /// The next slot; `None` when all were taken.
    pub fn take(&mut self) -> Option<Slot> {
        self.0.pop().map(Slot)
    }
}

/// A reserved slot for which nothing was sent. Given back when dropped.
#[derive(Debug)]
pub struct Slot(pub(super) Ticket);

impl Slot {
    /// Call immediately before the bytes leave. The slot is on file as taken until `timeout` + grace + window
    /// when this returns; `timeout` is when the caller gives up on the answer. On `Err` nothing may be sent, and
    /// the slot is given back: the cooldown began, or the file is unavailable.
    ///
    /// Writes to the file, in well under a millisecond; if another process hangs with it locked, blocks for 2 s.
    pub fn sent(mut self, timeout: Duration) -> Result<InFlight, LimitError> {
        let inner = &self.0.inner;
        let ticket = self.0.number;
        let held_for = timeout.saturating_add(inner.params.doubtful());
        let entered = inner.access(|ledger, settings, now| {
            if let Some(remaining) = ledger.paused(now) {
                return Err(LimitError::Paused { remaining });
            }
            if ledger.send(ticket, now.saturating_add(held_for), settings.share, now) {
                return Ok(());
            }
            Err(LimitError::Unavailable("all requests are used up and none was reserved any more".to_owned()))
        });
        match entered {
            Ok(sent) => sent?,
            Err(unavailable) if self.0.emergency => {
                if let Some(remaining) = inner.paused() {
                    return Err(LimitError::Paused { remaining });
                }
                let now = inner.file.now()?;
                if !inner.emergency_allowed(now) {
                    return Err(unavailable.into());
                }
                inner.note(Change::Hold { ticket, until: now.saturating_add(held_for) });
            }
            Err(unavailable) => return Err(unavailable.into()),
        }
        inner.live(ticket, Phase::InFlight);
        inner.recent.count();
        self.0.given_back_on_drop = false;
        Ok(InFlight(self.0))
    }
}

/// A request under way. Dropped without a word from the server, its slot stays taken: it may still be counted.
#[derive(Debug)]
#[must_use = "dropping it keeps the slot taken for timeout + grace + window"]
pub struct InFlight(Ticket);

impl InFlight {
    /// The answer came: from now on one window.
    pub fn answered(self) {
        let Ticket { inner, number: ticket, .. } = &self.0;
        // Without a clock the longer hold stands.
        if let Ok(now) = inner.file.now() {
            inner.note(Change::Hold { ticket: *ticket, until: now + inner.params.hold() });
        }
    }

    /// Proof that no byte left this computer (the name was not resolved, the connection not made): the slot is
    /// given back.
    pub fn never_sent(self) {
        self.0.inner.note(Change::GiveBack { ticket: self.0.number });
    }
}

/// The right to a record in the file.
pub(super) struct Ticket {
    inner: Arc<Inner>,
    number: u64,
    emergency: bool,
    given_back_on_drop: bool,
}

impl Ticket {
    pub(super) fn reserved(inner: &Arc<Inner>, number: u64) -> Self {
        inner.live(number, Phase::Reserved);
        Self { inner: Arc::clone(inner), number, emergency: false, given_back_on_drop: true }
    }

    /// Has no record yet.
    pub(super) fn emergency(inner: &Arc<Inner>) -> Self {
        Self { inner: Arc::clone(inner), number: inner.draw(), emergency: true, given_back_on_drop: false }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        if self.given_back_on_drop {
            self.inner.note(Change::GiveBack { ticket: self.number });
        } else {
            self.inner.changes.forget(self.number);
        }
    }
}

impl std::fmt::Debug for Ticket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Ticket").field(&self.number).finish()
    }
}
