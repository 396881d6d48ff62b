//! Linux and other Unix: whichever program provides the Secret Service on the session bus.

use std::collections::HashMap;
use std::error::Error as StdError;
use std::io::ErrorKind;
use std::sync::Arc;

use gatehouse_core::ports::{KeychainKind, SecretStoreError};
use keyring_core::CredentialStore;
use secret_service::blocking::SecretService;
use secret_service::{EncryptionType, Error};
use zbus::DBusError;

pub(crate) const KIND: KeychainKind = KeychainKind::SecretService;

/// Only the bus limits a message, far above any token.
pub(crate) const MAX_BYTES: Option<usize> = None;

/// The name that a provider owns on the bus.
const PROVIDER: &str = "org.freedesktop.secrets";

pub(crate) fn store() -> keyring::Result<Arc<CredentialStore>> {
    Ok(zbus_secret_service_keyring_store::Store::new()?)
}

pub(crate) fn modifiers(label: &str) -> HashMap<&str, &str> {
    HashMap::from([("label", label)])
}

/// Looks whether there is a default keyring, and asks for its password if it is locked.
pub(crate) fn ready() -> Result<bool, SecretStoreError> {
    look().map_err(|error| match error {
        Error::NoResult => SecretStoreError::NoService(
            "the keyring program is running, but has no default keyring: create one there".into(),
        ),
        error => classify(&error),
    })
}

fn look() -> Result<bool, Error> {
    // Plain: no value passes through this connection.
    let service = SecretService::connect(EncryptionType::Plain)?;
    let keyring = service.get_default_collection()?;
    if !keyring.is_locked()? {
        return Ok(false);
    }
    keyring.unlock()?;
    keyring.ensure_unlocked()?;
    Ok(true)
}

pub(crate) fn classify(error: &(dyn StdError + 'static)) -> SecretStoreError {
    match error.downcast_ref::<Error>() {
        Some(Error::Locked) => SecretStoreError::Locked("the keyring is locked".into()),
        Some(Error::Prompt) => {
            SecretStoreError::Locked("the password prompt was dismissed, or could not be shown".into())
        }
        Some(Error::NoResult) => SecretStoreError::NoService("there is no default keyring".into()),
        Some(Error::Unavailable) => SecretStoreError::NoService("there is no session bus".into()),
        Some(Error::Zbus(error)) => on_bus(error),
        Some(Error::ZbusFdo(error)) => by_name(error.name().as_str()),
        Some(Error::PromptDisconnected) => {
            SecretStoreError::Failed("the keyring went away during its password prompt".into())
        }
        Some(Error::Crypto(_)) => SecretStoreError::Failed("the encrypted session failed".into()),
        _ => SecretStoreError::Failed("an unexpected answer".into()),
    }
}

fn on_bus(error: &zbus::Error) -> SecretStoreError {
    match error {
        // Only the name: the description is the provider's, and could hold anything.
        zbus::Error::MethodError(name, ..) => by_name(name.as_str()),
        zbus::Error::FDO(error) => match error.as_ref() {
            zbus::fdo::Error::ZBus(inner) => on_bus(inner),
            other => by_name(other.name().as_str()),
        },
        zbus::Error::Address(_) => {
            SecretStoreError::NoService("the session bus has no usable address".into())
        }
        zbus::Error::Connection(error, _) if error.kind() == ErrorKind::PermissionDenied => {
            SecretStoreError::Refused("the session bus is closed to us".into())
        }
        zbus::Error::Connection(error, _) => {
            SecretStoreError::NoService(format!("there is no session bus: {}", error.kind()))
        }
        zbus::Error::Handshake(_) => SecretStoreError::Refused("the session bus does not know us".into()),
        zbus::Error::InputOutput(error) => {
            SecretStoreError::Failed(format!("the session bus broke off: {}", error.kind()))
        }
        _ => SecretStoreError::Failed("the session bus gave an unexpected answer".into()),
    }
}

/// What a D-Bus error means to us, by the end of its name.
fn by_name(name: &str) -> SecretStoreError {
    let end = name.rsplit('.').next().unwrap_or(name);
    let spawn_failed = name.contains(".Spawn.");
    match end {
        "ServiceUnknown" | "NameHasNoOwner" | "NoServer" => {
            SecretStoreError::NoService(format!("no program offers {PROVIDER} on the session bus"))
        }
        _ if spawn_failed => {
            SecretStoreError::NoService(format!("the program that offers {PROVIDER} could not be started"))
        }
        "AccessDenied" | "AuthFailed" | "NotSupported" => SecretStoreError::Refused(name.to_owned()),
        "IsLocked" => SecretStoreError::Locked("the keyring is locked".into()),
        _ => SecretStoreError::Failed(name.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bus_errors_are_told_apart_by_name() {
        let of = |name: &str| by_name(&format!("org.freedesktop.{name}"));
        assert!(matches!(of("DBus.Error.ServiceUnknown"), SecretStoreError::NoService(_)));
        assert!(matches!(of("DBus.Error.Spawn.ExecFailed"), SecretStoreError::NoService(_)));
        assert!(matches!(of("DBus.Error.AccessDenied"), SecretStoreError::Refused(_)));
        assert!(matches!(of("Secret.Error.IsLocked"), SecretStoreError::Locked(_)));
        assert!(matches!(of("Secret.Error.NoSession"), SecretStoreError::Failed(_)));
    }
}
