//! What a worker can be told to do with webhooks.

use super::{Answer, Words, shown};
use gatehouse_core::{
    AppError, Code, Gatehouse,
    webhooks::{BulkOutcome, WebhookInput, WebhookPick},
};
use serde_json::json;

/// Carries one command out; `None`: it is none of webhooks.
pub async fn carry_out(app: &Gatehouse, account: &str, command: &str, words: &mut Words) -> Option<Answer> {
    Some(match command {
        "webhooks" => look(app, account).await,
        "webhook-form" => form(app, account, words).await,
        "webhook-check" => check(app, account, words).await,
        "webhook-save" => save(app, account, words).await,
        "webhook-duplicate" => duplicate(app, account, words).await,
        "webhook-copy" => copy(app, account, words).await,
        "webhook-by-hand" => by_hand(app, account, words).await,
        "webhook-deliveries" => deliveries(app, account, words).await,
        "webhook-pause" => bulk(app, account, words, true).await,
        "webhook-delete" => bulk(app, account, words, false).await,
        _ => return None,
    })
}

async fn look(app: &Gatehouse, account: &str) -> Answer {
    let view = app.webhooks_refresh(account).await?;
    Ok(json!({ "view": view, "operations": app.operations_list(account).await? }))
}

fn input(words: &mut Words) -> Result<WebhookInput, AppError> {
    serde_json::from_str(&words.word()?).map_err(|e| AppError::new(Code::Internal, e.to_string()))
}

async fn form(app: &Gatehouse, account: &str, words: &mut Words) -> Answer {
    shown(app.webhook_form(account, Some(&words.word()?)).await?)
}

async fn check(app: &Gatehouse, account: &str, words: &mut Words) -> Answer {
    shown(app.webhook_check(account, &input(words)?).await?)
}

async fn save(app: &Gatehouse, account: &str, words: &mut Words) -> Answer {
    shown(app.webhook_save(account, &input(words)?).await?)
}

async fn duplicate(app: &Gatehouse, account: &str, words: &mut Words) -> Answer {
    shown(app.webhook_duplicate(account, &words.word()?).await?)
}

async fn copy(app: &Gatehouse, account: &str, words: &mut Words) -> Answer {
    shown(app.webhook_copy_value(account, &words.word()?, &words.word()?).await?)
}

async fn by_hand(app: &Gatehouse, account: &str, words: &mut Words) -> Answer {
    shown(app.webhook_remember_by_hand(account, &input(words)?).await?)
}

async fn deliveries(app: &Gatehouse, account: &str, words: &mut Words) -> Answer {
    shown(app.webhook_deliveries(account, &words.word()?).await?)
}

async fn bulk(app: &Gatehouse, account: &str, words: &mut Words, pause: bool) -> Answer {
    let id = words.word()?;
    let rows = app.webhooks_view(account).await?.rows;
    let picks: Vec<_> = rows.into_iter().filter(|r| r.id == id).collect();
    let picks: Vec<_> = picks.into_iter().map(|r| WebhookPick { id: r.id, base: r.base }).collect();
    let outcomes: Vec<BulkOutcome> = if pause {
        app.webhooks_set_active(account, &picks, false).await?
    } else {
        app.webhooks_delete(account, &picks).await?
    };
    match outcomes.into_iter().find_map(|o| o.error) {
        Some(error) => Err(error),
        None => Ok(json!(picks.len())),
    }
}
