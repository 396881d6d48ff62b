//! What happened to this process's slots and isn't on file yet. Answers and drops only leave a note here, so that
//! they never wait for the file; every access to the file applies the notes first. A note that is lost with the
//! process leaves its slot taken for longer, never for less.

use std::collections::HashMap;
use std::sync::Mutex;

use super::ledger::{Ledger, Stamp};
use super::queue::locked;
use super::{Lane, LimitParams};

#[derive(Debug, Clone, Copy)]
pub(super) enum Change {
    /// Nothing was sent: the slot is free.
    GiveBack { ticket: u64 },
    /// Taken until then.
    Hold { ticket: u64, until: Stamp },
    /// Nobody waits in that lane any more.
    Withdraw { owner: u64, lane: Lane },
}

impl Change {
    fn ticket(&self) -> Option<u64> {
        match *self {
            Self::GiveBack { ticket } | Self::Hold { ticket, .. } => Some(ticket),
            Self::Withdraw { .. } => None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    Reserved,
    InFlight,
}

/// The notes, and the tickets that someone in this process still has in hand.
#[derive(Default)]
pub(super) struct Changes(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    notes: Vec<Change>,
    live: HashMap<u64, Phase>,
}

/// Taken out to be applied; put back if that failed.
pub(super) struct Batch {
    notes: Vec<Change>,
    live: HashMap<u64, Phase>,
}

impl Changes {
    pub(super) fn live(&self, ticket: u64, phase: Phase) {
        locked(&self.0).live.insert(ticket, phase);
    }

    /// Nobody has the ticket in hand any more; its slot stays as it is.
    pub(super) fn forget(&self, ticket: u64) {
        locked(&self.0).live.remove(&ticket);
    }

    pub(super) fn note(&self, change: Change) {
        let mut inner = locked(&self.0);
        if let Some(ticket) = change.ticket() {
            inner.live.remove(&ticket);
            // The later word about a slot is the one that counts.
            inner.notes.retain(|earlier| earlier.ticket() != Some(ticket));
        }
        inner.notes.push(change);
    }

    pub(super) fn is_empty(&self) -> bool {
        locked(&self.0).notes.is_empty()
    }

    /// Slots taken by notes alone: requests that left while the file was unavailable.
    pub(super) fn held(&self, now: Stamp) -> u32 {
        let held = |change: &&Change| matches!(change, Change::Hold { until, .. } if *until > now);
        u32::try_from(locked(&self.0).notes.iter().filter(held).count()).unwrap_or(u32::MAX)
    }

    pub(super) fn take(&self) -> Batch {
        let mut inner = locked(&self.0);
        Batch { notes: std::mem::take(&mut inner.notes), live: inner.live.clone() }
    }

    pub(super) fn put_back(&self, batch: Batch) {
        locked(&self.0).notes.splice(0..0, batch.notes);
    }
}

impl Batch {
    pub(super) fn is_empty(&self) -> bool {
        self.notes.is_empty()
    }

    pub(super) fn apply(&self, ledger: &mut Ledger, now: Stamp, params: &LimitParams) {
        for note in &self.notes {
            match *note {
                Change::GiveBack { ticket } => ledger.give_back(ticket),
                Change::Hold { ticket, until } => ledger.put(ticket, until),
                Change::Withdraw { owner, lane } => ledger.withdraw(owner, lane),
            }
        }
        for (ticket, phase) in &self.live {
            ledger.renew(*ticket, *phase == Phase::InFlight, now, params);
        }
    }
}
