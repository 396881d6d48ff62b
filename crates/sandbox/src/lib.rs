//! A local PlanRadar that enforces PlanRadar's rules, for tests and the demo account.
//!
//! It serves the users, roles and projects routes of PlanRadar's API description, and the management routes that
//! Gatehouse assumes (no public documentation). Nothing in it reaches PlanRadar. `docs/sandbox.md` lists the
//! rules, and where PlanRadar is silent, what was chosen.

#![allow(clippy::doc_markdown, reason = "PlanRadar is a name, not code")]

mod answer;
mod connection;
mod db;
mod deliver;
mod error;
#[cfg(feature = "faults")]
mod faults;
mod fields;
mod gate;
mod keys;
mod limit;
mod options;
mod page;
mod paging;
mod people;
mod requests;
mod resources;
mod routes;
mod sandbox;
mod secret_value;
mod seed;
mod server;
mod user_ids;
mod vault;
mod webhooks;

pub use error::Error;
#[cfg(feature = "faults")]
pub use faults::{Effect, Fault};
pub use options::{
    Clock, ConnectDecision, DeliverOptions, Options, Plan, Seed, UnknownName, UsersPut, WebhookAccess,
};
pub use requests::{Arrival, Requests};
pub use sandbox::{READY_TOKEN_NAME, Ready, ReadyTokens, Sandbox};
pub use seed::{ACCOUNT_HOLDER, ADMINISTRATOR, API_USER, CUSTOMER_ID, NO_API_USER};
