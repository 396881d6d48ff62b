//! The use cases' common ground: store, secrets, ports, and one session per account.

use crate::{
    AppError, Code, Details, Result, StoreNotice,
    accounts::AccountView,
    audit::Sealing,
    copying::Copying,
    held::Held,
    jobs::Wish,
    notices::Notice,
    ports::{Clipboard, Clock, DemoHost, Notifier, SecretId, SecretStore},
    secrets::Secrets,
    session::Sessions,
    settings::KeychainState,
    sync::{Turns, lock},
    users::Writes,
};
use gatehouse_store::{Actor, NewAuditEntry, Store, StoreError};
use jiff::Timestamp;
use planradar::rate_limit::LimitParams;
use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, Weak,
        atomic::{AtomicBool, Ordering},
    },
};

/// What the use cases stand on; handed in at start.
pub struct Parts {
    /// gatehouse.db.
    pub store: Store,
    /// What happened when it was opened.
    pub store_notice: Option<StoreNotice>,
    /// The OS keychain.
    pub keychain: Arc<dyn SecretStore>,
    /// The system's clipboard.
    pub clipboard: Arc<dyn Clipboard>,
    /// Wall-clock time, for people.
    pub clock: Arc<dyn Clock>,
    /// The way to the window.
    pub notifier: Arc<dyn Notifier>,
    /// The sandbox inside the program, where there is one.
    pub demo: Option<Arc<dyn DemoHost>>,
    /// Where gatehouse.db is.
    pub data_dir: PathBuf,
    /// Where limit files of servers on other computers are: the same for all data folders.
    pub limit_dir: PathBuf,
    /// Times of the request limit; others than the default count for loopback servers only.
    pub limit_params: LimitParams,
    /// Through what things are done, for the audit log.
    pub actor: Actor,
}

/// The use cases.
pub struct Gatehouse {
    pub(crate) store: Store,
    pub(crate) secrets: Arc<Secrets>,
    pub(crate) held: Arc<Held>,
    pub(crate) copying: Arc<Copying>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) notifier: Arc<dyn Notifier>,
    pub(crate) demo: Option<Arc<dyn DemoHost>>,
    pub(crate) sessions: Sessions,
    pub(crate) actor: Actor,
    /// Operations that a call of this process is working on right now, and steps that may only run once at a time.
    in_flight: Mutex<HashSet<String>>,
    /// Steps that wait for one another: changes of one user, pages of one list, whoever works on one run.
    pub(crate) turns: Turns,
    /// Rows of users that a write of ours left: what was asked for before is older.
    pub(crate) user_writes: Arc<Mutex<Writes>>,
    /// Per account: how often a token was created or deleted here. A list that was asked for before is old.
    pub(crate) list_changes: tokio::sync::Mutex<HashMap<String, u64>>,
    /// Per account: its webhooks, whole. Their URLs and visible headers may hold what does not belong into a file.
    pub(crate) webhooks: Mutex<HashMap<String, Vec<planradar::Webhook>>>,
    /// The file of webhooks that is looked at.
    pub(crate) import: Mutex<Option<Arc<crate::webhooks::Import>>>,
    /// Held while stored settings of a limit are put into force.
    pub(crate) limit_turn: tokio::sync::Mutex<()>,
    /// Deletions that are held back for a moment.
    pub(crate) held_back: Mutex<HashSet<String>>,
    /// What the person wants of runs, by operation.
    pub(crate) wishes: Mutex<HashMap<String, Wish>>,
    /// Wakes runs that wait for the request limit: a wish may have changed.
    pub(crate) wish_changed: tokio::sync::Notify,
    /// Whether the window holds something typed that is not saved.
    unsaved: AtomicBool,
    /// Accounts with lost answers, that are looked at again in a minute.
    pub(crate) looks: Mutex<HashSet<String>>,
    /// Of the audit log's lines.
    pub(crate) sealing: Sealing,
    /// Accounts whose request for Connect is looked at now and then.
    pub(crate) connect_watches: Mutex<HashSet<String>>,
    /// Per account: ids of runs of other programs, as last shown.
    pub(crate) runs_elsewhere: Mutex<HashMap<String, Vec<String>>>,
    /// For tasks that outlive the call that starts them.
    pub(crate) this: Weak<Self>,
    /// Entries of the keychain that programs which have ended may have left there.
    pub(crate) left_secrets: Mutex<Vec<SecretId>>,
    store_notice: Option<StoreNotice>,
    data_dir: PathBuf,
    limit_dir: PathBuf,
}

