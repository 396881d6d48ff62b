//! Tokens of one's own, and everyone's.

mod create;
mod inventory;
mod replace;
mod value;

use super::planned;
use crate::{
    Exit, Outcome,
    args::{Destroy, Read, Write},
    cx::Cx,
    failure::Failure,
    json::{
        self, Answer,
        common::{Each, Failed, Named},
        tokens::Token,
    },
    out::{Cell, Table, Text},
    prompt,
};
use clap::{Args, Subcommand};
use gatehouse_core::tokens::{Own, TokenRow, TokensView};
use std::collections::BTreeSet;

/// `tokens …`
#[derive(Debug, Subcommand)]
pub enum Tokens {
    /// Your personal access tokens
    List(Read),
    /// Create one; its value goes to the keychain
    Create(create::Create),
    /// Replace one safely: create a new one, enter it in your program, then delete the old one
    Replace(replace::Replace),
    /// Delete tokens at PlanRadar. Final: every program that uses one stops at once
    Delete(Delete),
    /// Keep a token that was made on PlanRadar's page: tested, then kept in the keychain
    ///
    /// The value is typed unseen, or read from standard input.
    Keep(Keep),
    /// Make one documented request with a kept value
    Verify(Which),
    /// Remove a kept value from this computer; the token goes on working
    Forget(Forget),
    /// Everyone's tokens, asked for one user after the other within the request limit
    Inventory(inventory::Inventory),
}

/// `tokens delete`
#[derive(Debug, Args)]
pub struct Delete {
    /// Their ids, or names that only one has
    #[arg(required = true)]
    token: Vec<String>,
    #[command(flatten)]
    destroy: Destroy,
}

/// `tokens keep`
#[derive(Debug, Args)]
pub struct Keep {
    /// Its name here
    name: String,
    #[command(flatten)]
    write: Write,
}

/// A token.
#[derive(Debug, Args)]
pub struct Which {
    /// Its id, or its name if only one has it
    token: String,
}

/// `tokens forget`
#[derive(Debug, Args)]
pub struct Forget {
    /// Its id, or its name if only one has it
    token: String,
    #[command(flatten)]
    destroy: Destroy,
}

impl Tokens {
    pub async fn run(self, cx: &Cx) -> Outcome {
        match self {
            Self::List(read) => list(cx, read).await,
            Self::Create(args) => args.run(cx).await,
            Self::Replace(args) => args.run(cx).await,
            Self::Delete(args) => delete(cx, args).await,
            Self::Keep(args) => keep(cx, args).await,
            Self::Verify(args) => verify(cx, args).await,
            Self::Forget(args) => forget(cx, args).await,
            Self::Inventory(args) => args.run(cx).await,
        }
    }
}

async fn list(cx: &Cx, read: Read) -> Outcome {
    let view =
        if read.cached { cx.app.tokens_view(&cx.account().await?.id).await? } else { fresh(cx).await?.1 };
    let document = json::tokens::Tokens::from(view);
    cx.out.answer(&document, |text| {
        let mut table = Table::new(&["id", "name", "created", "last used", "use", "kept", "note"]);
        for token in &document.tokens {
            table.row([
                token.id.as_str().into(),
                token.name.as_str().into(),
                Cell::Time(token.created_on.clone()),
                Cell::Time(token.last_used_on.clone()),
                token.usage.word().into(),
                token.kept.word().into(),
                note(token).into(),
            ]);
        }
        text.table(table);
        as_of(text, document.as_of.as_deref());
    })?;
    Ok(Exit::Ok)
}

fn note(token: &Token) -> String {
    let mut notes = Vec::new();
    match token.own {
        json::tokens::Own::Yes => notes.push("signs in"),
        json::tokens::Own::Maybe => notes.push("may sign in"),
        json::tokens::Own::No => {}
    }
    if token.pasted {
        notes.push("kept from the page");
    }
    if token.gone {
        notes.push("gone at PlanRadar");
    }
    match token.replacing {
        Some(json::tokens::Role::Old) => notes.push("being replaced"),
        Some(json::tokens::Role::New) => notes.push("replaces another"),
        None => {}
    }
    notes.join(", ")
}

async fn delete(cx: &Cx, args: Delete) -> Outcome {
    let (account, view) = fresh(cx).await?;
    let mut rows: Vec<_> =
        args.token.iter().map(|wanted| pick(&view.rows, wanted)).collect::<Result<_, _>>()?;
    // Named twice, it is one all the same.
    let mut seen = BTreeSet::new();
    rows.retain(|row| seen.insert(row.id.clone()));
    if let Some(own) = rows.iter().find(|row| row.own != Own::No) {
        return Err(Failure::new(
            "own_token",
            Exit::Refused,
            format!(
                "Gatehouse signs in with “{}”, or may. Nothing was deleted. Replace it together with the sign-in: `gatehouse-cli tokens replace --sign-in`.",
                own.name
            ),
        ));
    }
    let names = rows.iter().map(described).collect::<Vec<_>>().join("\n  ");
    if args.destroy.dry_run {
        let text = format!("delete\n  {names}\nat PlanRadar.");
        return planned::<Each>(cx.out, "token.delete", rows.into_iter().map(|r| r.id), text);
    }
    let word = (rows.len() > 1).then(|| format!("delete {}", rows.len()));
    let question = format!("Delete\n  {names}\nEvery program using it stops at once. This is final.");
    prompt::confirm(&question, word.as_deref(), args.destroy.yes)?;
    let (mut each, mut exit) = (Each::default(), Exit::Ok);
    for row in rows {
        let what = Named { id: row.id.clone(), name: row.name.clone() };
        let deleted =
            cx.whole(cx.app.token_delete(&account, &row.id, &row.name, row.created_on.as_deref(), false));
        match deleted.await {
            Ok(()) => {
                cx.out.say(&format!("Deleted “{}”.", row.name));
                each.done.push(what);
            }
            Err(error) => {
                if exit == Exit::Ok {
                    exit = error.code.into();
                }
                each.failed.push(Failed::new(what, &error));
            }
        }
    }
    told(cx, &each, exit)
}

