//! Accounts.

use super::{App, SecretInput};
use gatehouse_core::{
    Result,
    accounts::{AccountView, NewAccount, UserChoice},
};

/// Tests the connection with a documented request, then stores account and token.
#[tauri::command]
#[specta::specta]
pub async fn account_add(app: App<'_>, input: NewAccount, token: SecretInput) -> Result<AccountView> {
    app.account_add(input, token.into()).await
}

/// Adds another Account ID with the sign-in token of an account that is here already.
#[tauri::command]
#[specta::specta]
pub async fn account_add_same_token(
    app: App<'_>,
    from: String,
    customer_id: String,
    label: Option<String>,
) -> Result<AccountView> {
    app.account_add_same_token(&from, &customer_id, label).await
}

/// Makes an account the one that is shown.
#[tauri::command]
#[specta::specta]
pub async fn account_activate(app: App<'_>, id: String) -> Result<AccountView> {
    app.account_activate(&id).await
}

/// Renames an account, here only.
#[tauri::command]
#[specta::specta]
pub async fn account_rename(app: App<'_>, id: String, label: String) -> Result<AccountView> {
    app.account_rename(&id, &label).await
}

/// Removes an account from this computer, its secrets from the keychain too; with `leave_secrets` once that can be used.
#[tauri::command]
#[specta::specta]
pub async fn account_remove(app: App<'_>, id: String, leave_secrets: bool) -> Result<()> {
    if leave_secrets { app.account_remove_leaving_secrets(&id).await } else { app.account_remove(&id).await }
}

/// Takes a new sign-in token for an account that has lost its own.
#[tauri::command]
#[specta::specta]
pub async fn account_sign_in_again(
    app: App<'_>,
    id: String,
    token: SecretInput,
    session_only: bool,
) -> Result<AccountView> {
    app.account_sign_in_again(&id, token.into(), session_only).await
}

/// Starts the sandbox inside the program and shows its account.
#[tauri::command]
#[specta::specta]
pub async fn demo_start(app: App<'_>) -> Result<AccountView> {
    app.demo_start().await
}

/// Users to choose from, where the server doesn't tell who the token acts as.
#[tauri::command]
#[specta::specta]
pub async fn account_user_choices(app: App<'_>, id: String, search: String) -> Result<Vec<UserChoice>> {
    app.account_user_choices(&id, &search).await
}

/// Records what the person says: who they are, who the account holder is.
#[tauri::command]
#[specta::specta]
pub async fn account_set_identity(
    app: App<'_>,
    id: String,
    user_id: String,
    account_holder_id: Option<String>,
) -> Result<AccountView> {
    app.account_set_identity(&id, &user_id, account_holder_id.as_deref()).await
}
