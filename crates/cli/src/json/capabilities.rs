//! What the server was found to offer.

use super::{Document, common::Offer, schema};
use gatehouse_core::routes::{RouteRow, RouteVerdict};
use schemars::JsonSchema;
use serde::Serialize;

/// The commands.
pub const DOCUMENTS: &[Document] = &[Document { command: "capabilities", schema: schema::<Capabilities> }];

/// `capabilities`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Capabilities {
    /// All routes that Gatehouse uses.
    pub routes: Vec<Route>,
}

/// One route.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Route {
    /// Such as `tokens.list`.
    pub name: String,
    /// Such as `GET`.
    pub method: String,
    /// Its path, the account's own override if there is one.
    pub path: String,
    /// Whether that is an override.
    pub overridden: bool,
    /// Documented by PlanRadar, or assumed by Gatehouse.
    pub documented: bool,
    /// What the server said last.
    pub offer: Offer,
    /// RFC 3339 of that; null = never asked.
    pub checked_at: Option<String>,
}

impl From<RouteRow> for Route {
    fn from(row: RouteRow) -> Self {
        Self {
            name: row.name,
            method: row.method,
            overridden: row.override_template.is_some(),
            path: row.override_template.unwrap_or(row.template),
            documented: row.documented,
            offer: match row.verdict {
                RouteVerdict::Unknown => Offer::Unknown,
                RouteVerdict::Offered => Offer::Offered,
                RouteVerdict::NotOffered => Offer::NotOffered,
                RouteVerdict::Refused => Offer::Refused,
            },
            checked_at: row.checked_at,
        }
    }
}
