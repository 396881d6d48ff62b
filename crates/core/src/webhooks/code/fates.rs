//! What becomes of a hidden value of a file. Pure.

use super::{
    CodeFate,
    file::{FileHidden, FileWebhook, Reference},
};
use crate::webhooks::{
    hidden::{Applied, HiddenFacts},
    plan::PASSWORD,
};
use gatehouse_store::{NamedValue, ValueKept};
use planradar::{Authentication, Webhook, webhook_rules as rules};
use std::collections::{BTreeMap, BTreeSet};

/// What is at hand.
pub(super) struct AtHand {
    /// The account's named values.
    pub values: BTreeMap<String, NamedValue>,
    /// Names of what is given with the file.
    pub given: BTreeSet<String>,
}

/// A hidden value of the file, decided on.
#[derive(Clone, Debug)]
pub(super) struct Decided {
    /// The header's name, or [`PASSWORD`].
    pub name: String,
    pub hidden: FileHidden,
    pub fate: CodeFate,
    /// It can be sent.
    pub at_hand: bool,
    /// Its version in the keychain.
    pub version: Option<u32>,
    /// There is one of that name that no header may have.
    pub unfit: bool,
}

impl Decided {
    /// Whether it is sent.
    pub fn is_sent(&self) -> bool {
        matches!(
            self.fate,
            CodeFate::First | CodeFate::Newer | CodeFate::ChangedElsewhere | CodeFate::SentAlong
        )
    }

    /// What is noted once it was sent.
    pub fn applied(&self) -> Applied {
        Applied {
            reference: self.hidden.reference.to_string(),
            version: self.version,
            file_version: self.hidden.version,
            sure: true,
        }
    }
}

/// Decides on all hidden values of a webhook, as far as that does not depend on whether it is written at all.
pub(super) fn decide(
    webhook: &FileWebhook,
    stored: Option<&Webhook>,
    facts: &HiddenFacts,
    at_hand: &AtHand,
) -> Vec<Decided> {
    let one = |(name, hidden): (&str, &FileHidden)| {
        let local = match &hidden.reference {
            Reference::Keychain(name) => at_hand.values.get(name).filter(|v| v.kept != ValueKept::No),
            Reference::Stdin(_) => None,
        };
        let unfit = name != PASSWORD && local.is_some_and(|v| !v.in_header);
        let is_at_hand = match &hidden.reference {
            Reference::Keychain(_) => local.is_some_and(|v| {
                // An older one than the file asks for would undo what somebody else has set.
                v.kept == ValueKept::Yes && hidden.version.is_none_or(|wanted| v.version >= wanted)
            }),
            Reference::Stdin(name) => at_hand.given.contains(name),
        } && !unfit;
        let version = local.map(|v| v.version);
        let held = is_held(stored, name);
        let noted = facts.applied(name).filter(|_| held);
        Decided {
            name: name.to_owned(),
            fate: fate(hidden, version, is_at_hand, noted, held),
            hidden: hidden.clone(),
            at_hand: is_at_hand,
            version,
            unfit,
        }
    };
    webhook.hidden().map(one).collect()
}

/// Whether PlanRadar has a hidden value there.
pub(super) fn is_held(stored: Option<&Webhook>, name: &str) -> bool {
    stored.is_some_and(|s| {
        if name == PASSWORD {
            matches!(s.authentication, Authentication::Basic { .. })
        } else {
            s.headers.iter().any(|h| h.hidden && h.name.eq_ignore_ascii_case(name))
        }
    })
}

fn fate(
    hidden: &FileHidden,
    version: Option<u32>,
    at_hand: bool,
    noted: Option<&Applied>,
    held: bool,
) -> CodeFate {
    let same = noted.is_some_and(|n| {
        n.reference == hidden.reference.to_string()
            && n.file_version == hidden.version
            && (version.is_none() || n.version == version)
    });
    let sure = noted.is_some_and(|n| n.sure);
    match noted {
        Some(_) if same && sure => CodeFate::Same,
        None if at_hand => CodeFate::First,
        Some(_) if at_hand && same => CodeFate::ChangedElsewhere,
        Some(_) if at_hand => CodeFate::Newer,
        // It is surely another one than the file asks for.
        Some(_) if sure => CodeFate::Missing,
        _ if held => CodeFate::Unknown,
        _ => CodeFate::Missing,
    }
}

/// The webhook is written: what can't be left out is sent along, where it is at hand.
pub(super) fn send_along(
    decided: &mut [Decided],
    stored: &Webhook,
    target: &str,
    facts: &HiddenFacts,
    proven: bool,
) {
    let moved = !rules::same_destination(&stored.target_url, target);
    for value in decided {
        let needed = moved || (!proven && !facts.is_kept(&value.name));
        if value.fate == CodeFate::Same && needed && value.at_hand {
            value.fate = CodeFate::SentAlong;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::webhooks::code::yaml::At;

    const KEYCHAIN: &str = "keychain:ERP";

    fn noted(version: u32, file_version: Option<u32>, sure: bool) -> Applied {
        Applied { reference: KEYCHAIN.into(), version: Some(version), file_version, sure }
    }

    fn of(file_version: Option<u32>) -> FileHidden {
        FileHidden { at: At::default(), reference: Reference::Keychain("ERP".into()), version: file_version }
    }

    #[test]
    fn from_the_keychain() {
        use CodeFate::{ChangedElsewhere, First, Missing, Newer, Same, Unknown};
        // File's version, the keychain's, at hand, noted, held.
        let table = [
            (Some(1), Some(1), true, None, true, First),
            (None, Some(1), true, None, false, First),
            (Some(1), Some(1), true, Some(noted(1, Some(1), true)), true, Same),
            (Some(1), Some(2), true, Some(noted(1, Some(1), true)), true, Newer),
            (Some(2), Some(2), true, Some(noted(2, Some(1), true)), true, Newer),
            (Some(1), Some(1), true, Some(noted(1, Some(1), false)), true, ChangedElsewhere),
            // The file was changed, this computer's value was not.
            (Some(2), Some(1), false, Some(noted(1, Some(1), true)), true, Missing),
            // The same, but somebody changed the webhook: perhaps to just that.
            (Some(2), Some(1), false, Some(noted(1, Some(1), false)), true, Unknown),
            (Some(1), None, false, Some(noted(1, Some(1), true)), true, Same),
            (Some(1), None, false, None, true, Unknown),
            (Some(1), None, false, None, false, Missing),
        ];
        for (at, (file, keychain, at_hand, noted, held, wanted)) in table.into_iter().enumerate() {
            assert_eq!(fate(&of(file), keychain, at_hand, noted.as_ref(), held), wanted, "{at}");
        }
    }

    #[test]
    fn given_with_the_file() {
        let stdin =
            |version| FileHidden { at: At::default(), reference: Reference::Stdin("a/X".into()), version };
        let noted =
            Applied { reference: "stdin:a/X".into(), version: None, file_version: Some(1), sure: true };
        let of = |version, given, held| fate(&stdin(version), None, given, Some(&noted), held);
        assert_eq!(of(Some(1), false, true), CodeFate::Same, "not asked for again");
        assert_eq!(of(Some(1), true, true), CodeFate::Same);
        assert_eq!(of(Some(2), true, true), CodeFate::Newer);
        assert_eq!(of(Some(2), false, true), CodeFate::Missing);
        assert_eq!(fate(&stdin(None), None, false, None, true), CodeFate::Unknown);
    }
}
