//! What the window knows of tokens. Never a value.

use crate::{AppError, AreaState};
use serde::{Deserialize, Serialize};
use specta::Type;

/// The Tokens area of one account, as known now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TokensView {
    /// Our account id.
    pub account: String,
    /// Whether the server offers it.
    pub state: AreaState,
    /// All tokens, in the server's order.
    pub rows: Vec<TokenRow>,
    /// RFC 3339: when the list was fetched; null = never.
    pub as_of: Option<String>,
    /// Why the last refresh failed; the rows are then the last known ones.
    pub error: Option<AppError>,
}

/// One token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TokenRow {
    /// PlanRadar's id; `pasted-…` for a token that was pasted on a server without the tokens route.
    pub id: String,
    /// Its name.
    pub name: String,
    /// RFC 3339; null = not known.
    pub created_on: Option<String>,
    /// RFC 3339 of somebody's last use as the server dated it, else of our own verification; null = never.
    pub last_used_on: Option<String>,
    /// Whether that use was somebody's.
    pub usage: TokenUse,
    /// Where its value is kept.
    pub kept: Kept,
    /// Whether Gatehouse itself signs in with it.
    pub own: Own,
    /// Pasted here on a server without the tokens route.
    pub pasted: bool,
    /// No longer at PlanRadar; only its value is still kept here.
    pub gone: bool,
    /// RFC 3339 of our last successful verification of the kept value.
    pub verified_at: Option<String>,
    /// The "Replace safely" that this token takes part in.
    pub replacement: Option<ReplacementRole>,
}

/// What the last-used date means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum TokenUse {
    /// The server does not tell.
    Unknown,
    /// Never used.
    Never,
    /// Used by nobody but Gatehouse's own verification.
    OnlyVerified,
    /// Used by a program.
    Used,
}

/// Where a token's value is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Kept {
    /// Not on this computer.
    No,
    /// In the OS keychain.
    Keychain,
    /// In memory until the program quits.
    Session,
}

/// Whether Gatehouse signs in with a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Own {
    /// Certainly not.
    No,
    /// Perhaps: the server's last-used dates don't tell yet. Guarded like `yes`.
    Maybe,
    /// Yes.
    Yes,
}

/// A token's part in a replacement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReplacementRole {
    /// The operation.
    pub operation: String,
    /// True = the new one, false = the one that goes.
    pub is_new: bool,
}

/// A token that was just created: its value is in Rust's memory until `token_close`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CreatedToken {
    /// The operation in the journal.
    pub operation: String,
    /// Our account id.
    pub account: String,
    /// PlanRadar's id.
    pub token_id: String,
    /// Its name.
    pub name: String,
    /// 128 random bits in hex: opens the value for reveal (two minutes) and copy, until the dialog closes.
    pub handle: String,
    /// RFC 3339: until when `token_reveal` answers. Copying works until the dialog closes.
    pub reveal_until: String,
    /// Where the value is kept.
    pub kept: Kept,
    /// Why it could not be kept although that was asked; the value is still open under `handle`.
    pub keep_error: Option<AppError>,
}

/// What was put on the clipboard, and for how long.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Copied {
    /// Seconds until the clipboard is cleared, if it still holds the value.
    pub clears_in_s: u32,
    /// RFC 3339 of that moment.
    pub clears_at: String,
}

/// How closing the dialog of a created token ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum CloseHow {
    /// The value is kept, or the person says it is pasted where it is needed: forget it.
    Close,
    /// The value is lost on purpose: delete the token at PlanRadar too.
    DeleteToken,
}
