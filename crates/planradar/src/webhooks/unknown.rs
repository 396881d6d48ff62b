//! What a webhook has that this program doesn't know: kept as it came, and sent back so.

use super::draft::DraftAuthentication;
use crate::json::RawMap;
use crate::webhook_rules::looks_masked;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::fmt;

/// Attributes that this program doesn't know, and unknown keys of the authentication and of headers. Made by reading a
/// webhook; a new one has none.
#[derive(Clone, Default)]
pub struct Unknown {
    pub(super) attributes: RawMap,
    pub(super) authentication: UnknownAuthentication,
    /// By the header's name.
    pub(super) headers: Vec<(String, RawMap)>,
}

/// What is not known of the authentication.
#[derive(Clone, Default)]
pub(super) enum UnknownAuthentication {
    /// Nothing, or there is none at all.
    #[default]
    Nothing,
    /// Further keys of "none".
    OfNone(RawMap),
    /// Further keys of HTTP Basic.
    OfBasic(RawMap),
    /// The whole of another kind.
    Whole(Box<RawValue>),
}

impl Unknown {
    /// Whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.attributes.is_empty()
            && self.headers.is_empty()
            && matches!(self.authentication, UnknownAuthentication::Nothing)
    }

    /// Names of the attributes, sorted.
    pub fn attribute_names(&self) -> impl Iterator<Item = &str> {
        self.attributes.keys().map(String::as_str)
    }

    /// Further keys of a header.
    pub(super) fn of_header(&self, name: &str) -> Option<&RawMap> {
        self.headers.iter().find(|(of, _)| of.eq_ignore_ascii_case(name)).map(|(_, keys)| keys)
    }

    /// Whether sending this back with `authentication` would store a mask in place of what it hides: some server may
    /// have shown `***` for a secret of an attribute that only it knows.
    pub(super) fn masks_in_attributes(&self) -> bool {
        self.attributes.values().any(|raw| has_mask(raw))
    }

    /// The same, of the authentication.
    pub(super) fn masks_in_authentication(&self, authentication: &DraftAuthentication) -> bool {
        match (&self.authentication, authentication) {
            (UnknownAuthentication::Whole(raw), DraftAuthentication::Unchanged) => has_mask(raw),
            (UnknownAuthentication::OfNone(keys), DraftAuthentication::None)
            | (UnknownAuthentication::OfBasic(keys), DraftAuthentication::Basic { .. }) => {
                keys.values().any(|raw| has_mask(raw))
            }
            _ => false,
        }
    }

    /// The same, of a header.
    pub(super) fn masks_in_header(&self, name: &str) -> bool {
        self.of_header(name).is_some_and(|keys| keys.values().any(|raw| has_mask(raw)))
    }

    fn to_value(&self) -> Value {
        let authentication = match &self.authentication {
            UnknownAuthentication::Nothing => Value::Null,
            UnknownAuthentication::OfNone(keys) | UnknownAuthentication::OfBasic(keys) => object(keys),
            UnknownAuthentication::Whole(raw) => value(raw),
        };
        let headers = self.headers.iter().map(|(name, keys)| (name.clone(), object(keys)));
        serde_json::json!({
            "attributes": object(&self.attributes),
            "authentication": authentication,
            "headers": Value::Object(headers.collect()),
        })
    }
}

/// Three signs are a mask; one or two may be a text.
fn has_mask(raw: &RawValue) -> bool {
    fn of(value: &Value) -> bool {
        match value {
            Value::String(text) => text.chars().count() >= 3 && looks_masked(text),
            Value::Array(list) => list.iter().any(of),
            Value::Object(keys) => keys.values().any(of),
            _ => false,
        }
    }
    of(&value(raw))
}

/// To be looked at only: numbers may lose digits.
fn value(raw: &RawValue) -> Value {
    serde_json::from_str(raw.get()).unwrap_or_else(|_| raw.get().into())
}

fn object(keys: &RawMap) -> Value {
    Value::Object(keys.iter().map(|(name, raw)| (name.clone(), value(raw))).collect::<Map<_, _>>())
}

/// As JSON with sorted keys: equal for two that differ only in blanks. To tell two states apart, not to be logged.
impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_value().fmt(f)
    }
}

/// Only names: nobody knows what the values are.
impl fmt::Debug for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.attributes.keys()).finish()
    }
}

impl PartialEq for Unknown {
    fn eq(&self, other: &Self) -> bool {
        self.to_value() == other.to_value()
    }
}

impl Eq for Unknown {}
