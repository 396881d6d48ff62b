//! The JSON Schemas of the answers.

use crate::{Exit, Outcome, failure::Failure, json::documents, out::Out};
use clap::Args;
use serde_json::{Map, Value};

/// Prints one, or all by their commands.
#[derive(Debug, Args)]
pub struct Schema {
    /// The command, such as `tokens list`, or `error` [default: all]
    #[arg(value_name = "COMMAND")]
    command: Vec<String>,
}

impl Schema {
    pub fn run(self) -> Outcome {
        let wanted = self.command.join(" ");
        let schema = if wanted.is_empty() {
            let all = documents().map(|d| (d.command.to_owned(), (d.schema)().to_value()));
            Value::Object(all.collect::<Map<_, _>>())
        } else {
            let found = documents().find(|d| d.command == wanted);
            let found = found.ok_or_else(|| {
                Failure::not_found(format!("There is no command “{wanted}” that answers with JSON."))
            })?;
            (found.schema)().to_value()
        };
        Out::print(&format!("{schema:#}\n"))?;
        Ok(Exit::Ok)
    }
}
