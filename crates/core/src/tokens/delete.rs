//! Deleting a token: only the one that was shown, and never by an old list.

use super::{
    CachedToken, Own, TokenRow,
    create::{LOOK_FOR, surely_not_done},
};
use crate::{
    AppError, Code, Details, Gatehouse, Result,
    api_error::translate,
    notices::Notice,
    operations::{Data, Op, OperationKind},
};
use gatehouse_store::OperationState as State;
use planradar::{Client, Error, ErrorKind, rate_limit::Lane};

/// How a token is deleted.
#[derive(Clone, Copy, Default)]
pub(crate) struct How<'a> {
    /// The limit's file can't be used, and the person confirmed this one deletion.
    pub without_limit: bool,
    /// Only if this one is there, which takes its place.
    pub beside: Option<&'a str>,
}

impl Gatehouse {
    /// Deletes a token at PlanRadar, and its value here. `name` and `created_on` are what the person saw.
    /// `without_limit`: the limit's file can't be used, and the person confirmed this one deletion.
    pub async fn token_delete(
        &self,
        account: &str,
        token_id: &str,
        name: &str,
        created_on: Option<&str>,
        without_limit: bool,
    ) -> Result<()> {
        let row = self.row(account, token_id).await?;
        if row.name != name || row.created_on.as_deref() != created_on {
            return Err(stale());
        }
        self.delete_row(account, &row, How { without_limit, beside: None }).await
    }

    /// Deletes a token that this program made or knows, and its value here. That it is gone already is no error.
    pub(crate) async fn delete_if_there(&self, account: &str, token: &str, how: How<'_>) -> Result<()> {
        match self.row(account, token).await {
            Ok(row) if row.gone => self.forget_value(account, token).await,
            Ok(row) => self.delete_row(account, &row, how).await,
            Err(error) if error.code == Code::Gone => Ok(()),
            Err(error) => Err(error),
        }
    }

    pub(crate) async fn delete_row(&self, account: &str, row: &TokenRow, how: How<'_>) -> Result<()> {
        match row.own {
            Own::No => {}
            Own::Yes => {
                return Err(AppError::new(
                    Code::OwnToken,
                    "Gatehouse signs in with this token. Replace it together with the sign-in instead.",
                ));
            }
            Own::Maybe => {
                return Err(AppError::new(
                    Code::OwnToken,
                    "Gatehouse may sign in with this token, and does not know yet. Refresh the list, or say which one it is.",
                ));
            }
        }
        if row.pasted || row.gone {
            return Err(AppError::new(
                Code::NotOffered,
                "This token is not in PlanRadar's list. Delete it there; here its value can be forgotten.",
            ));
        }
        let _once = self.only_once(format!("delete {account} {}", row.id))?;
        let data = Data { token_id: Some(row.id.clone()), ..Data::default() };
        let mut op = self.begin(account, OperationKind::DeleteToken, &row.name, data).await?;
        let _working = self.working_on(op.id());
        let client = match self.before_delete(account, row, how).await {
            Ok(Some(client)) => client,
            Ok(None) => return self.deleted(&mut op).await,
            Err(why) => return self.abandon(&mut op, why).await,
        };
        op.data.sent_at = Some(self.now());
        self.advance(&mut op, State::Sent).await?;
        match client.tokens().delete(&row.id).await {
            Ok(()) => self.deleted(&mut op).await,
            // Gone, or a server that does not delete: only a list tells.
            Err(error) if error.kind == ErrorKind::NotFound => {
                self.delete_in_doubt(&mut op, &client, &error).await
            }
            Err(error) if surely_not_done(&error) => {
                let why = translate(&error, self.now());
                self.abandon(&mut op, why).await
            }
            Err(error) => self.delete_in_doubt(&mut op, &client, &error).await,
        }
    }

    /// A fresh list, and the slot for the deletion in hand; `None`: it is gone already.
    async fn before_delete(&self, account: &str, row: &TokenRow, how: How<'_>) -> Result<Option<Client>> {
        let session = self.session(account).await?;
        if how.without_limit {
            return Ok(Some(session.client.emergency()));
        }
        let client = self.reserved(&session.client, Lane::TakeAway).await?;
        let list = self.fetch_list_with(account, &client, Lane::TakeAway).await?;
        let alone = how.beside.is_some_and(|new| !list.rows.iter().any(|t| t.id == new));
        let found = list.rows.iter().find(|t| t.id == row.id).cloned();
        self.take_list(account, list).await?;
        match found {
            None => Ok(None),
            Some(_) if alone => Err(AppError::new(
                Code::Stale,
                "The new token no longer exists at PlanRadar, so the old one was not deleted. Look at the list again.",
            )),
            Some(now) if same(&now, row) => Ok(Some(client)),
            Some(_) => Err(stale()),
        }
    }

    async fn deleted(&self, op: &mut Op) -> Result<()> {
        let (account, token) = (op.account().to_owned(), op.token_id()?.to_owned());
        let id = token.clone();
        self.change_list(&account, move |list| list.retain(|t| t.id != id)).await?;
        self.advance(op, State::Answered).await?;
        self.forget_dead(&account, &token).await;
        self.advance(op, State::Done).await?;
        self.notifier.notify(Notice::TokensChanged { account });
        Ok(())
    }

    /// The answer was lost, or is "not found". A list tells what became of it; it is never sent again by itself.
    async fn delete_in_doubt(&self, op: &mut Op, client: &Client, error: &Error) -> Result<()> {
        let account = op.account().to_owned();
        let token = op.token_id()?.to_owned();
        let journal = self.advance(op, State::Unknown).await;
        match tokio::time::timeout(LOOK_FOR, client.tokens().list(Lane::TakeAway)).await {
            Ok(Ok(list)) if !list.iter().any(|t| t.id == token) => self.deleted(op).await,
            Ok(Ok(_)) if surely_not_done(error) => {
                let text = format!(
                    "This server does not delete tokens over the API: “{}” still works, and its value stays kept. Delete it in PlanRadar.",
                    op.subject()
                );
                self.abandon(op, AppError::new(Code::NotOffered, text)).await
            }
            _ => {
                let journal = journal.err().map(|e| e.code);
                tracing::info!(cause = %error.kind, ?journal, "the answer to a deletion was lost");
                self.look_again_later(&account);
                let text = format!(
                    "The connection broke while “{}” was deleted. Gatehouse looks again in a minute and tells you.",
                    op.subject()
                );
                Err(AppError::new(Code::LostAnswer, text).with(Details::Operation { id: op.id().to_owned() }))
            }
        }
    }
}

fn same(now: &CachedToken, shown: &TokenRow) -> bool {
    now.name == shown.name && now.created_on.map(|c| c.to_string()) == shown.created_on
}

fn stale() -> AppError {
    AppError::new(
        Code::Stale,
        "This token is not what was shown any more. Nothing was deleted. Look at the list again.",
    )
}
