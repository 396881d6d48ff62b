//! From the tree to the webhooks of a file. All problems at once, each at its place, none with a value in it.

use super::{
    CodeProblem, CodeProblemCode as Code, CodeRequest,
    file::{FileWebhook, Placed},
    variables::{Unfilled, fill, is_variable, is_variable_name},
    yaml::{At, Key, Kind, Node, parse, shortened},
};
use std::collections::BTreeMap;

const FILE: &[&str] = &["version", "variables", "environments", "webhooks"];
const WEBHOOK: &[&str] =
    &["id", "description", "was", "target_url", "active", "projects", "events", "authentication", "headers"];

/// Reads a file. What could be read of it is returned with the problems.
pub(super) fn read(request: &CodeRequest) -> (Vec<FileWebhook>, Vec<CodeProblem>) {
    let mut reader = Reader::default();
    let webhooks = match parse(&request.text) {
        Ok(root) => reader.file(&root, request.environment.as_deref()),
        Err(problem) => {
            reader.problems.push(problem);
            Vec::new()
        }
    };
    (webhooks, reader.problems)
}

#[derive(Default)]
pub(super) struct Reader {
    variables: BTreeMap<String, String>,
    problems: Vec<CodeProblem>,
}

/// The known keys of a map.
pub(super) struct Fields<'a> {
    pub at: At,
    pairs: BTreeMap<&'a str, &'a Node>,
}

impl<'a> Fields<'a> {
    /// What stands at a key, if anything does.
    pub fn get(&self, key: &str) -> Option<&'a Node> {
        self.pairs.get(key).copied().filter(|node| !node.is_nothing())
    }
}

impl Reader {
    pub fn problem(&mut self, at: At, code: Code, name: Option<&str>, message: impl Into<String>) {
        let name = name.map(shortened);
        self.problems.push(CodeProblem { name, ..at.problem(code, message) });
    }

