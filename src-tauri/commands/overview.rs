//! The Overview, and what another program needs to sign in.

use super::App;
use gatehouse_core::{Result, overview::Overview, tokens::Copied};

/// The figures of one account, from what is known. No request.
#[tauri::command]
#[specta::specta]
pub async fn overview(app: App<'_>, account: String) -> Result<Overview> {
    app.overview(&account).await
}

/// "Not a problem": this one is not told again.
#[tauri::command]
#[specta::specta]
pub async fn attention_dismiss(app: App<'_>, account: String, key: String) -> Result<Overview> {
    app.attention_dismiss(&account, &key).await
}

/// All that was called "not a problem" is told again.
#[tauri::command]
#[specta::specta]
pub async fn attention_restore(app: App<'_>, account: String) -> Result<Overview> {
    app.attention_restore(&account).await
}

/// From how many days on a token counts as old.
#[tauri::command]
#[specta::specta]
pub async fn overview_set_old(app: App<'_>, account: String, days: u32) -> Result<Overview> {
    app.overview_set_old(&account, days).await
}

/// Copies a curl line with a kept token in it.
#[tauri::command]
#[specta::specta]
pub async fn integration_copy_curl(app: App<'_>, account: String, token: String) -> Result<Copied> {
    app.integration_copy_curl(&account, &token).await
}
