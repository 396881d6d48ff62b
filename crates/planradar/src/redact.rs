//! Takes out of a server's words what might be a secret.

use crate::field_path::FieldPath;
use crate::spellings;
use secrecy::{ExposeSecret, SecretString};

/// The longest excerpt, in characters.
const MAX_CHARS: usize = 200;
/// How much of a body is looked at for an excerpt, in bytes.
const MAX_BYTES: usize = 4096;
/// From this length on, a run of hex or base64 characters is taken for a secret.
const SECRET_LENGTH: usize = 20;
/// So many digits are in a sentence with a limit or two.
const MOST_DIGITS: usize = 8;
/// Stands where something was taken out.
pub(crate) const MASK: &str = "[masked]";

/// What must not be said, whatever a server quotes.
#[derive(Clone, Copy)]
pub(crate) struct Secrets<'a> {
    /// The token the request was made with.
    pub(crate) key: &'a SecretString,
    /// Those of the request's body.
    pub(crate) others: &'a [SecretString],
}

/// A short, redacted piece of an answer's body, on one line. `None` when nothing readable is in it.
pub(crate) fn excerpt(body: &[u8], secrets: Secrets<'_>) -> Option<String> {
    if !secrets.others.is_empty() {
        // JSON may write them in other ways, with escapes, where they would not be found.
        return None;
    }
    let text = String::from_utf8_lossy(&body[..body.len().min(MAX_BYTES)]);
    shown(&text, secrets).filter(|text| !text.is_empty())
}

/// A server's words on one line, redacted, at most 200 characters. Nothing of them where they spell a secret otherwise.
pub(crate) fn line(text: &str, secrets: Secrets<'_>) -> String {
    shown(text, secrets).unwrap_or_else(|| MASK.to_owned())
}

/// Whether this says a secret of the request in any spelling.
pub(crate) fn says_secret(text: &str, secrets: Secrets<'_>) -> bool {
    spellings::says(text, secrets.others.iter().chain([secrets.key]))
}

/// `None`: it says a secret in a spelling that can't be taken out.
fn shown(text: &str, secrets: Secrets<'_>) -> Option<String> {
    let line = masked(text, secrets);
    // Of what is shown, since that is short: the rest is not told.
    (!says_secret(&line.replace(MASK, " "), secrets)).then_some(line)
}

fn masked(text: &str, secrets: Secrets<'_>) -> String {
    // Redacted before it is cut: half a secret is one too.
    let masked = mask_runs(&mask_known(text, secrets));
    let words: Vec<_> =
        masked.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()).collect();
    let words = words.join(" ");
    if words.chars().count() <= MAX_CHARS {
        return words;
    }
    words.chars().take(MAX_CHARS - 1).chain(['…']).collect()
}

/// A server's pointer to a field. Those that are made of known words and numbers stay as they are.
pub(crate) fn pointer(text: String, line: impl FnOnce(String) -> String) -> String {
    if FieldPath::parse(&text).is_some() { text } else { line(text) }
}

/// Whether this may spell a secret that is not known here: no plain words, or as many digits as no limit has.
pub(crate) fn may_spell(text: &str) -> bool {
    spellings::has_escapes(text) || text.bytes().filter(u8::is_ascii_digit).count() > MOST_DIGITS
}

/// Whether a part of this looks like a secret.
pub(crate) fn has_secret_looks(text: &str) -> bool {
    text.split(|c| !is_secret_char(c)).any(looks_secret)
}

fn mask_known(text: &str, secrets: Secrets<'_>) -> String {
    let mut all: Vec<_> = secrets.others.iter().chain([secrets.key]).collect();
    // The longest first: a shorter one may be a part of it.
    // Exposed to find and remove them, here and below.
    all.sort_by_key(|secret| std::cmp::Reverse(secret.expose_secret().len()));
    all.into_iter().map(SecretString::expose_secret).filter(|secret| !secret.is_empty()).fold(
        text.to_owned(),
        |text, secret| if text.contains(secret) { text.replace(secret, MASK) } else { text },
    )
}

fn mask_runs(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_secret_char) {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = rest.find(|c| !is_secret_char(c)).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        out.push_str(if looks_secret(run) { MASK } else { run });
        rest = after;
    }
    out.push_str(rest);
    out
}

fn is_secret_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '-' | '_')
}

