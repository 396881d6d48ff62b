//! Reads a webhook from a body. PUT replaces all, so this is the same for create and update, but for what an update
//! may keep: hidden values, and events that are there already.

use std::collections::HashSet;

use rusqlite::Connection;
use secrecy::SecretString;
use serde_json::{Map, Value};
use url::Url;

use super::{Authentication, Basic, Header, HeaderValue, Webhook, catalogue, new_seal_id, rules};
use crate::answer::Refusal;
use crate::fields::{Attributes, others};
use crate::resources::projects;
use crate::vault::{Vault, VaultError};

const LONGEST_DESCRIPTION: usize = 200;
const MOST_HEADERS: usize = 50;

/// Attributes that are known; the last two are the server's own, and ignored.
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
const KNOWN_OF_HEADER: [&str; 3] = ["name", "hidden", "value"];
const KNOWN_OF_AUTHENTICATION: [&str; 3] = ["type", "username", "password"];

const NOTHING_TO_KEEP: &str = "is required: there is no stored value to keep";
const DESTINATION: &str = "must be sent again: scheme, host or port of target-url change, and a stored value does \
                           not follow to a new destination";

/// What becomes of a secret.
enum Secret {
    /// The stored one stays, sealed as it is.
    Keep(String),
    New(SecretString),
}

/// The webhook that a body asks for: 422 with everything that is wrong. Nothing is stored yet.
pub(crate) fn read(
    db: &Connection,
    vault: &Vault,
    mut attributes: Attributes,
    stored: Option<&Webhook>,
    now: i64,
) -> Result<Webhook, Refusal> {
    let description = attributes.required_text("description", LONGEST_DESCRIPTION).unwrap_or_default();
    let active = attributes.flag("active").unwrap_or(true);
    let (target_url, moves) = target(&mut attributes, stored);
    let project_ids = project_ids(db, &mut attributes)?;
    let events = events(db, &mut attributes, stored)?;
    let stored_here = Stored { webhook: stored, moves };
    let (basic, authentication_other) = authentication(&mut attributes, &stored_here);
    let headers = headers(&mut attributes, &stored_here, basic.is_some());
    let other = attributes.others(&KNOWN);
    attributes.finish()?;

    let mut webhook = Webhook {
        id: stored.map_or(0, |stored| stored.id),
        seal_id: stored.map_or_else(new_seal_id, |stored| stored.seal_id.clone()),
        description,
        active,
        target_url,
        project_ids,
        events,
        authentication: Authentication { basic: None, other: authentication_other },
        headers: Vec::new(),
        other,
        created_on: stored.map_or(now, |stored| stored.created_on),
        updated_on: now,
    };
    if let Some((username, password)) = basic {
        let password = match password {
            Secret::Keep(sealed) => sealed,
            Secret::New(value) => webhook.seal_password(vault, &value)?,
        };
        webhook.authentication.basic = Some(Basic { username, password });
    }
    webhook.headers = headers
        .into_iter()
        .map(|(name, value, other)| {
            let value = match value {
                Given::Visible(value) => HeaderValue::Visible(value),
                Given::Hidden(Secret::Keep(sealed)) => HeaderValue::Hidden(sealed),
                Given::Hidden(Secret::New(value)) => {
                    HeaderValue::Hidden(webhook.seal_header(vault, &name, &value)?)
                }
            };
            Ok(Header { name, value, other })
        })
        .collect::<Result<_, VaultError>>()?;
    Ok(webhook)
}

/// What there is to keep.
struct Stored<'a> {
    webhook: Option<&'a Webhook>,
    /// Whether the destination changes.
    moves: bool,
}

impl Stored<'_> {
    fn header(&self, name: &str) -> Option<&HeaderValue> {
        let headers = self.webhook.map(|webhook| webhook.headers.as_slice()).unwrap_or_default();
        headers.iter().find(|header| header.name.eq_ignore_ascii_case(name)).map(|header| &header.value)
    }

    fn password(&self) -> Option<&String> {
        self.webhook?.authentication.basic.as_ref().map(|basic| &basic.password)
    }

    /// A secret that was sent without a value.
    fn keep(&self, stored: Option<Secret>) -> Result<Secret, &'static str> {
        match stored {
            None => Err(NOTHING_TO_KEEP),
            Some(_) if self.moves => Err(DESTINATION),
            Some(secret) => Ok(secret),
        }
    }
}

