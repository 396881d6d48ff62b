//! "Replace safely": both tokens work until the old one is deleted, which may be days later.

use super::{
    super::planned,
    fresh, pick,
    value::{self, Printing},
};
use crate::{
    Exit, Outcome,
    args::Destroy,
    cx::Cx,
    failure::Failure,
    json::{
        Answer,
        tokens::{Printed, Replacement, Token},
    },
    out::Cell,
    prompt,
};
use clap::{ArgGroup, Args};
use gatehouse_core::{
    operations::OperationView,
    tokens::{Own, TokenRow},
};

/// `tokens replace`
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("step").args(["entered", "check", "finish", "stop", "sign_in"]))]
#[allow(clippy::struct_excessive_bools)] // Each is a switch of the command line, and only one of them is given.
pub struct Replace {
    /// The one that goes: its id, or its name if only one has it
    #[arg(required_unless_present = "sign_in")]
    token: Option<String>,
    /// The new one's name [default: as the old one's]
    #[arg(long)]
    name: Option<String>,
    #[command(flatten)]
    print: Printing,
    /// Step 2: the new one is entered in the program
    #[arg(long)]
    entered: bool,
    /// Step 3: look whether the new one is used and the old one is quiet
    #[arg(long)]
    check: bool,
    /// Step 4: delete the old one
    #[arg(long)]
    finish: bool,
    /// Leave the old one, and end the replacement
    #[arg(long)]
    stop: bool,
    /// With --stop: delete the new one
    #[arg(long, requires = "stop")]
    delete_new: bool,
    /// Replace Gatehouse's own token together with the sign-in, in one go
    #[arg(long, conflicts_with_all = ["token", "name", "print_value"])]
    sign_in: bool,
    #[command(flatten)]
    destroy: Destroy,
}

impl Replace {
    pub async fn run(self, cx: &Cx) -> Outcome {
        if self.sign_in {
            return self.own(cx).await;
        }
        let (account, view) = fresh(cx).await?;
        let row = pick(&view.rows, self.token.as_deref().unwrap_or_default())?;
        match &row.replacement {
            None => self.begin(cx, &account, row).await,
            Some(role) => {
                let operation = role.operation.clone();
                self.go_on(cx, &account, &operation, &row).await
            }
        }
    }

    async fn begin(self, cx: &Cx, account: &str, row: TokenRow) -> Outcome {
        if self.entered || self.check || self.finish || self.stop {
            return Err(Failure::not_found(format!(
                "“{}” is not being replaced. Begin: `gatehouse-cli tokens replace {}`.",
                row.name, row.id
            )));
        }
        let name = self.name.clone().unwrap_or_else(|| row.name.clone());
        if self.destroy.dry_run {
            let text =
                format!("create “{name}”, which is to take the place of “{}” (id {}).", row.name, row.id);
            return planned::<Replacement>(cx.out, "token.replace", [row.id], text);
        }
        cx.whole(async {
            let created = cx.app.replace_start(account, &row.id, &name, self.print.keep()).await?;
            let new = created.token_id.clone();
            let rows = cx.app.tokens_view(account).await?.rows;
            let find = |id: &str| rows.iter().find(|r| r.id == id).cloned().map(Token::from);
            let document = |_, value: Option<Printed>| {
                Answer::Done(Replacement {
                    step: Some(2),
                    old: find(&row.id),
                    new: find(&new),
                    new_used_since: None,
                    value,
                })
            };
            let ended = value::hand_over(cx, created, self.print, document).await?;
            cx.out.say(&format!(
                "Both work. Next: enter the new one in your program, then `gatehouse-cli tokens replace {} --entered`.",
                row.id
            ));
            Ok(ended)
        })
        .await
    }

    async fn go_on(self, cx: &Cx, account: &str, operation: &str, row: &TokenRow) -> Outcome {
        let id = operation.to_owned();
        if self.stop || self.finish {
            return self.end(cx, account, operation, row).await;
        }
        if self.destroy.dry_run {
            let text = format!("look at the replacement of “{}”.", row.name);
            return planned::<Replacement>(cx.out, "token.replace", [row.id.clone()], text);
        }
        let view = if self.entered {
            Some(cx.whole(cx.app.replace_entered(&id)).await?)
        } else if self.check {
            Some(cx.whole(cx.app.replace_check(&id)).await?)
        } else {
            cx.app.operations_list(account).await?.into_iter().find(|op| op.id == id)
        };
        let view =
            view.ok_or_else(|| Failure::not_found("This replacement has ended. Look at the list again."))?;
        show(cx, &view)
    }

