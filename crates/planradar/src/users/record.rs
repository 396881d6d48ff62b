//! A user with all that came, and the change of one thing in it. Whether PUT replaces or merges is not documented, so
//! everything that was read is written back, as it was read.

use super::same::{is_blank, list, object, same};
use super::{API_ACCESS, User, user};
use crate::json::{RawMap, Resource};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Attributes that `PlanRadar`'s API description writes with underscores in requests. They come with dashes; all others
/// go back as they came.
const UNDERSCORED: [&str; 4] = ["group_ids", "is_mobile_syncs", "project_ids", "role_ids"];
/// These belong together by position: they go back all as they came, or not at all.
const MEMBERSHIPS: [&str; 3] = ["is_mobile_syncs", "project_ids", "role_ids"];
/// What the server changes by itself meanwhile (assumed).
const MOVING: [&str; 3] = ["last_login_on", "updated_at", "updated_on"];

/// A user as it came, attributes and permission keys that this program doesn't know included.
#[derive(Clone)]
pub struct UserRecord {
    user: User,
    attributes: RawMap,
}

/// The one thing that is to change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UserChange {
    /// The permission 'API Access'.
    ApiAccess(bool),
    /// Whether the user may sign in.
    Active(bool),
}

/// A change of one user, ready to be written: all that was read, with one thing changed. Made by
/// [`UserRecord::update`].
#[derive(Clone)]
pub struct UserUpdate {
    id: String,
    attributes: RawMap,
}

impl UserRecord {
    pub(super) fn new(resource: Resource) -> Self {
        Self { user: user(&resource), attributes: resource.raw }
    }

    /// What this program knows of the user.
    #[must_use]
    pub fn user(&self) -> &User {
        &self.user
    }

    /// As [`UserRecord::user`].
    #[must_use]
    pub fn into_user(self) -> User {
        self.user
    }

    /// Whether it is so already. `None`: the server doesn't say.
    #[must_use]
    pub fn is(&self, change: UserChange) -> Option<bool> {
        match change {
            UserChange::ApiAccess(wanted) => self.user.api_access().map(|is| is == wanted),
            UserChange::Active(wanted) => self.user.active.map(|is| is == wanted),
        }
    }

    /// The user with one thing changed. `None`: the server doesn't tell the permissions, so that they can't be written
    /// back, and writing without them could take them all away.
    #[must_use]
    pub fn update(&self, change: UserChange) -> Option<UserUpdate> {
        let mut permissions = object(self.attributes.get("permissions")?)?;
        let mut attributes = self.attributes.clone();
        match change {
            UserChange::ApiAccess(wanted) => {
                // As it is spelt there.
                let key = permissions.keys().find(|key| underscored(key) == API_ACCESS).cloned();
                permissions.insert(key.unwrap_or_else(|| API_ACCESS.to_owned()), flag(wanted));
                attributes.insert("permissions".to_owned(), raw(&permissions)?);
            }
            UserChange::Active(wanted) => drop(attributes.insert("active".to_owned(), flag(wanted))),
        }
        if !memberships_fit(&attributes) {
            attributes.retain(|name, _| !MEMBERSHIPS.contains(&underscored(name).as_str()));
        }
        for name in UNDERSCORED {
            if let Some(value) = attributes.remove(&name.replace('_', "-")) {
                attributes.entry(name.to_owned()).or_insert(value);
            }
        }
        Some(UserUpdate { id: self.user.id.clone(), attributes })
    }

    /// Names of the attributes that are not as they were in `self`, and of permissions as `permissions.users`, sorted.
    /// Without the one that was to change, and those that the server changes by itself.
    #[must_use]
    pub fn differences(&self, after: &Self, change: UserChange) -> Vec<String> {
        let (ours, theirs) = (flat(&self.attributes), flat(&after.attributes));
        let expected = match change {
            UserChange::ApiAccess(_) => format!("permissions.{API_ACCESS}"),
            UserChange::Active(_) => "active".to_owned(),
        };
        let names: BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
        let differs = |name: &&&String| match (ours.get(**name), theirs.get(**name)) {
            (Some(before), Some(after)) => !same(before, after),
            // Some servers leave out what is blank.
            (Some(one), None) | (None, Some(one)) => !is_blank(one),
            (None, None) => false,
        };
        let names =
            names.iter().filter(|name| ***name != expected && !MOVING.contains(&underscored(name).as_str()));
        names.filter(differs).map(|name| (*name).clone()).collect()
    }
}

impl UserUpdate {
    /// Whose.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }
}

/// Names only.
impl fmt::Debug for UserRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UserRecord({}, {:?})", self.user.id, self.attributes.keys())
    }
}

/// Names only.
impl fmt::Debug for UserUpdate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UserUpdate({}, {:?})", self.id, self.attributes.keys())
    }
}

/// As the body of a PUT.
impl Serialize for UserUpdate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry("data", &BTreeMap::from([("attributes", &self.attributes)]))?;
        map.end()
    }
}

fn underscored(name: &str) -> String {
    name.replace('-', "_")
}

/// With underscores, if it is one of these.
fn spelt(name: String, known: &[&str]) -> String {
    let underscored = underscored(&name);
    if known.contains(&underscored.as_str()) { underscored } else { name }
}

fn flag(on: bool) -> Box<RawValue> {
    let text: &RawValue = if on { RawValue::TRUE } else { RawValue::FALSE };
    text.to_owned()
}

fn raw(map: &RawMap) -> Option<Box<RawValue>> {
    serde_json::value::to_raw_value(map).ok()
}

/// Whether all three came, equally long.
fn memberships_fit(attributes: &RawMap) -> bool {
    let length = |name: &str| list(crate::json::get(attributes, &name.replace('_', "-"))?).map(|l| l.len());
    let lengths = MEMBERSHIPS.map(length);
    lengths[0].is_some() && lengths.iter().all(|length| *length == lengths[0])
}

/// Each permission stands for itself. Names as they came, but for those that a server may spell either way.
fn flat(attributes: &RawMap) -> BTreeMap<String, Box<RawValue>> {
    let mut all = BTreeMap::new();
    for (name, value) in attributes {
        match object(value).filter(|_| name == "permissions") {
            Some(permissions) => all.extend(
                permissions
                    .into_iter()
                    .map(|(key, on)| (format!("permissions.{}", spelt(key, &[API_ACCESS])), on)),
            ),
            None => drop(all.insert(spelt(name.clone(), &UNDERSCORED), value.clone())),
        }
    }
    all
}

#[cfg(test)]
#[path = "record_tests.rs"]
mod tests;
