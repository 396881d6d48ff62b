//! Other users' personal access tokens. Routes assumed (no public documentation); the rules are PlanRadar's.

use rusqlite::Connection;

use super::users;
use crate::answer::{Answer, Refusal};
use crate::keys;
use crate::people::UserType;
use crate::routes::Ask;

pub(crate) fn list(db: &Connection, ask: &Ask<'_>) -> Result<Answer, Refusal> {
    users::may_manage(ask)?;
    let owner = users::find(db, ask.id(0))?;
    let rows = keys::of_user(db, owner.id)?.iter().map(keys::Key::resource).collect();
    keys::LISTING.page(rows, ask.query)
}

pub(crate) fn delete(db: &Connection, ask: &Ask<'_>) -> Result<Answer, Refusal> {
    users::may_manage(ask)?;
    let owner = users::find(db, ask.id(0))?;
    if owner.kind == UserType::AccountHolder && owner.id != ask.caller.id {
        return Err(Refusal::Forbidden {
            code: "account_holder_token",
            detail: "The account holder's access tokens can be deleted only by the account holder.",
        });
    }
    if keys::delete(db, owner.id, ask.id(1))? {
        Ok(Answer::Empty)
    } else {
        Err(Refusal::NotFound("This user has no access token with this id."))
    }
}
