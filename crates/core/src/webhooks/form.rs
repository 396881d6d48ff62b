//! The editor's content: new, stored, or a duplicate.

use super::{
    AuthenticationForm, HeaderForm, HiddenState, WebhookForm,
    by_hand::is_by_hand,
    hidden::HiddenFacts,
    list::{PROJECT_NAMES, fingerprint, project_refs},
    plan::PASSWORD,
};
use crate::{Gatehouse, Result, tokens::Copied};
use gatehouse_store::Cached;
use planradar::{Authentication, Webhook};
use std::collections::BTreeMap;

impl Gatehouse {
    /// The editor's content; `None` = a new webhook. Makes a request only if the webhook is not in memory.
    pub async fn webhook_form(&self, account: &str, id: Option<&str>) -> Result<WebhookForm> {
        let Some(id) = id else { return Ok(blank()) };
        if is_by_hand(id) {
            return self.by_hand_form(account, id).await;
        }
        let webhook = self.webhook(account, id).await?;
        self.form_of(account, &webhook).await
    }

    /// A new webhook like another. Its hidden values come along where they are kept on this computer.
    pub async fn webhook_duplicate(&self, account: &str, id: &str) -> Result<WebhookForm> {
        let form = self.webhook_form(account, Some(id)).await?;
        let mine = |state: HiddenState| HiddenState { set: false, ..state };
        Ok(WebhookForm {
            id: None,
            base: None,
            // Two alike would both deliver: the copy starts paused.
            active: false,
            authentication: match form.authentication {
                AuthenticationForm::Basic { username, password } => {
                    AuthenticationForm::Basic { username, password: mine(password) }
                }
                AuthenticationForm::None | AuthenticationForm::Other => AuthenticationForm::None,
            },
            headers: form.headers.into_iter().map(|h| HeaderForm { stored: mine(h.stored), ..h }).collect(),
            ..form
        })
    }

    /// Copies a hidden value that is kept in the OS keychain; `name` is the header's, or `password`.
    pub async fn webhook_copy_value(&self, account: &str, id: &str, name: &str) -> Result<Copied> {
        let value = self.kept_hidden_value(account, id, name).await?;
        self.copying.copy(value, self.settings().await?.clipboard_seconds)
    }

    pub(super) async fn form_of(&self, account: &str, webhook: &Webhook) -> Result<WebhookForm> {
        let facts = self.facts_of(account, webhook).await?;
        Ok(form(webhook, &facts, &self.project_names(account).await?))
    }

    pub(super) async fn project_names(&self, account: &str) -> Result<BTreeMap<String, String>> {
        let key = account.to_owned();
        let names: Option<Cached<BTreeMap<String, String>>> =
            self.db(move |s| s.cached(&key, PROJECT_NAMES)).await?;
        Ok(names.map(|c| c.body).unwrap_or_default())
    }
}

fn blank() -> WebhookForm {
    WebhookForm {
        id: None,
        base: None,
        description: String::new(),
        active: true,
        target_url: String::new(),
        projects: None,
        events: Vec::new(),
        authentication: AuthenticationForm::None,
        headers: Vec::new(),
        keep_values: false,
    }
}

fn form(webhook: &Webhook, facts: &HiddenFacts, names: &BTreeMap<String, String>) -> WebhookForm {
    let stored = |name: &str, set: bool| HiddenState {
        set,
        set_here_at: facts.set_at(name).filter(|_| set).map(|at| at.to_string()),
        kept_here: set && facts.is_kept(name),
    };
    WebhookForm {
        id: Some(webhook.id.clone()),
        base: Some(fingerprint(webhook)),
        description: webhook.description.clone(),
        active: webhook.active,
        target_url: webhook.target_url.clone(),
        projects: webhook.project_ids.as_deref().map(|ids| project_refs(ids, names)),
        events: webhook.events.clone(),
        authentication: match &webhook.authentication {
            Authentication::None => AuthenticationForm::None,
            Authentication::Basic { username } => {
                AuthenticationForm::Basic { username: username.clone(), password: stored(PASSWORD, true) }
            }
            Authentication::Other => AuthenticationForm::Other,
        },
        headers: webhook
            .headers
            .iter()
            .map(|h| HeaderForm {
                name: h.name.clone(),
                hidden: h.hidden,
                value: h.value.clone().filter(|_| !h.hidden),
                stored: stored(&h.name, h.hidden),
            })
            .collect(),
        keep_values: facts.keep,
    }
}
