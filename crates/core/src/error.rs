//! The one shape of an error at the door to the window and to scripts.

use serde::{Deserialize, Serialize};
use specta::Type;

/// What went wrong, closed: a variant is added only when the window acts on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// The server's name is not known (DNS).
    UnknownHost,
    /// No trusted TLS connection; [`Details::Reason`] says why.
    Tls,
    /// Nothing answers there, or this computer is offline.
    Offline,
    /// No answer in time.
    Timeout,
    /// The connection broke before the answer was whole.
    ConnectionLost,
    /// The server points elsewhere; [`Details::Target`] names it. Not followed.
    Redirect,
    /// A web page instead of an API answer (proxy, maintenance, wrong server).
    Html,
    /// An answer, but not one we can read.
    UnexpectedAnswer,
    /// 401: the token is not known there.
    Unauthorized,
    /// 404 on a documented route: most likely a wrong Account ID.
    WrongAccountId,
    /// 403 without a code that we know.
    Forbidden,
    /// 406.
    NotAcceptable,
    /// 429 came: the whole account is paused until `retryAt`.
    RateLimited,
    /// Nothing was sent: the account is still paused until `retryAt`.
    Paused,
    /// 5xx.
    ServerError,
    /// The file that keeps the request limit can't be used: nothing is sent.
    LimitUnavailable,
    /// A step needs more requests at once than this computer's share has.
    ShareTooSmall,
    /// A route override or id is refused before any request; `field` names it.
    BadRoute,
    /// 403: the token's user lacks the permission 'API Access'.
    PermissionApiAccess,
    /// 403: the token's user lacks the permission 'Users'.
    PermissionUsers,
    /// 403: the token's user lacks the permission 'Accounts'.
    PermissionAccounts,
    /// 403: the plan has no API.
    Plan,
    /// 403: only for the account holder.
    AccountHolderOnly,
    /// 403: the account holder's tokens are deleted by the account holder only.
    AccountHolderToken,
    /// This server does not offer it over the API.
    NotOffered,
    /// It no longer exists at PlanRadar.
    Gone,
    /// It changed since it was shown; look again first.
    Stale,
    /// More changed than was asked for.
    ChangedToo,
    /// A run gives nothing to somebody who was cut off since it began.
    CutOff,
    /// 422: a user of another account can't be created, only invited.
    InviteInstead,
    /// Gatehouse's own token: replace it together with the sign-in instead.
    OwnToken,
    /// The answer to a write was lost; [`Details::Operation`] is watched further.
    LostAnswer,
    /// It was asked for already; [`Details::Since`] says when.
    AlreadyRequested,
    /// What was typed can't be used; `field` names the input.
    Invalid,
    /// No keychain service on this computer.
    KeychainNoService,
    /// The keychain is locked.
    KeychainLocked,
    /// The keychain refused.
    KeychainRefused,
    /// The keychain has no such entry (any more).
    KeychainMissing,
    /// The value is too large for the keychain.
    KeychainTooLarge,
    /// The person chose to go on without waiting for the keychain.
    KeychainSkipped,
    /// The keychain failed in another way.
    KeychainFailed,
    /// No sign-in token at hand for this account: it must be entered again.
    SignInMissing,
    /// The handle of a value shown once is no longer good.
    HandleExpired,
    /// The clipboard does not work.
    Clipboard,
    /// gatehouse.db was written by a newer Gatehouse.
    StoreNewer,
    /// gatehouse.db can't be read or written.
    StoreFailed,
    /// No such account here (removed meanwhile).
    NoSuchAccount,
    /// A fault of Gatehouse itself.
    Internal,
}

/// What the window needs beside the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Details {
    /// Where a redirect points: scheme and host only.
    Target {
        /// For example `https://login.example.com`.
        target: String,
    },
    /// A technical reason in one line, never with a secret.
    Reason {
        /// English, from the library below.
        reason: String,
    },
    /// Field errors of the server (422), by its pointer.
    Fields {
        /// In the server's order.
        fields: Vec<FieldError>,
    },
    /// The operation that goes on watching.
    Operation {
        /// Its id in the operations journal.
        id: String,
    },
    /// Sizes in bytes.
    Size {
        /// What it has.
        size: u32,
        /// What is taken at most.
        max: u32,
    },
    /// When it was done first.
    Since {
        /// RFC 3339; null = not told.
        since: Option<String>,
    },
    /// What the server said.
    Server {
        /// HTTP status.
        status: u16,
        /// At most 200 characters of its answer, redacted.
        excerpt: Option<String>,
    },
}

/// One field the server refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct FieldError {
    /// JSON pointer as the server gave it, such as `/data/attributes/name`.
    pub pointer: String,
    /// The server's words.
    pub message: String,
}

/// The error of every use case. Its JSON is pinned by tests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type, thiserror::Error)]
#[serde(rename_all = "camelCase")]
#[error("{message}")]
pub struct AppError {
    /// For the program.
    pub code: Code,
    /// For a person, in English: what happened, why, what to do. The window translates by `code`.
    pub message: String,
    /// The input it is about, by its name on the form.
    pub field: Option<String>,
    /// RFC 3339; when trying again makes sense.
    pub retry_at: Option<String>,
    /// More for the window.
    pub details: Option<Details>,
}

/// What every use case returns.
pub type Result<T> = std::result::Result<T, AppError>;

impl AppError {
    /// An error with only code and text.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), field: None, retry_at: None, details: None }
    }

    /// An input that can't be used.
    pub fn invalid(field: &str, message: impl Into<String>) -> Self {
        Self { field: Some(field.to_owned()), ..Self::new(Code::Invalid, message) }
    }

    /// Names the input.
    #[must_use]
    pub fn at(mut self, field: &str) -> Self {
        self.field = Some(field.to_owned());
        self
    }

    /// Adds details.
    #[must_use]
    pub fn with(mut self, details: Details) -> Self {
        self.details = Some(details);
        self
    }
}
