//! Writing the journal.

use super::OperationKind;
use crate::{
    AppError, Code, Gatehouse, Result,
    jobs::JobData,
    notices::Notice,
    tokens::Kept,
    users::{UserPick, UserToken},
};
use gatehouse_store::{Operation, OperationState as State};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::HashSet;

/// What an operation needs to go on after a restart. Never a secret.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
#[allow(clippy::struct_excessive_bools)] // Facts of different kinds of operations, each by its name in the file.
pub(crate) struct Data {
    /// Where the value of the new token is to be kept.
    pub keep: Option<Kept>,
    /// Ids that were there before the POST.
    pub known_ids: Vec<String>,
    /// When the request left, or was about to.
    pub sent_at: Option<Timestamp>,
    /// The new token, or the one to delete.
    pub token_id: Option<String>,
    /// After a lost answer: new ids with that name.
    pub candidates: Vec<String>,
    /// Last look after a lost answer.
    pub checked_at: Option<Timestamp>,
    /// Next look by itself.
    pub next_check_at: Option<Timestamp>,
    /// The person closed the dialog: the value is where it is needed.
    pub closed: bool,
    /// Replacement: the one that goes.
    pub old_id: Option<String>,
    /// Replacement: when the person said that the new one is entered.
    pub entered_at: Option<Timestamp>,
    /// Replacement: first use of the new one that was not ours, as the server dates it.
    pub new_used_at: Option<Timestamp>,
    /// Replacement: the deletion of the old one may have left.
    pub deleting_old: bool,
    /// The user it is about.
    pub user: Option<UserPick>,
    /// The mail address of a user that is created or invited.
    pub mail: Option<String>,
    /// A cut-off: the user is made inactive too.
    pub deactivate: bool,
    /// It ended with something that the person has not read yet.
    pub unread: bool,
    /// That user's tokens to delete, as they were shown.
    pub user_tokens: Vec<UserToken>,
    /// A run's users, and how far it got.
    pub job: Option<JobData>,
    /// The webhook that is made, changed or deleted.
    pub webhook: Option<String>,
    /// The webhook's fingerprint before it was changed.
    pub base: Option<String>,
    /// Fingerprint of what is visible of the webhook as it is to be.
    pub wanted: Option<String>,
}

/// Open operations as they were at some moment.
pub(crate) struct Seen(HashSet<(String, Timestamp)>);

impl Seen {
    /// Whether the operation has not moved since.
    pub fn has(&self, op: &Op) -> bool {
        self.0.contains(&(op.row.id.clone(), op.row.updated_at))
    }
}

/// One operation in hand.
pub(crate) struct Op {
    row: Operation,
    /// Its data as they were read: what differs from them is ours to write.
    read: Map<String, Value>,
    pub kind: OperationKind,
    pub data: Data,
}

impl Op {
    pub fn read(row: Operation) -> Result<Self> {
        let broken =
            |_| AppError::new(Code::StoreFailed, "An unfinished operation can't be read. Dismiss it.");
        let kind = serde_json::from_value(row.kind.clone().into()).map_err(broken)?;
        let data = serde_json::from_value(row.data.clone()).map_err(broken)?;
        Ok(Self { read: fields(&data)?, row, kind, data })
    }

    pub fn id(&self) -> &str {
        &self.row.id
    }

    pub fn account(&self) -> &str {
        &self.row.account_id
    }

    pub fn subject(&self) -> &str {
        &self.row.subject
    }

    pub fn state(&self) -> State {
        self.row.state
    }

    pub fn started_at(&self) -> Timestamp {
        self.row.created_at
    }

    /// Whether it made this token.
    pub fn makes(&self, token: &str) -> bool {
        self.kind.makes_token() && self.data.token_id.as_deref() == Some(token)
    }

    /// Whether the new value is in this program's memory alone.
    pub fn kept_for_session_only(&self) -> bool {
        self.data.keep == Some(Kept::Session)
    }

    /// The webhook it is about. Only read in states that have one.
    pub fn webhook_id(&self) -> Result<&str> {
        self.data
            .webhook
            .as_deref()
            .ok_or_else(|| AppError::new(Code::Internal, "The operation names no webhook."))
    }

