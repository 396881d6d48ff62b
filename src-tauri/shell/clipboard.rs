//! The system's clipboard, with the hints that keep secrets out of histories.

use arboard::Clipboard as Board;
use gatehouse_core::ports::{Clipboard, ClipboardError};
use secrecy::{ExposeSecret, SecretString};
use std::sync::{Mutex, PoisonError};

/// One clipboard for the program's life: on X11 the selection goes with the object that owns it.
#[derive(Default)]
pub struct SystemClipboard(Mutex<Option<Board>>);

impl SystemClipboard {
    /// Connects at the first use, so that a missing display shows as a failed copy.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn with<T>(
        &self,
        step: impl FnOnce(&mut Board) -> Result<T, arboard::Error>,
    ) -> Result<T, ClipboardError> {
        let mut board = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let text = |e: arboard::Error| ClipboardError(e.to_string());
        let board = match &mut *board {
            Some(board) => board,
            none => none.insert(Board::new().map_err(text)?),
        };
        step(board).map_err(text)
    }
}

impl Clipboard for SystemClipboard {
    fn set_secret(&self, value: &SecretString) -> Result<(), ClipboardError> {
        // Exposed: that is what copying is.
        self.with(|board| marked(board).text(value.expose_secret()))
    }

    fn set_text(&self, text: &str) -> Result<(), ClipboardError> {
        self.with(|board| board.set_text(text))
    }

    fn clear_if(&self, value: &SecretString) -> Result<bool, ClipboardError> {
        self.with(|board| match board.get_text() {
            // Compared, never shown.
            Ok(text) if text == value.expose_secret() => board.clear().map(|()| true),
            // Something else, or nothing that is text: not ours.
            Ok(_) | Err(arboard::Error::ContentNotAvailable) => Ok(false),
            Err(error) => Err(error),
        })
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
fn marked(board: &mut Board) -> arboard::Set<'_> {
    use arboard::SetExtLinux;
    board.set().exclude_from_history()
}

#[cfg(target_os = "macos")]
fn marked(board: &mut Board) -> arboard::Set<'_> {
    use arboard::SetExtApple;
    board.set().exclude_from_history()
}

#[cfg(windows)]
fn marked(board: &mut Board) -> arboard::Set<'_> {
    use arboard::SetExtWindows;
    board.set().exclude_from_history().exclude_from_cloud().exclude_from_monitoring()
}
