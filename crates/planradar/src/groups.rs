//! Groups of users.

use crate::client::Client;
use crate::error::Result;
use crate::json::{Document, Resource};
use crate::paging::{self, Page, PageQuery};
use crate::rate_limit::Lane;
use crate::request::Call;
use crate::routes::GROUPS_LIST;

/// The call. Made by [`Client::groups`].
pub struct Groups<'a>(pub(crate) &'a Client);

/// A group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The server's id.
    pub id: String,
    /// Its name.
    pub name: String,
}

impl Groups<'_> {
    /// One page. This list can't be sorted, and is searched by a parameter of its own (`PlanRadar`'s API description).
    pub async fn page(&self, query: &PageQuery, lane: Lane) -> Result<Page<Group>> {
        let pages = PageQuery { search: None, sort: None, ..query.clone() };
        let mut pairs = pages.pairs();
        pairs.extend(query.search.clone().map(|text| ("q[search_i_cont]", text)));
        paging::page(self.0, Call::new(&GROUPS_LIST, lane).query(&pairs), group).await
    }
}

fn group(document: &Document<'_>, resource: &Resource) -> Result<Group> {
    let name = resource.text("name").ok_or_else(|| document.shape("the group's name"))?;
    Ok(Group { id: resource.id.clone(), name })
}