/// What the window needs to paint itself.
pub struct Start {
    /// In the person's order.
    pub accounts: Vec<AccountView>,
    /// The one that was shown last.
    pub active_account: Option<String>,
    /// As last seen.
    pub keychain: KeychainState,
    /// Something happened to gatehouse.db.
    pub store_notice: Option<StoreNotice>,
}

pub(crate) const ACTIVE_ACCOUNT: &str = "active-account";

impl Gatehouse {
    /// Puts the parts together. Makes no request and asks no keychain.
    pub fn new(parts: Parts) -> Result<Arc<Self>> {
        let this = Arc::new_cyclic(|this| Self {
            this: Weak::clone(this),
            secrets: Secrets::new(parts.keychain, Arc::clone(&parts.notifier)),
            held: Arc::default(),
            copying: Copying::new(parts.clipboard, Arc::clone(&parts.clock), Arc::clone(&parts.notifier)),
            sessions: Sessions::new(
                parts.data_dir.join("limits"),
                parts.limit_dir.clone(),
                parts.limit_params,
            ),
            store: parts.store,
            clock: parts.clock,
            notifier: parts.notifier,
            demo: parts.demo,
            actor: parts.actor,
            in_flight: Mutex::default(),
            turns: Turns::default(),
            user_writes: Arc::default(),
            list_changes: tokio::sync::Mutex::default(),
            webhooks: Mutex::default(),
            import: Mutex::default(),
            limit_turn: tokio::sync::Mutex::default(),
            held_back: Mutex::default(),
            wishes: Mutex::default(),
            wish_changed: tokio::sync::Notify::new(),
            unsaved: AtomicBool::new(false),
            looks: Mutex::default(),
            sealing: Sealing::default(),
            connect_watches: Mutex::default(),
            runs_elsewhere: Mutex::default(),
            left_secrets: Mutex::default(),
            store_notice: parts.store_notice,
            data_dir: parts.data_dir,
            limit_dir: parts.limit_dir,
        });
        this.find_left_secrets()?;
        this.settle_at_start()?;
        Ok(this)
    }

    /// Where the window starts.
    pub async fn start(&self) -> Result<Start> {
        self.take_back_left_secrets();
        let (accounts, active_account) =
            self.db(|s| Ok((s.accounts()?, s.setting::<String>(ACTIVE_ACCOUNT)?))).await?;
        self.watch_connects(&accounts).await?;
        let mut views = Vec::with_capacity(accounts.len());
        for account in accounts {
            views.push(self.account_view(account).await?);
        }
        let active_account = active_account.filter(|id| views.iter().any(|v| &v.id == id));
        Ok(Start {
            active_account: active_account.or_else(|| views.first().map(|v| v.id.clone())),
            accounts: views,
            keychain: self.secrets.state(),
            store_notice: self.store_notice.clone(),
        })
    }

    /// Whether the program may end now. If a value is on show that is kept nowhere, or something that was typed is not
    /// saved, the window is told to ask first. `anyway`: the person lets go of what is not saved; never of a value.
    #[must_use]
    pub fn may_quit(&self, anyway: bool) -> bool {
        let unkept = self.held.any_unkept();
        let unsaved = !anyway && self.unsaved.load(Ordering::Relaxed);
        let deletions = if anyway { 0 } else { self.deletions_held_back() };
        let may = !unkept && !unsaved && deletions == 0;
        if !may {
            self.notifier.notify(Notice::QuitAsked { unkept, unsaved, deletions });
        }
        may
    }

