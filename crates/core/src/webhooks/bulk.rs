//! Several at once: pause, resume, delete. Each is compared with what was shown; one that fails does not stop
//! the others.

use super::{BulkOutcome, WebhookPick, by_hand::is_by_hand, list::fingerprint, plan::PASSWORD, save::Set};
use crate::{
    AppError, Code, Details, Gatehouse, Result,
    operations::{Data, OperationKind},
    tokens::surely_not_done,
};
use gatehouse_store::OperationState as State;
use planradar::{
    Authentication, Client, DraftAuthentication, DraftPassword, DraftValue, ErrorKind, Webhook, WebhookDraft,
    rate_limit::Lane,
};

impl Gatehouse {
    /// Pauses or resumes.
    pub async fn webhooks_set_active(
        &self,
        account: &str,
        picks: &[WebhookPick],
        active: bool,
    ) -> Result<Vec<BulkOutcome>> {
        let mut outcomes = Vec::with_capacity(picks.len());
        for pick in picks {
            let error = self.set_active(account, pick, active).await.err();
            outcomes.push(BulkOutcome { id: pick.id.clone(), error });
        }
        Ok(outcomes)
    }

    /// Deletes.
    pub async fn webhooks_delete(&self, account: &str, picks: &[WebhookPick]) -> Result<Vec<BulkOutcome>> {
        let mut outcomes = Vec::with_capacity(picks.len());
        for pick in picks {
            let error = self.delete_webhook(account, pick).await.err();
            outcomes.push(BulkOutcome { id: pick.id.clone(), error });
        }
        Ok(outcomes)
    }

    async fn set_active(&self, account: &str, pick: &WebhookPick, active: bool) -> Result<()> {
        if is_by_hand(&pick.id) {
            return Err(AppError::new(
                Code::NotOffered,
                "This webhook was set up by hand. Pause or resume it in PlanRadar.",
            ));
        }
        let _once = self.only_once(format!("webhook {account} {}", pick.id))?;
        let session = self.session(account).await?;
        let client = self.reserved(&session.client, Lane::Person).await?;
        let now = self.fresh(account, &client, pick).await?;
        if now.active == active {
            return Ok(());
        }
        let mut draft = WebhookDraft { active, ..WebhookDraft::of(&now) };
        let set = if self.account(account).await?.demo {
            Vec::new()
        } else {
            self.resend_kept(account, &now, &mut draft).await?
        };
        self.update(account, &client, &now, &draft, &set).await.map(drop)?;
        // What was sent again is what was kept: nothing is in doubt.
        self.sent_again(account, &now.id, &set).await
    }

    /// On a server where it is not proven that leaving a hidden value out keeps it: each is sent again.
    async fn resend_kept(&self, account: &str, now: &Webhook, draft: &mut WebhookDraft) -> Result<Vec<Set>> {
        let facts = self.facts_of(account, now).await?;
        let mut set = Vec::new();
        for header in draft.headers.iter_mut().filter(|h| h.hidden) {
            if !facts.is_kept(&header.name) {
                return Err(unproven());
            }
            let value = self.kept_hidden_value(account, &now.id, &header.name).await?;
            header.value = DraftValue::Replace(value.clone());
            set.push((header.name.clone(), value));
        }
        if let Authentication::Basic { username } = &now.authentication {
            if !facts.is_kept(PASSWORD) {
                return Err(unproven());
            }
            let value = self.kept_hidden_value(account, &now.id, PASSWORD).await?;
            let password = DraftPassword::Replace(value.clone());
            draft.authentication = DraftAuthentication::Basic { username: username.clone(), password };
            set.push((PASSWORD.to_owned(), value));
        }
        Ok(set)
    }

    async fn delete_webhook(&self, account: &str, pick: &WebhookPick) -> Result<()> {
        if is_by_hand(&pick.id) {
            return self.forget_by_hand(account, &pick.id).await;
        }
        let _once = self.only_once(format!("webhook {account} {}", pick.id))?;
        let session = self.session(account).await?;
        let client = self.reserved(&session.client, Lane::TakeAway).await?;
        let now = match self.fresh(account, &client, pick).await {
            Err(error) if error.code == Code::Gone => return self.webhook_gone(account, &pick.id).await,
            other => other?,
        };
        let data = Data { webhook: Some(now.id.clone()), ..Data::default() };
        let mut op = self.begin(account, OperationKind::DeleteWebhook, &now.description, data).await?;
        let _working = self.working_on(op.id());
        op.data.sent_at = Some(self.now());
        self.advance(&mut op, State::Sent).await?;
        match client.webhooks().delete(&now.id).await {
            Ok(()) => {}
            Err(error) if error.kind == ErrorKind::NotFound && !error.html => {}
            Err(error) if surely_not_done(&error) => {
                let why = self.failure(&error);
                return self.abandon(&mut op, why).await;
            }
            Err(_) => {
                op.data.next_check_at = Some(self.next_look());
                self.advance(&mut op, State::Unknown).await?;
                self.look_again_later(account);
                let text = format!(
                    "The connection broke while “{}” was deleted. Gatehouse looks again in a minute and tells you.",
                    op.subject()
                );
                return Err(
                    AppError::new(Code::LostAnswer, text).with(Details::Operation { id: op.id().to_owned() })
                );
            }
        }
        self.advance(&mut op, State::Answered).await?;
        self.unlist_webhook(account, &now.id).await?;
        // A keychain that fails now is asked again with the next list.
        match self.forget_hidden(account, &now.id).await {
            Ok(()) => self.advance(&mut op, State::Done).await,
            Err(error) => {
                tracing::info!(code = ?error.code, "hidden values of a deleted webhook are still kept");
                Ok(())
            }
        }
    }

    pub(super) async fn webhook_gone(&self, account: &str, id: &str) -> Result<()> {
        self.unlist_webhook(account, id).await?;
        self.forget_hidden(account, id).await
    }

    /// The webhook as the server has it now, if it still is what was shown.
    async fn fresh(&self, account: &str, client: &Client, pick: &WebhookPick) -> Result<Webhook> {
        let now = self.webhook_now(account, client, &pick.id).await?;
        if fingerprint(&now) != pick.base {
            return Err(AppError::new(
                Code::Stale,
                "This webhook was changed elsewhere meanwhile. Nothing was done. Look at it again.",
            ));
        }
        Ok(now)
    }
}

fn unproven() -> AppError {
    AppError::new(
        Code::Invalid,
        "It is not proven that this server keeps a hidden value that is left out. Open the webhook and enter its hidden values again.",
    )
}
