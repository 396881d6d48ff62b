//! Typed client of the `PlanRadar` API that never trips the account's rate limit.

mod ids;
pub mod routes;
mod server;

pub use ids::{CustomerId, CustomerIdError, is_id};
pub use server::{ServerUrl, ServerUrlError};
