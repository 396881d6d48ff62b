//! Hidden header values and Basic passwords at rest: encrypted with a key of this sandbox's own.

use std::fs;
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::Path;

use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{Key, KeyInit as _, XChaCha20Poly1305, XNonce};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret as _, SecretString};

use crate::answer::Refusal;
use crate::error::Error;

const KEY_FILE: &str = "sandbox.key";
const KEY_LENGTH: usize = 32;
const NONCE_LENGTH: usize = 24;

/// Seals and opens. It has no Debug: the key is in it.
pub(crate) struct Vault(XChaCha20Poly1305);

/// Why a value could not be sealed or opened.
#[derive(Debug, thiserror::Error)]
pub(crate) enum VaultError {
    #[error("the system gives no random bytes: {0}")]
    Random(#[from] getrandom::Error),
    #[error("a hidden value could not be encrypted")]
    Seal,
    #[error("a stored hidden value can't be read: it was changed, or another key wrote it")]
    Open,
}

impl Vault {
    /// With the key of the data folder, or without a folder with one that ends with the process. `may_make` says
    /// whether a key that is not there may be made: a state that holds sealed values has lost them without theirs.
    pub(crate) fn open(dir: Option<&Path>, may_make: bool) -> Result<Self, Error> {
        let Some(dir) = dir else {
            return Ok(Self::of(&*random_key()?));
        };
        let file = dir.join(KEY_FILE);
        let failed = |source| Error::DataDir { dir: dir.to_owned(), source };
        match read_key(&file) {
            Ok(Some(key)) => Ok(Self::of(&key)),
            Ok(None) => Err(Error::Key { dir: dir.to_owned() }),
            Err(error) if error.kind() == ErrorKind::NotFound && may_make => {
                let key = random_key()?;
                write_key(&file, &*key).map_err(failed)?;
                Ok(Self::of(&key))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Err(Error::Key { dir: dir.to_owned() }),
            Err(error) => Err(failed(error)),
        }
    }

    fn of(key: &[u8; KEY_LENGTH]) -> Self {
        Self(XChaCha20Poly1305::new(Key::from_slice(key)))
    }

    /// Seals a value for one place; in another place it does not open. Hex, with the nonce first.
    pub(crate) fn seal(&self, place: &str, value: &SecretString) -> Result<String, VaultError> {
        let mut nonce = [0_u8; NONCE_LENGTH];
        getrandom::fill(&mut nonce)?;
        // To encrypt it.
        let payload = Payload { msg: value.expose_secret().as_bytes(), aad: place.as_bytes() };
        let sealed = self.0.encrypt(XNonce::from_slice(&nonce), payload).map_err(|_| VaultError::Seal)?;
        Ok(hex::encode(nonce) + &hex::encode(sealed))
    }

    /// Opens what [`Self::seal`] sealed for this place.
    pub(crate) fn unseal(&self, place: &str, sealed: &str) -> Result<SecretString, VaultError> {
        let sealed = hex::decode(sealed).map_err(|_| VaultError::Open)?;
        let (nonce, sealed) = sealed.split_at_checked(NONCE_LENGTH).ok_or(VaultError::Open)?;
        let payload = Payload { msg: sealed, aad: place.as_bytes() };
        let value = self.0.decrypt(XNonce::from_slice(nonce), payload).map_err(|_| VaultError::Open)?;
        String::from_utf8(value).map(SecretString::from).map_err(|_| VaultError::Open)
    }
}

impl From<VaultError> for Refusal {
    fn from(error: VaultError) -> Self {
        Self::Broken(error.to_string())
    }
}

impl From<VaultError> for Error {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::Random(error) => error.into(),
            VaultError::Seal | VaultError::Open => Self::Sealed,
        }
    }
}

fn random_key() -> Result<Zeroizing<[u8; KEY_LENGTH]>, getrandom::Error> {
    let mut key = Zeroizing::new([0_u8; KEY_LENGTH]);
    getrandom::fill(&mut *key)?;
    Ok(key)
}

/// `None`: what is there is no key.
fn read_key(file: &Path) -> std::io::Result<Option<Zeroizing<[u8; KEY_LENGTH]>>> {
    let file = fs::File::open(file)?;
    if file.metadata()?.len() != KEY_LENGTH as u64 {
        return Ok(None);
    }
    let mut key = Zeroizing::new([0_u8; KEY_LENGTH]);
    (&file).read_exact(&mut *key)?;
    Ok(Some(key))
}

fn write_key(file: &Path, key: &[u8]) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    // Elsewhere a person's folders are private to the person already.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(file)?;
    file.write_all(key)?;
    // Before the first value is sealed with it.
    file.sync_all()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_value_opens_in_its_own_place_with_its_own_key_only() {
        let vault = Vault::open(None, true).unwrap();
        let sealed = vault.seal("a/x", &"s3cr3t".into()).unwrap();
        // The test compares it.
        assert_eq!(vault.unseal("a/x", &sealed).unwrap().expose_secret(), "s3cr3t");
        assert!(!sealed.contains(&hex::encode("s3cr3t")));
        assert_ne!(sealed, vault.seal("a/x", &"s3cr3t".into()).unwrap(), "each time another nonce");
        let mut changed = sealed.clone();
        let last = if changed.pop() == Some('0') { '1' } else { '0' };
        changed.push(last);
        for (place, sealed) in [("a/y", sealed.as_str()), ("a/x", &changed), ("a/x", ""), ("a/x", "zz")] {
            assert!(matches!(vault.unseal(place, sealed), Err(VaultError::Open)), "{place}");
        }
        assert!(Vault::open(None, true).unwrap().unseal("a/x", &sealed).is_err(), "another key");
    }

    #[test]
    fn a_key_that_is_lost_or_damaged_is_not_silently_replaced() {
        let dir = tempfile::tempdir().unwrap();
        assert!(matches!(Vault::open(Some(dir.path()), false), Err(Error::Key { .. })));
        let sealed = Vault::open(Some(dir.path()), true).unwrap().seal("p", &"v".into()).unwrap();
        assert!(Vault::open(Some(dir.path()), false).unwrap().unseal("p", &sealed).is_ok(), "the same key");
        std::fs::write(dir.path().join(KEY_FILE), "short").unwrap();
        assert!(matches!(Vault::open(Some(dir.path()), true), Err(Error::Key { .. })));
    }
}
