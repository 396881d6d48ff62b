//! Checking and saving. What is on its way stands in the journal; a conflicting change is never overwritten
//! silently; a value goes out only to the destination it was entered for.

use super::{
    AuthenticationInput, SavedWebhook, ValueInput, WebhookInput, WebhookPlan,
    by_hand::is_by_hand,
    cached::{fingerprint, visible_of_draft},
    hidden::HiddenFacts,
    plan::{PASSWORD, Planned, Source, plan, refuse_problems, visible_changes},
};
use crate::{
    AppError, Code, Details, Gatehouse, Result,
    operations::{Data, Op, OperationKind},
    tokens::surely_not_done,
};
use gatehouse_store::OperationState as State;
use planradar::{
    Client, DraftAuthentication, DraftHeader, DraftPassword, DraftValue, Error, FieldPath, Webhook,
    WebhookDraft, rate_limit::Lane,
};
use secrecy::{ExposeSecret, SecretString};

/// A hidden value that is sent, by the name it has in the window.
pub(super) type Set = (String, SecretString);

impl Gatehouse {
    /// What saving would do. Makes at most one request: the webhook as it is now.
    pub async fn webhook_check(&self, account: &str, input: &WebhookInput) -> Result<WebhookPlan> {
        if stored_id(input).is_none() {
            return Ok(self.prepare(account, None, input).await?.1.plan);
        }
        let client = self.session(account).await?.client;
        Ok(self.prepare(account, Some(&client), input).await?.1.plan)
    }

    /// Saves. Refused while there are problems, and when the webhook is not what [`WebhookInput::base`] says: somebody
    /// who overwrites a conflicting state knowingly gives the `base` of that state.
    pub async fn webhook_save(&self, account: &str, input: &WebhookInput) -> Result<SavedWebhook> {
        let _once = self.only_once(format!("webhook {account} {}", stored_id(input).unwrap_or_default()))?;
        let session = self.session(account).await?;
        let client = self.reserved(&session.client, Lane::Person).await?;
        let (stored, planned) = self.prepare(account, Some(&client), input).await?;
        refuse_problems(&planned.plan)?;
        if planned.plan.conflict.is_some() {
            return Err(AppError::new(
                Code::Stale,
                "This webhook was changed elsewhere meanwhile. Nothing was saved. Compare both first.",
            ));
        }
        let set = self.set_values(account, input, &planned).await?;
        let draft = draft(input, &planned, &set, stored.as_ref());
        let saved = match &stored {
            Some(stored) => self.update(account, &client, stored, &draft, &set).await?,
            None => self.create_webhook(account, &client, &draft).await?,
        };
        if let Some(id) = input.id.as_deref().filter(|id| is_by_hand(id)) {
            self.forget_by_hand(account, id).await?;
        }
        let again = sent_again(input, &planned);
        self.after_save(account, &client, input, saved, (set, again)).await
    }

    /// The webhook as the server has it now, and the plan against it.
    async fn prepare(
        &self,
        account: &str,
        client: Option<&Client>,
        input: &WebhookInput,
    ) -> Result<(Option<Webhook>, Planned)> {
        let proven = self.account(account).await?.demo;
        let stored = match (stored_id(input), client) {
            (Some(id), Some(client)) => Some(self.webhook_now(account, client, id).await?),
            _ => None,
        };
        let facts = match (&stored, &input.copy_of) {
            (Some(stored), _) => self.facts_of(account, stored).await?,
            (None, Some(origin)) => self.hidden_facts(account, origin).await?,
            (None, None) => HiddenFacts::default(),
        };
        let mut planned = plan(stored.as_ref(), input, &facts, proven);
        if let Some(now) = &stored
            && input.base.as_deref() != Some(&fingerprint(now))
        {
            planned.plan.conflict = Some(self.form_of(account, now).await?);
        }
        Ok((stored, planned))
    }

