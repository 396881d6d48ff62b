//! The commands: each calls the use case that the window's command of the same area calls.

pub mod account;
pub mod limit;
pub mod schema;

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

/// How long the program's end waits for what still runs behind the scenes.
const LEAVING: Duration = Duration::from_secs(1);

/// Carries a command out.
pub fn run(cli: Cli, out: Out) -> Outcome {
    match cli.command {
        Command::Schema(command) => command.run(),
        other => with_app(other, cli.global.account, out),
    }
}

/// The ones that need accounts, keychain and network.
fn with_app(command: Command, wanted: Option<String>, out: Out) -> Outcome {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().map_err(|e| {
            Failure::new("internal", crate::Exit::Fault, format!("The program can't start: {e}."))
        })?;
    let outcome = runtime.block_on(async {
        let cx = Cx::start(out, wanted)?;
        let outcome = match command {
            Command::Account(command) => command.run(&cx).await,
            Command::Limit(command) => command.run(&cx).await,
            Command::Schema(command) => command.run(),
        };
        cx.end().await;
        outcome
    });
    runtime.shutdown_timeout(LEAVING);
    outcome
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
