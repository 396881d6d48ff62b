//! macOS: the login keychain.

use std::collections::HashMap;
use std::error::Error;
use std::sync::Arc;

use gatehouse_core::ports::{KeychainKind, SecretStoreError};
use keyring_core::CredentialStore;

pub(crate) const KIND: KeychainKind = KeychainKind::AppleKeychain;

/// No limit that a token could reach.
pub(crate) const MAX_BYTES: Option<usize> = None;

pub(crate) fn store() -> keyring::Result<Arc<CredentialStore>> {
    Ok(apple_native_keyring_store::keychain::Store::new()?)
}

/// There is no label; service and account name are shown.
pub(crate) fn modifiers(_label: &str) -> HashMap<&str, &str> {
    HashMap::new()
}

/// A locked keychain asks by itself, and does not claim that an entry is missing.
#[allow(clippy::unnecessary_wraps, reason = "elsewhere it can fail")]
pub(crate) fn ready() -> Result<bool, SecretStoreError> {
    Ok(false)
}

pub(crate) fn classify(error: &(dyn Error + 'static)) -> SecretStoreError {
    match error.downcast_ref::<security_framework::base::Error>() {
        Some(error) => by_code(error.code()),
        None => SecretStoreError::Failed("an unexpected answer".into()),
    }
}

/// The numbers are Apple's `errSec…` codes.
fn by_code(code: i32) -> SecretStoreError {
    let text = format!("macOS error {code}");
    match code {
        // NotAvailable, NoSuchKeychain, InvalidKeychain, NoDefaultKeychain.
        -25291 | -25294 | -25295 | -25307 => SecretStoreError::NoService(text),
        // InteractionNotAllowed, InteractionRequired: locked, and no way to ask.
        -25308 | -25315 => SecretStoreError::Locked(text),
        // UserCanceled, AuthFailed, WrPerm, InvalidOwnerEdit, ReadOnly, NoAccessForItem, MissingEntitlement.
        -128 | -25293 | -61 | -25244 | -25292 | -25243 | -34018 => SecretStoreError::Refused(text),
        _ => SecretStoreError::Failed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn system_errors_are_told_apart() {
        assert!(matches!(by_code(-25307), SecretStoreError::NoService(_)));
        assert!(matches!(by_code(-25308), SecretStoreError::Locked(_)));
        assert!(matches!(by_code(-128), SecretStoreError::Refused(_)));
        assert!(matches!(by_code(-1), SecretStoreError::Failed(_)));
    }
}
