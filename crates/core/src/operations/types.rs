//! Operations as the window shows them: what is under way, unfinished, or perhaps happened.

use crate::tokens::TokenRow;
use serde::Serialize;
use specta::Type;

/// One unfinished operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OperationView {
    /// Its id in the journal.
    pub id: String,
    /// Our account id.
    pub account: String,
    /// What it is.
    pub kind: OperationKind,
    /// How far it got.
    pub state: OperationState,
    /// The token's name, the webhook's description, the user's name, or the applications that Connect is asked for.
    pub subject: String,
    /// RFC 3339.
    pub started_at: String,
    /// For a creation or replacement whose answer was lost, for any change of a webhook, and for a request for Connect.
    pub lost: Option<LostAnswer>,
    /// For a replacement that goes on.
    pub replacement: Option<Replacement>,
}

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, serde::Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum OperationKind {
    /// Create a token.
    CreateToken,
    /// Delete a token.
    DeleteToken,
    /// Replace a token safely.
    ReplaceToken,
    /// Replace Gatehouse's own token together with the sign-in.
    ReplaceSignIn,
    /// Create a webhook.
    CreateWebhook,
    /// Change a webhook.
    UpdateWebhook,
    /// Delete a webhook.
    DeleteWebhook,
    /// Give 'API Access' to one or many.
    GrantApi,
    /// Take 'API Access' away from one or many.
    RevokeApi,
    /// Ask for everyone's tokens.
    Inventory,
    /// Delete tokens of another user.
    DeleteUserTokens,
    /// Cut off a user's access.
    CutOff,
    /// Create a user.
    CreateUser,
    /// Invite a user.
    InviteUser,
    /// Ask for access to PlanRadar Connect.
    RequestConnect,
    /// Written by another version of the program: what it is can't be read. Only to be dismissed.
    Unreadable,
}

impl OperationKind {
    pub(crate) fn is_of_webhook(self) -> bool {
        matches!(self, Self::CreateWebhook | Self::UpdateWebhook | Self::DeleteWebhook)
    }

    /// Whether it is about one of our own user's tokens.
    pub(crate) fn is_of_token(self) -> bool {
        self.makes_token() || self == Self::DeleteToken
    }

    /// A run over users: shown as such.
    pub(crate) fn is_run(self) -> bool {
        matches!(self, Self::GrantApi | Self::RevokeApi | Self::Inventory)
    }

    pub(crate) fn is_of_connect(self) -> bool {
        self == Self::RequestConnect
    }

    pub(crate) fn makes_token(self) -> bool {
        matches!(self, Self::CreateToken | Self::ReplaceToken | Self::ReplaceSignIn)
    }
}

/// How far an operation got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum OperationState {
    /// On disk, nothing sent.
    Planned,
    /// The request may have left; no answer yet.
    Sent,
    /// The server answered; the value is not kept.
    Answered,
    /// The value is kept.
    Stored,
    /// It may have happened.
    Unknown,
    /// Ended.
    Done,
    /// Given up by the person.
    Abandoned,
}

/// What is known after a lost answer to a creation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LostAnswer {
    /// New tokens with that name since: deleting one is the person's choice.
    pub candidates: Vec<TokenRow>,
    /// RFC 3339 of the last look; null = not looked yet.
    pub checked_at: Option<String>,
    /// RFC 3339 of the next look by itself; null = none.
    pub next_check_at: Option<String>,
    /// True: the token was created and answered, but the program ended before its value was kept.
    pub created: bool,
}

/// A replacement that goes on. Both tokens work until step 4.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Replacement {
    /// 2 = enter it in your program, 3 = new in use and old quiet?, 4 = delete the old one.
    pub step: u8,
    /// The one that goes; null when it no longer exists at PlanRadar.
    pub old: Option<TokenRow>,
    /// The new one; null when it no longer exists at PlanRadar.
    pub new: Option<TokenRow>,
    /// RFC 3339: when the person said it is entered.
    pub entered_at: Option<String>,
    /// RFC 3339: first use of the new one that was not our own verification.
    pub new_used_since: Option<String>,
    /// RFC 3339: last use of the old one.
    pub old_last_used: Option<String>,
    /// RFC 3339 of the last look.
    pub checked_at: Option<String>,
}
