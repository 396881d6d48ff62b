//! Users of the account.

use crate::client::Client;
use crate::error::Result;
use crate::json::{Document, Moment, Resource};
use crate::paging::{self, Page, PageQuery};
use crate::rate_limit::Lane;
use crate::request::Call;
use crate::routes::{USERS_GET, USERS_LIST};
use std::collections::BTreeMap;

/// The calls. Made by [`Client::users`].
pub struct Users<'a>(pub(crate) &'a Client);

/// A user. What the server doesn't say is `None`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The server's id.
    pub id: String,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Mail address.
    pub mail: Option<String>,
    /// Whether the user may sign in.
    pub active: Option<bool>,
    /// What kind of user.
    pub user_type: Option<UserType>,
    /// Ticks by their documented names, such as `api_documentation_access` for 'API Access'.
    pub permissions: Option<BTreeMap<String, bool>>,
    /// When the user last signed in.
    pub last_login_on: Moment,
}

/// What kind of user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserType {
    /// Has all permissions, always.
    AccountHolder,
    /// Has the permissions that are ticked.
    InHouse,
    /// Has fixed permissions.
    Subcontractor,
    /// Has fixed permissions.
    Watcher,
    /// One that this program doesn't know.
    Other(String),
}

impl UserType {
    fn read(text: String) -> Self {
        match text.as_str() {
            "account_holder" => Self::AccountHolder,
            "in_house" => Self::InHouse,
            "subcontractor" => Self::Subcontractor,
            "watcher" => Self::Watcher,
            _ => Self::Other(text),
        }
    }
}

impl Users<'_> {
    /// One page.
    pub async fn page(&self, query: &PageQuery, lane: Lane) -> Result<Page<User>> {
        let pairs = query.pairs();
        paging::page(self.0, Call::new(&USERS_LIST, lane).query(&pairs), |_, resource| Ok(user(resource)))
            .await
    }

    /// One user.
    pub async fn get(&self, id: &str, lane: Lane) -> Result<User> {
        let ids = [("user_id", id)];
        let answer = self.0.read(Call::new(&USERS_GET, lane).ids(&ids)).await?;
        Ok(user(&Document::parse(&answer)?.one()?))
    }
}

pub(crate) fn user(resource: &Resource) -> User {
    User {
        id: resource.id.clone(),
        first_name: resource.text("firstname"),
        last_name: resource.text("lastname"),
        mail: resource.text("mail"),
        active: resource.flag("active"),
        user_type: user_type(resource),
        permissions: resource.flags("permissions").map(BTreeMap::from_iter),
        last_login_on: resource.moment("last-login-on"),
    }
}

/// The assumed attribute, or the two documented flags. Without a flag set the user could be either of the others.
fn user_type(resource: &Resource) -> Option<UserType> {
    let flagged = |name, kind| resource.flag(name).unwrap_or(false).then_some(kind);
    resource
        .text("user-type")
        .map(UserType::read)
        .or_else(|| flagged("subcontractor", UserType::Subcontractor))
        .or_else(|| flagged("watcher", UserType::Watcher))
}
