//! Webhooks as code. Files are chosen, read, held and written by Rust; hidden values go into Rust and stay there.

use super::App;
use crate::shell::files;
use gatehouse_core::{
    Result,
    webhooks::{CodeAnswer, CodeChoice, CodeFile, CodePlan, CodeReport},
};
use tauri::WebviewWindow;

/// Writes webhooks (null = all) to a file the person chooses; null = cancelled, else its path.
#[tauri::command]
#[specta::specta]
pub async fn webhooks_export(
    app: App<'_>,
    window: WebviewWindow,
    account: String,
    ids: Option<Vec<String>>,
) -> Result<Option<String>> {
    let text = app.webhooks_code_export(&account, ids.as_deref()).await?;
    files::save(&window, "webhooks.yaml", files::YAML, &text).await
}

/// Copies a webhook as YAML. No secret is in it.
#[tauri::command]
#[specta::specta]
pub async fn webhook_copy_yaml(app: App<'_>, account: String, id: String) -> Result<()> {
    app.webhook_copy_yaml(&account, &id).await
}

/// Holds a file the person chooses; null = cancelled.
#[tauri::command]
#[specta::specta]
pub async fn webhooks_import_open(
    app: App<'_>,
    window: WebviewWindow,
    account: String,
) -> Result<Option<CodeFile>> {
    match files::open(&window, &files::WEBHOOKS).await? {
        Some((name, text)) => app.webhooks_import_open(&account, Some(name), text).await.map(Some),
        None => Ok(None),
    }
}

/// Holds a text that was pasted.
#[tauri::command]
#[specta::specta]
pub async fn webhooks_import_paste(app: App<'_>, account: String, text: String) -> Result<CodeFile> {
    app.webhooks_import_open(&account, None, text).await
}

/// What applying the held file would do.
#[tauri::command]
#[specta::specta]
pub async fn webhooks_import_plan(app: App<'_>, id: String, choice: CodeChoice) -> Result<CodePlan> {
    app.webhooks_import_plan(&id, &choice).await
}

/// Takes hidden values that the file refers to.
#[tauri::command]
#[specta::specta]
pub async fn webhooks_import_give(
    app: App<'_>,
    id: String,
    choice: CodeChoice,
    answers: Vec<CodeAnswer>,
) -> Result<()> {
    app.webhooks_import_give(&id, &choice, answers).await
}

/// Does what the plan of this digest says; notices tell how far it is.
#[tauri::command]
#[specta::specta]
pub async fn webhooks_import_apply(
    app: App<'_>,
    id: String,
    choice: CodeChoice,
    digest: String,
) -> Result<CodeReport> {
    app.webhooks_import_apply(&id, &choice, &digest).await
}

/// Applying ends after the webhook that is being written.
#[tauri::command]
#[specta::specta]
pub async fn webhooks_import_stop(app: App<'_>, account: String) -> Result<()> {
    app.webhooks_code_stop(&account);
    Ok(())
}

/// Forgets the held file and what was entered for it.
#[tauri::command]
#[specta::specta]
pub async fn webhooks_import_close(app: App<'_>, id: String) -> Result<()> {
    app.webhooks_import_close(&id);
    Ok(())
}
