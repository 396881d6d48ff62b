//! Copying a secret: written by Rust, cleared after a while if unchanged, and at quit.

use crate::{
    AppError, Code, Result,
    notices::Notice,
    ports::{Clipboard, Clock, Notifier},
    sync::lock,
    tokens::Copied,
};
use secrecy::SecretString;
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

/// How often clearing is tried: another program may hold the clipboard for a moment.
const CLEARINGS: u32 = 10;
const CLEAR_AGAIN: Duration = Duration::from_secs(2);

/// The clipboard, and what Gatehouse last put there.
pub(crate) struct Copying {
    clipboard: Arc<dyn Clipboard>,
    clock: Arc<dyn Clock>,
    notifier: Arc<dyn Notifier>,
    current: Mutex<Current>,
}

#[derive(Default)]
struct Current {
    /// Counts copies, so that an older timer leaves a newer copy alone.
    copy: u64,
    value: Option<SecretString>,
}

impl Copying {
    pub fn new(
        clipboard: Arc<dyn Clipboard>,
        clock: Arc<dyn Clock>,
        notifier: Arc<dyn Notifier>,
    ) -> Arc<Self> {
        Arc::new(Self { clipboard, clock, notifier, current: Mutex::default() })
    }

    /// Copies `value` and clears it `seconds` later, if it is still there.
    pub fn copy(self: &Arc<Self>, value: SecretString, seconds: u32) -> Result<Copied> {
        self.clipboard.set_secret(&value).map_err(|e| {
            AppError::new(
                Code::Clipboard,
                format!("The value could not be copied ({e}). Reveal it, or try again."),
            )
        })?;
        let copy = {
            let mut current = lock(&self.current);
            current.copy += 1;
            current.value = Some(value);
            current.copy
        };
        let this = Arc::clone(self);
        let wait = Duration::from_secs(u64::from(seconds));
        tokio::spawn(async move {
            tokio::time::sleep(wait).await;
            for _ in 0..CLEARINGS {
                if this.clear(Some(copy)) {
                    return;
                }
                tokio::time::sleep(CLEAR_AGAIN).await;
            }
        });
        let clears_at = self.clock.now() + jiff::SignedDuration::from_secs(i64::from(seconds));
        Ok(Copied { clears_in_s: seconds, clears_at: clears_at.to_string() })
    }

    /// Copies what is no secret, and may stay there.
    pub fn copy_text(&self, text: &str) -> Result<()> {
        let failed =
            |e| AppError::new(Code::Clipboard, format!("The text could not be copied ({e}). Try again."));
        self.clipboard.set_text(text).map_err(failed)?;
        let mut current = lock(&self.current);
        current.copy += 1;
        current.value = None;
        Ok(())
    }

    /// At quit: clears what is ours.
    pub fn clear_now(&self) {
        self.clear(None);
    }

    /// Returns whether that is settled.
    fn clear(&self, copy: Option<u64>) -> bool {
        let value = {
            let mut current = lock(&self.current);
            if copy.is_some_and(|c| c != current.copy) {
                return true;
            }
            current.value.take()
        };
        let Some(value) = value else { return true };
        match self.clipboard.clear_if(&value) {
            Ok(by_us) => {
                self.notifier.notify(Notice::ClipboardCleared { by_us });
                true
            }
            Err(e) => {
                tracing::warn!(error = %e, "the clipboard could not be cleared");
                // Tried again later and at quit, unless something else was copied meanwhile.
                lock(&self.current).value.get_or_insert(value);
                false
            }
        }
    }
}
