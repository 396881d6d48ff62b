//! What an error of the HTTP library means, and whether it proves that the request never left.

use crate::error::{ErrorKind, Sent};
use crate::resolver::{LookupFailed, is_offline};
use crate::server::ServerUrl;
use crate::transport::root_cause;
use std::error::Error as StdError;
use std::io::{self, ErrorKind as Io};

/// Of an error that came instead of the head of an answer.
pub(crate) fn of_request(error: &reqwest::Error, server: &ServerUrl) -> (ErrorKind, Sent) {
    if error.is_builder() {
        return (ErrorKind::Transport(root_cause(error)), Sent::No);
    }
    // "Connect" ends with TLS: the request is written only after it.
    if error.is_connect() {
        return (of_connect(error, server), Sent::No);
    }
    if error.is_timeout() {
        return (ErrorKind::Timeout, Sent::Maybe);
    }
    (ErrorKind::ConnectionLost, Sent::Maybe)
}

fn of_connect(error: &reqwest::Error, server: &ServerUrl) -> ErrorKind {
    if let Some(failed) = find::<LookupFailed>(error) {
        return match failed.host == server.host() {
            _ if is_offline() => ErrorKind::Offline,
            true => ErrorKind::UnknownHost(failed.host.clone()),
            false => ErrorKind::Proxy(failed.to_string()),
        };
    }
    if of_proxy(error) {
        return ErrorKind::Proxy(root_cause(error));
    }
    if let Some(tls) = find::<rustls::Error>(error) {
        return ErrorKind::Tls(tls.to_string());
    }
    if error.is_timeout() {
        return ErrorKind::Timeout;
    }
    match find::<io::Error>(error).map(io::Error::kind) {
        Some(Io::ConnectionRefused) => ErrorKind::Refused,
        Some(Io::NetworkUnreachable | Io::HostUnreachable | Io::NetworkDown | Io::AddrNotAvailable) => {
            ErrorKind::Offline
        }
        Some(Io::TimedOut) => ErrorKind::Timeout,
        _ => ErrorKind::ConnectionLost,
    }
}

/// Whether it is the way through a proxy that failed, not what is behind it. The library keeps that error's type to
/// itself, so it is known by its text; tests hold both settings of a proxy against it.
fn of_proxy(error: &reqwest::Error) -> bool {
    let mut next: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(cause) = next {
        if cause.to_string().starts_with("tunnel error") {
            return true;
        }
        next = cause.source();
    }
    false
}

/// Finds a cause by its type. `io::Error` hides its content from `source`, so it is opened.
fn find<'a, T: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a T> {
    let mut next: Option<&'a (dyn StdError + 'static)> = Some(error);
    while let Some(cause) = next {
        if let Some(found) = cause.downcast_ref::<T>() {
            return Some(found);
        }
        let inner = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        if let Some(found) = inner.and_then(|inner| find(inner)) {
            return Some(found);
        }
        next = cause.source();
    }
    None
}
