//! Which webhook of a file is which at PlanRadar.

use super::{CodeFound, CodeProblem, CodeProblemCode as Code, file::FileWebhook, file::Placed};
use planradar::{Webhook, webhook_rules::masked};
use std::collections::{BTreeMap, BTreeSet};

/// What was found for one webhook of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// It is the one at this place of the list.
    Stored(usize, CodeFound),
    New,
    /// It can't be told: a problem says why.
    Unclear,
}

/// Finds all of them. First what is named surely, so that no guess takes it away.
pub(super) fn find(file: &[FileWebhook], stored: &[Webhook], problems: &mut Vec<CodeProblem>) -> Vec<Found> {
    let mut search = Search { file, stored, found: vec![None; file.len()], taken: BTreeSet::new(), problems };
    search.twice();
    search.by_id();
    search.by_text(CodeFound::Description, |w| Some(&w.description));
    search.by_text(CodeFound::Was, |w| w.was.as_ref());
    search.similar();
    search.found.into_iter().map(|found| found.unwrap_or(Found::New)).collect()
}

struct Search<'a> {
    file: &'a [FileWebhook],
    stored: &'a [Webhook],
    found: Vec<Option<Found>>,
    taken: BTreeSet<usize>,
    problems: &'a mut Vec<CodeProblem>,
}

impl Search<'_> {
    fn unclear(&mut self, index: usize, place: &Placed<String>, code: Code, message: String) {
        let problem = CodeProblem {
            webhook: Some(self.file[index].description.is.clone()),
            ..place.at.problem(code, message)
        };
        self.problems.push(problem);
        self.found[index] = Some(Found::Unclear);
    }

    fn take(&mut self, index: usize, at: usize, how: CodeFound) {
        self.taken.insert(at);
        self.found[index] = Some(Found::Stored(at, how));
    }

    fn open(&self) -> Vec<usize> {
        (0..self.file.len()).filter(|i| self.found[*i].is_none()).collect()
    }

    /// Two of the file that nothing tells apart.
    fn twice(&mut self) {
        let (mut ids, mut descriptions) = (BTreeMap::new(), BTreeMap::new());
        for (index, webhook) in self.file.iter().enumerate() {
            let (seen, place, what) = match &webhook.id {
                Some(id) => (&mut ids, id, "id"),
                None => (&mut descriptions, &webhook.description, "description"),
            };
            if let Some(line) = seen.insert(place.is.as_str(), place.at.line) {
                let message = format!(
                    "The webhook in line {line} has this {what} too. Without an id a description names one webhook only."
                );
                self.unclear(index, place, Code::Duplicate, message);
            }
        }
    }

    fn by_id(&mut self) {
        for index in self.open() {
            let Some(id) = &self.file[index].id else { continue };
            match self.stored.iter().position(|w| w.id == id.is) {
                Some(at) => self.take(index, at, CodeFound::Id),
                None => self.unclear(
                    index,
                    id,
                    Code::NoSuchWebhook,
                    "This account has no webhook with this id. Take the id away to have it created."
                        .to_owned(),
                ),
            }
        }
    }

    fn by_text(&mut self, how: CodeFound, text: impl Fn(&FileWebhook) -> Option<&Placed<String>>) {
        for index in self.open() {
            let Some(place) = text(&self.file[index]) else { continue };
            let free = |at: &usize| !self.taken.contains(at);
            let fits = (0..self.stored.len())
                .filter(free)
                .filter(|at| self.stored[*at].description.trim() == place.is);
            let fits: Vec<_> = fits.collect();
            match fits[..] {
                [] => {}
                [at] => self.take(index, at, how),
                _ => {
                    let ids: Vec<_> = fits.iter().map(|at| self.stored[*at].id.as_str()).collect();
                    let message = format!(
                        "{} webhooks at PlanRadar have this description. Say which by its id: {}.",
                        fits.len(),
                        ids.join(", ")
                    );
                    self.unclear(index, place, Code::Ambiguous, message);
                }
            }
        }
    }

    /// One left on each side with the same target and events: it was renamed.
    fn similar(&mut self) {
        let open = self.open();
        let alike = |index: usize, at: usize| {
            let (file, stored) = (&self.file[index], &self.stored[at]);
            is_target(&file.target_url.is, &stored.target_url) && same_events(&file.events.is, &stored.events)
        };
        let free: Vec<_> = (0..self.stored.len()).filter(|at| !self.taken.contains(at)).collect();
        let only = |found: Vec<usize>| if let [one] = found[..] { Some(one) } else { None };
        let pairs = open.iter().filter_map(|index| {
            let at = only(free.iter().copied().filter(|at| alike(*index, *at)).collect())?;
            let back = only(open.iter().copied().filter(|other| alike(*other, at)).collect())?;
            (back == *index).then_some((*index, at))
        });
        for (index, at) in pairs.collect::<Vec<_>>() {
            self.take(index, at, CodeFound::Similar);
        }
    }
}

/// Stands in a target for what looks like a secret.
pub(super) const MASK: &str = "[masked]";

/// Whether a file's target is the stored one. A masked one stands for any that looks so: it is compared, never sent.
pub(super) fn is_target(file: &str, stored: &str) -> bool {
    file == stored.trim() || (file.contains(MASK) && file == masked(stored))
}

fn same_events(a: &[String], b: &[String]) -> bool {
    a.iter().collect::<BTreeSet<_>>() == b.iter().collect()
}
