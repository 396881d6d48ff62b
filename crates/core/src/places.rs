//! Where window and command line keep what they share. Both ask here, so that they find the same.

use crate::{AppError, Code, Result, StoreNotice, store_error};
use gatehouse_store::{OpenNotice, Store};
use planradar::rate_limit::RateLimiter;
use std::path::{Path, PathBuf};

/// Moves the data folder; the limit files of servers on other computers stay where they are.
pub const DATA_DIR: &str = "GATEHOUSE_DATA_DIR";
/// The window's identifier, which names the data folder.
const IDENTIFIER: &str = "io.github.gatehouse.desktop";

/// Where everything but secrets and limits is kept.
pub fn data_dir() -> Result<PathBuf> {
    let Some(dir) = std::env::var_os(DATA_DIR).filter(|d| !d.is_empty()) else {
        let base = dirs::data_dir()
            .ok_or_else(|| AppError::new(Code::StoreFailed, "There is no folder for Gatehouse's data."))?;
        return Ok(base.join(IDENTIFIER));
    };
    let dir = PathBuf::from(dir);
    if dir.is_absolute() {
        return Ok(dir);
    }
    let message = format!("{DATA_DIR} must be an absolute path; it is {}.", dir.display());
    Err(AppError::invalid(DATA_DIR, message))
}

/// Where the limit files of servers on other computers are: the same for all data folders.
pub fn limit_dir() -> Result<PathBuf> {
    RateLimiter::default_dir().ok_or_else(|| {
        AppError::new(Code::LimitUnavailable, "There is no home folder for the request limit's file.")
    })
}

/// Opens gatehouse.db. The second part tells what happened to it.
pub fn open_store(data_dir: &Path) -> Result<(Store, Option<StoreNotice>)> {
    let opened = Store::open(data_dir.join("gatehouse.db")).map_err(|e| store_error(&e))?;
    let notice = opened.notice.map(|OpenNotice::DamagedKeptAside { path, .. }| {
        StoreNotice::DamagedKeptAside { path: path.display().to_string() }
    });
    Ok((opened.store, notice))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.
    use super::*;

    #[test]
    fn the_data_folder_is_the_one_that_the_system_gives_the_window() {
        let text = include_str!("../../../tauri.conf.json");
        let config: serde_json::Value = serde_json::from_str(text).unwrap();
        assert_eq!(config["identifier"], IDENTIFIER);
    }
}
