//! The file's bytes: two checksummed blocks. The pause has its own, which is written on a 429 only, so that a
//! write of the slots that was cut short can't lose it.
//!
//! ```text
//!     0  pause   magic 8 | boot id 16 | until 8 | written at 8 | crc32 4
//!   512  slots   magic 8 | boot id 16 | nonce 8 | written at 8 | next place 8 | limit 4 | share 4 | n 4 | m 4
//!                | n × (until 8, ticket 8) | m × (owner 8, seq 8, expires 8, count 4, lane 4) | crc32 4
//! ```
//! Little-endian; times are nanoseconds since the computer started. The magic ends in the version. The file has
//! room for the most slots and places from its first write on.

use std::time::Duration;

use super::ledger::{Ledger, PLACES, Place, Record, SLOTS, Stamp};
use super::{Lane, LimitSettings};

const PAUSE_MAGIC: [u8; 8] = *b"GHPAUSE\x01";
const SLOTS_MAGIC: [u8; 8] = *b"GHSLOTS\x01";
const PAUSE_LEN: usize = 44;
/// Where the block of slots starts.
pub(super) const SLOTS_AT: usize = 512;
const HEAD_LEN: usize = 64;
/// The file's length, from its first write on.
pub(super) const FILE_LEN: usize = SLOTS_AT + HEAD_LEN + SLOTS * 16 + PLACES * 32 + 4;

/// The pause as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pause {
    pub(super) boot: [u8; 16],
    pub(super) until: Stamp,
    pub(super) stamp: Stamp,
}

/// What a file's bytes say. `None`: damaged, or cut short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Image {
    pub(super) pause: Option<Pause>,
    /// `paused_until` is not filled in: it comes from `pause`.
    pub(super) ledger: Option<Ledger>,
}

/// The file was written by a later version, whose layout isn't known here.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Newer;

pub(super) fn decode(bytes: &[u8]) -> Result<Image, Newer> {
    for (at, magic) in [(0, PAUSE_MAGIC), (SLOTS_AT, SLOTS_MAGIC)] {
        if let Some([name @ .., version]) = bytes.get(at..at + 8)
            && name == &magic[..7]
            && *version > magic[7]
        {
            return Err(Newer);
        }
    }
    Ok(Image {
        pause: bytes.get(..PAUSE_LEN).and_then(checked).and_then(decode_pause),
        ledger: bytes.get(SLOTS_AT..).and_then(decode_ledger),
    })
}

pub(super) fn encode_pause(pause: &Pause) -> Vec<u8> {
    let mut out = Vec::with_capacity(PAUSE_LEN);
    out.extend(PAUSE_MAGIC);
    out.extend(pause.boot);
    put_time(&mut out, pause.until);
    put_time(&mut out, pause.stamp);
    seal(out)
}

pub(super) fn encode_ledger(ledger: &Ledger) -> Vec<u8> {
    let mut out = Vec::with_capacity(FILE_LEN - SLOTS_AT);
    out.extend(SLOTS_MAGIC);
    out.extend(ledger.boot);
    out.extend(ledger.nonce.to_le_bytes());
    put_time(&mut out, ledger.stamp);
    out.extend(ledger.next_seq.to_le_bytes());
    out.extend(ledger.settings.limit.to_le_bytes());
    out.extend(ledger.settings.share.to_le_bytes());
    for len in [ledger.slots.len(), ledger.places.len()] {
        out.extend(u32::try_from(len).unwrap_or(u32::MAX).to_le_bytes());
    }
    for slot in &ledger.slots {
        put_time(&mut out, slot.until);
        out.extend(slot.ticket.to_le_bytes());
    }
    for place in &ledger.places {
        out.extend(place.owner.to_le_bytes());
        out.extend(place.seq.to_le_bytes());
        put_time(&mut out, place.expires);
        out.extend(place.count.to_le_bytes());
        out.extend((place.lane as u32).to_le_bytes());
    }
    seal(out)
}

fn seal(mut block: Vec<u8>) -> Vec<u8> {
    block.extend(crc32fast::hash(&block).to_le_bytes());
    block
}

/// The block without its checksum, if that is right.
fn checked(block: &[u8]) -> Option<&[u8]> {
    let (body, sum) = block.split_last_chunk::<4>()?;
    (crc32fast::hash(body) == u32::from_le_bytes(*sum)).then_some(body)
}

fn put_time(out: &mut Vec<u8>, time: Stamp) {
    // 584 years fit.
    out.extend(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX).to_le_bytes());
}

/// Reads fields one after the other.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn bytes<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*head)
    }

    fn u64(&mut self) -> Option<u64> {
        self.bytes().map(u64::from_le_bytes)
    }

    fn u32(&mut self) -> Option<u32> {
        self.bytes().map(u32::from_le_bytes)
    }

    fn time(&mut self) -> Option<Stamp> {
        self.u64().map(Duration::from_nanos)
    }
}

