//! What the routes do, one file per resource.

pub(crate) mod account;
pub(crate) mod me;
pub(crate) mod projects;
pub(crate) mod tokens;
pub(crate) mod user_tokens;
pub(crate) mod users;
