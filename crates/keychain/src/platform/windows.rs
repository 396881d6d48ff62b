//! Windows: the Credential Manager.

use std::collections::HashMap;
use std::error::Error;
use std::sync::Arc;

use gatehouse_core::ports::{KeychainKind, SecretStoreError};
use keyring_core::CredentialStore;

pub(crate) const KIND: KeychainKind = KeychainKind::CredentialManager;

/// `CRED_MAX_CREDENTIAL_BLOB_SIZE`: five times 512 bytes, and we store UTF-8.
pub(crate) const MAX_BYTES: Option<usize> = Some(2560);

pub(crate) fn store() -> keyring::Result<Arc<CredentialStore>> {
    Ok(windows_native_keyring_store::Store::new()?)
}

/// Entries stay on this computer: the default would let a roaming profile carry them to others. There
/// is no label; the target name is shown.
pub(crate) fn modifiers(_label: &str) -> HashMap<&str, &str> {
    HashMap::from([("persistence", "Local")])
}

/// It is there, and unlocked, whenever the person is signed in.
#[allow(clippy::unnecessary_wraps, reason = "elsewhere it can fail")]
pub(crate) fn ready() -> Result<bool, SecretStoreError> {
    Ok(false)
}

/// The store's error type is private; its text is the name or number of the system's error.
pub(crate) fn classify(error: &(dyn Error + 'static)) -> SecretStoreError {
    let text = error.to_string();
    match text.as_str() {
        "Windows ERROR_NO_SUCH_LOGON_SESSION" => SecretStoreError::NoService(text),
        // ERROR_ACCESS_DENIED, ERROR_ACCESS_DISABLED_BY_POLICY.
        "Windows error code 5" | "Windows error code 1260" => SecretStoreError::Refused(text),
        _ => SecretStoreError::Failed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn system_errors_are_told_apart() {
        let of = |text: &str| classify(&std::io::Error::other(text.to_owned()));
        assert!(matches!(of("Windows ERROR_NO_SUCH_LOGON_SESSION"), SecretStoreError::NoService(_)));
        assert!(matches!(of("Windows error code 5"), SecretStoreError::Refused(_)));
        assert!(matches!(of("Windows error code 50"), SecretStoreError::Failed(_)));
    }
}
