//! Values that are kept or on show: reveal, copy, keep, close, verify, forget.

use super::{
    CachedToken, CloseHow, Copied, How, Kept, TokensView,
    list::{LIST, undated_key},
    own::JUST_NOW,
};
use crate::{
    AppError, Code, Gatehouse, Result, api_error::translate, notices::Notice, operations::OperationKind,
    ports::SecretId,
};
use gatehouse_store::{Kept as StoreKept, OperationState as State};
use planradar::rate_limit::Lane;
use secrecy::SecretString;

impl Gatehouse {
    /// The value of a token that was just created, for the person's eyes.
    pub fn token_reveal(&self, handle: &str) -> Result<SecretString> {
        self.held.reveal(handle)
    }

    /// Copies the value of a token that was just created. Copying does not count as kept.
    pub async fn token_copy_created(&self, handle: &str) -> Result<Copied> {
        let value = self.held.get(handle)?.value;
        self.copying.copy(value, self.settings().await?.clipboard_seconds)
    }

    /// Copies a kept value.
    pub async fn token_copy_kept(&self, account: &str, token_id: &str) -> Result<Copied> {
        let value = self.kept_value(account, token_id).await?;
        self.copying.copy(value, self.settings().await?.clipboard_seconds)
    }

    /// Tries again to keep the value of a token that was just created.
    pub async fn token_keep(&self, handle: &str, session_only: bool) -> Result<Kept> {
        let held = self.held.get(handle)?;
        if held.kept == Kept::Keychain {
            return Ok(Kept::Keychain);
        }
        let keep = if session_only { Kept::Session } else { Kept::Keychain };
        self.keep_value(&held.account, (&held.token_id, &held.name), held.value, keep).await?;
        self.held.set_kept(handle, keep);
        let mut op = self.op(&held.operation).await?;
        if op.state() == State::Answered {
            op.data.keep = Some(keep);
            self.advance(&mut op, State::Stored).await?;
        }
        Ok(keep)
    }

    /// Ends the dialog of a created token: its value leaves the memory.
    pub async fn token_close(&self, handle: &str, how: CloseHow) -> Result<()> {
        let held = self.held.get(handle)?;
        if how == CloseHow::DeleteToken {
            // First, so that a failure leaves the value on show.
            self.delete_if_there(&held.account, &held.token_id, How::default()).await?;
        }
        let noted = self.note_closed(&held.operation, how).await;
        self.held.close(handle);
        match noted {
            Ok(OperationKind::ReplaceToken) if how == CloseHow::Close => {
                self.verify_later(held.account, held.token_id, held.value);
            }
            Ok(_) => {}
            // The person is done with the value: no journal may keep the dialog open.
            Err(error) => tracing::warn!(code = ?error.code, "gatehouse.db did not follow a closed dialog"),
        }
        Ok(())
    }

    async fn note_closed(&self, operation: &str, how: CloseHow) -> Result<OperationKind> {
        let mut op = self.op(operation).await?;
        if !op.state().is_ended() {
            op.data.closed = true;
            match (op.kind, how) {
                (_, CloseHow::DeleteToken) => self.advance(&mut op, State::Abandoned).await?,
                (OperationKind::CreateToken, CloseHow::Close) => self.advance(&mut op, State::Done).await?,
                (_, CloseHow::Close) => self.note(&mut op).await?,
            }
        }
        Ok(op.kind)
    }

    /// Makes one documented request with a kept value.
    pub async fn token_verify(&self, account: &str, token_id: &str) -> Result<TokensView> {
        let value = self.kept_value(account, token_id).await?;
        // Our check takes the place of the date at the server: what it says of others is looked at before.
        if let Ok(session) = self.session(account).await
            && let Err(error) = self.fetch_and_take(account, &session, Lane::Person).await
        {
            tracing::debug!(code = ?error.code, "the list before a check could not be read");
        }
        self.verify(account, token_id, value).await?;
        self.tokens_view(account).await
    }

    /// Removes a kept value from this computer; the token goes on working.
    pub async fn token_forget(&self, account: &str, token_id: &str) -> Result<TokensView> {
        let (key, token) = (account.to_owned(), token_id.to_owned());
        let name = self.db(move |s| s.kept_token(&key, &token)).await?.map(|k| k.name);
        self.forget_value(account, token_id).await?;
        self.audit(account, "token.forget", name.as_deref().unwrap_or(token_id), "done").await?;
        self.tokens_view(account).await
    }

