//! Roles that people have in projects. Documented by PlanRadar; everybody who can use the API sees them (assumed).

use rusqlite::Connection;
use serde_json::{Map, json};

use crate::answer::{Answer, Refusal, Resource};
use crate::paging::Listing;
use crate::people;
use crate::routes::Ask;

const LISTING: Listing = Listing {
    sortable: &["id", "name", "created-on", "is-admin-role"],
    searched: &["name"],
    default_sort: "id",
};

/// A role as it is stored.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Role {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    pub(crate) is_admin: bool,
}

pub(crate) fn insert(db: &Connection, role: Role, now: i64) -> rusqlite::Result<()> {
    db.execute(
        "INSERT INTO roles (id, name, is_admin_role, created_on) VALUES (?1, ?2, ?3, ?4)",
        (role.id, role.name, role.is_admin, now),
    )?;
    Ok(())
}

pub(crate) fn exists(db: &Connection, id: &str) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT 1 FROM roles WHERE id = ?1")?.exists([id])
}

pub(crate) fn list(db: &Connection, ask: &Ask<'_>) -> Result<Answer, Refusal> {
    let mut statement = db.prepare_cached("SELECT * FROM roles ORDER BY id")?;
    let rows = statement.query_map([], |row| {
        let mut attributes = Map::new();
        attributes.insert("name".into(), json!(row.get::<_, String>("name")?));
        attributes.insert("is-admin-role".into(), json!(row.get::<_, bool>("is_admin_role")?));
        attributes.insert("created-on".into(), people::time(row.get("created_on")?));
        Ok(Resource { id: row.get("id")?, kind: "roles", attributes })
    })?;
    LISTING.page(rows.collect::<rusqlite::Result<_>>()?, ask.query)
}
