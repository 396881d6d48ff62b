//! Who the token acts as. Assumed (no public documentation).

use axum::http::StatusCode;
use rusqlite::Connection;

use super::users;
use crate::answer::{Answer, Refusal};
use crate::routes::Ask;

#[allow(clippy::unnecessary_wraps, reason = "all routes have one shape")]
pub(crate) fn get(_: &Connection, ask: &Ask<'_>) -> Result<Answer, Refusal> {
    Ok(Answer::One(StatusCode::OK, users::resource(ask.caller, ask.documented_only)))
}