    /// The token it made or deletes. Only read in states that have one.
    pub fn token_id(&self) -> Result<&str> {
        self.data
            .token_id
            .as_deref()
            .ok_or_else(|| AppError::new(Code::Internal, "The operation names no token."))
    }
}

impl Gatehouse {
    /// Writes an intent down. Nothing may be sent before.
    pub(crate) async fn begin(
        &self,
        account: &str,
        kind: OperationKind,
        subject: &str,
        data: Data,
    ) -> Result<Op> {
        let row = Operation::planned(account, &name(kind), subject, fields(&data)?.into(), self.now());
        let copy = row.clone();
        self.db(move |s| s.insert_operation(&copy)).await?;
        Op::read(row)
    }

    /// The operation with this id, ended or not.
    pub(crate) async fn op(&self, id: &str) -> Result<Op> {
        let key = id.to_owned();
        match self.db(move |s| s.operation(&key)).await? {
            Some(row) => Op::read(row),
            None => Err(AppError::new(Code::Stale, "This operation has ended and is forgotten.")),
        }
    }

    /// All open ones of an account. One that can't be read is left to `operation_dismiss`.
    pub(crate) async fn open_ops(&self, account: &str) -> Result<Vec<Op>> {
        let key = account.to_owned();
        let rows = self.db(move |s| s.open_operations(Some(&key))).await?;
        Ok(rows.into_iter().filter_map(|row| Op::read(row).ok()).collect())
    }

    /// Those of a kind, in the same account, that began after this one or have not ended.
    pub(crate) async fn ops_beside(&self, op: &Op, kind: OperationKind) -> Result<Vec<Op>> {
        let (id, kind) = (op.id().to_owned(), name(kind));
        let rows = self.db(move |s| s.operations_beside(&id, &kind)).await?;
        Ok(rows.into_iter().filter_map(|row| Op::read(row).ok()).collect())
    }

    /// Those that have ended with something that the person has not read yet.
    pub(crate) async fn unread_ops(&self, account: &str) -> Result<Vec<Op>> {
        let key = account.to_owned();
        let rows = self.db(move |s| s.unread_operations(&key)).await?;
        Ok(rows.into_iter().filter_map(|row| Op::read(row).ok()).collect())
    }

    /// All open ones but those that another running program is in the middle of: it knows more of them.
    pub(crate) async fn ops_to_settle(&self, account: &str) -> Result<Vec<Op>> {
        let mut ops = self.open_ops(account).await?;
        let others = self.ops_elsewhere(account).await?;
        let under_way = |op: &Op| matches!(op.state(), State::Planned | State::Sent | State::Answered);
        ops.retain(|op| !(under_way(op) && others.contains(op.id())));
        Ok(ops)
    }

    /// Ids of the open ones that another running program has.
    pub(crate) async fn ops_elsewhere(&self, account: &str) -> Result<HashSet<String>> {
        let key = account.to_owned();
        self.db(move |s| s.operations_of_others(&key)).await
    }

    /// Open ones that another version of the program wrote.
    pub(crate) async fn unreadable_ops(&self, account: &str) -> Result<Vec<Operation>> {
        let key = account.to_owned();
        let rows = self.db(move |s| s.open_operations(Some(&key))).await?;
        Ok(rows.into_iter().filter(|row| Op::read(row.clone()).is_err()).collect())
    }

    /// The open ones as they are now: a list that is asked for next can tell of them, and of no later state.
    pub(crate) async fn seen_operations(&self, account: &str) -> Result<Seen> {
        let key = account.to_owned();
        let rows = self.db(move |s| s.open_operations(Some(&key))).await?;
        Ok(Seen(rows.into_iter().map(|row| (row.id, row.updated_at)).collect()))
    }

    /// Moves an operation on, with what is new in its data. An ending is written to the audit log in the same step.
    pub(crate) async fn advance(&self, op: &mut Op, next: State) -> Result<()> {
        let (id, expected, at) = (op.row.id.clone(), op.row.state, self.now());
        let mut changes = fields(&op.data)?;
        changes.retain(|field, value| op.read.get(field) != Some(value));
        let line = next.is_ended().then(|| {
            let outcome = if next == State::Done { "done" } else { "abandoned" };
            self.audit_line(op.account(), action(op.kind), op.subject(), outcome)
        });
        let row = self
            .db(move |s| match &line {
                Some(line) => s.advance_operation_logged(&id, expected, next, &changes, at, line),
                None => s.advance_operation(&id, expected, next, &changes, at),
            })
            .await?;
        if next.is_ended() {
            self.line_added();
        }
        // With what others have written meanwhile.
        *op = Op::read(row)?;
        self.notifier.notify(Notice::OperationsChanged { account: op.account().to_owned() });
        Ok(())
    }

