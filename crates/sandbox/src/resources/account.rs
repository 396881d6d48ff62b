//! The account itself. Assumed (no public documentation).

use axum::http::StatusCode;
use rusqlite::Connection;
use serde_json::{Map, json};

use crate::answer::{Answer, Refusal, Resource};
use crate::options::Plan;
use crate::routes::Ask;
use crate::user_ids;

/// The account as it is stored.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) customer_id: String,
    pub(crate) name: String,
    pub(crate) plan: Plan,
    pub(crate) holder_id: i64,
    /// How many active in-house users there may be.
    pub(crate) in_house_licences: u32,
}

pub(crate) fn load(db: &Connection) -> rusqlite::Result<Account> {
    db.prepare_cached("SELECT customer_id, name, plan, holder_id, in_house_licences FROM account")?.query_row(
        [],
        |row| {
            let plan: String = row.get("plan")?;
            Ok(Account {
                customer_id: row.get("customer_id")?,
                name: row.get("name")?,
                plan: plan.parse().map_err(|error| {
                    rusqlite::Error::FromSqlConversionFailure(2, rusqlite::types::Type::Text, Box::new(error))
                })?,
                holder_id: row.get("holder_id")?,
                in_house_licences: row.get("in_house_licences")?,
            })
        },
    )
}

pub(crate) fn insert(db: &Connection, account: &Account) -> rusqlite::Result<()> {
    db.execute(
        "INSERT INTO account (customer_id, name, plan, holder_id, in_house_licences) VALUES (?1, ?2, ?3, ?4, ?5)",
        (
            &account.customer_id,
            &account.name,
            account.plan.name(),
            account.holder_id,
            account.in_house_licences,
        ),
    )?;
    Ok(())
}

pub(crate) fn set_plan(db: &Connection, plan: Plan) -> rusqlite::Result<()> {
    db.execute("UPDATE account SET plan = ?1", [plan.name()])?;
    Ok(())
}

pub(crate) fn set_in_house_licences(db: &Connection, licences: u32) -> rusqlite::Result<()> {
    db.execute("UPDATE account SET in_house_licences = ?1", [licences])?;
    Ok(())
}

/// How many in-house licences are taken.
pub(crate) fn licences_used(db: &Connection) -> rusqlite::Result<u32> {
    db.prepare_cached(
        "SELECT COUNT(*) FROM users WHERE active AND user_type IN ('account_holder', 'in_house')",
    )?
    .query_row([], |row| row.get(0))
}

pub(crate) fn get(db: &Connection, ask: &Ask<'_>) -> Result<Answer, Refusal> {
    let account = load(db)?;
    let mut attributes = Map::new();
    attributes.insert("name".into(), json!(account.name));
    attributes.insert("plan".into(), json!(account.plan.name()));
    attributes.insert("account-holder-id".into(), json!(user_ids::to_wire(account.holder_id)));
    attributes.insert("in-house-licences".into(), json!(account.in_house_licences));
    attributes.insert("in-house-licences-used".into(), json!(licences_used(db)?));
    attributes.insert("requests-per-minute".into(), json!(ask.limit));
    Ok(Answer::One(StatusCode::OK, Resource { id: account.customer_id, kind: "accounts", attributes }))
}
