//! Tokens.

use super::{
    Answer, Document,
    common::{Each, Named, Offer, Usage},
    schema,
};
use gatehouse_core::{
    tokens::{self, TokenRow, TokensView},
    users::{Inventory as Known, InventoryRow, UserToken as OthersToken},
};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use secrecy::{ExposeSecret, SecretString};
use serde::{Serialize, Serializer};
use std::borrow::Cow;

/// The area's commands.
pub const DOCUMENTS: &[Document] = &[
    Document { command: "tokens list", schema: schema::<Tokens> },
    Document { command: "tokens create", schema: schema::<Answer<Created>> },
    Document { command: "tokens replace", schema: schema::<Answer<Replacement>> },
    Document { command: "tokens delete", schema: schema::<Answer<Each>> },
    Document { command: "tokens keep", schema: schema::<Answer<Token>> },
    Document { command: "tokens verify", schema: schema::<Token> },
    Document { command: "tokens forget", schema: schema::<Answer<Token>> },
    Document { command: "tokens inventory", schema: schema::<Inventory> },
];

/// `tokens list`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Tokens {
    /// Whether the server offers it.
    pub offer: Offer,
    /// In the server's order.
    pub tokens: Vec<Token>,
    /// RFC 3339: when the list was asked for; null = never.
    pub as_of: Option<String>,
}

/// One's own personal access token. Never its value.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Token {
    /// PlanRadar's id; `pasted-…` for one that was kept from the web page.
    pub id: String,
    /// Its name.
    pub name: String,
    /// RFC 3339; null = not known.
    pub created_on: Option<String>,
    /// RFC 3339; null = never or not known.
    pub last_used_on: Option<String>,
    /// Whose use that was.
    pub usage: Usage,
    /// Where its value is kept.
    pub kept: Kept,
    /// Whether Gatehouse itself signs in with it.
    pub own: Own,
    /// Kept from the web page: it is in no list.
    pub pasted: bool,
    /// No longer at PlanRadar; only its value is still kept here.
    pub gone: bool,
    /// RFC 3339 of the last successful check of the kept value.
    pub verified_at: Option<String>,
    /// The replacement it takes part in, and as what.
    pub replacing: Option<Role>,
}

/// Where a value is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kept {
    /// Not on this computer.
    No,
    /// In the OS keychain.
    Keychain,
    /// In the memory of a program, until it ends.
    Session,
}

/// Whether Gatehouse signs in with a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Own {
    /// Certainly not.
    No,
    /// Perhaps; guarded like yes.
    Maybe,
    /// Yes.
    Yes,
}

/// A token's part in a replacement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The one that goes.
    Old,
    /// The one that takes its place.
    New,
}

/// A token that was just created.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Created {
    /// PlanRadar's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where its value is kept.
    pub kept: Kept,
    /// The value, once: only where it was asked for with `--print-value`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Printed>,
}

/// A replacement that goes on, or has ended.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Replacement {
    /// 2 = enter the new one in your program, 3 = wait until it is used and the old one is quiet, 4 = delete the old one;
    /// null = it has ended.
    pub step: Option<u8>,
    /// The one that goes; null = it no longer exists.
    pub old: Option<Token>,
    /// The one that takes its place; null = it no longer exists.
    pub new: Option<Token>,
    /// RFC 3339: first use of the new one that was not Gatehouse's own check.
    pub new_used_since: Option<String>,
    /// The new value, once: only where it was asked for with `--print-value`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Printed>,
}

/// A value that a script asked for.
#[derive(Clone, Debug)]
pub struct Printed(pub SecretString);

impl Serialize for Printed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Exposed because `--print-value` asked for it.
        serializer.serialize_str(self.0.expose_secret())
    }
}

impl JsonSchema for Printed {
    fn schema_name() -> Cow<'static, str> {
        "Value".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string" })
    }
}

/// `tokens inventory`: everyone's, as far as they were asked for.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Inventory {
    /// One for each token.
    pub tokens: Vec<Owned>,
    /// How many users were asked.
    pub asked: u32,
    /// How many users can use the API.
    pub api_users: u32,
    /// How many of these were asked.
    pub api_users_asked: u32,
    /// How many others there are.
    pub others: u32,
    /// Whether all users are known, which these figures need.
    pub complete: bool,
    /// RFC 3339 of the oldest answer in it; null = none.
    pub as_of: Option<String>,
}

/// A token with its owner.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Owned {
    /// Whose.
    pub owner: Named,
    /// The owner's mail address; null = not known.
    pub mail: Option<String>,
    /// Whether the owner may sign in; null = not known.
    pub owner_active: Option<bool>,
    /// Whether the owner is the account holder.
    pub account_holder: bool,
    /// By name and mail the owner is a person; an integration user is recommended.
    pub person: bool,
    /// The token.
    pub token: UserToken,
    /// RFC 3339: when it was asked for.
    pub as_of: String,
}

/// Somebody's token.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct UserToken {
    /// PlanRadar's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// RFC 3339; null = not known.
    pub created_on: Option<String>,
    /// RFC 3339; null = never or not known.
    pub last_used_on: Option<String>,
    /// Whether it was used.
    pub usage: Usage,
}

impl From<OthersToken> for UserToken {
    fn from(token: OthersToken) -> Self {
        Self {
            id: token.id,
            name: token.name,
            created_on: token.created_on,
            last_used_on: token.last_used_on,
            usage: token.usage.into(),
        }
    }
}

impl From<InventoryRow> for Owned {
    fn from(row: InventoryRow) -> Self {
        Self {
            owner: row.owner.into(),
            mail: row.mail,
            owner_active: row.owner_active,
            account_holder: row.holder,
            person: row.person,
            token: row.token.into(),
            as_of: row.as_of,
        }
    }
}

impl From<Known> for Inventory {
    fn from(known: Known) -> Self {
        Self {
            tokens: known.rows.into_iter().map(Owned::from).collect(),
            asked: known.asked,
            api_users: known.api_users,
            api_users_asked: known.api_users_asked,
            others: known.others,
            complete: known.complete,
            as_of: known.as_of,
        }
    }
}

impl From<TokensView> for Tokens {
    fn from(view: TokensView) -> Self {
        Self {
            offer: (&view.state).into(),
            tokens: view.rows.into_iter().map(Token::from).collect(),
            as_of: view.as_of,
        }
    }
}

impl From<TokenRow> for Token {
    fn from(row: TokenRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            created_on: row.created_on,
            last_used_on: row.last_used_on,
            usage: row.usage.into(),
            kept: row.kept.into(),
            own: match row.own {
                tokens::Own::No => Own::No,
                tokens::Own::Maybe => Own::Maybe,
                tokens::Own::Yes => Own::Yes,
            },
            pasted: row.pasted,
            gone: row.gone,
            verified_at: row.verified_at,
            replacing: row.replacement.map(|r| if r.is_new { Role::New } else { Role::Old }),
        }
    }
}

impl From<tokens::Kept> for Kept {
    fn from(kept: tokens::Kept) -> Self {
        match kept {
            tokens::Kept::No => Self::No,
            tokens::Kept::Keychain => Self::Keychain,
            tokens::Kept::Session => Self::Session,
        }
    }
}

impl Kept {
    pub fn word(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Keychain => "keychain",
            Self::Session => "session",
        }
    }
}
