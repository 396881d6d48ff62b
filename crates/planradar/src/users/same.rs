//! Whether two pieces of JSON say the same. Spaces and the order of keys don't count; numbers count to their last digit,
//! which a double would not keep. No text and an empty one are the same: servers keep either for a field that was left
//! blank.

use crate::json::RawMap;
use serde_json::Value;
use serde_json::value::RawValue;

pub(super) fn same(a: &RawValue, b: &RawValue) -> bool {
    if a.get() == b.get() || is_blank(a) && is_blank(b) {
        return true;
    }
    if let (Some(a), Some(b)) = (object(a), object(b)) {
        return a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| a.0 == b.0 && same(a.1, b.1));
    }
    if let (Some(a), Some(b)) = (list(a), list(b)) {
        return a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| same(a, b));
    }
    match (text(a), text(b)) {
        (Some(a), Some(b)) => a == b,
        // Numbers that are written differently, or different kinds of value.
        _ => false,
    }
}

pub(super) fn is_blank(raw: &RawValue) -> bool {
    matches!(raw.get(), "null" | r#""""#)
}

pub(super) fn object(raw: &RawValue) -> Option<RawMap> {
    serde_json::from_str(raw.get()).ok()
}

pub(super) fn list(raw: &RawValue) -> Option<Vec<Box<RawValue>>> {
    serde_json::from_str(raw.get()).ok()
}

fn text(raw: &RawValue) -> Option<String> {
    match serde_json::from_str(raw.get()) {
        Ok(Value::String(text)) => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.
    use super::*;

    #[test]
    fn what_is_the_same_and_what_is_not() {
        for (a, b, wanted) in [
            (r#"{"a": 1, "b": [1, "x"]}"#, r#"{"b":[1,"x"],"a":1}"#, true),
            (r#""ä""#, r#""\u00e4""#, true),
            ("12345678901234567890123", "12345678901234567890124", false),
            ("0.1", "0.10000000000000001", false),
            ("[1, 2]", "[2, 1]", false),
            ("[1]", "[1, null]", false),
            (r#"{"a": null}"#, "{}", false),
            (r#"{"a": 1}"#, r#"{"b": 1}"#, false),
            ("null", r#""""#, true),
            ("null", r#""x""#, false),
            ("null", "false", false),
            ("1", r#""1""#, false),
        ] {
            let raw = |text: &str| RawValue::from_string(text.to_owned()).unwrap();
            assert_eq!(same(&raw(a), &raw(b)), wanted, "{a} {b}");
            assert_eq!(same(&raw(b), &raw(a)), wanted, "{b} {a}");
        }
    }
}
