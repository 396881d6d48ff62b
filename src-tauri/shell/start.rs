//! Puts the program together: data folder, store, keychain, clipboard, demo account.

use super::{clipboard::SystemClipboard, demo::Demo, logs, notices::WindowNotifier};
use gatehouse_core::{Gatehouse, Parts, Result, places, twins::SystemClock};
use gatehouse_keychain::OsKeychain;
use gatehouse_store::Actor;
use planradar::rate_limit::LimitParams;
use std::sync::Arc;
use tauri::AppHandle;

/// Puts it together. An error is for the person: the program can't go on.
pub fn start(handle: &AppHandle) -> Result<Arc<Gatehouse>> {
    let data_dir = places::data_dir()?;
    logs::start(&data_dir);
    let (store, store_notice) = places::open_store(&data_dir)?;
    // Core's timers start within a call, on this runtime.
    let _runtime = tauri::async_runtime::handle().inner().enter();
    let gatehouse = Gatehouse::new(Parts {
        store,
        store_notice,
        keychain: Arc::new(OsKeychain::new()),
        clipboard: Arc::new(SystemClipboard::new()),
        clock: Arc::new(SystemClock),
        notifier: Arc::new(WindowNotifier::new(handle.clone())),
        demo: Some(Arc::new(Demo::new(data_dir.join("demo")))),
        data_dir,
        limit_dir: places::limit_dir()?,
        limit_params: LimitParams::default(),
        actor: Actor::Window,
    })?;
    // The command line works on the same accounts.
    gatehouse.watch_other_programs();
    Ok(gatehouse)
}
