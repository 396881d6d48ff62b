//! Typed client of the `PlanRadar` API that never trips the account's rate limit.
//!
//! [`Client`] has one method per resource; [`routes`] is the one table of paths, documented and assumed. Every request
//! pays a slot of [`rate_limit`], and every [`Error`] says whether the server may have acted.

mod account;
mod answer;
mod body;
mod classify;
mod client;
mod connect;
mod error;
mod field_path;
mod flights;
mod groups;
mod ids;
mod json;
mod me;
mod paging;
mod pay;
mod projects;
pub mod rate_limit;
mod redact;
mod request;
mod resolver;
mod roles;
pub mod routes;
mod server;
mod spellings;
mod tokens;
mod transport;
mod user_tokens;
mod users;
pub mod webhook_rules;
mod webhooks;

pub use account::{Account, AccountApi, Licences, Plan};
pub use client::{Client, ClientConfig, Freshness, ProbeShape};
pub use connect::{ConnectApi, ConnectField, ConnectRequest, ConnectState, ConnectStatus};
pub use error::{Error, ErrorKind, Failure, FieldError, Result, Sent};
pub use field_path::FieldPath;
pub use groups::{Group, Groups};
pub use ids::{CustomerId, CustomerIdError, is_id};
pub use json::Moment;
pub use me::Me;
pub use paging::{MAX_PAGE_SIZE, Page, PageQuery};
pub use projects::{Project, Projects};
pub use roles::{Role, Roles};
pub use server::{ServerUrl, ServerUrlError};
pub use tokens::{CreatedToken, Token, Tokens};
pub use transport::{ProxySetting, Transport, TransportConfig, TransportError};
pub use user_tokens::UserTokens;
pub use users::{Membership, NewUser, User, UserChange, UserField, UserRecord, UserType, UserUpdate, Users};
pub use webhooks::{
    Authentication, Delivery, DraftAuthentication, DraftFor, DraftHeader, DraftPassword, DraftProblem,
    DraftValue, EventInfo, FieldProblem, Header, Unknown, Webhook, WebhookDraft, Webhooks,
};