fn decode_pause(body: &[u8]) -> Option<Pause> {
    let mut read = Reader(body);
    (read.bytes()? == PAUSE_MAGIC).then_some(())?;
    Some(Pause { boot: read.bytes()?, until: read.time()?, stamp: read.time()? })
}

fn decode_ledger(bytes: &[u8]) -> Option<Ledger> {
    let mut read = Reader(bytes);
    (read.bytes()? == SLOTS_MAGIC).then_some(())?;
    let (boot, nonce, stamp, next_seq) = (read.bytes()?, read.u64()?, read.time()?, read.u64()?);
    let settings = LimitSettings { limit: read.u32()?, share: read.u32()? }.bounded();
    let (slots, places) = (read.u32()? as usize, read.u32()? as usize);
    (slots <= SLOTS && places <= PLACES).then_some(())?;
    let mut read = Reader(checked(bytes.get(..HEAD_LEN + slots * 16 + places * 32 + 4)?)?.get(HEAD_LEN..)?);
    let mut ledger = Ledger { stamp, next_seq, ..Ledger::new(boot, nonce, settings) };
    for _ in 0..slots {
        ledger.slots.push(Record { until: read.time()?, ticket: read.u64()? });
    }
    for _ in 0..places {
        let (owner, seq, expires, count) = (read.u64()?, read.u64()?, read.time()?, read.u32()?);
        let lane = *Lane::ALL.get(read.u32()? as usize)?;
        ledger.places.push(Place { owner, lane, seq, count, expires });
    }
    Some(ledger)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]
    use super::*;
    use proptest::prelude::*;

    fn books(slots: u64, later: u64) -> Ledger {
        let mut ledger = Ledger::new([7; 16], 42, LimitSettings::default());
        ledger.stamp = Duration::from_nanos(12_345_678_901 + later);
        for n in 1..=slots {
            ledger.slots.push(Record { until: Duration::from_millis(n + later), ticket: n << 40 });
        }
        for (n, lane) in (1..).zip(Lane::ALL) {
            let place = Place { owner: n, lane, seq: n * 2, count: 3, expires: Duration::from_secs(n) };
            ledger.places.push(place);
        }
        ledger
    }

    const PAUSE: Pause =
        Pause { boot: [7; 16], until: Duration::from_secs(9), stamp: Duration::from_secs(3) };

    fn file(ledger: &Ledger) -> Vec<u8> {
        let mut file = encode_pause(&PAUSE);
        file.resize(SLOTS_AT, 0);
        file.extend(encode_ledger(ledger));
        assert!(file.len() <= FILE_LEN);
        file.resize(FILE_LEN, 0);
        file
    }

    #[test]
    fn what_is_written_is_read() {
        for slots in [0, 30, SLOTS as u64] {
            let ledger = books(slots, 0);
            assert_eq!(decode(&file(&ledger)), Ok(Image { pause: Some(PAUSE), ledger: Some(ledger) }));
        }
    }

    #[test]
    fn a_newer_version_is_named() {
        for at in [7, SLOTS_AT + 7] {
            let mut file = file(&books(30, 0));
            file[at] = 2;
            assert_eq!(decode(&file), Err(Newer));
        }
    }

    proptest! {
        /// A write that was cut short leaves the new head and the old tail.
        #[test]
        fn a_torn_block_is_noticed(old in 0..40_u64, new in 0..40_u64, later in 1..1_000_000_u64, cut in 0.0..1.0) {
            let (old, new) = (books(old, 0), encode_ledger(&books(new, later)));
            let mut torn = file(&old);
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss,
                reason = "a position within the block")]
            let cut = (new.len() as f64 * cut) as usize;
            torn[SLOTS_AT..SLOTS_AT + cut].copy_from_slice(&new[..cut]);
            let read = decode(&torn).unwrap();
            prop_assert_eq!(read.pause, Some(PAUSE));
            // Cut before the first or after the last byte that differs, nothing is torn.
            let whole = torn == file(&old) || torn[SLOTS_AT..].starts_with(&new);
            prop_assert_eq!(read.ledger.is_some(), whole);
        }

        #[test]
        fn a_changed_byte_is_noticed(slots in 0..40_u64, at in 0..FILE_LEN, change in 1_u8..) {
            let ledger = books(slots, 0);
            let mut file = file(&ledger);
            file[at] ^= change;
            if let Ok(read) = decode(&file) {
                let used = SLOTS_AT..SLOTS_AT + encode_ledger(&ledger).len();
                prop_assert_eq!(read.pause.is_none(), at < PAUSE_LEN);
                prop_assert_eq!(read.ledger.is_none(), used.contains(&at));
            }
        }

        #[test]
        fn a_short_file_is_noticed(len in 0..SLOTS_AT + encode_ledger(&books(30, 0)).len()) {
            prop_assert_eq!(decode(&file(&books(30, 0))[..len]).unwrap().ledger, None);
        }
    }
}
