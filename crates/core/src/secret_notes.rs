//! Entries of the keychain that nobody would know of: noted in gatehouse.db before the keychain is asked, so that being
//! killed before the row that needs an entry is written leaves nothing behind for ever.
//!
//! Hidden values of webhooks, and those that have a name, need none of this: their own row comes first.

use crate::{Code, Gatehouse, Result, app::store_error, ports::SecretId, secrets::Late, sync::lock};
use gatehouse_store::{Kept as StoreKept, Store, StoreError};
use secrecy::SecretString;

/// Whether something needs an entry.
#[derive(Debug, PartialEq, Eq)]
enum Need {
    /// A row says that the value is there.
    Row,
    /// An open operation may yet find it: [`Gatehouse::reconcile`] looks there.
    Operation,
    /// Nothing.
    None,
}

impl Gatehouse {
    /// Stores a value in the keychain, noted before. Once the row that needs it is written, the caller says so with
    /// [`Self::secret_settled`].
    pub(crate) async fn put_noted(&self, id: &SecretId, value: SecretString, late: Late<()>) -> Result<()> {
        let new = self.note_secret(id).await?;
        let put = self.secrets.put(id, value, Some(late)).await;
        if let Err(error) = &put
            && new
            && surely_not_put(error.code)
        {
            self.secret_settled(id).await;
        }
        put
    }

    /// Notes that an entry may be there without a row. Returns whether that was not noted already.
    pub(crate) async fn note_secret(&self, id: &SecretId) -> Result<bool> {
        let (id, now) = (id.clone(), self.now());
        self.db(move |s| s.note_secret(&id, now)).await
    }

    /// A row needs the entry now, or it is not there. A note that can't be forgotten only costs a look at the next start.
    pub(crate) async fn secret_settled(&self, id: &SecretId) {
        let id = id.clone();
        if let Err(error) = self.db(move |s| s.forget_secret_note(&id)).await {
            tracing::warn!(code = ?error.code, "a note about the keychain could not be forgotten");
        }
    }

    /// Takes an entry out of the keychain that nobody asked to keep, in the background. If that fails, the next start
    /// tries it again.
    pub(crate) fn take_back(&self, id: &SecretId) {
        let (erased, store, id, now) = (self.secrets.erase(id), self.store.clone(), id.clone(), self.now());
        tokio::spawn(async move {
            // Mostly there already. Without it, this one try must do.
            store.note_secret(&id, now).ok();
            match erased.await {
                Ok(()) => drop(store.forget_secret_note(&id)),
                Err(error) => tracing::warn!(%error, "an entry that nobody needs stays in the keychain"),
            }
        });
    }

    /// At start, before anything new is noted: what programs left that have ended. Those that run may be between the
    /// keychain and the database right now.
    pub(crate) fn find_left_secrets(&self) -> Result<()> {
        *lock(&self.left_secrets) = self.store.take_over_secret_notes().map_err(|e| store_error(&e))?;
        Ok(())
    }

    /// Takes out of the keychain what earlier programs left there, in the background and without a question to the
    /// person. What fails stays noted for the next start.
    pub(crate) fn take_back_left_secrets(&self) {
        let this = self.this.clone();
        if lock(&self.left_secrets).is_empty() {
            return;
        }
        tokio::spawn(async move {
            while let Some(this) = this.upgrade()
                && let Some(id) = { lock(&this.left_secrets).last().cloned() }
            {
                let need = this.need(&id).await;
                if this.end_left(&id, matches!(need, Ok(Need::None))) && matches!(need, Ok(Need::Row)) {
                    this.secret_settled(&id).await;
                }
                if let Err(error) = need {
                    tracing::warn!(code = ?error.code, "what the keychain has is not looked at");
                }
            }
        });
    }

    /// One is looked at, and goes if it is needless. Returns false if it was claimed meanwhile.
    fn end_left(&self, id: &SecretId, needless: bool) -> bool {
        let mut left = lock(&self.left_secrets);
        let before = left.len();
        left.retain(|other| other != id);
        let unclaimed = left.len() < before;
        if unclaimed && needless {
            // Takes its turn before the list is let go: who claims the entry from then on comes after it.
            self.take_back(id);
        }
        unclaimed
    }

    /// The entry is about to be written by this program: no more a matter of an earlier one.
    pub(crate) fn claim_secret(&self, id: &SecretId) {
        lock(&self.left_secrets).retain(|left| left != id);
    }

    /// Deletes what is noted and needed by nothing: of one account that is gone, or all of it.
    pub(crate) async fn remove_noted_secrets(&self, account: Option<&str>) -> Result<()> {
        for id in self.db(Store::secret_notes::<SecretId>).await? {
            if account.is_none_or(|account| id.account() == Some(account))
                && self.need(&id).await? == Need::None
            {
                self.secrets.delete(&id).await?;
                self.secret_settled(&id).await;
            }
        }
        Ok(())
    }

    async fn need(&self, id: &SecretId) -> Result<Need> {
        let key = id.clone();
        let (has_row, open) =
            self.db(move |s| Ok((has_row(s, &key)?, s.open_operations(key.account())?))).await?;
        let SecretId::Token { token, .. } = id else {
            return Ok(if has_row { Need::Row } else { Need::None });
        };
        let is_its = |data: &serde_json::Value| data["token_id"] == token.as_str();
        Ok(match (has_row, open.iter().any(|row| is_its(&row.data))) {
            (true, _) => Need::Row,
            (false, true) => Need::Operation,
            (false, false) => Need::None,
        })
    }
}

/// Whether a row says that this entry is in the keychain.
fn has_row(store: &Store, id: &SecretId) -> std::result::Result<bool, StoreError> {
    Ok(match id {
        SecretId::SignIn { account } => {
            let account = store.account(account)?;
            account.is_some_and(|a| a.sign_in_kept == StoreKept::Keychain)
        }
        SecretId::Token { account, token } => {
            store.kept_token(account, token)?.is_some_and(|t| t.kept == StoreKept::Keychain)
        }
        // Noted only when their account goes.
        SecretId::Hidden { account, .. } | SecretId::NamedValue { account, .. } => {
            store.account(account)?.is_some()
        }
        SecretId::AuditKey { .. } | SecretId::AuditHead { .. } => true,
    })
}

/// Failures after which the value is certainly not in the keychain. After others it may be, or come there late.
fn surely_not_put(code: Code) -> bool {
    matches!(
        code,
        Code::KeychainNoService | Code::KeychainLocked | Code::KeychainRefused | Code::KeychainTooLarge
    )
}
