//! The one error of this crate: what happened, where, and whether the server may have acted on it.

use crate::field_path::FieldPath;
use crate::rate_limit::LimitError;
use crate::routes::RouteProblem;
use std::fmt;
use std::ops::Deref;
use std::time::Duration;

/// What the crate's calls return.
pub type Result<T> = std::result::Result<T, Error>;

/// A call that did not bring what was asked. Its parts are those of [`Failure`]; boxed, because results with it are
/// everywhere.
#[derive(Clone, PartialEq, Eq)]
pub struct Error(Box<Failure>);

/// The parts of an [`Error`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What happened.
    pub kind: ErrorKind,
    /// The route's name, such as `tokens.list`.
    pub route: &'static str,
    /// HTTP status, when there was an answer.
    pub status: Option<u16>,
    /// The server's own code, such as `permission_api_access`.
    pub code: Option<String>,
    /// Fields the server refused.
    pub fields: Vec<FieldError>,
    /// At most 200 characters of the answer, on one line, with the key and whatever looks like one masked. Never of
    /// an answer that may hold a new token, and none where secrets of a webhook were sent.
    pub excerpt: Option<String>,
    /// The answer was a web page, whatever its status: a proxy, a maintenance page, another kind of server.
    pub html: bool,
    /// How long the server asks to wait before trying again (Retry-After), at most a day.
    pub retry_after: Option<Duration>,
    /// Whether the server may have acted.
    pub sent: Sent,
}

/// One field the server refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// JSON pointer as the server gave it, such as `/data/attributes/name`.
    pub pointer: String,
    /// The server's words, redacted; or this program's own.
    pub message: String,
}

impl FieldError {
    /// The field, when it is one of a webhook.
    #[must_use]
    pub fn path(&self) -> Option<FieldPath> {
        FieldPath::parse(&self.pointer)
    }
}

/// Whether the request reached the server: what the operations journal decides on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// Proof that no byte of it left this computer.
    No,
    /// It may have arrived: no answer came.
    Maybe,
    /// It arrived: there was an answer, or a part of one.
    Yes,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ErrorKind {
    /// The server's name is not known.
    #[error("{0} is not a known host")]
    UnknownHost(String),
    /// This computer has no network.
    #[error("this computer is offline")]
    Offline,
    /// No trusted TLS connection; the reason is the TLS library's, in English.
    #[error("no trusted connection: {0}")]
    Tls(String),
    /// The proxy did not do its part.
    #[error("the proxy failed: {0}")]
    Proxy(String),
    /// Nothing listens there.
    #[error("the server refuses the connection")]
    Refused,
    /// No whole answer in time.
    #[error("no answer in time")]
    Timeout,
    /// The connection broke before the answer was whole.
    #[error("the connection broke")]
    ConnectionLost,
    /// The server points elsewhere; not followed.
    #[error("the server redirects to {target}")]
    Redirect {
        /// Scheme, host and port only; words instead, where they say a secret of the request.
        target: String,
    },
    /// A success, but with a web page.
    #[error("a web page came instead of an API answer")]
    Html,
    /// A success, but not JSON, or cut off.
    #[error("the answer is not JSON")]
    NotJson,
    /// JSON, but not of the expected shape. Names what is missing, never a value.
    #[error("the answer lacks {0}")]
    UnexpectedShape(&'static str),
    /// More than the most that is read of an answer.
    #[error("the answer is too large")]
    TooLarge,
    /// 401.
    #[error("the token is not known")]
    Unauthorized,
    /// 403.
    #[error("not allowed")]
    Forbidden,
    /// 404 or 410.
    #[error("not found")]
    NotFound,
    /// 405.
    #[error("the server does not do that here")]
    MethodNotAllowed,
    /// 406.
    #[error("the server does not offer JSON")]
    NotAcceptable,
    /// 400 or 422; or nothing was sent ([`Sent::No`]), because this program refuses the fields itself.
    #[error("some of the fields are refused")]
    Invalid,
    /// 429. The account is paused from now on.
    #[error("too many requests")]
    RateLimited,
    /// 5xx.
    #[error("the server failed")]
    Server,
    /// Any other status.
    #[error("unexpected status")]
    OtherStatus,
    /// Nothing was sent: the account is paused.
    #[error("the account is paused for {} s", remaining.as_secs())]
    Paused {
        /// Until it goes on.
        remaining: Duration,
    },
    /// Nothing was sent: the file of the request limit can't be used.
    #[error("the request limit's file can't be used: {0}")]
    LimiterUnavailable(String),
    /// Nothing was sent: the step takes more requests at once than this computer may use.
    #[error("{count} requests at once are more than the {share} that may be used")]
    TooMany {
        /// Requests the step needs.
        count: u32,
        /// The most that may be used.
        share: u32,
    },
    /// Nothing was sent: the path or an id in it is refused.
    #[error("{0}")]
    BadRoute(RouteProblem),
    /// Nothing was sent: the token has characters that no token has, such as a line break.
    #[error("the token has characters that can't be sent")]
    BadToken,
    /// Nothing was sent: the connection could not be prepared (the system's certificates, the proxy).
    #[error("the connection can't be prepared: {0}")]
    Transport(String),
}

impl Failure {
    /// One with only what every error has.
    #[must_use]
    pub fn new(route: &'static str, kind: ErrorKind, sent: Sent) -> Self {
        Self {
            kind,
            route,
            status: None,
            code: None,
            fields: Vec::new(),
            excerpt: None,
            html: false,
            retry_after: None,
            sent,
        }
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        Self(Box::new(failure))
    }
}

impl Deref for Error {
    type Target = Failure;

    fn deref(&self) -> &Failure {
        &self.0
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.route, self.kind)?;
        self.status.map_or(Ok(()), |status| write!(f, " (HTTP {status})"))
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Error {}

impl Error {
    pub(crate) fn new(route: &'static str, kind: ErrorKind, sent: Sent) -> Self {
        Failure::new(route, kind, sent).into()
    }

    /// An error before anything was sent.
    pub(crate) fn unsent(route: &'static str, kind: ErrorKind) -> Self {
        Self::new(route, kind, Sent::No)
    }

    pub(crate) fn limit(route: &'static str, error: LimitError) -> Self {
        let kind = match error {
            LimitError::Paused { remaining } => ErrorKind::Paused { remaining },
            LimitError::Unavailable(why) => ErrorKind::LimiterUnavailable(why),
            LimitError::TooMany { count, share } => ErrorKind::TooMany { count, share },
        };
        Self::unsent(route, kind)
    }

    /// Whether the answer to a collection's GET says that the server does not offer it over the API. Only to be
    /// believed after a documented route of the account has answered.
    #[must_use]
    pub fn means_not_offered(&self) -> bool {
        matches!(
            self.kind,
            ErrorKind::NotFound | ErrorKind::MethodNotAllowed | ErrorKind::Html | ErrorKind::NotJson
        ) && self.sent == Sent::Yes
    }
}
