//! Everyone's tokens as a file for other programs: what is known of them, never a value.

use super::InventoryRow;
use crate::{
    Gatehouse, Result,
    export::{ExportFile, ExportFormat, export, word},
};

const HEADINGS: [&str; 12] = [
    "owner",
    "mail",
    "owner id",
    "owner active",
    "account holder",
    "person",
    "token",
    "token id",
    "created",
    "usage",
    "last used",
    "as of",
];

impl Gatehouse {
    /// All tokens that are known, as the content of a file. Makes no request.
    pub async fn inventory_export(&self, account: &str, format: ExportFormat) -> Result<ExportFile> {
        let number = self.account(account).await?.customer_id;
        let rows = self.inventory_view(account).await?.rows;
        let stem = format!("gatehouse-tokens-{number}-{}", self.now().strftime("%Y-%m-%d"));
        export(&stem, format, &rows, HEADINGS, cells)
    }
}

fn cells(row: &InventoryRow) -> Result<[String; 12]> {
    let yes = |is: bool| if is { "yes" } else { "no" }.to_owned();
    Ok([
        row.owner.name.clone(),
        row.mail.clone().unwrap_or_default(),
        row.owner.id.clone(),
        row.owner_active.map_or_else(|| "unknown".to_owned(), yes),
        yes(row.holder),
        yes(row.person),
        row.token.name.clone(),
        row.token.id.clone(),
        row.token.created_on.clone().unwrap_or_default(),
        word(&row.token.usage)?,
        row.token.last_used_on.clone().unwrap_or_default(),
        row.as_of.clone(),
    ])
}
