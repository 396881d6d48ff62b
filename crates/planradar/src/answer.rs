//! An answer as it came, read within bounds, and what its status means.

use crate::classify;
use crate::error::{Error, ErrorKind, Failure, FieldError, Sent};
use crate::json;
use crate::redact::{self, Secrets};
use crate::server::ServerUrl;
use http::{HeaderMap, StatusCode, header};
use jiff::Timestamp;
use serde_json::Value;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};
use zeroize::Zeroizing;

/// Longer waits than this are a mistake of the server's: they would lock the person out.
const MAX_RETRY_AFTER: Duration = Duration::from_hours(24);

/// More refused fields than this help nobody, and each is looked through for secrets.
const MAX_FIELDS: usize = 50;

/// A success with its body.
pub(crate) struct Answer {
    pub(crate) route: &'static str,
    pub(crate) status: u16,
    pub(crate) html: bool,
    /// Wiped when dropped: it may hold a new token.
    pub(crate) body: Zeroizing<Vec<u8>>,
    /// For an error about this very answer; `None` where the answer may hold what must not be shown.
    pub(crate) excerpt: Option<String>,
}

impl Answer {
    /// An error about this answer.
    pub(crate) fn error(&self, kind: ErrorKind) -> Error {
        Failure {
            status: Some(self.status),
            html: self.html,
            excerpt: self.excerpt.clone(),
            ..Failure::new(self.route, kind, Sent::Yes)
        }
        .into()
    }
}

/// What a body is read for.
#[derive(Clone, Copy)]
pub(crate) struct Reading<'a> {
    pub(crate) route: &'static str,
    pub(crate) server: &'a ServerUrl,
    /// To mask them in excerpts.
    pub(crate) secrets: Secrets<'a>,
    /// In bytes.
    pub(crate) max_body: usize,
    /// The whole answer must be here by then.
    pub(crate) deadline: Instant,
    /// The answer may hold what must not be shown and is not known here yet: of a success nothing goes into an error, and
    /// of a refusal only plain words.
    pub(crate) secret: bool,
}

impl Reading<'_> {
    /// Reads the answer to its end, or to the most that is read.
    pub(crate) async fn read(self, response: reqwest::Response) -> Result<Answer, Error> {
        let status = response.status();
        let headers = response.headers().clone();
        if status.is_redirection() {
            let target = self.target(&headers, response.url());
            return Err(self.error(status, ErrorKind::Redirect { target }));
        }
        let body = self.body(response).await;
        if !status.is_success() {
            // The status says enough when the body doesn't come.
            return Err(self.refusal(status, &headers, body.as_deref().map_or(&[], Vec::as_slice)));
        }
        let body = body.map_err(|kind| self.error(status, kind))?;
        let html = is_html(&headers, &body);
        let excerpt = if self.secret { None } else { redact::excerpt(&body, self.secrets) };
        let answer = Answer { route: self.route, status: status.as_u16(), html, body, excerpt };
        if html { Err(answer.error(ErrorKind::Html)) } else { Ok(answer) }
    }

    /// Where a redirect points to, unless that says a secret.
    fn target(&self, headers: &HeaderMap, from: &url::Url) -> String {
        let target = target(headers, from);
        let new = self.secret && redact::has_secret_looks(&target);
        if new || redact::says_secret(&target, self.secrets) {
            return "an address that is not shown, because a secret of the request is in it".to_owned();
        }
        target
    }

    async fn body(self, mut response: reqwest::Response) -> Result<Zeroizing<Vec<u8>>, ErrorKind> {
        let announced = response.content_length().unwrap_or(0);
        let announced = usize::try_from(announced).unwrap_or(usize::MAX);
        if announced > self.max_body {
            return Err(ErrorKind::TooLarge);
        }
        // Reserved at once where the length is known: a growing buffer leaves copies behind.
        let mut body = Zeroizing::new(Vec::with_capacity(announced));
        loop {
            let chunk = timeout_at(self.deadline, response.chunk()).await.map_err(|_| ErrorKind::Timeout)?;
            match chunk {
                Ok(Some(chunk)) if body.len() + chunk.len() > self.max_body => {
                    return Err(ErrorKind::TooLarge);
                }
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => return Ok(body),
                Err(_) => return Err(ErrorKind::ConnectionLost),
            }
        }
    }

    fn refusal(self, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Error {
        let html = is_html(headers, body);
        let json = if html { None } else { serde_json::from_slice::<Value>(body).ok() };
        let (code, fields) = json.as_ref().map(json::refusal).unwrap_or_default();
        let line = |text: String| {
            if self.secret && redact::may_spell(&text) {
                redact::MASK.to_owned()
            } else {
                redact::line(&text, self.secrets)
            }
        };
        Failure {
            code: code.map(line).filter(|code| !code.is_empty()),
            fields: fields
                .into_iter()
                .take(MAX_FIELDS)
                .map(|f| FieldError { pointer: redact::pointer(f.pointer, line), message: line(f.message) })
                .collect(),
            excerpt: redact::excerpt(body, self.secrets)
                .filter(|words| !self.secret || !redact::may_spell(words)),
            html,
            retry_after: retry_after(headers, Timestamp::now()),
            ..self.failure(status, kind_of(status))
        }
        .into()
    }

    fn error(self, status: StatusCode, kind: ErrorKind) -> Error {
        self.failure(status, kind).into()
    }

    fn failure(self, status: StatusCode, kind: ErrorKind) -> Failure {
        Failure { status: Some(status.as_u16()), ..Failure::new(self.route, kind, Sent::Yes) }
    }

    /// Of an error that came instead of an answer.
    pub(crate) fn no_answer(self, error: &reqwest::Error) -> Error {
        let (kind, sent) = classify::of_request(error, self.server);
        Error::new(self.route, kind, sent)
    }
}

