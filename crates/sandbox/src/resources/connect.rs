//! Access to PlanRadar Connect: asked for once, then decided by people. Routes and states are assumed (no public
//! documentation), modelled on those of PlanRadar's SiteView.

use axum::http::StatusCode;
use rusqlite::Connection;
use serde_json::{Map, Value, json};

use super::account;
use crate::answer::{Answer, FieldError, Refusal, Resource};
use crate::options::ConnectDecision;
use crate::people;
use crate::routes::Ask;

const MOST_INTEGRATIONS: usize = 50;
const LONGEST: usize = 200;
const LONGEST_PURPOSE: usize = 2_000;

pub(crate) const NOT_REQUESTED: &str = "not_requested";
pub(crate) const REQUESTED: &str = "requested";
pub(crate) const IN_REVIEW: &str = "in_review";
pub(crate) const GRANTED: &str = "granted";
pub(crate) const DECLINED: &str = "declined";

/// How it stands.
#[derive(Clone, Debug)]
pub(crate) struct Connect {
    pub(crate) status: String,
    /// What was asked for.
    pub(crate) request: Map<String, Value>,
    pub(crate) requested_on: Option<i64>,
    decided_on: Option<i64>,
    note: Option<String>,
}

pub(crate) fn load(db: &Connection) -> rusqlite::Result<Connect> {
    db.prepare_cached("SELECT * FROM connect")?.query_row([], |row| {
        let request: String = row.get("request")?;
        Ok(Connect {
            status: row.get("status")?,
            request: serde_json::from_str(&request).unwrap_or_default(),
            requested_on: row.get("requested_on")?,
            decided_on: row.get("decided_on")?,
            note: row.get("note")?,
        })
    })
}

fn save(db: &Connection, connect: &Connect) -> rusqlite::Result<()> {
    db.prepare_cached(
        "UPDATE connect SET status = ?1, request = ?2, requested_on = ?3, decided_on = ?4, note = ?5",
    )?
    .execute((
        &connect.status,
        json!(connect.request).to_string(),
        connect.requested_on,
        connect.decided_on,
        &connect.note,
    ))?;
    Ok(())
}

impl Connect {
    fn answer(&self, db: &Connection, status: StatusCode) -> Result<Answer, Refusal> {
        let mut attributes = Map::new();
        attributes.insert("status".into(), json!(self.status));
        attributes.insert("requested-on".into(), self.requested_on.map_or(Value::Null, people::time));
        attributes.insert("decided-on".into(), self.decided_on.map_or(Value::Null, people::time));
        attributes.insert("note".into(), json!(self.note));
        let id = account::load(db)?.customer_id;
        Ok(Answer::One(status, Resource { id, kind: "connect-access", attributes }))
    }

    /// Whether somebody can decide on it now.
    pub(crate) fn is_open(&self) -> bool {
        matches!(self.status.as_str(), REQUESTED | IN_REVIEW)
    }
}

/// Everybody who can use the API sees it.
pub(crate) fn status(db: &Connection, _: &Ask<'_>) -> Result<Answer, Refusal> {
    load(db)?.answer(db, StatusCode::OK)
}

/// Needs the permission 'Accounts'. Once only, unless it was declined.
pub(crate) fn request(db: &Connection, ask: &Ask<'_>) -> Result<Answer, Refusal> {
    if !ask.caller.may("accounts") {
        return Err(Refusal::Forbidden {
            code: "permission_accounts",
            detail: "This needs the user permission 'Accounts'.",
        });
    }
    let mut attributes = ask.attributes()?;
    let mut request = Map::new();
    match attributes.list("integrations", |one| one.as_str().is_some_and(is_name)) {
        Some(list) if list.is_empty() || list.len() > MOST_INTEGRATIONS => {
            attributes.wrong("integrations", "must name 1 to 50 applications");
        }
        Some(list) => drop(request.insert("integrations".into(), Value::Array(list))),
        None if attributes.get("integrations").is_none() => attributes.wrong("integrations", "is required"),
        None => {}
    }
    for (name, longest) in [("purpose", LONGEST_PURPOSE), ("contact", LONGEST)] {
        if let Some(text) = attributes.required_text(name, longest) {
            request.insert(name.into(), text.into());
        }
    }
    if !matches!(attributes.get("phone"), None | Some(Value::Null))
        && let Some(text) = attributes.text("phone", LONGEST)
    {
        request.insert("phone".into(), text.into());
    }
    attributes.finish()?;
    let stored = load(db)?;
    if !matches!(stored.status.as_str(), NOT_REQUESTED | DECLINED) {
        let on = stored.requested_on.map_or(Value::Null, people::time);
        return Err(Refusal::Invalid(vec![FieldError {
            code: "connect_already_requested",
            pointer: "/data".into(),
            detail: format!(
                "PlanRadar Connect was requested on {} already.",
                on.as_str().unwrap_or_default()
            ),
        }]));
    }
    let new = Connect {
        status: REQUESTED.into(),
        request,
        requested_on: Some(ask.now),
        decided_on: None,
        note: None,
    };
    save(db, &new)?;
    new.answer(db, StatusCode::CREATED)
}

fn is_name(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= LONGEST
}

/// What PlanRadar's people do with it. False: there is nothing to decide on.
pub(crate) fn decide(
    db: &Connection,
    decision: ConnectDecision,
    note: Option<&str>,
    now: i64,
) -> rusqlite::Result<bool> {
    let mut connect = load(db)?;
    if !connect.is_open() {
        return Ok(false);
    }
    let (status, decided) = match decision {
        ConnectDecision::Review => (IN_REVIEW, false),
        ConnectDecision::Grant => (GRANTED, true),
        ConnectDecision::Decline => (DECLINED, true),
    };
    connect.status = status.into();
    connect.decided_on = decided.then_some(now);
    connect.note = note.map(str::trim).filter(|note| !note.is_empty()).map(str::to_owned);
    save(db, &connect)?;
    Ok(true)
}
