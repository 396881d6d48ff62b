//! The account's webhooks: as they are stored, and as they are on the wire.

pub(crate) mod catalogue;
pub(crate) mod input;
pub(crate) mod rules;

use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension as _, Row, named_params};
use secrecy::SecretString;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::answer::Resource;
use crate::people;
use crate::vault::{Vault, VaultError};

/// A webhook as it is stored. It has no Debug: visible values, too, are nothing for logs.
#[derive(Clone)]
pub(crate) struct Webhook {
    /// 0 until it is inserted.
    pub(crate) id: i64,
    /// What sealed values are bound to. Made once, never told.
    pub(crate) seal_id: String,
    pub(crate) description: String,
    pub(crate) active: bool,
    pub(crate) target_url: String,
    /// `None`: all projects, also future ones.
    pub(crate) project_ids: Option<Vec<String>>,
    pub(crate) events: Vec<String>,
    pub(crate) authentication: Authentication,
    pub(crate) headers: Vec<Header>,
    /// Attributes nobody here knows: stored and returned as they came.
    pub(crate) other: Map<String, Value>,
    pub(crate) created_on: i64,
    pub(crate) updated_on: i64,
}

#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Authentication {
    pub(crate) basic: Option<Basic>,
    pub(crate) other: Map<String, Value>,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Basic {
    pub(crate) username: String,
    /// Sealed.
    pub(crate) password: String,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Header {
    /// Case kept.
    pub(crate) name: String,
    pub(crate) value: HeaderValue,
    pub(crate) other: Map<String, Value>,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum HeaderValue {
    Visible(String),
    /// Sealed.
    Hidden(String),
}

impl Webhook {
    fn password_place(&self) -> String {
        format!("{}/password", self.seal_id)
    }

    /// Names of headers are equal whatever their case.
    fn header_place(&self, name: &str) -> String {
        format!("{}/header/{}", self.seal_id, name.to_ascii_lowercase())
    }

    pub(crate) fn seal_password(&self, vault: &Vault, value: &SecretString) -> Result<String, VaultError> {
        vault.seal(&self.password_place(), value)
    }

    pub(crate) fn seal_header(
        &self,
        vault: &Vault,
        name: &str,
        value: &SecretString,
    ) -> Result<String, VaultError> {
        vault.seal(&self.header_place(name), value)
    }

    pub(crate) fn open_password(&self, vault: &Vault, basic: &Basic) -> Result<SecretString, VaultError> {
        vault.unseal(&self.password_place(), &basic.password)
    }

    pub(crate) fn open_header(
        &self,
        vault: &Vault,
        name: &str,
        sealed: &str,
    ) -> Result<SecretString, VaultError> {
        vault.unseal(&self.header_place(name), sealed)
    }

    /// Whether it wants to hear of an event in a project.
    pub(crate) fn wants(&self, event: &str, project_id: &str) -> bool {
        let project_fits = self.project_ids.as_ref().is_none_or(|ids| ids.iter().any(|id| id == project_id));
        self.active && project_fits && self.events.iter().any(|name| name == event)
    }

    /// The webhook on the wire: no hidden value, no password, sealed or not.
    pub(crate) fn resource(&self) -> Resource {
        // What is known comes last, so that nothing unknown can stand in its place.
        let mut attributes = self.other.clone();
        let mut authentication = self.authentication.other.clone();
        if let Some(basic) = &self.authentication.basic {
            authentication.insert("type".into(), json!("basic"));
            authentication.insert("username".into(), json!(basic.username));
        } else {
            authentication.insert("type".into(), json!("none"));
        }
        let headers: Vec<Value> = self.headers.iter().map(Header::json).collect();
        attributes.insert("description".into(), json!(self.description));
        attributes.insert("active".into(), json!(self.active));
        attributes.insert("target-url".into(), json!(self.target_url));
        attributes.insert("project-ids".into(), json!(self.project_ids));
        attributes.insert("events".into(), json!(self.events));
        attributes.insert("authentication".into(), Value::Object(authentication));
        attributes.insert("headers".into(), Value::Array(headers));
        attributes.insert("created-on".into(), people::time(self.created_on));
        attributes.insert("updated-on".into(), people::time(self.updated_on));
        Resource { id: self.id.to_string(), kind: "webhooks", attributes }
    }
}

impl Header {
    fn json(&self) -> Value {
        let mut map = self.other.clone();
        map.insert("name".into(), json!(self.name));
        let (hidden, value) = match &self.value {
            HeaderValue::Visible(value) => (false, json!(value)),
            HeaderValue::Hidden(_) => (true, Value::Null),
        };
        map.insert("hidden".into(), json!(hidden));
        map.insert("value".into(), value);
        Value::Object(map)
    }
}

/// A new place to bind sealed values to.
pub(crate) fn new_seal_id() -> String {
    uuid::Uuid::new_v4().to_string()
}

pub(crate) fn all(db: &Connection) -> rusqlite::Result<Vec<Webhook>> {
    db.prepare_cached("SELECT * FROM webhooks ORDER BY id")?.query_map([], read)?.collect()
}

/// The webhook with this id, which is text on the wire.
pub(crate) fn find(db: &Connection, id: &str) -> rusqlite::Result<Option<Webhook>> {
    // Only the one way to write a number.
    match id.parse::<i64>().ok().filter(|n| n.to_string() == id) {
        Some(id) => {
            db.prepare_cached("SELECT * FROM webhooks WHERE id = ?1")?.query_row([id], read).optional()
        }
        None => Ok(None),
    }
}

/// Inserts a webhook (id 0: the next one) or writes an existing one. Returns the id.
pub(crate) fn save(db: &Connection, webhook: &Webhook) -> rusqlite::Result<i64> {
    db.prepare_cached(
        "INSERT INTO webhooks
         (id, seal_id, description, active, target_url, project_ids, events, authentication, headers, other,
          created_on, updated_on)
         VALUES (:id, :seal_id, :description, :active, :target_url, :project_ids, :events, :authentication,
                 :headers, :other, :created_on, :updated_on)
         ON CONFLICT (id) DO UPDATE SET
             description = excluded.description, active = excluded.active,
             target_url = excluded.target_url, project_ids = excluded.project_ids,
             events = excluded.events, authentication = excluded.authentication,
             headers = excluded.headers, other = excluded.other, updated_on = excluded.updated_on
         RETURNING id",
    )?
    .query_row(
        named_params! {
            ":id": if webhook.id == 0 { None } else { Some(webhook.id) },
            ":seal_id": webhook.seal_id,
            ":description": webhook.description,
            ":active": webhook.active,
            ":target_url": webhook.target_url,
            ":project_ids": webhook.project_ids.as_ref().map(|ids| json!(ids).to_string()),
            ":events": json!(webhook.events).to_string(),
            ":authentication": json!(webhook.authentication).to_string(),
            ":headers": json!(webhook.headers).to_string(),
            ":other": json!(webhook.other).to_string(),
            ":created_on": webhook.created_on,
            ":updated_on": webhook.updated_on,
        },
        |row| row.get(0),
    )
}

/// Deletes a webhook with its deliveries. False when there is none with this id.
pub(crate) fn delete(db: &Connection, id: &str) -> rusqlite::Result<bool> {
    match find(db, id)? {
        Some(found) => Ok(db.prepare_cached("DELETE FROM webhooks WHERE id = ?1")?.execute([found.id])? == 1),
        None => Ok(false),
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<Webhook> {
    let project_ids: Option<String> = row.get("project_ids")?;
    Ok(Webhook {
        id: row.get("id")?,
        seal_id: row.get("seal_id")?,
        description: row.get("description")?,
        active: row.get("active")?,
        target_url: row.get("target_url")?,
        project_ids: project_ids.map(|text| json_of(&text)).transpose()?,
        events: json_of(&row.get::<_, String>("events")?)?,
        authentication: json_of(&row.get::<_, String>("authentication")?)?,
        headers: json_of(&row.get::<_, String>("headers")?)?,
        other: json_of(&row.get::<_, String>("other")?)?,
        created_on: row.get("created_on")?,
        updated_on: row.get("updated_on")?,
    })
}

fn json_of<T: DeserializeOwned>(text: &str) -> rusqlite::Result<T> {
    serde_json::from_str(text)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(0, Type::Text, Box::new(error)))
}
