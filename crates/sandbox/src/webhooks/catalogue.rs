//! The events a webhook may be about. Names and payloads are assumed (no public documentation).

use rusqlite::{Connection, Row};
use serde_json::{Map, Value, json};

use crate::answer::Resource;
use crate::paging::Listing;

pub(crate) const LISTING: Listing = Listing {
    sortable: &["id", "name", "title", "group"],
    searched: &["name", "title", "group"],
    default_sort: "id",
};

/// What the sandbox itself lets happen.
pub(crate) mod happens {
    pub(crate) const TICKET_CREATED: &str = "ticket_created";
    pub(crate) const TICKET_UPDATED: &str = "ticket_updated";
    pub(crate) const TICKET_STATUS_CHANGED: &str = "ticket_status_changed";
    pub(crate) const TICKET_ASSIGNED: &str = "ticket_assigned";
    pub(crate) const TICKET_DELETED: &str = "ticket_deleted";
    pub(crate) const COMMENT_ADDED: &str = "comment_added";
    pub(crate) const PHOTO_ATTACHED: &str = "photo_attached";
    pub(crate) const DOCUMENT_ATTACHED: &str = "document_attached";
    pub(crate) const AUDIO_ATTACHED: &str = "audio_attached";
    pub(crate) const VIDEO_ATTACHED: &str = "video_attached";
    pub(crate) const ATTACHMENT_DELETED: &str = "attachment_deleted";
}

/// Group, name, title.
const EVENTS: [(&str, &str, &str); 18] = [
    ("Tickets", happens::TICKET_CREATED, "Ticket created"),
    ("Tickets", happens::TICKET_UPDATED, "Ticket updated"),
    ("Tickets", happens::TICKET_STATUS_CHANGED, "Ticket status changed"),
    ("Tickets", happens::TICKET_ASSIGNED, "Ticket assigned"),
    ("Tickets", happens::TICKET_DELETED, "Ticket deleted"),
    ("Comments", happens::COMMENT_ADDED, "Comment added"),
    ("Attachments", happens::PHOTO_ATTACHED, "Photo attached"),
    ("Attachments", happens::DOCUMENT_ATTACHED, "Document attached"),
    ("Attachments", happens::AUDIO_ATTACHED, "Voice memo attached"),
    ("Attachments", happens::VIDEO_ATTACHED, "Video attached"),
    ("Attachments", happens::ATTACHMENT_DELETED, "Attachment deleted"),
    ("Projects", "project_created", "Project created"),
    ("Projects", "project_updated", "Project updated"),
    ("Projects", "project_archived", "Project archived"),
    ("Plans", "plan_uploaded", "Plan uploaded"),
    ("Plans", "plan_replaced", "Plan replaced by a new version"),
    ("Plans", "plan_deleted", "Plan deleted"),
    ("Users", "project_member_added", "User added to a project"),
];

/// What the large account has besides: seven groups of six.
const MORE_GROUPS: [(&str, &str, &str); 7] = [
    ("Forms", "form", "Form"),
    ("Reports", "report", "Report"),
    ("Schedules", "schedule", "Schedule"),
    ("BIM models", "bim_model", "BIM model"),
    ("Documents", "dms_document", "Project document"),
    ("SiteView", "site_view", "SiteView"),
    ("Groups", "group", "Group"),
];
const MORE_VERBS: [&str; 6] = ["created", "updated", "deleted", "archived", "restored", "shared"];

/// Fills the catalogue of a new state.
pub(crate) fn plant(db: &Connection, large: bool) -> rusqlite::Result<()> {
    for (group, name, title) in EVENTS {
        insert(db, name, title, group)?;
    }
    if large {
        for (group, noun, title) in MORE_GROUPS {
            for verb in MORE_VERBS {
                insert(db, &format!("{noun}_{verb}"), &format!("{title} {verb}"), group)?;
            }
        }
    }
    Ok(())
}

fn insert(db: &Connection, name: &str, title: &str, group: &str) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT INTO events (name, title, group_name) VALUES (?1, ?2, ?3)")?
        .execute((name, title, group))?;
    Ok(())
}

pub(crate) fn knows(db: &Connection, name: &str) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT 1 FROM events WHERE name = ?1")?.exists([name])
}

pub(crate) fn all(db: &Connection) -> rusqlite::Result<Vec<Resource>> {
    db.prepare_cached("SELECT * FROM events ORDER BY position")?.query_map([], resource)?.collect()
}

pub(crate) fn names(db: &Connection) -> rusqlite::Result<Vec<String>> {
    db.prepare_cached("SELECT name FROM events ORDER BY position")?.query_map([], |row| row.get(0))?.collect()
}

/// The example of an event.
pub(crate) fn example_of(db: &Connection, name: &str) -> rusqlite::Result<Value> {
    db.prepare_cached("SELECT group_name FROM events WHERE name = ?1")?
        .query_row([name], |row| Ok(example(name, &row.get::<_, String>(0)?)))
}

fn resource(row: &Row<'_>) -> rusqlite::Result<Resource> {
    let (name, group): (String, String) = (row.get("name")?, row.get("group_name")?);
    let mut attributes = Map::new();
    attributes.insert("name".into(), json!(name));
    attributes.insert("title".into(), row.get::<_, String>("title")?.into());
    attributes.insert("group".into(), json!(group));
    attributes.insert("example".into(), example(&name, &group));
    // The position in the catalogue: its order is by subject, not by letter.
    Ok(Resource { id: row.get::<_, i64>("position")?.to_string(), kind: "webhook-events", attributes })
}

/// A payload as it would be sent, with invented content.
fn example(name: &str, group: &str) -> Value {
    let ticket = json!({
        "uuid": "00000000-0000-4000-8000-000000000001",
        "subject": "demo: crack in the screed",
        "status-id": "lm",
    });
    let subject = match group {
        "Tickets" => json!({"ticket": ticket}),
        "Comments" => json!({"ticket": ticket, "comment": {"comment": "demo: please look at this"}}),
        "Attachments" => json!({"ticket": ticket, "attachment": {"attachment-name": "demo.png"}}),
        _ => json!({"subject": {"name": "demo"}}),
    };
    payload(&Payload {
        id: "00000000-0000-4000-8000-000000000002",
        event: name,
        at: json!("2026-01-15T09:30:00Z"),
        customer_id: "9000001",
        project: json!({"id": "demo", "name": "demo project"}),
        user: json!({"id": "338601", "name": "demo user"}),
        subject,
    })
}

/// What a payload tells.
pub(crate) struct Payload<'a> {
    pub(crate) id: &'a str,
    pub(crate) event: &'a str,
    pub(crate) at: Value,
    pub(crate) customer_id: &'a str,
    pub(crate) project: Value,
    pub(crate) user: Value,
    /// An object whose keys say what they are about, such as `ticket`.
    pub(crate) subject: Value,
}

/// The JSON that is POSTed. `source` says that nothing in it is real.
pub(crate) fn payload(of: &Payload<'_>) -> Value {
    let mut payload = json!({
        "source": "demo",
        "id": of.id,
        "event": of.event,
        "occurred-on": of.at,
        "customer-id": of.customer_id,
        "project": of.project,
        "user": of.user,
    });
    if let (Some(payload), Some(subject)) = (payload.as_object_mut(), of.subject.as_object()) {
        payload.extend(subject.clone());
    }
    payload
}
