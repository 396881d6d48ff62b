//! Secrets in a target URL: which parts look like some, and the URL without them, for lists and logs.

use super::target::authority;
use crate::redact::{MASK, looks_secret};
use percent_encoding::percent_decode_str;
use url::Url;

/// Parts of a parameter's name, without separators and in lower case, that say its value is a secret.
const SECRET_NAMES: [&str; 12] = [
    "token",
    "secret",
    "passw",
    "pwd",
    "apikey",
    "accesskey",
    "auth",
    "signature",
    "credential",
    "session",
    "jwt",
    "hmac",
];
/// The same, as a whole name: too common within others.
const SECRET_WHOLE_NAMES: [&str; 6] = ["key", "code", "sig", "pass", "pw", "sas"];
/// From this length on a part of a path may be random.
const RANDOM_LENGTH: usize = 20;
/// From this length on one word of it is, when letters and digits are mixed.
const RANDOM_WORD: usize = 16;

fn is_secret(name: &str, value: &str) -> bool {
    let plain: String = decoded(name).chars().filter(char::is_ascii_alphanumeric).collect();
    let plain = plain.to_ascii_lowercase();
    let named =
        SECRET_WHOLE_NAMES.contains(&plain.as_str()) || SECRET_NAMES.iter().any(|s| plain.contains(s));
    !value.is_empty() && (named || looks_secret(&decoded(value)))
}

