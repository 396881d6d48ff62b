//! An account's own paths: a JSON map of route name to path template.

use super::{ALL, Route, RouteProblem, check_override, find, may_be_same_path};
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::fmt;

/// Path templates that stand in for built-in ones. Every one of them was checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides(BTreeMap<&'static str, String>);

/// One line of a file of overrides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverrideLine {
    /// Route name as the file has it.
    pub name: String,
    /// Path template as the file has it.
    pub template: String,
    /// Why the line can't be taken.
    pub problem: Option<RouteProblem>,
}

/// Why a file of overrides can't be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OverrideFileError {
    /// Not a JSON object of texts, or a name twice. The text says where.
    #[error("not a JSON object of route names and paths: {0}")]
    NotAMap(String),
    /// One line is refused.
    #[error("{name}: {problem}")]
    Line {
        /// The route's name: the field the error is about.
        name: String,
        /// Why.
        problem: RouteProblem,
    },
}

impl Overrides {
    /// Reads a JSON map, line by line, in the file's order, and says of each line whether it can be taken.
    pub fn lines(json: &str) -> Result<Vec<OverrideLine>, OverrideFileError> {
        let pairs: Pairs =
            serde_json::from_str(json).map_err(|e| OverrideFileError::NotAMap(e.to_string()))?;
        // Line by line into one map: a line may also clash with one before it.
        let mut taken = Self::default();
        Ok(pairs
            .0
            .into_iter()
            .map(|(name, template)| {
                let problem = taken.set(&name, &template).err();
                OverrideLine { name, template, problem }
            })
            .collect())
    }

    /// Reads a JSON map; the first refused line refuses it as a whole.
    pub fn from_json(json: &str) -> Result<Self, OverrideFileError> {
        let mut overrides = Self::default();
        for line in Self::lines(json)? {
            overrides
                .set(&line.name, &line.template)
                .map_err(|problem| OverrideFileError::Line { name: line.name, problem })?;
        }
        Ok(overrides)
    }

    /// As a JSON map, sorted by name.
    #[must_use]
    pub fn to_json(&self) -> String {
        let map: serde_json::Map<_, _> =
            self.iter().map(|(name, template)| (name.to_owned(), template.into())).collect();
        format!("{:#}", serde_json::Value::Object(map))
    }

    /// Sets one. The built-in path itself means: no override.
    pub fn set(&mut self, name: &str, template: &str) -> Result<(), RouteProblem> {
        let route = find(name).ok_or(RouteProblem::UnknownRoute)?;
        check_override(route, template)?;
        let clash = |other: &&Route| {
            other.would_clash(route)
                && self.get(other.name).is_some_and(|path| may_be_same_path(template, path))
        };
        if let Some(other) = ALL.iter().copied().find(clash) {
            return Err(RouteProblem::TakenBy(other.name));
        }
        if template == route.template {
            self.0.remove(route.name);
        } else {
            self.0.insert(route.name, template.to_owned());
        }
        Ok(())
    }

    /// Back to the built-in path.
    pub fn remove(&mut self, name: &str) {
        self.0.remove(name);
    }

    /// The path template in force for a route.
    #[must_use]
    pub fn template<'a>(&'a self, route: &'a Route) -> &'a str {
        self.0.get(route.name).map_or(route.template, String::as_str)
    }

    /// The override of that name, when there is one.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// All, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, template)| (*name, template.as_str()))
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The pairs of a JSON object in the file's order; a name that comes twice is an error, not the last one's win.
struct Pairs(Vec<(String, String)>);

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PairsVisitor;
        impl<'de> Visitor<'de> for PairsVisitor {
            type Value = Pairs;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of texts")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
                let mut pairs: Vec<(String, String)> = Vec::new();
                while let Some((name, template)) = map.next_entry::<String, String>()? {
                    if pairs.iter().any(|(n, _)| *n == name) {
                        return Err(serde::de::Error::custom(format_args!("“{name}” is there twice")));
                    }
                    pairs.push((name, template));
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(PairsVisitor)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.
    use super::*;
    use crate::routes::TOKENS_LIST;

    const GOOD: &str =
        r#"{"tokens.list": "/api/v3/{customer_id}/tokens", "account": "/api/v2/{customer_id}/account"}"#;

    #[test]
    fn round_trip() {
        let overrides = Overrides::from_json(GOOD).unwrap();
        assert_eq!(overrides.template(&TOKENS_LIST), "/api/v3/{customer_id}/tokens");
        assert_eq!(Overrides::from_json(&overrides.to_json()).unwrap(), overrides);
        assert_eq!(overrides.iter().map(|(n, _)| n).collect::<Vec<_>>(), ["account", "tokens.list"]);
    }

    #[test]
    fn the_built_in_path_is_no_override() {
        let mut overrides = Overrides::from_json(GOOD).unwrap();
        overrides.set("tokens.list", TOKENS_LIST.template).unwrap();
        assert_eq!(overrides.get("tokens.list"), None);
        overrides.remove("account");
        assert!(overrides.is_empty());
    }

    #[test]
    fn each_line_says_its_own_problem() {
        let lines = Overrides::lines(
            r#"{"nope": "/api/v1/{customer_id}/x", "account": "//h", "me": "/api/v1/{customer_id}/me"}"#,
        )
        .unwrap();
        let problems: Vec<_> = lines.into_iter().map(|l| (l.name, l.problem)).collect();
        assert_eq!(
            problems,
            [
                ("nope".to_owned(), Some(RouteProblem::UnknownRoute)),
                ("account".to_owned(), Some(RouteProblem::NotApi)),
                ("me".to_owned(), None)
            ]
        );
        let error = Overrides::from_json(r#"{"account": "//h"}"#).unwrap_err();
        assert!(error.to_string().starts_with("account: the path must start with /api/v"), "{error}");
    }

    #[test]
    fn an_override_takes_no_path_that_another_one_has() {
        let mut overrides = Overrides::default();
        overrides.set("webhooks.delete", "/api/v3/{customer_id}/hooks/{webhook_id}").unwrap();
        let taken = Err(RouteProblem::TakenBy("webhooks.delete"));
        assert_eq!(overrides.set("tokens.delete", "/api/v3/{customer_id}/hooks/{token_id}"), taken);
        assert_eq!(overrides.set("tokens.delete", "/api/v3/{customer_id}/HOOKS/{token_id}"), taken);
        // Other methods of one path are one resource's.
        assert_eq!(overrides.set("webhooks.update", "/api/v3/{customer_id}/hooks/{webhook_id}"), Ok(()));
        let lines = Overrides::lines(
            r#"{"tokens.create": "/api/v3/{customer_id}/new", "webhooks.create": "/api/v3/{customer_id}/new"}"#,
        )
        .unwrap();
        assert_eq!(lines[0].problem, None);
        assert_eq!(lines[1].problem, Some(RouteProblem::TakenBy("tokens.create")));
    }

    #[test]
    fn not_a_map() {
        for json in ["", "[]", "1", r#"{"account": 1}"#, r#"{"account": "/a", "account": "/b"}"#] {
            assert!(matches!(Overrides::lines(json), Err(OverrideFileError::NotAMap(_))), "{json}");
        }
    }
}
