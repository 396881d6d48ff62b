//! The account's projects, as PlanRadar's API description has them.

use rusqlite::{Connection, OptionalExtension as _};
use serde_json::{Map, json};

use crate::answer::{Answer, Refusal, Resource};
use crate::paging::Listing;
use crate::people::{self, User};
use crate::routes::Ask;

const LISTING: Listing =
    Listing { sortable: &["id", "name", "city", "created-on"], searched: &["name"], default_sort: "name" };

/// A project as it is stored.
#[derive(Clone, Debug)]
pub(crate) struct Project {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) city: String,
    pub(crate) archived: bool,
    pub(crate) created_on: i64,
}

pub(crate) fn insert(db: &Connection, project: &Project) -> rusqlite::Result<()> {
    db.execute(
        "INSERT INTO projects (id, name, city, archived, created_on) VALUES (?1, ?2, ?3, ?4, ?5)",
        (&project.id, &project.name, &project.city, project.archived, project.created_on),
    )?;
    Ok(())
}

pub(crate) fn exists(db: &Connection, id: &str) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT 1 FROM projects WHERE id = ?1")?.exists([id])
}

/// Ids and names of those that are not archived, by name.
pub(crate) fn names(db: &Connection) -> rusqlite::Result<Vec<(String, String)>> {
    db.prepare_cached("SELECT id, name FROM projects WHERE NOT archived ORDER BY name COLLATE NOCASE")?
        .query_map([], |row| Ok((row.get("id")?, row.get("name")?)))?
        .collect()
}

/// A project's name.
pub(crate) fn name(db: &Connection, id: &str) -> rusqlite::Result<Option<String>> {
    db.prepare_cached("SELECT name FROM projects WHERE id = ?1")?.query_row([id], |row| row.get(0)).optional()
}

/// Whether there is such a project and the caller has access to it.
pub(crate) fn is_seen(db: &Connection, caller: &User, id: &str) -> rusqlite::Result<bool> {
    Ok((sees_all(caller) || caller.is_in_project(id)) && exists(db, id)?)
}

/// The projects the caller has access to.
pub(crate) fn list(db: &Connection, ask: &Ask<'_>) -> Result<Answer, Refusal> {
    let sees_all = sees_all(ask.caller);
    let rows = rows(db, ask, |project| sees_all || ask.caller.is_in_project(&project.id))?;
    if ask.query.flag("load_all") { LISTING.all(rows, ask.query) } else { LISTING.page(rows, ask.query) }
}

/// The projects the caller is a member of.
pub(crate) fn my_projects(db: &Connection, ask: &Ask<'_>) -> Result<Answer, Refusal> {
    LISTING.page(rows(db, ask, |project| ask.caller.is_in_project(&project.id))?, ask.query)
}

/// Which permission shows all projects is documented for `report_templates`; for `projects` it is assumed.
fn sees_all(caller: &User) -> bool {
    (caller.may("projects") || caller.may("report_templates")) && !caller.may("limited_projects")
}

fn rows(db: &Connection, ask: &Ask<'_>, sees: impl Fn(&Project) -> bool) -> rusqlite::Result<Vec<Resource>> {
    let archived_too = ask.query.flag("include_archived");
    let mut statement = db.prepare_cached("SELECT * FROM projects ORDER BY id")?;
    let projects = statement.query_map([], |row| {
        Ok(Project {
            id: row.get("id")?,
            name: row.get("name")?,
            city: row.get("city")?,
            archived: row.get("archived")?,
            created_on: row.get("created_on")?,
        })
    })?;
    let mut rows = Vec::new();
    for project in projects {
        let project = project?;
        if (archived_too || !project.archived) && sees(&project) {
            rows.push(resource(project));
        }
    }
    Ok(rows)
}

fn resource(project: Project) -> Resource {
    let mut attributes = Map::new();
    attributes.insert("name".into(), json!(project.name));
    attributes.insert("city".into(), json!(project.city));
    attributes.insert("archived".into(), json!(project.archived));
    attributes.insert("created-on".into(), people::time(project.created_on));
    Resource { id: project.id, kind: "projects", attributes }
}
