//! Operations as the window shows them, and what the person can do about them.

use super::{LostAnswer, Op, OperationKind, OperationState, OperationView, Replacement};
use crate::{
    AppError, Code, Gatehouse, Result,
    notices::Notice,
    tokens::{How, Kept, Own, TokenRow, TokenUse},
};
use gatehouse_store::{Operation, OperationState as State};
use planradar::rate_limit::Lane;
use serde_json::Map;

impl Gatehouse {
    /// All that need the person's eye: unfinished, lost, or going on over days.
    pub async fn operations_list(&self, account: &str) -> Result<Vec<OperationView>> {
        // In this order: the list is stored before an operation names what was found in it.
        let ops = self.ops_to_settle(account).await?;
        let rows = self.tokens_view(account).await?.rows;
        let shown = ops.iter().filter(|op| self.needs_eye(op)).map(|op| self.operation_view(op, &rows));
        Ok(shown.chain(self.unreadable_ops(account).await?.into_iter().map(unreadable)).collect())
    }

    /// Looks again what became of one: asks the server for the list.
    pub async fn operation_check(&self, id: &str) -> Result<OperationView> {
        let op = self.op(id).await?;
        let account = op.account().to_owned();
        if op.kind.is_of_webhook() {
            if let Some(error) = self.webhooks_look(&account).await?.error {
                return Err(error);
            }
            return Ok(self.operation_view(&self.op(id).await?, &[]));
        }
        if matches!(op.kind, OperationKind::CreateUser | OperationKind::InviteUser) {
            return self.check_new_user(op).await;
        }
        if op.kind == OperationKind::DeleteUserTokens {
            return self.check_user_deletion(op).await;
        }
        if op.kind.is_of_connect() {
            if let Some(error) = self.refreshed_connect(&account, Lane::Person).await?.error {
                return Err(error);
            }
            return Ok(self.operation_view(&self.op(id).await?, &[]));
        }
        let view = self.tokens_look(&account).await?;
        if let Some(error) = view.error {
            return Err(error);
        }
        Ok(self.operation_view(&self.op(id).await?, &view.rows))
    }

    /// Deletes a candidate of a lost answer. The person chose it.
    pub async fn operation_delete_candidate(
        &self,
        id: &str,
        token_id: &str,
    ) -> Result<Option<OperationView>> {
        let op = self.op(id).await?;
        let created = matches!(op.state(), State::Answered | State::Stored)
            && op.data.token_id.as_deref() == Some(token_id);
        if !created && !op.data.candidates.iter().any(|c| c == token_id) {
            return Err(AppError::new(
                Code::Stale,
                "This token is not one of those found. Look again first.",
            ));
        }
        let account = op.account().to_owned();
        let row = self.row(&account, token_id).await?;
        self.delete_row(&account, &row, How::default()).await?;
        let mut op = self.op(id).await?;
        op.data.candidates.retain(|c| c != token_id);
        if op.state().is_ended() {
            return Ok(None);
        }
        if created || op.data.candidates.is_empty() {
            self.advance(&mut op, State::Abandoned).await?;
            return Ok(None);
        }
        self.note(&mut op).await?;
        let rows = self.tokens_view(&account).await?.rows;
        Ok(Some(self.operation_view(&op, &rows)))
    }

    /// Stops watching. Nothing changes at PlanRadar.
    pub async fn operation_dismiss(&self, id: &str) -> Result<()> {
        let key = id.to_owned();
        let Some(row) = self.db(move |s| s.operation(&key)).await? else { return Ok(()) };
        let account = row.account_id.clone();
        if row.state.is_ended() {
            return Ok(());
        }
        if let Ok(op) = Op::read(row.clone())
            && op.kind == OperationKind::ReplaceSignIn
        {
            self.settle_own(&op).await?;
        }
        let line = self.audit_line(&account, "operation.dismiss", &row.subject, "abandoned");
        let now = self.now();
        let as_it_is = Map::new();
        self.db(move |s| {
            s.advance_operation_logged(&row.id, row.state, State::Abandoned, &as_it_is, now, &line)
        })
        .await?;
        self.line_added();
        self.notifier.notify(Notice::OperationsChanged { account: account.clone() });
        self.notifier.notify(Notice::TokensChanged { account });
        Ok(())
    }

