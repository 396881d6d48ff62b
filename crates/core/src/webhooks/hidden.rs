//! What this program knows of hidden values: when it set them, and which it keeps in the OS keychain.
//!
//! A kept value must be the one that the server has: sent again, an older one would undo what was changed since. So
//! a value that is about to be replaced is in doubt from before the request leaves until its answer came.

use super::{
    code::{count_named, named_entries},
    list::fingerprint,
    save::Set,
};
use crate::{AppError, Code, Gatehouse, Result, ports::SecretId, secrets::Late};
use gatehouse_store::{NoteKind, Store};
use jiff::Timestamp;
use planradar::Webhook;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::Arc};

/// Facts about the hidden values of one webhook, by [`key`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct HiddenFacts {
    /// Whether the person wants them kept in the OS keychain too.
    pub keep: bool,
    /// Fingerprint of the webhook after our last look at what it had become by our own doing. Another one: somebody
    /// else changed it, perhaps its hidden values too.
    seen: Option<String>,
    values: BTreeMap<String, Fact>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Fact {
    /// `None`: somebody else may have replaced it.
    set_at: Option<Timestamp>,
    /// There may be an entry in the keychain.
    entry: bool,
    /// The entry's value is what the server has.
    sure: bool,
    /// It was set from a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    applied: Option<Applied>,
}

/// What a value was set from by a file of webhooks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Applied {
    /// As the file referred to it.
    pub reference: String,
    /// Its version in the keychain; `None` = it was given with the file.
    pub version: Option<u32>,
    /// The version that the file named.
    pub file_version: Option<u32>,
    /// It is what the server has.
    pub sure: bool,
}

impl HiddenFacts {
    /// Whether the value that the server has is in the keychain.
    pub fn is_kept(&self, name: &str) -> bool {
        self.values.get(&key(name)).is_some_and(|f| f.entry && f.sure)
    }

    pub fn set_at(&self, name: &str) -> Option<Timestamp> {
        self.values.get(&key(name)).and_then(|f| f.set_at)
    }

    pub fn applied(&self, name: &str) -> Option<&Applied> {
        self.values.get(&key(name)).and_then(|f| f.applied.as_ref())
    }

    fn has_entry(&self, name: &str) -> bool {
        self.values.get(&key(name)).is_some_and(|f| f.entry)
    }

    /// Whatever may be in the keychain.
    pub fn entries(&self) -> Vec<String> {
        self.values.iter().filter(|(_, f)| f.entry).map(|(n, _)| n.clone()).collect()
    }

    /// About to be replaced, or perhaps replaced elsewhere.
    fn doubt(&mut self, names: &[String]) {
        for name in names {
            if let Some(fact) = self.values.get_mut(&key(name)) {
                fact.doubt();
            }
        }
    }
}

impl Fact {
    /// Perhaps no longer what the server has.
    fn doubt(&mut self) {
        self.sure = false;
        if let Some(applied) = &mut self.applied {
            applied.sure = false;
        }
    }
}

/// How values are named here and in the keychain: headers without regard to case.
fn key(name: &str) -> String {
    name.to_ascii_lowercase()
}

fn hidden_id(account: &str, webhook: &str, name: &str) -> SecretId {
    SecretId::Hidden { account: account.to_owned(), webhook: webhook.to_owned(), name: key(name) }
}

impl Gatehouse {
    pub(super) async fn hidden_facts(&self, account: &str, webhook: &str) -> Result<HiddenFacts> {
        let (account, webhook) = (account.to_owned(), webhook.to_owned());
        Ok(self.db(move |s| s.webhook_note(&account, NoteKind::Hidden, &webhook)).await?.unwrap_or_default())
    }

    async fn change_facts(
        &self,
        account: &str,
        webhook: &str,
        change: impl FnOnce(&mut HiddenFacts) + Send + 'static,
    ) -> Result<HiddenFacts> {
        let (account, webhook) = (account.to_owned(), webhook.to_owned());
        self.db(move |s| s.change_webhook_note(&account, NoteKind::Hidden, &webhook, change)).await
    }

    /// The facts, as far as they hold for a webhook that looks like this now.
    pub(super) async fn facts_of(&self, account: &str, webhook: &Webhook) -> Result<HiddenFacts> {
        let facts = self.hidden_facts(account, &webhook.id).await?;
        let now = fingerprint(webhook);
        if facts.seen.as_ref() == Some(&now) || facts == HiddenFacts::default() {
            return Ok(facts);
        }
        self.change_facts(account, &webhook.id, move |facts| {
            facts.seen = Some(now);
            facts.values.values_mut().for_each(Fact::doubt);
        })
        .await
    }

