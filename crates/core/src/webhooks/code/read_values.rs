//! How a webhook of a file authenticates, and its headers. A hidden value is only referred to.

use super::{
    CodeProblemCode as Code,
    file::{FileAuthentication, FileHeader, FileHidden, FileValue, Reference, is_value_name, stdin_name},
    read::{Fields, Reader},
    yaml::{Kind, Node},
};

const HEADER: &[&str] = &["name", "value", "hidden", "version"];
const HIDDEN: &[&str] = &["hidden", "version"];

impl Reader {
    pub fn authentication(&mut self, fields: &Fields<'_>, called: &str) -> Option<FileAuthentication> {
        let Some(node) = fields.get("authentication") else { return Some(FileAuthentication::None) };
        match &node.kind {
            Kind::Text { text, .. } if text == "none" => Some(FileAuthentication::None),
            Kind::Text { text, .. } if text == "unchanged" => Some(FileAuthentication::Unchanged(node.at)),
            Kind::Map(_) => {
                let fields = self.fields(node, "authentication", &["basic"])?;
                let Some(basic) = fields.get("basic") else {
                    self.missing(
                        &fields,
                        "basic",
                        "authentication is none, or basic with its username and password.",
                    );
                    return None;
                };
                let fields = self.fields(basic, "basic", &["username", "password"])?;
                let username = self.needed(&fields, "username");
                let Some(password) = fields.get("password") else {
                    self.missing(&fields, "password", "password is missing here.");
                    return None;
                };
                let Kind::Map(_) = &password.kind else {
                    let message = "A password has no place in the file. Refer to it: password: {hidden: keychain:NAME}, or {hidden: stdin}.";
                    self.problem(password.at, Code::ValueForHidden, Some("password"), message);
                    return None;
                };
                let fields = self.fields(password, "password", HIDDEN)?;
                let password = self.hidden(&fields, called, "password");
                Some(FileAuthentication::Basic { username: username?, password: password? })
            }
            _ => {
                let message = "authentication is none, or {basic: {username: NAME, password: {hidden: keychain:NAME}}}.";
                self.problem(node.at, Code::WrongKind, Some("authentication"), message);
                None
            }
        }
    }

    pub fn headers(&mut self, fields: &Fields<'_>, called: &str) -> Option<Vec<FileHeader>> {
        let Some(node) = fields.get("headers") else { return Some(Vec::new()) };
        let Kind::List(items) = &node.kind else {
            let message = "headers is a list, such as [{name: X-Site, value: north}].";
            self.problem(node.at, Code::WrongKind, Some("headers"), message);
            return None;
        };
        let read: Vec<_> = items.iter().map(|item| self.header(item, called)).collect();
        read.into_iter().collect()
    }

    fn header(&mut self, node: &Node, called: &str) -> Option<FileHeader> {
        let fields = self.fields(node, "A header", HEADER)?;
        let name = self.needed(&fields, "name");
        let value = match (fields.get("value"), fields.get("hidden")) {
            (Some(value), None) => {
                if let Some(version) = fields.get("version") {
                    let message = "A version belongs to a hidden value. This header's value is visible.";
                    self.problem(version.at, Code::WrongKind, Some("version"), message);
                }
                self.text(value, "value").map(FileValue::Visible)
            }
            (None, Some(_)) => {
                let header = name.as_ref().map_or("", |n| n.is.as_str()).to_owned();
                self.hidden(&fields, called, &header).map(FileValue::Hidden)
            }
            (Some(value), Some(_)) => {
                let message = "A hidden value has no place in the file. Take value away, and refer to it: hidden: keychain:NAME, or hidden: stdin.";
                self.problem(value.at, Code::ValueForHidden, Some("value"), message);
                None
            }
            (None, None) => {
                let message = "A header has a value, or refers to a hidden one: hidden: keychain:NAME, or hidden: stdin.";
                self.missing(&fields, "value", message);
                None
            }
        };
        Some(FileHeader { name: name?, value: value? })
    }

    fn hidden(&mut self, fields: &Fields<'_>, called: &str, header: &str) -> Option<FileHidden> {
        let Some(node) = fields.get("hidden") else {
            self.missing(
                fields,
                "hidden",
                "Where the hidden value comes from is missing: hidden: keychain:NAME, or hidden: stdin.",
            );
            return None;
        };
        let version = match fields.get("version") {
            None => Ok(None),
            Some(Node { kind: Kind::Text { text, plain: true }, at }) => {
                text.parse::<u32>().ok().filter(|v| *v > 0).map(Some).ok_or(*at)
            }
            Some(other) => Err(other.at),
        };
        if let Err(at) = version {
            self.problem(at, Code::WrongKind, Some("version"), "version is a whole number from 1.");
        }
        let text = self.text(node, "hidden")?;
        let reference = match text.is.trim().split_once(':') {
            None if text.is.trim() == "stdin" => Some(Reference::Stdin(stdin_name(called, header))),
            Some(("stdin", name)) if !name.is_empty() => Some(Reference::Stdin(name.to_owned())),
            Some(("keychain", name)) if is_value_name(name) => Some(Reference::Keychain(name.to_owned())),
            _ => None,
        };
        let Some(reference) = reference else {
            // What stands there may be the value itself: it is not repeated.
            let message = "This is no reference to a value. Write keychain:NAME (letters, digits, - _ . and at most 64 of them), stdin, or stdin:NAME. A hidden value itself has no place in the file.";
            self.problem(node.at, Code::BadReference, Some("hidden"), message);
            return None;
        };
        Some(FileHidden { at: node.at, reference, version: version.ok()? })
    }
}
