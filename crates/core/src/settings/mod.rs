//! Settings, the keychain's state, "what is kept where", and removing everything.

mod types;

pub use types::{KeptPlace, KeptWhat, KeychainState, KeychainStatus, ProxySetting, Settings};

use crate::{AppError, Gatehouse, Result, secrets::WaitChoice, session::new_transport, webhooks::count_kept};
use gatehouse_store::{Kept as StoreKept, Store};

const SETTINGS: &str = "settings";
/// What the person types to remove everything.
const CONFIRM: &str = "remove everything";
/// Bounds of the clipboard time, in seconds.
const CLIPBOARD_SECONDS: std::ops::RangeInclusive<u32> = 10..=600;

impl Gatehouse {
    /// The settings of this computer.
    pub async fn settings(&self) -> Result<Settings> {
        Ok(self.db(|s| s.setting(SETTINGS)).await?.unwrap_or_default())
    }

    /// Checks and stores the settings. Connections follow at once.
    pub async fn settings_set(&self, settings: Settings) -> Result<Settings> {
        if !CLIPBOARD_SECONDS.contains(&settings.clipboard_seconds) {
            let (low, high) = (CLIPBOARD_SECONDS.start(), CLIPBOARD_SECONDS.end());
            return Err(AppError::invalid(
                "clipboardSeconds",
                format!("The clipboard time is between {low} and {high} seconds."),
            ));
        }
        new_transport(&settings)?;
        let copy = settings.clone();
        self.db(move |s| s.set_setting(SETTINGS, &copy)).await?;
        self.sessions.forget_transport();
        Ok(settings)
    }

    /// Asks the keychain anew, without a restart.
    pub async fn keychain_retry(&self) -> KeychainState {
        self.secrets.probe().await
    }

    /// Answers "still waiting, perhaps for your password".
    pub fn keychain_choose(&self, wait_id: &str, choice: WaitChoice) {
        self.secrets.choose(wait_id, choice);
    }

    /// What is kept where on this computer.
    pub async fn kept_places(&self) -> Result<Vec<KeptPlace>> {
        let (accounts, tokens, hidden, audit_key) = self
            .db(|s| {
                let accounts = s.accounts()?;
                let (mut tokens, mut hidden) = (0, 0);
                for account in &accounts {
                    tokens +=
                        s.kept_tokens(&account.id)?.iter().filter(|t| t.kept == StoreKept::Keychain).count();
                    hidden += count_kept(s, &account.id)?;
                }
                Ok((accounts, tokens, hidden, s.audit_key_was_made()?))
            })
            .await?;
        let sign_ins = accounts.iter().filter(|a| a.sign_in_kept == StoreKept::Keychain).count();
        let place = |what, place: String, count: Option<usize>| KeptPlace {
            what,
            place,
            count: count.map(|n| u32::try_from(n).unwrap_or(u32::MAX)),
        };
        let folder = |name: &str| self.data_dir().join(name).display().to_string();
        let mut places = vec![
            place(KeptWhat::SignInTokens, "Gatehouse".to_owned(), Some(sign_ins)),
            place(KeptWhat::TokenValues, "Gatehouse".to_owned(), Some(tokens)),
            place(KeptWhat::HiddenValues, "Gatehouse".to_owned(), Some(hidden)),
            place(KeptWhat::AuditKey, "Gatehouse".to_owned(), Some(usize::from(audit_key))),
            place(KeptWhat::SessionSecrets, String::new(), Some(self.secrets.session_count())),
            place(KeptWhat::Database, folder("gatehouse.db"), Some(accounts.len())),
            place(KeptWhat::LimitFiles, self.limit_dir().display().to_string(), None),
            place(KeptWhat::Logs, folder("logs"), None),
        ];
        if accounts.iter().any(|a| a.demo) {
            places.push(place(KeptWhat::DemoData, folder("demo"), None));
        }
        Ok(places)
    }

    /// Removes all accounts with their secrets, then the data. The limit files stay: they protect the account
    /// from what other programs of this computer do next, and hold nothing but times.
    pub async fn remove_everything(&self, confirm: &str) -> Result<()> {
        if confirm != CONFIRM {
            return Err(AppError::invalid("confirm", format!("Type “{CONFIRM}” to go on.")));
        }
        for account in self.db(Store::accounts).await? {
            self.account_remove(&account.id).await?;
        }
        // With the notes, nobody would know any more what else is there.
        self.remove_noted_secrets(None).await?;
        self.copying.clear_now();
        // Until the file is gone, so that no line is sealed with a key made anew.
        let _turn = self.sealing.turn.lock().await;
        self.remove_audit_keys().await?;
        self.db(Store::wipe).await
    }
}
