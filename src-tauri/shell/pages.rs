//! The ways out into the browser and the file manager.

use gatehouse_core::{AppError, Code, Result};
use serde::Deserialize;
use specta::Type;
use std::path::Path;
use tauri::AppHandle;
use tauri_plugin_opener::OpenerExt;

/// A page the window may ask for. The page never passes a URL.
#[derive(Clone, Copy, Debug, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Page {
    /// Settings > Profile > Personal Access Tokens.
    AccessTokens,
    /// Settings > Account.
    Account,
    /// User Management > Users.
    Users,
    /// PlanRadar's API description.
    ApiDocs,
}

/// Opens a page in the browser. Assumed: PlanRadar publishes no addresses of its settings pages, so
/// the server's front page is opened and the window shows the menu path.
pub fn open(handle: &AppHandle, page: Page, server: Option<&str>) -> Result<()> {
    let server = server.unwrap_or("https://www.planradar.com").trim_end_matches('/');
    let url = match page {
        Page::AccessTokens | Page::Account | Page::Users => format!("{server}/"),
        Page::ApiDocs => format!("{server}/api-docs"),
    };
    open_url(handle, &url)
}

/// Opens an address that Rust made.
pub fn open_url(handle: &AppHandle, url: &str) -> Result<()> {
    handle.opener().open_url(url, None::<&str>).map_err(|e| cannot(url, &e))
}

/// Opens a folder in the file manager.
pub fn open_folder(handle: &AppHandle, folder: &Path) -> Result<()> {
    let shown = folder.display().to_string();
    handle.opener().open_path(&shown, None::<&str>).map_err(|e| cannot(&shown, &e))
}

fn cannot(what: &str, error: &tauri_plugin_opener::Error) -> AppError {
    AppError::new(Code::Internal, format!("{what} could not be opened: {error}. Open it by hand."))
}
