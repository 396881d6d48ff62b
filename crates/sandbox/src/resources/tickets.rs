//! Tickets, as PlanRadar's API description has them: enough of them for events to happen.

use axum::http::StatusCode;
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension as _, Row};
use serde_json::{Map, Value, json};

use crate::answer::{Answer, Refusal, Resource};
use crate::deliver::happen;
use crate::fields::Attributes;
use crate::paging::Listing;
use crate::people;
use crate::resources::projects;
use crate::routes::Ask;
use crate::webhooks::catalogue::happens;

const LISTING: Listing = Listing {
    sortable: &["id", "subject", "status-id", "priority-id", "created-on", "updated-on"],
    searched: &["subject"],
    default_sort: "id",
};

const LONGEST_SUBJECT: usize = 255;
const LONGEST_COMMENT: usize = 5000;

/// The words that stand for the numbers 1 to 6.
const STATUSES: [&str; 6] = ["lm", "ol", "ma", "ex", "gk", "ky"];

/// What the server sets itself, beside `uuid`.
const OWN: [&str; 5] = ["uuid", "project-id", "created-on", "updated-on", "meta-options"];

/// A ticket as it is stored.
pub(crate) struct Ticket {
    pub(crate) uuid: String,
    number: i64,
    pub(crate) project_id: String,
    /// Dashed keys, kept as they came.
    attributes: Map<String, Value>,
    created_on: i64,
    updated_on: i64,
}

impl Ticket {
    fn resource(&self) -> Resource {
        let mut attributes = self.attributes.clone();
        attributes.insert("uuid".into(), json!(self.uuid));
        attributes.insert("project-id".into(), json!(self.project_id));
        attributes.insert("created-on".into(), people::time(self.created_on));
        attributes.insert("updated-on".into(), people::time(self.updated_on));
        Resource { id: self.number.to_string(), kind: "tickets", attributes }
    }

    pub(crate) fn subject(&self) -> &str {
        self.attributes.get("subject").and_then(Value::as_str).unwrap_or_default()
    }

    /// As payloads tell it.
    pub(crate) fn json(&self) -> Value {
        let mut attributes = self.resource().attributes;
        attributes.insert("id".into(), json!(self.number.to_string()));
        Value::Object(attributes)
    }
}

pub(crate) fn list(db: &Connection, ask: &Ask<'_>) -> Result<Answer, Refusal> {
    let rows = of_project(db, project(db, ask)?)?.iter().map(Ticket::resource).collect();
    LISTING.page(rows, ask.query)
}

pub(crate) fn get(db: &Connection, ask: &Ask<'_>) -> Result<Answer, Refusal> {
    Ok(Answer::One(StatusCode::OK, find(db, ask)?.resource()))
}

pub(crate) fn create(db: &Connection, ask: &Ask<'_>) -> Result<Answer, Refusal> {
    let project_id = project(db, ask)?.to_owned();
    let mut attributes = ask.attributes()?;
    // The two that PlanRadar's description calls required.
    for name in ["ticket-type-id", "component-id"] {
        attributes.required_text(name, LONGEST_SUBJECT);
    }
    let uuid = new_uuid(&mut attributes, |uuid| {
        db.prepare_cached("SELECT 1 FROM tickets WHERE uuid = ?1")?.exists([uuid])
    })?;
    let number = next_number(db, "tickets")?;
    let start = Map::from_iter([
        ("subject".to_owned(), json!(format!("Ticket {number}"))),
        ("status-id".to_owned(), json!(STATUSES[0])),
        ("priority-id".to_owned(), json!("2")),
    ]);
    let attributes = changed(attributes, start)?;
    let ticket = Ticket { uuid, number, project_id, attributes, created_on: ask.now, updated_on: ask.now };
    save(db, &ticket)?;
    happen(db, ask, happens::TICKET_CREATED, &ticket.project_id, json!({"ticket": ticket.json()}))?;
    Ok(Answer::One(StatusCode::CREATED, ticket.resource()))
}

/// What is left out stays (assumed: PlanRadar does not say).
pub(crate) fn update(db: &Connection, ask: &Ask<'_>) -> Result<Answer, Refusal> {
    let mut ticket = find(db, ask)?;
    let before = ticket.attributes.clone();
    ticket.attributes = changed(ask.attributes()?, before.clone())?;
    ticket.updated_on = ask.now;
    save(db, &ticket)?;
    let differs = |name: &str| before.get(name) != ticket.attributes.get(name);
    for (event, happened) in [
        (happens::TICKET_UPDATED, true),
        (happens::TICKET_STATUS_CHANGED, differs("status-id")),
        (happens::TICKET_ASSIGNED, differs("assigned-to-id")),
    ] {
        if happened {
            happen(db, ask, event, &ticket.project_id, json!({"ticket": ticket.json()}))?;
        }
    }
    Ok(Answer::One(StatusCode::OK, ticket.resource()))
}

pub(crate) fn delete(db: &Connection, ask: &Ask<'_>) -> Result<Answer, Refusal> {
    let ticket = find(db, ask)?;
    db.prepare_cached("DELETE FROM tickets WHERE uuid = ?1")?.execute([&ticket.uuid])?;
    happen(db, ask, happens::TICKET_DELETED, &ticket.project_id, json!({"ticket": ticket.json()}))?;
    Ok(Answer::Empty)
}

