//! Reads a body's attributes and gathers what is wrong with them, each with its pointer.

use serde_json::{Map, Value};

use crate::answer::{FieldError, Refusal};

/// `data.attributes` of a body. Keys may be dashed or underscored.
pub(crate) struct Attributes {
    values: Map<String, Value>,
    errors: Vec<FieldError>,
}

impl Attributes {
    pub(crate) fn of(body: &[u8]) -> Result<Self, Refusal> {
        let body: Value = serde_json::from_slice(body).map_err(|error| Refusal::BadRequest {
            parameter: None,
            detail: format!("The body is not valid JSON: {error}"),
        })?;
        match body.pointer("/data/attributes") {
            Some(Value::Object(values)) => Ok(Self { values: values.clone(), errors: Vec::new() }),
            _ => Err(Refusal::Invalid(vec![FieldError {
                code: "invalid",
                pointer: "/data/attributes".into(),
                detail: "The body must be {\"data\": {\"attributes\": {…}}}.".into(),
            }])),
        }
    }

    /// Ends the reading: 422 with everything that was wrong.
    pub(crate) fn finish(self) -> Result<(), Refusal> {
        if self.errors.is_empty() { Ok(()) } else { Err(Refusal::Invalid(self.errors)) }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        let dashed = || self.values.get(&name.replace('_', "-"));
        self.values.get(name).or_else(dashed).or_else(|| self.values.get(&name.replace('-', "_")))
    }

    /// All attributes but those of these dashed names, as they came.
    pub(crate) fn others(&self, known: &[&str]) -> Map<String, Value> {
        others(&self.values, known)
    }

    pub(crate) fn wrong(&mut self, name: &str, detail: impl Into<String>) {
        self.wrong_as("invalid", name, detail);
    }

    /// With a code that programs act on.
    pub(crate) fn wrong_as(&mut self, code: &'static str, name: &str, detail: impl Into<String>) {
        let pointer = format!("/data/attributes/{name}");
        self.errors.push(FieldError { code, pointer, detail: detail.into() });
    }

    /// A text of 1 to `longest` characters that is not only spaces; `None` when it is left out.
    pub(crate) fn text(&mut self, name: &str, longest: usize) -> Option<String> {
        match self.get(name)?.clone() {
            Value::String(text) if text.trim().is_empty() => self.wrong(name, "must not be empty"),
            Value::String(text) if text.chars().count() > longest => {
                self.wrong(name, format!("must have at most {longest} characters"));
            }
            Value::String(text) => return Some(text),
            _ => self.wrong(name, "must be a text"),
        }
        None
    }

    /// As [`Self::text`], and leaving it out is wrong too.
    pub(crate) fn required_text(&mut self, name: &str, longest: usize) -> Option<String> {
        if self.get(name).is_none() {
            self.wrong(name, "is required");
        }
        self.text(name, longest)
    }

    pub(crate) fn flag(&mut self, name: &str) -> Option<bool> {
        let flag = self.get(name)?.as_bool();
        if flag.is_none() {
            self.wrong(name, "must be true or false");
        }
        flag
    }

    /// An object, its keys as they were sent.
    pub(crate) fn object(&mut self, name: &str) -> Option<Map<String, Value>> {
        if let Value::Object(map) = self.get(name)? {
            return Some(map.clone());
        }
        self.wrong(name, "must be an object");
        None
    }

    /// An array whose elements `fits` accepts.
    pub(crate) fn list(&mut self, name: &str, fits: fn(&Value) -> bool) -> Option<Vec<Value>> {
        match self.get(name)?.clone() {
            Value::Array(values) if values.iter().all(fits) => Some(values),
            _ => {
                self.wrong(name, "must be an array with one kind of value");
                None
            }
        }
    }
}

/// All keys but these dashed ones, as they came.
pub(crate) fn others(map: &Map<String, Value>, known: &[&str]) -> Map<String, Value> {
    let is_known = |key: &str| known.contains(&key.replace('_', "-").as_str());
    map.iter().filter(|(key, _)| !is_known(key)).map(|(key, value)| (key.clone(), value.clone())).collect()
}
