//! Pausing, resuming and ending runs. What the person wants is noted at once; a run follows after the user that it is at.

use super::{JobView, turn_of};
use crate::{AppError, Code, Gatehouse, Result, sync::lock};
use gatehouse_store::OperationState as State;

/// What the person wants of a run that is at work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    Run,
    Pause,
    /// Not taken back by another one.
    Cancel,
}

impl Gatehouse {
    /// Goes on after the user that is being worked on, and then rests.
    pub async fn job_pause(&self, id: &str) -> Result<JobView> {
        self.job_claim(id).await?;
        self.wish(id, Wish::Pause);
        self.job_view(&self.op(id).await?)
    }

    /// Goes on.
    pub async fn job_resume(&self, id: &str) -> Result<JobView> {
        let op = self.op(id).await?;
        if op.state().is_ended() || self.wished(id) == Some(Wish::Cancel) {
            return Err(AppError::new(Code::Stale, "This run has ended."));
        }
        self.job_claim(id).await?;
        self.job_spawn(&op)
    }

    /// Ends it after the user that is being worked on. What was done stays done.
    pub async fn job_cancel(&self, id: &str) -> Result<()> {
        self.job_claim(id).await?;
        self.wish(id, Wish::Cancel);
        if self.is_working_on(id) {
            return Ok(());
        }
        // It may be about to begin.
        let _turn = self.turns.take(&turn_of(id)).await;
        let ended = self.job_end_now(id).await;
        if ended.is_err() {
            // It rests as before, and can be gone on with.
            lock(&self.wishes).remove(id);
        }
        ended
    }

    async fn job_end_now(&self, id: &str) -> Result<()> {
        let mut op = self.op(id).await?;
        if op.state().is_ended() {
            return Ok(());
        }
        self.end_job(&mut op, State::Abandoned).await?;
        self.tell_job(&op)
    }

    /// A run is one program's: two would each do all of it.
    async fn job_claim(&self, id: &str) -> Result<()> {
        let key = id.to_owned();
        if self.db(move |s| s.claim_operation(&key)).await? || self.op(id).await?.state().is_ended() {
            return Ok(());
        }
        Err(AppError::new(
            Code::Stale,
            "Another Gatehouse program on this computer is at this run. Pause or end it there.",
        ))
    }

    pub(super) fn wish(&self, id: &str, wish: Wish) {
        let mut wishes = lock(&self.wishes);
        if wishes.get(id) != Some(&Wish::Cancel) {
            wishes.insert(id.to_owned(), wish);
        }
        drop(wishes);
        self.wish_changed.notify_waiters();
    }

    /// The run's own wish: the person's, where they have one meanwhile, goes before it.
    pub(super) fn wish_unless_otherwise(&self, id: &str, wish: Wish) {
        if self.wished(id) == Some(Wish::Run) {
            self.wish(id, wish);
        }
    }

    /// Until the person wants something else than that the run goes on.
    pub(super) async fn wished_otherwise(&self, id: &str) {
        loop {
            let changed = self.wish_changed.notified();
            if self.wished(id) != Some(Wish::Run) {
                return;
            }
            changed.await;
        }
    }

    /// `None`: since the program began, nobody wished for anything.
    pub(super) fn wished(&self, id: &str) -> Option<Wish> {
        lock(&self.wishes).get(id).copied()
    }
}
