//! Why a command did not do what it was asked for.

use crate::exit::Exit;
use gatehouse_core::{AppError, Code, Details};

/// An error of core, or of the command line itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// For scripts: core's code, or `usage` or `not_confirmed`.
    pub code: Box<str>,
    /// For a person: what happened, why, what to do.
    pub message: String,
    /// The input it is about.
    pub field: Option<String>,
    /// RFC 3339; when trying again makes sense.
    pub retry_at: Option<String>,
    /// What the server said of single fields, and technical reasons.
    pub more: Box<[String]>,
    /// What the program ends with.
    pub exit: Exit,
}

impl Failure {
    /// Arguments that can't be used.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new("usage", Exit::Usage, message)
    }

    /// Something that was named and is not there.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new("not_found", Exit::NotFound, message)
    }

    /// A yes that was not given.
    pub fn not_confirmed(message: impl Into<String>) -> Self {
        Self::new("not_confirmed", Exit::Refused, message)
    }

    /// Tells one more thing.
    pub fn add(&mut self, more: String) {
        let mut all = std::mem::take(&mut self.more).into_vec();
        all.push(more);
        self.more = all.into();
    }

    /// With a code of the command line's own.
    pub fn new(code: &str, exit: Exit, message: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            message: message.into(),
            field: None,
            retry_at: None,
            more: Box::default(),
            exit,
        }
    }
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        let code = serde_json::to_value(error.code).ok();
        let mut more: Vec<String> = match error.details {
            Some(Details::Reason { reason }) => vec![reason],
            Some(Details::Fields { fields }) => {
                fields.into_iter().map(|f| format!("{}: {}", f.pointer, f.message)).collect()
            }
            Some(Details::Server { status, excerpt }) => {
                vec![
                    excerpt.map_or_else(|| format!("HTTP {status}"), |text| format!("HTTP {status}: {text}")),
                ]
            }
            Some(
                Details::Target { .. }
                | Details::Operation { .. }
                | Details::Size { .. }
                | Details::Since { .. },
            )
            | None => Vec::new(),
        };
        if matches!(error.code, Code::SignInMissing | Code::Unauthorized) {
            more.push("Set GATEHOUSE_TOKEN, or run `gatehouse-cli account sign-in`.".to_owned());
        }
        Self {
            code: code.as_ref().and_then(|c| c.as_str()).unwrap_or("internal").into(),
            exit: error.code.into(),
            message: error.message,
            field: error.field,
            retry_at: error.retry_at,
            more: more.into(),
        }
    }
}
