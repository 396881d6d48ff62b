//! Tokens (Mine). Values go into Rust and stay there; `token_reveal` is the one exception.

use super::{App, SecretInput};
use gatehouse_core::{
    Result,
    operations::OperationView,
    tokens::{CloseHow, Copied, CreatedToken, Kept, TokensView},
};
use secrecy::ExposeSecret;

/// The list as known now, at once and without a request.
#[tauri::command]
#[specta::specta]
pub async fn tokens_view(app: App<'_>, account: String) -> Result<TokensView> {
    app.tokens_view(&account).await
}

/// Asks the server again.
#[tauri::command]
#[specta::specta]
pub async fn tokens_refresh(app: App<'_>, account: String) -> Result<TokensView> {
    app.tokens_refresh(&account).await
}

/// Creates a token; it is kept before this answers, if that was chosen and the keychain agrees.
#[tauri::command]
#[specta::specta]
pub async fn token_create(app: App<'_>, account: String, name: String, keep: Kept) -> Result<CreatedToken> {
    app.token_create(&account, &name, keep).await
}

/// The value of a token that was just created: the one secret that leaves Rust for the page.
#[tauri::command]
#[specta::specta]
pub async fn token_reveal(app: App<'_>, handle: String) -> Result<String> {
    let value = app.token_reveal(&handle)?;
    // Exposed because the person pressed Reveal; the page drops it after 30 s.
    Ok(value.expose_secret().to_owned())
}

/// Copies the value of a token that was just created.
#[tauri::command]
#[specta::specta]
pub async fn token_copy_created(app: App<'_>, handle: String) -> Result<Copied> {
    app.token_copy_created(&handle).await
}

/// Copies a kept value from the keychain.
#[tauri::command]
#[specta::specta]
pub async fn token_copy_kept(app: App<'_>, account: String, token_id: String) -> Result<Copied> {
    app.token_copy_kept(&account, &token_id).await
}

/// Tries again to keep the value of a token that was just created.
#[tauri::command]
#[specta::specta]
pub async fn token_keep(app: App<'_>, handle: String, session_only: bool) -> Result<Kept> {
    app.token_keep(&handle, session_only).await
}

/// Ends the dialog of a created token: its value leaves the memory.
#[tauri::command]
#[specta::specta]
pub async fn token_close(app: App<'_>, handle: String, how: CloseHow) -> Result<()> {
    app.token_close(&handle, how).await
}

/// Deletes a token at PlanRadar, if it still is the one that was shown.
#[tauri::command]
#[specta::specta]
pub async fn token_delete(
    app: App<'_>,
    account: String,
    token_id: String,
    name: String,
    created_on: Option<String>,
    without_limit: bool,
) -> Result<()> {
    app.token_delete(&account, &token_id, &name, created_on.as_deref(), without_limit).await
}

/// Makes one documented request with a kept value.
#[tauri::command]
#[specta::specta]
pub async fn token_verify(app: App<'_>, account: String, token_id: String) -> Result<TokensView> {
    app.token_verify(&account, &token_id).await
}

/// Removes a kept value from this computer; the token itself goes on working.
#[tauri::command]
#[specta::specta]
pub async fn token_forget(app: App<'_>, account: String, token_id: String) -> Result<TokensView> {
    app.token_forget(&account, &token_id).await
}

/// Takes a token made on the web page: verified, then kept with its name.
#[tauri::command]
#[specta::specta]
pub async fn token_paste(
    app: App<'_>,
    account: String,
    name: String,
    value: SecretInput,
    session_only: bool,
) -> Result<TokensView> {
    app.token_paste(&account, &name, value.into(), session_only).await
}

/// The person says which token Gatehouse signs in with.
#[tauri::command]
#[specta::specta]
pub async fn token_mark_own(app: App<'_>, account: String, token_id: String) -> Result<TokensView> {
    app.token_mark_own(&account, &token_id).await
}

/// Step 1 of "Replace safely": creates the new token.
#[tauri::command]
#[specta::specta]
pub async fn replace_start(
    app: App<'_>,
    account: String,
    token_id: String,
    name: String,
    keep: Kept,
) -> Result<CreatedToken> {
    app.replace_start(&account, &token_id, &name, keep).await
}

/// Step 2: the person has entered the new token in their program.
#[tauri::command]
#[specta::specta]
pub async fn replace_entered(app: App<'_>, operation: String) -> Result<OperationView> {
    app.replace_entered(&operation).await
}

/// Step 3: looks whether the new one is used and the old one is quiet.
#[tauri::command]
#[specta::specta]
pub async fn replace_check(app: App<'_>, operation: String) -> Result<OperationView> {
    app.replace_check(&operation).await
}

/// Step 4: deletes the old one.
#[tauri::command]
#[specta::specta]
pub async fn replace_finish(app: App<'_>, operation: String) -> Result<()> {
    app.replace_finish(&operation).await
}

/// Ends a replacement without deleting the old one; the new one goes only if that is wished.
#[tauri::command]
#[specta::specta]
pub async fn replace_stop(app: App<'_>, operation: String, delete_new: bool) -> Result<()> {
    app.replace_stop(&operation, delete_new).await
}

/// Replaces Gatehouse's own token together with the sign-in.
#[tauri::command]
#[specta::specta]
pub async fn replace_sign_in(app: App<'_>, account: String) -> Result<TokensView> {
    app.replace_sign_in(&account).await
}
