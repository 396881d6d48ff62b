//! Accounts: add, switch, rename, remove, sign in again, the demo account.

mod add;
mod demo;
mod manage;
mod types;

pub(crate) use add::fit_label;
pub use types::{AccountView, NewAccount, SignIn, UserChoice, UserFacts};
