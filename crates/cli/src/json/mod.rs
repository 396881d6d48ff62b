//! What commands answer with `--json`: documents of the command line's own, so that scripts don't break when the
//! window's types change. Each area's are in a file of their own, with the list of its commands.

#![allow(clippy::struct_field_names, reason = "keys say the same in every document")]

pub mod account;
pub mod audit;
pub mod capabilities;
pub mod common;
pub mod connect;
pub mod limit;
pub mod tokens;
pub mod users;
pub mod webhooks;
pub mod webhooks_code;

use crate::failure::Failure;
use schemars::{JsonSchema, Schema, generate::SchemaSettings};
use serde::Serialize;

/// A command, and the schema of what it answers.
pub struct Document {
    /// Such as `tokens list`.
    pub command: &'static str,
    /// Its schema.
    pub schema: fn() -> Schema,
}

/// All of them.
pub fn documents() -> impl Iterator<Item = &'static Document> {
    [
        account::DOCUMENTS,
        tokens::DOCUMENTS,
        users::DOCUMENTS,
        webhooks::DOCUMENTS,
        connect::DOCUMENTS,
        audit::DOCUMENTS,
        limit::DOCUMENTS,
        capabilities::DOCUMENTS,
        OWN,
    ]
    .into_iter()
    .flatten()
}

/// What stands for no command.
const OWN: &[Document] = &[Document { command: "error", schema: schema::<ErrorDocument> }];

/// The schema of a document, as it is written.
#[must_use]
pub fn schema<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>()
}

/// What `--dry-run` answers in place of the outcome.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Planned {
    /// Always true.
    pub dry_run: bool,
    /// What would be done, such as `token.delete`.
    pub action: String,
    /// To what: ids, or names where there is no id yet.
    pub to: Vec<String>,
    /// The same for a person.
    pub text: String,
}

/// The outcome, or what it would be about.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Answer<T> {
    /// It was done.
    Done(T),
    /// With `--dry-run`: nothing was done.
    Planned(Planned),
}

/// Of a command that has nothing more to tell.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Done {
    /// Always true; a failure is a document of its own.
    pub done: bool,
    /// What it was done to: its id.
    pub id: String,
}

/// What every failed command answers.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Error")]
pub struct ErrorDocument {
    /// Why.
    pub error: ErrorFacts,
}

/// Why a command failed.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ErrorFacts {
    /// For scripts: such as `unauthorized`, `not_found`, `usage`, `not_confirmed`.
    pub code: String,
    /// For a person, in English.
    pub message: String,
    /// The input it is about.
    pub field: Option<String>,
    /// RFC 3339: when trying again makes sense.
    pub retry_at: Option<String>,
    /// For a person, too: what is wrong with single inputs, what the server said, the way out.
    pub details: Vec<String>,
    /// What the program ends with.
    pub exit_code: u8,
}

impl From<&Failure> for ErrorDocument {
    fn from(failure: &Failure) -> Self {
        Self {
            error: ErrorFacts {
                code: failure.code.to_string(),
                message: failure.message.clone(),
                field: failure.field.clone(),
                retry_at: failure.retry_at.clone(),
                details: failure.more.to_vec(),
                exit_code: failure.exit as u8,
            },
        }
    }
}

impl From<&gatehouse_core::AppError> for ErrorFacts {
    fn from(error: &gatehouse_core::AppError) -> Self {
        ErrorDocument::from(&Failure::from(error.clone())).error
    }
}
