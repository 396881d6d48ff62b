//! The doors of the window. Each command calls one use case; what it may do is granted by name.

pub mod accounts;
pub mod limit;
pub mod operations;
pub mod routes;
pub mod settings;
pub mod tokens;

use gatehouse_core::Gatehouse;
use secrecy::SecretString;
use serde::Deserialize;
use specta::Type;
use std::sync::Arc;

/// The use cases, as Tauri's managed state.
pub type App<'a> = tauri::State<'a, Arc<Gatehouse>>;

/// A secret on its way from the window into Rust. It never goes back.
#[derive(Deserialize, Type)]
#[serde(transparent)]
pub struct SecretInput(#[specta(type = String)] SecretString);

impl From<SecretInput> for SecretString {
    fn from(input: SecretInput) -> Self {
        input.0
    }
}
