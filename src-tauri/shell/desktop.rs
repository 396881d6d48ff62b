//! The desktop's notifications: for what happens while nobody looks at the window.

use super::prefs::{self, Language};
use gatehouse_core::{connect::ConnectState, notices::ConnectNews};
use tauri::AppHandle;
use tauri_plugin_notification::NotificationExt;

/// Shows what PlanRadar decided or began. Best effort: where there is no service for it, the window tells.
pub fn connect_moved(handle: &AppHandle, news: &ConnectNews) {
    let german = match prefs::load(handle).language() {
        Language::En => false,
        Language::De => true,
        Language::System => sys_locale::get_locale().is_some_and(|locale| is_german(&locale)),
    };
    let Some(text) = words(&news.state, german) else { return };
    let shown =
        handle.notification().builder().title("PlanRadar Connect").body(format!("{}: {text}", news.label));
    if let Err(error) = shown.show() {
        tracing::info!(%error, "the desktop shows no notification");
    }
}

fn is_german(locale: &str) -> bool {
    locale.split(['-', '_', '.']).next().is_some_and(|language| language.eq_ignore_ascii_case("de"))
}

/// Nothing for what one did oneself.
fn words(state: &ConnectState, german: bool) -> Option<&'static str> {
    let (en, de) = match state {
        ConnectState::NotRequested | ConnectState::Requested => return None,
        ConnectState::InReview => ("PlanRadar is looking at your request.", "PlanRadar prüft Ihre Anfrage."),
        ConnectState::Granted => ("Access was granted.", "Der Zugang wurde freigegeben."),
        ConnectState::Declined => ("The request was declined.", "Die Anfrage wurde abgelehnt."),
        ConnectState::Other { .. } => {
            ("The request has a new status.", "Die Anfrage hat einen neuen Status.")
        }
    };
    Some(if german { de } else { en })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn german_in_all_its_spellings() {
        assert!(["de", "de-AT", "de_CH.UTF-8", "DE"].iter().all(|locale| is_german(locale)));
        assert!(["en-US", "C", "", "den", "nl-DE"].iter().all(|locale| !is_german(locale)));
    }

    #[test]
    fn news_in_both_languages() {
        let other = ConnectState::Other { word: "x".to_owned() };
        for state in [ConnectState::InReview, ConnectState::Granted, ConnectState::Declined, other] {
            assert_ne!(words(&state, true), words(&state, false));
        }
        assert_eq!(words(&ConnectState::Requested, false), None);
    }
}
