//! YAML as a tree in which everything knows its line. Numbers and words stay as they are written: an id such as `007`
//! or a description such as `no` is a text.

use super::{CodeProblem, CodeProblemCode as Code, LARGEST_FILE};
use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError};

/// No file needs more levels.
const DEEPEST: usize = 12;

/// A place in the file, both from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct At {
    pub line: u32,
    pub column: u32,
}

impl At {
    pub fn problem(self, code: Code, message: impl Into<String>) -> CodeProblem {
        CodeProblem {
            line: self.line,
            column: self.column,
            code,
            webhook: None,
            name: None,
            field_code: None,
            message: message.into(),
        }
    }
}

impl From<&Marker> for At {
    fn from(marker: &Marker) -> Self {
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { line: number(marker.line()), column: number(marker.col()).saturating_add(1) }
    }
}

/// One node.
pub(super) struct Node {
    pub at: At,
    pub kind: Kind,
}

/// What it is.
pub(super) enum Kind {
    /// `plain`: without quotation marks, so that it may also be a number or a yes or no.
    Text {
        text: String,
        plain: bool,
    },
    List(Vec<Node>),
    /// In its order.
    Map(Vec<(Key, Node)>),
}

/// A key of a map.
pub(super) struct Key {
    pub at: At,
    pub text: String,
}

impl Node {
    /// Nothing stands there.
    pub fn is_nothing(&self) -> bool {
        matches!(&self.kind, Kind::Text { text, plain: true } if ["", "~", "null"].contains(&text.as_str()))
    }
}

/// A map or list that is not whole yet.
enum Open {
    List(At, Vec<Node>),
    Map(At, Vec<(Key, Node)>, Option<Key>),
}

/// Reads the only document of a file.
pub(super) fn parse(text: &str) -> Result<Node, CodeProblem> {
    let top = At { line: 1, column: 1 };
    if text.len() > LARGEST_FILE {
        return Err(top.problem(Code::Syntax, format!("The file is larger than {LARGEST_FILE} bytes.")));
    }
    let mut open: Vec<Open> = Vec::new();
    let mut root = None;
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|e| no_yaml(text, &e))?;
        let at = At::from(&span.start);
        let refused =
            |what: &str| Err(at.problem(Code::Syntax, format!("{what} have no place in this file.")));
        let node = match event {
            Event::Alias(_) => return refused("References (*name)"),
            Event::Scalar(_, _, anchor, tag) if anchor > 0 || tag.is_some() => {
                return refused("Anchors (&name) and tags (!name)");
            }
            Event::SequenceStart(anchor, tag) | Event::MappingStart(anchor, tag)
                if anchor > 0 || tag.is_some() =>
            {
                return refused("Anchors (&name) and tags (!name)");
            }
            Event::SequenceStart(..) | Event::MappingStart(..) if open.len() == DEEPEST => {
                return refused("So many levels");
            }
            Event::SequenceStart(..) => {
                open.push(Open::List(at, Vec::new()));
                continue;
            }
            Event::MappingStart(..) => {
                open.push(Open::Map(at, Vec::new(), None));
                continue;
            }
            Event::Scalar(text, style, ..) => {
                let kind = Kind::Text { text: text.into_owned(), plain: style == ScalarStyle::Plain };
                Node { at, kind }
            }
            Event::SequenceEnd | Event::MappingEnd => match open.pop() {
                // Without brackets they begin with what is in them, wherever the parser noticed that.
                Some(Open::List(at, items)) => {
                    Node { at: items.first().map_or(at, |first| at.min(first.at)), kind: Kind::List(items) }
                }
                Some(Open::Map(at, pairs, _)) => {
                    Node { at: pairs.first().map_or(at, |(key, _)| at.min(key.at)), kind: Kind::Map(pairs) }
                }
                None => continue,
            },
            Event::DocumentStart(_) if root.is_some() => return refused("Several documents"),
            Event::DocumentStart(_)
            | Event::DocumentEnd
            | Event::StreamStart
            | Event::StreamEnd
            | Event::Nothing => continue,
        };
        match open.last_mut() {
            None => root = Some(node),
            Some(Open::List(_, items)) => items.push(node),
            Some(Open::Map(_, pairs, key)) => match (key.take(), node) {
                (Some(key), node) => pairs.push((key, node)),
                (None, Node { at, kind: Kind::Text { text, .. } }) => *key = Some(new_key(pairs, at, text)?),
                (None, _) => return refused("Keys that are no words"),
            },
        }
    }
    root.ok_or_else(|| top.problem(Code::MissingKey, "The file is empty."))
}