    async fn end(self, cx: &Cx, account: &str, operation: &str, row: &TokenRow) -> Outcome {
        let open = cx.app.operations_list(account).await?.into_iter().find(|op| op.id == operation);
        let replacement = open.and_then(|op| op.replacement);
        let (old, new) = replacement.map(|r| (r.old, r.new)).unwrap_or_default();
        let goes = if self.finish { &old } else { &new };
        let name = goes.as_ref().map_or_else(|| row.name.clone(), super::described);
        let (action, text, deletes) = match (self.finish, self.delete_new) {
            (true, _) => ("token.replace.finish", format!("delete the old token {name}"), true),
            (false, true) => ("token.replace.stop", format!("delete the new token {name}"), true),
            (false, false) => {
                ("token.replace.stop", "end the replacement and leave both tokens".to_owned(), false)
            }
        };
        if self.destroy.dry_run {
            return planned::<Replacement>(cx.out, action, [row.id.clone()], format!("{text}."));
        }
        if deletes {
            let question = format!("This will {text}. Every program using it stops at once. This is final.");
            prompt::confirm(&question, None, self.destroy.yes)?;
        }
        if self.finish {
            cx.whole(cx.app.replace_finish(operation)).await?;
        } else {
            cx.whole(cx.app.replace_stop(operation, self.delete_new)).await?;
        }
        cx.out.say("The replacement has ended.");
        let rows = cx.app.tokens_view(account).await?.rows;
        let find = |row: Option<TokenRow>| {
            row.and_then(|row| rows.iter().find(|r| r.id == row.id && !r.gone).cloned()).map(Token::from)
        };
        let ended =
            Replacement { step: None, old: find(old), new: find(new), new_used_since: None, value: None };
        answer(cx, &ended)
    }

    async fn own(self, cx: &Cx) -> Outcome {
        let (account, view) = fresh(cx).await?;
        let own = view.rows.iter().find(|row| row.own == Own::Yes).cloned();
        let name = own.as_ref().map_or_else(|| "Gatehouse's own token".to_owned(), super::described);
        if self.destroy.dry_run {
            let text = format!("create a new token, sign in with it, and delete {name}.");
            let ids = own.into_iter().map(|row| row.id);
            return planned::<Replacement>(cx.out, "sign_in.replace", ids, text);
        }
        let kept = cx.account().await?.sign_in;
        if kept != gatehouse_core::accounts::SignIn::Keychain {
            return Err(Failure::new(
                "sign_in_missing",
                Exit::Refused,
                "This account keeps no sign-in, so a new one would be lost with this run. Replace the token with `tokens create --print-value` where it comes from.",
            ));
        }
        let question = format!("Create a new token, sign in with it, and delete {name}?");
        prompt::confirm(&question, None, self.destroy.yes)?;
        let view = cx.whole(cx.app.replace_sign_in(&account)).await?;
        cx.out.say("Gatehouse signs in with the new token; the old one is deleted.");
        let new = view.rows.into_iter().find(|row| row.own == Own::Yes).map(Token::from);
        answer(cx, &Replacement { step: None, old: None, new, new_used_since: None, value: None })
    }
}

fn show(cx: &Cx, view: &OperationView) -> Outcome {
    let Some(replacement) = view.replacement.clone() else {
        return Err(Failure::new(
            "lost_answer",
            Exit::Conflict,
            "The answer to this replacement was lost. Settle it in the window first.",
        ));
    };
    let document = Replacement {
        step: Some(replacement.step),
        old: replacement.old.map(Token::from),
        new: replacement.new.map(Token::from),
        new_used_since: replacement.new_used_since,
        value: None,
    };
    cx.out.say(match document.step {
        Some(4) => "The new one is in use. Delete the old one: --finish.",
        Some(3) => {
            "Entered. Wait until the new one is used and the old one is quiet, then look again: --check."
        }
        _ => "Enter the new one in your program, then say so: --entered.",
    });
    answer(cx, &document)
}

fn answer(cx: &Cx, document: &Replacement) -> Outcome {
    cx.out.answer(&Answer::Done(document.clone()), |text| {
        let named = |token: &Option<Token>| token.as_ref().map(|t| format!("{} ({})", t.name, t.id)).into();
        text.facts([
            ("step", document.step.map(u32::from).into()),
            ("old", named(&document.old)),
            ("old last used", Cell::Time(document.old.as_ref().and_then(|t| t.last_used_on.clone()))),
            ("new", named(&document.new)),
            ("new used since", Cell::Time(document.new_used_since.clone())),
        ]);
    })?;
    Ok(Exit::Ok)
}
