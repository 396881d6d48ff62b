//! Where in a webhook a field is: a server's JSON pointer, typed.

use std::fmt;

/// A field of a webhook. Indexes count from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FieldPath {
    /// The webhook as a whole, or what of it this program doesn't know.
    Whole,
    /// The description.
    Description,
    /// Whether it delivers.
    Active,
    /// The target URL.
    TargetUrl,
    /// The projects as a whole.
    Projects,
    /// One project.
    Project(usize),
    /// The events as a whole.
    Events,
    /// One event.
    Event(usize),
    /// The authentication as a whole, or its type.
    Authentication,
    /// The user name of HTTP Basic.
    Username,
    /// The password of HTTP Basic.
    Password,
    /// The headers as a whole.
    Headers,
    /// One header as a whole.
    Header(usize),
    /// A header's name.
    HeaderName(usize),
    /// A header's value.
    HeaderValue(usize),
    /// Whether a header's value is hidden.
    HeaderHidden(usize),
}

impl FieldPath {
    /// Reads a pointer such as `/data/attributes/headers/2/value`. Keys may be dashed or underscored, and what leads
    /// to the attributes may be missing.
    #[must_use]
    pub fn parse(pointer: &str) -> Option<Self> {
        if pointer == "/data/attributes" {
            return Some(Self::Whole);
        }
        let rest =
            ["/data/attributes/", "/attributes/", "/"].iter().find_map(|root| pointer.strip_prefix(root));
        let rest = rest.unwrap_or(pointer);
        let mut parts = rest.split('/');
        let key = parts.next()?;
        let parts = [parts.next(), parts.next(), parts.next()];
        Some(match (key, parts) {
            ("description", [None, ..]) => Self::Description,
            ("active", [None, ..]) => Self::Active,
            ("target-url" | "target_url", [None, ..]) => Self::TargetUrl,
            ("project-ids" | "project_ids", [None, ..]) => Self::Projects,
            ("project-ids" | "project_ids", [Some(at), None, _]) => Self::Project(index(at)?),
            ("events", [None, ..]) => Self::Events,
            ("events", [Some(at), None, _]) => Self::Event(index(at)?),
            ("authentication", [None | Some("type"), None, _]) => Self::Authentication,
            ("authentication", [Some("username"), None, _]) => Self::Username,
            ("authentication", [Some("password"), None, _]) => Self::Password,
            ("headers", [None, ..]) => Self::Headers,
            ("headers", [Some(at), None, _]) => Self::Header(index(at)?),
            ("headers", [Some(at), Some("name"), None]) => Self::HeaderName(index(at)?),
            ("headers", [Some(at), Some("value"), None]) => Self::HeaderValue(index(at)?),
            ("headers", [Some(at), Some("hidden"), None]) => Self::HeaderHidden(index(at)?),
            _ => return None,
        })
    }

    /// As a server's pointer: `/data/attributes/headers/2/value`.
    #[must_use]
    pub fn pointer(self) -> String {
        match self {
            Self::Whole => "/data/attributes".to_owned(),
            field => format!("/data/attributes/{field}"),
        }
    }
}

/// As the pointer within the attributes: `headers/2/value`. Empty for the whole.
impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => Ok(()),
            Self::Description => f.write_str("description"),
            Self::Active => f.write_str("active"),
            Self::TargetUrl => f.write_str("target-url"),
            Self::Projects => f.write_str("project-ids"),
            Self::Project(at) => write!(f, "project-ids/{at}"),
            Self::Events => f.write_str("events"),
            Self::Event(at) => write!(f, "events/{at}"),
            Self::Authentication => f.write_str("authentication"),
            Self::Username => f.write_str("authentication/username"),
            Self::Password => f.write_str("authentication/password"),
            Self::Headers => f.write_str("headers"),
            Self::Header(at) => write!(f, "headers/{at}"),
            Self::HeaderName(at) => write!(f, "headers/{at}/name"),
            Self::HeaderValue(at) => write!(f, "headers/{at}/value"),
            Self::HeaderHidden(at) => write!(f, "headers/{at}/hidden"),
        }
    }
}

/// An index as JSON pointers write it. Five digits are more than any list here has.
fn index(text: &str) -> Option<usize> {
    let plain = (1..=5).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if plain && (text == "0" || !text.starts_with('0')) { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use FieldPath as P;

    const ALL: [FieldPath; 15] = [
        P::Description,
        P::Active,
        P::TargetUrl,
        P::Projects,
        P::Project(0),
        P::Events,
        P::Event(17),
        P::Authentication,
        P::Username,
        P::Password,
        P::Headers,
        P::Header(3),
        P::HeaderName(0),
        P::HeaderValue(2),
        P::HeaderHidden(99_999),
    ];

    #[test]
    fn every_path_is_read_back_from_each_of_its_forms() {
        for path in ALL {
            for form in [
                path.pointer(),
                path.to_string(),
                format!("/{path}"),
                format!("/attributes/{path}"),
                path.pointer().replace('-', "_"),
            ] {
                assert_eq!(P::parse(&form), Some(path), "{form}");
            }
        }
        assert_eq!(P::parse(&P::Whole.pointer()), Some(P::Whole));
        assert_eq!(P::HeaderValue(2).pointer(), "/data/attributes/headers/2/value");
        assert_eq!(P::parse("/data/attributes/authentication/type"), Some(P::Authentication));
    }

    #[test]
    fn others_are_not_guessed_at() {
        for pointer in [
            "",
            "/",
            "/data",
            "/data/attributes/",
            "/data/attributes/name",
            "/data/attributesheaders",
            "/data/attributes/headers/2/value/x",
            "/data/attributes/headers/2/value/",
            "/data/attributes/headers/-1/value",
            "/data/attributes/headers/02/value",
            "/data/attributes/headers/123456/value",
            "/data/attributes/headers//value",
            "/data/attributes/headers/x",
            "/data/attributes/events/0/name",
            "/data/attributes/description/x",
            "headers/2/value ",
        ] {
            assert_eq!(P::parse(pointer), None, "{pointer}");
        }
    }
}
