//! Granting and revoking 'API Access': read, change one key, write all, read back. Whatever else changed with it stops
//! a run and is told.

use super::{ApiLock, Read, UserPick, cached::CachedUser};
use crate::{
    AppError, Code, Gatehouse, Result,
    jobs::Item,
    operations::{Op, OperationKind},
    sync::lock,
    tokens::surely_not_done,
};
use planradar::{Client, Freshness, UserChange, UserRecord, rate_limit::Lane};

/// What is to become of one user.
pub(crate) struct Wanted<'a> {
    pub account: &'a str,
    pub user: &'a UserPick,
    pub change: UserChange,
    pub lane: Lane,
}

impl Gatehouse {
    /// Waits until the limit has room for one user's change: read, written, read back. Nothing is sent yet.
    pub(crate) async fn room_to_change(
        &self,
        account: &str,
        lane: Lane,
    ) -> std::result::Result<Client, Item> {
        let client = self.session(account).await.map_err(Item::from)?.client;
        Ok(self.reserved(&client, lane).await.map_err(Item::from)?.with(Freshness::Bypass))
    }

    /// A run's change of one user. Who was cut off since the run began gets nothing back from it.
    pub(crate) async fn change_in_run(
        &self,
        run: &Op,
        client: &Client,
        wanted: &Wanted<'_>,
    ) -> std::result::Result<bool, Item> {
        if wanted.change != UserChange::ApiAccess(true) {
            return self.change_user(client, wanted, &mut None).await;
        }
        let _turn = self.turns.take(&turn_of(wanted)).await;
        if self.cut_off_beside(run, wanted.user).await.map_err(Item::from)?.is_some() {
            return Err(Item::Failed(cut_off(&wanted.user.name)));
        }
        let changed = self.change_in_turn(client, wanted, &mut None).await?;
        // By another program of this computer, which knows nothing of our turn: it may have come between.
        let Some(between) = self.cut_off_beside(run, wanted.user).await.map_err(Item::from)? else {
            return Ok(changed);
        };
        let mut again = vec![UserChange::ApiAccess(false)];
        if between.data.deactivate {
            again.push(UserChange::Active(false));
        }
        for change in again {
            let back = Wanted { change, lane: Lane::TakeAway, ..*wanted };
            self.change_in_turn(client, &back, &mut None).await?;
        }
        Err(Item::Failed(cut_off(&wanted.user.name)))
    }

    /// The cut-off of this user that began after the run, or is under way.
    async fn cut_off_beside(&self, run: &Op, user: &UserPick) -> Result<Option<Op>> {
        let all = self.ops_beside(run, OperationKind::CutOff).await?;
        Ok(all.into_iter().rev().find(|op| op.data.user.as_ref().is_some_and(|u| u.id == user.id)))
    }

    /// One user's change. `Ok(false)`: it was so already. `seen`: the user as last read.
    pub(crate) async fn change_user(
        &self,
        client: &Client,
        wanted: &Wanted<'_>,
        seen: &mut Option<CachedUser>,
    ) -> std::result::Result<bool, Item> {
        // All of a user is written: what another one changed since it was read would be undone.
        let _turn = self.turns.take(&turn_of(wanted)).await;
        self.change_in_turn(client, wanted, seen).await
    }

    async fn change_in_turn(
        &self,
        client: &Client,
        wanted: &Wanted<'_>,
        seen: &mut Option<CachedUser>,
    ) -> std::result::Result<bool, Item> {
        let &Wanted { account, user, change, lane } = wanted;
        let skip = |error| Item::Failed(error);
        let (before, asked) = self.user_record(client, &user.id, lane).await.map_err(Item::from)?;
        let now = seen.insert(before.user().into());
        let stored = self.account(account).await.map_err(Item::from)?;
        let lock = now.lock(&stored);
        // Who can never have it has nothing to be taken away.
        let never = change == UserChange::ApiAccess(false) && lock == Some(ApiLock::FixedPermissions);
        let locks = matches!(change, UserChange::ApiAccess(_)) || lock == Some(ApiLock::AccountHolder);
        if let (true, Some(lock), false) = (locks, lock, never) {
            return Err(skip(locked(lock, &user.name)));
        }
        if never || before.is(change) == Some(true) {
            self.take_user(account, &before, asked, Read::Only).await.map_err(Item::from)?;
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
        let (after, asked) = self.user_record(client, &user.id, lane).await.map_err(Item::from)?;
        *seen = Some(after.user().into());
        self.take_user(account, &after, asked, Read::AfterWrite).await.map_err(Item::from)?;
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

    /// The user, and when they were asked for.
    async fn user_record(&self, client: &Client, user: &str, lane: Lane) -> Result<(UserRecord, u64)> {
        let asked = lock(&self.user_writes).asking();
        let record = client.users().record(user, lane).await.map_err(|e| {
            let why = self.failure(&e);
            if why.code == Code::Gone {
                return AppError::new(Code::Gone, "This user no longer exists at PlanRadar.");
            }
            why
        })?;
        Ok((record, asked))
    }
}

fn turn_of(wanted: &Wanted<'_>) -> String {
    format!("user {} {}", wanted.account, wanted.user.id)
}

fn cut_off(name: &str) -> AppError {
    let text = format!(
        "{name} was cut off meanwhile and got nothing from this run. To give access all the same, begin anew."
    );
    AppError::new(Code::CutOff, text)
}

/// Why it can't be changed.
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
