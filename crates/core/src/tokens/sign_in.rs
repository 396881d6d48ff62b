//! Gatehouse's own token: which one it is, and replacing it together with the sign-in.

use super::{Kept, Own, TokensView};
use crate::{
    AppError, Code, Gatehouse, Result,
    operations::{Data, Op, OperationKind},
    ports::SecretId,
};
use gatehouse_store::{Kept as StoreKept, OperationState as State};
use secrecy::SecretString;

impl Gatehouse {
    /// The person says which token Gatehouse signs in with.
    pub async fn token_mark_own(&self, account: &str, token_id: &str) -> Result<TokensView> {
        self.row(account, token_id).await?;
        let own = token_id.to_owned();
        self.change_account(account, move |a| a.sign_in_token_id = Some(own)).await?;
        self.tokens_view(account).await
    }

    /// Creates a new token, verifies it, signs in with it, deletes the old one. Whatever breaks on the way,
    /// one of both still works and is what Gatehouse signs in with.
    pub async fn replace_sign_in(&self, account: &str) -> Result<TokensView> {
        let _once = self.only_once(format!("replace sign-in {account}"))?;
        let old = self.tokens_view(account).await?.rows.into_iter().find(|r| r.own == Own::Yes).ok_or_else(|| {
            AppError::new(Code::OwnToken, "Gatehouse does not know yet which token it signs in with. Refresh the list, or say which one it is.")
        })?;
        if let Some(open) =
            self.open_ops(account).await?.into_iter().find(|op| op.kind == OperationKind::ReplaceSignIn)
        {
            return self.resume_sign_in(open).await;
        }
        let stored = self.account(account).await?;
        let keep = if stored.sign_in_kept == StoreKept::Session { Kept::Session } else { Kept::Keychain };
        let data = Data { keep: Some(keep), old_id: Some(old.id), ..Data::default() };
        let mut op = self.begin(account, OperationKind::ReplaceSignIn, &old.name, data).await?;
        let created = self.create(&mut op).await?;
        let value = self.held.get(&created.handle)?.value;
        if let Some(error) = created.keep_error {
            // Without a kept value the sign-in could be lost: the new token goes, the old one stays.
            self.token_close(&created.handle, super::CloseHow::DeleteToken).await?;
            return Err(error);
        }
        let _working = self.working_on(op.id());
        let switched = self.switch_sign_in(&mut op, value).await;
        self.held.close(&created.handle);
        switched?;
        self.delete_old_sign_in(&mut op).await?;
        self.tokens_view(account).await
    }

    /// Goes on after a restart, from whichever step.
    async fn resume_sign_in(&self, mut op: Op) -> Result<TokensView> {
        let account = op.account().to_owned();
        if matches!(op.state(), State::Sent | State::Unknown) {
            return Err(AppError::new(
                Code::Stale,
                "An earlier replacement is not settled: its answer was lost. Settle that first.",
            ));
        }
        let token = op.token_id()?.to_owned();
        if self.account(&account).await?.sign_in_token_id.as_ref() != Some(&token) {
            let id = SecretId::Token { account: account.clone(), token };
            let value = self.secrets.get(&id).await?;
            let _working = self.working_on(op.id());
            self.switch_sign_in(&mut op, value).await?;
        }
        self.delete_old_sign_in(&mut op).await?;
        self.tokens_view(&account).await
    }

    async fn switch_sign_in(&self, op: &mut Op, value: SecretString) -> Result<()> {
        let (account, token) = (op.account().to_owned(), op.token_id()?.to_owned());
        self.verify(&account, &token, value.clone()).await?;
        let sign_in = SecretId::SignIn { account: account.clone() };
        if op.data.keep == Some(Kept::Session) {
            self.secrets.put_session(&sign_in, value);
        } else {
            self.secrets.put(&sign_in, value, None).await?;
        }
        let own = token.clone();
        self.change_account(&account, move |a| a.sign_in_token_id = Some(own)).await?;
        self.sessions.forget(&account);
        // The sign-in has its own entry now.
        self.forget_value(&account, &token).await
    }

    /// The new one signs in: the old one goes. Until then the operation stays open.
    async fn delete_old_sign_in(&self, op: &mut Op) -> Result<()> {
        let account = op.account().to_owned();
        if let Some(old) = op.data.old_id.clone() {
            match self.row(&account, &old).await {
                Ok(row) if !row.gone => self.delete_row(&account, &row, false).await?,
                Ok(_) => self.forget_value(&account, &old).await?,
                Err(error) if error.code == Code::Gone => {}
                Err(error) => return Err(error),
            }
        }
        self.advance(op, State::Done).await
    }
}
