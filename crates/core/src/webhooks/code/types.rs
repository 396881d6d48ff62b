//! What a file of webhooks would do, and what it did. No hidden value is ever in here.

use crate::{
    AppError, SecretInput,
    webhooks::{ProblemCode, WebhookChange, WebhookPlan},
};
use serde::{Deserialize, Serialize};
use specta::Type;

/// The largest file, in bytes: some thousand webhooks.
pub const LARGEST_FILE: usize = 2 * 1024 * 1024;

/// A file, and how it is to be read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CodeRequest {
    /// The file's text, YAML.
    pub text: String,
    /// Which of its environments; null = the variables as they stand.
    pub environment: Option<String>,
    /// Delete the webhooks that the file does not name.
    pub prune: bool,
}

/// A hidden value that is given with a file, for a `stdin` reference.
#[derive(Clone, Deserialize, Type)]
pub struct GivenValue {
    /// As in [`CodePlan::wanted`].
    pub name: String,
    /// It.
    pub value: SecretInput,
}

/// A file that was read to be looked at, and is held for that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
pub struct CodeFile {
    /// Names it for all that is done with it.
    pub id: String,
    /// What it is called; null = it was pasted.
    pub name: Option<String>,
    /// Its environments, in its order.
    pub environments: Vec<String>,
}

/// How a held file is to be read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Type)]
pub struct CodeChoice {
    /// As in [`CodeRequest`].
    pub environment: Option<String>,
    /// As in [`CodeRequest`].
    pub prune: bool,
}

/// A hidden value that the person enters for a held file.
#[derive(Clone, Deserialize, Type)]
pub struct CodeAnswer {
    /// As in [`CodeValue`]: `keychain:NAME` is kept there, `stdin:NAME` only while the file is held.
    pub reference: String,
    /// The version that the file asks for.
    pub version: Option<u32>,
    /// It.
    pub value: SecretInput,
}

/// What applying a file would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CodePlan {
    /// Our account id.
    pub account: String,
    /// What stands in the way, by line. Nothing is applied while there are any.
    pub problems: Vec<CodeProblem>,
    /// The file's webhooks, in its order; empty while the file itself can't be read.
    pub rows: Vec<CodeRow>,
    /// Webhooks at PlanRadar that the file does not name.
    pub others: Vec<CodeOther>,
    /// How many are created.
    pub create: u32,
    /// How many are changed.
    pub update: u32,
    /// How many are deleted.
    pub delete: u32,
    /// How many are as the file says.
    pub unchanged: u32,
    /// Whether anything would be written, were all values at hand.
    pub differs: bool,
    /// Names of `stdin` values that would be set if they were given.
    pub wanted: Vec<String>,
    /// Names that were given and are not used: not in the file, or set in that version already.
    pub unused: Vec<String>,
    /// Requests that applying makes.
    pub requests: u32,
    /// Seconds that it takes at least, by the account's request limit.
    pub seconds: u32,
    /// Names this plan: applying is refused when it would do something else.
    pub digest: String,
}

/// One webhook of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CodeRow {
    /// Where it begins in the file, from 1.
    pub line: u32,
    /// As the file describes it.
    pub description: String,
    /// PlanRadar's id; null = it is new.
    pub id: Option<String>,
    /// What happens to it.
    pub action: CodeAction,
    /// How it was found.
    pub found: CodeFound,
    /// Its description at PlanRadar, where that is another.
    pub renamed_from: Option<String>,
    /// As the editor shows it; of a new one, all its visible fields as changes.
    pub plan: WebhookPlan,
    /// Its hidden values.
    pub values: Vec<CodeValue>,
}

/// What happens to a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum CodeAction {
    /// It is new.
    Create,
    /// It is changed, or would be if its values were at hand.
    Update,
    /// It is deleted.
    Delete,
    /// It is as the file says.
    Unchanged,
}

/// How a webhook of the file was found at PlanRadar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum CodeFound {
    /// By its id.
    Id,
    /// By its description.
    Description,
    /// By its former description, that the file says.
    Was,
    /// The only one left with this target and these events: taken for a renamed one.
    Similar,
    /// Not at all.
    New,
}

