//! What a failed call to PlanRadar means to a person.

use crate::{AppError, Code, Details, FieldError};
use jiff::{SignedDuration, Timestamp};
use planradar::{Error, ErrorKind, Sent, rate_limit::LimitParams};
use std::time::Duration;

/// Translates; `now` turns a cooldown's rest into a time of day.
pub(crate) fn translate(error: &Error, now: Timestamp) -> AppError {
    let (code, message) = plain(error);
    let mut translated = AppError::new(code, message);
    translated.retry_at = match &error.kind {
        ErrorKind::Paused { remaining } => Some(after(now, *remaining)),
        // The pause has just begun, with the length that the limiter keeps.
        ErrorKind::RateLimited => {
            let cooldown = LimitParams::default().cooldown;
            Some(after(now, error.retry_after.map_or(cooldown, |asked| asked.max(cooldown))))
        }
        _ => None,
    };
    translated.details = details(error);
    translated
}

/// The moment `wait` from now, RFC 3339, whole seconds and never too early.
pub(crate) fn after(now: Timestamp, wait: Duration) -> String {
    let seconds = i64::try_from(wait.as_secs()).unwrap_or(i64::from(u32::MAX)) + 1;
    let later = now.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(now);
    Timestamp::from_second(later.as_second()).unwrap_or(later).to_string()
}

fn details(error: &Error) -> Option<Details> {
    match &error.kind {
        ErrorKind::Redirect { target } => Some(Details::Target { target: target.clone() }),
        ErrorKind::Tls(reason)
        | ErrorKind::Proxy(reason)
        | ErrorKind::LimiterUnavailable(reason)
        | ErrorKind::Transport(reason) => Some(Details::Reason { reason: reason.clone() }),
        ErrorKind::UnexpectedShape(what) => {
            Some(Details::Reason { reason: format!("the answer lacks {what}") })
        }
        _ if !error.fields.is_empty() => {
            let fields = error.fields.iter();
            let fields =
                fields.map(|f| FieldError { pointer: f.pointer.clone(), message: f.message.clone() });
            Some(Details::Fields { fields: fields.collect() })
        }
        _ => error.status.map(|status| Details::Server { status, excerpt: error.excerpt.clone() }),
    }
}

/// The 403 codes of the server (assumed; no public documentation).
pub(crate) fn refusal(code: Option<&str>) -> (Code, &'static str) {
    match code {
        Some("permission_api_access") => (
            Code::PermissionApiAccess,
            "This token's user does not have the permission 'API Access'. The account holder, or someone with the permission 'Users', can give it.",
        ),
        Some("permission_users") => (
            Code::PermissionUsers,
            "This token's user does not have the permission 'Users'. The account holder can give it.",
        ),
        Some("permission_accounts") => (
            Code::PermissionAccounts,
            "This token's user does not have the permission 'Accounts'. The account holder can give it.",
        ),
        Some("account_holder_only") => (Code::AccountHolderOnly, "Only the account holder may do this."),
        Some("plan") => (
            Code::Plan,
            "The account's plan has no API: it belongs to Pro and Enterprise. The account holder can change the plan.",
        ),
        Some("account_holder_token") => {
            (Code::AccountHolderToken, "Only the account holder can delete the account holder's tokens.")
        }
        _ => (Code::Forbidden, "PlanRadar refuses this to the token's user."),
    }
}

