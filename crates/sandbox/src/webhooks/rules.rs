//! What a webhook's fields may be. Assumed (no public documentation), and stricter than HTTP.

use axum::http::HeaderName;
use url::Url;

const LONGEST_TARGET: usize = 2048;
const LONGEST_NAME: usize = 256;
const LONGEST_VALUE: usize = 4096;

/// Names the sender of a delivery sets itself, or that steer the connection.
const RESERVED: [&str; 10] = [
    "connection",
    "content-length",
    "content-type",
    "expect",
    "host",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
];

/// Reads a target URL. The error is what to say of it.
pub(crate) fn target(text: &str) -> Result<Url, &'static str> {
    const NOT_A_URL: &str = "must be an absolute URL such as https://example.com/hook";
    if text.len() > LONGEST_TARGET {
        return Err("must have at most 2048 characters");
    }
    // The URL standard would drop or bend these: where it goes must be what was written.
    if text.chars().any(|c| c == '\\' || c.is_whitespace() || c.is_control()) {
        return Err("must not contain spaces, control characters or backslashes");
    }
    let (scheme, rest) = text.split_once("://").ok_or(NOT_A_URL)?;
    if !["https", "http"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
        return Err("must begin with https:// or http://");
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err("must not contain a user name or password: use HTTP Basic");
    }
    let url = Url::parse(text).map_err(|_| NOT_A_URL)?;
    let has_port = url.port_or_known_default().is_some_and(|port| port != 0);
    if authority.is_empty() || !url.has_host() || !has_port { Err(NOT_A_URL) } else { Ok(url) }
}

/// Whether two targets have the same scheme, host and port: only then may a stored secret be kept.
pub(crate) fn same_destination(a: &Url, b: &Url) -> bool {
    a.origin() == b.origin()
}

pub(crate) fn header_name(name: &str) -> Result<(), &'static str> {
    if name.is_empty() || name.len() > LONGEST_NAME {
        return Err("must have 1 to 256 characters");
    }
    if HeaderName::from_bytes(name.as_bytes()).is_err() {
        return Err("may have letters, digits and ! # $ % & ' * + - . ^ _ ` | ~ only");
    }
    let lower = name.to_ascii_lowercase();
    if RESERVED.contains(&lower.as_str()) || lower.starts_with("proxy-") {
        return Err("is set by the sender itself");
    }
    Ok(())
}

pub(crate) fn header_value(value: &str) -> Result<(), &'static str> {
    if value.is_empty() || value.len() > LONGEST_VALUE {
        return Err("must have 1 to 4096 characters");
    }
    let outer_space = value.starts_with(' ') || value.ends_with(' ');
    if outer_space || value.bytes().any(|b| b != b' ' && !b.is_ascii_graphic()) {
        return Err("may have visible ASCII characters, and spaces between them, only");
    }
    Ok(())
}

pub(crate) fn username(name: &str) -> Result<(), &'static str> {
    password(name)?;
    if name.contains(':') {
        Err("must not contain a colon: HTTP Basic ends the user name there")
    } else {
        Ok(())
    }
}

pub(crate) fn password(text: &str) -> Result<(), &'static str> {
    if text.is_empty() || text.chars().count() > LONGEST_VALUE {
        return Err("must have 1 to 4096 characters");
    }
    if text.chars().any(char::is_control) {
        return Err("must not contain control characters");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn the_destination_is_scheme_host_and_port() {
        let same = |a, b| same_destination(&target(a).unwrap(), &target(b).unwrap());
        for other in ["https://EXAMPLE.com/b?c#d", "https://example.com:443", "HTTPS://example.com/"] {
            assert!(same("https://example.com/a", other), "{other}");
        }
        for other in [
            "http://example.com/a",
            "https://example.com:444/a",
            "https://example.org/a",
            "https://example.com./a",
            "http://example.com:443/a",
        ] {
            assert!(!same("https://example.com/a", other), "{other}");
        }
        assert!(same("https://bücher.example/", "https://xn--bcher-kva.example/"));
    }
}
