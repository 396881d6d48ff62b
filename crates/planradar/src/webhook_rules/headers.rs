//! Headers, and the credentials of HTTP Basic.

use http::HeaderName;
use std::collections::HashSet;

/// The longest name of a header, in characters.
pub const MAX_HEADER_NAME: usize = 256;
/// The longest value of a header, in characters.
pub const MAX_HEADER_VALUE: usize = 4096;
/// The longest user name or password of HTTP Basic, in characters.
pub const MAX_CREDENTIAL: usize = 4096;

/// Names that the sender of a delivery sets itself, or that steer the connection. Lower case.
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
const RESERVED_PREFIX: &str = "proxy-";
const AUTHORIZATION: &str = "authorization";

/// Why a header's name or value is refused. Never holds either.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum HeaderProblem {
    /// Nothing was given.
    #[error("it is empty")]
    Empty,
    /// More characters than [`MAX_HEADER_NAME`] or [`MAX_HEADER_VALUE`].
    #[error(
        "it is too long: a header's name has at most {MAX_HEADER_NAME} characters, its value {MAX_HEADER_VALUE}"
    )]
    TooLong,
    /// A name with characters that HTTP does not allow there.
    #[error("a header's name has only letters, digits and ! # $ % & ' * + - . ^ _ ` | ~")]
    NameCharacters,
    /// A value with line breaks, tabs, other control characters or letters beyond ASCII.
    #[error("a header's value has only visible ASCII characters and spaces between them")]
    ValueCharacters,
    /// Blanks at the beginning or end, which servers drop or refuse.
    #[error("it begins or ends with a space")]
    OuterSpace,
    /// A value of only mask characters: it was masked, or is a placeholder.
    #[error("these are only mask characters, not the value itself")]
    Masked,
    /// A name that the sender sets itself.
    #[error("this header is set by the sender itself")]
    Reserved,
    /// A name that an earlier header has, ignoring case.
    #[error("there is another header of this name")]
    Duplicate,
    /// `Authorization` beside HTTP Basic, which is that header.
    #[error("HTTP Basic sets this header already")]
    AuthorizationBesideBasic,
}

/// Why a user name or password is refused. Never holds either.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum CredentialProblem {
    /// Nothing was given.
    #[error("it is empty")]
    Empty,
    /// More characters than [`MAX_CREDENTIAL`].
    #[error("it has more than {MAX_CREDENTIAL} characters")]
    TooLong,
    /// A user name with ':', where HTTP Basic takes the password to begin.
    #[error("a user name can't have a colon: HTTP Basic takes what follows for the password")]
    Colon,
    /// Line breaks, tabs or other control characters.
    #[error("it has line breaks, tabs or other control characters")]
    Control,
    /// A password of only mask characters: it was masked, or is a placeholder.
    #[error("these are only mask characters, not the password itself")]
    Masked,
}

/// The part of a header that a problem is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HeaderPart {
    /// Its name.
    Name,
    /// Its value.
    Value,
}

/// A problem of one header of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HeaderRowProblem {
    /// Which header, from 0.
    pub index: usize,
    /// Which part of it.
    pub part: HeaderPart,
    /// What is wrong.
    pub problem: HeaderProblem,
}

/// Whether a webhook may set a header of this name. Its case is kept, so it does not matter here.
pub fn check_header_name(name: &str) -> Result<(), HeaderProblem> {
    if name.is_empty() {
        return Err(HeaderProblem::Empty);
    }
    if name.chars().count() > MAX_HEADER_NAME {
        return Err(HeaderProblem::TooLong);
    }
    if name.starts_with(' ') || name.ends_with(' ') {
        return Err(HeaderProblem::OuterSpace);
    }
    if HeaderName::from_bytes(name.as_bytes()).is_err() {
        return Err(HeaderProblem::NameCharacters);
    }
    let lower = name.to_ascii_lowercase();
    if RESERVED.contains(&lower.as_str()) || lower.starts_with(RESERVED_PREFIX) {
        return Err(HeaderProblem::Reserved);
    }
    Ok(())
}

