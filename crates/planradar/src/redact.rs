//! Takes out of a server's words what might be a secret.

use secrecy::{ExposeSecret, SecretString};

/// The longest excerpt, in characters.
const MAX_CHARS: usize = 200;
/// How much of a body is looked at for an excerpt, in bytes.
const MAX_BYTES: usize = 4096;
/// From this length on, a run of hex or base64 characters is taken for a secret.
const SECRET_LENGTH: usize = 20;
const MASK: &str = "[masked]";

/// A short, redacted piece of an answer's body, on one line. `None` when nothing readable is in it.
pub(crate) fn excerpt(body: &[u8], key: &SecretString) -> Option<String> {
    let text = String::from_utf8_lossy(&body[..body.len().min(MAX_BYTES)]);
    let text = line(&text, key);
    if text.is_empty() { None } else { Some(text) }
}

/// A server's words on one line, redacted, at most 200 characters.
pub(crate) fn line(text: &str, key: &SecretString) -> String {
    // Redacted before it is cut: half a secret is one too.
    let masked = mask_runs(&mask_key(text, key));
    let words: Vec<_> =
        masked.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()).collect();
    let words = words.join(" ");
    if words.chars().count() <= MAX_CHARS {
        return words;
    }
    words.chars().take(MAX_CHARS - 1).chain(['…']).collect()
}

fn mask_key(text: &str, key: &SecretString) -> String {
    // Exposed to find and remove it.
    let key = key.expose_secret();
    if key.is_empty() { text.to_owned() } else { text.replace(key, MASK) }
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
fn looks_secret(run: &str) -> bool {
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

    fn key() -> SecretString {
        "demo-short!key".into()
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
            assert_eq!(line(text, &key()), wanted);
        }
    }

    #[test]
    fn cut_after_masking_at_200_characters() {
        let text = format!("{}{}", "ä ".repeat(95), "0123456789abcdef".repeat(20));
        let cut = line(&text, &key());
        assert!(cut.chars().count() <= MAX_CHARS && !cut.contains("0123"), "{cut}");
        let long = line(&"ab ".repeat(200), &key());
        assert_eq!((long.chars().count(), long.ends_with('…')), (MAX_CHARS, true));
    }

    #[test]
    fn bodies() {
        assert_eq!(excerpt(b"", &key()), None);
        assert_eq!(excerpt(b" \n", &key()), None);
        assert_eq!(excerpt(&[0xff, b'a'], &key()).as_deref(), Some("\u{fffd}a"));
        let at_the_edge = [vec![b'.'; MAX_BYTES - 10], b"0123456789abcdef0123456789".to_vec()].concat();
        assert!(!excerpt(&at_the_edge, &key()).is_some_and(|e| e.contains("0123")));
    }
}
