//! The one window: it shows the program's own page and nothing else.

use gatehouse_core::{AppError, Gatehouse};
use std::sync::Arc;
use tauri::{AppHandle, Manager, Url, WebviewWindowBuilder, WindowEvent, webview::NewWindowResponse};
use tauri_plugin_dialog::{DialogExt, MessageDialogKind};

const LABEL: &str = "main";

/// Opens it. Navigation away and further windows are refused.
pub fn open(handle: &AppHandle) -> tauri::Result<()> {
    let config = handle.config().app.windows.iter().find(|w| w.label == LABEL).cloned().unwrap_or_default();
    let dev = handle.config().build.dev_url.clone();
    let window = WebviewWindowBuilder::from_config(handle, &config)?
        .on_navigation(move |url| is_own(url, dev.as_ref()))
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .build()?;
    let app = handle.clone();
    window.on_window_event(move |event| {
        if let WindowEvent::CloseRequested { api, .. } = event
            && !app.state::<Arc<Gatehouse>>().may_quit(false)
        {
            api.prevent_close();
        }
    });
    Ok(())
}

/// Brings it to the front: a second start does that.
pub fn show(handle: &AppHandle) {
    if let Some(window) = handle.get_webview_window(LABEL) {
        // Best effort: some window managers don't let a window raise itself.
        window.unminimize().ok();
        window.show().ok();
        window.set_focus().ok();
    }
}

/// Says why there is no window, and ends.
pub fn refuse_to_start(handle: &AppHandle, trouble: &AppError) {
    tracing::error!(code = ?trouble.code, "Gatehouse can't start");
    eprintln!("Gatehouse can't start: {}", trouble.message);
    let ending = handle.clone();
    handle
        .dialog()
        .message(&trouble.message)
        .title("Gatehouse can't start")
        .kind(MessageDialogKind::Error)
        .show(move |_| ending.exit(1));
}

fn is_own(url: &Url, dev: Option<&Url>) -> bool {
    let own = match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        // Windows serves the page under this name.
        "http" | "https" => url.host_str() == Some("tauri.localhost"),
        _ => false,
    };
    own || (cfg!(debug_assertions) && dev.is_some_and(|d| d.origin() == url.origin()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.
    use super::*;

    #[test]
    fn only_the_own_page() {
        for (url, own) in [
            ("tauri://localhost/index.html", true),
            ("http://tauri.localhost/", true),
            ("https://www.planradar.com/", false),
            ("https://tauri.localhost.example.com/", false),
            ("tauri://example.com/", false),
            ("file:///etc/hostname", false),
            ("data:text/html,x", false),
        ] {
            assert_eq!(is_own(&url.parse().unwrap(), None), own, "{url}");
        }
    }
}
