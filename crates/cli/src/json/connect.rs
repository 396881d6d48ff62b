//! PlanRadar Connect.

use super::{Answer, Document, common::Offer, schema};
use gatehouse_core::connect::{ConnectState, ConnectView};
use schemars::JsonSchema;
use serde::Serialize;

/// The area's commands.
pub const DOCUMENTS: &[Document] = &[
    Document { command: "connect status", schema: schema::<Connect> },
    Document { command: "connect request", schema: schema::<Answer<Connect>> },
];

/// How the account stands.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Connect {
    /// Whether the server offers it.
    pub offer: Offer,
    /// `not_requested`, `requested`, `in_review`, `granted`, `declined`, or PlanRadar's word; null = never learned.
    pub state: Option<String>,
    /// RFC 3339; null = never, or not told.
    pub requested_on: Option<String>,
    /// RFC 3339; null = not yet, or not told.
    pub decided_on: Option<String>,
    /// What PlanRadar's people say.
    pub note: Option<String>,
    /// RFC 3339: when that was learned; null = never.
    pub as_of: Option<String>,
    /// Whether the answer to a request was lost: it may have been made.
    pub unsettled: bool,
}

impl From<ConnectView> for Connect {
    fn from(view: ConnectView) -> Self {
        let status = view.status;
        Self {
            offer: (&view.state).into(),
            state: status.as_ref().map(|s| word(&s.state)),
            requested_on: status.as_ref().and_then(|s| s.requested_on.clone()),
            decided_on: status.as_ref().and_then(|s| s.decided_on.clone()),
            note: status.and_then(|s| s.note),
            as_of: view.as_of,
            unsettled: view.unsettled.is_some(),
        }
    }
}

fn word(state: &ConnectState) -> String {
    match state {
        ConnectState::NotRequested => "not_requested",
        ConnectState::Requested => "requested",
        ConnectState::InReview => "in_review",
        ConnectState::Granted => "granted",
        ConnectState::Declined => "declined",
        ConnectState::Other { word } => word,
    }
    .to_owned()
}
