//! The commands: each calls the use case that the window's command of the same area calls.

pub mod account;
pub mod audit;
pub mod capabilities;
pub mod completions;
pub mod connect;
pub mod limit;
mod runs;
pub mod sandbox;
pub mod schema;
pub mod tokens;
pub mod users;
pub mod webhooks;

use crate::{
    Outcome,
    args::{Cli, Command},
    cx::Cx,
    failure::Failure,
    json::{Answer, Planned},
    out::Out,
};
use schemars::JsonSchema;
use serde::Serialize;
use std::time::Duration;
use tokio::runtime::Runtime;

/// How long the program's end waits for what still runs behind the scenes.
const LEAVING: Duration = Duration::from_secs(1);

/// Carries a command out.
pub fn run(cli: Cli, out: Out) -> Outcome {
    let wanted = cli.global.account;
    match cli.command {
        Command::Account(command) => with_app(wanted, out, async |cx| command.run(cx).await),
        Command::Tokens(command) => with_app(wanted, out, async |cx| command.run(cx).await),
        Command::Webhooks(command) => with_app(wanted, out, async |cx| command.run(cx).await),
        Command::Users(command) => with_app(wanted, out, async |cx| command.run(cx).await),
        Command::Connect(command) => with_app(wanted, out, async |cx| command.run(cx).await),
        Command::Audit(command) => with_app(wanted, out, async |cx| command.run(cx).await),
        Command::Limit(command) => with_app(wanted, out, async |cx| command.run(cx).await),
        Command::Capabilities(command) => with_app(wanted, out, async |cx| command.run(cx).await),
        Command::Sandbox(command) => command.run(out),
        Command::Schema(command) => command.run(),
        Command::Completions(command) => command.run(),
        Command::Man(command) => command.run(),
    }
}

/// For the ones that need accounts, keychain and network.
fn with_app(wanted: Option<String>, out: Out, command: impl AsyncFnOnce(&Cx) -> Outcome) -> Outcome {
    let runtime = runtime()?;
    let outcome = runtime.block_on(async {
        let cx = Cx::start(out, wanted)?;
        let outcome = command(&cx).await;
        cx.end().await;
        outcome
    });
    runtime.shutdown_timeout(LEAVING);
    outcome
}

fn runtime() -> Result<Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|e| Failure::new("internal", crate::Exit::Fault, format!("The program can't start: {e}.")))
}

/// Answers what `--dry-run` asks for.
fn planned<T: Serialize + JsonSchema>(
    out: Out,
    action: &str,
    to: impl IntoIterator<Item = String>,
    text: String,
) -> Outcome {
    let to = to.into_iter().collect();
    let planned = Planned { dry_run: true, action: action.to_owned(), to, text };
    out.say(&format!("Would {} Nothing was done.", planned.text));
    out.answer(&Answer::<T>::Planned(planned.clone()), |text| {
        text.facts([("would", planned.action.as_str().into()), ("to", planned.to.join(" ").into())]);
    })?;
    Ok(crate::Exit::Ok)
}
