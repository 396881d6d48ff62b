//! The request limit.

use super::{Answer, Document, schema};
use gatehouse_core::limit::LimitView;
use schemars::JsonSchema;
use serde::Serialize;

/// The area's commands.
pub const DOCUMENTS: &[Document] = &[
    Document { command: "limit status", schema: schema::<Limit> },
    Document { command: "limit set", schema: schema::<Answer<Limit>> },
];

/// `limit status`: an estimate, because other programs use the account unseen.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Limit {
    /// Requests the account has per minute.
    pub limit: u32,
    /// The most that this computer uses of them.
    pub share: u32,
    /// Those that are taken now.
    pub used: u32,
    /// Those of the share that are free now.
    pub free: u32,
    /// Milliseconds until the next is free; null when none is taken.
    pub next_free_in_ms: Option<u32>,
    /// RFC 3339: the account is paused until then; null = it is not.
    pub paused_until: Option<String>,
    /// False: the limit's file can't be used, nothing is sent.
    pub available: bool,
}

impl From<LimitView> for Limit {
    fn from(view: LimitView) -> Self {
        Self {
            limit: view.limit,
            share: view.share,
            used: view.used,
            free: view.free,
            next_free_in_ms: view.next_free_in_ms,
            paused_until: view.paused_until,
            available: view.available,
        }
    }
}
