//! Ids that go into a path. Nothing else ever does.

use std::fmt;

/// The Account ID of Settings > Account: 1 to 20 digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CustomerId(String);

/// Why a text is no Account ID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an Account ID is 1 to 20 digits")]
pub struct CustomerIdError;

impl CustomerId {
    /// Reads an Account ID; blanks around it are dropped.
    pub fn parse(text: &str) -> Result<Self, CustomerIdError> {
        let text = text.trim();
        let digits = (1..=20).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        if digits { Ok(Self(text.to_owned())) } else { Err(CustomerIdError) }
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CustomerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether `text` may stand for an id in a path: 1 to 64 of `A-Z a-z 0-9 _ -`.
#[must_use]
pub fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(is_literal_byte)
}

/// The bytes that ids and the literals of a path may have: none that a server or a proxy could read differently.
pub(crate) fn is_literal_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_' || b == b'-'
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.
    use super::*;

    #[test]
    fn ids() {
        for good in ["338609", "ngjdlnb", "a_b-C", &"x".repeat(64)] {
            assert!(is_id(good), "{good}");
        }
        for bad in [
            "",
            "//h",
            "/\\h",
            "\t//h",
            "@h",
            ".h",
            "..",
            "%2e%2e",
            "a/b",
            "a?b",
            "ä",
            "a b",
            &"x".repeat(65),
        ] {
            assert!(!is_id(bad), "{bad:?}");
        }
    }

    #[test]
    fn customer_ids() {
        assert_eq!(CustomerId::parse(" 1484013 ").unwrap().as_str(), "1484013");
        for bad in ["", "14a", "-1", "1.0", "１２", "..", "123456789012345678901"] {
            assert!(CustomerId::parse(bad).is_err(), "{bad:?}");
        }
    }
}
