#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::any::Any;
use std::collections::HashMap;

use keyring_core::api::{Credential, CredentialApi, CredentialStoreApi};
use keyring_core::{Entry, Result};

use super::*;

/// A keychain that says yes to everything and holds one value only.
struct Careless(&'static [u8]);

impl CredentialStoreApi for Careless {
    fn vendor(&self) -> String {
        "test".into()
    }

    fn id(&self) -> String {
        "careless".into()
    }

    fn build(&self, _: &str, _: &str, _: Option<&HashMap<&str, &str>>) -> Result<Entry> {
        Ok(Entry::new_with_credential(Arc::new(Self(self.0))))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl CredentialApi for Careless {
    fn set_secret(&self, _: &[u8]) -> Result<()> {
        Ok(())
    }

    fn get_secret(&self) -> Result<Vec<u8>> {
        Ok(self.0.to_vec())
    }

    fn delete_credential(&self) -> Result<()> {
        Ok(())
    }

    fn get_credential(&self) -> Result<Option<Arc<Credential>>> {
        Ok(None)
    }

    fn get_specifiers(&self) -> Option<(String, String)> {
        None
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn careless(holds: &'static [u8]) -> Backend {
    Backend { store: Some(Arc::new(Careless(holds))) }
}

fn id() -> SecretId {
    SecretId::SignIn { account: "a".into() }
}

#[test]
fn a_value_that_did_not_arrive_whole_is_not_called_kept() {
    let value = SecretString::from("c0ffee-canary");
    assert_eq!(careless(b"c0ffee-canary").put(&id(), &value), Ok(()));
    let error = careless(b"c0ffee").put(&id(), &value).unwrap_err();
    assert!(matches!(&error, SecretStoreError::Failed(text) if !text.contains("c0ffee")), "{error:?}");
}

#[test]
fn a_value_that_is_no_text_is_not_handed_on() {
    let error = careless(b"c0ffee-canary\xff").get(&id()).unwrap_err();
    assert_eq!(error, SecretStoreError::Failed("the stored value is not text".into()));
}

#[test]
fn the_largest_value_fits_and_one_byte_more_does_not() {
    assert_eq!(check_size(2560, Some(2560)), Ok(()));
    assert_eq!(check_size(2561, Some(2560)), Err(SecretStoreError::TooLarge { size: 2561, max: 2560 }));
    assert_eq!(check_size(100_000, None), Ok(()));
}
