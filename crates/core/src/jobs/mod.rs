//! Long runs over users: one after the other, inside the request limit, paused and gone on with, also after a restart.
//!
//! Each step may be done twice without harm: a user is read before it is changed, and asking for tokens changes nothing.

mod steer;
mod types;

pub(crate) use steer::Wish;
pub use types::{JobFailure, JobKind, JobState, JobView};

use crate::{
    AppError, Code, Gatehouse, Result,
    notices::Notice,
    operations::{Data, Op, OperationKind},
    users::{UserPick, Wanted, ask_for, room_to_ask},
};
use gatehouse_store::OperationState as State;
use planradar::{Client, UserChange, rate_limit::Lane};
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
        self.job_spawn(&op)
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

    /// Runs that have ended with failures which the person has not put aside yet.
    pub async fn jobs_unread(&self, account: &str) -> Result<Vec<JobView>> {
        let ended = self.unread_ops(account).await?;
        ended.iter().filter(|op| job_kind(op.kind).is_some()).map(|op| self.job_view(op)).collect()
    }

    /// The person has read what failed.
    pub async fn job_read(&self, id: &str) -> Result<()> {
        let id = id.to_owned();
        self.db(move |s| s.mark_operation_read(&id)).await
    }

    fn job_spawn(&self, op: &Op) -> Result<JobView> {
        self.wish(op.id(), Wish::Run);
        let begun = self.job_view(op)?;
        let (this, job) = (self.this.clone(), begun.clone());
        tokio::spawn(async move {
            let Some(this) = this.upgrade() else { return };
            // Two clicks on "go on" are one; and one that comes while it goes to rest is not lost.
            let _turn = this.turns.take(&turn_of(&job.id)).await;
            if let Err(error) = this.job_run(&job.id).await {
                tracing::warn!(code = ?error.code, "a run could not be read, and rests");
                this.wish_unless_otherwise(&job.id, Wish::Pause);
                let job = JobView { state: JobState::Paused, halted: Some(error), ..job };
                this.notifier.notify(Notice::JobChanged { job });
            }
        });
        Ok(begun)
    }

    async fn job_run(&self, id: &str) -> Result<()> {
        let mut op = self.op(id).await?;
        let Some(kind) = job_kind(op.kind) else { return Ok(()) };
        if op.state().is_ended() {
            return Ok(());
        }
        let working = self.working_on(id);
        if let Some(job) = &mut op.data.job {
            job.halted = None;
        }
        let outcome = self.job_steps(&mut op, kind).await;
        drop(working);
        if let Err(error) = outcome {
            tracing::warn!(code = ?error.code, "a run could not be noted, and rests");
            self.wish_unless_otherwise(id, Wish::Pause);
            // Ended elsewhere, perhaps; else it says why it rests.
            op = match self.op(id).await {
                Ok(now) if now.state().is_ended() => now,
                _ => op,
            };
            let rests = !op.state().is_ended();
            if let Some(job) = op.data.job.as_mut().filter(|_| rests) {
                job.halted = Some(error);
            }
        }
        self.tell_job(&op)
    }

    async fn job_steps(&self, op: &mut Op, kind: JobKind) -> Result<()> {
        let (id, account) = (op.id().to_owned(), op.account().to_owned());
        loop {
            match self.wished(&id) {
                Some(Wish::Run) => {}
                Some(Wish::Pause) | None => return Ok(()),
                Some(Wish::Cancel) => return self.end_job(op, State::Abandoned).await,
            }
            let Some(user) = op.data.job.as_ref().and_then(|job| job.users.get(job.next)).cloned() else {
                return self.end_job(op, State::Done).await;
            };
            // The limit may let it wait for minutes. Who pauses or cancels doesn't wait for that.
            let room = tokio::select! {
                room = self.room_for(kind, &account) => room,
                () = self.wished_otherwise(&id) => continue,
            };
            let outcome = match room {
                Ok(client) => self.job_step(op, kind, &client, &user).await,
                Err(why) => Err(why),
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
                    self.wish_unless_otherwise(&id, Wish::Pause);
                }
                Err(Item::Stop(error)) => {
                    job.next += 1;
                    job.failures.push(JobFailure { user, error: error.clone() });
                    job.halted = Some(error);
                    self.wish(&id, Wish::Cancel);
                }
            }
            self.note(op).await?;
            self.tell_job(op)?;
        }
    }

    async fn room_for(&self, kind: JobKind, account: &str) -> std::result::Result<Client, Item> {
        match kind {
            JobKind::GrantApi | JobKind::RevokeApi => self.room_to_change(account, lane(kind)).await,
            JobKind::Inventory => room_to_ask(self, account).await,
        }
    }

    /// One user's step, with slots in hand. `Ok(false)`: it was so already.
    async fn job_step(
        &self,
        op: &Op,
        kind: JobKind,
        client: &Client,
        user: &UserPick,
    ) -> std::result::Result<bool, Item> {
        let account = op.account();
        let change = match kind {
            JobKind::GrantApi => UserChange::ApiAccess(true),
            JobKind::RevokeApi => UserChange::ApiAccess(false),
            JobKind::Inventory => return ask_for(self, account, client, user).await.map(|()| true),
        };
        self.change_in_run(op, client, &Wanted { account, user, change, lane: lane(kind) }).await
    }

    /// What failed is kept for the person, who may look at another account now, or come back tomorrow.
    async fn end_job(&self, op: &mut Op, state: State) -> Result<()> {
        op.data.unread = op.data.job.as_ref().is_some_and(|job| !job.failures.is_empty());
        self.advance(op, state).await
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

/// Whoever works on a run, or ends it.
fn turn_of(id: &str) -> String {
    format!("job {id}")
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
