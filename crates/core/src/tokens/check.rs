//! What may be a token's name, and what may be its value.

use crate::{AppError, Result};
use secrecy::{ExposeSecret, SecretString};

/// The longest name (assumed; no public documentation).
const NAME_MAX: usize = 100;
/// Bounds of a value, in bytes. Those seen in the wild have about 180.
const VALUE_MIN: usize = 16;
const VALUE_MAX: usize = 2_000;

/// A name as it is sent: trimmed, 1 to 100 characters, no control characters.
pub(crate) fn check_name(text: &str) -> Result<String> {
    let name = text.trim();
    if name.is_empty() {
        return Err(AppError::invalid("name", "Give the token a name: best the program that will use it."));
    }
    if name.chars().count() > NAME_MAX {
        return Err(AppError::invalid("name", format!("A name has at most {NAME_MAX} characters.")));
    }
    if name.chars().any(char::is_control) {
        return Err(AppError::invalid("name", "A name is one line, without control characters."));
    }
    Ok(name.to_owned())
}

/// A value as it is used: blanks around it dropped, visible ASCII, and not a mask that was copied.
pub(crate) fn check_value(value: &SecretString, field: &str) -> Result<SecretString> {
    // Exposed to look at its form; only the verdict leaves this function.
    let text = value.expose_secret().trim();
    if text.is_empty() {
        return Err(AppError::invalid(field, "Paste the token."));
    }
    if text.chars().all(|c| matches!(c, '*' | '•' | '.' | '●')) {
        return Err(AppError::invalid(
            field,
            "These are only dots: the page showed the token masked. Use its copy button.",
        ));
    }
    if let Some(bad) = text.chars().find(|c| !c.is_ascii_graphic()) {
        let what = if bad.is_whitespace() {
            "a blank or line break inside"
        } else {
            "a character that no token has"
        };
        return Err(AppError::invalid(
            field,
            format!("The token has {what}. Copy it again, whole and alone."),
        ));
    }
    if !(VALUE_MIN..=VALUE_MAX).contains(&text.len()) {
        let text = format!(
            "A token has {VALUE_MIN} to {VALUE_MAX} characters; this has {}. Copy it again, whole and alone.",
            text.len()
        );
        return Err(AppError::invalid(field, text));
    }
    Ok(SecretString::from(text))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names() {
        assert_eq!(check_name("  Power BI ").unwrap(), "Power BI");
        assert_eq!(check_name(&"ü".repeat(100)).unwrap().chars().count(), 100);
        for bad in ["", "   ", "a\nb", "a\0b", &"x".repeat(101)] {
            assert_eq!(check_name(bad).unwrap_err().field.as_deref(), Some("name"), "{bad:?}");
        }
    }

    #[test]
    fn masks_and_fragments_are_no_values() {
        for bad in [
            "",
            "  ",
            "••••••••••••••••••••",
            "********************",
            "short",
            "with a blank inside it 123",
            "zwölfzwölfzwölfzwölf",
            &"a".repeat(2_001),
        ] {
            let error = check_value(&SecretString::from(bad), "value").unwrap_err();
            assert_eq!(error.field.as_deref(), Some("value"), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn an_error_never_repeats_the_value(text in "\\PC{0,60}") {
            if let Err(error) = check_value(&SecretString::from(text.as_str()), "value") {
                prop_assert!(text.trim().len() < 4 || !error.message.contains(text.trim()));
            }
        }

        #[test]
        fn good_values_pass_trimmed(text in "[!-~]{16,200}") {
            prop_assume!(!text.chars().all(|c| matches!(c, '*' | '.')));
            let value = check_value(&SecretString::from(format!(" {text}\n")), "value").unwrap();
            prop_assert_eq!(value.expose_secret(), &text);
        }
    }
}
