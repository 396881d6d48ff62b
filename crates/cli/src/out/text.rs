//! Tables and facts: aligned for people, tab-separated for programs.

use anstyle::{Effects, Style};
use jiff::{Timestamp, tz::TimeZone};
use std::fmt::Write;
use unicode_width::UnicodeWidthStr;

const HEADING: Style = Style::new().effects(Effects::BOLD);
/// Between two columns.
const GAP: &str = "  ";

/// One field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// As it is.
    Text(String),
    /// RFC 3339, or nothing: local time for people.
    Time(Option<String>),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<u32> for Cell {
    fn from(number: u32) -> Self {
        Self::Text(number.to_string())
    }
}

impl From<Option<String>> for Cell {
    fn from(text: Option<String>) -> Self {
        Self::Text(text.unwrap_or_default())
    }
}

impl From<Option<u32>> for Cell {
    fn from(number: Option<u32>) -> Self {
        Self::Text(number.map(|n| n.to_string()).unwrap_or_default())
    }
}

/// Null = not known.
impl From<Option<bool>> for Cell {
    fn from(answer: Option<bool>) -> Self {
        Self::Text(answer.map_or("", |yes| if yes { "yes" } else { "no" }).to_owned())
    }
}

impl From<bool> for Cell {
    fn from(answer: bool) -> Self {
        Some(answer).into()
    }
}

impl Cell {
    fn text(&self, people: bool) -> String {
        let text = match self {
            Self::Text(text) => tame(text, false),
            Self::Time(None) => String::new(),
            Self::Time(Some(at)) if people => local(at),
            Self::Time(Some(at)) => at.clone(),
        };
        if people && text.is_empty() { "-".to_owned() } else { text }
    }
}

/// Rows under headings. When piped the headings are left out.
#[derive(Clone, Debug, Default)]
pub struct Table {
    headings: Vec<&'static str>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    pub fn new(headings: &[&'static str]) -> Self {
        Self { headings: headings.to_vec(), rows: Vec::new() }
    }

    pub fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.rows.push(cells.into_iter().collect());
    }
}

/// What is shown of an answer.
#[derive(Clone, Debug, Default)]
pub struct Text(Vec<Block>);

