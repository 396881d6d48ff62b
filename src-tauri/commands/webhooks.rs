//! Webhooks. Hidden values go into Rust and stay there.

use super::{App, SecretInput};
use crate::shell::pages;
use gatehouse_core::{
    Result,
    tokens::Copied,
    webhooks::{
        BulkOutcome, DeliveriesView, EventChoice, ProjectsPage, SavedWebhook, WebhookForm, WebhookInput,
        WebhookPick, WebhookPlan, WebhooksView,
    },
};
use tauri::AppHandle;

/// The list as known now, at once and without a request.
#[tauri::command]
#[specta::specta]
pub async fn webhooks_view(app: App<'_>, account: String) -> Result<WebhooksView> {
    app.webhooks_view(&account).await
}

/// Asks the server again.
#[tauri::command]
#[specta::specta]
pub async fn webhooks_refresh(app: App<'_>, account: String) -> Result<WebhooksView> {
    app.webhooks_refresh(&account).await
}

/// The editor's content; null = a new webhook.
#[tauri::command]
#[specta::specta]
pub async fn webhook_form(app: App<'_>, account: String, id: Option<String>) -> Result<WebhookForm> {
    app.webhook_form(&account, id.as_deref()).await
}

/// The editor's content for a copy.
#[tauri::command]
#[specta::specta]
pub async fn webhook_duplicate(app: App<'_>, account: String, id: String) -> Result<WebhookForm> {
    app.webhook_duplicate(&account, &id).await
}

/// What saving would do.
#[tauri::command]
#[specta::specta]
pub async fn webhook_check(app: App<'_>, account: String, input: WebhookInput) -> Result<WebhookPlan> {
    app.webhook_check(&account, &input).await
}

/// The same before the fields are handed over to PlanRadar's page.
#[tauri::command]
#[specta::specta]
pub async fn webhook_check_by_hand(
    app: App<'_>,
    account: String,
    input: WebhookInput,
) -> Result<WebhookPlan> {
    app.webhook_check_by_hand(&account, &input).await
}

/// Saves, if the webhook still is what the input's `base` says.
#[tauri::command]
#[specta::specta]
pub async fn webhook_save(app: App<'_>, account: String, input: WebhookInput) -> Result<SavedWebhook> {
    app.webhook_save(&account, &input).await
}

/// Remembers a webhook that was set up on PlanRadar's page.
#[tauri::command]
#[specta::specta]
pub async fn webhook_remember_by_hand(
    app: App<'_>,
    account: String,
    input: WebhookInput,
) -> Result<WebhooksView> {
    app.webhook_remember_by_hand(&account, &input).await
}

/// Copies a field on its way to PlanRadar's page.
#[tauri::command]
#[specta::specta]
pub async fn webhook_copy_field(app: App<'_>, value: SecretInput) -> Result<Copied> {
    app.webhook_copy_field(value.into()).await
}

/// Copies a hidden value that is kept in the OS keychain.
#[tauri::command]
#[specta::specta]
pub async fn webhook_copy_value(app: App<'_>, account: String, id: String, name: String) -> Result<Copied> {
    app.webhook_copy_value(&account, &id, &name).await
}

/// Pauses or resumes several.
#[tauri::command]
#[specta::specta]
pub async fn webhooks_set_active(
    app: App<'_>,
    account: String,
    picks: Vec<WebhookPick>,
    active: bool,
) -> Result<Vec<BulkOutcome>> {
    app.webhooks_set_active(&account, &picks, active).await
}

/// Deletes several.
#[tauri::command]
#[specta::specta]
pub async fn webhooks_delete(
    app: App<'_>,
    account: String,
    picks: Vec<WebhookPick>,
) -> Result<Vec<BulkOutcome>> {
    app.webhooks_delete(&account, &picks).await
}

/// The server's events.
#[tauri::command]
#[specta::specta]
pub async fn webhook_events(app: App<'_>, account: String) -> Result<Vec<EventChoice>> {
    app.webhook_events(&account).await
}

/// A page of projects to choose from.
#[tauri::command]
#[specta::specta]
pub async fn projects_page(app: App<'_>, account: String, search: String, page: u32) -> Result<ProjectsPage> {
    app.projects_page(&account, &search, page).await
}

/// The last deliveries.
#[tauri::command]
#[specta::specta]
pub async fn webhook_deliveries(app: App<'_>, account: String, id: String) -> Result<DeliveriesView> {
    app.webhook_deliveries(&account, &id).await
}

/// Opens the demo account's page where tickets are made and changed, in the browser.
#[tauri::command]
#[specta::specta]
pub async fn demo_page_open(handle: AppHandle, app: App<'_>) -> Result<()> {
    pages::open_url(&handle, &app.demo_page().await?)
}
