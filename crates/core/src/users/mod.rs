//! Users: list, search, grant and revoke 'API Access', other users' tokens, cutting off access.

mod cached;
mod create;
mod cut_off;
mod inventory;
mod inventory_export;
mod list;
mod loaded;
mod set_api;
mod tokens;
mod types;
mod writes;

pub(crate) use cached::CachedUser;
pub use inventory::{Inventory, InventoryRow, InventoryWhom};
pub(crate) use inventory::{ask_for, room_to_ask};
pub(crate) use list::Read;
pub(crate) use set_api::Wanted;
pub use types::*;
pub(crate) use writes::Writes;
