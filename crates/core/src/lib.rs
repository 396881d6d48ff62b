//! Gatehouse's use cases, and the few ports they need. No Tauri here.

pub mod accounts;
mod api_error;
mod app;
pub mod audit;
mod capabilities;
pub mod connect;
mod copying;
mod error;
pub mod export;
mod held;
pub mod jobs;
pub mod limit;
pub mod notices;
pub mod operations;
mod outside;
pub mod overview;
pub mod places;
pub mod ports;
pub mod routes;
mod secret_input;
mod secret_notes;
pub mod secrets;
mod session;
pub mod settings;
mod sync;
pub mod tokens;
pub mod twins;
pub mod users;
pub mod webhooks;

pub use app::{Gatehouse, Parts, Start, store_error};
pub use capabilities::AreaState;
pub use error::{AppError, Code, Details, FieldError, Result};
pub use secret_input::SecretInput;

/// Something that happened to gatehouse.db at start.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, specta::Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum StoreNotice {
    /// The file was damaged: it was put aside and a new one begun.
    DamagedKeptAside {
        /// Where the damaged file is now.
        path: String,
    },
}