/// Whether a header may have this value.
pub fn check_header_value(value: &str) -> Result<(), HeaderProblem> {
    if value.is_empty() {
        return Err(HeaderProblem::Empty);
    }
    // Before the characters: the dots of a mask are none of ASCII, and that is not what is wrong with them.
    if looks_masked(value) {
        return Err(HeaderProblem::Masked);
    }
    if value.bytes().any(|b| b != b' ' && !b.is_ascii_graphic()) {
        return Err(HeaderProblem::ValueCharacters);
    }
    if value.starts_with(' ') || value.ends_with(' ') {
        return Err(HeaderProblem::OuterSpace);
    }
    if value.len() > MAX_HEADER_VALUE {
        return Err(HeaderProblem::TooLong);
    }
    Ok(())
}

/// What is wrong with a list of names, each index at most once. `basic`: HTTP Basic is set as well.
#[must_use]
pub fn check_header_names<T: AsRef<str>>(names: &[T], basic: bool) -> Vec<(usize, HeaderProblem)> {
    let mut seen = HashSet::new();
    let check = |name: &str| {
        // Also noted when it is refused for something else, so that the second one says both were there.
        let new = seen.insert(name.to_ascii_lowercase());
        check_header_name(name)?;
        if basic && name.eq_ignore_ascii_case(AUTHORIZATION) {
            return Err(HeaderProblem::AuthorizationBesideBasic);
        }
        if new { Ok(()) } else { Err(HeaderProblem::Duplicate) }
    };
    names
        .iter()
        .map(AsRef::as_ref)
        .map(check)
        .enumerate()
        .filter_map(|(at, r)| Some((at, r.err()?)))
        .collect()
}

/// What is wrong with a list of headers, in its order; `None` = a value that is kept and not known here.
#[must_use]
pub fn check_headers(headers: &[(&str, Option<&str>)], basic: bool) -> Vec<HeaderRowProblem> {
    let names: Vec<_> = headers.iter().map(|(name, _)| *name).collect();
    let names = check_header_names(&names, basic).into_iter();
    let values = headers.iter().enumerate().filter_map(|(index, (_, value))| {
        let problem = check_header_value((*value)?).err()?;
        Some(HeaderRowProblem { index, part: HeaderPart::Value, problem })
    });
    let names = names.map(|(index, problem)| HeaderRowProblem { index, part: HeaderPart::Name, problem });
    let mut all: Vec<_> = names.chain(values).collect();
    all.sort_by_key(|found| found.index);
    all
}

/// Whether HTTP Basic can have this user name.
pub fn check_username(username: &str) -> Result<(), CredentialProblem> {
    check_credential(username)?;
    if username.contains(':') { Err(CredentialProblem::Colon) } else { Ok(()) }
}

/// Whether HTTP Basic can have this password.
pub fn check_password(password: &str) -> Result<(), CredentialProblem> {
    check_credential(password)?;
    if looks_masked(password) { Err(CredentialProblem::Masked) } else { Ok(()) }
}

fn check_credential(text: &str) -> Result<(), CredentialProblem> {
    if text.is_empty() {
        return Err(CredentialProblem::Empty);
    }
    if text.chars().any(char::is_control) {
        return Err(CredentialProblem::Control);
    }
    if text.chars().count() > MAX_CREDENTIAL {
        return Err(CredentialProblem::TooLong);
    }
    Ok(())
}

/// Whether a value is made of only mask characters (`*`, `•`, `.`, `●`), spaces around it aside.
#[must_use]
pub fn looks_masked(value: &str) -> bool {
    let value = value.trim_matches(' ');
    !value.is_empty() && value.chars().all(|c| matches!(c, '*' | '•' | '.' | '●'))
}

#[cfg(test)]
#[path = "headers_tests.rs"]
mod tests;