    /// Forgets a value and what is known of it, if it is kept.
    pub(crate) async fn forget_value(&self, account: &str, token_id: &str) -> Result<()> {
        let (key, token) = (account.to_owned(), token_id.to_owned());
        if let Some(kept) = self.db(move |s| s.kept_token(&key, &token)).await? {
            let id = SecretId::Token { account: account.to_owned(), token: token_id.to_owned() };
            self.remove_secret(&id, kept.kept).await?;
            let (key, token) = (account.to_owned(), token_id.to_owned());
            self.db(move |s| s.forget_token(&key, &token).map(drop)).await?;
        }
        self.notifier.notify(Notice::TokensChanged { account: account.to_owned() });
        Ok(())
    }

    /// The token is dead: a value that can't be removed now is shown as such, and can be forgotten later.
    pub(crate) async fn forget_dead(&self, account: &str, token_id: &str) {
        if let Err(error) = self.forget_value(account, token_id).await {
            tracing::warn!(code = ?error.code, "the value of a deleted token is still kept");
        }
    }

    /// Where the value of a token is kept.
    pub(crate) async fn kept(&self, account: &str, token_id: &str) -> Result<Kept> {
        let (account, token) = (account.to_owned(), token_id.to_owned());
        Ok(match self.db(move |s| s.kept_token(&account, &token)).await?.map(|k| k.kept) {
            None => Kept::No,
            Some(StoreKept::Keychain) => Kept::Keychain,
            Some(StoreKept::Session) => Kept::Session,
        })
    }

    pub(crate) async fn kept_value(&self, account: &str, token_id: &str) -> Result<SecretString> {
        let id = SecretId::Token { account: account.to_owned(), token: token_id.to_owned() };
        match self.kept(account, token_id).await? {
            Kept::No => Err(AppError::new(
                Code::KeychainMissing,
                "The value of this token is not kept on this computer.",
            )),
            Kept::Session => self.secrets.get_session(&id).ok_or_else(|| {
                AppError::new(
                    Code::KeychainMissing,
                    "The value was kept until Gatehouse was quit, and is gone now.",
                )
            }),
            Kept::Keychain => self.secrets.get(&id).await,
        }
    }

    /// One request with the token itself. It is remembered as ours before it leaves, and then by the server's
    /// own date, so that it never counts as somebody's use.
    pub(crate) async fn verify(&self, account: &str, token_id: &str, value: SecretString) -> Result<()> {
        let stored = self.account(account).await?;
        let client = self.client_for(&stored, value).await?;
        let (key, token, at) = (account.to_owned(), token_id.to_owned(), self.now());
        self.db(move |s| s.cache(&key, &undated_key(&token), &at, at)).await?;
        let checked = client.check().await;
        if let Err(error) = checked {
            let translated = translate(&error, self.now());
            if translated.code != Code::Unauthorized {
                return Err(translated);
            }
            let message =
                "PlanRadar does not know this token any more: it was deleted, or its value is another one.";
            return Err(AppError { message: message.to_owned(), ..translated });
        }
        let (key, token, at) = (account.to_owned(), token_id.to_owned(), self.now());
        self.db(move |s| s.mark_token_verified(&key, &token, at)).await?;
        self.note_own_use(account, token_id).await;
        self.notifier.notify(Notice::TokensChanged { account: account.to_owned() });
        Ok(())
    }

    /// Reads how the server dates our check. Best effort: without it, or where the date did not move, or is not of this
    /// moment, our own clock must do.
    async fn note_own_use(&self, account: &str, token_id: &str) {
        let noted: Result<()> = async {
            let session = self.session(account).await?;
            let list = self
                .fetch_list_with(account, &session.client.with(planradar::Freshness::Bypass), Lane::Refresh)
                .await?;
            if let Some(at) = list.rows.iter().find(|t| t.id == token_id).and_then(|t| t.last_used.at())
                && list.server_time.is_none_or(|now| (now - at).abs() <= JUST_NOW)
            {
                let (key, token) = (account.to_owned(), token_id.to_owned());
                self.db(move |s| {
                    let known = s.cached::<Vec<CachedToken>>(&key, LIST)?;
                    let before = known.iter().flat_map(|l| &l.body).find(|t| t.id == token);
                    if before.is_some_and(|t| t.last_used.at() == Some(at)) {
                        return Ok(());
                    }
                    s.record_own_use(&key, &token, at)?;
                    s.drop_cached(&key, &undated_key(&token))
                })
                .await?;
            }
            self.take_list(account, list).await.map(drop)
        }
        .await;
        if let Err(error) = noted {
            tracing::debug!(code = ?error.code, "the server's date of a check could not be read");
        }
    }

    /// Step 1 of a replacement ends with a check of the new token, behind the closed dialog.
    fn verify_later(&self, account: String, token_id: String, value: SecretString) {
        let this = self.this.clone();
        tokio::spawn(async move {
            if let Some(this) = this.upgrade()
                && let Err(error) = this.verify(&account, &token_id, value).await
            {
                tracing::info!(code = ?error.code, "the new token could not be checked yet");
            }
        });
    }
}
