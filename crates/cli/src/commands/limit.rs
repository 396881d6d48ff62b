//! The request limit.

use crate::{Exit, Outcome, cx::Cx, json, out::Cell};
use clap::Subcommand;

/// `limit …`
#[derive(Debug, Subcommand)]
pub enum Limit {
    /// How much of the account's request limit is free. No request
    Status,
}

impl Limit {
    pub async fn run(self, cx: &Cx) -> Outcome {
        match self {
            Self::Status => status(cx).await,
        }
    }
}

async fn status(cx: &Cx) -> Outcome {
    let account = cx.account().await?;
    let now = json::limit::Limit::from(cx.app.limit_status(&account.id).await?);
    cx.out.answer(&now, |text| {
        text.facts([
            ("limit", now.limit.into()),
            ("share", now.share.into()),
            ("used", now.used.into()),
            ("free", now.free.into()),
            ("paused until", Cell::Time(now.paused_until.clone())),
            ("available", now.available.into()),
        ]);
        text.line("An estimate: other programs use the account unseen.");
    })?;
    Ok(Exit::Ok)
}