fn no_yaml(text: &str, error: &ScanError) -> CodeProblem {
    let at = At::from(error.marker());
    // What is not closed is missed after the end.
    let last = u32::try_from(text.lines().count()).unwrap_or(u32::MAX).max(1);
    let at = At { line: at.line.min(last), ..at };
    let line = text.lines().nth(at.line as usize - 1).unwrap_or_default();
    // Between brackets YAML takes the brace of a variable for one of its own.
    let hint = if line.contains("${") {
        " If it is the variable: between { } or [ ], put it in quotation marks, such as \"${name}\"."
    } else {
        ""
    };
    at.problem(Code::Syntax, format!("This is not YAML: {}.{hint}", error.info()))
}

fn new_key(pairs: &[(Key, Node)], at: At, text: String) -> Result<Key, CodeProblem> {
    if let Some((first, _)) = pairs.iter().find(|(key, _)| key.text == text) {
        let message = format!("This key is there already, in line {}.", first.at.line);
        return Err(CodeProblem { name: Some(shortened(&text)), ..at.problem(Code::Duplicate, message) });
    }
    Ok(Key { at, text })
}

/// For messages: what somebody typed may be anything.
pub(super) fn shortened(text: &str) -> String {
    const LONGEST: usize = 40;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    text.chars().take(LONGEST).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.
    use super::*;

    fn refused(text: &str) -> (u32, u32, Code) {
        let problem = parse(text).err().unwrap();
        (problem.line, problem.column, problem.code)
    }

    #[test]
    fn everything_knows_its_place_and_stays_as_written() {
        let Kind::Map(pairs) = parse("# first\na: no\nb:\n  - 007\n  - {c: 'x'}\n").unwrap().kind else {
            panic!()
        };
        let (key, value) = &pairs[0];
        assert_eq!((key.text.as_str(), key.at, value.at.column), ("a", At { line: 2, column: 1 }, 4));
        assert!(matches!(&value.kind, Kind::Text { text, plain: true } if text == "no"));
        let Kind::List(items) = &pairs[1].1.kind else { panic!() };
        assert_eq!((items[0].at.line, items[1].at.line), (4, 5));
        assert!(matches!(&items[0].kind, Kind::Text { text, plain: true } if text == "007"));
        let Kind::Map(inner) = &items[1].kind else { panic!() };
        assert!(matches!(&inner[0].1.kind, Kind::Text { text, plain: false } if text == "x"));
    }

    #[test]
    fn what_is_not_needed_is_refused_at_its_place() {
        for (text, wanted) in [
            ("", (1, 1, Code::MissingKey)),
            ("a: [", (1, 5, Code::Syntax)),
            ("a: 1\na: 2\n", (2, 1, Code::Duplicate)),
            ("a: &x 1\nb: *x\n", (1, 4, Code::Syntax)),
            ("a: !!str 1\n", (1, 4, Code::Syntax)),
            ("a: 1\n---\nb: 1\n", (2, 1, Code::Syntax)),
            ("[a, b]: 1\n", (1, 1, Code::Syntax)),
        ] {
            let (line, column, code) = refused(text);
            assert_eq!((line, code), (wanted.0, wanted.2), "{text:?}");
            // Where exactly the parser stops within a line that is not YAML is its own matter.
            assert!(column == wanted.1 || (code == Code::Syntax && column > 0), "{text:?} {column}");
        }
        assert_eq!(refused(&"[".repeat(100)).2, Code::Syntax);
        assert_eq!(refused(&" ".repeat(LARGEST_FILE + 1)).2, Code::Syntax);
    }
}