async fn keep(cx: &Cx, args: Keep) -> Outcome {
    if args.write.dry_run {
        let account = cx.account().await?;
        let text = format!("test a token for “{}” and keep it as “{}”.", account.label, args.name);
        return planned::<Token>(cx.out, "token.keep", [args.name], text);
    }
    let account = cx.signed_in().await?.id;
    let before = cx.app.tokens_view(&account).await?.rows;
    let value = prompt::secret("The token's value")?;
    let view = cx.whole(cx.app.token_paste(&account, &args.name, value, false)).await?;
    let new = view.rows.into_iter().find(|row| !before.iter().any(|known| known.id == row.id));
    let new = new.ok_or_else(|| Failure::not_found("The kept token is not in the list."))?;
    cx.out.say(&format!("“{}” works, and is kept in the keychain.", new.name));
    show(cx, new)
}

async fn verify(cx: &Cx, args: Which) -> Outcome {
    let account = cx.signed_in().await?.id;
    let row = pick(&cx.app.tokens_view(&account).await?.rows, &args.token)?;
    let view = cx.whole(cx.app.token_verify(&account, &row.id)).await?;
    cx.out.say(&format!("“{}” works.", row.name));
    let token = Token::from(pick(&view.rows, &row.id)?);
    cx.out.answer(&token, |text| facts(text, &token))?;
    Ok(Exit::Ok)
}

async fn forget(cx: &Cx, args: Forget) -> Outcome {
    let account = cx.account().await?.id;
    let row = pick(&cx.app.tokens_view(&account).await?.rows, &args.token)?;
    if args.destroy.dry_run {
        let text = format!("remove the value of “{}” from this computer.", row.name);
        return planned::<Token>(cx.out, "token.forget", [row.id], text);
    }
    let question =
        format!("Remove the value of “{}” from this computer? PlanRadar does not show it again.", row.name);
    prompt::confirm(&question, None, args.destroy.yes)?;
    let view = cx.whole(cx.app.token_forget(&account, &row.id)).await?;
    cx.out.say(&format!("The value of “{}” is no longer kept.", row.name));
    // One that is in no list is gone with its value.
    let row = pick(&view.rows, &row.id).unwrap_or(TokenRow { kept: gatehouse_core::tokens::Kept::No, ..row });
    show(cx, row)
}

/// The account's id, and its list as the server has it now.
async fn fresh(cx: &Cx) -> Result<(String, TokensView), Failure> {
    let account = cx.signed_in().await?.id;
    let view = cx.app.tokens_refresh(&account).await?;
    match view.error {
        Some(error) => Err(error.into()),
        None => Ok((account, view)),
    }
}

/// The token with this id, or with this name if only one has it.
fn pick(rows: &[TokenRow], wanted: &str) -> Result<TokenRow, Failure> {
    if let Some(row) = rows.iter().find(|row| row.id == wanted) {
        return Ok(row.clone());
    }
    let named: Vec<_> = rows.iter().filter(|row| row.name == wanted).collect();
    match named[..] {
        [row] => Ok(row.clone()),
        [] => Err(Failure::not_found(format!("There is no token “{wanted}”."))),
        _ => Err(Failure::usage(format!(
            "{} tokens are called “{wanted}”. Name the one you mean by its id: `gatehouse-cli tokens list`.",
            named.len()
        ))),
    }
}

/// With what tells it from others of its name.
fn described(row: &TokenRow) -> String {
    let moment =
        |at: &Option<String>, else_: &str| at.as_deref().map_or_else(|| else_.to_owned(), crate::out::local);
    format!(
        "“{}” (id {}, created {}, last used {})",
        row.name,
        row.id,
        moment(&row.created_on, "at an unknown time"),
        moment(&row.last_used_on, "never or not known"),
    )
}

fn show(cx: &Cx, row: TokenRow) -> Outcome {
    let token = Token::from(row);
    cx.out.answer(&Answer::Done(token.clone()), |text| facts(text, &token))?;
    Ok(Exit::Ok)
}

fn facts(text: &mut Text, token: &Token) {
    text.facts([
        ("id", token.id.as_str().into()),
        ("name", token.name.as_str().into()),
        ("kept", token.kept.word().into()),
        ("checked", Cell::Time(token.verified_at.clone())),
    ]);
}

/// What became of several.
pub fn told(cx: &Cx, each: &Each, exit: Exit) -> Outcome {
    for failed in &each.failed {
        crate::out::Out::warn(&format!("“{}”: {}", failed.name, failed.error.message));
    }
    cx.out.answer(&Answer::Done(each.clone()), |text| {
        let mut table = Table::new(&["id", "name", "outcome"]);
        let row = |what: &Named, outcome: &str| {
            [what.id.as_str().into(), what.name.as_str().into(), outcome.into()]
        };
        each.done.iter().for_each(|what| table.row(row(what, "done")));
        for failed in &each.failed {
            let what = Named { id: failed.id.clone(), name: failed.name.clone() };
            table.row(row(&what, &failed.error.code));
        }
        text.table(table);
    })?;
    Ok(exit)
}

/// How old what is shown is.
pub fn as_of(text: &mut Text, at: Option<&str>) {
    text.line(match at {
        Some(at) => format!("As of {}.", crate::out::local(at)),
        None => "Not asked for yet.".to_owned(),
    });
}
