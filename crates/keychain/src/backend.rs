//! What one worker does with the keychain.

use std::sync::Arc;

use gatehouse_core::ports::{SecretId, SecretStoreError};
use keyring::Error;
use keyring_core::CredentialStore;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};

use crate::error::translate;
use crate::name::{Name, SERVICE};
use crate::platform;

/// One connection to the keychain, made when it is needed. After any failure the next call makes a new
/// one, so a keychain that has come, or come back, is found.
#[derive(Default)]
pub(crate) struct Backend {
    store: Option<Arc<CredentialStore>>,
}

impl Backend {
    /// Asks without writing: is a keychain there, unlocked (a locked one may ask the person), and does
    /// it answer?
    pub(crate) fn probe(&mut self) -> Result<(), SecretStoreError> {
        platform::ready()?;
        match self.with_entry(&Name::probe(), |entry| entry.get_secret().map(Zeroizing::new)) {
            Ok(_) | Err(SecretStoreError::Missing) => Ok(()),
            Err(error) => Err(error),
        }
    }

    pub(crate) fn put(&mut self, id: &SecretId, value: &SecretString) -> Result<(), SecretStoreError> {
        // The keychain is where the value is meant to go, as UTF-8: Windows would store text as UTF-16,
        // and half as much of it.
        let bytes = value.expose_secret().as_bytes();
        check_size(bytes.len(), platform::MAX_BYTES)?;
        let name = Name::from(id);
        self.with_entry(&name, |entry| entry.set_secret(bytes))?;
        // A value that is shown only once may be thrown away after this: make sure that it is there.
        let read_back = self.with_entry(&name, |entry| entry.get_secret().map(Zeroizing::new))?;
        if read_back.as_slice() == bytes {
            Ok(())
        } else {
            Err(SecretStoreError::Failed("the value read back is not the one stored".into()))
        }
    }

    pub(crate) fn get(&mut self, id: &SecretId) -> Result<SecretString, SecretStoreError> {
        let name = Name::from(id);
        let read = |entry: &keyring::Entry| entry.get_secret().map(Zeroizing::new);
        let bytes = match self.with_entry(&name, read) {
            // A locked keychain, or none, may say "no such entry" of one that is safely kept.
            Err(SecretStoreError::Missing) if platform::ready()? => self.with_entry(&name, read)?,
            other => other?,
        };
        match std::str::from_utf8(&bytes) {
            Ok(text) => Ok(SecretString::from(text)),
            Err(_) => Err(SecretStoreError::Failed("the stored value is not text".into())),
        }
    }

    pub(crate) fn delete(&mut self, id: &SecretId) -> Result<(), SecretStoreError> {
        let name = Name::from(id);
        match self.with_entry(&name, delete_all) {
            Err(SecretStoreError::Missing) if platform::ready()? => self.with_entry(&name, delete_all),
            other => other,
        }
    }

    /// Runs `call` on the entry. When a connection from before turns out to be dead, once more on a new
    /// one: every call here may be repeated without harm.
    fn with_entry<T>(
        &mut self,
        name: &Name,
        call: impl Fn(&keyring::Entry) -> keyring::Result<T>,
    ) -> Result<T, SecretStoreError> {
        let from_before = self.store.is_some();
        let result = self.attempt(name, &call);
        let Err(error) = result else { return result };
        if error == SecretStoreError::Missing {
            return Err(error);
        }
        self.store = None;
        match error {
            SecretStoreError::NoService(_) | SecretStoreError::Failed(_) if from_before => {
                let again = self.attempt(name, &call);
                if again.as_ref().is_err_and(|error| *error != SecretStoreError::Missing) {
                    self.store = None;
                }
                again
            }
            error => Err(error),
        }
    }

    fn attempt<T>(
        &mut self,
        name: &Name,
        call: impl Fn(&keyring::Entry) -> keyring::Result<T>,
    ) -> Result<T, SecretStoreError> {
        let store = match &self.store {
            Some(store) => store,
            None => self.store.insert(platform::store().map_err(translate)?),
        };
        let inner =
            store.build(SERVICE, &name.user, Some(&platform::modifiers(&name.label))).map_err(translate)?;
        call(&keyring::Entry { inner }).map_err(translate)
    }
}

/// Deletes the entry, and its doubles if another program made some: a removed secret must be gone.
fn delete_all(entry: &keyring::Entry) -> keyring::Result<()> {
    match entry.delete_credential() {
        Err(Error::Ambiguous(doubles)) => doubles.iter().try_for_each(keyring_core::Entry::delete_credential),
        other => other,
    }
}

fn check_size(size: usize, max: Option<usize>) -> Result<(), SecretStoreError> {
    match max {
        Some(max) if size > max => Err(SecretStoreError::TooLarge { size, max }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
