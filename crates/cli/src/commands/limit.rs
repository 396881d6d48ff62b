//! The request limit.

use super::planned;
use crate::{
    Exit, Outcome,
    args::Write,
    cx::Cx,
    json::{Answer, limit::Limit as Document},
    out::{Cell, Text},
};
use clap::{Args, Subcommand};

/// `limit …`
#[derive(Debug, Subcommand)]
pub enum Limit {
    /// How much of the account's request limit is free. No request
    Status,
    /// Say what the account's limit is, and how much of it this computer uses
    Set(Set),
}

/// `limit set`
#[derive(Debug, Args)]
pub struct Set {
    /// Requests the account has per minute, at most 500: say 500 where it has more
    #[arg(long, value_name = "N")]
    limit: u32,
    /// The most that this computer uses of them, window and command line together
    #[arg(long, value_name = "N")]
    share: u32,
    #[command(flatten)]
    write: Write,
}

impl Limit {
    pub async fn run(self, cx: &Cx) -> Outcome {
        match self {
            Self::Status => status(cx).await,
            Self::Set(args) => set(cx, args).await,
        }
    }
}

async fn status(cx: &Cx) -> Outcome {
    let account = cx.account().await?;
    let now = Document::from(cx.app.limit_status(&account.id).await?);
    cx.out.answer(&now, |text| facts(text, &now))?;
    Ok(Exit::Ok)
}

async fn set(cx: &Cx, args: Set) -> Outcome {
    let account = cx.account().await?;
    if args.write.dry_run {
        let text = format!("use {} of {} requests a minute of “{}”.", args.share, args.limit, account.label);
        return planned::<Document>(cx.out, "limit.set", [account.id], text);
    }
    let now = Document::from(cx.app.limit_set(&account.id, args.limit, args.share).await?);
    cx.out.answer(&Answer::Done(now.clone()), |text| facts(text, &now))?;
    Ok(Exit::Ok)
}

fn facts(text: &mut Text, now: &Document) {
    text.facts([
        ("limit", now.limit.into()),
        ("share", now.share.into()),
        ("used", now.used.into()),
        ("free", now.free.into()),
        ("paused until", Cell::Time(now.paused_until.clone())),
        ("available", now.available.into()),
    ]);
    text.line("An estimate: other programs use the account unseen.");
}
