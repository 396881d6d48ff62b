//! Creating, changing and reactivating users.

use axum::http::StatusCode;
use rusqlite::Connection;
use serde_json::{Map, Value};

use super::{find, may_manage, resource};
use crate::answer::{Answer, FieldError, Refusal};
use crate::fields::Attributes;
use crate::options::UsersPut;
use crate::people::{self, API_ACCESS, PERMISSIONS, User, UserType};
use crate::resources::{account, groups, projects, roles};
use crate::routes::Ask;

const LONGEST: usize = 255;
const TEXTS: [&str; 6] = ["city", "company", "position", "street", "tel", "zipcode"];
/// What is read here, or is the server's own: all else is kept as it came. `password`s are dropped: nobody signs in here.
const KNOWN: [&str; 23] = [
    "active",
    "city",
    "company",
    "created-on",
    "firstname",
    "group-ids",
    "is-mobile-syncs",
    "last-login-on",
    "lastname",
    "mail",
    "password",
    "permissions",
    "position",
    "project-ids",
    "retype-password",
    "role-ids",
    "street",
    "subcontractor",
    "tel",
    "updated-on",
    "user-type",
    "watcher",
    "zipcode",
];
/// People whose mail ends so have a user in another account (assumed, for demonstration).
const ELSEWHERE: &str = "@elsewhere.example.com";

/// How somebody comes into the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Newcomer {
    Created,
    Invited,
}

pub(crate) fn create(db: &Connection, ask: &Ask<'_>) -> Result<Answer, Refusal> {
    add(db, ask, Newcomer::Created)
}

pub(crate) fn add(db: &Connection, ask: &Ask<'_>, how: Newcomer) -> Result<Answer, Refusal> {
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
        firstname: String::new(),
        lastname: String::new(),
        mail: String::new(),
        kind,
        active: true,
        permissions: Vec::new(),
        details: Map::new(),
        unknown: Map::new(),
        unknown_permissions: Map::new(),
        created_on: ask.now,
        last_login_on: None,
    };
    change(db, &mut attributes, &mut user, UsersPut::Replace)?;
    if how == Newcomer::Created && user.mail.to_lowercase().ends_with(ELSEWHERE) {
        let detail = "has a user in another account already, and can only be invited";
        attributes.wrong_as("invite_required", "mail", detail);
    }
    attributes.finish()?;
    license(db, &user)?;
    user.id = people::save(db, &user)?;
    Ok(Answer::One(StatusCode::CREATED, resource(&user, ask.documented_only)))
}

pub(crate) fn update(db: &Connection, ask: &Ask<'_>) -> Result<Answer, Refusal> {
    may_manage(ask)?;
    let mut user = find(db, ask.id(0))?;
    let had_licence = user.takes_licence();
    let mut attributes = ask.attributes()?;
    change(db, &mut attributes, &mut user, ask.users_put)?;
    attributes.finish()?;
    if !had_licence {
        license(db, &user)?;
    }
    people::save(db, &user)?;
    Ok(Answer::One(StatusCode::OK, resource(&user, ask.documented_only)))
}

pub(crate) fn activate(db: &Connection, ask: &Ask<'_>) -> Result<Answer, Refusal> {
    may_manage(ask)?;
    let mut user = find(db, ask.query.get("user_id").unwrap_or_default())?;
    if !user.active {
        user.active = true;
        license(db, &user)?;
        people::save(db, &user)?;
    }
    Ok(Answer::One(StatusCode::OK, resource(&user, ask.documented_only)))
}

/// Refuses one more active in-house user than the plan has licences for (assumed).
fn license(db: &Connection, user: &User) -> Result<(), Refusal> {
    if !user.takes_licence() || account::licences_used(db)? < account::load(db)?.in_house_licences {
        return Ok(());
    }
    Err(Refusal::Invalid(vec![FieldError {
        code: "in_house_licences",
        pointer: "/data".into(),
        detail: "All in-house licences of the account's plan are in use.".into(),
    }]))
}

