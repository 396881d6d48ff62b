//! The audit log of this computer: found, exported, and vouched for by a chain of seals whose key and end are in the OS
//! keychain. Never a secret in a line.

mod export;
mod keys;
mod page;
mod types;
mod verify;

pub use types::{
    AuditActor, AuditArea, AuditDamage, AuditDoubt, AuditIntegrity, AuditPage, AuditQuery, AuditRow,
};

use crate::{Gatehouse, notices::Notice, settings::KeychainStatus};
use std::sync::atomic::{AtomicBool, Ordering};

/// What sealing needs to know of itself.
#[derive(Default)]
pub(crate) struct Sealing {
    /// One at a time; held to the end by "remove everything".
    pub turn: tokio::sync::Mutex<()>,
    /// A task will seal what was written until now.
    pending: AtomicBool,
}

impl Gatehouse {
    /// Before a program ends that runs only for a moment: what it wrote is sealed, under the same condition.
    pub async fn audit_settle(&self) {
        if self.secrets.state().status == KeychainStatus::Ready {
            let _turn = self.sealing.turn.lock().await;
            self.seal_quietly().await;
        }
    }

    /// A line was written: it is sealed in the background. Only with a keychain that is known to answer, so that no line
    /// ever makes it ask for a password; what is left is sealed with the next line, or when the log is opened.
    pub(crate) fn line_added(&self) {
        self.notifier.notify(Notice::AuditChanged);
        if self.secrets.state().status != KeychainStatus::Ready
            || self.sealing.pending.swap(true, Ordering::AcqRel)
        {
            return;
        }
        let this = self.this.clone();
        tokio::spawn(async move {
            if let Some(this) = this.upgrade() {
                let _turn = this.sealing.turn.lock().await;
                this.sealing.pending.store(false, Ordering::Release);
                this.seal_quietly().await;
            }
        });
    }
}
