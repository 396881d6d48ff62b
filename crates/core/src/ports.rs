//! What core needs of the outside and a test can't simply run: clock, keychain, clipboard, notices.
//! Each has its real adapter elsewhere and one in-memory twin in [`crate::twins`].

use async_trait::async_trait;
use secrecy::SecretString;

/// Wall-clock time. Only for what people read (ages, dates); the rate limiter has its own clock.
pub trait Clock: Send + Sync {
    /// Now, in UTC.
    fn now(&self) -> jiff::Timestamp;
}

/// Names one secret in the OS keychain.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretId {
    /// The token Gatehouse signs in with, of one account (our own account id, a UUID).
    SignIn {
        /// Our id of the account.
        account: String,
    },
    /// The value of a personal access token that the person chose to keep.
    Token {
        /// Our id of the account.
        account: String,
        /// PlanRadar's id of the token.
        token: String,
    },
    /// A hidden value of a webhook that the person chose to keep here too.
    Hidden {
        /// Our id of the account.
        account: String,
        /// PlanRadar's id of the webhook.
        webhook: String,
        /// The header's name in lower case, or `password` with a leading `:`, which no header's name has.
        name: String,
    },
    /// A value that a file of webhooks refers to by name.
    NamedValue {
        /// Our id of the account.
        account: String,
        /// As the file says it.
        name: String,
    },
    /// The key of the audit log's seals.
    AuditKey {
        /// Names the data folder.
        log: String,
    },
    /// Where the audit log's chain ends. No secret, but not in the file that it vouches for.
    AuditHead {
        /// Names the data folder.
        log: String,
    },
}

impl SecretId {
    /// Our id of the account it belongs to, if it does to one.
    #[must_use]
    pub fn account(&self) -> Option<&str> {
        match self {
            Self::SignIn { account }
            | Self::Token { account, .. }
            | Self::Hidden { account, .. }
            | Self::NamedValue { account, .. } => Some(account),
            Self::AuditKey { .. } | Self::AuditHead { .. } => None,
        }
    }
}

/// Why the keychain did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretStoreError {
    /// Nothing on this computer offers a keychain (no Secret Service on the bus, no bus).
    #[error("no keychain service: {0}")]
    NoService(String),
    /// The keychain is locked and was not unlocked.
    #[error("keychain locked: {0}")]
    Locked(String),
    /// The keychain answered, and said no.
    #[error("keychain refused: {0}")]
    Refused(String),
    /// There is no such entry.
    #[error("no such entry in the keychain")]
    Missing,
    /// The value is larger than this keychain takes.
    #[error("value too large for the keychain: {size} of at most {max} bytes")]
    TooLarge {
        /// Size in bytes as the keychain counts it.
        size: usize,
        /// The most it takes, in bytes.
        max: usize,
    },
    /// Anything else. The text never holds a secret.
    #[error("keychain failed: {0}")]
    Failed(String),
}

/// The keychain. Calls may take as long as a person needs for a password prompt: never await one
/// without [`crate::secrets`], which puts a patience on it.
#[async_trait]
pub trait SecretStore: Send + Sync {
    /// What the keychain is called on this system.
    fn kind(&self) -> KeychainKind;
    /// Whether it can be used now, without writing a lasting entry.
    async fn probe(&self) -> Result<(), SecretStoreError>;
    /// Stores `value`, replacing what was there.
    async fn put(&self, id: &SecretId, value: SecretString) -> Result<(), SecretStoreError>;
    /// Reads one value.
    async fn get(&self, id: &SecretId) -> Result<SecretString, SecretStoreError>;
    /// Deletes one entry. An entry that isn't there is [`SecretStoreError::Missing`].
    async fn delete(&self, id: &SecretId) -> Result<(), SecretStoreError>;
}

/// What the system's keychain is, for the words in the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum KeychainKind {
    /// Linux and other Unix: the Secret Service (GNOME Keyring, KWallet, KeePassXC).
    SecretService,
    /// macOS.
    AppleKeychain,
    /// Windows.
    CredentialManager,
}

/// The system's clipboard. Blocking; calls are short.
pub trait Clipboard: Send + Sync {
    /// Puts a secret there, marked so that clipboard histories leave it out.
    fn set_secret(&self, value: &SecretString) -> Result<(), ClipboardError>;
    /// Puts a text there that is no secret.
    fn set_text(&self, text: &str) -> Result<(), ClipboardError>;
    /// Empties it, but only if it still holds `value`. Returns whether it did.
    fn clear_if(&self, value: &SecretString) -> Result<bool, ClipboardError>;
}

/// Why the clipboard did not work. The text never holds its content.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("clipboard: {0}")]
pub struct ClipboardError(pub String);

/// Tells the window that something changed. Never carries a secret.
pub trait Notifier: Send + Sync {
    /// Passes a notice on; must not block.
    fn notify(&self, notice: crate::notices::Notice);
}

/// The sandbox inside the program, for the demo account.
#[async_trait]
pub trait DemoHost: Send + Sync {
    /// Starts it if it does not run yet.
    async fn ensure(&self) -> Result<DemoReady, String>;
    /// A new sign-in token of its account holder, replacing the older ones.
    async fn issue_sign_in(&self) -> Result<SecretString, String>;
    /// The address of its demonstration page, good once.
    async fn page_url(&self) -> Result<String, String>;
    /// Stops it and deletes its data.
    async fn remove(&self) -> Result<(), String>;
}

/// Where the demo account's server is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoReady {
    /// Loopback; the port may differ at each start.
    pub url: String,
    /// Its Account ID.
    pub customer_id: String,
    /// Its company's name.
    pub name: String,
}
