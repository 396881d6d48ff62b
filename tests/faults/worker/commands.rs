//! What a worker can be told to do: core's use cases, and what they answer as the window would get it.

#[path = "users.rs"]
mod users;
#[path = "webhooks.rs"]
mod webhooks;

use crate::ports::Places;
use gatehouse_core::{
    AppError, Code, Gatehouse,
    accounts::NewAccount,
    tokens::{CloseHow, Kept},
    twins::MemoryClipboard,
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use std::sync::Arc;

/// What commands work on.
#[derive(Clone)]
pub struct Stage {
    pub app: Arc<Gatehouse>,
    pub clipboard: Arc<MemoryClipboard>,
    pub places: Arc<Places>,
}

type Answer = Result<Value, AppError>;

/// The command's arguments, one after the other.
struct Words(std::vec::IntoIter<String>);

impl Words {
    fn word(&mut self) -> Result<String, AppError> {
        self.0.next().ok_or_else(|| AppError::new(Code::Internal, "The command lacks an argument."))
    }

    fn secret(&mut self) -> Result<SecretString, AppError> {
        self.word().map(SecretString::from)
    }

    /// One of an enum's names.
    fn one<T: DeserializeOwned>(&mut self) -> Result<T, AppError> {
        let word = self.word()?;
        serde_json::from_value(word.clone().into())
            .map_err(|_| AppError::new(Code::Internal, format!("{word} is none of the names here.")))
    }
}

fn shown<T: Serialize>(answer: T) -> Answer {
    serde_json::to_value(answer).map_err(|e| AppError::new(Code::Internal, e.to_string()))
}

/// Carries one command out.
pub async fn carry_out(stage: &Stage, words: Vec<String>) -> Answer {
    let mut words = Words(words.into_iter());
    let command = words.word()?;
    let app = &stage.app;
    match command.as_str() {
        "start" => {
            let start = app.start().await?;
            Ok(json!({ "accounts": start.accounts, "keychain": start.keychain }))
        }
        "add" => {
            let input = NewAccount {
                server: Some(words.word()?),
                customer_id: words.word()?,
                label: None,
                session_only: words.one::<Kept>()? == Kept::Session,
            };
            shown(app.account_add(input, words.secret()?).await?)
        }
        "keychain-retry" => shown(app.keychain_retry().await),
        "keychain-choose" => {
            app.keychain_choose(&words.word()?, words.one()?);
            Ok(Value::Null)
        }
        "kept-places" => shown(app.kept_places().await?),
        "remove-everything" => shown(app.remove_everything("remove everything").await?),
        // Whether the clipboard holds this: asked this way round, so that the answer says no more.
        "is-copied" => Ok(json!(stage.clipboard.text() == words.word()?)),
        // A mistake on purpose: the search must find what comes of it.
        "leak" => {
            let value = words.word()?;
            tracing::trace!(?value, "a leak");
            eprintln!("a leak: {value}");
            Ok(json!({ "leak": value }))
        }
        _ => {
            let start = app.start().await?;
            let account = start.active_account.ok_or_else(|| AppError::new(Code::NoSuchAccount, "None."))?;
            on_account(stage, &account, &command, words).await
        }
    }
}

async fn on_account(stage: &Stage, account: &str, command: &str, mut words: Words) -> Answer {
    let app = &stage.app;
    if let Some(answer) = webhooks::carry_out(app, account, command, &mut words).await {
        return answer;
    }
    if let Some(answer) = users::carry_out(stage, account, command, &mut words).await {
        return answer;
    }
    match command {
        "look" => {
            let view = app.tokens_refresh(account).await?;
            Ok(json!({ "view": view, "operations": app.operations_list(account).await? }))
        }
        "create" => shown(app.token_create(account, &words.word()?, words.one()?).await?),
        "keep" => shown(app.token_keep(&words.word()?, words.one::<Kept>()? == Kept::Session).await?),
        "close" => shown(app.token_close(&words.word()?, words.one::<CloseHow>()?).await?),
        "copy-created" => shown(app.token_copy_created(&words.word()?).await?),
        "copy-kept" => shown(app.token_copy_kept(account, &words.word()?).await?),
        // The one answer that may hold a value.
        "reveal" => Ok(json!(app.token_reveal(&words.word()?)?.expose_secret())),
        // The program ends as badly as it can, with all in hand that there is.
        "panic-with" => {
            let value = app.token_reveal(&words.word()?)?;
            let operations = app.operations_list(account).await;
            panic!("{value:?} {operations:?} {:?}", app.tokens_view(account).await);
        }
        "paste" => {
            let (name, value) = (words.word()?, words.secret()?);
            shown(app.token_paste(account, &name, value, words.one::<Kept>()? == Kept::Session).await?)
        }
        "replace" => {
            let (id, name) = (words.word()?, words.word()?);
            shown(app.replace_start(account, &id, &name, words.one()?).await?)
        }
        "entered" => shown(app.replace_entered(&words.word()?).await?),
        "finish" => shown(app.replace_finish(&words.word()?).await?),
        "delete" => {
            let id = words.word()?;
            let rows = app.tokens_view(account).await?.rows;
            let row = rows.into_iter().find(|row| row.id == id);
            let row = row.ok_or_else(|| AppError::new(Code::Gone, "There is no such row."))?;
            shown(app.token_delete(account, &id, &row.name, row.created_on.as_deref(), false).await?)
        }
        "delete-candidate" => shown(app.operation_delete_candidate(&words.word()?, &words.word()?).await?),
        "dismiss" => shown(app.operation_dismiss(&words.word()?).await?),
        "verify" => shown(app.token_verify(account, &words.word()?).await?),
        "forget" => shown(app.token_forget(account, &words.word()?).await?),
        "mark-own" => shown(app.token_mark_own(account, &words.word()?).await?),
        "replace-sign-in" => shown(app.replace_sign_in(account).await?),
        other => Err(AppError::new(Code::Internal, format!("{other} is no command."))),
    }
}
