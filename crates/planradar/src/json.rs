//! Reads `PlanRadar`'s JSON, which is modelled on JSON:API: `{"data": {"id", "attributes"}}` or a list of such, with
//! `meta`. Attribute keys come dashed or underscored, ids as texts or numbers.

use crate::answer::Answer;
use crate::error::{Error, ErrorKind, FieldError};
use crate::ids::is_id;
use jiff::Timestamp;
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// Members of an object, each exactly as it came.
pub(crate) type RawMap = BTreeMap<String, Box<RawValue>>;

/// A read answer.
pub(crate) struct Document<'a> {
    answer: &'a Answer,
    root: RawMap,
}

/// One object of an answer.
pub(crate) struct Resource {
    /// Fit for a path, unless it was read by [`Document::many_loose`].
    pub(crate) id: String,
    /// Its attributes.
    pub(crate) raw: RawMap,
}

impl<'a> Document<'a> {
    pub(crate) fn parse(answer: &'a Answer) -> Result<Self, Error> {
        match serde_json::from_slice(&answer.body) {
            Ok(root) => Ok(Self { answer, root }),
            Err(error) if error.is_data() => Err(answer.error(ErrorKind::UnexpectedShape("an object"))),
            Err(_) => Err(answer.error(ErrorKind::NotJson)),
        }
    }

    /// The one object of `data`.
    pub(crate) fn one(&mut self) -> Result<Resource, Error> {
        let data = self.root.remove("data").ok_or_else(|| self.shape("the object data"))?;
        self.strict(&data)
    }

    /// The one object of `data`, whose id nobody uses.
    pub(crate) fn one_loose(&mut self) -> Result<Resource, Error> {
        let data = self.root.remove("data").ok_or_else(|| self.shape("the object data"))?;
        self.resource(&data)
    }

    /// The objects of the list `data`.
    pub(crate) fn many(&mut self) -> Result<Vec<Resource>, Error> {
        self.list()?.iter().map(|raw| self.strict(raw)).collect()
    }

    /// The objects of the list `data`, whose ids are only shown: any text will do.
    pub(crate) fn many_loose(&mut self) -> Result<Vec<Resource>, Error> {
        self.list()?.iter().map(|raw| self.resource(raw)).collect()
    }

    /// `meta.count`: how many there are on all pages.
    pub(crate) fn count(&self) -> Option<u64> {
        let meta: Value = serde_json::from_str(self.root.get("meta")?.get()).ok()?;
        meta.get("count").and_then(number)
    }

    /// What a valid answer lacks.
    pub(crate) fn shape(&self, what: &'static str) -> Error {
        self.answer.error(ErrorKind::UnexpectedShape(what))
    }

    fn list(&mut self) -> Result<Vec<Box<RawValue>>, Error> {
        let data = self.root.remove("data");
        data.and_then(|raw| serde_json::from_str(raw.get()).ok()).ok_or_else(|| self.shape("the list data"))
    }

    fn strict(&self, raw: &RawValue) -> Result<Resource, Error> {
        let resource = self.resource(raw)?;
        if is_id(&resource.id) { Ok(resource) } else { Err(self.shape("a usable id")) }
    }

    fn resource(&self, raw: &RawValue) -> Result<Resource, Error> {
        let object: RawMap = serde_json::from_str(raw.get()).map_err(|_| self.shape("the object data"))?;
        let id = object.get("id").and_then(|raw| serde_json::from_str(raw.get()).ok());
        let id = id.as_ref().and_then(id_text).unwrap_or_default();
        let attributes = object.get("attributes").and_then(|raw| serde_json::from_str(raw.get()).ok());
        Ok(Resource { id, raw: attributes.ok_or_else(|| self.shape("attributes"))? })
    }
}

/// A time that may be unknown, or never have come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// The server doesn't say, or not in a way we can read.
    Unknown,
    /// The server says that it never happened.
    Never,
    /// Then.
    At(Timestamp),
}

impl Resource {
    /// An attribute by its dashed name, unless it is more than a JSON value holds, such as a number beyond all bounds.
    fn get(&self, dashed: &str) -> Option<Value> {
        serde_json::from_str(get(&self.raw, dashed)?.get()).ok()
    }

    pub(crate) fn text(&self, dashed: &str) -> Option<String> {
        if let Value::String(text) = self.get(dashed)? { Some(text) } else { None }
    }

    pub(crate) fn flag(&self, dashed: &str) -> Option<bool> {
        self.get(dashed)?.as_bool()
    }

    pub(crate) fn number(&self, dashed: &str) -> Option<u64> {
        self.get(dashed).as_ref().and_then(number)
    }

    /// An id of something else.
    pub(crate) fn other_id(&self, dashed: &str) -> Option<String> {
        id(self.get(dashed).as_ref())
    }

    pub(crate) fn time(&self, dashed: &str) -> Option<Timestamp> {
        self.get(dashed)?.as_str()?.parse().ok()
    }

    pub(crate) fn moment(&self, dashed: &str) -> Moment {
        match self.get(dashed) {
            Some(Value::Null) => Moment::Never,
            _ => self.time(dashed).map_or(Moment::Unknown, Moment::At),
        }
    }

    /// The true and false ones of an object of flags, by their underscored names.
    pub(crate) fn flags(&self, dashed: &str) -> Option<Vec<(String, bool)>> {
        let flags = self.get(dashed)?;
        let flags = flags.as_object()?.iter();
        Some(flags.filter_map(|(key, value)| Some((key.replace('-', "_"), value.as_bool()?))).collect())
    }
}

/// A member by its dashed name, dashed or underscored.
pub(crate) fn get<'a>(map: &'a RawMap, dashed: &str) -> Option<&'a RawValue> {
    map.get(dashed).or_else(|| map.get(&dashed.replace('-', "_"))).map(AsRef::as_ref)
}

/// An id of an answer: a text or a number, fit for a path.
pub(crate) fn id(value: Option<&Value>) -> Option<String> {
    id_text(value?).filter(|text| is_id(text))
}

fn id_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.as_u64()?.to_string()),
        _ => None,
    }
}

fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// Code and fields of a refusal. Its shape is not documented, so two usual ones are read: a list of error objects with
/// `code`, `detail` and `source.pointer`, and an object of attribute names with lists of texts.
pub(crate) fn refusal(body: &Value) -> (Option<String>, Vec<FieldError>) {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    let mut code = text(body.get("code"));
    let mut fields = Vec::new();
    match body.get("errors") {
        Some(Value::Array(errors)) => {
            for error in errors {
                code = code.or_else(|| text(error.get("code")));
                let message = ["detail", "title", "message"].iter().find_map(|key| text(error.get(key)));
                if let Some(pointer) = text(error.pointer("/source/pointer")) {
                    fields.push(FieldError { pointer, message: message.unwrap_or_default() });
                }
            }
        }
        Some(Value::Object(errors)) => {
            for (name, messages) in errors {
                let all = match messages {
                    Value::Array(list) => {
                        list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ")
                    }
                    other => other.as_str().unwrap_or_default().to_owned(),
                };
                fields.push(FieldError { pointer: format!("/data/attributes/{name}"), message: all });
            }
        }
        _ => {}
    }
    (code, fields)
}

#[cfg(test)]
#[path = "json_tests.rs"]
mod tests;