fn kind_of(status: StatusCode) -> ErrorKind {
    match status.as_u16() {
        400 | 422 => ErrorKind::Invalid,
        401 => ErrorKind::Unauthorized,
        403 => ErrorKind::Forbidden,
        404 | 410 => ErrorKind::NotFound,
        405 => ErrorKind::MethodNotAllowed,
        406 => ErrorKind::NotAcceptable,
        429 => ErrorKind::RateLimited,
        500..=599 => ErrorKind::Server,
        _ => ErrorKind::OtherStatus,
    }
}

/// Scheme, host and port a redirect points to.
fn target(headers: &HeaderMap, from: &url::Url) -> String {
    let location = headers.get(header::LOCATION).and_then(|value| value.to_str().ok());
    match location.and_then(|location| from.join(location).ok()) {
        Some(url) if url.has_host() => url.origin().ascii_serialization(),
        _ => "an address that can't be read".to_owned(),
    }
}

fn is_html(headers: &HeaderMap, body: &[u8]) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.trim_start().to_ascii_lowercase();
    kind.starts_with("text/html")
        || kind.starts_with("application/xhtml")
        || body.trim_ascii_start().starts_with(b"<")
}

/// How long the server asks to wait: seconds or a date.
pub(crate) fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = if let Ok(seconds) = text.parse::<u64>() {
        Duration::from_secs(seconds)
    } else {
        let date = http_date(text)?;
        Duration::try_from(date.duration_since(now)).ok()?
    };
    Some(wait.min(MAX_RETRY_AFTER))
}

/// The server's clock.
pub(crate) fn server_date(headers: &HeaderMap) -> Option<Timestamp> {
    http_date(headers.get(header::DATE)?.to_str().ok()?.trim())
}

fn http_date(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.
    use super::*;

    fn one(name: header::HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, http::HeaderValue::from_static(value))])
    }

    #[test]
    fn retry_after_in_seconds_or_as_a_date() {
        let now = "1994-11-06T08:49:00Z".parse().unwrap();
        for (text, seconds) in [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(37)),
            ("Sun, 06 Nov 1994 08:48:37 GMT", None),
            ("99999999999", Some(24 * 60 * 60)),
            ("99999999999999999999999", None),
            ("soon", None),
            ("-1", None),
        ] {
            let wait = retry_after(&one(header::RETRY_AFTER, text), now);
            assert_eq!(wait, seconds.map(Duration::from_secs), "{text}");
        }
        assert_eq!(retry_after(&HeaderMap::new(), now), None);
    }

    #[test]
    fn redirect_targets_are_origins() {
        let from = "https://www.planradar.com/api/v2/1/projects".parse().unwrap();
        for (location, wanted) in [
            ("https://login.example.com/x?secret=1", "https://login.example.com"),
            ("//evil.example:8443/x", "https://evil.example:8443"),
            ("/login", "https://www.planradar.com"),
            ("http://u:p@h/", "http://h"),
            ("mailto:x", "an address that can't be read"),
        ] {
            assert_eq!(target(&one(header::LOCATION, location), &from), wanted);
        }
        assert_eq!(target(&HeaderMap::new(), &from), "an address that can't be read");
    }

    #[test]
    fn html_by_type_or_by_look() {
        assert!(is_html(&one(header::CONTENT_TYPE, "Text/HTML; charset=utf-8"), b"{}"));
        assert!(is_html(&HeaderMap::new(), b"\n <!doctype html>"));
        assert!(!is_html(&one(header::CONTENT_TYPE, "application/json"), b"{\"a\":\"<b>\"}"));
    }
}
