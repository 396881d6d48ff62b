//! Other users' tokens: asked for one user at a time, deleted after ten seconds in which that can be undone.

use super::{HeldDeletion, UserPick, UserToken, UserTokens, list::is_not_offered};
use crate::{
    AppError, AreaState, Code, Details, Gatehouse, Result,
    notices::Notice,
    operations::{Data, Op, OperationKind, OperationView},
    sync::lock,
    tokens::surely_not_done,
};
use gatehouse_store::{Cached, OperationState as State, Store, StoreError};
use planradar::{Client, ErrorKind, Freshness, rate_limit::Lane};
use std::{collections::HashMap, time::Duration};

/// Route of a user's tokens.
pub(crate) const TOKENS: &str = "user_tokens.list";
/// How long an irreversible request is held back.
pub(crate) const UNDO: Duration = Duration::from_secs(10);
pub(crate) const NOT_OFFERED: &str = "This server does not offer other users' tokens over the API. Look in PlanRadar: User Management > Users.";

fn cache_key(user: &str) -> String {
    format!("users.tokens/{user}")
}

/// By user: how many tokens, and when that was asked.
type Counts = HashMap<String, (u32, String)>;

/// How many tokens each user has, and when that was asked.
pub(crate) fn cached_counts(store: &Store, account: &str) -> std::result::Result<Counts, StoreError> {
    let all: Option<Cached<Counts>> = store.cached(account, COUNTS)?;
    Ok(all.map(|a| a.body).unwrap_or_default())
}

const COUNTS: &str = "users.token-counts";

impl Gatehouse {
    /// A user's tokens; `ask`: the server is asked, else what is known is told.
    pub async fn user_tokens(&self, account: &str, user: &str, ask: bool) -> Result<UserTokens> {
        let error = if ask {
            let client = self.session(account).await?.client.with(Freshness::Bypass);
            self.fetch_user_tokens(account, &client, user, Lane::Person).await.err()
        } else {
            None
        };
        let (key, id) = (account.to_owned(), cache_key(user));
        let known = self.db(move |s| s.cached::<Vec<UserToken>>(&key, &id)).await?;
        Ok(UserTokens {
            state: self.area_state(account, TOKENS).await?,
            as_of: known.as_ref().map(|k| k.fetched_at.to_string()),
            rows: known.map(|k| k.body).unwrap_or_default(),
            protected: self.is_protected(account, user).await?,
            error,
        })
    }

    /// Whether the tokens are the account holder's, and we are not.
    async fn is_protected(&self, account: &str, user: &str) -> Result<bool> {
        let stored = self.account(account).await?;
        let holder = stored.account_holder_id.as_deref() == Some(user)
            || self.known_user(account, user).await?.is_some_and(|u| u.is_holder(&stored));
        Ok(holder && stored.user_id.as_deref() != Some(user))
    }

    pub(crate) async fn fetch_user_tokens(
        &self,
        account: &str,
        client: &Client,
        user: &str,
        lane: Lane,
    ) -> Result<Vec<UserToken>> {
        // Remembered: it is not asked again after its 404.
        if is_not_offered(&self.area_state(account, TOKENS).await?) {
            return Err(AppError::new(Code::NotOffered, NOT_OFFERED));
        }
        let asked = client.user_tokens().list(user, lane).await;
        let gone = asked.as_ref().is_err_and(|e| e.kind == ErrorKind::NotFound && !e.html);
        if gone && self.area_state(account, TOKENS).await? == AreaState::Offered {
            return Err(AppError::new(Code::Gone, "This user no longer exists at PlanRadar."));
        }
        let tokens = self.learn_offer(account, TOKENS, client, asked, NOT_OFFERED).await?;
        let tokens: Vec<_> = tokens.iter().map(UserToken::from).collect();
        self.remember_user_tokens(account, user, &tokens).await?;
        Ok(tokens)
    }

