//! Files of webhooks: what they would do, and did. Never a hidden value.

use super::{
    ErrorFacts,
    webhooks::{Change, word},
};
use gatehouse_core::webhooks as core;
use schemars::JsonSchema;
use serde::Serialize;

/// `webhooks plan`, `webhooks drift`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Plan")]
pub struct CodePlan {
    /// What stands in the way, by line.
    pub problems: Vec<Problem>,
    /// The file's webhooks, in its order.
    pub webhooks: Vec<Planned>,
    /// Webhooks at PlanRadar that the file does not name.
    pub others: Vec<Other>,
    /// How many are created.
    pub create: u32,
    /// How many are changed.
    pub update: u32,
    /// How many are deleted.
    pub delete: u32,
    /// How many are as the file says.
    pub unchanged: u32,
    /// Whether anything would be written.
    pub differs: bool,
    /// Names of `stdin` values that would be set if they were given.
    pub wanted: Vec<String>,
    /// Names that were given and are not used.
    pub unused: Vec<String>,
    /// Requests that applying makes.
    pub requests: u32,
    /// Seconds that it takes at least.
    pub seconds: u32,
}

/// Something that stands in the way.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Problem {
    /// From 1.
    pub line: u32,
    /// From 1, in characters.
    pub column: u32,
    /// Such as `unknown_key`, `needs_value`, `ambiguous`, `field`.
    pub code: String,
    /// The webhook's description.
    pub webhook: Option<String>,
    /// What it is about: a key, a variable, a value's name, a field.
    pub name: Option<String>,
    /// For a person.
    pub message: String,
}

/// One webhook of the file.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Planned {
    /// Where it begins in the file.
    pub line: u32,
    /// As the file describes it.
    pub description: String,
    /// Null = it is new.
    pub id: Option<String>,
    /// `create`, `update`, `unchanged`.
    pub action: String,
    /// `id`, `description`, `was`, `similar` or `new`.
    pub found: String,
    /// Its description at PlanRadar, where that is another.
    pub renamed_from: Option<String>,
    /// Visible fields that change.
    pub changes: Vec<Change>,
    /// What becomes of hidden values.
    pub hidden: Vec<HiddenChange>,
    /// Where the file's hidden values come from.
    pub values: Vec<Value>,
}

/// What becomes of a hidden value.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct HiddenChange {
    /// The header's name, or `:password`.
    pub name: String,
    /// `keep`, `from_keychain`, `replace`, `remove`, `enter_again`, `unproven`.
    pub what: String,
}

/// A hidden value of the file.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "FileValue")]
pub struct Value {
    /// The header's name, or `:password`.
    pub name: String,
    /// `keychain:NAME` or `stdin:NAME`.
    pub reference: String,
    /// The version that the file asks for; null = any.
    pub version: Option<u32>,
    /// `same`, `unknown`, `first`, `newer`, `changed_elsewhere`, `sent_along`, `missing`.
    pub fate: String,
}

/// A webhook that the file does not name.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Other {
    /// PlanRadar's id.
    pub id: String,
    /// Its description.
    pub description: String,
    /// Its target, secrets masked.
    pub target: String,
    /// Whether it is deleted.
    pub delete: bool,
}

/// `webhooks apply`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Report")]
pub struct CodeReport {
    /// Done, in that order.
    pub done: Vec<Step>,
    /// Why it stopped; null = all is done, or Ctrl-C.
    pub stopped: Option<ErrorFacts>,
    /// Not done: applying the file once more goes on with these.
    pub left: Vec<Step>,
    /// How many were as the file says.
    pub unchanged: u32,
}

/// A step.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Step {
    /// `create`, `update`, `delete`.
    pub action: String,
    /// Null = not created yet.
    pub id: Option<String>,
    /// Its description.
    pub description: String,
    /// What the server has other than was asked for: `old` is what it has.
    pub differs: Vec<Change>,
}

impl From<core::CodePlan> for CodePlan {
    fn from(plan: core::CodePlan) -> Self {
        Self {
            problems: plan.problems.into_iter().map(Problem::from).collect(),
            webhooks: plan.rows.into_iter().map(Planned::from).collect(),
            others: plan.others.into_iter().map(Other::from).collect(),
            create: plan.create,
            update: plan.update,
            delete: plan.delete,
            unchanged: plan.unchanged,
            differs: plan.differs,
            wanted: plan.wanted,
            unused: plan.unused,
            requests: plan.requests,
            seconds: plan.seconds,
        }
    }
}

impl From<core::CodeProblem> for Problem {
    fn from(problem: core::CodeProblem) -> Self {
        Self {
            line: problem.line,
            column: problem.column,
            code: word(&problem.code),
            webhook: problem.webhook,
            name: problem.name,
            message: problem.message,
        }
    }
}

impl From<core::CodeRow> for Planned {
    fn from(row: core::CodeRow) -> Self {
        let value = |v: core::CodeValue| Value {
            name: v.name,
            reference: v.reference,
            version: v.version,
            fate: word(&v.fate),
        };
        let hidden = |h: core::HiddenChange| HiddenChange { name: h.name, what: word(&h.what) };
        Self {
            line: row.line,
            description: row.description,
            id: row.id,
            action: word(&row.action),
            found: word(&row.found),
            renamed_from: row.renamed_from,
            changes: row.plan.changes.into_iter().map(Change::from).collect(),
            hidden: row.plan.hidden.into_iter().map(hidden).collect(),
            values: row.values.into_iter().map(value).collect(),
        }
    }
}

impl From<core::CodeOther> for Other {
    fn from(other: core::CodeOther) -> Self {
        Self { id: other.id, description: other.description, target: other.target, delete: other.delete }
    }
}

impl CodeReport {
    pub fn new(report: core::CodeReport, unchanged: u32) -> Self {
        Self {
            done: report.done.into_iter().map(Step::from).collect(),
            stopped: report.stopped.as_ref().map(ErrorFacts::from),
            left: report.left.into_iter().map(Step::from).collect(),
            unchanged,
        }
    }
}

impl From<core::CodeStep> for Step {
    fn from(step: core::CodeStep) -> Self {
        Self {
            action: word(&step.action),
            id: step.id,
            description: step.description,
            differs: step.differs.into_iter().map(Change::from).collect(),
        }
    }
}
