//! A secret on its way in from the window. It never goes back.

use secrecy::SecretString;
use serde::Deserialize;
use specta::Type;

/// Reads a text straight into a [`SecretString`].
#[derive(Clone, Deserialize, Type)]
#[serde(transparent)]
pub struct SecretInput(#[specta(type = String)] SecretString);

impl From<SecretInput> for SecretString {
    fn from(input: SecretInput) -> Self {
        input.0
    }
}

impl SecretInput {
    /// The secret.
    #[must_use]
    pub fn secret(&self) -> &SecretString {
        &self.0
    }
}

impl From<SecretString> for SecretInput {
    fn from(secret: SecretString) -> Self {
        Self(secret)
    }
}
