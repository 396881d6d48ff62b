//! A webhook as the server has it.

use super::unknown::Unknown;
use crate::json::Moment;
use crate::webhook_rules::masked;
use jiff::Timestamp;
use std::fmt;

/// A webhook. Hidden values are never part of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Webhook {
    /// The server's id.
    pub id: String,
    /// As people described it.
    pub description: String,
    /// Whether it delivers.
    pub active: bool,
    /// Where deliveries go, as the server has it. Its query may hold a secret: see [`crate::webhook_rules::masked`].
    pub target_url: String,
    /// `None`: all projects, also future ones.
    pub project_ids: Option<Vec<String>>,
    /// Names of its events, also such that the server's catalogue doesn't have.
    pub events: Vec<String>,
    /// How it authenticates.
    pub authentication: Authentication,
    /// Headers, in their order.
    pub headers: Vec<Header>,
    /// `None`: the server doesn't say.
    pub created_on: Option<Timestamp>,
    /// When it was last changed.
    pub updated_on: Moment,
    /// What this program doesn't know, to be sent back as it came.
    pub unknown: Unknown,
}

/// How a webhook authenticates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Authentication {
    /// Not at all.
    None,
    /// HTTP Basic. The password is never told.
    Basic {
        /// User name.
        username: String,
    },
    /// In a way that this program doesn't know. What came is in [`Webhook::unknown`].
    Other,
}

/// A header that deliveries have.
#[derive(Clone, PartialEq, Eq)]
pub struct Header {
    /// Its name, case kept.
    pub name: String,
    /// Whether its value is never told.
    pub hidden: bool,
    /// `None` when hidden, and where the server doesn't say.
    pub value: Option<String>,
}

/// With secrets of the URL masked.
impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhook")
            .field("id", &self.id)
            .field("description", &self.description)
            .field("active", &self.active)
            .field("target_url", &masked(&self.target_url))
            .field("project_ids", &self.project_ids)
            .field("events", &self.events)
            .field("authentication", &self.authentication)
            .field("headers", &self.headers)
            .field("created_on", &self.created_on)
            .field("updated_on", &self.updated_on)
            .field("unknown", &self.unknown)
            .finish()
    }
}

/// Without the value: a visible one, too, is nothing for logs.
impl fmt::Debug for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Header({:?}, {})", self.name, if self.hidden { "hidden" } else { "visible" })
    }
}
