//! Accounts: show, switch, rename, remove, sign in again, say who one is.

use super::{AccountView, SignIn, UserChoice, UserFacts, add::check_label};
use crate::{
    AppError, Code, Gatehouse, Result,
    api_error::translate,
    app::ACTIVE_ACCOUNT,
    notices::Notice,
    operations::Op,
    ports::SecretId,
    secrets::Late,
    sync::lock,
    tokens::{OWN_CLUES, check_value, full_name, type_word},
    webhooks::hidden_entries,
};
use gatehouse_store::{Account, Kept as StoreKept, OperationState as State, Verdict};
use planradar::{PageQuery, rate_limit::Lane};
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;

impl Gatehouse {
    /// An account as the window shows it.
    pub(crate) async fn account_view(&self, account: Account) -> Result<AccountView> {
        let id = account.id.clone();
        let (capabilities, holder) = self
            .db(move |s| {
                let holder = s.cached::<String>(&id, ACCOUNT_HOLDER_NAME)?.map(|c| c.body);
                Ok((s.capabilities(&id)?, holder))
            })
            .await?;
        let tokens = capabilities.iter().find(|c| c.route == "tokens.list");
        let key = SecretId::SignIn { account: account.id.clone() };
        let sign_in = match account.sign_in_kept {
            StoreKept::Keychain => SignIn::Keychain,
            StoreKept::Session if self.secrets.get_session(&key).is_some() || account.demo => SignIn::Session,
            StoreKept::Session => SignIn::Missing,
        };
        let user = account.user_id.clone().map(|id| UserFacts {
            id,
            name: account.user_name.clone().unwrap_or_default(),
            mail: account.user_mail.clone().unwrap_or_default(),
            user_type: account.user_type.clone(),
        });
        let is_account_holder = match (&account.user_id, &account.account_holder_id) {
            (Some(user), Some(holder)) => Some(user == holder),
            _ => account.user_type.as_deref().map(|t| t == "account_holder"),
        };
        Ok(AccountView {
            account_holder_name: if is_account_holder == Some(true) {
                account.user_name.clone().or(holder)
            } else {
                holder
            },
            is_account_holder,
            user,
            sign_in,
            documented_only: tokens.map(|c| c.verdict == Verdict::NotOffered),
            plan: account.plan,
            limit: account.request_limit,
            share: account.share,
            id: account.id,
            label: account.label,
            server: account.server,
            customer_id: account.customer_id,
            demo: account.demo,
        })
    }

    /// Makes an account the one that is shown.
    pub async fn account_activate(&self, id: &str) -> Result<AccountView> {
        let (key, now) = (id.to_owned(), self.now());
        self.account(id).await?;
        let account = self
            .db(move |s| {
                s.set_setting(ACTIVE_ACCOUNT, &key)?;
                s.change_account(&key, |a| a.last_used_at = Some(now))
            })
            .await?;
        self.account_view(account).await
    }

    /// Renames an account, here only.
    pub async fn account_rename(&self, id: &str, label: &str) -> Result<AccountView> {
        let label = check_label(label)?;
        self.change_account(id, move |a| a.label = label).await
    }

    /// Removes an account from this computer: secrets first, so that none is left without a record of it.
    pub async fn account_remove(&self, id: &str) -> Result<()> {
        self.remove(id, false).await
    }

    /// The same while the keychain can't be used: what it has of the account is noted, and goes once it can, at the latest
    /// with a later start. The person chose that.
    pub async fn account_remove_leaving_secrets(&self, id: &str) -> Result<()> {
        self.remove(id, true).await
    }

    async fn remove(&self, id: &str, leave_secrets: bool) -> Result<()> {
        let account = self.account(id).await?;
        let elsewhere = self.ops_elsewhere(id).await?;
        let busy = |op: &Op| {
            let under_way = matches!(op.state(), State::Planned | State::Sent);
            self.is_working_on(op.id()) || (under_way && elsewhere.contains(op.id()))
        };
        if self.open_ops(id).await?.iter().any(busy) {
            return Err(AppError::new(
                Code::Stale,
                "A token or webhook of this account is being changed. Wait for that, then remove the account.",
            ));
        }
        let left = if leave_secrets {
            self.note_secrets_of(&account).await?
        } else {
            self.forget_secrets_of(&account).await?;
            Vec::new()
        };
        lock(&self.webhooks).remove(id);
        self.held.close_account(id);
        self.sessions.forget_all_of(id);
        let key = id.to_owned();
        self.db(move |s| s.remove_account(&key)).await?;
        for entry in &left {
            self.secrets.forget_session(entry);
            self.take_back(entry);
        }
        if left.is_empty()
            && let Err(error) = self.remove_noted_secrets(Some(id)).await
        {
            // The account is gone all the same; the next start, or "remove everything", tries it again.
            tracing::warn!(code = ?error.code, "an entry of a removed account may still be in the keychain");
        }
        if account.demo
            && let Some(demo) = &self.demo
        {
            demo.remove().await.map_err(|e| {
                AppError::new(Code::Internal, format!("The demo account's data is still there: {e}."))
            })?;
        }
        self.audit(id, "account.remove", &account.label, "done").await?;
        self.notifier.notify(Notice::AccountsChanged);
        Ok(())
    }

