//! Other users' tokens.

use super::{super::planned, pick};
use crate::{
    Exit, Outcome,
    args::{Destroy, Read},
    commands::tokens::{as_of, told},
    cx::{Cx, interrupted},
    failure::Failure,
    json::{
        common::{Each, Failed, Named},
        users::UserTokens,
    },
    out::{Cell, Out, Table},
    prompt,
};
use clap::Args;
use gatehouse_core::{
    notices::Notice,
    users::{UserPick, UserToken},
};
use std::pin::pin;

/// `users tokens`
#[derive(Debug, Args)]
pub struct List {
    /// Id, mail address, or name if only one has it
    user: String,
    #[command(flatten)]
    read: Read,
}

/// `users delete-token`
#[derive(Debug, Args)]
pub struct Delete {
    /// Whose: id, mail address, or name if only one has it
    user: String,
    /// Which: ids, or names that only one has
    #[arg(required_unless_present = "all")]
    token: Vec<String>,
    /// All tokens of this user
    #[arg(long, conflicts_with = "token")]
    all: bool,
    #[command(flatten)]
    destroy: Destroy,
}

impl List {
    pub async fn run(self, cx: &Cx) -> Outcome {
        let account = if self.read.cached { cx.account().await?.id } else { cx.signed_in().await?.id };
        let user = if self.read.cached {
            pick::cached(cx, &account, &self.user).await?
        } else {
            pick::user(cx, &account, &self.user).await?
        };
        let found = cx.app.user_tokens(&account, &user.id, !self.read.cached).await?;
        if let Some(error) = found.error {
            return Err(error.into());
        }
        let document = UserTokens {
            user: Named { id: user.id, name: user.name },
            offer: (&found.state).into(),
            tokens: found.rows.into_iter().map(crate::json::tokens::UserToken::from).collect(),
            protected: found.protected,
            as_of: found.as_of,
        };
        cx.out.answer(&document, |text| {
            let mut table = Table::new(&["id", "name", "created", "last used", "use"]);
            for token in &document.tokens {
                table.row([
                    token.id.as_str().into(),
                    token.name.as_str().into(),
                    Cell::Time(token.created_on.clone()),
                    Cell::Time(token.last_used_on.clone()),
                    token.usage.word().into(),
                ]);
            }
            text.table(table);
            as_of(text, document.as_of.as_deref());
        })?;
        Ok(Exit::Ok)
    }
}

impl Delete {
    pub async fn run(self, cx: &Cx) -> Outcome {
        let account = cx.signed_in().await?.id;
        let user = pick::user(cx, &account, &self.user).await?;
        let found = cx.app.user_tokens(&account, &user.id, true).await?;
        if let Some(error) = found.error {
            return Err(error.into());
        }
        let tokens = self.picked(&user.name, &found.rows)?;
        let names: Vec<_> = tokens.iter().map(described).collect();
        let names = names.join("\n  ");
        if self.destroy.dry_run {
            let text = format!("delete of “{}”\n  {names}.", user.name);
            return planned::<Each>(cx.out, "user.delete_tokens", tokens.into_iter().map(|t| t.id), text);
        }
        let word = (tokens.len() > 1).then(|| format!("delete {}", tokens.len()));
        let question = format!(
            "Delete of “{}” ({})\n  {names}\nEvery program using it stops at once. This is final.",
            user.name, user.id
        );
        prompt::confirm(&question, word.as_deref(), self.destroy.yes)?;
        let mut heard = cx.listen();
        let user = UserPick { id: user.id, name: user.name };
        let held = cx.app.user_tokens_delete(&account, user, tokens.clone()).await?;
        cx.out.say("It is sent in 10 s. Ctrl-C takes it back.");
        let (mut ctrl_c, mut too_late) = (pin!(interrupted()), false);
        let error = loop {
            let notice = tokio::select! {
                notice = heard.recv() => notice,
                () = &mut ctrl_c, if !too_late => {
                    if cx.app.operation_undo(&held.operation).await.is_ok() {
                        return Err(Failure::not_confirmed("Taken back. Nothing was deleted."));
                    }
                    too_late = true;
                    Out::warn("It is too late: the deletion was sent.");
                    continue;
                }
            };
            match notice {
                Ok(Notice::UserTokensDeleted { operation, error, .. }) if operation == held.operation => {
                    break error;
                }
                Ok(_) | Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => {}
                Err(tokio::sync::broadcast::error::RecvError::Closed) => {
                    return Err(Failure::new(
                        "internal",
                        Exit::Fault,
                        "The deletion's outcome is not known.",
                    ));
                }
            }
        };
        self.outcome(cx, &account, &held.user.id, tokens, error).await
    }

    /// Which went: told by the list that was asked for last.
    async fn outcome(
        &self,
        cx: &Cx,
        account: &str,
        user: &str,
        tokens: Vec<UserToken>,
        error: Option<gatehouse_core::AppError>,
    ) -> Outcome {
        let left = cx.app.user_tokens(account, user, false).await?.rows;
        let (mut each, mut exit) = (Each::default(), Exit::Ok);
        for token in tokens {
            let what = Named { id: token.id.clone(), name: token.name };
            match &error {
                Some(error) if left.iter().any(|t| t.id == token.id) => {
                    exit = error.code.into();
                    each.failed.push(Failed::new(what, error));
                }
                _ => each.done.push(what),
            }
        }
        told(cx, &each, exit)
    }

    fn picked(&self, whose: &str, rows: &[UserToken]) -> Result<Vec<UserToken>, Failure> {
        if self.all {
            if rows.is_empty() {
                return Err(Failure::not_found(format!("“{whose}” has no token.")));
            }
            return Ok(rows.to_vec());
        }
        self.token
            .iter()
            .map(|wanted| {
                if let Some(token) = rows.iter().find(|t| &t.id == wanted) {
                    return Ok(token.clone());
                }
                let named: Vec<_> = rows.iter().filter(|t| &t.name == wanted).collect();
                match named[..] {
                    [token] => Ok(token.clone()),
                    [] => Err(Failure::not_found(format!("“{whose}” has no token “{wanted}”."))),
                    _ => Err(Failure::usage(format!(
                        "{} tokens are called “{wanted}”. Name the one you mean by its id.",
                        named.len()
                    ))),
                }
            })
            .collect()
    }
}

fn described(token: &UserToken) -> String {
    let used =
        token.last_used_on.as_deref().map_or_else(|| "never or not known".to_owned(), crate::out::local);
    format!("“{}” (id {}, last used {used})", token.name, token.id)
}
