//! Puts the program together: data folder, store, keychain, clipboard, demo account.

use super::{clipboard::SystemClipboard, demo::Demo, logs, notices::WindowNotifier};
use gatehouse_core::{
    AppError, Code, Gatehouse, Parts, Result, StoreNotice, store_error, twins::SystemClock,
};
use gatehouse_keychain::OsKeychain;
use gatehouse_store::{Actor, OpenNotice, Store};
use planradar::rate_limit::{LimitParams, RateLimiter};
use std::{path::PathBuf, sync::Arc};
use tauri::{AppHandle, Manager};

/// Moves the data folder; the limit files of servers on other computers stay where they are.
pub const DATA_DIR: &str = "GATEHOUSE_DATA_DIR";

/// Puts it together. An error is for the person: the program can't go on.
pub fn start(handle: &AppHandle) -> Result<Arc<Gatehouse>> {
    let data_dir = data_dir(handle)?;
    logs::start(&data_dir);
    let opened = Store::open(data_dir.join("gatehouse.db")).map_err(|e| store_error(&e))?;
    let store_notice = opened.notice.map(|notice| match notice {
        OpenNotice::DamagedKeptAside { path, .. } => {
            StoreNotice::DamagedKeptAside { path: path.display().to_string() }
        }
    });
    let limit_dir = RateLimiter::default_dir().ok_or_else(|| {
        AppError::new(Code::LimitUnavailable, "There is no home folder for the request limit's file.")
    })?;
    // Core's timers start within a call, on this runtime.
    let _runtime = tauri::async_runtime::handle().inner().enter();
    let gatehouse = Gatehouse::new(Parts {
        store: opened.store,
        store_notice,
        keychain: Arc::new(OsKeychain::new()),
        clipboard: Arc::new(SystemClipboard::new()),
        clock: Arc::new(SystemClock),
        notifier: Arc::new(WindowNotifier::new(handle.clone())),
        demo: Some(Arc::new(Demo::new(data_dir.join("demo")))),
        data_dir,
        limit_dir,
        limit_params: LimitParams::default(),
        actor: Actor::Window,
    })?;
    // The command line works on the same accounts.
    gatehouse.watch_other_programs();
    Ok(gatehouse)
}

/// Where everything but secrets and limits is kept.
pub fn data_dir(handle: &AppHandle) -> Result<PathBuf> {
    if let Some(dir) = std::env::var_os(DATA_DIR).filter(|d| !d.is_empty()) {
        let dir = PathBuf::from(dir);
        if dir.is_absolute() {
            return Ok(dir);
        }
        return Err(AppError::invalid(
            DATA_DIR,
            format!("{DATA_DIR} must be an absolute path; it is {}.", dir.display()),
        ));
    }
    handle.path().app_data_dir().map_err(|e| {
        AppError::new(Code::StoreFailed, format!("There is no folder for Gatehouse's data: {e}."))
    })
}
