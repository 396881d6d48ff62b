//! Lists in pages.

use crate::client::Client;
use crate::error::Result;
use crate::json::{Document, Resource};
use crate::rate_limit::Lane;
use crate::request::Call;
use crate::routes::Route;
use std::collections::HashSet;

/// The most of one page (`PlanRadar`'s API description).
pub const MAX_PAGE_SIZE: u32 = 500;
/// What a server gives that ignores the page size asked for (`PlanRadar`'s API description).
const DEFAULT_PAGE_SIZE: usize = 100;
/// 10,000 rows: no list read here is nearly as long, and each page costs a request.
const MAX_PAGES: u32 = 20;

/// Which part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageQuery {
    /// From 1.
    pub page: u32,
    /// 1 to 500.
    pub size: u32,
    /// Only what matches.
    pub search: Option<String>,
    /// A field; `-field` descends.
    pub sort: Option<String>,
}

impl Default for PageQuery {
    fn default() -> Self {
        Self { page: 1, size: MAX_PAGE_SIZE, search: None, sort: None }
    }
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// In the server's order.
    pub rows: Vec<T>,
    /// How many there are on all pages, when the server says.
    pub count: Option<u64>,
}

impl PageQuery {
    pub(crate) fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = vec![
            ("page", self.page.max(1).to_string()),
            ("pagesize", self.size.clamp(1, MAX_PAGE_SIZE).to_string()),
        ];
        pairs.extend(self.search.clone().map(|text| ("search", text)));
        pairs.extend(self.sort.clone().map(|field| ("sort", field)));
        pairs
    }
}

/// One page.
pub(crate) async fn page<T>(
    client: &Client,
    call: Call<'_>,
    row: impl Fn(&Document<'_>, &Resource) -> Result<T>,
) -> Result<Page<T>> {
    let answer = client.read(call).await?;
    let mut document = Document::parse(&answer)?;
    let resources = document.many()?;
    let rows = resources.iter().map(|resource| row(&document, resource)).collect::<Result<_>>()?;
    Ok(Page { rows, count: document.count() })
}

/// All pages, each row once.
pub(crate) async fn all<T>(
    client: &Client,
    route: &'static Route,
    ids: &[(&'static str, &str)],
    lane: Lane,
    row: impl Fn(&Document<'_>, &Resource) -> Result<T>,
) -> Result<Vec<T>> {
    let mut rows = Vec::new();
    let mut seen = HashSet::new();
    for number in 1.. {
        let query = PageQuery { page: number, ..PageQuery::default() }.pairs();
        let answer = client.read(Call::new(route, lane).ids(ids).query(&query)).await?;
        let mut document = Document::parse(&answer)?;
        let resources = document.many()?;
        let before = rows.len();
        for resource in &resources {
            // A row may move to the next page while we read; a server without pages sends all of them each time.
            if seen.insert(resource.id.clone()) {
                rows.push(row(&document, resource)?);
            }
        }
        let more = rows.len() > before && may_have_more(document.count(), rows.len(), resources.len());
        if !more {
            break;
        }
        if number >= MAX_PAGES {
            return Err(document.shape("an end within 20 pages"));
        }
    }
    Ok(rows)
}

/// Whether another page is worth a request.
fn may_have_more(count: Option<u64>, read: usize, on_page: usize) -> bool {
    match count {
        Some(count) => (read as u64) < count,
        None => on_page == MAX_PAGE_SIZE as usize || on_page == DEFAULT_PAGE_SIZE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn when_to_ask_for_more() {
        for (count, read, on_page, more) in [
            (Some(3), 3, 3, false),
            (Some(600), 500, 500, true),
            (Some(150), 100, 100, true),
            (None, 3, 3, false),
            (None, 500, 500, true),
            (None, 100, 100, true),
            (None, 0, 0, false),
        ] {
            assert_eq!(may_have_more(count, read, on_page), more, "{count:?} {read} {on_page}");
        }
    }

    #[test]
    fn queries_stay_within_bounds() {
        let query = PageQuery { page: 0, size: 9000, search: Some("a&b".into()), sort: Some("-name".into()) };
        let pairs = query.pairs();
        let shown: Vec<_> = pairs.iter().map(|(k, v)| (*k, v.as_str())).collect();
        assert_eq!(shown, [("page", "1"), ("pagesize", "500"), ("search", "a&b"), ("sort", "-name")]);
    }
}
