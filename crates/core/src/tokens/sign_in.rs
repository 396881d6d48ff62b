//! Gatehouse's own token: which one it is, and replacing it together with the sign-in.

use super::{How, Kept, Own, TokensView};
use crate::{
    AppError, Code, Details, Gatehouse, Result,
    operations::{Data, Op, OperationKind},
    ports::SecretId,
};
use gatehouse_store::{Kept as StoreKept, OperationState as State};
use secrecy::{ExposeSecret, SecretString};

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
        let open = self.open_ops(account).await?;
        let elsewhere = self.ops_elsewhere(account).await?;
        if open.iter().any(|op| op.kind == OperationKind::ReplaceSignIn && elsewhere.contains(op.id())) {
            return Err(AppError::new(
                Code::Stale,
                "Another Gatehouse program on this computer is replacing it. Wait for that.",
            ));
        }
        match open.into_iter().find(|op| op.kind == OperationKind::ReplaceSignIn) {
            Some(open) if open.state() != State::Planned => self.resume_sign_in(open).await?,
            Some(mut unsent) => {
                self.advance(&mut unsent, State::Abandoned).await?;
                self.begin_sign_in(account).await?;
            }
            None => self.begin_sign_in(account).await?,
        }
        self.tokens_view(account).await
    }

    async fn begin_sign_in(&self, account: &str) -> Result<()> {
        let old = self.tokens_view(account).await?.rows.into_iter().find(|r| r.own == Own::Yes).ok_or_else(|| {
            AppError::new(Code::OwnToken, "Gatehouse does not know yet which token it signs in with. Refresh the list, or say which one it is.")
        })?;
        let stored = self.account(account).await?;
        let keep = if stored.sign_in_kept == StoreKept::Session { Kept::Session } else { Kept::Keychain };
        let data = Data { keep: Some(keep), old_id: Some(old.id), ..Data::default() };
        let mut op = self.begin(account, OperationKind::ReplaceSignIn, &old.name, data).await?;
        let created = self.create(&mut op).await?;
        // No dialog shows it.
        let held = self.held.close(&created.handle);
        let _working = self.working_on(op.id());
        if let Some(error) = created.keep_error {
            // Without a kept value the sign-in could be lost: the new token goes, the old one stays. If it can't be
            // deleted now, the operation stays open and offers that.
            if self.delete_if_there(account, &created.token_id, How::default()).await.is_ok() {
                self.advance(&mut op, State::Abandoned).await?;
            }
            return Err(error);
        }
        let Some(held) = held else { return Err(value_gone(&op)) };
        self.switch_sign_in(&mut op, held.value).await?;
        self.delete_old_sign_in(&mut op).await
    }

    /// Goes on after a restart or a failure, from whichever step.
    async fn resume_sign_in(&self, mut op: Op) -> Result<()> {
        let account = op.account().to_owned();
        if matches!(op.state(), State::Sent | State::Unknown) {
            return Err(AppError::new(
                Code::Stale,
                "An earlier replacement is not settled: its answer was lost. Settle that first.",
            )
            .with(Details::Operation { id: op.id().to_owned() }));
        }
        let token = op.token_id()?.to_owned();
        let _working = self.working_on(op.id());
        if self.account(&account).await?.sign_in_token_id.as_ref() == Some(&token) {
            // Switched, perhaps after the person went on without the keychain.
            self.forget_value(&account, &token).await?;
        } else {
            let id = SecretId::Token { account, token };
            let value = match self.secrets.get(&id).await {
                Ok(value) => value,
                Err(error) if error.code == Code::KeychainMissing => return Err(value_gone(&op)),
                Err(error) => return Err(error),
            };
            self.switch_sign_in(&mut op, value).await?;
        }
        self.delete_old_sign_in(&mut op).await
    }

    /// While the new value is in the sign-in's place and nobody has noted it, the open operation guards both tokens.
    async fn switch_sign_in(&self, op: &mut Op, value: SecretString) -> Result<()> {
        let (account, token) = (op.account().to_owned(), op.token_id()?.to_owned());
        self.verify(&account, &token, value.clone()).await?;
        let sign_in = SecretId::SignIn { account: account.clone() };
        // As it is kept now: the person may have signed in elsewise since the replacement began.
        if self.account(&account).await?.sign_in_kept == StoreKept::Session {
            self.secrets.put_session(&sign_in, value);
        } else {
            let (key, own) = (account.clone(), token.clone());
            let late =
                self.sign_in_late(&sign_in, move |this| async move { this.signs_in_with(&key, &own).await });
            self.secrets.put(&sign_in, value, Some(late)).await?;
        }
        self.signs_in_with(&account, &token).await?;
        // The sign-in has its own entry now.
        self.forget_value(&account, &token).await
    }

    async fn signs_in_with(&self, account: &str, token: &str) -> Result<()> {
        let own = token.to_owned();
        self.change_account(account, move |a| a.sign_in_token_id = Some(own)).await?;
        self.sessions.forget(account);
        Ok(())
    }

    /// The new one signs in: the old one goes. Until then the operation stays open.
    async fn delete_old_sign_in(&self, op: &mut Op) -> Result<()> {
        if let Some(old) = &op.data.old_id {
            let how = How { beside: Some(op.token_id()?), ..How::default() };
            self.delete_if_there(op.account(), old, how).await?;
        }
        self.advance(op, State::Done).await
    }

    /// Before the operation is given up: which of both signs in is seen from the values.
    pub(crate) async fn settle_own(&self, op: &Op) -> Result<()> {
        let account = op.account();
        if op.state() != State::Stored || self.kept(account, op.token_id()?).await? == Kept::No {
            return Ok(());
        }
        let id = SecretId::Token { account: account.to_owned(), token: op.token_id()?.to_owned() };
        let new = match self.secrets.get(&id).await {
            Ok(new) => new,
            Err(error) if error.code == Code::KeychainMissing => return Ok(()),
            Err(error) => return Err(error),
        };
        let sign_in = match self.sign_in_token(&self.account(account).await?).await {
            Ok(sign_in) => sign_in,
            Err(error) if error.code == Code::SignInMissing => return Ok(()),
            Err(error) => return Err(error),
        };
        // Compared in memory only, never shown.
        if new.expose_secret() == sign_in.expose_secret() {
            self.signs_in_with(account, op.token_id()?).await?;
        }
        Ok(())
    }
}

fn value_gone(op: &Op) -> AppError {
    AppError::new(
        Code::Stale,
        "The new token's value is not on this computer any more. Delete that token, then begin anew.",
    )
    .with(Details::Operation { id: op.id().to_owned() })
}
