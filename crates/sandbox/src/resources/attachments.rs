//! Attachments of a ticket, as PlanRadar's API description has them. What is in the files is looked at and dropped.

use axum::http::StatusCode;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use rusqlite::{Connection, Row};
use serde_json::{Map, Value, json};

use super::tickets::{find, new_uuid, next_number};
use crate::answer::{Answer, Refusal, Resource};
use crate::deliver::happen;
use crate::paging::Listing;
use crate::people;
use crate::routes::Ask;
use crate::webhooks::catalogue::happens;

const LISTING: Listing = Listing {
    sortable: &["id", "title", "attachable-type", "created-at", "created-on"],
    searched: &["title"],
    default_sort: "id",
};

const LONGEST: usize = 255;

/// What the description calls supported, beside images, audio and video: the endings of `application/…` and `text/…`.
const DOCUMENTS: &[&str] = &[
    "pdf",
    "msword",
    "vnd.openxmlformats-officedocument.wordprocessingml.document",
    "vnd.ms-excel",
    "vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv",
    "vnd.oasis.opendocument.spreadsheet",
    "vnd.oasis.opendocument.text",
    "acad",
    "dxf",
    "vnd.ms-outlook",
    "rtf",
    "zip",
    "vnd.rar",
    "x-rar-compressed",
    "x-rar",
];

struct Attachment {
    uuid: String,
    number: i64,
    kind: String,
    name: String,
    caption: String,
    mime_type: String,
    size: i64,
    created_on: i64,
}

impl Attachment {
    fn resource(&self) -> Resource {
        let mut attributes = Map::new();
        attributes.insert("uuid".into(), json!(self.uuid));
        attributes.insert("title".into(), json!(self.name));
        attributes.insert("attachment-name".into(), json!(self.name));
        attributes.insert("caption".into(), json!(self.caption));
        attributes.insert("attachable-type".into(), json!(self.kind));
        attributes.insert("content-type".into(), json!(self.mime_type));
        attributes.insert("size".into(), json!(self.size));
        attributes.insert("created-at".into(), people::time(self.created_on));
        Resource { id: self.number.to_string(), kind: "attachments", attributes }
    }

    fn json(&self) -> Value {
        let mut attributes = self.resource().attributes;
        attributes.insert("id".into(), json!(self.number.to_string()));
        Value::Object(attributes)
    }
}

pub(crate) fn list(db: &Connection, ask: &Ask<'_>) -> Result<Answer, Refusal> {
    let ticket = find(db, ask)?;
    let rows = of_ticket(db, &ticket.uuid)?.iter().map(Attachment::resource).collect();
    LISTING.page(rows, ask.query)
}

/// Takes a data URI. Multipart, the other documented way, is not served here.
pub(crate) fn create(db: &Connection, ask: &Ask<'_>) -> Result<Answer, Refusal> {
    let ticket = find(db, ask)?;
    let mut attributes = ask.attributes()?;
    let data = attributes.required_text("attachment", usize::MAX).unwrap_or_default();
    let name = attributes.required_text("attachment-name", LONGEST).unwrap_or_default();
    let caption = attributes.text("caption", LONGEST).unwrap_or_else(|| name.clone());
    let uuid = new_uuid(&mut attributes, |uuid| {
        db.prepare_cached("SELECT 1 FROM attachments WHERE uuid = ?1")?.exists([uuid])
    })?;
    let mut file = None;
    if !data.is_empty() {
        match parse(&data) {
            Some(parsed) => file = Some(parsed),
            None => attributes.wrong("attachment", "must be a data URI: data:mime_type;base64,…"),
        }
    }
    attributes.finish()?;
    let Some((mime_type, size)) = file else {
        return Err(Refusal::Broken("An attachment without a file was not refused.".into()));
    };
    let Some((kind, event)) = kind(&mime_type) else {
        let detail = "Attachment type is not supported.".to_owned();
        return Err(Refusal::BadRequest { parameter: None, detail });
    };
    let attachment = Attachment {
        uuid,
        number: next_number(db, "attachments")?,
        kind: kind.to_owned(),
        name,
        caption,
        mime_type,
        size,
        created_on: ask.now,
    };
    db.prepare_cached(
        "INSERT INTO attachments (uuid, number, ticket_uuid, kind, name, caption, mime_type, size, created_on)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute((
        &attachment.uuid,
        attachment.number,
        &ticket.uuid,
        &attachment.kind,
        &attachment.name,
        &attachment.caption,
        &attachment.mime_type,
        attachment.size,
        attachment.created_on,
    ))?;
    let subject = json!({"ticket": ticket.json(), "attachment": attachment.json()});
    happen(db, ask, event, &ticket.project_id, subject)?;
    Ok(Answer::One(StatusCode::CREATED, attachment.resource()))
}

pub(crate) fn delete(db: &Connection, ask: &Ask<'_>) -> Result<Answer, Refusal> {
    let ticket = find(db, ask)?;
    let id = ask.id(2);
    let attachment = of_ticket(db, &ticket.uuid)?
        .into_iter()
        .find(|attachment| attachment.number.to_string() == id || attachment.uuid == id)
        .ok_or(Refusal::NotFound("This ticket has no attachment with this id."))?;
    db.prepare_cached("DELETE FROM attachments WHERE uuid = ?1")?.execute([&attachment.uuid])?;
    let subject = json!({"ticket": ticket.json(), "attachment": attachment.json()});
    happen(db, ask, happens::ATTACHMENT_DELETED, &ticket.project_id, subject)?;
    Ok(Answer::Empty)
}

/// MIME type and size of a data URI with base64.
fn parse(data: &str) -> Option<(String, i64)> {
    let (head, content) = data.strip_prefix("data:")?.split_once(',')?;
    let mime_type = head.strip_suffix(";base64")?.split(';').next()?.trim().to_ascii_lowercase();
    let size = BASE64_STANDARD.decode(content).ok()?.len();
    mime_type.contains('/').then_some((mime_type, i64::try_from(size).ok()?))
}

/// What it is called, and what has happened.
fn kind(mime_type: &str) -> Option<(&'static str, &'static str)> {
    match mime_type.split_once('/')? {
        ("image", kind) if !DOCUMENTS.contains(&kind) && kind != "vnd.dwg" && kind != "vnd.dxf" => {
            Some(("Image", happens::PHOTO_ATTACHED))
        }
        ("audio", _) => Some(("Audio", happens::AUDIO_ATTACHED)),
        ("video", _) => Some(("Video", happens::VIDEO_ATTACHED)),
        ("image", _) | ("message", "rfc822") => Some(("Document", happens::DOCUMENT_ATTACHED)),
        ("application" | "text", kind) if DOCUMENTS.contains(&kind) => {
            Some(("Document", happens::DOCUMENT_ATTACHED))
        }
        _ => None,
    }
}

fn of_ticket(db: &Connection, ticket_uuid: &str) -> rusqlite::Result<Vec<Attachment>> {
    db.prepare_cached("SELECT * FROM attachments WHERE ticket_uuid = ?1 ORDER BY number")?
        .query_map([ticket_uuid], read)?
        .collect()
}

fn read(row: &Row<'_>) -> rusqlite::Result<Attachment> {
    Ok(Attachment {
        uuid: row.get("uuid")?,
        number: row.get("number")?,
        kind: row.get("kind")?,
        name: row.get("name")?,
        caption: row.get("caption")?,
        mime_type: row.get("mime_type")?,
        size: row.get("size")?,
        created_on: row.get("created_on")?,
    })
}
