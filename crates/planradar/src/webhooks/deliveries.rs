//! What was sent for a webhook. Names of the attributes are assumed (no public documentation), so several are tried.

use crate::json::{Resource, get};
use jiff::Timestamp;
use serde_json::Value;

/// How many are asked for.
pub(super) const SHOWN: u32 = 100;
/// The longest excerpt that is kept, in characters.
const MAX_EXCERPT: usize = 4096;
/// Headers whose values are never shown, in case the server does. Lower case.
const SECRET_HEADERS: [&str; 3] = ["authorization", "proxy-authorization", "cookie"];
const HIDDEN: &str = "(hidden)";

/// One attempt to deliver. What the server doesn't say is `None`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The server's id, to be shown; perhaps empty.
    pub id: String,
    /// Name of the event; empty when it is not said.
    pub event: String,
    /// When it was sent.
    pub at: Option<Timestamp>,
    /// HTTP status of the answer; `None`: none came.
    pub status: Option<u16>,
    /// How long the answer took.
    pub duration_ms: Option<u32>,
    /// Which try, from 1.
    pub attempt: Option<u32>,
    /// Why no answer came.
    pub error: Option<String>,
    /// What was sent, as far as the server tells.
    pub request_excerpt: Option<String>,
    /// The beginning of the answer.
    pub answer_excerpt: Option<String>,
    /// When it is tried again; `None`: it isn't.
    pub next_retry: Option<Timestamp>,
}

pub(super) fn delivery(row: &Resource) -> Delivery {
    let text = |names: &[&str]| names.iter().find_map(|name| row.text(name)).filter(|text| !text.is_empty());
    let number = |names: &[&str]| names.iter().find_map(|name| row.number(name));
    let small = |names: &[&str]| number(names).and_then(|n| u32::try_from(n).ok());
    let time = |names: &[&str]| names.iter().find_map(|name| row.time(name));
    Delivery {
        id: row.id.clone(),
        event: text(&["event", "event-name", "event-type"]).unwrap_or_default(),
        at: time(&["at", "sent-on", "delivered-on", "started-on", "created-on"]),
        status: number(&["status", "status-code", "response-status"]).and_then(|n| u16::try_from(n).ok()),
        duration_ms: small(&["duration-ms", "duration"]),
        attempt: small(&["attempt", "attempts"]),
        error: text(&["error", "error-message"]),
        request_excerpt: excerpt(row, &["request", "request-excerpt"]),
        answer_excerpt: excerpt(
            row,
            &["answer", "answer-excerpt", "response", "response-excerpt", "response-body"],
        ),
        next_retry: time(&["next-retry", "next-retry-on", "next-attempt-on"]),
    }
}

/// Those without a time come last; among equals the server's order stays.
pub(super) fn newest_first(mut list: Vec<Delivery>) -> Vec<Delivery> {
    list.sort_by_key(|delivery| std::cmp::Reverse(delivery.at));
    list
}

/// A text, or an object with headers and body as indented JSON.
fn excerpt(row: &Resource, names: &[&str]) -> Option<String> {
    let raw = names.iter().find_map(|name| get(&row.raw, name))?;
    let text = match serde_json::from_str(raw.get()).ok()? {
        Value::Null => return None,
        Value::String(text) => without_secret_lines(&text),
        mut other => {
            hide(&mut other);
            format!("{other:#}")
        }
    };
    if text.is_empty() { None } else { Some(text.chars().take(MAX_EXCERPT).collect()) }
}

fn is_secret(name: &str) -> bool {
    SECRET_HEADERS.iter().any(|secret| name.trim().eq_ignore_ascii_case(secret))
}

fn without_secret_lines(text: &str) -> String {
    let shown = text.lines().map(|line| match line.split_once(':') {
        Some((name, _)) if is_secret(name) => format!("{name}: {HIDDEN}"),
        _ => line.to_owned(),
    });
    shown.collect::<Vec<_>>().join("\n")
}

/// Of an object of headers, and of a list of `{name, value}`.
fn hide(value: &mut Value) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(hide),
        Value::Object(map) => {
            if map.get("name").and_then(Value::as_str).is_some_and(is_secret)
                && let Some(value) = map.get_mut("value")
            {
                *value = HIDDEN.into();
            }
            for (key, value) in map {
                if is_secret(key) { *value = HIDDEN.into() } else { hide(value) }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
#[path = "deliveries_tests.rs"]
mod tests;
