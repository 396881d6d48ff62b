//! The account's users. Documented by PlanRadar but for the attributes that are marked as assumed.

use axum::http::StatusCode;
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use serde_json::{Map, Value, json};

use crate::answer::{Answer, Refusal, Resource};
use crate::paging::Listing;
use crate::people::{self, PERMISSIONS, User};
use crate::routes::Ask;
use crate::user_ids;

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
    // Thousands of people are looked through by what was asked for alone; only those on the page are read whole.
    let mut page = LISTING.page(keys(db, since, ask)?, ask.query)?;
    if let Answer::Page { data, .. } = &mut page {
        for row in data {
            *row = resource(&find(db, &row.id)?, ask.documented_only);
        }
    }
    Ok(page)
}

/// Everybody with no more than the attributes that this request sorts by and searches in.
fn keys(db: &Connection, since: i64, ask: &Ask<'_>) -> rusqlite::Result<Vec<Resource>> {
    let is_searched = ask.query.get("search").is_some_and(|text| !text.is_empty());
    let sort = ask.query.get("sort").unwrap_or_default().trim_start_matches('-').replace('_', "-");
    let wanted: Vec<&str> = LISTING
        .sortable
        .iter()
        .copied()
        .filter(|name| *name != "id" && (*name == sort || is_searched && LISTING.searched.contains(name)))
        .collect();
    let columns = std::iter::once("id".to_owned()).chain(wanted.iter().map(|name| column(name)));
    let columns = columns.collect::<Vec<_>>().join(", ");
    let mut statement = db.prepare_cached(&format!("SELECT {columns} FROM users WHERE created_on > ?1"))?;
    let rows = statement.query_map([since], |row| {
        let mut attributes = Map::new();
        for (at, name) in wanted.iter().enumerate() {
            let value = match row.get_ref(at + 1)? {
                ValueRef::Integer(flag) if *name == "active" => json!(flag != 0),
                ValueRef::Integer(time) => people::time(time),
                ValueRef::Text(text) => json!(String::from_utf8_lossy(text)),
                _ => Value::Null,
            };
            attributes.insert((*name).to_owned(), value);
        }
        Ok(Resource { id: user_ids::to_wire(row.get("id")?), kind: "users", attributes })
    })?;
    rows.collect()
}

/// Where a sortable attribute is stored.
fn column(name: &str) -> String {
    match name {
        "company" | "position" | "city" => {
            // A state from before there were parts has them at the top.
            format!("coalesce(details ->> '$.known.{name}', details ->> '$.{name}')")
        }
        _ => name.replace('-', "_"),
    }
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
