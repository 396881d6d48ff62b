//! What another program on this computer did with the same accounts: the window shows it without a restart.

use crate::{Gatehouse, Result, notices::Notice, sync::lock, webhooks};
use gatehouse_store::{Mark, Part};
use std::time::Duration;

/// How often is looked. One look is a read of a few rows.
const EVERY: Duration = Duration::from_secs(1);

impl Gatehouse {
    /// Looks every second, as long as the program runs. Within a runtime.
    pub fn watch_other_programs(&self) {
        let this = self.this.clone();
        tokio::spawn(async move {
            let mut ticks = tokio::time::interval(EVERY);
            ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            loop {
                ticks.tick().await;
                let Some(this) = this.upgrade() else { return };
                if let Err(error) = this.look_outside().await {
                    tracing::debug!(code = ?error.code, "what other programs did can't be seen now");
                }
            }
        });
    }

    /// Takes in what other programs did since the last look, and tells the window. Makes no request. The first thing
    /// that fails is the error; all others are taken in, because no later look finds them again.
    pub async fn look_outside(&self) -> Result<()> {
        let mut outcome = Ok(());
        for mark in self.db(gatehouse_store::Store::changed_elsewhere).await? {
            let notice = notice(&mark);
            outcome = outcome.and(self.take_in(mark).await);
            if let Some(notice) = notice {
                self.notifier.notify(notice);
            }
        }
        outcome
    }

    async fn take_in(&self, Mark { account, part }: Mark) -> Result<()> {
        match (part, account) {
            (Part::Account, None) => {
                let left = self.db(gatehouse_store::Store::accounts).await?;
                let here = |id: &str| left.iter().any(|a| a.id == id);
                self.sessions.keep_only(here);
                lock(&self.webhooks).retain(|id, _| here(id));
            }
            (Part::Account, Some(account)) => {
                // Its token, address, limit or paths may be others now.
                self.sessions.forget(&account);
                self.limit_follow(&account).await?;
            }
            (Part::Tokens, Some(account)) => self.count_change(account).await,
            (Part::Webhooks, Some(account)) => {
                self.count_change(webhooks::changes_of(&account)).await;
                self.forget_changed_webhooks(&account).await?;
            }
            (Part::Operations, Some(account)) => self.tell_runs_elsewhere(&account).await?,
            _ => {}
        }
        Ok(())
    }

    /// A list that was asked for before is old.
    async fn count_change(&self, of: String) {
        *self.list_changes.lock().await.entry(of).or_default() += 1;
    }

    /// How runs of other programs stand, those that ended too.
    async fn tell_runs_elsewhere(&self, account: &str) -> Result<()> {
        let runs: Vec<_> = self.jobs_list(account).await?.into_iter().filter(|job| job.elsewhere).collect();
        let ids = runs.iter().map(|job| job.id.clone()).collect();
        let mut ended = lock(&self.runs_elsewhere).insert(account.to_owned(), ids).unwrap_or_default();
        ended.retain(|id| runs.iter().all(|job| &job.id != id));
        for job in runs {
            self.notifier.notify(Notice::JobChanged { job });
        }
        for id in ended {
            let op = self.op(&id).await?;
            self.notifier.notify(Notice::JobChanged { job: self.job_view(&op)? });
        }
        Ok(())
    }
}

fn notice(mark: &Mark) -> Option<Notice> {
    let account = mark.account.clone();
    Some(match mark.part {
        Part::Audit => Notice::AuditChanged,
        Part::Account => Notice::AccountsChanged,
        Part::Tokens => Notice::TokensChanged { account: account? },
        Part::Webhooks => Notice::WebhooksChanged { account: account? },
        Part::Users => Notice::UsersChanged { account: account? },
        Part::Connect => Notice::ConnectChanged { account: account?, news: None },
        Part::Operations => Notice::OperationsChanged { account: account? },
    })
}