    async fn create_webhook(&self, account: &str, client: &Client, draft: &WebhookDraft) -> Result<Webhook> {
        let data = Data { wanted: Some(visible_of_draft(draft)), ..Data::default() };
        let mut op = self.begin(account, OperationKind::CreateWebhook, &draft.description, data).await?;
        let _working = self.working_on(op.id());
        match self.list_webhooks(account, client, Lane::Person).await {
            Ok(list) => {
                op.data.known_ids = list.rows.iter().map(|w| w.id.clone()).collect();
                self.take_webhooks(account, list).await?;
            }
            Err(why) => return self.abandon(&mut op, why).await,
        }
        op.data.sent_at = Some(self.now());
        self.advance(&mut op, State::Sent).await?;
        match client.webhooks().create(draft).await {
            Ok(webhook) => self.written(&mut op, webhook).await,
            Err(error) => self.not_written(&mut op, &error).await,
        }
    }

    /// Replaces a stored webhook; `set` are the hidden values that go with it.
    pub(super) async fn update(
        &self,
        account: &str,
        client: &Client,
        stored: &Webhook,
        draft: &WebhookDraft,
        set: &[Set],
    ) -> Result<Webhook> {
        let data = Data {
            webhook: Some(stored.id.clone()),
            base: Some(fingerprint(stored)),
            wanted: Some(visible_of_draft(draft)),
            ..Data::default()
        };
        let mut op = self.begin(account, OperationKind::UpdateWebhook, &draft.description, data).await?;
        let _working = self.working_on(op.id());
        let before = self.hidden_facts(account, &stored.id).await?;
        if !set.is_empty() {
            let names = set.iter().map(|(name, _)| name.clone()).collect();
            self.doubt_kept(account, &stored.id, names).await?;
        }
        op.data.sent_at = Some(self.now());
        self.advance(&mut op, State::Sent).await?;
        match client.webhooks().update(&stored.id, draft).await {
            Ok(webhook) => {
                self.follow_seen(account, stored, &webhook).await?;
                self.written(&mut op, webhook).await
            }
            Err(error) => {
                if !set.is_empty() && surely_not_done(&error) {
                    self.trust_kept(account, &stored.id, before).await?;
                }
                self.not_written(&mut op, &error).await
            }
        }
    }

    async fn written(&self, op: &mut Op, webhook: Webhook) -> Result<Webhook> {
        let account = op.account().to_owned();
        op.data.webhook = Some(webhook.id.clone());
        self.advance(op, State::Answered).await?;
        self.keep_in_memory(&account, webhook.clone()).await?;
        self.advance(op, State::Done).await?;
        Ok(webhook)
    }

    async fn not_written(&self, op: &mut Op, error: &Error) -> Result<Webhook> {
        let why = at_fields(self.failure(error));
        if surely_not_done(error) {
            return self.abandon(op, why).await;
        }
        op.data.next_check_at = Some(self.next_look());
        self.advance(op, State::Unknown).await?;
        self.look_again_later(op.account());
        let text = format!(
            "The connection broke while “{}” was saved. It may have been saved or not. Gatehouse looks again in a minute and tells you.",
            op.subject()
        );
        Err(AppError::new(Code::LostAnswer, text).with(Details::Operation { id: op.id().to_owned() }))
    }

    /// Notes which hidden values were set here, keeps them if that is wished, and reads back what can be read.
    async fn after_save(
        &self,
        account: &str,
        client: &Client,
        input: &WebhookInput,
        saved: Webhook,
        (set, again): (Vec<Set>, Vec<String>),
    ) -> Result<SavedWebhook> {
        // On a server that is not the sandbox its own answer is not taken for what it stored.
        let saved = if self.account(account).await?.demo {
            saved
        } else {
            let now = self.webhook_now(account, client, &saved.id).await;
            let now = now.unwrap_or_else(|_| saved.clone());
            self.follow_seen(account, &saved, &now).await?;
            now
        };
        let hidden = input.headers.iter().filter(|h| h.hidden).map(|h| h.name.clone());
        let basic = matches!(input.authentication, AuthenticationInput::Basic { .. });
        let there = hidden.chain(basic.then(|| PASSWORD.to_owned())).collect();
        let keep_error = self.note_set(account, &saved, input.keep_values, (set, again), there).await?;
        let form = self.form_of(account, &saved).await?;
        Ok(SavedWebhook { form, keep_error, differs: visible_changes(&saved, input) })
    }

