//! Gatehouse's use cases as a process that can be killed: real store, real keychain, real HTTP.
//!
//! `faults-worker DATA_DIR COMMAND [ARGUMENT]...`, prints one line of JSON per command.

use async_trait::async_trait;
use gatehouse_core::{
    AppError, Gatehouse, Parts,
    accounts::NewAccount,
    notices::Notice,
    ports::{KeychainKind, Notifier, SecretId, SecretStore, SecretStoreError},
    tokens::Kept,
    twins::{MemoryClipboard, SystemClock},
};
use gatehouse_keychain::OsKeychain;
use gatehouse_store::{Actor, Store};
use gatehouse_tests::worker::{LOG, STOP_AT, STOPPED, TOKEN};
use planradar::rate_limit::LimitParams;
use secrecy::SecretString;
use serde_json::{Value, json};
use std::{
    fs::File,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

fn main() {
    if let Some(file) =
        std::env::var_os(LOG).and_then(|path| File::options().append(true).create(true).open(path).ok())
    {
        tracing_subscriber::fmt()
            .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
            .with_ansi(false)
            .with_writer(file)
            .init();
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let outcome = runtime.map_err(|e| e.to_string()).and_then(|r| r.block_on(run()));
    match outcome {
        Ok(value) => println!("{value}"),
        Err(error) => {
            println!("{}", json!({ "failed": error }));
            std::process::exit(1);
        }
    }
}

/// Says that the place is reached, and waits for SIGKILL.
fn stop_if(place: &str) {
    if std::env::var(STOP_AT).as_deref() == Ok(place) {
        println!("{STOPPED}");
        loop {
            std::thread::park();
        }
    }
}

/// Counts operations' steps, and prints every notice: what the window would be told.
struct Notices(AtomicUsize);

impl Notifier for Notices {
    fn notify(&self, notice: Notice) {
        if std::env::var_os(LOG).is_some() {
            eprintln!("{}", serde_json::to_string(&notice).unwrap_or_default());
        }
        if matches!(notice, Notice::OperationsChanged { .. }) {
            let count = self.0.fetch_add(1, Ordering::SeqCst) + 1;
            stop_if(&format!("notice:{count}"));
        }
    }
}

/// The real keychain, with places to stop around each write.
struct Keychain(OsKeychain);

#[async_trait]
impl SecretStore for Keychain {
    fn kind(&self) -> KeychainKind {
        self.0.kind()
    }

    async fn probe(&self) -> Result<(), SecretStoreError> {
        self.0.probe().await
    }

    async fn put(&self, id: &SecretId, value: SecretString) -> Result<(), SecretStoreError> {
        let token = matches!(id, SecretId::Token { .. });
        if token {
            stop_if("put:before");
        }
        let outcome = self.0.put(id, value).await;
        if token {
            stop_if("put:after");
        }
        outcome
    }

    async fn get(&self, id: &SecretId) -> Result<SecretString, SecretStoreError> {
        self.0.get(id).await
    }

    async fn delete(&self, id: &SecretId) -> Result<(), SecretStoreError> {
        self.0.delete(id).await
    }
}

fn open(data: PathBuf) -> Result<Arc<Gatehouse>, String> {
    let opened = Store::open(data.join("gatehouse.db")).map_err(|e| e.to_string())?;
    let (window, cooldown, grace) = (Duration::from_secs(2), Duration::from_secs(4), Duration::from_secs(1));
    Gatehouse::new(Parts {
        store: opened.store,
        store_notice: None,
        keychain: Arc::new(Keychain(OsKeychain::new())),
        clipboard: Arc::new(MemoryClipboard::default()),
        clock: Arc::new(SystemClock),
        notifier: Arc::new(Notices(AtomicUsize::new(0))),
        demo: None,
        limit_dir: data.join("limits"),
        data_dir: data,
        limit_params: LimitParams { window, cooldown, grace },
        actor: Actor::Window,
    })
    .map_err(|e| e.message)
}

fn told(error: &AppError) -> Value {
    json!({ "error": error })
}

async fn run() -> Result<Value, String> {
    let mut arguments = std::env::args().skip(1);
    let mut next = |what: &str| arguments.next().ok_or_else(|| format!("{what} is missing"));
    let data = PathBuf::from(next("the data folder")?);
    let command = next("the command")?;
    std::fs::create_dir_all(&data).map_err(|e| e.to_string())?;
    let app = open(data)?;
    if command == "add" {
        let token = SecretString::from(std::env::var(TOKEN).map_err(|e| e.to_string())?);
        let input = NewAccount {
            server: Some(next("the server")?),
            customer_id: next("the Account ID")?,
            label: None,
            session_only: false,
        };
        return Ok(match app.account_add(input, token).await {
            Ok(account) => json!({ "account": account.id }),
            Err(error) => told(&error),
        });
    }
    let start = app.start().await.map_err(|e| e.message)?;
    let account = start.active_account.ok_or("there is no account")?;
    let outcome = match command.as_str() {
        "create" => app
            .token_create(&account, &next("the name")?, Kept::Keychain)
            .await
            .map(|c| json!({ "token": c.token_id, "kept": c.kept })),
        // The window would show the value now; the program ends as badly as it can.
        "create-and-panic" => {
            let created =
                app.token_create(&account, &next("the name")?, Kept::No).await.map_err(|e| e.message)?;
            let value = app.token_reveal(&created.handle).map_err(|e| e.message)?;
            panic!("{created:?} {value:?} {:?}", app.operations_list(&account).await);
        }
        "paste" => {
            let (name, value) =
                (next("the name")?, SecretString::from(std::env::var(TOKEN).map_err(|e| e.to_string())?));
            app.tokens_refresh(&account).await.map_err(|e| e.message)?;
            app.token_paste(&account, &name, value, false).await.map(|view| json!({ "view": view }))
        }
        "replace" => {
            let (id, name) = (next("the id")?, next("the name")?);
            app.tokens_refresh(&account).await.map_err(|e| e.message)?;
            app.replace_start(&account, &id, &name, Kept::Keychain)
                .await
                .map(|c| json!({ "token": c.token_id, "kept": c.kept }))
        }
        // What the next start of the program shows.
        "look" => {
            let view = app.tokens_refresh(&account).await.map_err(|e| e.message)?;
            app.operations_list(&account).await.map(|ops| json!({ "view": view, "operations": ops }))
        }
        "delete-candidate" => {
            let (operation, token) = (next("the operation")?, next("the token")?);
            app.operation_delete_candidate(&operation, &token).await.map(|left| json!({ "left": left }))
        }
        "verify" => app.token_verify(&account, &next("the token")?).await.map(|view| json!({ "view": view })),
        "entered" => app.replace_entered(&next("the operation")?).await.map(|op| json!({ "operation": op })),
        "finish" => app.replace_finish(&next("the operation")?).await.map(|()| json!({ "finished": true })),
        other => return Err(format!("{other} is no command")),
    };
    Ok(outcome.unwrap_or_else(|error| told(&error)))
}
