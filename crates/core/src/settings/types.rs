//! Settings shared by the window and scripts, and "what is kept where".

use crate::ports::KeychainKind;
use serde::{Deserialize, Serialize};
use specta::Type;

/// Settings of this computer, in gatehouse.db.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// A PEM file with further certificate authorities.
    pub ca_file: Option<String>,
    /// How the outside is reached. Loopback never goes through a proxy.
    pub proxy: ProxySetting,
    /// Seconds until a copied secret is cleared from the clipboard: 10 to 600.
    pub clipboard_seconds: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { ca_file: None, proxy: ProxySetting::System, clipboard_seconds: 120 }
    }
}

/// How the outside is reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ProxySetting {
    /// As the system says; on Linux the environment variables.
    System,
    /// Directly.
    None,
    /// Through this one.
    Url {
        /// `http://host:port`, without credentials.
        url: String,
    },
}

/// Whether the keychain can be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct KeychainState {
    /// Which keychain this system has.
    pub kind: KeychainKind,
    /// As found at the last try.
    pub status: KeychainStatus,
}

/// What the keychain said last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum KeychainStatus {
    /// Not asked yet.
    Unknown,
    /// Usable.
    Ready,
    /// No service: secrets last until the program quits.
    NoService,
    /// Locked.
    Locked,
    /// It refused.
    Refused,
    /// It does not answer.
    Waiting,
    /// It failed in another way.
    Failed,
}

/// One line of "what is kept where".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct KeptPlace {
    /// What.
    pub what: KeptWhat,
    /// A path, or the keychain's service name.
    pub place: String,
    /// How many; null where counting makes no sense.
    pub count: Option<u32>,
}

/// What is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum KeptWhat {
    /// Sign-in tokens in the keychain.
    SignInTokens,
    /// Values of personal access tokens in the keychain.
    TokenValues,
    /// Hidden values of webhooks that are kept here too.
    HiddenValues,
    /// The key of the audit log's seals, with the place where they end.
    AuditKey,
    /// Secrets in memory until the program quits.
    SessionSecrets,
    /// gatehouse.db: accounts, lists, unfinished operations, audit log. No secrets.
    Database,
    /// The window's preferences.
    Preferences,
    /// The request limit's files.
    LimitFiles,
    /// The demo account's data.
    DemoData,
    /// Log files.
    Logs,
}