/// The target, and whether it is another destination than the stored one.
fn target(attributes: &mut Attributes, stored: Option<&Webhook>) -> (String, bool) {
    let Some(text) = attributes.required_text("target-url", usize::MAX) else {
        return (String::new(), false);
    };
    match rules::target(&text) {
        Ok(url) => {
            let old = stored.and_then(|stored| Url::parse(&stored.target_url).ok());
            let moves = stored.is_some() && !old.is_some_and(|old| rules::same_destination(&old, &url));
            (text, moves)
        }
        Err(wrong) => {
            attributes.wrong("target-url", wrong);
            (text, false)
        }
    }
}

/// Left out is the same as null: all projects.
fn project_ids(db: &Connection, attributes: &mut Attributes) -> rusqlite::Result<Option<Vec<String>>> {
    if attributes.get("project-ids").is_none_or(Value::is_null) {
        return Ok(None);
    }
    let Some(ids) = names(attributes, "project-ids", "must be null for all projects, or an array of ids")
    else {
        return Ok(None);
    };
    for (index, id) in &ids {
        if !projects::exists(db, id)? {
            attributes.wrong(&format!("project-ids/{index}"), "there is no project with this id");
        }
    }
    Ok(Some(ids.into_iter().map(|(_, id)| id).collect()))
}

fn events(
    db: &Connection,
    attributes: &mut Attributes,
    stored: Option<&Webhook>,
) -> rusqlite::Result<Vec<String>> {
    if attributes.get("events").is_none() {
        attributes.wrong("events", "is required");
        return Ok(Vec::new());
    }
    let Some(events) = names(attributes, "events", "must be an array of names") else {
        return Ok(Vec::new());
    };
    for (index, name) in &events {
        let kept = stored.is_some_and(|stored| stored.events.contains(name));
        if !kept && !catalogue::knows(db, name)? {
            attributes.wrong(&format!("events/{index}"), "there is no event of this name");
        }
    }
    Ok(events.into_iter().map(|(_, name)| name).collect())
}

/// An array of one or more texts, each only once: those that are right, with their positions.
fn names(attributes: &mut Attributes, name: &str, shape: &str) -> Option<Vec<(usize, String)>> {
    let Some(Value::Array(values)) = attributes.get(name).cloned() else {
        attributes.wrong(name, shape);
        return None;
    };
    if values.is_empty() {
        attributes.wrong(name, "must not be empty");
    }
    let mut seen = HashSet::new();
    let mut names = Vec::new();
    for (index, value) in values.into_iter().enumerate() {
        let place = format!("{name}/{index}");
        match value {
            Value::String(text) if seen.insert(text.clone()) => names.push((index, text)),
            Value::String(_) => attributes.wrong(&place, "is there twice"),
            _ => attributes.wrong(&place, "must be a text"),
        }
    }
    Some(names)
}

type GivenBasic = Option<(String, Secret)>;

fn authentication(attributes: &mut Attributes, stored: &Stored<'_>) -> (GivenBasic, Map<String, Value>) {
    let none = (None, Map::new());
    let mut map = match attributes.get("authentication").cloned() {
        None | Some(Value::Null) => return none,
        Some(Value::Object(map)) => map,
        Some(_) => {
            attributes.wrong("authentication", "must be an object");
            return none;
        }
    };
    let kind = map.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
    let username = map.remove("username");
    let password = map.remove("password");
    let other = others(&map, &KNOWN_OF_AUTHENTICATION);
    match kind.as_str() {
        "none" => (None, other),
        "basic" => {
            let username = checked(attributes, "authentication/username", username, rules::username);
            let password = match password {
                None | Some(Value::Null) => {
                    let kept = stored.password().map(|sealed| Secret::Keep(sealed.clone()));
                    stored.keep(kept).map_err(|wrong| attributes.wrong("authentication/password", wrong)).ok()
                }
                value => checked(attributes, "authentication/password", value, rules::password)
                    .map(|value| Secret::New(value.into())),
            };
            // Where something is wrong the place still counts as Basic: there is an Authorization header too many.
            let password = password.unwrap_or(Secret::Keep(String::new()));
            (Some((username.unwrap_or_default(), password)), other)
        }
        _ => {
            attributes.wrong("authentication/type", "must be none or basic");
            (None, other)
        }
    }
}

