//! Somebody who is to come into the account.

use super::API_ACCESS;
use serde::ser::{Serialize, Serializer};
use serde_json::{Map, Value, json};

/// The permission that every in-house user has (`PlanRadar`'s API description: must be true).
const TICKETS: &str = "defects";
/// All other permissions of `PlanRadar`'s API description: sent as not given, so that no default gives one.
const OTHERS: [&str; 11] = [
    "accounts",
    "categories",
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

/// A new in-house user, with no other permissions than those named here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewUser {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Mail address. Somebody should read it.
    pub mail: String,
    /// Company; empty: none.
    pub company: String,
    /// Position; empty: none.
    pub position: String,
    /// Whether to give 'API Access'.
    pub api_access: bool,
    /// Projects, each with a role.
    pub memberships: Vec<Membership>,
    /// Groups.
    pub group_ids: Vec<String>,
}

/// A project the user is to be in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The project.
    pub project_id: String,
    /// The role in it.
    pub role_id: String,
    /// Whether its data come to the user's mobile devices.
    pub mobile_sync: bool,
}

/// As the body of a POST.
impl Serialize for NewUser {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut permissions: Map<String, Value> =
            OTHERS.iter().map(|key| ((*key).to_owned(), Value::Bool(false))).collect();
        permissions.insert(TICKETS.to_owned(), Value::Bool(true));
        permissions.insert(API_ACCESS.to_owned(), Value::Bool(self.api_access));
        let mut attributes = json!({
            "firstname": self.first_name,
            "lastname": self.last_name,
            "mail": self.mail,
            "permissions": permissions,
        });
        let mut put = |name: &str, value: Value| attributes[name] = value;
        for (name, text) in [("company", &self.company), ("position", &self.position)] {
            if !text.is_empty() {
                put(name, json!(text));
            }
        }
        if !self.memberships.is_empty() {
            let all = self.memberships.iter();
            put("project_ids", all.clone().map(|m| m.project_id.as_str()).collect());
            put("role_ids", all.clone().map(|m| m.role_id.as_str()).collect());
            put("is_mobile_syncs", all.map(|m| m.mobile_sync).collect());
        }
        if !self.group_ids.is_empty() {
            put("group_ids", json!(self.group_ids));
        }
        json!({"data": {"attributes": attributes}}).serialize(serializer)
    }
}