    pub fn fields<'a>(&mut self, node: &'a Node, what: &str, allowed: &[&str]) -> Option<Fields<'a>> {
        let Kind::Map(pairs) = &node.kind else {
            let message =
                format!("{what} is written as keys and values; its keys are {}.", allowed.join(", "));
            self.problem(node.at, Code::WrongKind, None, message);
            return None;
        };
        let mut known = BTreeMap::new();
        for (key, value) in pairs {
            if allowed.contains(&key.text.as_str()) {
                known.insert(key.text.as_str(), value);
            } else {
                let text = shortened(&key.text);
                let message = format!("“{text}” is not known here. Known are {}.", allowed.join(", "));
                self.problem(key.at, Code::UnknownKey, Some(&text), message);
            }
        }
        Some(Fields { at: node.at, pairs: known })
    }

    fn file(&mut self, root: &Node, environment: Option<&str>) -> Vec<FileWebhook> {
        let Some(fields) = self.fields(root, "A file of webhooks", FILE) else { return Vec::new() };
        self.version(&fields);
        self.all_variables(&fields, environment);
        match fields.get("webhooks") {
            Some(Node { kind: Kind::List(items), .. }) => {
                items.iter().filter_map(|item| self.webhook(item)).collect()
            }
            Some(other) => {
                self.problem(other.at, Code::WrongKind, Some("webhooks"), "webhooks is a list.");
                Vec::new()
            }
            // An empty list is written as one: with --prune it deletes everything.
            None => {
                self.missing(&fields, "webhooks", "A file has a list of webhooks; an empty one is [].");
                Vec::new()
            }
        }
    }

    pub fn missing(&mut self, fields: &Fields<'_>, key: &str, message: &str) {
        self.problem(fields.at, Code::MissingKey, Some(key), message);
    }

    fn version(&mut self, fields: &Fields<'_>) {
        match fields.get("version") {
            Some(Node { kind: Kind::Text { text, plain: true }, .. }) if text == "1" => {}
            Some(other) => {
                let message = "This Gatehouse reads files of version 1.";
                self.problem(other.at, Code::UnsupportedVersion, Some("version"), message);
            }
            None => self.missing(fields, "version", "A file begins with version: 1."),
        }
    }

    fn all_variables(&mut self, fields: &Fields<'_>, environment: Option<&str>) {
        let mut variables = fields.get("variables").map(|n| self.some_variables(n)).unwrap_or_default();
        let mut environments = BTreeMap::new();
        if let Some(node) = fields.get("environments") {
            let Kind::Map(pairs) = &node.kind else {
                let message = "environments are names, each with its variables.";
                return self.problem(node.at, Code::WrongKind, Some("environments"), message);
            };
            for (Key { text, .. }, node) in pairs {
                environments.insert(text.as_str(), self.some_variables(node));
            }
        }
        if let Some(name) = environment {
            if let Some(own) = environments.remove(name) {
                variables.extend(own);
            } else {
                let known: Vec<_> = environments.keys().copied().collect();
                let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
                let message = format!("The file has no environment “{}”. It has {known}.", shortened(name));
                let at = fields.get("environments").map_or(fields.at, |n| n.at);
                self.problem(at, Code::UnknownEnvironment, Some(name), message);
            }
        }
        self.variables = variables;
    }

    fn some_variables(&mut self, node: &Node) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        if node.is_nothing() {
            return found;
        }
        let Kind::Map(pairs) = &node.kind else {
            let message = "Variables are names, each with a text.";
            self.problem(node.at, Code::WrongKind, Some("variables"), message);
            return found;
        };
        for (key, node) in pairs {
            if !is_variable_name(&key.text) {
                let message = "A variable's name has letters, digits and _, and begins with no digit.";
                self.problem(key.at, Code::WrongKind, Some(&key.text), message);
            } else if let Kind::Text { text, .. } = &node.kind {
                found.insert(key.text.clone(), text.clone());
            } else {
                self.problem(node.at, Code::WrongKind, Some(&key.text), "A variable stands for a text.");
            }
        }
        found
    }

    /// A text with its variables.
    pub fn text(&mut self, node: &Node, what: &str) -> Option<Placed<String>> {
        let Kind::Text { text, .. } = &node.kind else {
            self.problem(node.at, Code::WrongKind, Some(what), format!("{what} is a text."));
            return None;
        };
        match fill(text, &self.variables) {
            Ok(is) => Some(Placed { at: node.at, is }),
            Err(Unfilled::Unknown(name)) => {
                let message = format!(
                    "The variable “{}” is not defined. Define it under variables, or in each environment.",
                    shortened(&name)
                );
                self.problem(node.at, Code::UnknownVariable, Some(&name), message);
                None
            }
            Err(Unfilled::Broken) => {
                let message = "A variable is written ${name}. For ${ itself write $${.";
                self.problem(node.at, Code::UnknownVariable, Some(what), message);
                None
            }
        }
    }

    fn optional(&mut self, fields: &Fields<'_>, key: &str) -> Option<Placed<String>> {
        fields.get(key).and_then(|node| self.text(node, key))
    }

    pub fn needed(&mut self, fields: &Fields<'_>, key: &str) -> Option<Placed<String>> {
        let Some(node) = fields.get(key) else {
            self.missing(fields, key, &format!("{key} is missing here."));
            return None;
        };
        self.text(node, key)
    }

    fn webhook(&mut self, node: &Node) -> Option<FileWebhook> {
        let before = self.problems.len();
        let fields = self.fields(node, "A webhook", WEBHOOK)?;
        let id = self.optional(&fields, "id");
        let description = self.needed(&fields, "description");
        let was = self.optional(&fields, "was");
        let target_url = self.needed(&fields, "target_url");
        let active = fields.get("active").map_or(Some(true), |node| self.boolean(node, "active"));
        let projects = self.projects(&fields);
        let events = fields.get("events").and_then(|node| self.texts(node, "events"));
        if fields.get("events").is_none() {
            self.missing(&fields, "events", "events is missing here: at least one.");
        }
        // Names what is given with the file, so it must be known even if something else is wrong.
        let called = description.as_ref().map_or("", |d| d.is.as_str()).to_owned();
        let authentication = self.authentication(&fields, &called);
        let headers = self.headers(&fields, &called);
        for problem in &mut self.problems[before..] {
            problem.webhook = Some(called.clone()).filter(|c| !c.is_empty());
        }
        if self.problems.len() > before {
            return None;
        }
        let trimmed = |text: Placed<String>| Placed { is: text.is.trim().to_owned(), ..text };
        Some(FileWebhook {
            at: node.at,
            id: id.map(trimmed),
            description: trimmed(description?),
            was: was.map(trimmed),
            target_url: trimmed(target_url?),
            active: active?,
            projects: projects?,
            events: events?,
            authentication: authentication?,
            headers: headers?,
        })
    }

    fn boolean(&mut self, node: &Node, what: &str) -> Option<bool> {
        match &node.kind {
            Kind::Text { text, plain: true } if text == "true" => Some(true),
            Kind::Text { text, plain: true } if text == "false" => Some(false),
            // Quoted or not: between brackets it must be.
            Kind::Text { text, .. } if is_variable(text) => match self.text(node, what)?.is.as_str() {
                "true" => Some(true),
                "false" => Some(false),
                _ => self.no_boolean(node, what),
            },
            _ => self.no_boolean(node, what),
        }
    }

    fn no_boolean(&mut self, node: &Node, what: &str) -> Option<bool> {
        let message = format!("{what} is true or false, or a variable that stands for one of them.");
        self.problem(node.at, Code::WrongKind, Some(what), message);
        None
    }

    fn texts(&mut self, node: &Node, what: &str) -> Option<Placed<Vec<String>>> {
        let Kind::List(items) = &node.kind else {
            self.problem(node.at, Code::WrongKind, Some(what), format!("{what} is a list, such as [a, b]."));
            return None;
        };
        let mut is: Vec<String> = Vec::with_capacity(items.len());
        for item in items {
            let text = self.text(item, what)?.is;
            if is.contains(&text) {
                let message = format!("“{}” is in the list already.", shortened(&text));
                self.problem(item.at, Code::Duplicate, Some(what), message);
                return None;
            }
            is.push(text);
        }
        Some(Placed { at: node.at, is })
    }

    fn projects(&mut self, fields: &Fields<'_>) -> Option<Placed<Option<Vec<String>>>> {
        match fields.get("projects") {
            None => Some(Placed { at: fields.at, is: None }),
            Some(Node { at, kind: Kind::Text { text, .. } }) if text == "all" => {
                Some(Placed { at: *at, is: None })
            }
            Some(node @ Node { kind: Kind::List(_), .. }) => {
                self.texts(node, "projects").map(|list| Placed { at: list.at, is: Some(list.is) })
            }
            Some(node) => {
                let message = "projects is all, or a list of ids.";
                self.problem(node.at, Code::WrongKind, Some("projects"), message);
                None
            }
        }
    }
}
