//! What the window is told without asking. Never a secret.

use crate::{
    AppError, connect::ConnectState, jobs::JobView, limit::LimitView, settings::KeychainState,
    users::UserPick, webhooks::CodeProgress,
};
use serde::Serialize;
use specta::Type;

/// One notice; the window refreshes what it names.
#[derive(Clone, Debug, PartialEq, Serialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Notice {
    /// The request limit of an account moved.
    LimitChanged {
        /// Our account id.
        account: String,
        /// As it is now.
        status: LimitView,
    },
    /// The token list of an account changed (refreshed, created, deleted, kept).
    TokensChanged {
        /// Our account id.
        account: String,
    },
    /// The webhooks of an account changed (refreshed, saved, deleted).
    WebhooksChanged {
        /// Our account id.
        account: String,
    },
    /// Applying a file of webhooks moved on.
    WebhooksCodeMoved {
        /// As it is now.
        progress: CodeProgress,
    },
    /// The users of an account changed (loaded, searched, changed, asked for tokens).
    UsersChanged {
        /// Our account id.
        account: String,
    },
    /// A run moved on.
    JobChanged {
        /// As it is now.
        job: JobView,
    },
    /// A held deletion was carried out, or failed.
    UserTokensDeleted {
        /// Our account id.
        account: String,
        /// The operation.
        operation: String,
        /// Whose.
        user: UserPick,
        /// Null = all are gone.
        error: Option<AppError>,
    },
    /// How an account stands with PlanRadar Connect was learned anew.
    ConnectChanged {
        /// Our account id.
        account: String,
        /// What PlanRadar decided or began since it was last looked: worth a desktop notification.
        news: Option<ConnectNews>,
    },
    /// A line was added to the audit log.
    AuditChanged,
    /// An operation moved on.
    OperationsChanged {
        /// Our account id.
        account: String,
    },
    /// Accounts were added, renamed, removed, or their facts changed.
    AccountsChanged,
    /// A keychain call takes longer than 3 s: perhaps it waits for the person's password.
    KeychainWaiting {
        /// Names this wait in `keychain_choose`.
        wait_id: String,
        /// What the call does.
        action: KeychainAction,
    },
    /// A waiting keychain call ended.
    KeychainSettled {
        /// Which wait.
        wait_id: String,
        /// What the call did.
        action: KeychainAction,
        /// How it ended.
        outcome: KeychainOutcome,
    },
    /// The keychain became usable or unusable.
    KeychainChanged {
        /// As it is now.
        state: KeychainState,
    },
    /// The program was to end while something would be lost: ask what is to become of it.
    QuitAsked {
        /// A value on show is kept nowhere.
        unkept: bool,
        /// Something that was typed is not saved.
        unsaved: bool,
        /// How many deletions are held back: quitting cancels them.
        deletions: u32,
    },
    /// The clipboard no longer holds what Gatehouse put there.
    ClipboardCleared {
        /// False: somebody else's content was there, and was left alone.
        by_us: bool,
    },
}

/// Something new about a request for PlanRadar Connect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ConnectNews {
    /// The account's label.
    pub label: String,
    /// Where the request is now.
    pub state: ConnectState,
}

/// What a keychain call was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum KeychainAction {
    /// Storing.
    Put,
    /// Reading.
    Get,
    /// Deleting.
    Delete,
    /// Looking whether it can be used.
    Probe,
}

/// How a call that was waited for ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum KeychainOutcome {
    /// In time: the person waited.
    Done,
    /// It failed while the person waited.
    Failed,
    /// After "Go on without" it still succeeded; the record was put right.
    LateDone,
    /// After "Go on without" it failed: nothing is kept there.
    LateFailed,
}
