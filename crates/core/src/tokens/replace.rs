//! "Replace safely": both tokens work until the old one is deleted, which may be days later.

use super::{CreatedToken, How, Kept, Own, check::check_name};
use crate::{
    AppError, Code, Gatehouse, Result,
    operations::{Data, Op, OperationKind, OperationView},
};
use gatehouse_store::OperationState as State;

impl Gatehouse {
    /// Step 1: creates the new token.
    pub async fn replace_start(
        &self,
        account: &str,
        token_id: &str,
        name: &str,
        keep: Kept,
    ) -> Result<CreatedToken> {
        let name = check_name(name)?;
        let _once = self.only_once(format!("replace {account} {token_id}"))?;
        let old = self.row(account, token_id).await?;
        if old.own != Own::No {
            return Err(AppError::new(
                Code::OwnToken,
                "Gatehouse signs in with this token, or may. Replace it together with the sign-in instead.",
            ));
        }
        if old.pasted || old.gone {
            return Err(AppError::new(
                Code::NotOffered,
                "This token is not in PlanRadar's list. Replace it there.",
            ));
        }
        if old.replacement.is_some() {
            return Err(AppError::new(Code::Stale, "This token is being replaced already. Go on with that."));
        }
        let data = Data { keep: Some(keep), old_id: Some(old.id), ..Data::default() };
        let mut op = self.begin(account, OperationKind::ReplaceToken, &name, data).await?;
        self.create(&mut op).await
    }

    /// Step 2: the person has entered the new token in their program.
    pub async fn replace_entered(&self, operation: &str) -> Result<OperationView> {
        let mut op = self.replacement(operation).await?;
        if op.data.entered_at.is_none() {
            op.data.entered_at = Some(self.now());
            self.note(&mut op).await?;
        }
        let rows = self.tokens_view(op.account()).await?.rows;
        Ok(self.operation_view(&op, &rows))
    }

    /// Step 3: looks whether the new one is used and the old one is quiet.
    pub async fn replace_check(&self, operation: &str) -> Result<OperationView> {
        self.replacement(operation).await?;
        self.operation_check(operation).await
    }

    /// Step 4: deletes the old one.
    pub async fn replace_finish(&self, operation: &str) -> Result<()> {
        let mut op = self.replacement(operation).await?;
        let old = op.data.old_id.clone().unwrap_or_default();
        op.data.deleting_old = true;
        self.note(&mut op).await?;
        let account = op.account().to_owned();
        let how = How { beside: Some(op.token_id()?), ..How::default() };
        self.delete_if_there(&account, &old, how).await?;
        // The list that the deletion begins with also moves this operation: look at it anew.
        op = self.op(operation).await?;
        if !op.state().is_ended() {
            self.advance(&mut op, State::Done).await?;
        }
        Ok(())
    }

    /// Ends a replacement and leaves the old one; the new one goes only if that is wished.
    pub async fn replace_stop(&self, operation: &str, delete_new: bool) -> Result<()> {
        let op = self.replacement(operation).await?;
        if delete_new {
            self.delete_if_there(op.account(), op.token_id()?, How::default()).await?;
        }
        self.operation_dismiss(operation).await
    }

    async fn replacement(&self, id: &str) -> Result<Op> {
        let op = self.op(id).await?;
        if op.kind != OperationKind::ReplaceToken || op.state().is_ended() || op.data.token_id.is_none() {
            return Err(AppError::new(
                Code::Stale,
                "This replacement has ended meanwhile. Look at the list again.",
            ));
        }
        Ok(op)
    }
}
