//! The caller's own personal access tokens. Routes assumed (no public documentation); the rules are PlanRadar's.

use axum::http::StatusCode;
use rusqlite::Connection;
use secrecy::ExposeSecret as _;
use serde_json::json;

use crate::answer::{Answer, Refusal};
use crate::keys;
use crate::routes::Ask;

const LONGEST_NAME: usize = 100;

pub(crate) fn list(db: &Connection, ask: &Ask<'_>) -> Result<Answer, Refusal> {
    let rows = keys::of_user(db, ask.caller.id)?.iter().map(keys::Key::resource).collect();
    keys::LISTING.page(rows, ask.query)
}

pub(crate) fn create(db: &Connection, ask: &Ask<'_>) -> Result<Answer, Refusal> {
    let mut attributes = ask.attributes()?;
    let name = attributes.required_text("name", LONGEST_NAME).unwrap_or_default();
    attributes.finish()?;
    let (key, value) = keys::create(db, ask.caller.id, &name, ask.token_prefix, ask.now)?;
    let mut resource = key.resource();
    // The one answer that holds the value.
    resource.attributes.insert("token".into(), json!(value.expose_secret()));
    Ok(Answer::One(StatusCode::CREATED, resource))
}

pub(crate) fn delete(db: &Connection, ask: &Ask<'_>) -> Result<Answer, Refusal> {
    if keys::delete(db, ask.caller.id, ask.id(0))? {
        Ok(Answer::Empty)
    } else {
        Err(Refusal::NotFound("You have no access token with this id."))
    }
}
