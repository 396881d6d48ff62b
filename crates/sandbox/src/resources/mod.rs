//! What the routes do, one file per resource.

pub(crate) mod account;
pub(crate) mod attachments;
pub(crate) mod connect;
pub(crate) mod groups;
pub(crate) mod invitations;
pub(crate) mod me;
pub(crate) mod projects;
pub(crate) mod roles;
pub(crate) mod tickets;
pub(crate) mod tokens;
pub(crate) mod user_tokens;
pub(crate) mod users;
pub(crate) mod webhooks;