    fn needs_eye(&self, op: &Op) -> bool {
        if self.is_working_on(op.id()) || op.kind.is_run() {
            return false;
        }
        match (op.state(), op.kind) {
            (State::Planned | State::Done | State::Abandoned, _)
            | (State::Answered, OperationKind::DeleteWebhook | OperationKind::RequestConnect) => false,
            (State::Stored, OperationKind::CreateToken) => {
                op.kept_for_session_only() && !op.data.closed && !self.held.shows(op.id())
            }
            (State::Answered, OperationKind::CreateToken) => !op.data.closed && !self.held.shows(op.id()),
            _ => true,
        }
    }

    pub(crate) fn operation_view(&self, op: &Op, rows: &[TokenRow]) -> OperationView {
        let find = |id: &str| rows.iter().find(|r| r.id == id && !r.gone).cloned();
        let creates = op.kind.makes_token();
        let unknown = matches!(op.state(), State::Sent | State::Unknown);
        let value_lost = creates && !self.held.shows(op.id()) && value_lost(op, rows);
        let text = |t: jiff::Timestamp| t.to_string();
        let told = op.kind != OperationKind::DeleteToken;
        let lost = (told && (unknown || value_lost)).then(|| LostAnswer {
            candidates: if value_lost {
                op.data.token_id.as_deref().and_then(find).into_iter().collect()
            } else {
                op.data.candidates.iter().filter_map(|id| find(id)).collect()
            },
            checked_at: op.data.checked_at.map(text),
            next_check_at: op.data.next_check_at.map(text),
            created: value_lost,
        });
        let goes_on = op.kind == OperationKind::ReplaceToken && lost.is_none() && !op.state().is_ended();
        OperationView {
            id: op.id().to_owned(),
            account: op.account().to_owned(),
            kind: op.kind,
            state: state(op.state()),
            subject: op.subject().to_owned(),
            started_at: op.started_at().to_string(),
            lost,
            replacement: goes_on.then(|| {
                let old = op.data.old_id.as_deref().and_then(find);
                let new = op.data.token_id.as_deref().and_then(find);
                Replacement {
                    step: step(op, old.as_ref(), new.as_ref()),
                    entered_at: op.data.entered_at.map(text),
                    new_used_since: op.data.new_used_at.map(text),
                    old_last_used: old
                        .as_ref()
                        .filter(|o| o.usage != TokenUse::OnlyVerified)
                        .and_then(|o| o.last_used_on.clone()),
                    checked_at: op.data.checked_at.map(text),
                    old,
                    new,
                }
            }),
        }
    }
}

fn unreadable(row: Operation) -> OperationView {
    OperationView {
        id: row.id,
        account: row.account_id,
        kind: OperationKind::Unreadable,
        state: state(row.state),
        subject: row.subject,
        started_at: row.created_at.to_string(),
        lost: None,
        replacement: None,
    }
}

/// Whether the value of the new token was neither kept nor, as far as is known, taken to where it is needed.
fn value_lost(op: &Op, rows: &[TokenRow]) -> bool {
    match (op.state(), op.kind) {
        (State::Answered, _) => !op.data.closed,
        // Kept for a session that ended before its dialog was closed.
        (State::Stored, OperationKind::CreateToken) => {
            op.kept_for_session_only()
                && rows.iter().any(|r| Some(&r.id) == op.data.token_id.as_ref() && r.kept == Kept::No)
        }
        // Kept for a session that ended before the sign-in was switched.
        (State::Stored, OperationKind::ReplaceSignIn) => {
            let new = rows.iter().find(|r| Some(&r.id) == op.data.token_id.as_ref());
            new.is_some_and(|new| new.kept == Kept::No && new.own != Own::Yes)
        }
        _ => false,
    }
}

/// 2 until the new one is entered; 4 when it was used after the old one's last use; between them 3.
fn step(op: &Op, old: Option<&TokenRow>, new: Option<&TokenRow>) -> u8 {
    let last = |row: Option<&TokenRow>| {
        let used = row.filter(|r| r.usage == TokenUse::Used)?.last_used_on.as_deref()?;
        used.parse::<jiff::Timestamp>().ok()
    };
    let new_last = last(new).max(op.data.new_used_at);
    match (new_last, last(old)) {
        (Some(new), old) if old.is_none_or(|old| old <= new) => 4,
        (Some(_), _) => 3,
        (None, _) if op.data.entered_at.is_some() => 3,
        (None, _) => 2,
    }
}

fn state(state: State) -> OperationState {
    match state {
        State::Planned => OperationState::Planned,
        State::Sent => OperationState::Sent,
        State::Answered => OperationState::Answered,
        State::Stored => OperationState::Stored,
        State::Done => OperationState::Done,
        State::Unknown => OperationState::Unknown,
        State::Abandoned => OperationState::Abandoned,
    }
}
