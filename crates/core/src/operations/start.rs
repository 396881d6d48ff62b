//! At start: what an earlier run left is put in order without a request. What needs the server waits for
//! the next list.

use super::{Op, OperationKind};
use crate::{Gatehouse, Result, app::store_error};
use gatehouse_store::OperationState as State;
use serde_json::Map;

/// How long ended operations stay, for looking up what happened.
const KEEP_ENDED_DAYS: u32 = 30;

impl Gatehouse {
    pub(crate) fn settle_at_start(&self) -> Result<()> {
        let now = self.now();
        let step = |e| store_error(&e);
        // Their values went with the session that held them.
        self.store.forget_session_tokens().map_err(step)?;
        self.store.purge_operations(KEEP_ENDED_DAYS, now).map_err(step)?;
        for row in self.store.take_over_operations().map_err(step)? {
            let (id, state, account) = (row.id.clone(), row.state, row.account_id.clone());
            let Ok(op) = Op::read(row) else { continue };
            let Some(next) = settled(&op) else { continue };
            let outcome = if next == State::Done { "done" } else { "nothing sent" };
            let line = self.audit_line(&account, "operation.resume", op.subject(), outcome);
            self.store.advance_operation_logged(&id, state, next, &Map::new(), now, &line).map_err(step)?;
        }
        Ok(())
    }
}

/// Where an operation ends that needs nothing more.
fn settled(op: &Op) -> Option<State> {
    match (op.state(), op.kind) {
        // The intent was written, nothing sent.
        (State::Planned, _) => Some(State::Abandoned),
        // Kept until the program quit, and it ended before the dialog was closed: the value is lost, and that is told.
        (State::Stored, OperationKind::CreateToken) if op.kept_for_session_only() && !op.data.closed => None,
        // Kept, or deleted: the dialog was all that was left.
        (State::Stored, OperationKind::CreateToken) | (State::Answered, OperationKind::DeleteToken) => {
            Some(State::Done)
        }
        (
            State::Answered,
            OperationKind::CreateWebhook | OperationKind::UpdateWebhook | OperationKind::RequestConnect,
        ) => Some(State::Done),
        // The person had closed it, the value was where it is needed.
        (State::Answered, OperationKind::CreateToken) if op.data.closed => Some(State::Done),
        _ => None,
    }
}
