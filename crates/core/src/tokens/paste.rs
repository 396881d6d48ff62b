//! On a server without the tokens route: a token made on the web page is pasted, verified, kept.

use super::{TokensView, check::check_name, check_value};
use crate::{AppError, Code, Gatehouse, Result, api_error::translate, notices::Notice, ports::SecretId};
use gatehouse_store::{Kept as StoreKept, KeptToken, Origin};
use secrecy::{ExposeSecret, SecretString};

impl Gatehouse {
    /// Verifies a pasted token with a documented request, then keeps it with its name.
    pub async fn token_paste(
        &self,
        account: &str,
        name: &str,
        value: SecretString,
        session_only: bool,
    ) -> Result<TokensView> {
        let name = check_name(name)?;
        let value = check_value(&value, "value")?;
        let stored = self.account(account).await?;
        let _once = self.only_once(format!("paste {account}"))?;
        self.refuse_pasted_twin(account, &value).await?;
        let client = self.client_for(&stored, value.clone()).await?;
        client.check().await.map_err(|e| {
            let error = translate(&e, self.now());
            if matches!(error.code, Code::Unauthorized | Code::PermissionApiAccess | Code::WrongAccountId) {
                error.at("value")
            } else {
                error
            }
        })?;
        let token = format!("pasted-{}", uuid::Uuid::new_v4());
        let id = SecretId::Token { account: account.to_owned(), token: token.clone() };
        let kept = if session_only {
            self.secrets.put_session(&id, value);
            StoreKept::Session
        } else {
            self.put_noted(&id, value, self.remove_late(&id)).await?;
            StoreKept::Keychain
        };
        let now = self.now();
        let row = KeptToken {
            account_id: account.to_owned(),
            token_id: token,
            name: name.clone(),
            origin: Origin::Pasted,
            kept,
            kept_at: now,
            verified_at: Some(now),
        };
        let written = self.db(move |s| s.keep_token(&row)).await;
        if let Err(error) = written {
            // It is not in the list: nobody would ever look for this entry again.
            self.secrets.forget_session(&id);
            self.take_back(&id);
            return Err(error);
        }
        self.secret_settled(&id).await;
        self.audit(account, "token.paste", &name, "done").await?;
        self.notifier.notify(Notice::TokensChanged { account: account.to_owned() });
        self.tokens_view(account).await
    }

    async fn refuse_pasted_twin(&self, account: &str, value: &SecretString) -> Result<()> {
        let key = account.to_owned();
        for kept in self.db(move |s| s.kept_tokens(&key)).await? {
            let id = SecretId::Token { account: account.to_owned(), token: kept.token_id };
            let known = match self.secrets.get(&id).await {
                Ok(known) => known,
                Err(error) if error.code == Code::KeychainSkipped => break,
                Err(_) => continue,
            };
            // Compared in memory only, never shown.
            if known.expose_secret() == value.expose_secret() {
                return Err(AppError::invalid(
                    "value",
                    format!("This token is kept here already, as “{}”.", kept.name),
                ));
            }
        }
        Ok(())
    }
}
