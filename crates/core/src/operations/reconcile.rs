//! Comparing open operations with what the server lists now.

use super::{Op, OperationKind, Seen};
use crate::{
    Code, Gatehouse, Result,
    ports::SecretId,
    sync::lock,
    tokens::{CachedToken, Kept, TokenUse, usage},
};
use gatehouse_store::OperationState as State;
use jiff::{SignedDuration, Timestamp};
use planradar::rate_limit::Lane;
use std::time::Duration;

/// When a lost answer is looked at again by itself: the server may be late.
const LOOK_AGAIN: Duration = Duration::from_mins(1);
/// How many looks that fail are made again by themselves.
const LOOKS: u32 = 10;

impl Gatehouse {
    /// Moves every open operation of the account on that this list settles. Costs no request. `seen` is from before
    /// the list was asked for: what moved since is left to the next one.
    pub(crate) async fn reconcile(&self, account: &str, list: &[CachedToken], seen: &Seen) -> Result<()> {
        let mut failed = Ok(());
        for mut op in self.ops_to_settle(account).await? {
            if self.is_working_on(op.id()) || !seen.has(&op) {
                continue;
            }
            if !op.kind.is_of_token() {
                continue;
            }
            let moved = match op.kind {
                OperationKind::DeleteToken => self.reconcile_delete(&mut op, list).await,
                _ => self.reconcile_create(&mut op, list).await,
            };
            // One that moved meanwhile is left to the next list, and none holds the others up.
            if moved.as_ref().is_err_and(|error| error.code != Code::Stale) {
                failed = failed.and(moved);
            }
        }
        failed
    }

    async fn reconcile_delete(&self, op: &mut Op, list: &[CachedToken]) -> Result<()> {
        if !matches!(op.state(), State::Sent | State::Unknown) {
            return Ok(());
        }
        let token = op.token_id()?.to_owned();
        if list.iter().any(|t| t.id == token) {
            // Sent once and still there: not done. The person can delete it again.
            if self.is_late(op.data.sent_at) {
                return self.advance(op, State::Abandoned).await;
            }
            return self.watch_further(op).await;
        }
        self.forget_dead(op.account(), &token).await;
        self.advance(op, State::Done).await
    }

    async fn reconcile_create(&self, op: &mut Op, list: &[CachedToken]) -> Result<()> {
        match op.state() {
            State::Sent | State::Unknown => {
                let name = op.subject().to_owned();
                let new = list.iter().filter(|t| t.name == name && !op.data.known_ids.contains(&t.id));
                op.data.candidates = new.map(|t| t.id.clone()).collect();
                self.watch_further(op).await
            }
            State::Answered | State::Stored => self.reconcile_created(op, list).await,
            State::Planned | State::Done | State::Abandoned => Ok(()),
        }
    }

    async fn reconcile_created(&self, op: &mut Op, list: &[CachedToken]) -> Result<()> {
        let token = op.token_id()?.to_owned();
        let (account, shown) = (op.account().to_owned(), self.held.shows(op.id()));
        let Some(row) = list.iter().find(|t| t.id == token) else {
            // Deleted elsewhere: nothing to keep or to replace with. A value on show stays until it is closed.
            return if shown { Ok(()) } else { self.advance(op, State::Abandoned).await };
        };
        if op.state() == State::Answered && !shown && !op.data.closed {
            let kept = self.kept(&account, &token).await?;
            let there = kept != Kept::No || self.kept_unnoticed(op, row).await?;
            if there {
                let end = op.kind == OperationKind::CreateToken;
                self.advance(op, if end { State::Done } else { State::Stored }).await?;
            }
        }
        if op.kind == OperationKind::ReplaceToken && !op.state().is_ended() {
            self.reconcile_replacement(op, row, list).await?;
        }
        Ok(())
    }

    /// The program may have ended between the keychain's answer and ours.
    async fn kept_unnoticed(&self, op: &Op, row: &CachedToken) -> Result<bool> {
        if op.data.keep != Some(Kept::Keychain) {
            return Ok(false);
        }
        let id = SecretId::Token { account: op.account().to_owned(), token: row.id.clone() };
        if self.secrets.get(&id).await.is_err() {
            return Ok(false);
        }
        self.remember_kept(op.account(), (&row.id, &row.name), Kept::Keychain).await?;
        Ok(true)
    }