/// A header's value as it was given.
enum Given {
    Visible(String),
    Hidden(Secret),
}

type GivenHeader = (String, Given, Map<String, Value>);

fn headers(attributes: &mut Attributes, stored: &Stored<'_>, basic: bool) -> Vec<GivenHeader> {
    let rows = match attributes.get("headers").cloned() {
        None | Some(Value::Null) => return Vec::new(),
        Some(Value::Array(rows)) => rows,
        Some(_) => {
            attributes.wrong("headers", "must be an array");
            return Vec::new();
        }
    };
    if rows.len() > MOST_HEADERS {
        attributes.wrong("headers", format!("must be at most {MOST_HEADERS}"));
    }
    let mut seen = HashSet::new();
    let mut headers = Vec::new();
    for (index, row) in rows.into_iter().enumerate() {
        let Value::Object(mut row) = row else {
            attributes.wrong(&format!("headers/{index}"), "must be an object");
            continue;
        };
        let (name, hidden, value) = (row.remove("name"), row.remove("hidden"), row.remove("value"));
        let place = |part| format!("headers/{index}/{part}");
        let name = checked(attributes, &place("name"), name, |name| {
            let new = seen.insert(name.to_ascii_lowercase());
            rules::header_name(name)?;
            if basic && name.eq_ignore_ascii_case("authorization") {
                return Err("is set by HTTP Basic already");
            }
            if new { Ok(()) } else { Err("is there twice") }
        });
        let hidden = match hidden {
            None => false,
            Some(Value::Bool(hidden)) => hidden,
            Some(_) => {
                attributes.wrong(&place("hidden"), "must be true or false");
                continue;
            }
        };
        let value = given(attributes, &place("value"), value, hidden, |keep| {
            let name = name.as_deref().ok_or(NOTHING_TO_KEEP)?;
            keep_header(stored, name, keep)
        });
        if let (Some(name), Some(value)) = (name, value) {
            headers.push((name, value, others(&row, &KNOWN_OF_HEADER)));
        }
    }
    headers
}

/// A header's value: sent, or to be kept, which only a hidden one can be.
fn given(
    attributes: &mut Attributes,
    place: &str,
    value: Option<Value>,
    hidden: bool,
    keep: impl FnOnce(bool) -> Result<Secret, &'static str>,
) -> Option<Given> {
    match value {
        None | Some(Value::Null) => match keep(hidden) {
            Ok(secret) => Some(Given::Hidden(secret)),
            Err(wrong) => {
                attributes.wrong(place, wrong);
                None
            }
        },
        value => {
            let value = checked(attributes, place, value, rules::header_value)?;
            Some(if hidden { Given::Hidden(Secret::New(value.into())) } else { Given::Visible(value) })
        }
    }
}

fn keep_header(stored: &Stored<'_>, name: &str, hidden: bool) -> Result<Secret, &'static str> {
    match (hidden, stored.header(name)) {
        (false, Some(HeaderValue::Hidden(_))) => {
            Err("a hidden value becomes visible only together with a new value")
        }
        (false, _) => Err("is required: only a hidden value can be kept"),
        (true, found) => stored.keep(found.map(|value| match value {
            HeaderValue::Hidden(sealed) => Secret::Keep(sealed.clone()),
            // It was visible until now, and is sealed from now on.
            HeaderValue::Visible(value) => Secret::New(value.clone().into()),
        })),
    }
}

/// A required text that passes a rule. What is wrong is said without the text.
fn checked(
    attributes: &mut Attributes,
    place: &str,
    value: Option<Value>,
    rule: impl FnOnce(&str) -> Result<(), &'static str>,
) -> Option<String> {
    let wrong = match value {
        Some(Value::String(text)) => match rule(&text) {
            Ok(()) => return Some(text),
            Err(wrong) => wrong,
        },
        None | Some(Value::Null) => "is required",
        Some(_) => "must be a text",
    };
    attributes.wrong(place, wrong);
    None
}
