//! Creating a token.

use super::{
    super::planned,
    value::{self, Printing},
};
use crate::{
    Outcome,
    args::Write,
    cx::Cx,
    json::{self, tokens::Created},
};
use clap::Args;

/// `tokens create`
#[derive(Debug, Args)]
pub struct Create {
    /// Its name: best the program that will use it
    name: String,
    #[command(flatten)]
    print: Printing,
    #[command(flatten)]
    write: Write,
}

impl Create {
    pub async fn run(self, cx: &Cx) -> Outcome {
        if self.write.dry_run {
            let account = cx.account().await?;
            let text = format!(
                "create “{}” in “{}” and {}.",
                self.name,
                account.label,
                if self.print.print_value { "print its value" } else { "keep its value in the keychain" }
            );
            return planned::<Created>(cx.out, "token.create", [self.name], text);
        }
        let account = cx.signed_in().await?.id;
        cx.whole(async {
            let created = cx.app.token_create(&account, &self.name, self.print.keep()).await?;
            let (id, name) = (created.token_id.clone(), created.name.clone());
            value::hand_over(cx, created, self.print, |kept, value| {
                json::Answer::Done(Created { id, name, kept, value })
            })
            .await
        })
        .await
    }
}