fn plain(error: &Error) -> (Code, String) {
    // Only the account's own id can be what is not found there.
    let at_documented = planradar::routes::find(error.route).is_some_and(|r| {
        r.basis == planradar::routes::Basis::Documented && r.placeholders().all(|p| p == "customer_id")
    });
    let (code, text): (Code, &str) = match &error.kind {
        ErrorKind::UnknownHost(host) => {
            return (
                Code::UnknownHost,
                format!(
                    "{host} is not a known host. Check the server address, and that this computer is online."
                ),
            );
        }
        ErrorKind::Offline => (Code::Offline, "This computer is offline. Nothing was sent."),
        ErrorKind::Refused => {
            (Code::Offline, "Nothing answers at this address. Check the server address and the network.")
        }
        ErrorKind::Tls(_) => (
            Code::Tls,
            "The connection is not trusted. If your company inspects traffic, add its certificate in Settings; else check the address and this computer's clock.",
        ),
        ErrorKind::Proxy(_) => {
            (Code::Offline, "The proxy did not pass the request on. Check it in Settings.")
        }
        ErrorKind::Transport(_) => {
            (Code::Tls, "The connection can't be prepared. Check certificate and proxy in Settings.")
        }
        ErrorKind::Timeout => (Code::Timeout, "No answer in time. Try again."),
        ErrorKind::ConnectionLost => {
            (Code::ConnectionLost, "The connection broke before the answer was whole.")
        }
        ErrorKind::Redirect { target } => {
            return (
                Code::Redirect,
                format!(
                    "The server points to {target}. Gatehouse does not follow, so that your token can't travel there. If that is your PlanRadar, enter its address."
                ),
            );
        }
        ErrorKind::Html => (
            Code::Html,
            "A web page came instead of an answer: a proxy's login, a maintenance page, or not a PlanRadar server.",
        ),
        ErrorKind::NotFound if error.html => {
            (Code::Html, "A web page came instead of an answer: this is not a PlanRadar API server.")
        }
        ErrorKind::NotJson | ErrorKind::UnexpectedShape(_) | ErrorKind::TooLarge | ErrorKind::OtherStatus => {
            (Code::UnexpectedAnswer, "The server's answer can't be read.")
        }
        ErrorKind::Unauthorized => {
            (Code::Unauthorized, "PlanRadar does not know this token. It was deleted or mistyped.")
        }
        ErrorKind::Forbidden => {
            let (code, text) = refusal(error.code.as_deref());
            (code, text)
        }
        ErrorKind::NotFound if at_documented => (
            Code::WrongAccountId,
            "There is no such account for this token. Check the Account ID in Settings > Account.",
        ),
        ErrorKind::NotFound => (Code::Gone, "It no longer exists at PlanRadar."),
        ErrorKind::MethodNotAllowed => (Code::NotOffered, "This server does not offer that over the API."),
        ErrorKind::NotAcceptable => (Code::NotAcceptable, "The server does not answer in JSON here (406)."),
        ErrorKind::Invalid if error.sent == Sent::No => {
            (Code::Invalid, "What was entered can't be used. Nothing was sent.")
        }
        ErrorKind::Invalid => (Code::Invalid, "PlanRadar refuses what was entered."),
        ErrorKind::RateLimited => (
            Code::RateLimited,
            "Too many requests, all programs counted. PlanRadar has paused the whole account, other integrations included. Gatehouse waits.",
        ),
        ErrorKind::Paused { .. } => (
            Code::Paused,
            "The account is paused after too many requests, all programs counted. Nothing was sent.",
        ),
        ErrorKind::Server => (Code::ServerError, "PlanRadar has a problem. Try again later."),
        ErrorKind::LimiterUnavailable(_) => (
            Code::LimitUnavailable,
            "The file that keeps the request limit can't be used, so nothing is sent. Check the disk and the folder's permissions, then try again.",
        ),
        ErrorKind::TooMany { count, share } => {
            return (
                Code::ShareTooSmall,
                format!(
                    "This step needs {count} requests at once; this computer may use {share}. Raise the share in Settings."
                ),
            );
        }
        ErrorKind::BadRoute(problem) => return (Code::BadRoute, format!("{problem}.")),
        ErrorKind::BadToken => (
            Code::Invalid,
            "The token has characters that no token has, such as a line break. Copy it again.",
        ),
    };
    (code, text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use planradar::Failure;

    #[test]
    fn what_was_not_sent_is_not_called_planradars_refusal() {
        let failure = |sent| Failure {
            kind: ErrorKind::Invalid,
            route: "webhooks.create",
            status: None,
            code: None,
            fields: Vec::new(),
            excerpt: None,
            html: false,
            retry_after: None,
            sent,
        };
        let said = |sent| translate(&failure(sent).into(), Timestamp::UNIX_EPOCH).message;
        assert_eq!(said(Sent::No), "What was entered can't be used. Nothing was sent.");
        assert_eq!(said(Sent::Yes), "PlanRadar refuses what was entered.");
    }
}