/// A hidden value of a webhook of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CodeValue {
    /// The header's name, or `:password`, which no header is called.
    pub name: String,
    /// Where it comes from: `keychain:NAME`, `stdin:NAME`.
    pub reference: String,
    /// The version that the file asks for; null = any.
    pub version: Option<u32>,
    /// What happens to it.
    pub fate: CodeFate,
}

/// Fates of a hidden value of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum CodeFate {
    /// Stays: this computer set it in this version, and nobody has changed the webhook since.
    Same,
    /// Stays as PlanRadar has it. Whether that is the same is not known.
    Unknown,
    /// Is set: this computer has not set it from a file yet.
    First,
    /// Is set: what was set before is another version, or came from elsewhere.
    Newer,
    /// Is set again: somebody else has changed the webhook since.
    ChangedElsewhere,
    /// Is set again: with a change of the webhook it must be sent along.
    SentAlong,
    /// It is needed, and not at hand.
    Missing,
}

/// A webhook at PlanRadar that the file does not name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CodeOther {
    /// PlanRadar's id.
    pub id: String,
    /// Its description.
    pub description: String,
    /// Its target, secrets masked.
    pub target: String,
    /// True: it is deleted; false: it is left alone.
    pub delete: bool,
}

/// Something that stands in the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CodeProblem {
    /// Line in the file, from 1.
    pub line: u32,
    /// Column, from 1, in characters.
    pub column: u32,
    /// Which kind, for translation.
    pub code: CodeProblemCode,
    /// The webhook's description, where it is about one.
    pub webhook: Option<String>,
    /// What it is about: a key, a variable, a value's name, or the editor's field.
    pub name: Option<String>,
    /// What the editor has against the field.
    pub field_code: Option<ProblemCode>,
    /// In English: what is wrong, and the way out. Never with a value in it.
    pub message: String,
}

/// Kinds of problems.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum CodeProblemCode {
    /// Not YAML, or YAML that this file does not need.
    Syntax,
    /// A key that is not known there.
    UnknownKey,
    /// A key that is not there and must be.
    MissingKey,
    /// Something else was expected there.
    WrongKind,
    /// Not version 1.
    UnsupportedVersion,
    /// A variable that the file does not define.
    UnknownVariable,
    /// An environment that the file does not have.
    UnknownEnvironment,
    /// Not a reference to a value. It may be the value itself: that does not belong into the file.
    BadReference,
    /// A value stands there for something that is hidden.
    ValueForHidden,
    /// The same is there already.
    Duplicate,
    /// Several webhooks at PlanRadar fit: give the id.
    Ambiguous,
    /// No webhook at PlanRadar has this id.
    NoSuchWebhook,
    /// A hidden value is needed and not at hand.
    NeedsValue,
    /// A masked URL of another webhook than the one at PlanRadar.
    Masked,
    /// It was sent to be created a moment ago, and the answer was lost.
    BeingCreated,
    /// The editor would not save it: see `fieldCode`.
    Field,
}

/// One step of applying.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CodeStep {
    /// What happens, or happened.
    pub action: CodeAction,
    /// PlanRadar's id; null = not created yet.
    pub id: Option<String>,
    /// Its description.
    pub description: String,
    /// What the server has other than was asked for: `old` is what it has.
    pub differs: Vec<WebhookChange>,
}

/// How far applying has got.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CodeProgress {
    /// Our account id.
    pub account: String,
    /// Steps that are done.
    pub done: u32,
    /// All steps.
    pub total: u32,
    /// The next one; null = none is left.
    pub next: Option<CodeStep>,
    /// Seconds that the rest takes at least.
    pub seconds: u32,
}

/// What applying did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CodeReport {
    /// Done, in that order.
    pub done: Vec<CodeStep>,
    /// Why it stopped: the first of `left` met this. Null = all is done, or it was asked to stop.
    pub stopped: Option<AppError>,
    /// Not done. Applying the file once more goes on with these.
    pub left: Vec<CodeStep>,
}

/// A value that a file refers to by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NamedValueRow {
    /// Its name in the account.
    pub name: String,
    /// Grows each time it is set.
    pub version: u32,
    /// RFC 3339.
    pub set_at: String,
    /// False: the keychain may not have this version; set it again.
    pub kept: bool,
}
