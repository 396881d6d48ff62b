//! Accounts: add, switch, rename, remove, sign in again, the demo account.

mod types;

pub use types::{AccountView, NewAccount, SignIn, UserChoice, UserFacts};
