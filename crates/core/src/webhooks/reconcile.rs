//! Comparing open operations on webhooks with what the server lists now.

use super::cached::{fingerprint, visible_of};
use crate::{
    Code, Gatehouse, Result,
    operations::{Op, OperationKind, Seen},
};
use gatehouse_store::OperationState as State;
use planradar::{Moment, Webhook};

impl Gatehouse {
    /// Moves every open operation on webhooks on that this list settles. Costs no request.
    pub(super) async fn reconcile_webhooks(
        &self,
        account: &str,
        list: &[Webhook],
        seen: &Seen,
    ) -> Result<()> {
        let mut failed = Ok(());
        for mut op in self.ops_to_settle(account).await? {
            let open = matches!(
                (op.kind, op.state()),
                (_, State::Sent | State::Unknown) | (OperationKind::DeleteWebhook, State::Answered)
            ) && op.kind.is_of_webhook();
            if !open || self.is_working_on(op.id()) || !seen.has(&op) {
                continue;
            }
            let moved = self.reconcile_webhook(&mut op, list).await;
            // One that moved meanwhile is left to the next list, and none holds the others up.
            if moved.as_ref().is_err_and(|error| error.code != Code::Stale) {
                failed = failed.and(moved);
            }
        }
        failed
    }

    async fn reconcile_webhook(&self, op: &mut Op, list: &[Webhook]) -> Result<()> {
        if op.kind == OperationKind::CreateWebhook {
            let is_new = |w: &&Webhook| !op.data.known_ids.contains(&w.id) && is_wanted(op, w);
            return match list.iter().find(is_new) {
                Some(webhook) => {
                    op.data.webhook = Some(webhook.id.clone());
                    self.advance(op, State::Done).await
                }
                None => self.watch_further(op).await,
            };
        }
        let id = op.webhook_id()?.to_owned();
        if op.state() == State::Answered {
            self.webhook_gone(op.account(), &id).await?;
            return self.advance(op, State::Done).await;
        }
        let late = self.is_late(op.data.sent_at);
        let end = match (list.iter().find(|w| w.id == id), op.kind) {
            (None, OperationKind::DeleteWebhook) => {
                self.webhook_gone(op.account(), &id).await?;
                Some(State::Done)
            }
            (None, _) => Some(State::Abandoned),
            // Sent once and still there: not done. The person can delete it again.
            (Some(_), OperationKind::DeleteWebhook) => late.then_some(State::Abandoned),
            (Some(now), _) if untouched(op, now) => late.then_some(State::Abandoned),
            (Some(now), _) if changed(op, now) && is_wanted(op, now) => Some(State::Done),
            // Somebody else changed it too, or the dates don't tell: the person decides.
            (Some(_), _) => None,
        };
        match end {
            Some(end) => self.advance(op, end).await,
            None => self.watch_further(op).await,
        }
    }
}

fn is_wanted(op: &Op, now: &Webhook) -> bool {
    op.data.wanted.as_ref() == Some(&visible_of(now))
}

fn changed(op: &Op, now: &Webhook) -> bool {
    op.data.base.as_ref() != Some(&fingerprint(now))
}

/// Surely as before. Without a date of the last change, one of only hidden values can't be told.
fn untouched(op: &Op, now: &Webhook) -> bool {
    !changed(op, now) && (!is_wanted(op, now) || matches!(now.updated_on, Moment::At(_)))
}
