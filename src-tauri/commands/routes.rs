//! Route overrides and capabilities. Files are chosen and read by Rust.

use super::App;
use crate::shell::files;
use gatehouse_core::{
    Result,
    routes::{RouteChange, RouteImport, RouteRow, RouteTest},
    tokens::TokensView,
};

/// The account's route table.
#[tauri::command]
#[specta::specta]
pub async fn routes_list(app: App<'_>, account: String) -> Result<Vec<RouteRow>> {
    app.routes_list(&account).await
}

/// Sets or (null) takes back one override.
#[tauri::command]
#[specta::specta]
pub async fn route_set(
    app: App<'_>,
    account: String,
    name: String,
    template: Option<String>,
) -> Result<Vec<RouteRow>> {
    app.route_set(&account, &name, template.as_deref()).await
}

/// Tests one route; a route that would change something is only checked for its form.
#[tauri::command]
#[specta::specta]
pub async fn route_test(app: App<'_>, account: String, name: String) -> Result<RouteTest> {
    app.route_test(&account, &name).await
}

/// Writes the overrides to a file the person chooses; null = cancelled.
#[tauri::command]
#[specta::specta]
pub async fn routes_export(
    app: App<'_>,
    window: tauri::WebviewWindow,
    account: String,
) -> Result<Option<String>> {
    let text = app.routes_export(&account).await?;
    files::save(&window, "gatehouse-routes.json", files::JSON, &text).await
}

/// Reads overrides from a file the person chooses and shows what would change; null = cancelled.
#[tauri::command]
#[specta::specta]
pub async fn routes_import(
    app: App<'_>,
    window: tauri::WebviewWindow,
    account: String,
) -> Result<Option<RouteImport>> {
    match files::open(&window, &files::ROUTES).await? {
        Some((file, text)) => app.routes_import(&account, &file, &text).await.map(Some),
        None => Ok(None),
    }
}

/// Applies what `routes_import` showed, as a whole.
#[tauri::command]
#[specta::specta]
pub async fn routes_import_apply(
    app: App<'_>,
    account: String,
    changes: Vec<RouteChange>,
) -> Result<Vec<RouteRow>> {
    app.routes_import_apply(&account, &changes).await
}

/// Forgets what the server was found to offer and looks again.
#[tauri::command]
#[specta::specta]
pub async fn capabilities_check_again(app: App<'_>, account: String) -> Result<TokensView> {
    app.capabilities_check_again(&account).await
}
