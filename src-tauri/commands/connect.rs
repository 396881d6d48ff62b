//! PlanRadar Connect.

use super::App;
use gatehouse_core::{
    Result,
    connect::{ConnectCheck, ConnectInput, ConnectView, TextLanguage},
};

/// How it stands, as known now, at once and without a request.
#[tauri::command]
#[specta::specta]
pub async fn connect_view(app: App<'_>, account: String) -> Result<ConnectView> {
    app.connect_view(&account).await
}

/// Asks the server: `anyway`, because the person wants to know now; else only when it is time.
#[tauri::command]
#[specta::specta]
pub async fn connect_refresh(app: App<'_>, account: String, anyway: bool) -> Result<ConnectView> {
    app.connect_refresh(&account, anyway).await
}

/// What should be in order first; `token`: which kept token is tried, null = the one that was created last.
#[tauri::command]
#[specta::specta]
pub async fn connect_preflight(
    app: App<'_>,
    account: String,
    token: Option<String>,
) -> Result<Vec<ConnectCheck>> {
    app.connect_preflight(&account, token.as_deref()).await
}

/// Asks for access; never twice.
#[tauri::command]
#[specta::specta]
pub async fn connect_request(app: App<'_>, account: String, input: ConnectInput) -> Result<ConnectView> {
    app.connect_request(&account, &input).await
}

/// The request as text to copy.
#[tauri::command]
#[specta::specta]
pub async fn connect_text(
    app: App<'_>,
    account: String,
    input: ConnectInput,
    language: TextLanguage,
) -> Result<String> {
    app.connect_text(&account, &input, language).await
}
