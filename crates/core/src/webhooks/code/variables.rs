//! Variables of a file: `${name}` in a text of a webhook; `$${` stands for `${`.

use std::collections::BTreeMap;

/// Why a text can't be filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unfilled {
    /// `${` without its end, or around something that is no name.
    Broken,
    /// The file does not define it.
    Unknown(String),
}

/// Letters, digits and `_`, not beginning with a digit.
pub(super) fn is_variable_name(name: &str) -> bool {
    name.bytes().next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// A variable, and nothing beside it.
pub(super) fn is_variable(text: &str) -> bool {
    text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')).is_some_and(is_variable_name)
}

/// Fills variables in. What they stand for is taken as it is.
pub(super) fn fill(text: &str, variables: &BTreeMap<String, String>) -> Result<String, Unfilled> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        if let Some(before) = rest[..at].strip_suffix('$') {
            out.push_str(before);
            out.push_str("${");
            rest = &rest[at + 2..];
            continue;
        }
        out.push_str(&rest[..at]);
        let (name, after) = rest[at + 2..].split_once('}').ok_or(Unfilled::Broken)?;
        if !is_variable_name(name) {
            return Err(Unfilled::Broken);
        }
        out.push_str(variables.get(name).ok_or_else(|| Unfilled::Unknown(name.to_owned()))?);
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

/// A text that [`fill`] makes this one of.
pub(super) fn escaped(text: &str) -> String {
    text.replace("${", "$${")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.
    use super::*;
    use proptest::prelude::*;

    fn filled(text: &str) -> Result<String, Unfilled> {
        fill(
            text,
            &BTreeMap::from([("host".into(), "h.example.com".into()), ("a_1".into(), "${host}".into())]),
        )
    }

    #[test]
    fn names_are_filled_in_once() {
        assert_eq!(filled("https://${host}/in").unwrap(), "https://h.example.com/in");
        assert_eq!(filled("${a_1}${host}$ $x {y}").unwrap(), "${host}h.example.com$ $x {y}");
        assert_eq!(filled("$${host} $$ $").unwrap(), "${host} $$ $");
        assert_eq!(filled("${port}"), Err(Unfilled::Unknown("port".into())));
        for broken in ["${", "${host", "${}", "${a b}", "${1}", "$${x} ${"] {
            assert_eq!(filled(broken), Err(Unfilled::Broken), "{broken}");
        }
    }

    proptest! {
        #[test]
        fn what_is_escaped_comes_back(text in "[$}{a]{0,12}") {
            prop_assert_eq!(filled(&escaped(&text)).unwrap(), text);
        }
    }
}
