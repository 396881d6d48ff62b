//! The route table as the window shows it: overrides and what the server answers.

use crate::AppError;
use serde::{Deserialize, Serialize};
use specta::Type;

/// One route of the client's table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RouteRow {
    /// Such as `tokens.list`.
    pub name: String,
    /// `GET`, `POST`, `PUT`, `DELETE`: fixed.
    pub method: String,
    /// The built-in path template.
    pub template: String,
    /// The account's own template; null = the built-in one.
    pub override_template: Option<String>,
    /// Documented by PlanRadar, or assumed by this project.
    pub documented: bool,
    /// What the server said last.
    pub verdict: RouteVerdict,
    /// RFC 3339 of that; null = never asked.
    pub checked_at: Option<String>,
}

/// What a server said of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum RouteVerdict {
    /// Not asked yet.
    Unknown,
    /// It answers.
    Offered,
    /// It does not.
    NotOffered,
    /// It is there, but not for this user or plan.
    Refused,
}

/// The outcome of testing one route.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RouteTest {
    /// Which.
    pub name: String,
    /// The verdict that is now remembered.
    pub verdict: RouteVerdict,
    /// True: only the path was checked, because the method would change something.
    pub path_only: bool,
    /// Why it is not offered or refused.
    pub error: Option<AppError>,
}

/// What an import would change. Nothing is changed before it is applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RouteImport {
    /// The file's name.
    pub file: String,
    /// Line by line; also what stays.
    pub changes: Vec<RouteChange>,
}

/// One line of an import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RouteChange {
    /// Route name.
    pub name: String,
    /// As it is; null = built in.
    pub old: Option<String>,
    /// As it would be; null = back to the built-in one.
    pub new: Option<String>,
    /// Why this line can't be taken; such an import is refused as a whole.
    pub problem: Option<String>,
}
