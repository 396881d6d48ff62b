//! Gatehouse's use cases, and the few ports they need. No Tauri here.

pub mod accounts;
mod error;
pub mod limit;
pub mod notices;
pub mod operations;
pub mod ports;
pub mod routes;
pub mod settings;
pub mod tokens;

pub use error::{AppError, Code, Details, FieldError, Result};