#[derive(Clone, Debug)]
enum Block {
    Table(Table),
    Facts(Vec<(&'static str, Cell)>),
    Line(String),
}

impl Text {
    pub fn table(&mut self, table: Table) {
        self.0.push(Block::Table(table));
    }

    /// A name and a value on each line.
    pub fn facts(&mut self, facts: impl IntoIterator<Item = (&'static str, Cell)>) {
        self.0.push(Block::Facts(facts.into_iter().collect()));
    }

    /// A sentence, for people only.
    pub fn line(&mut self, line: impl Into<String>) {
        self.0.push(Block::Line(line.into()));
    }

    /// `people`: standard output is a terminal; `width`: its columns.
    pub fn render(&self, people: bool, width: usize) -> String {
        let mut text = String::new();
        for (n, block) in self.0.iter().enumerate() {
            if people && n > 0 {
                text.push('\n');
            }
            match block {
                Block::Table(table) if people => aligned(&mut text, table, width),
                Block::Table(table) => {
                    table.rows.iter().for_each(|row| separated(&mut text, row.iter()));
                }
                Block::Facts(facts) => {
                    let longest = facts.iter().map(|(name, _)| name.width()).max().unwrap_or_default();
                    for (name, cell) in facts {
                        if people {
                            let space = " ".repeat(longest - name.width());
                            let _ = writeln!(text, "{name}:{space} {}", cell.text(true));
                        } else {
                            let _ = writeln!(text, "{name}\t{}", cell.text(false));
                        }
                    }
                }
                Block::Line(line) if people => {
                    let _ = writeln!(text, "{}", tame(line, true));
                }
                Block::Line(_) => {}
            }
        }
        text
    }
}

fn separated<'a>(text: &mut String, cells: impl Iterator<Item = &'a Cell>) {
    let cells: Vec<_> = cells.map(|cell| cell.text(false)).collect();
    let _ = writeln!(text, "{}", cells.join("\t"));
}

fn aligned(text: &mut String, table: &Table, width: usize) {
    let rows: Vec<Vec<String>> =
        table.rows.iter().map(|row| row.iter().map(|cell| cell.text(true)).collect()).collect();
    let widths: Vec<usize> = table
        .headings
        .iter()
        .enumerate()
        .map(|(n, heading)| {
            let cells = rows.iter().filter_map(|row| row.get(n)).map(|cell| cell.width());
            cells.chain([heading.width()]).max().unwrap_or_default()
        })
        .collect();
    // A narrow window breaks lines itself; what is aligned there only makes it worse.
    let fits = widths.iter().sum::<usize>() + GAP.len() * widths.len() <= width;
    let mut line = |cells: Vec<&str>, style: Style| {
        let mut padded = String::new();
        for (n, cell) in cells.iter().enumerate() {
            if n > 0 {
                padded.push_str(GAP);
            }
            padded.push_str(cell);
            if fits && n + 1 < cells.len() {
                padded.push_str(&" ".repeat(widths[n].saturating_sub(cell.width())));
            }
        }
        let _ = writeln!(text, "{style}{padded}{style:#}");
    };
    let headings: Vec<String> = table.headings.iter().map(|h| h.to_uppercase()).collect();
    line(headings.iter().map(String::as_str).collect(), HEADING);
    for row in &rows {
        line(row.iter().map(String::as_str).collect(), Style::new());
    }
}

/// In the time zone of this computer, to the minute; what can't be read stays as it is.
pub fn local(at: &str) -> String {
    at.parse::<Timestamp>().map_or_else(
        |_| tame(at, false),
        |at| at.to_zoned_datetime(TimeZone::system()).strftime("%Y-%m-%d %H:%M:%S").to_string(),
    )
}

/// Without what a terminal would obey or a reader be fooled by: control characters and those that turn the direction.
/// `lines`: line ends stay.
pub fn tame(text: &str, lines: bool) -> String {
    text.chars()
        .map(|c| match c {
            '\n' if lines => c,
            '\t' | '\n' | '\r' => ' ',
            c if c.is_control() => '\u{fffd}',
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Text {
        let mut table = Table::new(&["name", "last used"]);
        table.row(["Büro\tΔ".into(), Cell::Time(Some("2026-03-12T10:00:00Z".to_owned()))]);
        table.row(["\u{1b}[31mred\u{202e}".into(), Cell::Time(None)]);
        let mut text = Text::default();
        text.table(table);
        text.line("a sentence");
        text
    }

    #[test]
    fn piped_it_is_tab_separated_without_headings_and_sentences() {
        let expected = "Büro Δ\t2026-03-12T10:00:00Z\n\u{fffd}[31mred\u{fffd}\t\n";
        assert_eq!(table().render(false, usize::MAX), expected);
    }

    #[test]
    fn for_people_columns_stand_under_one_another() {
        let shown = table().render(true, usize::MAX);
        let plain = anstream::adapter::strip_str(&shown).to_string();
        let lines: Vec<_> = plain.lines().collect();
        assert_eq!(lines[0], "NAME       LAST USED");
        assert!(lines[1].starts_with("Büro Δ     2026-03-1"), "{plain}");
        assert_eq!(lines[2], "\u{fffd}[31mred\u{fffd}  -");
        assert_eq!(lines.last(), Some(&"a sentence"));
    }

    #[test]
    fn nothing_a_terminal_would_obey() {
        for bad in ["\u{1b}]0;x\u{7}", "a\u{9b}b", "\u{202e}evil", "\r"] {
            assert!(tame(bad, true).chars().all(|c| !c.is_control() && c != '\u{202e}'), "{bad:?}");
        }
    }
}
