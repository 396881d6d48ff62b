//! The catalogue of events.

use crate::error::Result;
use crate::json::{Document, Resource};
use serde_json::Value;

/// An event a webhook may be about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventInfo {
    /// Such as `ticket_created`.
    pub name: String,
    /// For people; the name when the server has nothing else.
    pub title: String,
    /// What it belongs to, for people.
    pub group: Option<String>,
    /// An example of what is sent: indented JSON, or the text that the server has.
    pub example: Option<String>,
}

pub(super) fn event(document: &Document<'_>, row: &Resource) -> Result<EventInfo> {
    // The id will do: events are known by name, not by number.
    let name = row.text("name").or_else(|| Some(row.id.clone()).filter(|id| !id.is_empty()));
    let name = name.ok_or_else(|| document.shape("the event's name"))?;
    let title = row.text("title").filter(|title| !title.trim().is_empty());
    Ok(EventInfo {
        title: title.unwrap_or_else(|| name.clone()),
        group: row.text("group"),
        example: row
            .raw
            .get("example")
            .and_then(|raw| serde_json::from_str(raw.get()).ok())
            .and_then(example),
        name,
    })
}

fn example(value: Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(format!("{other:#}")),
    }
}
