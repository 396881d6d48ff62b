//! Passes core's notices to the window.

use super::desktop;
use crate::ipc::NoticeEvent;
use gatehouse_core::{notices::Notice, ports::Notifier};
use tauri::AppHandle;
use tauri_specta::Event;

/// Emits notices as events.
pub struct WindowNotifier(AppHandle);

impl WindowNotifier {
    /// Over this app.
    #[must_use]
    pub fn new(handle: AppHandle) -> Self {
        Self(handle)
    }
}

impl Notifier for WindowNotifier {
    fn notify(&self, notice: Notice) {
        if let Notice::ConnectChanged { news: Some(news), .. } = &notice {
            desktop::connect_moved(&self.0, news);
        }
        if let Err(error) = NoticeEvent(notice).emit(&self.0) {
            tracing::debug!(%error, "a notice did not reach the window");
        }
    }
}