    /// The window says whether it holds something typed that is not saved.
    pub fn set_unsaved(&self, unsaved: bool) {
        self.unsaved.store(unsaved, Ordering::Relaxed);
    }

    /// At quit: what is ours on the clipboard goes.
    pub fn quitting(&self) {
        self.copying.clear_now();
    }

    /// Where gatehouse.db is.
    #[must_use]
    pub fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    /// Where limit files of servers on other computers are.
    #[must_use]
    pub fn limit_dir(&self) -> &Path {
        &self.limit_dir
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Runs one short step on the store, away from the async threads.
    pub(crate) async fn db<T: Send + 'static>(
        &self,
        step: impl FnOnce(&Store) -> std::result::Result<T, StoreError> + Send + 'static,
    ) -> Result<T> {
        let store = self.store.clone();
        match tokio::task::spawn_blocking(move || step(&store)).await {
            Ok(outcome) => outcome.map_err(|e| store_error(&e)),
            Err(_) => Err(AppError::new(Code::Internal, "A step on gatehouse.db ended unexpectedly.")),
        }
    }

    /// A line of the audit log, not yet written.
    pub(crate) fn audit_line(
        &self,
        account: &str,
        action: &str,
        subject: &str,
        outcome: &str,
    ) -> NewAuditEntry {
        NewAuditEntry {
            at: self.now(),
            account_id: Some(account.to_owned()),
            actor: self.actor,
            action: action.to_owned(),
            subject: subject.to_owned(),
            outcome: outcome.to_owned(),
            operation_id: None,
            detail: serde_json::Value::Null,
        }
    }

    /// Writes a line of the audit log that belongs to no operation.
    pub(crate) async fn audit(
        &self,
        account: &str,
        action: &str,
        subject: &str,
        outcome: &str,
    ) -> Result<()> {
        let line = self.audit_line(account, action, subject, outcome);
        self.db(move |s| s.append_audit(&line).map(drop)).await?;
        self.line_added();
        Ok(())
    }

    /// Marks an operation as being worked on until the guard is dropped.
    pub(crate) fn working_on<'a>(&'a self, operation: &str) -> WorkingOn<'a> {
        lock(&self.in_flight).insert(operation.to_owned());
        WorkingOn { set: &self.in_flight, operation: operation.to_owned() }
    }

    /// Lets a step run only once at a time: a double click is one click.
    pub(crate) fn only_once(&self, step: String) -> Result<WorkingOn<'_>> {
        if lock(&self.in_flight).insert(step.clone()) {
            return Ok(WorkingOn { set: &self.in_flight, operation: step });
        }
        Err(AppError::new(Code::Stale, "This is under way already. Wait for it, then look again."))
    }

    pub(crate) fn is_working_on(&self, operation: &str) -> bool {
        lock(&self.in_flight).contains(operation)
    }
}

/// See [`Gatehouse::working_on`].
pub(crate) struct WorkingOn<'a> {
    set: &'a Mutex<HashSet<String>>,
    operation: String,
}

impl Drop for WorkingOn<'_> {
    fn drop(&mut self) {
        lock(self.set).remove(&self.operation);
    }
}

/// What a failed step on the store means to a person.
#[must_use]
pub fn store_error(error: &StoreError) -> AppError {
    match error {
        StoreError::Newer { .. } => AppError::new(
            Code::StoreNewer,
            "The data of this computer was written by a newer Gatehouse. Nothing was changed. Install the newer version, or start with another data folder (GATEHOUSE_DATA_DIR).",
        ),
        StoreError::StateChanged { .. } => AppError::new(
            Code::Stale,
            "Another window or program of Gatehouse went on with this meanwhile. Look again.",
        ),
        StoreError::DiskFull => AppError::new(
            Code::StoreFailed,
            "The disk is full: nothing was sent, because Gatehouse could not write down what it was about to do.",
        ),
        other => {
            AppError::new(Code::StoreFailed, "Gatehouse's data could not be read or written. Try again.")
                .with(Details::Reason { reason: other.to_string() })
        }
    }
}