fn decoded(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

/// The pairs of a query or fragment, as written.
fn pairs(text: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    text.split('&').map(|pair| pair.split_once('=').map_or((pair, None), |(name, value)| (name, Some(value))))
}

/// Query parameters of a URL that look as if they held secrets, each name once. One that is nothing but a secret has
/// no name to tell.
pub(super) fn query_secret_names(url: &Url) -> Vec<String> {
    let mut names = Vec::new();
    for (name, value) in pairs(url.query().unwrap_or_default()) {
        let name = match value {
            Some(value) if is_secret(name, value) => decoded(name),
            None if looks_secret(&decoded(name)) => MASK.to_owned(),
            _ => continue,
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// What of a target URL must not be quoted: secrets of its query, as written and decoded.
pub(crate) fn query_secret_values(text: &str) -> Vec<String> {
    let query = text.split_once('?').map_or("", |(_, query)| query);
    let mut values = Vec::new();
    for (name, value) in pairs(query) {
        let value = match value {
            Some(value) if is_secret(name, value) => value,
            None if looks_secret(&decoded(name)) => name,
            _ => continue,
        };
        values.extend([value.to_owned(), decoded(value)]);
    }
    values
}

/// A target URL for lists and logs: credentials, what looks like a secret in the query, and random-looking parts of
/// the path are masked. The rest stays as it is written.
#[must_use]
pub fn masked(text: &str) -> String {
    let text = text.trim();
    let Some((scheme, rest)) = text.split_once("://") else {
        // Not a URL: nothing says which part of it is none of anybody's business.
        return if text.is_empty() { String::new() } else { MASK.to_owned() };
    };
    let authority = authority(rest);
    let after = &rest[authority.len()..];
    let host = authority.rsplit_once('@').map_or(authority.to_owned(), |(_, host)| format!("{MASK}@{host}"));
    let (after, fragment) = after.split_once('#').map_or((after, None), |(a, f)| (a, Some(f)));
    let (path, query) = after.split_once('?').map_or((after, None), |(p, q)| (p, Some(q)));
    let path: Vec<_> = path.split('/').map(|part| if looks_random(part) { MASK } else { part }).collect();
    let mut out = format!("{scheme}://{host}{}", path.join("/"));
    for (sign, pairs) in [('?', query), ('#', fragment)] {
        if let Some(text) = pairs {
            out.push(sign);
            out.push_str(&masked_pairs(text));
        }
    }
    out
}

fn masked_pairs(text: &str) -> String {
    let masked = pairs(text).map(|(name, value)| match value {
        Some(value) if is_secret(name, value) => format!("{name}={MASK}"),
        Some(value) => format!("{name}={value}"),
        None if looks_secret(&decoded(name)) => MASK.to_owned(),
        None => name.to_owned(),
    });
    masked.collect::<Vec<_>>().join("&")
}

/// Whether a part of a path is an id that nobody could guess, such as a UUID, rather than words.
fn looks_random(part: &str) -> bool {
    let part = decoded(part);
    let is_separator = |c: char| matches!(c, '-' | '_' | '.' | '~' | ' ' | ':' | ',');
    let joined: String = part.chars().filter(|c| !is_separator(*c)).collect();
    if joined.len() < RANDOM_LENGTH {
        return false;
    }
    joined.bytes().all(|b| b.is_ascii_hexdigit())
        || part.split(is_separator).any(|word| {
            word.len() >= RANDOM_WORD
                && word.bytes().any(|b| b.is_ascii_digit())
                && word.bytes().any(|b| b.is_ascii_alphabetic())
        })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn secrets_are_masked_and_the_rest_stays() {
        for (text, wanted) in [
            ("https://example.com/hook", "https://example.com/hook"),
            ("https://example.com", "https://example.com"),
            (" HTTPS://Example.com:8443/A?b=c&d ", "HTTPS://Example.com:8443/A?b=c&d"),
            ("https://h/x?token=t&a=1", "https://h/x?token=[masked]&a=1"),
            ("https://h/x?a=1&API_Key=k#x", "https://h/x?a=1&API_Key=[masked]#x"),
            ("https://h?X-Amz-Signature=ab", "https://h?X-Amz-Signature=[masked]"),
            ("https://h?access%5Ftoken=ab", "https://h?access%5Ftoken=[masked]"),
            ("https://h?key=&code=1&keyboard=de", "https://h?key=&code=[masked]&keyboard=de"),
            ("https://h?id=0123456789abcdef0123", "https://h?id=[masked]"),
            ("https://h?0123456789abcdef0123", "https://h?[masked]"),
            ("https://h/x#access_token=1", "https://h/x#access_token=[masked]"),
            ("https://u:p@h/x", "https://[masked]@h/x"),
            ("https://u:p@q@h/x", "https://[masked]@h/x"),
            (
                "https://hooks.example/services/T01/B02/a1b2c3d4e5f6g7h8i9j0",
                "https://hooks.example/services/T01/B02/[masked]",
            ),
            ("https://h/550e8400-e29b-41d4-a716-446655440000/x", "https://h/[masked]/x"),
            (
                "https://h/planradar-ticket-created-handler-v2",
                "https://h/planradar-ticket-created-handler-v2",
            ),
            ("mailto:secret", "[masked]"),
            ("", ""),
        ] {
            assert_eq!(masked(text), wanted, "{text}");
        }
    }

    #[test]
    fn names_of_secrets() {
        let names = |text: &str| query_secret_names(&Url::parse(text).unwrap());
        assert_eq!(names("https://h/?a=1&token=x&Api-Key=y&token=z"), ["token", "Api-Key"]);
        assert_eq!(names("https://h/?s%C3%BCtoken=x"), ["sütoken"]);
        assert_eq!(names("https://h/?0123456789abcdef0123"), ["[masked]"]);
        assert!(names("https://h/?token=&page=2#token=x").is_empty());
        assert_eq!(query_secret_values("https://h/?a=1&token=x%2By"), ["x%2By", "x+y"]);
    }

    proptest! {
        #[test]
        fn no_secret_of_a_query_comes_through(
            name in proptest::sample::select(vec!["token", "api_key", "Access-Token", "sig", "client%5Fsecret", "password"]),
            secret in "[G-Z]{6,30}",
            before in "[a-f]{0,5}",
            fragment: bool,
        ) {
            let sign = if fragment { '#' } else { '?' };
            let url = format!("https://example.com/{before}{sign}{before}=1&{name}={secret}&z");
            let shown = masked(&url);
            prop_assert!(!shown.contains(&secret), "{}", shown);
            let end = format!("{name}=[masked]&z");
            prop_assert!(shown.ends_with(&end), "{}", shown);
            // Once masked, it stays as it is.
            prop_assert_eq!(masked(&shown), shown);
        }

        #[test]
        fn credentials_never_come_through(user in "[G-Z]{4,12}", password in "[G-Z:@]{4,12}", rest in "[/?#]?[a-z]{0,5}") {
            let shown = masked(&format!("https://{user}:{password}@h{rest}"));
            prop_assert!(shown.starts_with("https://[masked]@h"), "{}", shown);
            prop_assert!(!shown.contains(&user) && !shown.contains(password.trim_matches(['@', ':'])) || password.trim_matches(['@', ':']).is_empty());
        }

        #[test]
        fn anything_can_be_masked(text in "\\PC{0,60}") {
            let shown = masked(&text);
            prop_assert_eq!(masked(&shown), shown);
            query_secret_values(&text);
        }
    }
}
