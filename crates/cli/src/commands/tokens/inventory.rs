//! Everyone's tokens.

use super::as_of;
use crate::{
    Exit, Outcome,
    args::Read,
    commands::runs,
    cx::Cx,
    failure::Failure,
    json,
    out::{Cell, Table},
};
use clap::Args;
use gatehouse_core::{Code, users::InventoryWhom};

/// `tokens inventory`
#[derive(Debug, Args)]
pub struct Inventory {
    /// Ask those who can't use the API, instead of those who can
    #[arg(long, conflicts_with = "cached")]
    others: bool,
    #[command(flatten)]
    read: Read,
}

impl Inventory {
    pub async fn run(self, cx: &Cx) -> Outcome {
        let (account, exit) = if self.read.cached {
            (cx.account().await?.id, Exit::Ok)
        } else {
            let account = cx.signed_in().await?.id;
            let heard = cx.listen();
            let whom = if self.others { InventoryWhom::Others } else { InventoryWhom::ApiUsers };
            let run = cx.app.inventory_start(&account, whom).await.map_err(|error| {
                let under_way = error.code == Code::Stale;
                let mut failure = Failure::from(error);
                if under_way {
                    failure.add(
                        "`gatehouse-cli users runs` shows it; `users resume`, or `users cancel`.".to_owned(),
                    );
                }
                failure
            })?;
            let run = runs::wait(cx, run, heard).await?;
            let exit = runs::exit(&run);
            (account, exit)
        };
        let document = json::tokens::Inventory::from(cx.app.inventory_view(&account).await?);
        cx.out.answer(&document, |text| {
            let mut table = Table::new(&["owner", "mail", "token", "id", "created", "last used", "asked"]);
            for row in &document.tokens {
                table.row([
                    row.owner.name.as_str().into(),
                    row.mail.clone().into(),
                    row.token.name.as_str().into(),
                    row.token.id.as_str().into(),
                    Cell::Time(row.token.created_on.clone()),
                    Cell::Time(row.token.last_used_on.clone()),
                    Cell::Time(Some(row.as_of.clone())),
                ]);
            }
            text.table(table);
            text.line(format!(
                "Asked {} of {} who can use the API.",
                document.api_users_asked, document.api_users
            ));
            as_of(text, document.as_of.as_deref());
        })?;
        Ok(exit)
    }
}
