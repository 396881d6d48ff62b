//! What belongs to the window alone, in tauri-plugin-store: theme, language, density, last area.

use gatehouse_core::{
    AppError, Code, Result,
    settings::{KeptPlace, KeptWhat},
};
use serde::{Deserialize, Serialize};
use specta::Type;
use tauri::AppHandle;
use tauri_plugin_store::StoreExt;

const FILE: &str = "window.json";
const KEY: &str = "prefs";

/// The window's preferences.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct Prefs {
    /// Colours.
    theme: Theme,
    /// Words.
    language: Language,
    /// Height of table rows.
    density: Density,
    /// The area that was open last.
    last_area: Option<String>,
    /// Sorting of the tokens table, such as `-lastUsedOn`.
    tokens_sort: Option<String>,
}

impl Prefs {
    /// The language of words.
    #[must_use]
    pub fn language(&self) -> Language {
        self.language
    }
}

/// Colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

/// Words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// As the system.
    #[default]
    System,
    /// English.
    En,
    /// German.
    De,
}

/// Height of table rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Density {
    /// 36 px.
    #[default]
    Compact,
    /// 44 px.
    Comfortable,
}

/// Reads the preferences; what can't be read is the default.
#[must_use]
pub fn load(handle: &AppHandle) -> Prefs {
    let stored = path().ok().and_then(|p| handle.store(p).ok()).and_then(|s| s.get(KEY));
    stored.and_then(|v| serde_json::from_value(v).ok()).unwrap_or_default()
}

/// Writes the preferences.
pub fn save(handle: &AppHandle, prefs: &Prefs) -> Result<()> {
    let trouble = |e: &dyn std::fmt::Display| {
        AppError::new(Code::StoreFailed, format!("The preferences could not be saved: {e}."))
    };
    let store = handle.store(path()?).map_err(|e| trouble(&e))?;
    store.set(KEY, serde_json::to_value(prefs).map_err(|e| trouble(&e))?);
    store.save().map_err(|e| trouble(&e))
}

/// Removes them. Best effort: they hold nothing private, and the program ends next.
pub fn remove(handle: &AppHandle) {
    let Ok(path) = path() else { return };
    if let Ok(store) = handle.store(&path) {
        store.clear();
        store.save().ok();
        store.close_resource();
    }
    std::fs::remove_file(path).ok();
}

/// Where they are, for "what is kept where".
#[must_use]
pub fn places() -> Option<KeptPlace> {
    let place = path().ok()?.display().to_string();
    Some(KeptPlace { what: KeptWhat::Preferences, place, count: None })
}

fn path() -> Result<std::path::PathBuf> {
    Ok(gatehouse_core::places::data_dir()?.join(FILE))
}
