//! Users, everyone's tokens, and runs over them.

use super::App;
use crate::shell::files;
use gatehouse_core::{
    Result,
    export::ExportFormat,
    jobs::JobView,
    users::{
        CutOffReport, HeldDeletion, Inventory, InventoryWhom, NewUserForm, NewUserInput, UserDetail,
        UserPick, UserRow, UserToken, UserTokens, UsersFound, UsersView,
    },
};

/// The users as known now, at once and without a request.
#[tauri::command]
#[specta::specta]
pub async fn users_view(app: App<'_>, account: String) -> Result<UsersView> {
    app.users_view(&account).await
}

/// Asks for the first page again.
#[tauri::command]
#[specta::specta]
pub async fn users_refresh(app: App<'_>, account: String) -> Result<UsersView> {
    app.users_refresh(&account).await
}

/// Asks for the next page.
#[tauri::command]
#[specta::specta]
pub async fn users_more(app: App<'_>, account: String) -> Result<UsersView> {
    app.users_more(&account).await
}

/// Asks the server who matches.
#[tauri::command]
#[specta::specta]
pub async fn users_search(app: App<'_>, account: String, search: String, page: u32) -> Result<UsersFound> {
    app.users_search(&account, &search, page).await
}

/// One user, as the server has them now.
#[tauri::command]
#[specta::specta]
pub async fn user_detail(app: App<'_>, account: String, user: String) -> Result<UserDetail> {
    app.user_detail(&account, &user).await
}

/// A user's tokens; without `ask` what is known.
#[tauri::command]
#[specta::specta]
pub async fn user_tokens(app: App<'_>, account: String, user: String, ask: bool) -> Result<UserTokens> {
    app.user_tokens(&account, &user, ask).await
}

/// Gives or takes 'API Access', one or many: a run.
#[tauri::command]
#[specta::specta]
pub async fn users_set_api(
    app: App<'_>,
    account: String,
    users: Vec<UserPick>,
    grant: bool,
) -> Result<JobView> {
    app.users_set_api(&account, users, grant).await
}

/// Deletes tokens of another user in ten seconds, unless `operation_undo` takes that back.
#[tauri::command]
#[specta::specta]
pub async fn user_tokens_delete(
    app: App<'_>,
    account: String,
    user: UserPick,
    tokens: Vec<UserToken>,
) -> Result<HeldDeletion> {
    app.user_tokens_delete(&account, user, tokens).await
}

/// Takes a held deletion back.
#[tauri::command]
#[specta::specta]
pub async fn operation_undo(app: App<'_>, id: String) -> Result<()> {
    app.operation_undo(&id).await
}

/// Cuts off a user's access, without delay.
#[tauri::command]
#[specta::specta]
pub async fn user_cut_off(
    app: App<'_>,
    account: String,
    user: UserPick,
    deactivate: bool,
) -> Result<CutOffReport> {
    app.user_cut_off(&account, user, deactivate).await
}

/// Everyone's tokens as far as they were asked for. No request.
#[tauri::command]
#[specta::specta]
pub async fn inventory_view(app: App<'_>, account: String) -> Result<Inventory> {
    app.inventory_view(&account).await
}

/// Asks for tokens, one user after the other: a run.
#[tauri::command]
#[specta::specta]
pub async fn inventory_start(app: App<'_>, account: String, whom: InventoryWhom) -> Result<JobView> {
    app.inventory_start(&account, whom).await
}

/// Writes all tokens that are known to a file the person chooses; null = cancelled, else its path.
#[tauri::command]
#[specta::specta]
pub async fn inventory_export(
    app: App<'_>,
    window: tauri::WebviewWindow,
    account: String,
    format: ExportFormat,
) -> Result<Option<String>> {
    let file = app.inventory_export(&account, format).await?;
    files::save(&window, &file.name, files::kind(format), &file.text).await
}

/// Runs that have not ended.
#[tauri::command]
#[specta::specta]
pub async fn jobs_list(app: App<'_>, account: String) -> Result<Vec<JobView>> {
    app.jobs_list(&account).await
}

/// Runs that have ended with failures that the person has not put aside yet.
#[tauri::command]
#[specta::specta]
pub async fn jobs_unread(app: App<'_>, account: String) -> Result<Vec<JobView>> {
    app.jobs_unread(&account).await
}

/// The person has read what failed.
#[tauri::command]
#[specta::specta]
pub async fn job_read(app: App<'_>, id: String) -> Result<()> {
    app.job_read(&id).await
}

/// Rests after the user that is being worked on.
#[tauri::command]
#[specta::specta]
pub async fn job_pause(app: App<'_>, id: String) -> Result<JobView> {
    app.job_pause(&id).await
}

/// Goes on.
#[tauri::command]
#[specta::specta]
pub async fn job_resume(app: App<'_>, id: String) -> Result<JobView> {
    app.job_resume(&id).await
}

/// Ends it; what was done stays done.
#[tauri::command]
#[specta::specta]
pub async fn job_cancel(app: App<'_>, id: String) -> Result<()> {
    app.job_cancel(&id).await
}

/// What the form of a new user starts with.
#[tauri::command]
#[specta::specta]
pub async fn user_create_form(app: App<'_>, account: String) -> Result<NewUserForm> {
    app.user_create_form(&account).await
}

/// Creates an in-house user.
#[tauri::command]
#[specta::specta]
pub async fn user_create(app: App<'_>, account: String, input: NewUserInput) -> Result<UserRow> {
    app.user_create(&account, input).await
}

/// Invites somebody who is known in another account.
#[tauri::command]
#[specta::specta]
pub async fn user_invite(app: App<'_>, account: String, input: NewUserInput) -> Result<()> {
    app.user_invite(&account, input).await
}
