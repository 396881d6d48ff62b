//! Reads a webhook. What it can't read whole it refuses: an update replaces all, so what was overlooked would be lost.

use super::types::{Authentication, Header, Webhook};
use super::unknown::{Unknown, UnknownAuthentication};
use crate::error::Result;
use crate::json::{Document, RawMap, Resource, get, id};
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;

/// The attributes this program knows, dashed.
const KNOWN: [&str; 9] = [
    "description",
    "active",
    "target-url",
    "project-ids",
    "events",
    "authentication",
    "headers",
    "created-on",
    "updated-on",
];
/// Keys of a header.
const KNOWN_OF_HEADER: [&str; 3] = ["name", "hidden", "value"];
/// Keys of the authentication. A password is known, and never kept.
const KNOWN_OF_AUTHENTICATION: [&str; 3] = ["type", "username", "password"];

pub(super) fn webhook(document: &Document<'_>, resource: &Resource) -> Result<Webhook> {
    let lacks = |what| document.shape(what);
    let raw = &resource.raw;
    let (headers, headers_unknown) = headers(raw).ok_or_else(|| lacks("the webhook's headers"))?;
    let (authentication, authentication_unknown) = authentication(get(raw, "authentication"));
    Ok(Webhook {
        id: resource.id.clone(),
        description: optional(raw, "description")
            .map_err(|_| lacks("the webhook's description"))?
            .unwrap_or_default(),
        active: required(raw, "active").ok_or_else(|| lacks("whether the webhook is active"))?,
        target_url: required(raw, "target-url").ok_or_else(|| lacks("the webhook's target URL"))?,
        project_ids: match projects(raw) {
            Some(Projects::All) => None,
            Some(Projects::Some(ids)) => Some(ids),
            None => return Err(lacks("the webhook's projects")),
        },
        events: required(raw, "events").ok_or_else(|| lacks("the webhook's events"))?,
        authentication,
        headers,
        created_on: resource.time("created-on"),
        updated_on: resource.moment("updated-on"),
        unknown: Unknown {
            attributes: others(raw, &KNOWN),
            authentication: authentication_unknown,
            headers: headers_unknown,
        },
    })
}

fn required<T: DeserializeOwned>(map: &RawMap, dashed: &str) -> Option<T> {
    serde_json::from_str(get(map, dashed)?.get()).ok()
}

/// `None`: null or not there.
fn optional<T: DeserializeOwned>(map: &RawMap, dashed: &str) -> serde_json::Result<Option<T>> {
    get(map, dashed).map_or(Ok(None), |raw| serde_json::from_str(raw.get()))
}

/// Which projects, said in a way that is understood.
enum Projects {
    All,
    Some(Vec<String>),
}

fn projects(map: &RawMap) -> Option<Projects> {
    let list: Option<Vec<Value>> = required(map, "project-ids")?;
    let Some(list) = list else {
        return Some(Projects::All);
    };
    list.iter().map(|value| id(Some(value))).collect::<Option<_>>().map(Projects::Some)
}

fn others(map: &RawMap, known: &[&str]) -> RawMap {
    let is_known = |key: &str| known.contains(&key.replace('_', "-").as_str());
    map.iter().filter(|(key, _)| !is_known(key)).map(|(key, raw)| (key.clone(), raw.clone())).collect()
}

fn authentication(raw: Option<&RawValue>) -> (Authentication, UnknownAuthentication) {
    let Some(raw) = raw else {
        return (Authentication::Other, UnknownAuthentication::Nothing);
    };
    let whole = || (Authentication::Other, UnknownAuthentication::Whole(raw.to_owned()));
    let Ok(map) = serde_json::from_str::<Option<RawMap>>(raw.get()) else {
        return whole();
    };
    let Some(map) = map else {
        return (Authentication::None, UnknownAuthentication::Nothing);
    };
    let unknown = others(&map, &KNOWN_OF_AUTHENTICATION);
    match required::<String>(&map, "type").as_deref() {
        Some("none") if unknown.is_empty() => (Authentication::None, UnknownAuthentication::Nothing),
        Some("none") => (Authentication::None, UnknownAuthentication::OfNone(unknown)),
        Some("basic") => match required(&map, "username") {
            Some(username) if unknown.is_empty() => {
                (Authentication::Basic { username }, UnknownAuthentication::Nothing)
            }
            Some(username) => (Authentication::Basic { username }, UnknownAuthentication::OfBasic(unknown)),
            None => whole(),
        },
        _ => whole(),
    }
}

type Headers = (Vec<Header>, Vec<(String, RawMap)>);

fn headers(map: &RawMap) -> Option<Headers> {
    // Null is none. Not there at all: then an empty list, sent back, might be news to the server.
    let rows: Option<Vec<RawMap>> = serde_json::from_str(get(map, "headers")?.get()).ok()?;
    let (mut headers, mut unknown) = Headers::default();
    for row in rows.unwrap_or_default() {
        let name: String = required(&row, "name")?;
        let value: Option<String> = optional(&row, "value").ok()?;
        // Where it isn't said, a value that is not told is a hidden one: that way it is kept.
        let hidden = optional(&row, "hidden").ok()?.unwrap_or(value.is_none());
        let keys = others(&row, &KNOWN_OF_HEADER);
        if !keys.is_empty() {
            unknown.push((name.clone(), keys));
        }
        // A server that told a hidden value would break its promise; it goes no further.
        headers.push(Header { name, hidden, value: value.filter(|_| !hidden) });
    }
    Some((headers, unknown))
}

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