    async fn reconcile_replacement(
        &self,
        op: &mut Op,
        new: &CachedToken,
        list: &[CachedToken],
    ) -> Result<()> {
        let old_gone = !list.iter().any(|t| Some(&t.id) == op.data.old_id.as_ref());
        if old_gone && op.data.deleting_old {
            if let Some(old) = op.data.old_id.clone() {
                self.forget_dead(op.account(), &old).await;
            }
            return self.advance(op, State::Done).await;
        }
        let own_uses = self.own_uses(op.account(), &new.id).await?;
        if op.data.new_used_at.is_none()
            && let (TokenUse::Used, at) = usage(new, &own_uses)
        {
            op.data.new_used_at = at;
        }
        op.data.checked_at = Some(self.now());
        self.note(op).await
    }

    /// Notes the look, and when the next one comes.
    pub(crate) async fn watch_further(&self, op: &mut Op) -> Result<()> {
        op.data.checked_at = Some(self.now());
        let again = op.data.candidates.is_empty() && !self.is_late(op.data.sent_at);
        op.data.next_check_at = again.then(|| self.next_look());
        self.advance(op, State::Unknown).await?;
        if again {
            self.look_again_later(op.account());
        }
        Ok(())
    }

    /// Whether the server has had its time to carry out what was sent.
    pub(crate) fn is_late(&self, sent_at: Option<Timestamp>) -> bool {
        let limit = SignedDuration::try_from(LOOK_AGAIN).unwrap_or(SignedDuration::ZERO);
        // A wall clock stepped backwards counts as late: looking once more by hand stays possible.
        sent_at.is_none_or(|at| {
            let since = self.now() - at;
            since.is_negative() || since >= limit
        })
    }

    /// When the look comes that [`Self::look_again_later`] makes.
    pub(crate) fn next_look(&self) -> Timestamp {
        self.now() + SignedDuration::try_from(LOOK_AGAIN).unwrap_or(SignedDuration::ZERO)
    }

    /// Lists again after [`LOOK_AGAIN`], if the program still runs.
    pub(crate) fn look_again_later(&self, account: &str) {
        self.look_later(account, LOOKS);
    }

    fn look_later(&self, account: &str, left: u32) {
        // One look settles all that is open.
        if !lock(&self.looks).insert(account.to_owned()) {
            return;
        }
        let (this, account) = (self.this.clone(), account.to_owned());
        tokio::spawn(async move {
            tokio::time::sleep(LOOK_AGAIN).await;
            if let Some(this) = this.upgrade() {
                lock(&this.looks).remove(&account);
                // What fails here is shown in the view, and looked at again by the next list.
                drop(this.look(&account, left.saturating_sub(1)).await);
            }
        });
    }

    /// What may have happened, and nobody is working on.
    async fn in_doubt(&self, account: &str) -> Result<Vec<Op>> {
        let mut open = self.ops_to_settle(account).await?;
        open.retain(|op| matches!(op.state(), State::Sent | State::Unknown) && !self.is_working_on(op.id()));
        Ok(open)
    }

    /// A connection that broke may stay broken for longer than a minute: what fails is tried again.
    async fn look(&self, account: &str, left: u32) -> Result<()> {
        let mut failed: Vec<Area> = Vec::new();
        for area in Area::ALL {
            let open = self.in_doubt(account).await?;
            if open.iter().any(|op| Area::of(op.kind) == Some(area)) && !self.looked_at(account, area).await?
            {
                failed.push(area);
            }
        }
        if failed.is_empty() {
            return Ok(());
        }
        let mut open = self.in_doubt(account).await?;
        open.retain(|op| Area::of(op.kind).is_some_and(|area| failed.contains(&area)));
        if left > 0 && !open.is_empty() {
            self.look_later(account, left);
        }
        // So that the window promises no look that does not come.
        for mut op in open {
            op.data.next_check_at = (left > 0).then(|| self.next_look());
            self.note(&mut op).await?;
        }
        Ok(())
    }

    /// Returns whether the server told.
    async fn looked_at(&self, account: &str, area: Area) -> Result<bool> {
        let error = match area {
            Area::Tokens => self.tokens_refresh(account).await?.error,
            Area::Webhooks => self.webhooks_refresh(account).await?.error,
            Area::Connect => self.refreshed_connect(account, Lane::Refresh).await?.error,
        };
        Ok(error.is_none())
    }
}

/// What has to be asked to learn what became of an operation.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Area {
    Tokens,
    Webhooks,
    Connect,
}

impl Area {
    const ALL: [Self; 3] = [Self::Tokens, Self::Webhooks, Self::Connect];

    /// What users have done to them is looked at by the person.
    fn of(kind: OperationKind) -> Option<Self> {
        if kind.is_of_webhook() {
            Some(Self::Webhooks)
        } else if kind.is_of_connect() {
            Some(Self::Connect)
        } else {
            kind.is_of_token().then_some(Self::Tokens)
        }
    }
}
