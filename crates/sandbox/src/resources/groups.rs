//! Groups of people. Documented by PlanRadar; everybody who can use the API sees them (assumed).

use rusqlite::Connection;
use serde_json::{Map, json};

use crate::answer::{Answer, Refusal, Resource};
use crate::paging::Listing;
use crate::people;
use crate::routes::Ask;

const LISTING: Listing = Listing { sortable: &["id"], searched: &[], default_sort: "id" };

/// The documented search of this list.
const SEARCH: &str = "q[search_i_cont]";

pub(crate) fn insert(db: &Connection, id: &str, name: &str, now: i64) -> rusqlite::Result<()> {
    db.execute("INSERT INTO user_groups (id, name, created_on) VALUES (?1, ?2, ?3)", (id, name, now))?;
    Ok(())
}

pub(crate) fn exists(db: &Connection, id: &str) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT 1 FROM user_groups WHERE id = ?1")?.exists([id])
}

pub(crate) fn list(db: &Connection, ask: &Ask<'_>) -> Result<Answer, Refusal> {
    let wanted = ask.query.get(SEARCH).unwrap_or_default().to_lowercase();
    let mut statement = db.prepare_cached("SELECT * FROM user_groups ORDER BY id")?;
    let rows = statement.query_map([], |row| {
        let name: String = row.get("name")?;
        let fits = name.to_lowercase().contains(&wanted);
        let mut attributes = Map::new();
        attributes.insert("name".into(), json!(name));
        attributes.insert("created-on".into(), people::time(row.get("created_on")?));
        Ok(fits.then_some(Resource { id: row.get("id")?, kind: "groups", attributes }))
    })?;
    let rows = rows.filter_map(Result::transpose).collect::<rusqlite::Result<_>>()?;
    LISTING.page(rows, ask.query)
}