    async fn forget_secrets_of(&self, account: &Account) -> Result<()> {
        let key = account.id.clone();
        for token in self.db(move |s| s.kept_tokens(&key)).await? {
            // With its record, so that a failure half-way leaves nothing claimed that is gone.
            self.forget_value(&account.id, &token.token_id).await?;
        }
        self.forget_all_hidden(&account.id).await?;
        self.remove_secret(&SecretId::SignIn { account: account.id.clone() }, account.sign_in_kept).await
    }

    /// Notes every entry that the keychain has of an account, so that a later start takes it out if nothing else does.
    async fn note_secrets_of(&self, account: &Account) -> Result<Vec<SecretId>> {
        let (id, now) = (account.id.clone(), self.now());
        let sign_in = account.sign_in_kept == StoreKept::Keychain;
        self.db(move |s| {
            let tokens = s.kept_tokens(&id)?.into_iter().filter(|t| t.kept == StoreKept::Keychain);
            let tokens = tokens.map(|t| SecretId::Token { account: id.clone(), token: t.token_id });
            let mut all: Vec<_> =
                tokens.chain(sign_in.then(|| SecretId::SignIn { account: id.clone() })).collect();
            all.extend(hidden_entries(s, &id)?);
            all.iter().try_for_each(|entry| s.note_secret(entry, now).map(drop))?;
            Ok(all)
        })
        .await
    }

    /// Deletes a secret where it is kept. A missing keychain can't hold the removal of session secrets up.
    pub(crate) async fn remove_secret(&self, id: &SecretId, kept: StoreKept) -> Result<()> {
        match kept {
            StoreKept::Session => {
                self.secrets.forget_session(id);
                Ok(())
            }
            StoreKept::Keychain => self.secrets.delete(id).await,
        }
    }

    /// Takes a new sign-in token for an account that has lost its own; tested before it is stored.
    pub async fn account_sign_in_again(
        &self,
        id: &str,
        token: SecretString,
        session_only: bool,
    ) -> Result<AccountView> {
        let account = self.account(id).await?;
        let token = check_value(&token, "token")?;
        let client = self.client_for(&account, token.clone()).await?;
        client.check().await.map_err(|e| translate(&e, self.now()).at("token"))?;
        let key = SecretId::SignIn { account: id.to_owned() };
        self.claim_secret(&key);
        if session_only {
            let before_in_keychain = account.sign_in_kept == StoreKept::Keychain;
            if before_in_keychain {
                self.note_secret(&key).await?;
            }
            self.secrets.put_session(&key, token);
            if before_in_keychain {
                // What was signed in with before.
                self.take_back(&key);
            }
            self.signed_in_again(id, StoreKept::Session).await
        } else {
            let account = id.to_owned();
            let late = self.sign_in_late(&key, move |this| async move {
                this.signed_in_again(&account, StoreKept::Keychain).await.map(drop)
            });
            self.put_noted(&key, token, late).await?;
            let view = self.signed_in_again(id, StoreKept::Keychain).await?;
            self.secret_settled(&key).await;
            Ok(view)
        }
    }

    /// Signs in with this token as long as this program runs: for an account that keeps none. What an earlier token told
    /// of its user and of its own row is asked anew.
    pub async fn account_sign_in_for_now(&self, id: &str, token: SecretString) -> Result<()> {
        let account = self.account(id).await?;
        if account.sign_in_kept == StoreKept::Keychain {
            return Err(AppError::new(Code::Stale, "This account signs in with the token in the keychain."));
        }
        let token = check_value(&token, "token")?;
        self.secrets.put_session(&SecretId::SignIn { account: id.to_owned() }, token);
        self.another_sign_in(id, &["me"], StoreKept::Session).await.map(drop)
    }

