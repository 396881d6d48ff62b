//! The chain: each line's seal is an HMAC over the seal before it and the line as it is stored. The key and the last seal are
//! elsewhere (the operating system's keychain), so that nobody with only the file can change what is sealed, or cut its
//! end off, unseen.

use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

/// The key of the seals. The caller overwrites it after use.
pub type AuditKey = [u8; 32];

pub(super) type Seal = [u8; 32];

/// What a line's seal is made of besides the id and the seal before: the columns as stored, in this order.
pub(super) const COLUMNS: [&str; 9] =
    ["at", "account_id", "account_label", "actor", "action", "subject", "outcome", "operation_id", "detail"];

/// Where the chain stood when it was last looked at from outside the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditHead {
    /// The chain begins after this line: 0, or the last one that nothing vouches for any more.
    pub from: i64,
    /// The last sealed line, or `from`.
    pub id: i64,
    /// Its seal; zeros where there is none.
    #[serde(with = "hex::serde")]
    pub seal: [u8; 32],
}

impl AuditHead {
    /// Of a chain that begins after this line.
    #[must_use]
    pub fn begin(from: i64) -> Self {
        Self { from, id: from, seal: [0; 32] }
    }
}

/// What is wrong with the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditBreak {
    /// The line is not as it was sealed.
    Changed,
    /// The line is gone.
    Removed,
    /// Another line stands in its place.
    Reordered,
    /// A line that should have a seal has none: it was put in from outside, or its seal was removed.
    Unsealed,
    /// This line and those after it were cut off, or the file was put back to an earlier state.
    CutTail,
}

/// What looking at the chain found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuditChain {
    /// All in order.
    Whole {
        /// Lines with a seal.
        sealed: u64,
        /// Lines at the end that have none yet.
        unsealed: u64,
        /// Where the chain stands now.
        head: AuditHead,
    },
    /// Somebody changed it.
    Broken {
        /// The first line it shows at.
        id: i64,
        /// How.
        kind: AuditBreak,
    },
}

/// A line's columns as stored: text, or nothing.
pub(super) type Line = Vec<Option<Vec<u8>>>;

/// The seal of a line: every part with its length, so that nothing can move from one column into the next.
pub(super) fn seal(key: &AuditKey, before: &Seal, id: i64, line: &Line) -> Seal {
    mac(key, before, id, line).finalize().into_bytes().into()
}

pub(super) fn fits(key: &AuditKey, before: &Seal, id: i64, line: &Line, seal: &Seal) -> bool {
    mac(key, before, id, line).verify_slice(seal).is_ok()
}

fn mac(key: &AuditKey, before: &Seal, id: i64, line: &Line) -> Hmac<Sha256> {
    // Filled up with zeros to a block, as HMAC itself does.
    let mut block = [0; 64];
    block[..key.len()].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new(&block.into());
    mac.update(before);
    mac.update(&id.to_be_bytes());
    for column in line {
        mac.update(&[u8::from(column.is_some())]);
        let bytes = column.as_deref().unwrap_or_default();
        mac.update(&u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
        mac.update(bytes);
    }
    mac
}