/// Hex or base64 of some length. Plain words joined by `_`, `-` or `/` (codes, pointers) are not.
pub(crate) fn looks_secret(run: &str) -> bool {
    if run.len() < SECRET_LENGTH {
        return false;
    }
    let hex = run.bytes().all(|b| b.is_ascii_hexdigit());
    let one_case =
        !run.bytes().any(|b| b.is_ascii_uppercase()) || !run.bytes().any(|b| b.is_ascii_lowercase());
    let words = one_case && run.bytes().all(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b'-' | b'/'));
    hex || !words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with<T>(others: &[SecretString], what: impl FnOnce(Secrets<'_>) -> T) -> T {
        what(Secrets { key: &"demo-short!key".into(), others })
    }

    fn line(text: &str) -> String {
        with(&[], |secrets| super::line(text, secrets))
    }

    fn excerpt(body: &[u8]) -> Option<String> {
        with(&[], |secrets| super::excerpt(body, secrets))
    }

    #[test]
    fn the_key_and_what_looks_like_one_are_masked() {
        for (text, wanted) in [
            ("your key demo-short!key is wrong", "your key [masked] is wrong"),
            ("xdemo-short!keyx", "x[masked]x"),
            ("token 0123456789abcdef0123 is wrong", "token [masked] is wrong"),
            ("deadbeefdeadbeefdeadbeef", "[masked]"),
            ("\"QUJDREVGR0hJSktMTU5PUFFSU1RVVg==\"", "\"[masked]\""),
            ("eyJhbGciOi.eyJzdWIiOiIxMjM0NTY3ODkw.x", "eyJhbGciOi.[masked].x"),
            ("0123456789abcdef012", "0123456789abcdef012"),
            (
                "permission_api_access /data/attributes/last-used-on",
                "permission_api_access /data/attributes/last-used-on",
            ),
            ("  two\n\tlines\0here ", "two lines here"),
        ] {
            assert_eq!(line(text), wanted);
        }
    }

    #[test]
    fn cut_after_masking_at_200_characters() {
        let text = format!("{}{}", "ä ".repeat(95), "0123456789abcdef".repeat(20));
        let cut = line(&text);
        assert!(cut.chars().count() <= MAX_CHARS && !cut.contains("0123"), "{cut}");
        let long = line(&"ab ".repeat(200));
        assert_eq!((long.chars().count(), long.ends_with('…')), (MAX_CHARS, true));
    }

    #[test]
    fn secrets_of_the_body_are_masked_and_its_excerpt_dropped() {
        let others: [SecretString; 3] = ["hunter".into(), "hunter2 \"x".into(), "".into()];
        let said = with(&others, |secrets| super::line("“hunter2 \"x” or hunter is too short", secrets));
        assert_eq!(said, "“[masked]” or [masked] is too short");
        assert_eq!(with(&others, |secrets| super::excerpt(b"hunter2 \\\"x", secrets)), None);
    }

    #[test]
    fn pointers_of_known_fields_stay() {
        let others: [SecretString; 2] = ["value".into(), "2".into()];
        for (given, wanted) in [
            ("/data/attributes/headers/2/value", "/data/attributes/headers/2/value"),
            ("/data/attributes/headers/value/2", "/data/attributes/headers/[masked]/[masked]"),
        ] {
            assert_eq!(
                with(&others, |secrets| pointer(given.to_owned(), |text| super::line(&text, secrets))),
                wanted
            );
        }
    }

    #[test]
    fn plain_words_spell_nothing() {
        for (text, wanted) in [
            ("name must have 1 to 100 characters", false),
            ("permission_api_access", false),
            ("no: %31%32", true),
            ("no: 31 32 33 34 61", true),
            ("no: \\u0031", true),
        ] {
            assert_eq!(may_spell(text), wanted, "{text}");
        }
        for (text, wanted) in [
            ("https://login.example.com:8443", false),
            ("https://192.168.100.200:8443", false),
            ("https://0123456789abcdef0123.example.com", true),
        ] {
            assert_eq!(has_secret_looks(text), wanted, "{text}");
        }
    }

    #[test]
    fn bodies() {
        assert_eq!(excerpt(b""), None);
        assert_eq!(excerpt(b" \n"), None);
        assert_eq!(excerpt(&[0xff, b'a']).as_deref(), Some("\u{fffd}a"));
        let at_the_edge = [vec![b'.'; MAX_BYTES - 10], b"0123456789abcdef0123456789".to_vec()].concat();
        assert!(!excerpt(&at_the_edge).is_some_and(|e| e.contains("0123")));
    }
}
