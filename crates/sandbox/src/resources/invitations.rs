//! Invitations: the way in for people who have a user in another account already. Documented by PlanRadar but for the answer,
//! which is assumed: the user, who is there at once.

use rusqlite::Connection;

use super::users::{Newcomer, add};
use crate::answer::{Answer, Refusal};
use crate::routes::Ask;

pub(crate) fn create(db: &Connection, ask: &Ask<'_>) -> Result<Answer, Refusal> {
    add(db, ask, Newcomer::Invited)
}
