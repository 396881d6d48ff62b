//! The account's users. Documented by PlanRadar but for the attributes that are marked as assumed.

use axum::http::StatusCode;
use rusqlite::Connection;
use serde_json::{Map, Value, json};

use crate::answer::{Answer, Refusal, Resource};
use crate::paging::Listing;
use crate::people::{self, PERMISSIONS, User};
use crate::routes::Ask;

mod write;

pub(crate) use write::{Newcomer, activate, add, create, update};

const LISTING: Listing = Listing {
    sortable: &[
        "id",
        "firstname",
        "lastname",
        "mail",
        "active",
        "company",
        "position",
        "city",
        "user-type",
        "created-on",
        "last-login-on",
    ],
    searched: &["firstname", "lastname", "mail", "company"],
    default_sort: "id",
};

/// Everybody who can use the API sees the users (assumed).
pub(crate) fn list(db: &Connection, ask: &Ask<'_>) -> Result<Answer, Refusal> {
    let since = match ask.query.get("last_sync_date") {
        None => i64::MIN,
        Some(seconds) => {
            seconds.parse::<i64>().map(|seconds| seconds.saturating_mul(1000)).map_err(|_| {
                Refusal::BadRequest {
                    parameter: Some("last_sync_date"),
                    detail: "last_sync_date must be a Unix timestamp in seconds.".into(),
                }
            })?
        }
    };
    let rows = people::all(db)?
        .iter()
        .filter(|user| user.created_on > since)
        .map(|user| resource(user, ask.documented_only))
        .collect();
    LISTING.page(rows, ask.query)
}

pub(crate) fn get(db: &Connection, ask: &Ask<'_>) -> Result<Answer, Refusal> {
    let user = find(db, ask.id(0))?;
    Ok(Answer::One(StatusCode::OK, resource(&user, ask.documented_only)))
}

pub(crate) fn find(db: &Connection, id: &str) -> Result<User, Refusal> {
    people::find(db, id)?.ok_or(Refusal::NotFound("There is no user with this id."))
}

/// Refuses callers who do not have the permission 'Users'.
pub(crate) fn may_manage(ask: &Ask<'_>) -> Result<(), Refusal> {
    if ask.caller.may("users") {
        return Ok(());
    }
    Err(Refusal::Forbidden { code: "permission_users", detail: "This needs the user permission 'Users'." })
}

/// A user on the wire. A server with the documented routes only tells no type and no last login.
pub(crate) fn resource(user: &User, documented_only: bool) -> Resource {
    let mut attributes = Map::new();
    attributes.insert("firstname".into(), json!(user.firstname));
    attributes.insert("lastname".into(), json!(user.lastname));
    attributes.insert("mail".into(), json!(user.mail));
    attributes.insert("active".into(), json!(user.active));
    for (key, value) in &user.details {
        attributes.insert(key.replace('_', "-"), value.clone());
    }
    attributes.extend(user.unknown.clone());
    let mut permissions: Map<String, Value> =
        PERMISSIONS.iter().map(|key| ((*key).to_owned(), json!(user.may(key)))).collect();
    permissions.extend(user.unknown_permissions.clone());
    attributes.insert("permissions".into(), Value::Object(permissions));
    attributes.insert("created-on".into(), people::time(user.created_on));
    if !documented_only {
        attributes.insert("user-type".into(), json!(user.kind.name()));
        attributes.insert("last-login-on".into(), user.last_login_on.map_or(Value::Null, people::time));
    }
    Resource { id: user.wire_id(), kind: "users", attributes }
}
