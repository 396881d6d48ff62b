//! Puts the use cases together over the window's own data folder, keychain and limit files.

use crate::{failure::Failure, notices::Channel};
use gatehouse_core::{
    AppError, Code, Gatehouse, Parts, StoreNotice,
    ports::{Clipboard, ClipboardError},
    store_error,
    twins::SystemClock,
};
use gatehouse_keychain::OsKeychain;
use gatehouse_store::{Actor, OpenNotice, Store};
use planradar::rate_limit::{LimitParams, RateLimiter};
use secrecy::SecretString;
use std::{path::PathBuf, sync::Arc};

/// Moves the data folder, as for the window.
pub const DATA_DIR: &str = "GATEHOUSE_DATA_DIR";
/// The window's identifier, which names its data folder.
const IDENTIFIER: &str = "io.github.gatehouse.desktop";

/// Opens the store, and what else the use cases stand on. Makes no request and asks no keychain. To be called on a
/// runtime. The second part tells what happened to the store.
pub fn start(notices: Channel) -> Result<(Arc<Gatehouse>, Option<StoreNotice>), Failure> {
    let data_dir = data_dir()?;
    let opened = Store::open(data_dir.join("gatehouse.db")).map_err(|e| store_error(&e))?;
    let store_notice = opened.notice.map(|notice| match notice {
        OpenNotice::DamagedKeptAside { path, .. } => {
            StoreNotice::DamagedKeptAside { path: path.display().to_string() }
        }
    });
    let limit_dir = RateLimiter::default_dir().ok_or_else(|| {
        AppError::new(Code::LimitUnavailable, "There is no home folder for the request limit's file.")
    })?;
    let app = Gatehouse::new(Parts {
        store: opened.store,
        store_notice: store_notice.clone(),
        keychain: Arc::new(OsKeychain::new()),
        clipboard: Arc::new(NoClipboard),
        clock: Arc::new(SystemClock),
        notifier: Arc::new(notices),
        demo: None,
        data_dir,
        limit_dir,
        limit_params: LimitParams::default(),
        actor: Actor::Cli,
    })?;
    Ok((app, store_notice))
}

fn data_dir() -> Result<PathBuf, Failure> {
    if let Some(dir) = std::env::var_os(DATA_DIR).filter(|d| !d.is_empty()) {
        let dir = PathBuf::from(dir);
        if dir.is_absolute() {
            return Ok(dir);
        }
        return Err(AppError::invalid(
            DATA_DIR,
            format!("{DATA_DIR} must be an absolute path; it is {}.", dir.display()),
        )
        .into());
    }
    let base = dirs::data_dir()
        .ok_or_else(|| AppError::new(Code::StoreFailed, "There is no folder for Gatehouse's data."))?;
    Ok(base.join(IDENTIFIER))
}

/// A program that ends at once can't clear what it copied.
struct NoClipboard;

impl Clipboard for NoClipboard {
    fn set_secret(&self, _: &SecretString) -> Result<(), ClipboardError> {
        Err(ClipboardError("the command line does not copy".to_owned()))
    }

    fn set_text(&self, _: &str) -> Result<(), ClipboardError> {
        Err(ClipboardError("the command line does not copy".to_owned()))
    }

    fn clear_if(&self, _: &SecretString) -> Result<bool, ClipboardError> {
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.
    use super::*;

    #[test]
    fn the_data_folder_is_the_windows() {
        let text = include_str!("../../../tauri.conf.json");
        let config: serde_json::Value = serde_json::from_str(text).unwrap();
        assert_eq!(config["identifier"], IDENTIFIER);
    }
}
