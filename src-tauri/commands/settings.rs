//! Start, settings, the keychain, and the ways out of the window.

use super::App;
use crate::shell::{files, pages, prefs};
use gatehouse_core::{
    Result, StoreNotice,
    accounts::AccountView,
    secrets::WaitChoice,
    settings::{KeptPlace, KeychainState, Settings},
};
use serde::Serialize;
use specta::Type;

/// All that the window needs to paint itself.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct StartState {
    /// Of this program.
    version: String,
    /// In the person's order.
    accounts: Vec<AccountView>,
    /// The one that was shown last.
    active_account: Option<String>,
    /// As last seen.
    keychain: KeychainState,
    /// Something happened to gatehouse.db.
    store_notice: Option<StoreNotice>,
    /// The window's own.
    prefs: prefs::Prefs,
}

/// Where the window starts; makes no request.
#[tauri::command]
#[specta::specta]
pub async fn app_start(app: App<'_>, handle: tauri::AppHandle) -> Result<StartState> {
    let start = app.start().await?;
    Ok(StartState {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        accounts: start.accounts,
        active_account: start.active_account,
        keychain: start.keychain,
        store_notice: start.store_notice,
        prefs: prefs::load(&handle),
    })
}

/// The settings of this computer.
#[tauri::command]
#[specta::specta]
pub async fn settings_get(app: App<'_>) -> Result<Settings> {
    app.settings().await
}

/// Checks and stores the settings; connections follow at once.
#[tauri::command]
#[specta::specta]
pub async fn settings_set(app: App<'_>, settings: Settings) -> Result<Settings> {
    app.settings_set(settings).await
}

/// Lets the person choose a PEM file; null = cancelled.
#[tauri::command]
#[specta::specta]
pub async fn pick_ca_file(window: tauri::WebviewWindow) -> Result<Option<String>> {
    files::pick_pem(&window).await
}

/// Opens the data folder in the file manager.
#[tauri::command]
#[specta::specta]
pub async fn open_data_folder(app: App<'_>, handle: tauri::AppHandle) -> Result<()> {
    pages::open_folder(&handle, app.data_dir())
}

/// What is kept where on this computer.
#[tauri::command]
#[specta::specta]
pub async fn kept_places(app: App<'_>) -> Result<Vec<KeptPlace>> {
    let mut places = app.kept_places().await?;
    places.extend(prefs::places());
    Ok(places)
}

/// Removes all that Gatehouse keeps on this computer and quits. `confirm` must be `remove everything`.
#[tauri::command]
#[specta::specta]
pub async fn remove_everything(app: App<'_>, handle: tauri::AppHandle, confirm: String) -> Result<()> {
    app.remove_everything(&confirm).await?;
    prefs::remove(&handle);
    handle.exit(0);
    Ok(())
}

/// Stores the window's preferences.
#[tauri::command]
#[specta::specta]
pub async fn prefs_set(handle: tauri::AppHandle, prefs: prefs::Prefs) -> Result<()> {
    prefs::save(&handle, &prefs)
}

/// Opens a page of PlanRadar in the browser.
#[tauri::command]
#[specta::specta]
pub async fn open_page(
    app: App<'_>,
    handle: tauri::AppHandle,
    page: pages::Page,
    account: Option<String>,
) -> Result<()> {
    let server = match account {
        Some(id) => Some(app.account_server(&id).await?),
        None => None,
    };
    pages::open(&handle, page, server.as_deref())
}

/// Asks the keychain anew, without a restart.
#[tauri::command]
#[specta::specta]
pub async fn keychain_retry(app: App<'_>) -> Result<KeychainState> {
    Ok(app.keychain_retry().await)
}

/// Answers "still waiting, perhaps for your password".
#[tauri::command]
#[specta::specta]
pub async fn keychain_choose(app: App<'_>, wait_id: String, choice: WaitChoice) -> Result<()> {
    app.keychain_choose(&wait_id, choice);
    Ok(())
}

/// Says whether the window holds something typed that is not saved: then closing it asks first.
#[tauri::command]
#[specta::specta]
pub async fn unsaved_set(app: App<'_>, unsaved: bool) -> Result<()> {
    app.set_unsaved(unsaved);
    Ok(())
}

/// Ends the program, unless a value is on show that is kept nowhere, or something is not saved and `anyway` is not said;
/// the clipboard is cleared on the way out.
#[tauri::command]
#[specta::specta]
pub async fn quit(app: App<'_>, handle: tauri::AppHandle, anyway: bool) -> Result<()> {
    if app.may_quit(anyway) {
        handle.exit(0);
    }
    Ok(())
}
