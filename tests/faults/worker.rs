//! Gatehouse's use cases as a process that can be killed: real store, real keychain, real HTTP.
//!
//! `faults-worker DATA_DIR` reads commands from standard input, until that is closed, and carries them out side by
//! side. The lines are described in the test's `worker` module.

#[path = "worker/commands.rs"]
mod commands;
#[path = "worker/ports.rs"]
mod ports;

use commands::Stage;
use gatehouse_core::{
    Gatehouse, Parts,
    twins::{MemoryClipboard, SystemClock},
};
use gatehouse_store::{Actor, Store};
use planradar::rate_limit::LimitParams;
use ports::{Keychain, Notices, Places, say};
use serde_json::{Value, json};
use std::{error::Error, fs::File, path::PathBuf, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncBufReadExt, BufReader, stdin},
    task::JoinSet,
};

fn main() -> Result<(), Box<dyn Error>> {
    let data = PathBuf::from(std::env::args_os().nth(1).ok_or("the data folder is missing")?);
    let log = File::options().append(true).create(true).open(data.join("trace.log"))?;
    tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_ansi(false)
        .with_writer(log)
        .init();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(serve(data))?;
    // A keychain that never answers must not hold the end up.
    std::process::exit(0);
}

async fn serve(data: PathBuf) -> Result<(), Box<dyn Error>> {
    let places = Arc::new(Places::default());
    let clipboard = Arc::new(MemoryClipboard::default());
    let app = open(data, &places, &clipboard)?;
    let stage = Stage { app: Arc::clone(&app), clipboard, places: Arc::clone(&places) };
    let mut lines = BufReader::new(stdin()).lines();
    let mut commands = JoinSet::new();
    while let Some(line) = lines.next_line().await? {
        let asked: Value = serde_json::from_str(&line)?;
        let words = asked["do"].as_array().ok_or("a command is missing")?.iter();
        let words: Vec<_> = words.filter_map(|word| word.as_str().map(str::to_owned)).collect();
        places.begin(asked["at"].as_str(), asked["then"] == "Panic");
        let (stage, id) = (stage.clone(), asked["id"].clone());
        commands.spawn(async move {
            let task = tokio::spawn(async move { commands::carry_out(&stage, words).await });
            let answer = match task.await {
                Ok(Ok(answer)) => answer,
                Ok(Err(error)) => json!({ "error": error }),
                Err(_) => json!({ "panicked": true }),
            };
            say(&json!({ "id": id, "answer": answer }));
        });
    }
    while commands.join_next().await.is_some() {}
    app.quitting();
    Ok(())
}

fn open(
    data: PathBuf,
    places: &Arc<Places>,
    clipboard: &Arc<MemoryClipboard>,
) -> Result<Arc<Gatehouse>, Box<dyn Error>> {
    let (window, cooldown, grace) =
        (Duration::from_millis(250), Duration::from_secs(4), Duration::from_millis(100));
    let app = Gatehouse::new(Parts {
        store: Store::open(data.join("gatehouse.db"))?.store,
        store_notice: None,
        keychain: Arc::new(Keychain::new(Arc::clone(places))),
        clipboard: Arc::clone(clipboard) as _,
        clock: Arc::new(SystemClock),
        notifier: Arc::new(Notices(Arc::clone(places))),
        demo: None,
        limit_dir: data.join("limits"),
        data_dir: data,
        limit_params: LimitParams { window, cooldown, grace },
        actor: Actor::Window,
    });
    app.map_err(|error| error.message.into())
}
