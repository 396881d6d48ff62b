//! Long runs over users: one after the other, inside the request limit, paused and gone on with, also after a restart.
//!
//! Each step may be done twice without harm: a user is read before it is changed, and asking for tokens changes nothing.

mod types;

pub use types::{JobFailure, JobKind, JobState, JobView};

use crate::{
    AppError, Code, Gatehouse, Result,
    notices::Notice,
    operations::{Data, Op, OperationKind},
    sync::lock,
    users::{UserPick, ask_for, room_to_ask},
};
use gatehouse_store::OperationState as State;
use planradar::{UserChange, rate_limit::Lane};
use serde::{Deserialize, Serialize};

/// What the journal keeps of a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct JobData {
    pub users: Vec<UserPick>,
    /// The next one to try.
    pub next: usize,
    pub unchanged: u32,
    pub failures: Vec<JobFailure>,
    pub halted: Option<AppError>,
}

/// Why a user was not done.
pub(crate) enum Item {
    /// Because of this user: the next one is tried.
    Failed(AppError),
    /// Something that no further user should meet.
    Stop(AppError),
    /// Because of the server, the network or the sign-in: the same user is tried again later.
    Wait(AppError),
}

impl From<AppError> for Item {
    fn from(error: AppError) -> Self {
        match error.code {
            Code::Gone
            | Code::Invalid
            | Code::Forbidden
            | Code::AccountHolderOnly
            | Code::Stale
            | Code::UnexpectedAnswer => Self::Failed(error),
            _ => Self::Wait(error),
        }
    }
}

/// What the person wants of a run that is at work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    Run,
    Pause,
    Cancel,
}

impl Gatehouse {
    /// Gives or takes 'API Access', one or many.
    pub async fn users_set_api(&self, account: &str, users: Vec<UserPick>, grant: bool) -> Result<JobView> {
        let kind = if grant { JobKind::GrantApi } else { JobKind::RevokeApi };
        self.job_start(account, kind, users).await
    }

    pub(crate) async fn job_start(
        &self,
        account: &str,
        kind: JobKind,
        users: Vec<UserPick>,
    ) -> Result<JobView> {
        if users.is_empty() {
            return Err(AppError::invalid("users", "Choose at least one user."));
        }
        let subject = match &users[..] {
            [user] => user.name.clone(),
            several => several.len().to_string(),
        };
        let data = Data { job: Some(JobData { users, ..JobData::default() }), ..Data::default() };
        let mut op = self.begin(account, operation_kind(kind), &subject, data).await?;
        self.advance(&mut op, State::Sent).await?;
        self.job_spawn(op.id());
        self.job_view(&op)
    }

    /// All runs of an account that have not ended.
    pub async fn jobs_list(&self, account: &str) -> Result<Vec<JobView>> {
        let open = self.open_ops(account).await?;
        let elsewhere = self.ops_elsewhere(account).await?;
        let runs = open.iter().filter(|op| job_kind(op.kind).is_some());
        runs.map(|op| {
            let mut job = self.job_view(op)?;
            if elsewhere.contains(op.id()) {
                (job.elsewhere, job.state) = (true, JobState::Running);
            }
            Ok(job)
        })
        .collect()
    }

    /// Goes on after the user that is being worked on, and then rests.
    pub async fn job_pause(&self, id: &str) -> Result<JobView> {
        self.job_claim(id).await?;
        self.wish(id, Wish::Pause);
        self.job_view(&self.op(id).await?)
    }

    /// Goes on.
    pub async fn job_resume(&self, id: &str) -> Result<JobView> {
        let op = self.op(id).await?;
        if op.state().is_ended() {
            return Err(AppError::new(Code::Stale, "This run has ended."));
        }
        self.job_claim(id).await?;
        self.job_spawn(id);
        self.job_view(&op)
    }

