//! Webhooks: list, edit with a plan of what will change, pause, duplicate, delete, deliveries.
//!
//! A hidden value is `Keep`, `Kept`, `Replace` or left out, never a placeholder text: what is masked can't be
//! sent back.

mod bulk;
mod by_hand;
mod cached;
mod catalogue;
mod code;
mod form;
mod hidden;
mod list;
mod plan;
mod plan_types;
mod reconcile;
mod save;
mod types;

pub(crate) use code::Import;
pub use code::*;
pub(crate) use hidden::{count_kept, hidden_entries};
pub(crate) use list::changes_of;
pub use plan_types::*;
pub use types::*;
