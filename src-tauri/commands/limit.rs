//! The request limit.

use super::App;
use gatehouse_core::{Result, limit::LimitView};

/// Where the account stands now.
#[tauri::command]
#[specta::specta]
pub async fn limit_status(app: App<'_>, account: String) -> Result<LimitView> {
    app.limit_status(&account).await
}

/// Sets the account's limit and the share that this computer uses of it.
#[tauri::command]
#[specta::specta]
pub async fn limit_set(app: App<'_>, account: String, limit: u32, share: u32) -> Result<LimitView> {
    app.limit_set(&account, limit, share).await
}
