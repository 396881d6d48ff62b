//! Cutting off a user's access in an emergency: each step is tried, whatever became of the one before, and what is left
//! is proven or said to be unknown.

use super::{CutOffReport, CutOffStep, CutOffWhat, UserPick, UserToken};
use crate::{
    AppError, Code, Gatehouse, Result,
    jobs::Item,
    operations::{Data, OperationKind},
};
use gatehouse_store::OperationState as State;
use planradar::{Freshness, UserChange, rate_limit::Lane};

impl Gatehouse {
    /// Takes 'API Access' away, makes the user inactive if that is wished, deletes all tokens, and lists them again.
    pub async fn user_cut_off(
        &self,
        account: &str,
        user: UserPick,
        deactivate: bool,
    ) -> Result<CutOffReport> {
        let _once = self.only_once(format!("cut off {account} {}", user.id))?;
        let data = Data { user: Some(user.clone()), sent_at: Some(self.now()), ..Data::default() };
        let mut op = self.begin(account, OperationKind::CutOff, &user.name, data).await?;
        let _working = self.working_on(op.id());
        self.advance(&mut op, State::Sent).await?;
        let mut steps = Vec::new();
        let mut note = |what, error: Option<AppError>| steps.push(CutOffStep { what, error });
        let change = async |change| match self.change_user(account, &user, change, Lane::TakeAway).await {
            Ok(_) => None,
            Err(Item::Failed(error) | Item::Stop(error) | Item::Wait(error)) => Some(error),
        };
        note(CutOffWhat::ApiAccess, change(UserChange::ApiAccess(false)).await);
        let inactive = if deactivate {
            let error = change(UserChange::Active(false)).await;
            let done = error.is_none();
            note(CutOffWhat::Deactivate, error);
            done
        } else {
            false
        };
        let (deleted, error) = self.delete_all_tokens(account, &user.id).await;
        note(CutOffWhat::Tokens, error);
        let left = self.tokens_now(account, &user.id).await;
        let (left, error) = match left {
            Ok(left) if left.is_empty() => (Some(left), None),
            Ok(left) => (Some(left), Some(AppError::new(Code::Stale, "Some tokens are still there."))),
            Err(error) => (None, Some(error)),
        };
        note(CutOffWhat::Proof, error);
        let whole = steps.iter().all(|step| step.error.is_none());
        self.advance(&mut op, if whole { State::Done } else { State::Abandoned }).await?;
        let active = self.known_user(account, &user.id).await?.and_then(|u| u.active);
        Ok(CutOffReport {
            user,
            steps,
            deleted,
            left,
            can_sign_in: if inactive { Some(false) } else { active },
        })
    }

    async fn tokens_now(&self, account: &str, user: &str) -> Result<Vec<UserToken>> {
        let client = self.session(account).await?.client.with(Freshness::Bypass);
        self.fetch_user_tokens(account, &client, user, Lane::TakeAway).await
    }

    /// How many were deleted, and what went wrong last.
    async fn delete_all_tokens(&self, account: &str, user: &str) -> (u32, Option<AppError>) {
        let (client, tokens) = match self.session(account).await {
            Ok(session) => (session.client, self.tokens_now(account, user).await),
            Err(error) => return (0, Some(error)),
        };
        let tokens = match tokens {
            Ok(tokens) => tokens,
            Err(error) => return (0, Some(error)),
        };
        let (mut deleted, mut failed) = (0, None);
        for token in tokens {
            match self.delete_one(&client, user, &token.id).await {
                Ok(()) => deleted += 1,
                Err(error) => failed = Some(error),
            }
        }
        (deleted, failed)
    }
}
