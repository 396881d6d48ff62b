//! From the keyring crates' errors to core's. Texts name causes, never values.

use gatehouse_core::ports::SecretStoreError;
use keyring::Error;
use secrecy::zeroize::Zeroize;

use crate::platform;

/// Some of the crates' errors carry the stored bytes, so none of them is ever printed as it is.
pub(crate) fn translate(error: Error) -> SecretStoreError {
    match error {
        Error::NoEntry => SecretStoreError::Missing,
        Error::PlatformFailure(source) => platform::classify(source.as_ref()),
        // The platform's own classification knows more than the crates' split into two.
        Error::NoStorageAccess(source) => match platform::classify(source.as_ref()) {
            SecretStoreError::Failed(text) => SecretStoreError::Refused(text),
            known => known,
        },
        Error::BadEncoding(mut bytes) | Error::BadDataFormat(mut bytes, _) => {
            bytes.zeroize();
            SecretStoreError::Failed("the stored value has an unknown format".into())
        }
        Error::BadStoreFormat(_) => SecretStoreError::Failed("the keychain's data is malformed".into()),
        // Values are measured before: this is about a name, and ours are short.
        Error::TooLong(what, max) => {
            SecretStoreError::Failed(format!("{what} is longer than {max} characters"))
        }
        Error::Ambiguous(doubles) => SecretStoreError::Failed(format!(
            "the keychain holds {} entries of this name: delete all but one in your keychain program",
            doubles.len()
        )),
        Error::NotSupportedByStore(_) => SecretStoreError::Failed("the keychain can't do this".into()),
        _ => SecretStoreError::Failed("the keychain did not take the request".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CANARY: &str = "c0ffee-canary";

    #[test]
    fn no_text_holds_what_was_stored() {
        let bytes = || CANARY.as_bytes().to_vec();
        let cause = || Box::new(std::io::Error::other("cause"));
        for error in [
            Error::BadEncoding(bytes()),
            Error::BadDataFormat(bytes(), cause()),
            Error::BadStoreFormat(CANARY.into()),
            Error::NotSupportedByStore(CANARY.into()),
            Error::Invalid("secret".into(), CANARY.into()),
        ] {
            let translated = translate(error);
            let (text, debug) = (translated.to_string(), format!("{translated:?}"));
            assert!(!text.contains(CANARY) && !debug.contains("c0ffee"), "{debug}");
            assert!(matches!(translated, SecretStoreError::Failed(_)));
        }
    }

    #[test]
    fn a_missing_entry_and_an_inaccessible_keychain_differ() {
        assert_eq!(translate(Error::NoEntry), SecretStoreError::Missing);
        let closed = Error::NoStorageAccess(Box::new(std::io::Error::other("closed")));
        assert!(matches!(translate(closed), SecretStoreError::Refused(_)));
    }
}
