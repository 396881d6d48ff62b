//! Creating, changing and reactivating users.

use axum::http::StatusCode;
use rusqlite::Connection;
use serde_json::{Map, Value};

use super::{find, may_manage, resource};
use crate::answer::{Answer, Refusal};
use crate::fields::Attributes;
use crate::people::{self, API_ACCESS, PERMISSIONS, User, UserType};
use crate::resources::projects;
use crate::routes::Ask;

const LONGEST: usize = 255;
const TEXTS: [&str; 6] = ["city", "company", "position", "street", "tel", "zipcode"];

pub(crate) fn create(db: &Connection, ask: &Ask<'_>) -> Result<Answer, Refusal> {
    may_manage(ask)?;
    let mut attributes = ask.attributes()?;
    let kind = match (attributes.flag("subcontractor"), attributes.flag("watcher")) {
        (Some(true), Some(true)) => {
            attributes.wrong("watcher", "a user is a subcontractor or a watcher, not both");
            UserType::Watcher
        }
        (Some(true), _) => UserType::Subcontractor,
        (_, Some(true)) => UserType::Watcher,
        _ => UserType::InHouse,
    };
    let mut user = User {
        id: 0,
        firstname: attributes.required_text("firstname", LONGEST).unwrap_or_default(),
        lastname: attributes.required_text("lastname", LONGEST).unwrap_or_default(),
        mail: attributes.required_text("mail", LONGEST).unwrap_or_default(),
        kind,
        active: true,
        permissions: Vec::new(),
        details: Map::new(),
        created_on: ask.now,
        last_login_on: None,
    };
    if kind == UserType::InHouse && attributes.get("permissions").is_none() {
        attributes.wrong("permissions", "is required for in-house users");
    }
    change(db, &mut attributes, &mut user)?;
    attributes.finish()?;
    user.id = people::save(db, &user)?;
    Ok(Answer::One(StatusCode::CREATED, resource(&user, ask.documented_only)))
}

pub(crate) fn update(db: &Connection, ask: &Ask<'_>) -> Result<Answer, Refusal> {
    may_manage(ask)?;
    let mut user = find(db, ask.id(0))?;
    let mut attributes = ask.attributes()?;
    change(db, &mut attributes, &mut user)?;
    attributes.finish()?;
    people::save(db, &user)?;
    Ok(Answer::One(StatusCode::OK, resource(&user, ask.documented_only)))
}

pub(crate) fn activate(db: &Connection, ask: &Ask<'_>) -> Result<Answer, Refusal> {
    may_manage(ask)?;
    let mut user = find(db, ask.query.get("user_id").unwrap_or_default())?;
    user.active = true;
    people::save(db, &user)?;
    Ok(Answer::One(StatusCode::OK, resource(&user, ask.documented_only)))
}

/// Takes over what was sent. What was left out stays, but `permissions` is replaced as a whole: PlanRadar does
/// not say which it does, and this is the reading that punishes a client that sends only what it changed.
fn change(db: &Connection, attributes: &mut Attributes, user: &mut User) -> Result<(), Refusal> {
    if let Some(firstname) = attributes.text("firstname", LONGEST) {
        user.firstname = firstname;
    }
    if let Some(lastname) = attributes.text("lastname", LONGEST) {
        user.lastname = lastname;
    }
    if let Some(mail) = attributes.text("mail", LONGEST) {
        if !looks_like_mail(&mail) {
            attributes.wrong("mail", "must be an e-mail address");
        } else if people::mail_taken(db, &mail, user.id)? {
            attributes.wrong("mail", "is taken by another user; users of other accounts can only be invited");
        }
        user.mail = mail;
    }
    if let Some(active) = attributes.flag("active") {
        if !active && user.kind == UserType::AccountHolder {
            attributes.wrong("active", "the account holder can't be deactivated");
        }
        user.active = active;
    }
    for name in TEXTS {
        // An empty text clears a detail.
        if attributes.get(name) == Some(&Value::String(String::new())) {
            user.details.remove(name);
        } else if let Some(text) = attributes.text(name, LONGEST) {
            user.details.insert(name.into(), Value::String(text));
        }
    }
    // Passwords are accepted and dropped: nobody signs in here with one.
    if attributes.get("password") != attributes.get("retype_password") {
        attributes.wrong("retype_password", "must be the same as password");
    }
    change_permissions(attributes, user);
    change_memberships(db, attributes, user)
}

fn change_permissions(attributes: &mut Attributes, user: &mut User) {
    let Some(flags) = attributes.flags("permissions") else { return };
    let allowed = |key: &str| flags.iter().any(|(k, on)| k == key && *on);
    for (key, _) in flags.iter().filter(|(key, _)| !PERMISSIONS.contains(&key.as_str())) {
        attributes.wrong(&format!("permissions/{key}"), "there is no such permission");
    }
    if !allowed("defects") {
        attributes.wrong("permissions/defects", "must be true");
    }
    if user.kind == UserType::AccountHolder {
        for (key, _) in flags.iter().filter(|(key, on)| !on && key != "limited_projects") {
            attributes.wrong(&format!("permissions/{key}"), "can't be taken from the account holder");
        }
        return;
    }
    if user.kind.has_fixed_permissions() {
        if allowed(API_ACCESS) {
            let detail = "subcontractors and watchers can't be given API access";
            attributes.wrong(&format!("permissions/{API_ACCESS}"), detail);
        }
        return;
    }
    user.permissions = flags.into_iter().filter(|(_, on)| *on).map(|(key, _)| key).collect();
}

/// `role_ids` and `is_mobile_syncs` belong to `project_ids` by position, so they must be equally long.
fn change_memberships(db: &Connection, attributes: &mut Attributes, user: &mut User) -> Result<(), Refusal> {
    for (name, fits) in [
        ("project_ids", Value::is_string as fn(&Value) -> bool),
        ("role_ids", |v| v.is_string() || v.is_null()),
        ("is_mobile_syncs", Value::is_boolean),
        ("group_ids", Value::is_string),
    ] {
        if let Some(values) = attributes.list(name, fits) {
            user.details.insert(name.into(), Value::Array(values));
        }
    }
    let length = |name: &str| user.details.get(name).and_then(Value::as_array).map(Vec::len);
    let projects = length("project_ids").unwrap_or(0);
    for name in ["role_ids", "is_mobile_syncs"] {
        if length(name).is_some_and(|n| n != projects) {
            attributes.wrong(name, "must be as long as project_ids");
        }
    }
    if attributes.get("project_ids").is_some() {
        for id in user.details.get("project_ids").and_then(Value::as_array).into_iter().flatten() {
            if !projects::exists(db, id.as_str().unwrap_or_default())? {
                attributes.wrong("project_ids", format!("there is no project {id}"));
            }
        }
    }
    Ok(())
}

fn looks_like_mail(mail: &str) -> bool {
    mail.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && host.contains('.') && !host.contains('@') && !mail.contains(char::is_whitespace)
    })
}
