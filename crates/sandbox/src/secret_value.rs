//! Values of personal access tokens: made here, kept only as a hash, compared in constant time.

use secrecy::SecretString;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// As long as PlanRadar's own tokens, prefix included.
const LENGTH: usize = 180;

/// The longest prefix: at least 512 random bits must be left.
pub(crate) const LONGEST_PREFIX: usize = LENGTH - 128;

/// A new value: the prefix and lower-case hex from the operating system's random source.
pub(crate) fn create(prefix: &str) -> Result<SecretString, getrandom::Error> {
    let mut random = [0_u8; LENGTH / 2];
    getrandom::fill(&mut random)?;
    let mut value = String::with_capacity(prefix.len() + LENGTH);
    value.push_str(prefix);
    value.push_str(&hex::encode(random));
    value.truncate(LENGTH);
    Ok(SecretString::from(value))
}

/// What is kept of a value. A plain hash is enough: the value is random and too long to be guessed.
pub(crate) fn hash(value: &[u8]) -> [u8; 32] {
    Sha256::digest(value).into()
}

/// Whether two hashes are equal, in a time that does not tell where they differ.
pub(crate) fn equal(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    #[test]
    #[allow(clippy::unwrap_used, reason = "a test")]
    fn values_have_planradars_length_with_and_without_a_prefix() {
        for prefix in ["", "demo-"] {
            let value = create(prefix).unwrap();
            // The test looks at the value's shape.
            let value = value.expose_secret();
            let random = value.strip_prefix(prefix).unwrap();
            assert_eq!(value.len(), LENGTH);
            assert!(random.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')), "{random}");
        }
    }

    #[test]
    fn a_hash_is_equal_to_itself_only() {
        assert!(equal(&hash(b"a"), &hash(b"a")));
        assert!(!equal(&hash(b"a"), &hash(b"b")));
    }
}
