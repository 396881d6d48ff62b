//! The accounts the person has added.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use crate::sql::{At, Json, json};
use crate::{Kept, Store, StoreError};

/// One account, as one of its users. The same account may be there once per user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Our own id: a UUID.
    pub id: String,
    /// What the person calls it.
    pub label: String,
    /// The server's address, as a URL.
    pub server: String,
    /// The server's Account ID: digits.
    pub customer_id: String,
    /// Whether it is the demo account.
    pub demo: bool,
    /// The server's id of the user that the sign-in token acts as.
    pub user_id: Option<String>,
    /// That user's name.
    pub user_name: Option<String>,
    /// That user's mail address.
    pub user_mail: Option<String>,
    /// That user's type, in the server's word.
    pub user_type: Option<String>,
    /// The server's id of the account holder.
    pub account_holder_id: Option<String>,
    /// The plan, in the server's word.
    pub plan: Option<String>,
    /// The server's id of the token that Gatehouse itself signs in with.
    pub sign_in_token_id: Option<String>,
    /// Where that token's value is.
    pub sign_in_kept: Kept,
    /// Requests per minute of the whole account.
    pub request_limit: u32,
    /// How many of them Gatehouse uses at most: 1 to `request_limit`.
    pub share: u32,
    /// Route name to path template, for routes that differ from the built-in table.
    pub overrides: BTreeMap<String, String>,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it was last opened.
    pub last_used_at: Option<Timestamp>,
}

const COLUMNS: &str = "id, label, server, customer_id, demo, user_id, user_name, user_mail, user_type, \
     account_holder_id, plan, sign_in_token_id, sign_in_kept, request_limit, share, overrides, created_at, \
     last_used_at";

impl Store {
    /// All accounts, in the person's order.
    pub fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        self.with(|connection| {
            let mut statement = connection
                .prepare_cached(&format!("SELECT {COLUMNS} FROM accounts ORDER BY position, created_at"))?;
            Ok(statement.query_map([], read)?.collect::<Result<_, _>>()?)
        })
    }

    /// One account by our id.
    pub fn account(&self, id: &str) -> Result<Option<Account>, StoreError> {
        self.with(|connection| find(connection, id))
    }

    /// The accounts with this server and Account ID: one per user.
    pub fn accounts_at(&self, server: &str, customer_id: &str) -> Result<Vec<Account>, StoreError> {
        self.with(|connection| {
            let mut statement = connection.prepare_cached(&format!(
                "SELECT {COLUMNS} FROM accounts WHERE server = ?1 AND customer_id = ?2 \
                 ORDER BY position, created_at"
            ))?;
            Ok(statement.query_map([server, customer_id], read)?.collect::<Result<_, _>>()?)
        })
    }

    /// Adds an account, as the last one.
    pub fn add_account(&self, account: &Account) -> Result<(), StoreError> {
        self.transaction(|transaction| {
            write(
                transaction,
                account,
                &format!(
                    "INSERT INTO accounts ({COLUMNS}, position) VALUES (:id, :label, :server, :customer_id, \
                     :demo, :user_id, :user_name, :user_mail, :user_type, :account_holder_id, :plan, \
                     :sign_in_token_id, :sign_in_kept, :request_limit, :share, :overrides, :created_at, \
                     :last_used_at, (SELECT coalesce(max(position) + 1, 0) FROM accounts))"
                ),
            )?;
            Ok(())
        })
    }

    /// Changes an account and returns it as it is now. `change` sees the newest state, so that what
    /// another program changed at the same time is not lost. A changed `id` is ignored.
    pub fn change_account(&self, id: &str, change: impl FnOnce(&mut Account)) -> Result<Account, StoreError> {
        self.transaction(|transaction| {
            let mut account = find(transaction, id)?.ok_or_else(|| StoreError::not_found("account", id))?;
            change(&mut account);
            id.clone_into(&mut account.id);
            write(
                transaction,
                &account,
                "UPDATE accounts SET label = :label, server = :server, customer_id = :customer_id, \
                 demo = :demo, user_id = :user_id, user_name = :user_name, user_mail = :user_mail, \
                 user_type = :user_type, account_holder_id = :account_holder_id, plan = :plan, \
                 sign_in_token_id = :sign_in_token_id, sign_in_kept = :sign_in_kept, \
                 request_limit = :request_limit, share = :share, overrides = :overrides, \
                 created_at = :created_at, last_used_at = :last_used_at WHERE id = :id",
            )?;
            Ok(account)
        })
    }

    /// Puts the accounts in this order; those not named follow in the order they had.
    pub fn order_accounts(&self, ids: &[String]) -> Result<(), StoreError> {
        self.transaction(|transaction| {
            let count = i64::try_from(ids.len()).unwrap_or(i64::MAX);
            transaction.execute("UPDATE accounts SET position = position + ?1", [count])?;
            let mut statement =
                transaction.prepare_cached("UPDATE accounts SET position = ?1 WHERE id = ?2")?;
            for (position, id) in (0_i64..).zip(ids) {
                statement.execute((position, id))?;
            }
            Ok(())
        })
    }

    /// Removes an account and all that belongs to it, in one transaction, except the audit log.
    /// Secrets in the keychain are the caller's to remove, before this.
    pub fn remove_account(&self, id: &str) -> Result<(), StoreError> {
        self.with(|connection| {
            // The other tables follow by their foreign keys.
            match connection.execute("DELETE FROM accounts WHERE id = ?1", [id])? {
                0 => Err(StoreError::not_found("account", id)),
                _ => Ok(()),
            }
        })
    }
}

fn find(connection: &Connection, id: &str) -> Result<Option<Account>, StoreError> {
    let mut statement =
        connection.prepare_cached(&format!("SELECT {COLUMNS} FROM accounts WHERE id = ?1"))?;
    Ok(statement.query_row([id], read).optional()?)
}

fn write(connection: &Connection, account: &Account, sql: &str) -> Result<usize, StoreError> {
    Ok(connection.prepare_cached(sql)?.execute(named_params! {
        ":id": account.id,
        ":label": account.label,
        ":server": account.server,
        ":customer_id": account.customer_id,
        ":demo": account.demo,
        ":user_id": account.user_id,
        ":user_name": account.user_name,
        ":user_mail": account.user_mail,
        ":user_type": account.user_type,
        ":account_holder_id": account.account_holder_id,
        ":plan": account.plan,
        ":sign_in_token_id": account.sign_in_token_id,
        ":sign_in_kept": account.sign_in_kept,
        ":request_limit": account.request_limit,
        ":share": account.share,
        ":overrides": json("overrides", &account.overrides)?,
        ":created_at": At(account.created_at),
        ":last_used_at": account.last_used_at.map(At),
    })?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Account> {
    Ok(Account {
        id: row.get("id")?,
        label: row.get("label")?,
        server: row.get("server")?,
        customer_id: row.get("customer_id")?,
        demo: row.get("demo")?,
        user_id: row.get("user_id")?,
        user_name: row.get("user_name")?,
        user_mail: row.get("user_mail")?,
        user_type: row.get("user_type")?,
        account_holder_id: row.get("account_holder_id")?,
        plan: row.get("plan")?,
        sign_in_token_id: row.get("sign_in_token_id")?,
        sign_in_kept: row.get("sign_in_kept")?,
        request_limit: row.get("request_limit")?,
        share: row.get("share")?,
        overrides: row.get::<_, Json<_>>("overrides")?.0,
        created_at: row.get::<_, At>("created_at")?.0,
        last_used_at: row.get::<_, Option<At>>("last_used_at")?.map(|at| at.0),
    })
}
