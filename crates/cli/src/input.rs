//! Text from outside, of a bounded size: what is longer is refused, never cut.

use crate::failure::Failure;
use secrecy::zeroize::Zeroizing;
use std::io::Read;

/// All of it. `name`: what it is called when it can't be used. It may be a secret: it is wiped when it goes.
pub fn text(from: impl Read, most: usize, name: &str) -> Result<Zeroizing<String>, Failure> {
    let refused = |why: &str| Err(Failure::usage(format!("{name} {why}.")));
    let mut bytes = Zeroizing::new(Vec::new());
    if let Err(error) = from.take(most as u64 + 1).read_to_end(&mut bytes) {
        return refused(&format!("can't be read: {error}"));
    }
    if bytes.len() > most {
        return refused(&format!("is larger than {most} bytes, and was not read"));
    }
    match std::str::from_utf8(&bytes) {
        Ok(text) => Ok(Zeroizing::new(text.to_owned())),
        Err(_) => refused("can't be read: it is not UTF-8"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.
    use super::*;

    #[test]
    fn what_is_too_long_is_refused_and_not_cut() {
        assert_eq!(*text(&b"abc"[..], 3, "It").unwrap(), "abc");
        assert_eq!(
            text(&b"abcd"[..], 3, "It").unwrap_err().message,
            "It is larger than 3 bytes, and was not read."
        );
        // Cut, it would be no text.
        assert!(text("aäö".as_bytes(), 4, "It").unwrap_err().message.contains("larger"));
        assert!(text(&b"\xff"[..], 3, "It").unwrap_err().message.contains("UTF-8"));
    }
}