    /// A change of ours that left hidden values alone.
    pub(super) async fn follow_seen(&self, account: &str, before: &Webhook, after: &Webhook) -> Result<()> {
        if self.hidden_facts(account, &before.id).await? == HiddenFacts::default() {
            return Ok(());
        }
        let (old, new) = (fingerprint(before), fingerprint(after));
        let follow = move |facts: &mut HiddenFacts| {
            if facts.seen.as_ref() == Some(&old) {
                facts.seen = Some(new);
            }
        };
        self.change_facts(account, &before.id, follow).await.map(drop)
    }

    /// Before a request that replaces these: what is kept of them is not to be sent again until the answer came.
    pub(super) async fn doubt_kept(&self, account: &str, webhook: &str, names: Vec<String>) -> Result<()> {
        self.change_facts(account, webhook, move |facts| facts.doubt(&names)).await.map(drop)
    }

    /// Sent again as they are kept: nothing is in doubt.
    pub(super) async fn sent_again(&self, account: &str, webhook: &str, set: &[Set]) -> Result<()> {
        let names: Vec<_> = set.iter().map(|(name, _)| key(name)).collect();
        self.change_facts(account, webhook, move |facts| {
            for name in names {
                if let Some(fact) = facts.values.get_mut(&name) {
                    fact.sure = fact.entry;
                    if let Some(applied) = &mut fact.applied {
                        applied.sure = true;
                    }
                }
            }
        })
        .await
        .map(drop)
    }

    /// They were surely not replaced.
    pub(super) async fn trust_kept(&self, account: &str, webhook: &str, before: HiddenFacts) -> Result<()> {
        self.change_facts(account, webhook, move |facts| *facts = before).await.map(drop)
    }

    /// A kept value. One that the keychain lost is told, and no longer counted on.
    pub(super) async fn kept_hidden_value(
        &self,
        account: &str,
        webhook: &str,
        name: &str,
    ) -> Result<SecretString> {
        let got = self.secrets.get(&hidden_id(account, webhook, name)).await;
        if got.as_ref().is_err_and(|e| e.code == Code::KeychainMissing) {
            let name = key(name);
            self.change_facts(account, webhook, move |facts| {
                if let Some(fact) = facts.values.get_mut(&name) {
                    fact.entry = false;
                }
            })
            .await?;
        }
        got
    }

    /// Notes which values were set just now, keeps them if that is wished, and removes what is no longer wished or
    /// there. `again`: those of them that are as they were. Returns why something could not be kept or removed.
    pub(super) async fn note_set(
        &self,
        account: &str,
        saved: &Webhook,
        keep: bool,
        (set, again): (Vec<Set>, Vec<String>),
        there: Vec<String>,
    ) -> Result<Option<AppError>> {
        let (now, webhook, seen) = (self.now(), saved.id.as_str(), fingerprint(saved));
        let names: Vec<_> = set.iter().map(|(name, _)| key(name)).collect();
        // Before the keychain has it: an entry that is noted nowhere would stay for ever.
        let facts = self
            .change_facts(account, webhook, move |facts| {
                facts.keep = keep;
                facts.seen = Some(seen);
                for name in names {
                    let entry = keep || facts.has_entry(&name);
                    let before = facts.values.remove(&name).filter(|_| again.iter().any(|a| key(a) == name));
                    // It was surely the server's, or it would not have been sent.
                    let applied = before.and_then(|f| f.applied).map(|a| Applied { sure: true, ..a });
                    facts.values.insert(name, Fact { set_at: Some(now), entry, sure: false, applied });
                }
            })
            .await?;
        let mut failed = None;
        for (name, value) in set.into_iter().filter(|_| keep) {
            let id = hidden_id(account, webhook, &name);
            match self.secrets.put(&id, value, Some(self.keep_hidden_late(&id, now))).await {
                Ok(()) => self
                    .change_facts(account, webhook, move |facts| facts.trust(&name, now))
                    .await
                    .map(drop)?,
                Err(error) => failed = Some(error),
            }
        }
        let gone = facts.entries().into_iter().filter(|n| !keep || !there.iter().any(|t| &key(t) == n));
        for name in gone {
            if let Err(error) = self.forget_entry(account, webhook, &name).await {
                failed = Some(error);
            }
        }
        self.change_facts(account, webhook, move |facts| {
            facts.values.retain(|name, fact| fact.entry || there.iter().any(|t| &key(t) == name));
        })
        .await?;
        Ok(failed)
    }

