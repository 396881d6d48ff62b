//! Sealing, verifying, and beginning anew.

use super::{
    AuditIntegrity,
    keys::{Doubt, Keys, Manner},
};
use crate::{Gatehouse, Result, notices::Notice};
use gatehouse_store::{AuditChain, AuditHead, Store};
use secrecy::ExposeSecret;
use serde_json::json;

impl Gatehouse {
    /// Looks at the whole log, and seals what has no seal yet. For when the log is opened: the keychain may ask the
    /// person.
    pub async fn audit_verify(&self) -> Result<AuditIntegrity> {
        let _turn = self.sealing.turn.lock().await;
        let looked = self.look_at_log().await;
        self.told(looked).await
    }

    /// After a person was told that the log is broken or that its key is gone: what is there stays, and is vouched for no
    /// more; a new chain begins with a line that says so. A log that is whole stays as it is.
    pub async fn audit_begin_anew(&self) -> Result<AuditIntegrity> {
        let turn = self.sealing.turn.lock().await;
        let looked = self.look_at_log().await;
        let before = self.told(looked).await?;
        let why = match &before {
            AuditIntegrity::Whole { .. } => return Ok(before),
            AuditIntegrity::Broken { line, damage } => format!("line {line}: {damage:?}").to_lowercase(),
            AuditIntegrity::Unverifiable { why, .. } => format!("{why:?}").to_lowercase(),
        };
        let begun = async {
            let head = self.db(Store::forget_audit_seals).await?;
            self.begin_chain(&head).await
        };
        match begun.await {
            Ok(()) => {}
            Err(doubt) => return self.told(Err(doubt)).await,
        }
        let mut line = self.audit_line("", "audit.anew", "", "done");
        (line.account_id, line.detail) = (None, json!({"reason": why}));
        self.db(move |s| s.append_audit(&line).map(drop)).await?;
        drop(turn);
        self.notifier.notify(Notice::AuditChanged);
        self.audit_verify().await
    }

    /// What can't be done now waits for the next line, or for the log to be opened.
    pub(super) async fn seal_quietly(&self) {
        let sealed: std::result::Result<(), Doubt> = async {
            let keys = self.audit_keys(Manner::Quiet).await?;
            match self.seal_with(keys).await? {
                AuditChain::Whole { head, .. } => self.keep_head(&head, Manner::Quiet).await,
                // Told when the log is opened; nothing is sealed over it.
                AuditChain::Broken { .. } => Ok(()),
            }
        }
        .await;
        if let Err(Doubt::Known(_, Some(error)) | Doubt::Store(error)) = sealed {
            tracing::debug!(code = ?error.code, "lines of the audit log are not sealed yet");
        }
    }

    async fn look_at_log(&self) -> std::result::Result<AuditIntegrity, Doubt> {
        let keys = self.audit_keys(Manner::Patient).await?;
        let (before, Keys { key, head }) = (keys.head.clone(), keys);
        let (found, key) = self
            // Exposed to compute seals; overwritten when it is dropped.
            .db(move |s| Ok((s.check_audit(key.expose_secret(), &head)?, key)))
            .await?;
        let AuditChain::Whole { sealed, unsealed, head } = found else { return Ok(integrity(&found)) };
        let mut whole = AuditChain::Whole { sealed, unsealed, head: head.clone() };
        let mut now = head.clone();
        if unsealed > 0 {
            match self.seal_with(Keys { key, head }).await? {
                AuditChain::Whole { sealed: new, head, .. } => {
                    now = head.clone();
                    whole = AuditChain::Whole { sealed: sealed + new, unsealed: 0, head };
                }
                broken @ AuditChain::Broken { .. } => return Ok(integrity(&broken)),
            }
        }
        if now != before {
            self.keep_head(&now, Manner::Patient).await?;
        }
        Ok(integrity(&whole))
    }

    async fn seal_with(&self, keys: Keys) -> Result<AuditChain> {
        let Keys { key, head } = keys;
        // Exposed to compute seals; overwritten when it is dropped.
        self.db(move |s| s.seal_audit(key.expose_secret(), &head)).await
    }

    async fn told(&self, looked: std::result::Result<AuditIntegrity, Doubt>) -> Result<AuditIntegrity> {
        match looked {
            Ok(integrity) => Ok(integrity),
            Err(Doubt::Store(error)) => Err(error),
            Err(Doubt::Known(why, error)) => {
                let unsealed = few(self.db(Store::unsealed_audit).await?);
                Ok(AuditIntegrity::Unverifiable { why, unsealed, error })
            }
        }
    }
}

fn integrity(chain: &AuditChain) -> AuditIntegrity {
    match chain {
        AuditChain::Whole { sealed, unsealed, head: AuditHead { .. } } => {
            AuditIntegrity::Whole { sealed: few(*sealed), unsealed: few(*unsealed) }
        }
        AuditChain::Broken { id, kind } => {
            AuditIntegrity::Broken { line: u32::try_from(*id).unwrap_or(u32::MAX), damage: (*kind).into() }
        }
    }
}

fn few(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