    /// Moves an operation on from wherever another program has taken it meanwhile: who made the request knows more.
    pub(crate) async fn advance_from_anywhere(&self, op: &mut Op, next: State) -> Result<()> {
        match self.advance(op, next).await {
            Err(error) if error.code == Code::Stale => {
                op.row = self.op(op.id()).await?.row;
                self.advance(op, next).await
            }
            other => other,
        }
    }

    /// Writes changed data without moving on.
    pub(crate) async fn note(&self, op: &mut Op) -> Result<()> {
        let state = op.state();
        self.advance(op, state).await
    }

    /// Gives up what was surely not done, and passes the reason on.
    pub(crate) async fn abandon<T>(&self, op: &mut Op, why: AppError) -> Result<T> {
        self.advance(op, State::Abandoned).await?;
        Err(why)
    }
}

fn name(kind: OperationKind) -> String {
    match kind {
        OperationKind::CreateToken => "create_token",
        OperationKind::DeleteToken => "delete_token",
        OperationKind::ReplaceToken => "replace_token",
        OperationKind::ReplaceSignIn => "replace_sign_in",
        OperationKind::CreateWebhook => "create_webhook",
        OperationKind::UpdateWebhook => "update_webhook",
        OperationKind::DeleteWebhook => "delete_webhook",
        OperationKind::GrantApi => "grant_api",
        OperationKind::RevokeApi => "revoke_api",
        OperationKind::Inventory => "inventory",
        OperationKind::DeleteUserTokens => "delete_user_tokens",
        OperationKind::CutOff => "cut_off",
        OperationKind::CreateUser => "create_user",
        OperationKind::InviteUser => "invite_user",
        OperationKind::RequestConnect => "request_connect",
        OperationKind::Unreadable => "unreadable",
    }
    .to_owned()
}

/// As the audit log names it.
fn action(kind: OperationKind) -> &'static str {
    match kind {
        OperationKind::CreateToken => "token.create",
        OperationKind::DeleteToken => "token.delete",
        OperationKind::ReplaceToken => "token.replace",
        OperationKind::ReplaceSignIn => "sign_in.replace",
        OperationKind::CreateWebhook => "webhook.create",
        OperationKind::UpdateWebhook => "webhook.update",
        OperationKind::DeleteWebhook => "webhook.delete",
        OperationKind::GrantApi => "user.grant_api",
        OperationKind::RevokeApi => "user.revoke_api",
        OperationKind::Inventory => "tokens.inventory",
        OperationKind::DeleteUserTokens => "user.delete_tokens",
        OperationKind::CutOff => "user.cut_off",
        OperationKind::CreateUser => "user.create",
        OperationKind::InviteUser => "user.invite",
        OperationKind::RequestConnect => "connect.request",
        OperationKind::Unreadable => "operation",
    }
}

fn fields(data: &Data) -> Result<Map<String, Value>> {
    let written = serde_json::to_value(data)
        .map_err(|e| AppError::new(Code::Internal, format!("The operation can't be written down: {e}.")))?;
    Ok(written.as_object().cloned().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_are_read_back() {
        for kind in [
            OperationKind::CreateToken,
            OperationKind::DeleteToken,
            OperationKind::ReplaceToken,
            OperationKind::ReplaceSignIn,
            OperationKind::CreateWebhook,
            OperationKind::UpdateWebhook,
            OperationKind::DeleteWebhook,
            OperationKind::GrantApi,
            OperationKind::RevokeApi,
            OperationKind::Inventory,
            OperationKind::DeleteUserTokens,
            OperationKind::CutOff,
            OperationKind::CreateUser,
            OperationKind::InviteUser,
            OperationKind::RequestConnect,
        ] {
            assert_eq!(serde_json::to_value(kind).ok(), Some(name(kind).into()));
        }
    }
}
