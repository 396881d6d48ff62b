//! Who is let in: the checks every request passes before its route, in the order they are made.

use axum::http::header::{ACCEPT, HOST, ORIGIN};
use axum::http::request::Parts;
use rusqlite::Connection;

use crate::answer::Refusal;
use crate::keys;
use crate::people::{self, API_ACCESS, User};
use crate::resources::account;

/// The header that carries the personal access token.
const KEY_HEADER: &str = "x-planradar-api-key";

/// Refuses what does not come from a program on this computer that means this sandbox: a web page in a browser
/// (foreign Origin), or a name that was bent to 127.0.0.1 (foreign Host).
pub(crate) fn check_local(parts: &Parts, port: u16) -> Result<(), Refusal> {
    let own = [format!("127.0.0.1:{port}"), format!("localhost:{port}")];
    let is_own = |host: &str| own.iter().any(|own| own.eq_ignore_ascii_case(host));

    let mut hosts = parts.headers.get_all(HOST).iter();
    let host_fits = match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.to_str().is_ok_and(is_own),
        _ => false,
    };
    let target_fits = parts.uri.authority().is_none_or(|authority| is_own(authority.as_str()));
    if !host_fits || !target_fits {
        return Err(Refusal::Forbidden {
            code: "foreign_host",
            detail: "The Host header must name this sandbox: 127.0.0.1 or localhost, with its port.",
        });
    }
    let origin_fits = parts.headers.get_all(ORIGIN).iter().all(|origin| {
        origin.to_str().ok().and_then(|origin| origin.strip_prefix("http://")).is_some_and(is_own)
    });
    if origin_fits {
        return Ok(());
    }
    Err(Refusal::Forbidden { code: "foreign_origin", detail: "Web pages may not use this sandbox." })
}

/// `Accept: application/json` is required, as PlanRadar requires it; `*/*` is not enough (assumed).
pub(crate) fn check_accept(parts: &Parts) -> Result<(), Refusal> {
    let wanted = parts.headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).any(|value| {
        value.split(',').any(|one| {
            let kind = one.split(';').next().unwrap_or_default().trim();
            kind.eq_ignore_ascii_case("application/json")
        })
    });
    if wanted { Ok(()) } else { Err(Refusal::NotAcceptable) }
}

/// The request's key; not a secret of anybody's but this sandbox's, and gone with the request.
pub(crate) fn key(parts: &Parts) -> Option<&[u8]> {
    let mut keys = parts.headers.get_all(KEY_HEADER).iter();
    match (keys.next(), keys.next()) {
        (Some(key), None) => Some(key.as_bytes()),
        _ => None,
    }
}

/// Finds out who is asking, notes that the token was used, and refuses those who may not use the API here.
pub(crate) fn authenticate(
    db: &Connection,
    key: Option<&[u8]>,
    customer_id: Option<&str>,
    now: i64,
) -> Result<User, Refusal> {
    let token = keys::find(db, key.ok_or(Refusal::UnknownKey)?)?.ok_or(Refusal::UnknownKey)?;
    let caller = people::by_number(db, token.user_id)?.ok_or(Refusal::UnknownKey)?;
    // Assumed: the tokens of a deactivated user stop to work.
    if !caller.active {
        return Err(Refusal::UnknownKey);
    }
    keys::touch(db, token.id, now)?;
    let account = account::load(db)?;
    match customer_id {
        None => return Err(Refusal::NotFound("There is nothing at this address.")),
        Some(id) if id != account.customer_id => {
            return Err(Refusal::NotFound("There is no account with this Account ID."));
        }
        Some(_) => {}
    }
    if !account.plan.has_api() {
        return Err(Refusal::Forbidden {
            code: "plan",
            detail: "Access tokens need the Pro or the Enterprise plan.",
        });
    }
    if !caller.may(API_ACCESS) {
        return Err(Refusal::Forbidden {
            code: "permission_api_access",
            detail: "This needs the user permission 'API Access'.",
        });
    }
    Ok(caller)
}
