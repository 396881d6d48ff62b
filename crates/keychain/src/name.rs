//! What entries are called. No name ever holds a secret: keychain programs show them to anybody.

use gatehouse_core::ports::SecretId;

/// The service of all our entries.
pub(crate) const SERVICE: &str = "Gatehouse";

/// Where one entry is found, and how a keychain program shows it.
pub(crate) struct Name {
    pub(crate) user: String,
    pub(crate) label: String,
}

impl Name {
    /// An entry that is never written: asking for it tells whether the keychain answers.
    pub(crate) fn probe() -> Self {
        Self { user: "probe".into(), label: "Gatehouse: probe".into() }
    }
}

impl From<&SecretId> for Name {
    fn from(id: &SecretId) -> Self {
        match id {
            SecretId::SignIn { account } => Self {
                user: format!("sign-in/{account}"),
                label: format!("Gatehouse: sign-in of account {account}"),
            },
            SecretId::Token { account, token } => Self {
                user: format!("token/{account}/{token}"),
                label: format!("Gatehouse: token {token} of account {account}"),
            },
            SecretId::Hidden { account, webhook, name } => Self {
                user: format!("hidden/{account}/{webhook}/{name}"),
                label: format!("Gatehouse: hidden value {name} of webhook {webhook}, account {account}"),
            },
            SecretId::NamedValue { account, name } => Self {
                user: format!("value/{account}/{name}"),
                label: format!("Gatehouse: value {name} for webhooks of account {account}"),
            },
            SecretId::AuditKey { log } => {
                Self { user: format!("audit-key/{log}"), label: "Gatehouse: key of the audit log".into() }
            }
            SecretId::AuditHead { log } => Self {
                user: format!("audit-head/{log}"),
                label: "Gatehouse: where the audit log ends".into(),
            },
        }
    }
}
