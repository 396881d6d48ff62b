//! Users of the account.

mod fields;
mod new;
mod record;
mod same;

pub use fields::UserField;
pub use new::{Membership, NewUser};
pub use record::{UserChange, UserRecord, UserUpdate};

use crate::body;
use crate::client::Client;
use crate::error::{Error, ErrorKind, Result};
use crate::ids::is_id;
use crate::json::{Document, Moment, Resource};
use crate::paging::{self, Page, PageQuery};
use crate::rate_limit::Lane;
use crate::request::Call;
use crate::routes::{
    RouteProblem, USERS_ACTIVATE, USERS_CREATE, USERS_GET, USERS_INVITE, USERS_LIST, USERS_UPDATE,
};
use std::collections::BTreeMap;

/// 'API Access', as `PlanRadar`'s API description names it.
const API_ACCESS: &str = "api_documentation_access";

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
        self.record(id, lane).await.map(UserRecord::into_user)
    }

    /// One user with all that came, known here or not: what a change needs to write back whole.
    pub async fn record(&self, id: &str, lane: Lane) -> Result<UserRecord> {
        let ids = [("user_id", id)];
        let answer = self.0.read(Call::new(&USERS_GET, lane).ids(&ids)).await?;
        let mut document = Document::parse(&answer)?;
        let resource = document.one()?;
        // Of somebody else, it would be written over this one.
        if resource.id != id {
            return Err(document.shape("the user that was asked for"));
        }
        Ok(UserRecord::new(resource))
    }

    /// Changes one user. Sent once, whatever happens, and only to the user the update was made from. What the answer
    /// says is not looked at: read the user again, and see [`UserRecord::differences`].
    pub async fn update(&self, update: &UserUpdate, lane: Lane) -> Result<()> {
        let ids = [("user_id", update.id())];
        let call = Call { body: Some(body::json(update)), ..Call::new(&USERS_UPDATE, lane).ids(&ids) };
        self.0.write(call).await.map(drop)
    }

    /// Creates an in-house user. Sent once, whatever happens. Besides the account's limit it pays this route's own, see
    /// [`RateLimiter::new_users`](crate::rate_limit::RateLimiter::new_users). Refused with 422 for somebody who has a
    /// user in another account: these can be invited.
    pub async fn create(&self, new: &NewUser) -> Result<UserRecord> {
        let call = Call { body: Some(body::json(new)), ..Call::new(&USERS_CREATE, Lane::Person) };
        let answer = self.0.write(call).await?;
        Ok(UserRecord::new(Document::parse(&answer)?.one()?))
    }

    /// Invites somebody, with what they are to have. Sent once, whatever happens. What the answer looks like is not
    /// documented, so nothing of it is read.
    pub async fn invite(&self, new: &NewUser) -> Result<()> {
        let call = Call { body: Some(body::json(new)), ..Call::new(&USERS_INVITE, Lane::Person) };
        self.0.write(call).await.map(drop)
    }

    /// Brings a deactivated user back. Sent once, whatever happens. The documented route takes one user at a time.
    pub async fn activate(&self, id: &str, lane: Lane) -> Result<()> {
        if !is_id(id) {
            let problem = RouteProblem::BadId("user_id");
            return Err(Error::unsent(USERS_ACTIVATE.name, ErrorKind::BadRoute(problem)));
        }
        let query = [("user_id", id.to_owned())];
        self.0.write(Call::new(&USERS_ACTIVATE, lane).query(&query)).await.map(drop)
    }
}

impl User {
    /// Whether the user has 'API Access', where the server says.
    #[must_use]
    pub fn api_access(&self) -> Option<bool> {
        self.permissions.as_ref()?.get(API_ACCESS).copied()
    }

    /// Whether the user's permissions are fixed (`PlanRadar`'s API description: subcontractors and watchers).
    #[must_use]
    pub fn has_fixed_permissions(&self) -> bool {
        matches!(self.user_type, Some(UserType::Subcontractor | UserType::Watcher))
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
