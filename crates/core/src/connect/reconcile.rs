//! Comparing a request whose answer was lost with what the server says now.

use super::cached::CachedConnect;
use crate::{
    Code, Gatehouse, Result,
    operations::{Op, Seen},
};
use gatehouse_store::OperationState as State;

impl Gatehouse {
    /// Moves every open request on that this answer settles. Costs no request.
    pub(super) async fn reconcile_connect(
        &self,
        account: &str,
        status: &CachedConnect,
        seen: &Seen,
    ) -> Result<()> {
        for mut op in self.ops_to_settle(account).await? {
            let in_doubt = op.kind.is_of_connect() && matches!(op.state(), State::Sent | State::Unknown);
            if !in_doubt || self.is_working_on(op.id()) || !seen.has(&op) {
                continue;
            }
            let moved = self.reconcile_request(&mut op, status).await;
            // One that moved meanwhile is left to the next answer.
            if moved.as_ref().is_err_and(|error| error.code != Code::Stale) {
                return moved;
            }
        }
        Ok(())
    }

    async fn reconcile_request(&self, op: &mut Op, status: &CachedConnect) -> Result<()> {
        if op.data.base != Some(mark(status)) {
            return self.advance(op, State::Done).await;
        }
        // Sent once and nothing has changed: not done, once the server has had its time. It can be asked for again.
        if self.is_late(op.data.sent_at) {
            return self.advance(op, State::Abandoned).await;
        }
        self.watch_further(op).await
    }
}

/// Differs as soon as access was asked for anew.
pub(super) fn mark(status: &CachedConnect) -> String {
    let on = status.requested_on.map_or_else(|| "never".to_owned(), |at| at.to_string());
    if status.may_be_requested() { format!("free, asked {on}") } else { format!("asked {on}") }
}
