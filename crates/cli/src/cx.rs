//! What a command works with: the use cases, the chosen account, and the way to the person.

use crate::{
    failure::Failure,
    notices::{self, Channel},
    out::Out,
    prompt, start,
};
use gatehouse_core::{
    Gatehouse, StoreNotice,
    accounts::{AccountView, SignIn},
    notices::Notice,
};
use std::{pin::pin, sync::Arc};
use tokio::sync::broadcast;

/// See the module.
pub struct Cx {
    /// The use cases.
    pub app: Arc<Gatehouse>,
    /// The way to the person, or to the script.
    pub out: Out,
    wanted: Option<String>,
    notices: Channel,
}

impl Cx {
    /// Opens everything. Makes no request. To be called on a runtime.
    pub fn start(out: Out, wanted: Option<String>) -> Result<Self, Failure> {
        let notices = Channel::new();
        let (app, store_notice) = start::start(notices.clone())?;
        if let Some(StoreNotice::DamagedKeptAside { path }) = store_notice {
            Out::warn(&format!(
                "Gatehouse's data were damaged. The file is kept as {path}; a new one was begun."
            ));
        }
        tokio::spawn(notices::say(Arc::downgrade(&app), out, notices.listen()));
        Ok(Self { app, out, wanted, notices })
    }

    /// What `--account` says.
    pub fn wanted(&self) -> Option<&str> {
        self.wanted.as_deref()
    }

    /// All accounts, and the id of the one that is in use.
    pub async fn accounts(&self) -> Result<(Vec<AccountView>, Option<String>), Failure> {
        let start = self.app.start().await?;
        Ok((start.accounts, start.active_account))
    }

    /// The account this is about. Makes no request.
    pub async fn account(&self) -> Result<AccountView, Failure> {
        let (accounts, active) = self.accounts().await?;
        let Some(wanted) = &self.wanted else {
            let account = accounts.into_iter().find(|a| Some(&a.id) == active.as_ref());
            return account.map_or_else(|| Err(no_account()), usable);
        };
        usable(named(accounts, wanted)?)
    }

    /// The same, ready for requests: signed in with GATEHOUSE_TOKEN where the account keeps no sign-in.
    pub async fn signed_in(&self) -> Result<AccountView, Failure> {
        let account = self.account().await?;
        if let Some(token) = prompt::token_of_environment() {
            if account.sign_in == SignIn::Keychain {
                self.out.say(&format!(
                    "{} is not used: “{}” signs in with the token in the keychain.",
                    prompt::TOKEN,
                    account.label
                ));
            } else {
                self.app.account_sign_in_for_now(&account.id, token).await?;
            }
        }
        Ok(account)
    }

    /// Everything that core tells from now on.
    pub fn listen(&self) -> broadcast::Receiver<Notice> {
        self.notices.listen()
    }

    /// Carries a step out that must not be cut off half-way: the first Ctrl-C waits for its end, another one doesn't.
    #[allow(clippy::unused_self)] // As the other ways to the person.
    pub fn whole<T>(&self, step: impl Future<Output = T>) -> impl Future<Output = T> {
        // Steps are large, and commands hold several.
        let mut step = Box::pin(step);
        async move {
            tokio::select! {
                done = &mut step => return done,
                () = interrupted() => {}
            }
            to_its_end(step, "Waiting until this step is done.").await
        }
    }

    /// Before the program ends: the audit log's new lines are sealed, where the keychain is known to answer.
    pub async fn end(&self) {
        if self.notices.wrote_audit() {
            self.app.audit_settle().await;
        }
    }
}

/// What a shell reports of a program that Ctrl-C ended.
const INTERRUPTED: i32 = 130;

/// The same once the first Ctrl-C came: says that, and what is waited for; another one leaves.
pub async fn to_its_end<T>(mut step: impl Future<Output = T> + Unpin, words: &str) -> T {
    let mut again = pin!(interrupted());
    tokio::select! {
        // It listens before the person is told that it does.
        biased;
        () = &mut again => std::process::exit(INTERRUPTED),
        () = async { Out::warn(&format!("{words} Press Ctrl-C again to leave it as it is.")) } => {}
    }
    tokio::select! {
        done = &mut step => done,
        () = again => std::process::exit(INTERRUPTED),
    }
}

/// Ready when Ctrl-C comes. Never, where it can't be listened to: then it ends the program.
pub async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// The account with this name, Account ID or id.
pub fn named(accounts: Vec<AccountView>, wanted: &str) -> Result<AccountView, Failure> {
    if let Some(account) = accounts.iter().find(|a| a.id == wanted) {
        return Ok(account.clone());
    }
    let mut found: Vec<_> =
        accounts.into_iter().filter(|a| a.label == wanted || a.customer_id == wanted).collect();
    match (found.pop(), found.len()) {
        (Some(account), 0) => Ok(account),
        (Some(_), others) => Err(Failure::usage(format!(
            "{} accounts are called “{wanted}”. Name the one you mean by its id: `gatehouse-cli account list --json`.",
            others + 1
        ))),
        (None, _) => Err(Failure::not_found(format!(
            "There is no account “{wanted}” here. `gatehouse-cli account list` shows those that are."
        ))),
    }
}

fn usable(account: AccountView) -> Result<AccountView, Failure> {
    if account.demo {
        return Err(Failure::usage(
            "The demo account lives in the window. For scripts, start `gatehouse-cli sandbox` and add its account.",
        ));
    }
    Ok(account)
}

fn no_account() -> Failure {
    Failure::new(
        "no_account",
        crate::Exit::NotSignedIn,
        "There is no account here yet. Add one: `gatehouse-cli account add ACCOUNT_ID`.",
    )
}
