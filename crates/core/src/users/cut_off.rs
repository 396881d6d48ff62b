//! Cutting off a user's access in an emergency: each step is tried, whatever became of the one before, and what is left
//! is proven or said to be unknown.

use super::{CachedUser, CutOffReport, CutOffStep, CutOffWhat, UserPick, UserToken, set_api::Wanted};
use crate::{
    AppError, Code, Gatehouse, Result,
    jobs::Item,
    operations::{Data, OperationKind},
};
use gatehouse_store::OperationState as State;
use planradar::{Freshness, UserChange, rate_limit::Lane};

impl Gatehouse {
    /// Takes 'API Access' away, makes the user inactive if that is wished, deletes all tokens, and lists them again.
    /// Runs that would give access to the user pass them over from now on.
    pub async fn user_cut_off(
        &self,
        account: &str,
        user: UserPick,
        deactivate: bool,
    ) -> Result<CutOffReport> {
        self.refuse_cut_off(account, &user).await?;
        let _once = self.only_once(format!("cut off {account} {}", user.id))?;
        let data =
            Data { user: Some(user.clone()), sent_at: Some(self.now()), deactivate, ..Data::default() };
        let mut op = self.begin(account, OperationKind::CutOff, &user.name, data).await?;
        let _working = self.working_on(op.id());
        self.advance(&mut op, State::Sent).await?;
        let (mut steps, mut seen) = (Vec::new(), None);
        let mut note = |what, error: Option<AppError>| steps.push(CutOffStep { what, error });
        let error = self.cut(account, &user, UserChange::ApiAccess(false), &mut seen).await;
        if let Some(why) = error.clone().filter(|error| error.code == Code::AccountHolderOnly) {
            return self.abandon(&mut op, why).await;
        }
        note(CutOffWhat::ApiAccess, error);
        if deactivate {
            note(
                CutOffWhat::Deactivate,
                self.cut(account, &user, UserChange::Active(false), &mut seen).await,
            );
        }
        let (before, failed) = self.delete_all_tokens(account, &user.id).await;
        let left = self.tokens_now(account, &user.id).await;
        // What is left tells, whatever became of the answers to the deletions.
        let gone = matches!(&left, Ok(left) if left.is_empty());
        note(CutOffWhat::Tokens, failed.filter(|_| !gone));
        let (left, error) = match left {
            Ok(left) if left.is_empty() => (Some(left), None),
            Ok(left) => (Some(left), Some(AppError::new(Code::Stale, "Some tokens are still there."))),
            Err(error) => (None, Some(error)),
        };
        note(CutOffWhat::Proof, error);
        let whole = steps.iter().all(|step| step.error.is_none());
        self.advance(&mut op, if whole { State::Done } else { State::Abandoned }).await?;
        let is_left = |id: &String| left.iter().flatten().any(|token| &token.id == id);
        let deleted =
            before.iter().filter(|(id, answered)| if left.is_some() { !is_left(id) } else { *answered });
        let active = match seen {
            Some(seen) => seen.active,
            None => self.known_user(account, &user.id).await?.and_then(|u| u.active),
        };
        Ok(CutOffReport {
            deleted: u32::try_from(deleted.count()).unwrap_or(u32::MAX),
            user,
            steps,
            left,
            can_sign_in: active,
        })
    }

    /// Who can't be cut off, as far as that is known without a request.
    async fn refuse_cut_off(&self, account: &str, user: &UserPick) -> Result<()> {
        let stored = self.account(account).await?;
        if stored.user_id.as_deref() == Some(user.id.as_str()) {
            let why = "Gatehouse is signed in as this user, and could do nothing more. Nothing was sent. Sign in as somebody else, or do it in PlanRadar.";
            return Err(AppError::invalid("user", why));
        }
        let known = self.known_user(account, &user.id).await?;
        let holder = stored.account_holder_id.as_deref() == Some(user.id.as_str())
            || known.is_some_and(|known| known.is_holder(&stored));
        if holder { Err(super::set_api::locked(super::ApiLock::AccountHolder, &user.name)) } else { Ok(()) }
    }

    async fn cut(
        &self,
        account: &str,
        user: &UserPick,
        change: UserChange,
        seen: &mut Option<CachedUser>,
    ) -> Option<AppError> {
        let wanted = Wanted { account, user, change, lane: Lane::TakeAway };
        let changed = match self.room_to_change(account, wanted.lane).await {
            Ok(client) => self.change_user(&client, &wanted, seen).await,
            Err(why) => Err(why),
        };
        match changed {
            Ok(_) => None,
            Err(Item::Failed(error) | Item::Stop(error) | Item::Wait(error)) => Some(error),
        }
    }

    async fn tokens_now(&self, account: &str, user: &str) -> Result<Vec<UserToken>> {
        let client = self.session(account).await?.client.with(Freshness::Bypass);
        self.fetch_user_tokens(account, &client, user, Lane::TakeAway).await
    }

    /// Ids of those that were there, with whether it was answered that each is gone, and what went wrong last.
    async fn delete_all_tokens(&self, account: &str, user: &str) -> (Vec<(String, bool)>, Option<AppError>) {
        let (client, tokens) = match self.session(account).await {
            Ok(session) => (session.client, self.tokens_now(account, user).await),
            Err(error) => return (Vec::new(), Some(error)),
        };
        let tokens = match tokens {
            Ok(tokens) => tokens,
            Err(error) => return (Vec::new(), Some(error)),
        };
        let (mut all, mut failed) = (Vec::new(), None);
        for token in tokens {
            let outcome = self.delete_one(&client, user, &token.id).await;
            all.push((token.id, outcome.is_ok()));
            failed = outcome.err().or(failed);
        }
        (all, failed)
    }
}