/// Takes over what was sent. What was left out is gone or stays, as `put` says, with two exceptions: `active`, which has
/// a route of its own, and the projects with all that belongs to them by position, which PlanRadar's API description
/// makes an all or nothing.
fn change(
    db: &Connection,
    attributes: &mut Attributes,
    user: &mut User,
    put: UsersPut,
) -> Result<(), Refusal> {
    if put == UsersPut::Replace {
        user.details.retain(|name, _| MEMBERSHIPS.iter().any(|(member, _)| member == name));
        user.unknown.clear();
        for name in ["firstname", "lastname", "mail"] {
            if attributes.get(name).is_none() {
                attributes.wrong(name, "is required");
            }
        }
        if user.kind == UserType::InHouse && attributes.get("permissions").is_none() {
            attributes.wrong("permissions", "is required for in-house users");
        }
    }
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
            attributes.wrong_as("mail_taken", "mail", "is taken by another user of this account");
        }
        user.mail = mail;
    }
    if let Some(active) = attributes.flag("active") {
        if !active && user.kind == UserType::AccountHolder {
            attributes.wrong_as("account_holder", "active", "the account holder can't be deactivated");
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
    if attributes.get("password") != attributes.get("retype_password") {
        attributes.wrong("retype_password", "must be the same as password");
    }
    user.unknown.extend(attributes.others(&KNOWN));
    change_permissions(attributes, user, put);
    change_memberships(db, attributes, user)
}

fn change_permissions(attributes: &mut Attributes, user: &mut User, put: UsersPut) {
    let Some(sent) = attributes.object("permissions") else { return };
    let mut unknown = Map::new();
    for (key, value) in &sent {
        let pointer = format!("permissions/{key}");
        if user.unknown_permissions.contains_key(key) {
            unknown.insert(key.clone(), value.clone());
        } else if !PERMISSIONS.contains(&key.as_str()) {
            attributes.wrong(&pointer, "there is no such permission");
        } else if !value.is_boolean() {
            attributes.wrong(&pointer, "must be true or false");
        }
    }
    let is = |key: &str, wanted: bool| sent.get(key) == Some(&Value::Bool(wanted));
    if !(is("defects", true) || put == UsersPut::Merge && !sent.contains_key("defects")) {
        attributes.wrong("permissions/defects", "must be true");
    }
    if put == UsersPut::Replace {
        user.unknown_permissions.clear();
    }
    user.unknown_permissions.extend(unknown);
    if user.kind == UserType::AccountHolder {
        let kept = PERMISSIONS.into_iter().filter(|key| *key != "limited_projects");
        for key in kept.filter(|key| is(key, false)) {
            let detail = "can't be taken from the account holder";
            attributes.wrong_as("account_holder", &format!("permissions/{key}"), detail);
        }
        return;
    }
    if user.kind.has_fixed_permissions() {
        if is(API_ACCESS, true) {
            let detail = "subcontractors and watchers can't be given API access";
            attributes.wrong_as("fixed_permissions", &format!("permissions/{API_ACCESS}"), detail);
        }
        return;
    }
    for key in PERMISSIONS {
        if put == UsersPut::Replace || sent.contains_key(key) {
            user.set_permission(key, is(key, true));
        }
    }
}

type Fits = fn(&Value) -> bool;

/// These belong together by position.
const MEMBERSHIPS: [(&str, Fits); 3] = [
    ("project_ids", Value::is_string),
    ("role_ids", |v| v.is_string() || v.is_null()),
    ("is_mobile_syncs", Value::is_boolean),
];

fn change_memberships(db: &Connection, attributes: &mut Attributes, user: &mut User) -> Result<(), Refusal> {
    let mut sent = false;
    for (name, fits) in MEMBERSHIPS {
        if let Some(values) = attributes.list(name, fits) {
            sent = true;
            user.details.insert(name.into(), Value::Array(values));
        }
    }
    if let Some(values) = attributes.list("group_ids", Value::is_string) {
        all_exist(attributes, "group_ids", &values, |id| groups::exists(db, id))?;
        user.details.insert("group_ids".into(), Value::Array(values));
    }
    if !sent {
        return Ok(());
    }
    let list = |name: &str| user.details.get(name).and_then(Value::as_array);
    let (projects, roles) = (list("project_ids").cloned(), list("role_ids").cloned());
    let (projects, roles) = (projects.unwrap_or_default(), roles.unwrap_or_default());
    for name in ["role_ids", "is_mobile_syncs"] {
        if list(name).is_some_and(|values| values.len() != projects.len()) {
            attributes.wrong(name, "must be as long as project_ids");
        }
    }
    all_exist(attributes, "project_ids", &projects, |id| projects::exists(db, id))?;
    all_exist(attributes, "role_ids", &roles, |id| roles::exists(db, id))
}

fn all_exist(
    attributes: &mut Attributes,
    name: &str,
    ids: &[Value],
    exists: impl Fn(&str) -> rusqlite::Result<bool>,
) -> Result<(), Refusal> {
    for id in ids.iter().filter_map(Value::as_str) {
        if !exists(id)? {
            attributes.wrong(name, format!("there is none with the id {id:?}"));
        }
    }
    Ok(())
}

fn looks_like_mail(mail: &str) -> bool {
    mail.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && host.contains('.') && !host.contains('@') && !mail.contains(char::is_whitespace)
    })
}
