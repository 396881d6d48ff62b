//! Writes a draft. Secrets go straight into the body's memory: no value in between holds them.

use super::draft::{DraftAuthentication, DraftHeader, DraftPassword, DraftValue, WebhookDraft};
use super::unknown::{Unknown, UnknownAuthentication};
use crate::json::RawMap;
use secrecy::{ExposeSecret, SecretString};
use serde::ser::{Serialize, SerializeMap, Serializer};

/// The body of a create or update.
pub(super) struct Body<'a>(pub(super) &'a WebhookDraft);

impl Serialize for Body<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        one(serializer, "data", &Data(self.0))
    }
}

struct Data<'a>(&'a WebhookDraft);

impl Serialize for Data<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        one(serializer, "attributes", &Attributes(self.0))
    }
}

fn one<S: Serializer>(serializer: S, key: &str, value: &impl Serialize) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(1))?;
    map.serialize_entry(key, value)?;
    map.end()
}

struct Attributes<'a>(&'a WebhookDraft);

impl Serialize for Attributes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let draft = self.0;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("description", &draft.description)?;
        map.serialize_entry("active", &draft.active)?;
        map.serialize_entry("target-url", draft.target_url.trim())?;
        map.serialize_entry("project-ids", &draft.project_ids)?;
        map.serialize_entry("events", &draft.events)?;
        match (&draft.authentication, &draft.unknown.authentication) {
            (DraftAuthentication::Unchanged, UnknownAuthentication::Whole(raw)) => {
                map.serialize_entry("authentication", raw)?;
            }
            // There was none, so there is none.
            (DraftAuthentication::Unchanged, _) => {}
            (authentication, unknown) => {
                map.serialize_entry("authentication", &AuthenticationBody(authentication, unknown))?;
            }
        }
        map.serialize_entry("headers", &Headers(&draft.headers, &draft.unknown))?;
        further(&mut map, Some(&draft.unknown.attributes))?;
        map.end()
    }
}

struct AuthenticationBody<'a>(&'a DraftAuthentication, &'a UnknownAuthentication);

impl Serialize for AuthenticationBody<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let DraftAuthentication::Basic { username, password } = self.0 {
            map.serialize_entry("type", "basic")?;
            map.serialize_entry("username", username)?;
            if let DraftPassword::Replace(secret) = password {
                map.serialize_entry("password", &Secret(secret))?;
            }
            if let UnknownAuthentication::OfBasic(keys) = self.1 {
                further(&mut map, Some(keys))?;
            }
        } else {
            map.serialize_entry("type", "none")?;
            if let UnknownAuthentication::OfNone(keys) = self.1 {
                further(&mut map, Some(keys))?;
            }
        }
        map.end()
    }
}

struct Headers<'a>(&'a [DraftHeader], &'a Unknown);

impl Serialize for Headers<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|header| HeaderBody(header, self.1)))
    }
}

struct HeaderBody<'a>(&'a DraftHeader, &'a Unknown);

impl Serialize for HeaderBody<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let header = self.0;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("name", &header.name)?;
        map.serialize_entry("hidden", &header.hidden)?;
        match &header.value {
            DraftValue::Plain(text) => map.serialize_entry("value", text)?,
            DraftValue::Replace(secret) => map.serialize_entry("value", &Secret(secret))?,
            // No key at all: that is what keeps the stored one.
            DraftValue::Keep => {}
        }
        further(&mut map, self.1.of_header(&header.name))?;
        map.end()
    }
}

fn further<M: SerializeMap>(map: &mut M, keys: Option<&RawMap>) -> Result<(), M::Error> {
    keys.into_iter().flatten().try_for_each(|(key, raw)| map.serialize_entry(key, raw))
}

struct Secret<'a>(&'a SecretString);

impl Serialize for Secret<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Exposed to be sent: the person entered it for this server.
        serializer.serialize_str(self.0.expose_secret())
    }
}

#[cfg(test)]
#[path = "write_tests.rs"]
mod tests;
