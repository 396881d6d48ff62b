//! Tokens (Mine): list, create, keep, copy, verify, replace, delete.

mod cached;
mod check;
mod create;
mod delete;
mod keep;
mod list;
mod listing;
mod own;
mod paste;
mod replace;
mod sign_in;
mod types;

pub(crate) use cached::{CachedToken, OwnUses, usage};
pub(crate) use check::check_value;
pub(crate) use create::surely_not_done;
pub(crate) use delete::How;
pub(crate) use list::{ACCOUNT, OWN_CLUES};
pub use types::{CloseHow, Copied, CreatedToken, Kept, Own, ReplacementRole, TokenRow, TokenUse, TokensView};

use planradar::{Plan, User, UserType};

/// First and last name, or the mail address, or the id: whatever tells most.
pub(crate) fn full_name(user: &User) -> String {
    let names: Vec<_> = [&user.first_name, &user.last_name]
        .into_iter()
        .flatten()
        .map(|n| n.trim())
        .filter(|n| !n.is_empty())
        .collect();
    if names.is_empty() { user.mail.clone().unwrap_or_else(|| user.id.clone()) } else { names.join(" ") }
}

/// The type in PlanRadar's word.
pub(crate) fn type_word(kind: &UserType) -> String {
    match kind {
        UserType::AccountHolder => "account_holder",
        UserType::InHouse => "in_house",
        UserType::Subcontractor => "subcontractor",
        UserType::Watcher => "watcher",
        UserType::Other(word) => word,
    }
    .to_owned()
}

/// The plan in PlanRadar's word.
pub(crate) fn plan_word(plan: &Plan) -> String {
    match plan {
        Plan::Trial => "trial",
        Plan::Basic => "basic",
        Plan::Starter => "starter",
        Plan::Pro => "pro",
        Plan::Enterprise => "enterprise",
        Plan::Other(word) => word,
    }
    .to_owned()
}
