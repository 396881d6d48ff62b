//! Values that a file refers to by name: in the keychain, with a version in gatehouse.db that grows.
//!
//! The row comes first, so that no entry of the keychain is known to nobody. While an entry is written it is unsure which
//! version is there, and it is not used.

use super::{NamedValueRow, file::is_value_name};
use crate::{AppError, Code, Gatehouse, Result, ports::SecretId, secrets::Late};
use gatehouse_store::{NamedValue, Store, StoreError, ValueKept};
use planradar::webhook_rules as rules;
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;

fn value_id(account: &str, name: &str) -> SecretId {
    SecretId::NamedValue { account: account.to_owned(), name: name.to_owned() }
}

fn row(value: NamedValue) -> NamedValueRow {
    NamedValueRow {
        name: value.name,
        version: value.version,
        set_at: value.set_at.to_string(),
        kept: value.kept == ValueKept::Yes,
    }
}

impl Gatehouse {
    /// The account's named values. The keychain is not asked.
    pub async fn webhook_values(&self, account: &str) -> Result<Vec<NamedValueRow>> {
        self.account(account).await?;
        let there = self.named_values(account).await?.into_iter().filter(|v| v.kept != ValueKept::No);
        Ok(there.map(row).collect())
    }

    /// Sets a value in the keychain. `version`: which one it is, for a file that names it; else the next.
    pub async fn webhook_value_set(
        &self,
        account: &str,
        name: &str,
        value: SecretString,
        version: Option<u32>,
    ) -> Result<NamedValueRow> {
        self.account(account).await?;
        if !is_value_name(name) {
            return Err(AppError::invalid(
                "name",
                "A value's name has 1 to 64 letters, digits, - _ and ., and begins with none of - and the dot.",
            ));
        }
        // Exposed to look at its form; only the verdicts leave.
        let text = value.expose_secret();
        rules::check_password(text)
            .map_err(|e| AppError::invalid("value", format!("The value can't be used: {e}.")))?;
        let in_header = rules::check_header_value(text).is_ok();
        let _once = self.only_once(format!("value {account} {name}"))?;
        let before = self.named_value(account, name).await?;
        let known = before.as_ref().map_or(0, |b| b.version);
        let version = version.unwrap_or_else(|| known.saturating_add(1));
        if version <= known {
            return Err(AppError::invalid(
                "version",
                format!(
                    "Version {known} of this value was set already. The next one is at least {}.",
                    known + 1
                ),
            ));
        }
        let now = self.now();
        self.change_named(account, name, move |v| {
            (v.version, v.kept, v.in_header, v.set_at) = (version, ValueKept::Unsure, in_header, now);
        })
        .await?;
        let id = value_id(account, name);
        match self.secrets.put(&id, value, Some(self.keep_value_late(&id, version))).await {
            Ok(()) => {}
            Err(error) => {
                if surely_not_put(error.code) {
                    self.change_named(account, name, move |v| match before {
                        Some(before) if v.version == version => *v = before,
                        // It was never there.
                        None if v.version == version => (v.version, v.kept) = (0, ValueKept::No),
                        _ => {}
                    })
                    .await?;
                }
                return Err(error);
            }
        }
        let kept = self.change_named(account, name, move |v| trust(v, version)).await?;
        self.audit(account, "webhook.value_set", name, "done").await?;
        Ok(row(kept))
    }

    /// Deletes a value from the keychain. Its version goes on where it is.
    pub async fn webhook_value_delete(&self, account: &str, name: &str) -> Result<()> {
        self.account(account).await?;
        let known = self.named_value(account, name).await?;
        if known.is_none_or(|v| v.kept == ValueKept::No) {
            return Err(AppError::new(Code::Gone, "This account has no value of this name here.").at("name"));
        }
        self.forget_named(account, name).await?;
        self.audit(account, "webhook.value_delete", name, "done").await
    }

