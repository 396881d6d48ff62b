//! Tokens (Mine): list, create, keep, copy, verify, replace, delete.

mod types;

pub use types::{CloseHow, Copied, CreatedToken, Kept, Own, ReplacementRole, TokenRow, TokenUse, TokensState, TokensView};
