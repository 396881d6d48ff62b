//! File dialogs. The page never sees a path it did not ask for, nor a file's content.

use gatehouse_core::{AppError, Code, Result, export::ExportFormat, webhooks::LARGEST_FILE};
use std::{io::Read, path::PathBuf};
use tauri::WebviewWindow;
use tauri_plugin_dialog::{DialogExt, FileDialogBuilder, FilePath};
use tokio::sync::oneshot;

/// What a file is: its name for people, and its endings.
pub type Kind = (&'static str, &'static [&'static str]);

/// What is asked for, and the field of a form that an error is about.
pub struct Asked {
    /// Its endings.
    pub kind: Kind,
    /// The largest, in bytes: more is not one.
    pub most: u64,
    /// For errors.
    pub field: &'static str,
}

/// Override files are small.
pub const ROUTES: Asked = Asked { kind: JSON, most: 64 * 1024, field: "file" };

/// As core takes them.
pub const WEBHOOKS: Asked = Asked { kind: YAML, most: LARGEST_FILE as u64, field: "codeFile" };

/// Of webhooks.
pub const YAML: Kind = ("YAML", &["yaml", "yml"]);

/// For programs.
pub const JSON: Kind = ("JSON", &["json"]);

/// Of an exported list.
#[must_use]
pub fn kind(format: ExportFormat) -> Kind {
    match format {
        ExportFormat::Csv => ("CSV", &["csv"]),
        ExportFormat::Json => JSON,
    }
}

/// Asks where to save `text`; null = cancelled, else the path.
pub async fn save(window: &WebviewWindow, name: &str, kind: Kind, text: &str) -> Result<Option<String>> {
    let dialog = builder(window).set_file_name(name).add_filter(kind.0, kind.1);
    let (answer, chosen) = oneshot::channel();
    dialog.save_file(move |path| drop(answer.send(path)));
    let Some(path) = path_of(chosen.await.ok().flatten()) else { return Ok(None) };
    let shown = path.display().to_string();
    std::fs::write(&path, text).map_err(|e| trouble(&shown, &e))?;
    Ok(Some(shown))
}

/// Asks for a file and reads it; null = cancelled, else its name and text.
pub async fn open(window: &WebviewWindow, asked: &Asked) -> Result<Option<(String, String)>> {
    let Asked { kind, most, field } = *asked;
    let Some(path) = pick(builder(window).add_filter(kind.0, kind.1)).await else { return Ok(None) };
    let shown = path.display().to_string();
    let mut text = String::new();
    let read = std::fs::File::open(&path).and_then(|file| file.take(most + 1).read_to_string(&mut text));
    let size = read.map_err(|e| trouble(&shown, &e).at(field))?;
    if u64::try_from(size).is_ok_and(|size| size > most) {
        return Err(AppError::invalid(
            field,
            format!("{shown} is larger than {most} bytes: that is too large for such a file."),
        ));
    }
    let name = path.file_name().map_or(shown, |n| n.to_string_lossy().into_owned());
    Ok(Some((name, text)))
}

/// Asks for a PEM file; null = cancelled, else its path.
pub async fn pick_pem(window: &WebviewWindow) -> Result<Option<String>> {
    let dialog = builder(window).add_filter("PEM", &["pem", "crt", "cer"]);
    Ok(pick(dialog).await.map(|p| p.display().to_string()))
}

fn builder(window: &WebviewWindow) -> FileDialogBuilder<tauri::Wry> {
    window.dialog().file().set_parent(window)
}

async fn pick(dialog: FileDialogBuilder<tauri::Wry>) -> Option<PathBuf> {
    let (answer, chosen) = oneshot::channel();
    dialog.pick_file(move |path| drop(answer.send(path)));
    path_of(chosen.await.ok().flatten())
}

fn path_of(chosen: Option<FilePath>) -> Option<PathBuf> {
    chosen.and_then(|f| f.into_path().ok())
}

fn trouble(path: &str, error: &std::io::Error) -> AppError {
    AppError { field: Some("file".to_owned()), ..AppError::new(Code::Invalid, format!("{path}: {error}.")) }
}
