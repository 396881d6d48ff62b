//! Reads `PlanRadar`'s JSON, which is modelled on JSON:API: `{"data": {"id", "attributes"}}` or a list of such, with
//! `meta`. Attribute keys come dashed or underscored, ids as texts or numbers.

use crate::answer::Answer;
use crate::error::{Error, ErrorKind, FieldError};
use crate::ids::is_id;
use jiff::Timestamp;
use serde_json::{Map, Value};

/// A read answer.
pub(crate) struct Document<'a> {
    answer: &'a Answer,
    root: Map<String, Value>,
}

/// One object of an answer.
pub(crate) struct Resource {
    /// Fit for a path.
    pub(crate) id: String,
    attributes: Map<String, Value>,
}

impl<'a> Document<'a> {
    pub(crate) fn parse(answer: &'a Answer) -> Result<Self, Error> {
        match serde_json::from_slice(&answer.body) {
            Ok(Value::Object(root)) => Ok(Self { answer, root }),
            Ok(_) => Err(answer.error(ErrorKind::UnexpectedShape("an object"))),
            Err(_) => Err(answer.error(ErrorKind::NotJson)),
        }
    }

    /// The one object of `data`.
    pub(crate) fn one(&mut self) -> Result<Resource, Error> {
        let data = self.root.remove("data");
        self.resource(data)
    }

    /// The objects of the list `data`.
    pub(crate) fn many(&mut self) -> Result<Vec<Resource>, Error> {
        match self.root.remove("data") {
            Some(Value::Array(list)) => list.into_iter().map(|value| self.resource(Some(value))).collect(),
            _ => Err(self.shape("the list data")),
        }
    }

    /// `meta.count`: how many there are on all pages.
    pub(crate) fn count(&self) -> Option<u64> {
        self.root.get("meta")?.get("count").and_then(number)
    }

    /// What a valid answer lacks.
    pub(crate) fn shape(&self, what: &'static str) -> Error {
        self.answer.error(ErrorKind::UnexpectedShape(what))
    }

    fn resource(&self, value: Option<Value>) -> Result<Resource, Error> {
        let Some(Value::Object(mut object)) = value else {
            return Err(self.shape("the object data"));
        };
        let id = id(object.get("id")).ok_or_else(|| self.shape("a usable id"))?;
        match object.remove("attributes") {
            Some(Value::Object(attributes)) => Ok(Resource { id, attributes }),
            _ => Err(self.shape("attributes")),
        }
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
    /// An attribute by its dashed name.
    fn get(&self, dashed: &str) -> Option<&Value> {
        self.attributes.get(dashed).or_else(|| self.attributes.get(&dashed.replace('-', "_")))
    }

    pub(crate) fn text(&self, dashed: &str) -> Option<String> {
        self.get(dashed)?.as_str().map(str::to_owned)
    }

    pub(crate) fn flag(&self, dashed: &str) -> Option<bool> {
        self.get(dashed)?.as_bool()
    }

    pub(crate) fn number(&self, dashed: &str) -> Option<u64> {
        self.get(dashed).and_then(number)
    }

    /// An id of something else.
    pub(crate) fn other_id(&self, dashed: &str) -> Option<String> {
        id(self.get(dashed))
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
        let flags = self.get(dashed)?.as_object()?;
        Some(
            flags.iter().filter_map(|(key, value)| Some((key.replace('-', "_"), value.as_bool()?))).collect(),
        )
    }
}

/// An id of an answer: a text or a number, fit for a path.
pub(crate) fn id(value: Option<&Value>) -> Option<String> {
    let text = match value? {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.as_u64()?.to_string(),
        _ => return None,
    };
    is_id(&text).then_some(text)
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
