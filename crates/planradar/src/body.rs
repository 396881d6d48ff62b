//! A request's body: written once, into memory that is wiped when the last copy of it goes.

use bytes::Bytes;
use serde::Serialize;
use std::io::{self, Write};
use zeroize::Zeroizing;

/// `value` as JSON. It may write secrets: no other copy of them is made here.
#[allow(clippy::expect_used)] // The messages are the proof.
pub(crate) fn json(value: &impl Serialize) -> Bytes {
    const PROOF: &str = "memory takes every byte, and the keys of all our bodies are texts";
    let mut count = Count(0);
    serde_json::to_writer(&mut count, value).expect(PROOF);
    // Reserved at once: a growing buffer leaves copies behind.
    let mut body = Zeroizing::new(Vec::with_capacity(count.0));
    serde_json::to_writer(&mut *body, value).expect(PROOF);
    debug_assert_eq!(body.len(), count.0, "it is written the same way twice");
    Bytes::from_owner(body)
}

/// Only counts.
struct Count(usize);

impl Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_serde_writes_it() {
        let value = serde_json::json!({"a": "ä\n\"", "b": [1, 2.5, null, true], "c": {}});
        assert_eq!(json(&value), value.to_string());
    }
}