pub(crate) fn comment(db: &Connection, ask: &Ask<'_>) -> Result<Answer, Refusal> {
    let ticket = find(db, ask)?;
    let mut attributes = ask.attributes()?;
    let text = attributes.required_text("comment", LONGEST_COMMENT).unwrap_or_default();
    attributes.finish()?;
    let id = db
        .prepare_cached(
            "INSERT INTO comments (ticket_uuid, comment, user_id, created_on) VALUES (?1, ?2, ?3, ?4)",
        )?
        .insert((&ticket.uuid, &text, ask.caller.id, ask.now))?;
    let mut attributes = Map::new();
    attributes.insert("comment".into(), json!(text));
    attributes.insert("created-by".into(), json!(ask.caller.wire_id()));
    attributes.insert("created-on".into(), people::time(ask.now));
    let subject = json!({"ticket": ticket.json(), "comment": attributes});
    happen(db, ask, happens::COMMENT_ADDED, &ticket.project_id, subject)?;
    Ok(Answer::One(StatusCode::CREATED, Resource { id: id.to_string(), kind: "comments", attributes }))
}

/// The project that the path names, if the caller may see it.
fn project<'a>(db: &Connection, ask: &'a Ask<'_>) -> Result<&'a str, Refusal> {
    if projects::is_seen(db, ask.caller, ask.id(0))? {
        Ok(ask.id(0))
    } else {
        Err(Refusal::NotFound("There is no project with this id."))
    }
}

/// The ticket that the path names.
pub(crate) fn find(db: &Connection, ask: &Ask<'_>) -> Result<Ticket, Refusal> {
    let project_id = project(db, ask)?;
    db.prepare_cached("SELECT * FROM tickets WHERE project_id = ?1 AND uuid = ?2")?
        .query_row([project_id, ask.id(1)], read)
        .optional()?
        .ok_or(Refusal::NotFound("There is no ticket with this UUID."))
}

/// A project's tickets, oldest first.
pub(crate) fn of_project(db: &Connection, project_id: &str) -> rusqlite::Result<Vec<Ticket>> {
    db.prepare_cached("SELECT * FROM tickets WHERE project_id = ?1 ORDER BY number")?
        .query_map([project_id], read)?
        .collect()
}

/// The UUID that was sent, or a new one. Both are documented.
pub(crate) fn new_uuid(
    attributes: &mut Attributes,
    taken: impl FnOnce(&str) -> rusqlite::Result<bool>,
) -> rusqlite::Result<String> {
    let sent = match attributes.get("uuid") {
        None | Some(Value::Null) => return Ok(uuid::Uuid::new_v4().to_string()),
        Some(sent) => {
            sent.as_str().and_then(|text| uuid::Uuid::try_parse(text).ok()).map(|id| id.to_string())
        }
    };
    match sent {
        Some(uuid) if !taken(&uuid)? => return Ok(uuid),
        Some(_) => attributes.wrong("uuid", "is taken"),
        None => attributes.wrong("uuid", "must be a UUID"),
    }
    Ok(String::new())
}

/// The next number of a table that has one. A number may come back when the last row is deleted.
pub(crate) fn next_number(db: &Connection, table: &str) -> rusqlite::Result<i64> {
    db.query_row(&format!("SELECT coalesce(max(number), 0) + 1 FROM {table}"), [], |row| row.get(0))
}

/// The attributes with what was sent on top of them.
fn changed(mut sent: Attributes, mut attributes: Map<String, Value>) -> Result<Map<String, Value>, Refusal> {
    if sent.get("subject").is_some_and(|subject| subject != "") {
        sent.text("subject", LONGEST_SUBJECT);
    }
    let all = sent.others(&OWN);
    let mut wrong = Vec::new();
    for (key, value) in all {
        let key = key.replace('_', "-");
        let value = match key.as_str() {
            // An empty one leaves the default, as the description says.
            "subject" if value == "" => continue,
            "status-id" => one_of(&value, 6, &STATUSES),
            "priority-id" => one_of(&value, 3, &[]),
            _ => Some(value),
        };
        match value {
            Some(value) => {
                attributes.insert(key, value);
            }
            None => wrong.push(key),
        }
    }
    for key in wrong {
        sent.wrong(&key, "is none of the known ones");
    }
    sent.finish()?;
    Ok(attributes)
}

/// A number from 1 or its word, as the word where there is one: text or number on the wire.
fn one_of(value: &Value, most: usize, words: &[&str]) -> Option<Value> {
    let text = value.as_str().map(str::to_owned).or_else(|| value.as_u64().map(|n| n.to_string()))?;
    if words.contains(&text.as_str()) {
        return Some(json!(text));
    }
    let number = text.parse::<usize>().ok().filter(|n| (1..=most).contains(n))?;
    Some(words.get(number - 1).map_or_else(|| json!(number.to_string()), |word| json!(word)))
}

fn save(db: &Connection, ticket: &Ticket) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO tickets (uuid, number, project_id, attributes, created_on, updated_on)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (uuid) DO UPDATE SET attributes = excluded.attributes, updated_on = excluded.updated_on",
    )?
    .execute((
        &ticket.uuid,
        ticket.number,
        &ticket.project_id,
        json!(ticket.attributes).to_string(),
        ticket.created_on,
        ticket.updated_on,
    ))?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<Ticket> {
    let attributes: String = row.get("attributes")?;
    let attributes = serde_json::from_str(&attributes)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(0, Type::Text, Box::new(error)))?;
    Ok(Ticket {
        uuid: row.get("uuid")?,
        number: row.get("number")?,
        project_id: row.get("project_id")?,
        attributes,
        created_on: row.get("created_on")?,
        updated_on: row.get("updated_on")?,
    })
}