    /// For a `put` of what an account signs in with. A late success is followed, unless the person has signed in for
    /// this session meanwhile or the account is gone: then it is taken back.
    pub(crate) fn sign_in_late<F>(
        &self,
        key: &SecretId,
        follow: impl FnOnce(Arc<Self>) -> F + Send + 'static,
    ) -> Late<()>
    where
        F: Future<Output = Result<()>> + Send + 'static,
    {
        let (this, key, before) = (self.this.clone(), key.clone(), self.secrets.get_session(key));
        Box::new(move |outcome| {
            let (Ok(()), Some(this)) = (outcome, this.upgrade()) else { return };
            let same = match (&before, this.secrets.get_session(&key)) {
                (None, None) => true,
                // Compared in memory only, never shown.
                (Some(before), Some(now)) => before.expose_secret() == now.expose_secret(),
                _ => false,
            };
            if !same {
                this.take_back(&key);
                return;
            }
            this.secrets.forget_session(&key);
            tokio::spawn(async move {
                match follow(Arc::clone(&this)).await {
                    Ok(()) => this.secret_settled(&key).await,
                    Err(error) => {
                        tracing::warn!(code = ?error.code, "a sign-in that was kept late could not be noted");
                        if error.code == Code::NoSuchAccount {
                            this.take_back(&key);
                        }
                    }
                }
            });
        })
    }

    async fn signed_in_again(&self, id: &str, kept: StoreKept) -> Result<AccountView> {
        self.another_sign_in(id, &["me", "account"], kept).await
    }

    /// Another token may act as another user, and is another row of the list. `routes` are asked again.
    async fn another_sign_in(
        &self,
        id: &str,
        routes: &'static [&'static str],
        kept: StoreKept,
    ) -> Result<AccountView> {
        self.sessions.forget(id);
        let key = id.to_owned();
        self.db(move |s| {
            s.drop_cached(&key, OWN_CLUES)?;
            routes.iter().try_for_each(|route| s.forget_capabilities(&key, Some(route)))
        })
        .await?;
        self.change_account(id, move |a| {
            a.sign_in_kept = kept;
            a.sign_in_token_id = None;
            a.user_id = None;
            a.user_name = None;
            a.user_mail = None;
            a.user_type = None;
        })
        .await
    }

    /// Users to choose from, where the server doesn't tell who the token acts as.
    pub async fn account_user_choices(&self, id: &str, search: &str) -> Result<Vec<UserChoice>> {
        let session = self.session(id).await?;
        let search = Some(search.trim().to_owned()).filter(|s| !s.is_empty());
        let query = PageQuery { size: 100, search, ..PageQuery::default() };
        let page =
            session.client.users().page(&query, Lane::Person).await.map_err(|e| translate(&e, self.now()))?;
        let choices = page.rows.into_iter().map(|u| UserChoice {
            name: full_name(&u),
            id: u.id,
            mail: u.mail.unwrap_or_default(),
        });
        Ok(choices.collect())
    }

    /// Records what the person says. The server is asked for both users, so that a typing error is noticed.
    pub async fn account_set_identity(
        &self,
        id: &str,
        user_id: &str,
        holder_id: Option<&str>,
    ) -> Result<AccountView> {
        let session = self.session(id).await?;
        let get = async |user: &str, field: &str| {
            let found = session.client.users().get(user, Lane::Person).await;
            found.map_err(|e| translate(&e, self.now()).at(field))
        };
        let user = get(user_id, "user").await?;
        if let Some(holder_id) = holder_id {
            let name = if holder_id == user_id {
                full_name(&user)
            } else {
                full_name(&get(holder_id, "holder").await?)
            };
            self.remember_holder_name(id, name).await?;
        }
        let holder = holder_id.map(str::to_owned);
        self.change_account(id, move |a| {
            a.user_name = Some(full_name(&user));
            a.user_mail = user.mail;
            a.user_type = user.user_type.as_ref().map(type_word);
            a.user_id = Some(user.id);
            // Who doesn't know the holder takes nothing back that the server told.
            a.account_holder_id = holder.or(a.account_holder_id.take());
        })
        .await
    }

    pub(crate) async fn remember_holder_name(&self, id: &str, name: String) -> Result<()> {
        let (key, now) = (id.to_owned(), self.now());
        self.db(move |s| s.cache(&key, ACCOUNT_HOLDER_NAME, &name, now)).await
    }

    pub(crate) async fn change_account(
        &self,
        id: &str,
        change: impl FnOnce(&mut Account) + Send + 'static,
    ) -> Result<AccountView> {
        self.account(id).await?;
        let key = id.to_owned();
        let account = self.db(move |s| s.change_account(&key, change)).await?;
        self.notifier.notify(Notice::AccountsChanged);
        self.account_view(account).await
    }

    /// The account's server address, for opening its pages.
    pub async fn account_server(&self, id: &str) -> Result<String> {
        Ok(self.account(id).await?.server)
    }
}

/// Cache key of the account holder's name.
const ACCOUNT_HOLDER_NAME: &str = "account-holder-name";
