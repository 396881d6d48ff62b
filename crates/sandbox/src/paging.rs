//! Lists: `page`, `pagesize`, `sort` and `search`, the same for every resource.

use std::cmp::Ordering;

use axum::http::Uri;
use serde_json::Value;

use crate::answer::{Answer, Refusal, Resource};

const DEFAULT_SIZE: usize = 100;
const LARGEST_SIZE: usize = 500;

/// The query's parameters.
#[derive(Debug, Default)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    pub(crate) fn of(uri: &Uri) -> Result<Self, Refusal> {
        match axum::extract::Query::<Vec<(String, String)>>::try_from_uri(uri) {
            Ok(query) => Ok(Self(query.0)),
            Err(error) => Err(Refusal::BadRequest { parameter: None, detail: error.to_string() }),
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A flag that counts as set when it is there, unless it says `false` or `0`.
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| !matches!(value, "false" | "0"))
    }

    fn positive(&self, name: &'static str, default: usize) -> Result<usize, Refusal> {
        match self.get(name) {
            None => Ok(default),
            Some(value) => value.parse().ok().filter(|&n| n >= 1).ok_or_else(|| Refusal::BadRequest {
                parameter: Some(name),
                detail: format!("{name} must be a whole number from 1."),
            }),
        }
    }
}

/// What a list can be sorted by and searched in. Names are attributes as they are on the wire, or `id`.
pub(crate) struct Listing {
    pub(crate) sortable: &'static [&'static str],
    pub(crate) searched: &'static [&'static str],
    pub(crate) default_sort: &'static str,
}

impl Listing {
    /// Searches, sorts and cuts out the page that was asked for.
    pub(crate) fn page(&self, mut rows: Vec<Resource>, query: &Query) -> Result<Answer, Refusal> {
        let page = query.positive("page", 1)?;
        let size = query.positive("pagesize", DEFAULT_SIZE)?.min(LARGEST_SIZE);
        self.order(&mut rows, query)?;
        let count = rows.len();
        let data = rows.into_iter().skip((page - 1).saturating_mul(size)).take(size).collect();
        Ok(Answer::Page { data, count, page })
    }

    /// Searches and sorts, and answers everything on one page.
    pub(crate) fn all(&self, mut rows: Vec<Resource>, query: &Query) -> Result<Answer, Refusal> {
        self.order(&mut rows, query)?;
        Ok(Answer::Page { count: rows.len(), data: rows, page: 1 })
    }

    fn order(&self, rows: &mut Vec<Resource>, query: &Query) -> Result<(), Refusal> {
        if let Some(wanted) = query.get("search").map(str::to_lowercase).filter(|s| !s.is_empty()) {
            rows.retain(|row| self.searched.iter().any(|name| text(row, name).contains(&wanted)));
        }
        let sort = query.get("sort").filter(|s| !s.is_empty()).unwrap_or(self.default_sort);
        let (descending, name) = sort.strip_prefix('-').map_or((false, sort), |name| (true, name));
        let name = name.replace('_', "-");
        if !self.sortable.contains(&name.as_str()) {
            let detail = format!("This list can be sorted by {}.", self.sortable.join(", "));
            return Err(Refusal::BadRequest { parameter: Some("sort"), detail });
        }
        // Stable, so that equal rows keep their order from page to page.
        rows.sort_by(|a, b| {
            let order = compare(a, b, &name);
            if descending { order.reverse() } else { order }
        });
        Ok(())
    }
}

fn text(row: &Resource, name: &str) -> String {
    match row.attributes.get(name) {
        Some(Value::String(text)) => text.to_lowercase(),
        _ => String::new(),
    }
}

fn compare(a: &Resource, b: &Resource, name: &str) -> Ordering {
    if name == "id" {
        return match (a.id.parse::<i64>(), b.id.parse::<i64>()) {
            (Ok(a), Ok(b)) => a.cmp(&b),
            _ => a.id.cmp(&b.id),
        };
    }
    match (a.attributes.get(name), b.attributes.get(name)) {
        (Some(Value::Bool(a)), Some(Value::Bool(b))) => a.cmp(b),
        // Null is "never" or "none", and text of it is empty: first.
        _ => text(a, name).cmp(&text(b, name)),
    }
}
