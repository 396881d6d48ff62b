//! Projects.

use crate::client::Client;
use crate::error::Result;
use crate::json::{Document, Resource};
use crate::paging::{self, Page, PageQuery};
use crate::rate_limit::Lane;
use crate::request::Call;
use crate::routes::{PROJECTS_LIST, PROJECTS_MINE, Route};

/// The calls. Made by [`Client::projects`].
pub struct Projects<'a>(pub(crate) &'a Client);

/// A project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// The server's id.
    pub id: String,
    /// Its name.
    pub name: String,
}

impl Projects<'_> {
    /// One page of the account's projects.
    pub async fn page(&self, query: &PageQuery, include_archived: bool, lane: Lane) -> Result<Page<Project>> {
        let mut pairs = query.pairs();
        if include_archived {
            // Its presence counts, not its value (PlanRadar's API description), so it is left out otherwise.
            pairs.push(("include_archived", "true".to_owned()));
        }
        self.read(&PROJECTS_LIST, &pairs, lane).await
    }

    /// One page of the projects that the token's user takes part in.
    pub async fn mine(&self, query: &PageQuery, lane: Lane) -> Result<Page<Project>> {
        self.read(&PROJECTS_MINE, &query.pairs(), lane).await
    }

    async fn read(
        &self,
        route: &'static Route,
        query: &[(&'static str, String)],
        lane: Lane,
    ) -> Result<Page<Project>> {
        paging::page(self.0, Call::new(route, lane).query(query), project).await
    }
}

fn project(document: &Document<'_>, resource: &Resource) -> Result<Project> {
    let name = resource.text("name").ok_or_else(|| document.shape("the project's name"))?;
    Ok(Project { id: resource.id.clone(), name })
}
