//! The account's webhooks. Routes assumed (no public documentation); that a hidden value is never told is PlanRadar's rule.

use axum::http::StatusCode;
use rusqlite::Connection;

use crate::answer::{Answer, Refusal};
use crate::deliver::record;
use crate::options::WebhookAccess;
use crate::paging::Listing;
use crate::people::UserType;
use crate::routes::Ask;
use crate::webhooks::{self, Webhook, catalogue, input};

const LISTING: Listing = Listing {
    sortable: &["id", "description", "active", "target-url", "created-on", "updated-on"],
    searched: &["description", "target-url"],
    default_sort: "id",
};

pub(crate) fn list(db: &Connection, ask: &Ask<'_>) -> Result<Answer, Refusal> {
    may(ask)?;
    let rows = webhooks::all(db)?.iter().map(Webhook::resource).collect();
    LISTING.page(rows, ask.query)
}

pub(crate) fn get(db: &Connection, ask: &Ask<'_>) -> Result<Answer, Refusal> {
    may(ask)?;
    Ok(Answer::One(StatusCode::OK, find(db, ask)?.resource()))
}

pub(crate) fn create(db: &Connection, ask: &Ask<'_>) -> Result<Answer, Refusal> {
    may(ask)?;
    let mut webhook = input::read(db, ask.vault, ask.attributes()?, None, ask.now)?;
    webhook.id = webhooks::save(db, &webhook)?;
    Ok(Answer::One(StatusCode::CREATED, webhook.resource()))
}

/// Replaces all: what is left out is gone, but for hidden values of headers and a password that are still named.
pub(crate) fn update(db: &Connection, ask: &Ask<'_>) -> Result<Answer, Refusal> {
    may(ask)?;
    let stored = find(db, ask)?;
    let webhook = input::read(db, ask.vault, ask.attributes()?, Some(&stored), ask.now)?;
    webhooks::save(db, &webhook)?;
    Ok(Answer::One(StatusCode::OK, webhook.resource()))
}

pub(crate) fn delete(db: &Connection, ask: &Ask<'_>) -> Result<Answer, Refusal> {
    may(ask)?;
    if webhooks::delete(db, ask.id(0))? { Ok(Answer::Empty) } else { Err(NOT_FOUND) }
}

pub(crate) fn events(db: &Connection, ask: &Ask<'_>) -> Result<Answer, Refusal> {
    may(ask)?;
    catalogue::LISTING.page(catalogue::all(db)?, ask.query)
}

pub(crate) fn deliveries(db: &Connection, ask: &Ask<'_>) -> Result<Answer, Refusal> {
    may(ask)?;
    let webhook = find(db, ask)?;
    record::LISTING.page(record::of_webhook(db, webhook.id)?, ask.query)
}

const NOT_FOUND: Refusal = Refusal::NotFound("There is no webhook with this id.");

fn find(db: &Connection, ask: &Ask<'_>) -> Result<Webhook, Refusal> {
    webhooks::find(db, ask.id(0))?.ok_or(NOT_FOUND)
}

/// PlanRadar's pages name the account holder in one place, the permission 'Accounts' in another.
fn may(ask: &Ask<'_>) -> Result<(), Refusal> {
    match ask.webhook_access {
        WebhookAccess::AccountHolder if ask.caller.kind != UserType::AccountHolder => {
            Err(Refusal::Forbidden {
                code: "account_holder_only",
                detail: "Webhooks are for the account holder only.",
            })
        }
        WebhookAccess::Accounts if !ask.caller.may("accounts") => Err(Refusal::Forbidden {
            code: "permission_accounts",
            detail: "This needs the user permission 'Accounts'.",
        }),
        WebhookAccess::AccountHolder | WebhookAccess::Accounts => Ok(()),
    }
}
