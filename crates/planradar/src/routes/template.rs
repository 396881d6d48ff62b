//! Path templates: what one may be, and how it becomes a path.

use super::{ALL, Route};
use crate::ids::{CustomerId, is_id, is_literal_byte};
use std::sync::LazyLock;

/// No path of the API is nearly as long.
const MAX_LENGTH: usize = 256;

/// Why a path template or an id is refused, before any request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RouteProblem {
    /// There is no such route.
    #[error("there is no route of this name")]
    UnknownRoute,
    /// Nothing was given.
    #[error("the path is empty")]
    Empty,
    /// More than 256 characters.
    #[error("the path is longer than {MAX_LENGTH} characters")]
    TooLong,
    /// Not below a version of the API.
    #[error("the path must start with /api/v and a number, such as /api/v1/")]
    NotApi,
    /// Two slashes in a row, or one at the end.
    #[error("the path has an empty part: no two slashes in a row and none at the end")]
    EmptyPart,
    /// A part with other characters than letters, digits, `_` and `-`.
    #[error("“{0}” may only have letters, digits, _ and -")]
    BadPart(String),
    /// A placeholder this route doesn't have.
    #[error("this route has no {{{0}}}")]
    UnknownPlaceholder(String),
    /// A placeholder that is missing.
    #[error("{{{0}}} is missing")]
    MissingPlaceholder(&'static str),
    /// A placeholder that is there twice.
    #[error("{{{0}}} is there twice")]
    RepeatedPlaceholder(&'static str),
    /// The path could be a documented one of another resource.
    #[error("PlanRadar's API description uses {0} for something else")]
    Taken(String),
    /// The path could be another route of the table with the same method.
    #[error("this could be the path of {0}")]
    TakenBy(&'static str),
    /// An id that can't be part of a path.
    #[error("{{{0}}} must be 1 to 64 letters, digits, _ or -")]
    BadId(&'static str),
    /// The finished address is not what was meant. Never seen; the last look before the key is attached.
    #[error("the finished address is not on the account's server")]
    ForeignOrigin,
    /// Only reading routes can be tried out.
    #[error("only a route that reads can be tried out")]
    NotReadable,
}

/// Whether `template` may stand in for the built-in path of `route`.
pub fn check_override(route: &Route, template: &str) -> Result<(), RouteProblem> {
    if template.is_empty() {
        return Err(RouteProblem::Empty);
    }
    if template.chars().count() > MAX_LENGTH {
        return Err(RouteProblem::TooLong);
    }
    let parts = parts_of(template)?;
    check_placeholders(route, &parts)?;
    for documented in &*DOCUMENTED {
        if may_be_same(&parts, &documented.parts) && !route.own.contains(&documented.resource) {
            return Err(RouteProblem::Taken(documented.shown.clone()));
        }
    }
    for other in ALL.iter().filter(|other| other.would_clash(route)) {
        if may_be_same_path(template, other.template) {
            return Err(RouteProblem::TakenBy(other.name));
        }
    }
    Ok(())
}

/// Whether some ids make the two paths equal.
pub(super) fn may_be_same_path(a: &str, b: &str) -> bool {
    matches!((parts_of(a), parts_of(b)), (Ok(a), Ok(b)) if may_be_same(&a, &b))
}

/// The path of `route` with its ids. The only place that makes one.
pub(crate) fn fill(
    route: &Route,
    template: &str,
    customer: &CustomerId,
    ids: &[(&'static str, &str)],
) -> Result<String, RouteProblem> {
    for (name, id) in ids {
        if !is_id(id) {
            return Err(RouteProblem::BadId(name));
        }
        if !route.placeholders().any(|p| p == *name) {
            return Err(RouteProblem::UnknownPlaceholder((*name).to_owned()));
        }
    }
    let mut path = String::with_capacity(template.len() + 64);
    for part in parts_of(template)? {
        path.push('/');
        path.push_str(match part {
            Part::Literal(text) => text,
            Part::Placeholder("customer_id") => customer.as_str(),
            Part::Placeholder(name) => match ids.iter().find(|(n, _)| *n == name) {
                Some((_, id)) => id,
                None => return Err(RouteProblem::BadId(known(route, name)?)),
            },
        });
    }
    Ok(path)
}

/// The placeholders of a built-in template.
pub(super) fn placeholders(template: &'static str) -> impl Iterator<Item = &'static str> {
    template.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part<'a> {
    Literal(&'a str),
    Placeholder(&'a str),
}

/// Splits a template, with the version as its second part.
fn parts_of(template: &str) -> Result<Vec<Part<'_>>, RouteProblem> {
    let rest = template.strip_prefix("/api/v").ok_or(RouteProblem::NotApi)?;
    let version = rest.split('/').next().unwrap_or_default();
    if version.is_empty() || !version.bytes().all(|b| b.is_ascii_digit()) {
        return Err(RouteProblem::NotApi);
    }
    template.split('/').skip(1).map(part_of).collect()
}

fn part_of(text: &str) -> Result<Part<'_>, RouteProblem> {
    if text.is_empty() {
        return Err(RouteProblem::EmptyPart);
    }
    let inner = text.strip_prefix('{').and_then(|t| t.strip_suffix('}'));
    let name = inner.unwrap_or(text);
    if name.is_empty() || !name.bytes().all(is_literal_byte) {
        return Err(RouteProblem::BadPart(text.chars().take(40).collect()));
    }
    Ok(if inner.is_some() { Part::Placeholder(name) } else { Part::Literal(name) })
}

fn check_placeholders(route: &Route, parts: &[Part<'_>]) -> Result<(), RouteProblem> {
    for part in parts {
        if let Part::Placeholder(name) = part {
            known(route, name)?;
        }
    }
    for wanted in route.placeholders() {
        match parts.iter().filter(|part| **part == Part::Placeholder(wanted)).count() {
            1 => {}
            0 => return Err(RouteProblem::MissingPlaceholder(wanted)),
            _ => return Err(RouteProblem::RepeatedPlaceholder(wanted)),
        }
    }
    Ok(())
}

fn known(route: &Route, name: &str) -> Result<&'static str, RouteProblem> {
    route.placeholders().find(|p| *p == name).ok_or_else(|| RouteProblem::UnknownPlaceholder(name.to_owned()))
}

/// Whether some ids make the two paths equal. Case is ignored: a server might.
fn may_be_same(a: &[Part<'_>], b: &[Part<'_>]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| part_may_be_same(*a, *b))
}

fn part_may_be_same(a: Part<'_>, b: Part<'_>) -> bool {
    match (a, b) {
        (Part::Literal(a), Part::Literal(b)) => a.eq_ignore_ascii_case(b),
        (Part::Literal(text), Part::Placeholder("customer_id"))
        | (Part::Placeholder("customer_id"), Part::Literal(text)) => text.bytes().all(|b| b.is_ascii_digit()),
        (Part::Literal(_), Part::Placeholder(_)) | (Part::Placeholder(_), _) => true,
    }
}

/// The resource of paths within a project or the like: no route of the table is one of those.
const NESTED: &str = "";

/// One path of `PlanRadar`'s API description.
struct Documented {
    parts: Vec<Part<'static>>,
    /// What it is about: the part after the customer id.
    resource: &'static str,
    shown: String,
}

static DOCUMENTED: LazyLock<Vec<Documented>> = LazyLock::new(|| {
    include_str!("documented.txt").lines().filter(|line| line.starts_with('/')).map(documented).collect()
});

fn documented(line: &'static str) -> Documented {
    let parts: Vec<_> = line
        .split('/')
        .skip(1)
        .enumerate()
        .map(|(at, text)| match (at, text) {
            (2, "{}") => Part::Placeholder("customer_id"),
            (_, "{}") => Part::Placeholder("id"),
            _ => Part::Literal(text),
        })
        .collect();
    let resource = match parts.as_slice() {
        [_, _, _, Part::Literal(text)] | [_, _, _, Part::Literal(text), _] => *text,
        _ => NESTED,
    };
    let shown = line.replacen("{}", "{customer_id}", 1).replace("{}", "{id}");
    Documented { parts, resource, shown }
}

#[cfg(test)]
#[path = "template_tests.rs"]
mod tests;
