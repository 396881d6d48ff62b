//! The books: which slots are taken until when, who waits, and the rule by which slots are given. Pure: every
//! function is told the time, nothing here reads a clock or a file.

use std::time::Duration;

use super::{Lane, LimitParams, LimitSettings, MAX_LIMIT};

/// Time since the computer started.
pub(super) type Stamp = Duration;

/// Most records in the file: [`super::MAX_LIMIT`], and a few more for holds beyond the share.
pub(super) const SLOTS: usize = 512;
/// Places for waiting calls in the file; each limiter needs one per lane at most.
pub(super) const PLACES: usize = 32;

/// A slot: taken while `until` is in the future.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) until: Stamp,
    /// Whose it is; 0: nobody's in particular, never drawn.
    pub(super) ticket: u64,
}

/// The first waiting call of a lane of one limiter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) owner: u64,
    pub(super) lane: Lane,
    /// Order within the lane, across processes.
    pub(super) seq: u64,
    pub(super) count: u32,
    /// Not heard of since: the place is void.
    pub(super) expires: Stamp,
}

/// What a call wants.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ask {
    pub(super) owner: u64,
    pub(super) lane: Lane,
    /// Its place from an earlier try.
    pub(super) seq: Option<u64>,
    pub(super) count: u32,
}

/// What it gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reply {
    Granted,
    /// Not before `at`, unless others give something back.
    Wait {
        seq: u64,
        at: Stamp,
    },
    Paused {
        remaining: Duration,
    },
    TooMany {
        most: u32,
    },
}

/// Everything that the file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ledger {
    pub(super) boot: [u8; 16],
    /// Drawn when the file was made: tells that it was replaced by another one.
    pub(super) nonce: u64,
    /// When it was last written.
    pub(super) stamp: Stamp,
    pub(super) next_seq: u64,
    pub(super) settings: LimitSettings,
    pub(super) paused_until: Stamp,
    pub(super) slots: Vec<Record>,
    pub(super) places: Vec<Place>,
}

impl Ledger {
    pub(super) fn new(boot: [u8; 16], nonce: u64, settings: LimitSettings) -> Self {
        Self {
            boot,
            nonce,
            stamp: Stamp::ZERO,
            next_seq: 1,
            settings,
            paused_until: Stamp::ZERO,
            slots: Vec::new(),
            places: Vec::new(),
        }
    }

    /// What happened before now can't be known: every slot counts as taken now.
    pub(super) fn take_all(&mut self, now: Stamp, params: &LimitParams) {
        self.slots = vec![Record { until: now + params.doubtful(), ticket: 0 }; MAX_LIMIT as usize];
        self.places.clear();
    }

    /// Clears out what came back, and who is gone: the first thing at every access.
    pub(super) fn tidy(&mut self, now: Stamp) {
        self.slots.retain(|slot| slot.until > now);
        self.places.retain(|place| place.expires > now);
    }

    pub(super) fn used(&self, now: Stamp) -> u32 {
        u32::try_from(self.taken(now).count()).unwrap_or(u32::MAX)
    }

    pub(super) fn paused(&self, now: Stamp) -> Option<Duration> {
        self.paused_until.checked_sub(now).filter(|left| !left.is_zero())
    }

    /// When the `nth` of the taken slots comes back (1: the next).
    pub(super) fn nth_release(&self, now: Stamp, nth: u32) -> Option<Stamp> {
        let mut ends: Vec<Stamp> = self.taken(now).map(|slot| slot.until).collect();
        ends.sort_unstable();
        ends.get(usize::try_from(nth.checked_sub(1)?).ok()?).copied()
    }

    fn taken(&self, now: Stamp) -> impl Iterator<Item = &Record> {
        self.slots.iter().filter(move |slot| slot.until > now)
    }

    /// Gives `ask.count` slots to the ticket numbers that `tickets` draws, or a place in the queue.
    ///
    /// Slots are given when, after setting aside what those ahead (earlier lanes, then earlier places) wait for,
    /// enough stay free for this lane's reserve. So nobody ahead can be starved, however many slots it needs.
    pub(super) fn ask(
        &mut self,
        ask: Ask,
        share: u32,
        now: Stamp,
        params: &LimitParams,
        mut tickets: impl FnMut() -> u64,
    ) -> Reply {
        self.withdraw(ask.owner, ask.lane);
        if let Some(remaining) = self.paused(now) {
            return Reply::Paused { remaining };
        }
        let most = share - ask.lane.reserve(share);
        if ask.count > most {
            return Reply::TooMany { most };
        }
        let seq = ask.seq.unwrap_or_else(|| {
            self.next_seq += 1;
            self.next_seq
        });
        let ahead: u32 =
            self.places.iter().filter(|p| (p.lane, p.seq) < (ask.lane, seq)).map(|p| p.count).sum();
        let wanted = self.used(now).saturating_add(ahead).saturating_add(ask.count);
        if wanted <= most {
            for _ in 0..ask.count {
                self.put(tickets(), now + params.reserved());
            }
            return Reply::Granted;
        }
        if self.places.len() < PLACES {
            let Ask { owner, lane, count, .. } = ask;
            self.places.push(Place { owner, lane, seq, count, expires: now + params.place() });
        }
        // Beyond the last release only those ahead are in the way; the next look is at the poll's pace.
        let at = self.nth_release(now, wanted - most).unwrap_or(now + params.place());
        Reply::Wait { seq, at }
    }

    /// A call stopped waiting.
    pub(super) fn withdraw(&mut self, owner: u64, lane: Lane) {
        self.places.retain(|place| (place.owner, place.lane) != (owner, lane));
    }

    /// The ticket's request leaves now. `false`: its reservation lapsed and the share has no other slot.
    #[must_use]
    pub(super) fn send(&mut self, ticket: u64, until: Stamp, share: u32, now: Stamp) -> bool {
        let reserved = self.find(ticket).is_some_and(|at| self.slots[at].until > now);
        let may = reserved || self.used(now) < share;
        if may {
            self.put(ticket, until);
        }
        may
    }

    /// The ticket's slot is taken until then, whatever else is: used for requests that have left.
    pub(super) fn put(&mut self, ticket: u64, until: Stamp) {
        let record = Record { until, ticket };
        if let Some(own) = self.find(ticket) {
            self.slots[own] = record;
            return;
        }
        if self.slots.len() < SLOTS {
            self.slots.push(record);
        } else if let Some(first) = self.slots.iter_mut().min_by_key(|slot| slot.until) {
            first.until = first.until.max(until);
        }
    }

    pub(super) fn give_back(&mut self, ticket: u64) {
        self.slots.retain(|slot| slot.ticket != ticket);
    }

    /// Keeps a live process's slot: a reservation that hasn't lapsed, or a request still under way (also past
    /// its end, which only a suspend can bring).
    pub(super) fn renew(&mut self, ticket: u64, in_flight: bool, now: Stamp, params: &LimitParams) {
        let until = self.find(ticket).map_or(now, |own| self.slots[own].until);
        let left = until.saturating_sub(now);
        // Only once half of it is gone, so that looking at the file seldom means writing it.
        if in_flight && left < params.hold() {
            self.put(ticket, now + params.doubtful());
        } else if !in_flight && !left.is_zero() && left < params.reserved() / 2 {
            self.put(ticket, now + params.reserved());
        }
    }

    pub(super) fn pause(&mut self, until: Stamp) {
        self.paused_until = self.paused_until.max(until);
    }

    fn find(&self, ticket: u64) -> Option<usize> {
        self.slots.iter().position(|slot| slot.ticket == ticket)
    }
}