    async fn remember_user_tokens(&self, account: &str, user: &str, tokens: &[UserToken]) -> Result<()> {
        let (key, user, tokens, now) = (account.to_owned(), user.to_owned(), tokens.to_vec(), self.now());
        self.db(move |s| {
            let count = u32::try_from(tokens.len()).unwrap_or(u32::MAX);
            let entry = (user.clone(), (count, now.to_string()));
            s.change_cached(&key, COUNTS, |known: Option<Cached<Counts>>| {
                let mut body = known.map(|known| known.body).unwrap_or_default();
                body.extend([entry]);
                Some(Cached { body, fetched_at: now })
            })?;
            s.cache(&key, &cache_key(&user), &tokens, now)
        })
        .await?;
        self.notifier.notify(Notice::UsersChanged { account: account.to_owned() });
        Ok(())
    }

    /// All that is known of these users' tokens.
    pub(crate) async fn known_tokens_of(
        &self,
        account: &str,
        users: Vec<String>,
    ) -> Result<HashMap<String, Cached<Vec<UserToken>>>> {
        let key = account.to_owned();
        self.db(move |s| {
            let mut known = HashMap::new();
            for user in users {
                if let Some(answer) = s.cached(&key, &cache_key(&user))? {
                    known.insert(user, answer);
                }
            }
            Ok(known)
        })
        .await
    }

    /// Deletes tokens of another user in ten seconds, unless `operation_undo` takes that back.
    pub async fn user_tokens_delete(
        &self,
        account: &str,
        user: UserPick,
        tokens: Vec<UserToken>,
    ) -> Result<HeldDeletion> {
        if tokens.is_empty() {
            return Err(AppError::invalid("tokens", "Choose at least one token."));
        }
        if self.is_protected(account, &user.id).await? {
            return Err(AppError::new(
                Code::AccountHolderToken,
                format!(
                    "{} is the account holder. Only {} can delete these tokens. Nothing was sent.",
                    user.name, user.name
                ),
            ));
        }
        let stored = self.account(account).await?;
        let own = |t: &UserToken| stored.sign_in_token_id.as_deref() == Some(t.id.as_str());
        if stored.user_id.as_deref() == Some(user.id.as_str()) && tokens.iter().any(own) {
            return Err(AppError::new(Code::OwnToken, "Gatehouse signs in with one of these tokens."));
        }
        let data = Data { user: Some(user.clone()), user_tokens: tokens.clone(), ..Data::default() };
        let op = self.begin(account, OperationKind::DeleteUserTokens, &user.name, data).await?;
        let id = op.id().to_owned();
        lock(&self.held_back).insert(id.clone());
        let (this, later) = (self.this.clone(), id.clone());
        tokio::spawn(async move {
            tokio::time::sleep(UNDO).await;
            if let Some(this) = this.upgrade()
                && lock(&this.held_back).remove(&later)
            {
                let outcome = this.delete_held(&later).await;
                if let Err(error) = outcome {
                    tracing::info!(code = ?error.code, "a held deletion did not go through as a whole");
                }
            }
        });
        let wait = jiff::SignedDuration::try_from(UNDO).unwrap_or(jiff::SignedDuration::ZERO);
        let sent_at = (self.now() + wait).to_string();
        Ok(HeldDeletion { operation: id, account: account.to_owned(), user, tokens, sent_at })
    }

    /// Takes a held deletion back. Nothing was sent.
    pub async fn operation_undo(&self, id: &str) -> Result<()> {
        if !lock(&self.held_back).remove(id) {
            return Err(AppError::new(Code::Stale, "It is too late: the deletion was sent."));
        }
        let mut op = self.op(id).await?;
        self.advance(&mut op, State::Abandoned).await
    }

    /// How many deletions are held back right now: quitting cancels them.
    pub(crate) fn deletions_held_back(&self) -> u32 {
        u32::try_from(lock(&self.held_back).len()).unwrap_or(u32::MAX)
    }

