//! Roles that users have in projects.

use crate::client::Client;
use crate::error::Result;
use crate::json::{Document, Resource};
use crate::paging::{self, Page, PageQuery};
use crate::rate_limit::Lane;
use crate::request::Call;
use crate::routes::ROLES_LIST;

/// The call. Made by [`Client::roles`].
pub struct Roles<'a>(pub(crate) &'a Client);

/// A role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// The server's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it may do everything in its projects, where the server says.
    pub is_admin: Option<bool>,
}

impl Roles<'_> {
    /// One page.
    pub async fn page(&self, query: &PageQuery, lane: Lane) -> Result<Page<Role>> {
        paging::page(self.0, Call::new(&ROLES_LIST, lane).query(&query.pairs()), role).await
    }
}

fn role(document: &Document<'_>, resource: &Resource) -> Result<Role> {
    let name = resource.text("name").ok_or_else(|| document.shape("the role's name"))?;
    Ok(Role { id: resource.id.clone(), name, is_admin: resource.flag("is-admin-role") })
}
