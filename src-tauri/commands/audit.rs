//! The audit log of this computer. Its file is chosen and written by Rust.

use super::App;
use crate::shell::files;
use gatehouse_core::{
    Result,
    audit::{AuditIntegrity, AuditPage, AuditQuery},
    export::ExportFormat,
};

/// Whether the log is as it was written; seals what has no seal yet. The keychain may ask the person.
#[tauri::command]
#[specta::specta]
pub async fn audit_verify(app: App<'_>) -> Result<AuditIntegrity> {
    app.audit_verify().await
}

/// Begins a new chain after a log that was found broken; what is there stays.
#[tauri::command]
#[specta::specta]
pub async fn audit_begin_anew(app: App<'_>) -> Result<AuditIntegrity> {
    app.audit_begin_anew().await
}

/// Lines that fit, newest first; `before`: where the page before said the next one begins.
#[tauri::command]
#[specta::specta]
pub async fn audit_page(app: App<'_>, query: AuditQuery, before: Option<u32>) -> Result<AuditPage> {
    app.audit_page(&query, before).await
}

/// Writes the lines that fit to a file the person chooses; null = cancelled, else its path.
#[tauri::command]
#[specta::specta]
pub async fn audit_export(
    app: App<'_>,
    window: tauri::WebviewWindow,
    query: AuditQuery,
    format: ExportFormat,
) -> Result<Option<String>> {
    let file = app.audit_export(&query, format).await?;
    files::save(&window, &file.name, files::kind(format), &file.text).await
}
