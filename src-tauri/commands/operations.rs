//! Operations that are unfinished or whose outcome is unknown.

use super::App;
use gatehouse_core::{Result, operations::OperationView};

/// All open ones of an account.
#[tauri::command]
#[specta::specta]
pub async fn operations_list(app: App<'_>, account: String) -> Result<Vec<OperationView>> {
    app.operations_list(&account).await
}

/// Looks again what became of one.
#[tauri::command]
#[specta::specta]
pub async fn operation_check(app: App<'_>, id: String) -> Result<OperationView> {
    app.operation_check(&id).await
}

/// Deletes one candidate of a lost answer: always the person's choice.
#[tauri::command]
#[specta::specta]
pub async fn operation_delete_candidate(
    app: App<'_>,
    id: String,
    token_id: String,
) -> Result<Option<OperationView>> {
    app.operation_delete_candidate(&id, &token_id).await
}

/// Leaves things as they are at PlanRadar and stops watching.
#[tauri::command]
#[specta::specta]
pub async fn operation_dismiss(app: App<'_>, id: String) -> Result<()> {
    app.operation_dismiss(&id).await
}
