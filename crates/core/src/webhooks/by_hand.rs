//! Webhooks that were set up on PlanRadar's page, where the server does not offer them over the API: what is visible
//! of them is remembered here, no values.

use super::{
    AuthenticationForm, AuthenticationInput, HeaderForm, HiddenState, WebhookForm, WebhookInput, WebhookPlan,
    WebhooksView,
    cached::CachedWebhook,
    hidden::HiddenFacts,
    list::project_refs,
    plan::{plan, refuse_problems},
};
use crate::{AppError, Code, Gatehouse, Result, notices::Notice, tokens::Copied};
use gatehouse_store::NoteKind;
use planradar::{Authentication, Header, Moment, Unknown, Webhook};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const PREFIX: &str = "hand-";

/// What is remembered.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct ByHand {
    pub row: CachedWebhook,
    username: Option<String>,
    /// Name, and whether its value is hidden.
    headers: Vec<(String, bool)>,
}

/// What is wrong with it, before it is handed over.
fn plan_by_hand(input: &WebhookInput) -> WebhookPlan {
    plan(None, input, &HiddenFacts::default(), true).plan
}

/// Whether an id is of such a webhook.
pub(super) fn is_by_hand(id: &str) -> bool {
    id.starts_with(PREFIX)
}

impl Gatehouse {
    /// What is wrong with it, before the fields are handed over to PlanRadar's page. Nothing is asked.
    pub async fn webhook_check_by_hand(&self, account: &str, input: &WebhookInput) -> Result<WebhookPlan> {
        self.account(account).await?;
        Ok(plan_by_hand(input))
    }

    /// Remembers a webhook that the person set up on PlanRadar's page. No value is remembered.
    pub async fn webhook_remember_by_hand(
        &self,
        account: &str,
        input: &WebhookInput,
    ) -> Result<WebhooksView> {
        refuse_problems(&plan_by_hand(input))?;
        let id = input.id.clone().filter(|id| is_by_hand(id));
        let id = id.unwrap_or_else(|| format!("{PREFIX}{}", uuid::Uuid::new_v4()));
        let note = ByHand {
            row: CachedWebhook::from(&visible(id.clone(), input)),
            username: match &input.authentication {
                AuthenticationInput::Basic { username, .. } => Some(username.clone()),
                AuthenticationInput::None | AuthenticationInput::Other => None,
            },
            headers: input.headers.iter().map(|h| (h.name.clone(), h.hidden)).collect(),
        };
        let key = account.to_owned();
        self.db(move |s| s.change_webhook_note(&key, NoteKind::ByHand, &id, |n| *n = note).map(drop)).await?;
        self.audit(account, "webhook.by_hand", input.description.trim(), "done").await?;
        self.notifier.notify(Notice::WebhooksChanged { account: account.to_owned() });
        self.webhooks_view(account).await
    }

    /// Copies a field on its way to PlanRadar's page. It may be a secret, so it is cleared like one.
    pub async fn webhook_copy_field(&self, value: SecretString) -> Result<Copied> {
        self.copying.copy(value, self.settings().await?.clipboard_seconds)
    }

    pub(super) async fn by_hand_form(&self, account: &str, id: &str) -> Result<WebhookForm> {
        let (key, webhook) = (account.to_owned(), id.to_owned());
        let note: Option<ByHand> = self.db(move |s| s.webhook_note(&key, NoteKind::ByHand, &webhook)).await?;
        let note =
            note.ok_or_else(|| AppError::new(Code::Gone, "This webhook is no longer remembered here."))?;
        let names = self.project_names(account).await?;
        Ok(note.form(&names))
    }

    pub(super) async fn forget_by_hand(&self, account: &str, id: &str) -> Result<()> {
        let (key, id) = (account.to_owned(), id.to_owned());
        self.db(move |s| s.forget_webhook_note(&key, NoteKind::ByHand, &id)).await?;
        self.notifier.notify(Notice::WebhooksChanged { account: account.to_owned() });
        Ok(())
    }
}

impl ByHand {
    fn form(self, names: &BTreeMap<String, String>) -> WebhookForm {
        WebhookForm {
            id: Some(self.row.id),
            base: None,
            description: self.row.description,
            active: self.row.active,
            target_url: self.row.target,
            projects: self.row.project_ids.as_deref().map(|ids| project_refs(ids, names)),
            events: self.row.events,
            authentication: match self.username {
                Some(username) => AuthenticationForm::Basic { username, password: HiddenState::default() },
                None => AuthenticationForm::None,
            },
            headers: self
                .headers
                .into_iter()
                .map(|(name, hidden)| HeaderForm {
                    name,
                    hidden,
                    value: None,
                    stored: HiddenState::default(),
                })
                .collect(),
            keep_values: false,
        }
    }
}

/// What is visible of an input, as a webhook.
fn visible(id: String, input: &WebhookInput) -> Webhook {
    Webhook {
        id,
        description: input.description.trim().to_owned(),
        active: input.active,
        target_url: input.target_url.trim().to_owned(),
        project_ids: input.project_ids.clone(),
        events: input.events.clone(),
        authentication: match &input.authentication {
            AuthenticationInput::Basic { username, .. } => {
                Authentication::Basic { username: username.clone() }
            }
            AuthenticationInput::None | AuthenticationInput::Other => Authentication::None,
        },
        headers: input
            .headers
            .iter()
            .map(|h| Header { name: h.name.clone(), hidden: h.hidden, value: None })
            .collect(),
        created_on: None,
        updated_on: Moment::Unknown,
        unknown: Unknown::default(),
    }
}
