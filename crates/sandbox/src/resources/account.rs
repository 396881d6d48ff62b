//! The account itself. Assumed (no public documentation).

use axum::http::StatusCode;
use rusqlite::Connection;
use serde_json::{Map, json};

use crate::answer::{Answer, Refusal, Resource};
use crate::options::Plan;
use crate::routes::Ask;

/// The account as it is stored.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) customer_id: String,
    pub(crate) name: String,
    pub(crate) plan: Plan,
    pub(crate) holder_id: i64,
}

pub(crate) fn load(db: &Connection) -> rusqlite::Result<Account> {
    db.prepare_cached("SELECT customer_id, name, plan, holder_id FROM account")?.query_row([], |row| {
        let plan: String = row.get("plan")?;
        Ok(Account {
            customer_id: row.get("customer_id")?,
            name: row.get("name")?,
            plan: plan.parse().map_err(|error| {
                rusqlite::Error::FromSqlConversionFailure(2, rusqlite::types::Type::Text, Box::new(error))
            })?,
            holder_id: row.get("holder_id")?,
        })
    })
}

pub(crate) fn insert(db: &Connection, account: &Account) -> rusqlite::Result<()> {
    db.execute(
        "INSERT INTO account (customer_id, name, plan, holder_id) VALUES (?1, ?2, ?3, ?4)",
        (&account.customer_id, &account.name, account.plan.name(), account.holder_id),
    )?;
    Ok(())
}

pub(crate) fn set_plan(db: &Connection, plan: Plan) -> rusqlite::Result<()> {
    db.execute("UPDATE account SET plan = ?1", [plan.name()])?;
    Ok(())
}

pub(crate) fn get(db: &Connection, ask: &Ask<'_>) -> Result<Answer, Refusal> {
    let account = load(db)?;
    let mut attributes = Map::new();
    attributes.insert("name".into(), json!(account.name));
    attributes.insert("plan".into(), json!(account.plan.name()));
    attributes.insert("account-holder-id".into(), json!(account.holder_id.to_string()));
    attributes.insert("requests-per-minute".into(), json!(ask.limit));
    Ok(Answer::One(StatusCode::OK, Resource { id: account.customer_id, kind: "accounts", attributes }))
}
