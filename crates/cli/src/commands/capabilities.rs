//! What the server was found to offer.

use crate::{
    Exit, Outcome,
    cx::Cx,
    json::{self, common::Offer},
    out::{Cell, Table},
};
use clap::Args;

/// `capabilities`
#[derive(Debug, Args)]
pub struct Capabilities {
    /// Forget what was found, and look again
    #[arg(long)]
    check_again: bool,
}

impl Capabilities {
    pub async fn run(self, cx: &Cx) -> Outcome {
        let account = if self.check_again {
            let account = cx.signed_in().await?.id;
            let error = cx.app.capabilities_check_again(&account).await?.error;
            if let Some(error) = error.filter(|e| e.code != gatehouse_core::Code::NotOffered) {
                return Err(error.into());
            }
            account
        } else {
            cx.account().await?.id
        };
        let routes = cx.app.routes_list(&account).await?.into_iter();
        let document = json::capabilities::Capabilities {
            routes: routes.map(json::capabilities::Route::from).collect(),
        };
        cx.out.answer(&document, |text| {
            let mut table = Table::new(&["route", "basis", "offered", "looked", "method", "path"]);
            for route in &document.routes {
                table.row([
                    route.name.as_str().into(),
                    if route.documented { "documented" } else { "assumed" }.into(),
                    match route.offer {
                        Offer::Unknown => "not looked yet",
                        Offer::Offered => "yes",
                        Offer::NotOffered => "no",
                        Offer::Refused => "not to this user",
                    }
                    .into(),
                    Cell::Time(route.checked_at.clone()),
                    route.method.as_str().into(),
                    route.path.as_str().into(),
                ]);
            }
            text.table(table);
        })?;
        Ok(Exit::Ok)
    }
}