    /// The hidden values that are to be sent.
    async fn set_values(&self, account: &str, input: &WebhookInput, planned: &Planned) -> Result<Vec<Set>> {
        let mut values = Vec::new();
        let origin = stored_id(input).or(input.copy_of.as_deref());
        let hidden = input.headers.iter().zip(&planned.headers).filter(|(h, _)| h.hidden);
        let hidden = hidden.map(|(h, source)| (h.name.as_str(), *source, &h.value));
        let password = match &input.authentication {
            AuthenticationInput::Basic { password, .. } => planned.password.map(|s| (PASSWORD, s, password)),
            _ => None,
        };
        for (name, source, value) in hidden.chain(password) {
            match (source, value, origin) {
                (Source::Input, ValueInput::Replace { value }, _) => {
                    values.push((name.to_owned(), value.secret().clone()));
                }
                (Source::Keychain, _, Some(from)) => {
                    values.push((name.to_owned(), self.kept_hidden_value(account, from, name).await?));
                }
                _ => {}
            }
        }
        Ok(values)
    }
}

/// Names of the values that the webhook has already and that are sent again as they are.
fn sent_again(input: &WebhookInput, planned: &Planned) -> Vec<String> {
    if stored_id(input).is_none() {
        return Vec::new();
    }
    let headers = input.headers.iter().zip(&planned.headers);
    let headers = headers.filter(|(_, source)| **source == Source::Keychain).map(|(h, _)| h.name.clone());
    let password = planned.password.filter(|source| *source == Source::Keychain);
    headers.chain(password.map(|_| PASSWORD.to_owned())).collect()
}

/// The id at PlanRadar, if it is there already.
fn stored_id(input: &WebhookInput) -> Option<&str> {
    input.id.as_deref().filter(|id| !is_by_hand(id))
}

fn draft(input: &WebhookInput, planned: &Planned, set: &[Set], stored: Option<&Webhook>) -> WebhookDraft {
    let value_of = |name: &str| set.iter().find(|(of, _)| of == name).map(|(_, value)| value.clone());
    let header = |(header, source): (&super::HeaderInput, &Source)| DraftHeader {
        name: header.name.clone(),
        hidden: header.hidden,
        value: match (&header.value, source) {
            // Exposed: the person made it visible to everybody who may see webhooks.
            (ValueInput::Replace { value }, _) if !header.hidden => {
                DraftValue::Plain(value.secret().expose_secret().to_owned())
            }
            (_, Source::Keep) => DraftValue::Keep,
            _ => value_of(&header.name).map_or(DraftValue::Keep, DraftValue::Replace),
        },
    };
    WebhookDraft {
        description: input.description.trim().to_owned(),
        active: input.active,
        target_url: input.target_url.trim().to_owned(),
        project_ids: input.project_ids.clone(),
        events: input.events.clone(),
        authentication: match &input.authentication {
            AuthenticationInput::None => DraftAuthentication::None,
            AuthenticationInput::Other => DraftAuthentication::Unchanged,
            AuthenticationInput::Basic { username, .. } => DraftAuthentication::Basic {
                username: username.clone(),
                password: value_of(PASSWORD).map_or(DraftPassword::Keep, DraftPassword::Replace),
            },
        },
        headers: input.headers.iter().zip(&planned.headers).map(header).collect(),
        unknown: stored.map(|s| s.unknown.clone()).unwrap_or_default(),
    }
}

/// The server's pointers as names of the editor's fields.
fn at_fields(mut error: AppError) -> AppError {
    if let Some(Details::Fields { fields }) = &mut error.details {
        for field in fields {
            if let Some(path) = FieldPath::parse(&field.pointer) {
                field.pointer = field_name(path);
            }
        }
    }
    error
}

/// As [`super::FieldProblem::field`] names it.
fn field_name(path: FieldPath) -> String {
    match path {
        FieldPath::TargetUrl => "target_url".to_owned(),
        FieldPath::Projects | FieldPath::Project(_) => "projects".to_owned(),
        FieldPath::Event(_) => "events".to_owned(),
        FieldPath::Username => "username".to_owned(),
        FieldPath::Password => "password".to_owned(),
        FieldPath::Header(at) | FieldPath::HeaderHidden(at) => format!("headers/{at}/name"),
        other => other.to_string(),
    }
}
