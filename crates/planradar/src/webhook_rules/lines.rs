//! Several headers, pasted as text.

use super::headers::{HeaderPart, HeaderProblem, check_header_name, check_header_value};
use secrecy::{ExposeSecret, SecretString};

/// One pasted line.
#[derive(Clone, Debug)]
pub struct HeaderLine {
    /// Which line of the text, from 1.
    pub line: usize,
    /// What is before the first ':', without blanks around it. Empty when there is none.
    pub name: String,
    /// What is after it, without blanks around it; or the whole line. It may be a secret.
    pub value: SecretString,
    /// What is wrong with it.
    pub problems: Vec<HeaderLineProblem>,
}

/// Why a pasted line can't be taken as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum HeaderLineProblem {
    /// There is no ':' between a name and a value.
    #[error("this is not a name, a colon and a value")]
    NoColon,
    /// The name is refused.
    #[error("name: {0}")]
    Name(HeaderProblem),
    /// The value is refused.
    #[error("value: {0}")]
    Value(HeaderProblem),
    /// An earlier line has this name, ignoring case.
    #[error("line {0} has this name already")]
    SameAsLine(usize),
}

impl HeaderLineProblem {
    /// The part it is about; `None`: the line as a whole.
    #[must_use]
    pub fn part(self) -> Option<HeaderPart> {
        match self {
            Self::NoColon => None,
            Self::Name(_) | Self::SameAsLine(_) => Some(HeaderPart::Name),
            Self::Value(_) => Some(HeaderPart::Value),
        }
    }
}

/// Reads `Name: value` lines. Blank lines are left out; a line with a problem is returned with it.
#[must_use]
pub fn parse_header_lines(text: &str) -> Vec<HeaderLine> {
    let mut read: Vec<HeaderLine> = Vec::new();
    // A lone carriage return ends a line too: a value can't have one, and old text files do.
    let lines = text.split('\n').flat_map(|line| line.strip_suffix('\r').unwrap_or(line).split('\r'));
    for (at, line) in lines.enumerate() {
        let line_text = line.trim();
        if !line_text.is_empty() {
            let mut new = header_line(at + 1, line_text);
            let same = |old: &&HeaderLine| !new.name.is_empty() && old.name.eq_ignore_ascii_case(&new.name);
            if let Some(old) = read.iter().find(same) {
                new.problems.push(HeaderLineProblem::SameAsLine(old.line));
            }
            read.push(new);
        }
    }
    read
}

fn header_line(line: usize, text: &str) -> HeaderLine {
    let Some((name, value)) = text.split_once(':') else {
        let problems = vec![HeaderLineProblem::NoColon];
        return HeaderLine { line, name: String::new(), value: text.into(), problems };
    };
    let (name, value) = (name.trim_end().to_owned(), SecretString::from(value.trim_start()));
    let mut problems = Vec::new();
    problems.extend(check_header_name(&name).err().map(HeaderLineProblem::Name));
    // Exposed to look at its form; only the verdict leaves.
    problems.extend(check_header_value(value.expose_secret()).err().map(HeaderLineProblem::Value));
    HeaderLine { line, name, value, problems }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Vec<(usize, String, String, Vec<HeaderLineProblem>)> {
        let lines = parse_header_lines(text).into_iter();
        lines.map(|l| (l.line, l.name, l.value.expose_secret().to_owned(), l.problems)).collect()
    }

    fn row(
        line: usize,
        name: &str,
        value: &str,
        problems: &[HeaderLineProblem],
    ) -> (usize, String, String, Vec<HeaderLineProblem>) {
        (line, name.to_owned(), value.to_owned(), problems.to_vec())
    }

    #[test]
    fn lines_with_their_numbers() {
        use HeaderLineProblem as P;
        assert_eq!(
            read(
                "X-Key: a:b c\r\n\n  Authorization :  Bearer x  \rnonsense\nHost: h\nx-key:\nX-Ä: ••••\n: v"
            ),
            [
                row(1, "X-Key", "a:b c", &[]),
                row(3, "Authorization", "Bearer x", &[]),
                row(4, "", "nonsense", &[P::NoColon]),
                row(5, "Host", "h", &[P::Name(HeaderProblem::Reserved)]),
                row(6, "x-key", "", &[P::Value(HeaderProblem::Empty), P::SameAsLine(1)]),
                row(
                    7,
                    "X-Ä",
                    "••••",
                    &[P::Name(HeaderProblem::NameCharacters), P::Value(HeaderProblem::Masked)]
                ),
                row(8, "", "v", &[P::Name(HeaderProblem::Empty)]),
            ]
        );
        assert!(parse_header_lines(" \n\r\n\t").is_empty());
    }

    #[test]
    fn no_value_is_shown_by_accident() {
        let shown = format!("{:?}", parse_header_lines("X-Key: s3cr3t\ns3cr3t alone\nX-B: s3cr3t\u{0}"));
        assert!(!shown.contains("s3cr3t"), "{shown}");
    }

    proptest! {
        #[test]
        fn what_passes_is_within_the_rules(text in "([A-Za-z\\-: ä\\t]{0,8}:?[ -~\\r\\n•]{0,12}\\n?){0,5}") {
            for line in parse_header_lines(&text) {
                if line.problems.is_empty() {
                    prop_assert_eq!(check_header_name(&line.name), Ok(()));
                    prop_assert_eq!(check_header_value(line.value.expose_secret()), Ok(()));
                }
            }
        }

        #[test]
        fn good_lines_are_read_back(headers in proptest::collection::btree_map("X-[a-z]{1,9}", "[!-~]{1,9}( [a-z]{1,9})?", 0..6)) {
            prop_assume!(headers.values().all(|value| check_header_value(value).is_ok()));
            let text = headers.iter().map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>().join("\n");
            let wanted: Vec<_> = headers.iter().enumerate().map(|(at, (n, v))| row(at + 1, n, v, &[])).collect();
            prop_assert_eq!(read(&text), wanted);
        }
    }
}