    async fn forget_named(&self, account: &str, name: &str) -> Result<()> {
        self.change_named(account, name, |v| v.kept = ValueKept::Unsure).await?;
        self.secrets.delete(&value_id(account, name)).await?;
        self.change_named(account, name, |v| v.kept = ValueKept::No).await.map(drop)
    }

    /// All of an account that goes.
    pub(crate) async fn forget_all_named(&self, account: &str) -> Result<()> {
        for value in self.named_values(account).await? {
            if value.kept != ValueKept::No {
                self.forget_named(account, &value.name).await?;
            }
        }
        Ok(())
    }

    /// A value for sending it. One that the keychain lost is told, and no longer counted on.
    pub(super) async fn named_secret(&self, account: &str, name: &str) -> Result<SecretString> {
        let got = self.secrets.get(&value_id(account, name)).await;
        if got.as_ref().is_err_and(|e| e.code == Code::KeychainMissing) {
            self.change_named(account, name, |v| v.kept = ValueKept::No).await?;
        }
        got.map_err(|error| {
            let message = format!("The value {name} could not be read. {}", error.message);
            AppError { message, ..error }.at(name)
        })
    }

    pub(super) async fn named_values(&self, account: &str) -> Result<Vec<NamedValue>> {
        let account = account.to_owned();
        self.db(move |s| s.named_values(&account)).await
    }

    pub(super) async fn named_value(&self, account: &str, name: &str) -> Result<Option<NamedValue>> {
        let (account, name) = (account.to_owned(), name.to_owned());
        self.db(move |s| s.named_value(&account, &name)).await
    }

    async fn change_named(
        &self,
        account: &str,
        name: &str,
        change: impl FnOnce(&mut NamedValue) + Send + 'static,
    ) -> Result<NamedValue> {
        let (account, name) = (account.to_owned(), name.to_owned());
        self.db(move |s| s.change_named_value(&account, &name, change)).await
    }

    /// A keychain that answers after the person went on is believed, unless the value was deleted meanwhile.
    fn keep_value_late(&self, id: &SecretId, version: u32) -> Late<()> {
        let (store, secrets, id) = (self.store.clone(), Arc::clone(&self.secrets), id.clone());
        Box::new(move |outcome| {
            if outcome.is_ok() && !trust_late(&store, &id, version) {
                secrets.take_back(&id);
            }
        })
    }
}

/// The keychain has this version.
fn trust(value: &mut NamedValue, version: u32) {
    if value.version == version && value.kept == ValueKept::Unsure {
        value.kept = ValueKept::Yes;
    }
}

/// Whether the entry is still what is wanted there. A newer one is on its way: then its own answer tells.
fn trust_late(store: &Store, id: &SecretId, version: u32) -> bool {
    let SecretId::NamedValue { account, name } = id else { return false };
    let known = store.named_value(account, name).ok().flatten();
    known.is_some_and(|v| v.kept != ValueKept::No)
        && store.change_named_value(account, name, |v| trust(v, version)).is_ok()
}

/// Failures after which the keychain has what it had.
fn surely_not_put(code: Code) -> bool {
    matches!(
        code,
        Code::KeychainNoService | Code::KeychainLocked | Code::KeychainRefused | Code::KeychainTooLarge
    )
}

/// The entries of named values that the keychain may have.
pub(crate) fn named_entries(store: &Store, account: &str) -> std::result::Result<Vec<SecretId>, StoreError> {
    let kept = store.named_values(account)?.into_iter().filter(|v| v.kept != ValueKept::No);
    Ok(kept.map(|v| SecretId::NamedValue { account: account.to_owned(), name: v.name }).collect())
}

/// How many of them the keychain may hold, for "what is kept where".
pub(crate) fn count_named(store: &Store, account: &str) -> std::result::Result<usize, StoreError> {
    Ok(store.named_values(account)?.iter().filter(|v| v.kept != ValueKept::No).count())
}