    /// Ends it after the user that is being worked on. What was done stays done.
    pub async fn job_cancel(&self, id: &str) -> Result<()> {
        self.job_claim(id).await?;
        self.wish(id, Wish::Cancel);
        if !self.is_working_on(id) {
            let mut op = self.op(id).await?;
            if !op.state().is_ended() {
                self.advance(&mut op, State::Abandoned).await?;
                self.tell_job(&op)?;
            }
        }
        Ok(())
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

    fn wish(&self, id: &str, wish: Wish) {
        lock(&self.wishes).insert(id.to_owned(), wish);
        self.wish_changed.notify_waiters();
    }

    /// Until the person wants something else than that the run goes on.
    async fn wished_otherwise(&self, id: &str) {
        loop {
            let changed = self.wish_changed.notified();
            if self.wished(id) != Some(Wish::Run) {
                return;
            }
            changed.await;
        }
    }

    /// `None`: since the program began, nobody wished for anything.
    fn wished(&self, id: &str) -> Option<Wish> {
        lock(&self.wishes).get(id).copied()
    }

    fn job_spawn(&self, id: &str) {
        self.wish(id, Wish::Run);
        let (this, id) = (self.this.clone(), id.to_owned());
        tokio::spawn(async move {
            let Some(this) = this.upgrade() else { return };
            // Two clicks on "go on" are one.
            let Ok(_once) = this.only_once(format!("job {id}")) else { return };
            if let Err(error) = this.job_run(&id).await {
                tracing::warn!(code = ?error.code, "a run could not be noted, and rests");
            }
        });
    }

    async fn job_run(&self, id: &str) -> Result<()> {
        let mut op = self.op(id).await?;
        let Some(kind) = job_kind(op.kind) else { return Ok(()) };
        let working = self.working_on(id);
        let account = op.account().to_owned();
        if let Some(job) = &mut op.data.job {
            job.halted = None;
        }
        loop {
            match self.wished(id) {
                Some(Wish::Run) => {}
                Some(Wish::Pause) | None => break,
                Some(Wish::Cancel) => {
                    self.advance(&mut op, State::Abandoned).await?;
                    break;
                }
            }
            let Some(user) = op.data.job.as_ref().and_then(|job| job.users.get(job.next)).cloned() else {
                self.advance(&mut op, State::Done).await?;
                break;
            };
            let outcome = match kind {
                JobKind::GrantApi => {
                    self.change_user(&account, &user, UserChange::ApiAccess(true), lane(kind)).await
                }
                JobKind::RevokeApi => {
                    self.change_user(&account, &user, UserChange::ApiAccess(false), lane(kind)).await
                }
                JobKind::Inventory => {
                    // The limit may let it wait for minutes. Who pauses or cancels doesn't wait for that.
                    let room = tokio::select! {
                        room = room_to_ask(self, &account) => room,
                        () = self.wished_otherwise(id) => continue,
                    };
                    match room {
                        Ok(client) => ask_for(self, &account, &client, &user).await.map(|()| true),
                        Err(why) => Err(why),
                    }
                }
            };
            let Some(job) = &mut op.data.job else { return Ok(()) };
            match outcome {
                Ok(changed) => {
                    job.next += 1;
                    job.unchanged += u32::from(!changed);
                }
                Err(Item::Failed(error)) => {
                    job.next += 1;
                    job.failures.push(JobFailure { user, error });
                }
                Err(Item::Wait(error)) => {
                    job.halted = Some(error);
                    self.wish(id, Wish::Pause);
                }
                Err(Item::Stop(error)) => {
                    job.next += 1;
                    job.failures.push(JobFailure { user, error: error.clone() });
                    job.halted = Some(error);
                    self.wish(id, Wish::Cancel);
                }
            }
            self.note(&mut op).await?;
            self.tell_job(&op)?;
        }
        drop(working);
        self.tell_job(&op)
    }

    fn tell_job(&self, op: &Op) -> Result<()> {
        let job = self.job_view(op)?;
        self.notifier.notify(Notice::JobChanged { job });
        Ok(())
    }

    pub(crate) fn job_view(&self, op: &Op) -> Result<JobView> {
        let (Some(kind), Some(job)) = (job_kind(op.kind), &op.data.job) else {
            return Err(AppError::new(Code::Stale, "This is not a run."));
        };
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let left = count(job.users.len().saturating_sub(job.next));
        let at_work = self.is_working_on(op.id()) || self.wished(op.id()) == Some(Wish::Run);
        Ok(JobView {
            id: op.id().to_owned(),
            account: op.account().to_owned(),
            kind,
            state: match op.state() {
                State::Done => JobState::Finished,
                State::Abandoned => JobState::Ended,
                _ if at_work => JobState::Running,
                _ => JobState::Paused,
            },
            total: count(job.users.len()),
            done: count(job.next.min(job.users.len())),
            unchanged: job.unchanged,
            failures: job.failures.clone(),
            halted: job.halted.clone(),
            seconds_left: self.seconds_for(op.account(), left.saturating_mul(requests(kind)), lane(kind)),
            started_at: op.started_at().to_string(),
            elsewhere: false,
        })
    }

    /// At least how long so many requests take, by what their lane may use of this computer's share of the limit.
    pub(crate) fn seconds_for(&self, account: &str, requests: u32, lane: Lane) -> u32 {
        let share = lane.of_share(self.share_of(account));
        // The share is free at first, then comes anew each minute.
        requests.saturating_sub(share).div_ceil(share).saturating_mul(60)
    }
}

fn lane(kind: JobKind) -> Lane {
    match kind {
        JobKind::GrantApi => Lane::Person,
        JobKind::RevokeApi => Lane::TakeAway,
        JobKind::Inventory => Lane::Refresh,
    }
}

/// Requests for one user.
fn requests(kind: JobKind) -> u32 {
    match kind {
        JobKind::GrantApi | JobKind::RevokeApi => 3,
        JobKind::Inventory => 1,
    }
}

fn operation_kind(kind: JobKind) -> OperationKind {
    match kind {
        JobKind::GrantApi => OperationKind::GrantApi,
        JobKind::RevokeApi => OperationKind::RevokeApi,
        JobKind::Inventory => OperationKind::Inventory,
    }
}

fn job_kind(kind: OperationKind) -> Option<JobKind> {
    match kind {
        OperationKind::GrantApi => Some(JobKind::GrantApi),
        OperationKind::RevokeApi => Some(JobKind::RevokeApi),
        OperationKind::Inventory => Some(JobKind::Inventory),
        _ => None,
    }
}
