//! Operations: nothing is half done and forgotten.
//!
//! Every write goes through the journal in gatehouse.db: planned → sent → answered → stored → done, or
//! unknown. The intent is on disk before the request leaves; at start whatever is open is resumed, checked
//! against the server, or shown.

mod journal;
mod reconcile;
mod start;
mod types;
mod view;

pub(crate) use journal::{Data, Op, Seen};
pub use types::{LostAnswer, OperationKind, OperationState, OperationView, Replacement};
