//! Roles and groups of the seeds.

use rusqlite::Connection;

use super::DAY;
use crate::resources::groups;
use crate::resources::roles::{self, Role};

/// The role that seeded people have in their projects.
pub(super) const SITE: &str = "rlsite";

const ROLES: [Role; 5] = [
    Role { id: "rladmn", name: "Administration", is_admin: true },
    Role { id: SITE, name: "Bauleitung", is_admin: false },
    Role { id: "rlplan", name: "Planung", is_admin: false },
    Role { id: "rlcrew", name: "Gewerk", is_admin: false },
    Role { id: "rlread", name: "Nur lesen", is_admin: false },
];

const GROUPS: [(&str, &str); 3] = [("grelek", "Elektro"), ("grtroc", "Trockenbau"), ("grbaul", "Bauleitung")];

/// Roles for all, groups but for the smallest account.
pub(super) fn plant(db: &Connection, with_groups: bool, now: i64) -> rusqlite::Result<()> {
    for role in ROLES {
        roles::insert(db, role, now - 1_000 * DAY)?;
    }
    if with_groups {
        for (id, name) in GROUPS {
            groups::insert(db, id, name, now - 900 * DAY)?;
        }
    }
    Ok(())
}
