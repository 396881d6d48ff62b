//! A file of webhooks, read: variables filled in, everything with its place.

use super::yaml::At;

/// What stands at a place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Placed<T> {
    pub at: At,
    pub is: T,
}

/// One webhook of the file.
#[derive(Clone, Debug)]
pub(super) struct FileWebhook {
    pub at: At,
    pub id: Option<Placed<String>>,
    pub description: Placed<String>,
    pub was: Option<Placed<String>>,
    pub target_url: Placed<String>,
    pub active: bool,
    /// `None`: all.
    pub projects: Placed<Option<Vec<String>>>,
    pub events: Placed<Vec<String>>,
    pub authentication: FileAuthentication,
    pub headers: Vec<FileHeader>,
}

/// How it authenticates.
#[derive(Clone, Debug)]
pub(super) enum FileAuthentication {
    None,
    /// As PlanRadar has it, in a way that this program doesn't know.
    Unchanged(At),
    Basic {
        username: Placed<String>,
        password: FileHidden,
    },
}

/// A header.
#[derive(Clone, Debug)]
pub(super) struct FileHeader {
    pub name: Placed<String>,
    pub value: FileValue,
}

/// Its value.
#[derive(Clone, Debug)]
pub(super) enum FileValue {
    Visible(Placed<String>),
    Hidden(FileHidden),
}

/// A hidden value: where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FileHidden {
    pub at: At,
    pub reference: Reference,
    pub version: Option<u32>,
}

/// Where a hidden value comes from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reference {
    /// The account's value of this name in the keychain.
    Keychain(String),
    /// Given with the file, by this name.
    Stdin(String),
}

impl std::fmt::Display for Reference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Keychain(name) => write!(f, "keychain:{name}"),
            Self::Stdin(name) => write!(f, "stdin:{name}"),
        }
    }
}

/// What a `stdin` without a name is called: `Tickets to the ERP/X-Key`.
pub(super) fn stdin_name(description: &str, header: &str) -> String {
    format!("{description}/{header}")
}

/// The longest name of a value.
const LONGEST_NAME: usize = 64;

/// Whether a value of the keychain may be called so.
pub(super) fn is_value_name(name: &str) -> bool {
    let first = name.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric() || b == b'_');
    let all = name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'));
    first && all && name.len() <= LONGEST_NAME
}

impl FileWebhook {
    /// Hidden values, by the names they have in the window.
    pub fn hidden(&self) -> impl Iterator<Item = (&str, &FileHidden)> {
        let headers = self.headers.iter().filter_map(|h| match &h.value {
            FileValue::Hidden(hidden) => Some((h.name.is.as_str(), hidden)),
            FileValue::Visible(_) => None,
        });
        let password = match &self.authentication {
            FileAuthentication::Basic { password, .. } => Some((crate::webhooks::plan::PASSWORD, password)),
            _ => None,
        };
        headers.chain(password)
    }

    /// Where one of the editor's fields stands.
    pub fn at_of(&self, field: &str) -> At {
        match field {
            "description" => self.description.at,
            "target_url" => self.target_url.at,
            "projects" => self.projects.at,
            "events" => self.events.at,
            "username" | "password" => match &self.authentication {
                FileAuthentication::Basic { username, .. } if field == "username" => username.at,
                FileAuthentication::Basic { password, .. } => password.at,
                _ => self.at,
            },
            _ => self.at_of_header(field).unwrap_or(self.at),
        }
    }

    /// `headers/2/name`, `headers/2/value`.
    fn at_of_header(&self, field: &str) -> Option<At> {
        let (index, part) = field.strip_prefix("headers/")?.split_once('/')?;
        let header = self.headers.get(index.parse::<usize>().ok()?)?;
        Some(match &header.value {
            _ if part == "name" => header.name.at,
            FileValue::Visible(value) => value.at,
            FileValue::Hidden(hidden) => hidden.at,
        })
    }
}