    async fn delete_held(&self, id: &str) -> Result<()> {
        let mut op = self.op(id).await?;
        let _working = self.working_on(op.id());
        let account = op.account().to_owned();
        let user = op.data.user.clone().ok_or_else(|| AppError::new(Code::Internal, "It names no user."))?;
        let outcome = self.delete_user_tokens(&mut op, &account, &user).await;
        let error = outcome.as_ref().err().cloned();
        self.notifier.notify(Notice::UserTokensDeleted { account, operation: id.to_owned(), user, error });
        outcome
    }

    async fn delete_user_tokens(&self, op: &mut Op, account: &str, user: &UserPick) -> Result<()> {
        let client = match self.session(account).await {
            Ok(session) => session.client.with(Freshness::Bypass),
            Err(why) => return self.abandon(op, why).await,
        };
        let now = match self.fetch_user_tokens(account, &client, &user.id, Lane::TakeAway).await {
            Ok(now) => now,
            Err(why) => return self.abandon(op, why).await,
        };
        op.data.sent_at = Some(self.now());
        self.advance(op, State::Sent).await?;
        let mut failed = None;
        for token in op.data.user_tokens.clone() {
            // Only the one that was shown, and gone already is gone.
            let Some(there) = now.iter().find(|t| t.id == token.id) else { continue };
            if (&there.name, &there.created_on) != (&token.name, &token.created_on) {
                failed = Some(AppError::new(
                    Code::Stale,
                    "A token is not what was shown any more. It was not deleted.",
                ));
                continue;
            }
            if let Err(error) = self.delete_one(&client, &user.id, &token.id).await {
                failed = Some(error);
            }
        }
        // What is left tells, whatever became of the answers.
        let left = self.fetch_user_tokens(account, &client, &user.id, Lane::TakeAway).await;
        let error = match (failed, left) {
            (_, Ok(left)) if !left.iter().any(|t| op.data.user_tokens.iter().any(|d| d.id == t.id)) => {
                return self.advance(op, State::Done).await;
            }
            // It may yet be carried out.
            (Some(error), Ok(_)) if error.code != Code::LostAnswer => return self.abandon(op, error).await,
            (Some(error), _) | (None, Err(error)) => error,
            (None, Ok(_)) => AppError::new(Code::Stale, "Some tokens are still there."),
        };
        self.advance(op, State::Unknown).await?;
        Err(error)
    }

    /// What became of a deletion whose answers were lost.
    pub(crate) async fn check_user_deletion(&self, mut op: Op) -> Result<OperationView> {
        let user = op.data.user.clone().ok_or_else(|| AppError::new(Code::Internal, "It names no user."))?;
        let account = op.account().to_owned();
        let client = self.session(&account).await?.client.with(Freshness::Bypass);
        let left = self.fetch_user_tokens(&account, &client, &user.id, Lane::Person).await?;
        op.data.checked_at = Some(self.now());
        let gone = !left.iter().any(|t| op.data.user_tokens.iter().any(|d| d.id == t.id));
        if gone {
            self.advance(&mut op, State::Done).await?;
        } else {
            self.note(&mut op).await?;
        }
        Ok(self.operation_view(&op, &[]))
    }

    /// One deletion. Gone already is done; an answer that was lost is told by the list that follows.
    pub(crate) async fn delete_one(&self, client: &Client, user: &str, token: &str) -> Result<()> {
        match client.user_tokens().delete(user, token).await {
            Ok(()) => Ok(()),
            Err(error) if error.kind == ErrorKind::NotFound && !error.html => Ok(()),
            Err(error) if surely_not_done(&error) => Err(self.failure(&error)),
            Err(error) => {
                let why = self.failure(&error);
                let details = why.details.clone().unwrap_or(Details::Reason { reason: why.message });
                Err(AppError::new(Code::LostAnswer, "The connection broke while a token was deleted.")
                    .with(details))
            }
        }
    }
}
