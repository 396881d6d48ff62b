//! The doors of the window. Each command calls one use case; what it may do is granted by name.

pub mod accounts;
pub mod audit;
pub mod connect;
pub mod limit;
pub mod operations;
pub mod overview;
pub mod routes;
pub mod settings;
pub mod tokens;
pub mod users;
pub mod webhooks;
pub mod webhooks_code;

use gatehouse_core::Gatehouse;
use std::sync::Arc;

/// The use cases, as Tauri's managed state.
pub type App<'a> = tauri::State<'a, Arc<Gatehouse>>;

pub use gatehouse_core::SecretInput;
