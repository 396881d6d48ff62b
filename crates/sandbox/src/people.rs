//! The account's people: what they are, what they may, and how they are stored.

use jiff::Timestamp;
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension as _, Row, named_params};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::user_ids;

/// The permission that a user needs to use the API.
pub(crate) const API_ACCESS: &str = "api_documentation_access";

/// The permission keys of PlanRadar's API description.
pub(crate) const PERMISSIONS: [&str; 13] = [
    "accounts",
    API_ACCESS,
    "categories",
    "defects",
    "groups",
    "limited_projects",
    "projects",
    "report_templates",
    "roles",
    "statistics",
    "sub_users",
    "user_metrics",
    "users",
];

/// What kind of user somebody is (the names on the wire are assumed).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UserType {
    AccountHolder,
    InHouse,
    Subcontractor,
    Watcher,
}

impl UserType {
    const ALL: [Self; 4] = [Self::AccountHolder, Self::InHouse, Self::Subcontractor, Self::Watcher];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::AccountHolder => "account_holder",
            Self::InHouse => "in_house",
            Self::Subcontractor => "subcontractor",
            Self::Watcher => "watcher",
        }
    }

    /// Subcontractors and watchers have fixed permissions.
    pub(crate) fn has_fixed_permissions(self) -> bool {
        matches!(self, Self::Subcontractor | Self::Watcher)
    }
}

#[derive(Clone, Debug)]
pub(crate) struct User {
    /// 0 until it is inserted.
    pub(crate) id: i64,
    pub(crate) firstname: String,
    pub(crate) lastname: String,
    pub(crate) mail: String,
    pub(crate) kind: UserType,
    pub(crate) active: bool,
    /// The keys that are ticked.
    pub(crate) permissions: Vec<String>,
    /// Address, projects, roles: underscored keys, dashed on the wire.
    pub(crate) details: Map<String, Value>,
    /// Attributes and permission keys of which nothing is known here, as they came.
    pub(crate) unknown: Map<String, Value>,
    pub(crate) unknown_permissions: Map<String, Value>,
    /// Milliseconds since 1970, as all times in the database.
    pub(crate) created_on: i64,
    pub(crate) last_login_on: Option<i64>,
}

impl User {
    /// The id on the wire.
    pub(crate) fn wire_id(&self) -> String {
        user_ids::to_wire(self.id)
    }

    /// Whether the user takes up one of the account's in-house licences.
    pub(crate) fn takes_licence(&self) -> bool {
        self.active && !self.kind.has_fixed_permissions()
    }

    /// Whether the user has a permission. Account holders have all, always.
    pub(crate) fn may(&self, permission: &str) -> bool {
        match self.kind {
            UserType::AccountHolder => permission != "limited_projects",
            UserType::InHouse => self.permissions.iter().any(|key| key == permission),
            UserType::Subcontractor | UserType::Watcher => permission == "defects",
        }
    }

    pub(crate) fn set_permission(&mut self, permission: &str, allowed: bool) {
        self.permissions.retain(|key| key != permission);
        if allowed {
            self.permissions.push(permission.to_owned());
        }
    }

    /// Whether the user is a member of a project.
    pub(crate) fn is_in_project(&self, project_id: &str) -> bool {
        match self.details.get("project_ids") {
            Some(Value::Array(ids)) => ids.iter().any(|id| id == project_id),
            _ => false,
        }
    }
}

/// The user with this id, which is text on the wire.
pub(crate) fn find(db: &Connection, id: &str) -> rusqlite::Result<Option<User>> {
    let Some(id) = user_ids::from_wire(id) else { return Ok(None) };
    by_number(db, id)
}

/// The user with this id as it is stored.
pub(crate) fn by_number(db: &Connection, id: i64) -> rusqlite::Result<Option<User>> {
    db.prepare_cached("SELECT * FROM users WHERE id = ?1")?.query_row([id], read).optional()
}

pub(crate) fn mail_taken(db: &Connection, mail: &str, by_other_than: i64) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT 1 FROM users WHERE mail = ?1 AND id <> ?2")?.exists((mail, by_other_than))
}

/// Inserts a user (id 0: the next free one) or writes an existing one. Returns the id.
pub(crate) fn save(db: &Connection, user: &User) -> rusqlite::Result<i64> {
    db.prepare_cached(
        "INSERT INTO users
         (id, firstname, lastname, mail, user_type, active, permissions, details, created_on, last_login_on)
         VALUES (:id, :firstname, :lastname, :mail, :user_type, :active, :permissions, :details,
                 :created_on, :last_login_on)
         ON CONFLICT (id) DO UPDATE SET
             firstname = excluded.firstname, lastname = excluded.lastname, mail = excluded.mail,
             active = excluded.active, permissions = excluded.permissions, details = excluded.details
         RETURNING id",
    )?
    .query_row(
        named_params! {
            ":id": if user.id == 0 { None } else { Some(user.id) },
            ":firstname": user.firstname,
            ":lastname": user.lastname,
            ":mail": user.mail,
            ":user_type": user.kind.name(),
            ":active": user.active,
            ":permissions": json!(user.permissions).to_string(),
            ":details": json!({
                "known": user.details,
                "unknown": user.unknown,
                "unknown_permissions": user.unknown_permissions,
            })
            .to_string(),
            ":created_on": user.created_on,
            ":last_login_on": user.last_login_on,
        },
        |row| row.get(0),
    )
}

/// A stored time as it is on the wire.
pub(crate) fn time(milliseconds: i64) -> Value {
    Timestamp::from_millisecond(milliseconds).map_or(Value::Null, |time| Value::String(time.to_string()))
}

fn read(row: &Row<'_>) -> rusqlite::Result<User> {
    let user_type: String = row.get("user_type")?;
    let user_type = UserType::ALL
        .into_iter()
        .find(|t| t.name() == user_type)
        .ok_or_else(|| rusqlite::Error::InvalidColumnType(0, format!("user_type {user_type}"), Type::Text))?;
    let mut details: Map<String, Value> = from_json(row, "details")?;
    let mut part = |name: &str| match details.remove(name) {
        Some(Value::Object(map)) => Some(map),
        _ => None,
    };
    let (unknown, unknown_permissions) = (part("unknown"), part("unknown_permissions"));
    // A state from before there were parts has all known details right here.
    let known = part("known");
    Ok(User {
        id: row.get("id")?,
        firstname: row.get("firstname")?,
        lastname: row.get("lastname")?,
        mail: row.get("mail")?,
        kind: user_type,
        active: row.get("active")?,
        permissions: from_json(row, "permissions")?,
        details: known.unwrap_or(details),
        unknown: unknown.unwrap_or_default(),
        unknown_permissions: unknown_permissions.unwrap_or_default(),
        created_on: row.get("created_on")?,
        last_login_on: row.get("last_login_on")?,
    })
}

fn from_json<T: DeserializeOwned>(row: &Row<'_>, column: &str) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(0, Type::Text, Box::new(error)))
}
