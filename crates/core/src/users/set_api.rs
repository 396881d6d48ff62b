//! Granting and revoking 'API Access': read, change one key, write all, read back. Whatever else changed with it stops
//! a run and is told.

use super::{ApiLock, UserPick, cached::CachedUser};
use crate::{AppError, Code, Gatehouse, Result, jobs::Item, tokens::surely_not_done};
use planradar::{Client, Freshness, UserChange, UserRecord, rate_limit::Lane};

impl Gatehouse {
    /// One user's change. `Ok(false)`: it was so already.
    pub(crate) async fn change_user(
        &self,
        account: &str,
        user: &UserPick,
        change: UserChange,
        lane: Lane,
    ) -> std::result::Result<bool, Item> {
        let skip = |error| Item::Failed(error);
        let client = self.session(account).await.map_err(Item::from)?.client;
        let client = self.reserved(&client, lane).await.map_err(Item::from)?.with(Freshness::Bypass);
        let before = self.user_record(&client, &user.id, lane).await.map_err(Item::from)?;
        let stored = self.account(account).await.map_err(Item::from)?;
        let lock = CachedUser::from(before.user()).lock(&stored);
        // Who can never have it has nothing to be taken away.
        let never = change == UserChange::ApiAccess(false) && lock == Some(ApiLock::FixedPermissions);
        if let (UserChange::ApiAccess(_), Some(lock), false) = (change, lock, never) {
            return Err(skip(locked(lock, &user.name)));
        }
        if never || before.is(change) == Some(true) {
            self.take_user(account, &before).await.map_err(Item::from)?;
            return Ok(false);
        }
        let update = before.update(change).ok_or_else(|| skip(locked(ApiLock::Unknown, &user.name)))?;
        let written = client.users().update(&update, lane).await;
        if let Err(error) = &written
            && surely_not_done(error)
        {
            return Err(self.failure(error).into());
        }
        // Also after a lost answer: what is there now tells.
        let after = self.user_record(&client, &user.id, lane).await.map_err(Item::from)?;
        self.take_user(account, &after).await.map_err(Item::from)?;
        let others = before.differences(&after, change);
        if !others.is_empty() {
            let text = format!(
                "Something else of {} changed as well: {}. Gatehouse stopped. Compare it in PlanRadar before you go on.",
                user.name,
                others.join(", ")
            );
            return Err(Item::Stop(AppError::new(Code::ChangedToo, text)));
        }
        if after.is(change) != Some(true) {
            let text = format!("PlanRadar took the change of {} and did not carry it out.", user.name);
            return Err(skip(AppError::new(Code::UnexpectedAnswer, text)));
        }
        Ok(true)
    }

    async fn user_record(&self, client: &Client, user: &str, lane: Lane) -> Result<UserRecord> {
        client.users().record(user, lane).await.map_err(|e| {
            let why = self.failure(&e);
            if why.code == Code::Gone {
                return AppError::new(Code::Gone, "This user no longer exists at PlanRadar.");
            }
            why
        })
    }
}

/// Why 'API Access' can't be changed.
pub(crate) fn locked(lock: ApiLock, name: &str) -> AppError {
    match lock {
        ApiLock::AccountHolder => AppError::new(
            Code::AccountHolderOnly,
            format!("{name} is the account holder and has all permissions, always. Nothing was sent."),
        ),
        ApiLock::FixedPermissions => AppError::new(
            Code::Forbidden,
            format!("{name} is a subcontractor or watcher: their permissions are fixed. Nothing was sent."),
        ),
        ApiLock::Unknown => AppError::new(
            Code::Forbidden,
            format!(
                "The server does not tell what {name} may do, so it can't be changed without taking the rest away. Do it in PlanRadar."
            ),
        ),
    }
}