    /// Notes what values were set from just now.
    pub(super) async fn note_applied(
        &self,
        account: &str,
        webhook: &str,
        applied: Vec<(String, Applied)>,
    ) -> Result<()> {
        self.change_facts(account, webhook, move |facts| {
            for (name, applied) in applied {
                if let Some(fact) = facts.values.get_mut(&key(&name)) {
                    fact.applied = Some(applied);
                }
            }
        })
        .await
        .map(drop)
    }

    async fn forget_entry(&self, account: &str, webhook: &str, name: &str) -> Result<()> {
        self.secrets.delete(&hidden_id(account, webhook, name)).await?;
        let name = key(name);
        self.change_facts(account, webhook, move |facts| {
            if let Some(fact) = facts.values.get_mut(&name) {
                fact.entry = false;
            }
        })
        .await
        .map(drop)
    }

    /// A keychain that answers after the person went on is believed, unless the value was set anew meanwhile.
    fn keep_hidden_late(&self, id: &SecretId, set_at: Timestamp) -> Late<()> {
        let (store, secrets, id) = (self.store.clone(), Arc::clone(&self.secrets), id.clone());
        Box::new(move |outcome| {
            if outcome.is_ok() && !trust_late(&store, &id, set_at) {
                secrets.take_back(&id);
            }
        })
    }

    /// Removes the kept hidden values of a webhook that is gone, and what is known of them.
    pub(super) async fn forget_hidden(&self, account: &str, webhook: &str) -> Result<()> {
        for name in self.hidden_facts(account, webhook).await?.entries() {
            self.forget_entry(account, webhook, &name).await?;
        }
        let (account, webhook) = (account.to_owned(), webhook.to_owned());
        self.db(move |s| s.forget_webhook_note(&account, NoteKind::Hidden, &webhook)).await
    }

    /// The same of all webhooks of an account, and the values that a file refers to by name.
    pub(crate) async fn forget_all_hidden(&self, account: &str) -> Result<()> {
        let key = account.to_owned();
        let notes: Vec<(String, HiddenFacts)> =
            self.db(move |s| s.webhook_notes(&key, NoteKind::Hidden)).await?;
        for (webhook, _) in notes {
            self.forget_hidden(account, &webhook).await?;
        }
        self.forget_all_named(account).await
    }
}

impl HiddenFacts {
    /// What was set at this moment is in the keychain.
    fn trust(&mut self, name: &str, set_at: Timestamp) {
        if let Some(fact) = self.values.get_mut(&key(name)).filter(|f| f.set_at == Some(set_at)) {
            (fact.entry, fact.sure) = (true, true);
        }
    }
}

/// Whether the entry is still what is wanted there.
fn trust_late(store: &Store, id: &SecretId, set_at: Timestamp) -> bool {
    let SecretId::Hidden { account, webhook, name } = id else { return false };
    let known = store.webhook_note::<HiddenFacts>(account, NoteKind::Hidden, webhook).ok().flatten();
    if known.is_none_or(|k| !k.keep || !k.values.contains_key(name)) {
        return false;
    }
    // A newer value is on its way there, or there: then its own answer tells.
    let noted = store.change_webhook_note(account, NoteKind::Hidden, webhook, |facts: &mut HiddenFacts| {
        facts.trust(name, set_at);
    });
    noted.is_ok()
}

/// All entries of hidden values that the keychain may have of an account.
pub(crate) fn hidden_entries(
    store: &Store,
    account: &str,
) -> std::result::Result<Vec<SecretId>, gatehouse_store::StoreError> {
    let notes: Vec<(String, HiddenFacts)> = store.webhook_notes(account, NoteKind::Hidden)?;
    let entry = |(webhook, facts): (String, HiddenFacts)| {
        let id = move |name| SecretId::Hidden { account: account.to_owned(), webhook: webhook.clone(), name };
        facts.entries().into_iter().map(id)
    };
    let mut all = named_entries(store, account)?;
    all.extend(notes.into_iter().flat_map(entry));
    Ok(all)
}

/// How many hidden values the keychain may hold for an account, for "what is kept where".
pub(crate) fn count_kept(
    store: &Store,
    account: &str,
) -> std::result::Result<usize, gatehouse_store::StoreError> {
    let notes: Vec<(String, HiddenFacts)> = store.webhook_notes(account, NoteKind::Hidden)?;
    let of_webhooks: usize = notes.iter().map(|(_, facts)| facts.entries().len()).sum();
    Ok(of_webhooks + count_named(store, account)?)
}
