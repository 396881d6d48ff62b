//! Looks for secret values in whatever was written or said, also in other spellings and in pieces.

use aho_corasick::AhoCorasick;
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use std::path::Path;

/// A piece of this many characters is enough to be found, and too long to be there by chance.
const PIECE: usize = 24;

/// Finds any of some values.
pub struct Search {
    automaton: AhoCorasick,
    /// Which value each pattern is of, and how it is spelled.
    patterns: Vec<(usize, &'static str)>,
}

impl Search {
    /// For these values, each of [`PIECE`] characters at least.
    #[must_use]
    pub fn new(values: &[String]) -> Self {
        let (mut patterns, mut texts) = (Vec::new(), Vec::new());
        for (nth, value) in values.iter().enumerate() {
            assert!(value.len() >= PIECE, "a value is too short to be looked for");
            for piece in value.as_bytes().chunks_exact(PIECE) {
                for (spelling, text) in spellings(piece) {
                    patterns.push((nth, spelling));
                    texts.push(text);
                }
            }
        }
        Self {
            automaton: AhoCorasick::builder().ascii_case_insensitive(true).build(&texts).unwrap(),
            patterns,
        }
    }

    /// Which values are in it, and how they are spelled there.
    #[must_use]
    pub fn find(&self, content: &[u8]) -> Vec<(usize, &'static str)> {
        let hits = self.automaton.find_overlapping_iter(content);
        let mut found: Vec<_> = hits.map(|hit| self.patterns[hit.pattern()]).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Files below `folder` that hold one, with how it is spelled; `except` is left out.
    #[must_use]
    pub fn files(&self, folder: &Path, except: &Path) -> Vec<String> {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path == except {
                continue;
            }
            if path.is_dir() {
                found.extend(self.files(&path, except));
            } else if path.is_file() {
                let hits = self.find(&std::fs::read(&path).unwrap());
                found.extend(hits.iter().map(|hit| format!("{} holds {hit:?}", path.display())));
            }
        }
        found
    }
}

/// How a piece can be spelled: case does not matter.
#[must_use]
pub fn spellings(piece: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let hex = hex::encode(piece);
    let percent = hex.as_bytes().chunks(2).flat_map(|pair| [b"%", pair].concat()).collect();
    let escaped = |escape: &[u8]| hex.as_bytes().chunks(2).flat_map(|pair| [escape, pair].concat()).collect();
    let numbers = piece.iter().map(u8::to_string).collect::<Vec<_>>().join(", ").into_bytes();
    let utf16 = piece.iter().flat_map(|byte| [*byte, 0]).collect();
    let backwards = piece.iter().rev().copied().collect();
    let mut all = vec![
        ("plain", piece.to_vec()),
        ("hex", hex.clone().into_bytes()),
        ("percent", percent),
        ("JSON escapes", escaped(br"\u00")),
        ("JSON escapes within JSON", escaped(br"\\u00")),
        ("a list of numbers", numbers),
        ("UTF-16", utf16),
        ("backwards", backwards),
    ];
    // Where the piece begins within a group of three bytes changes every character.
    for (shift, name) in
        ["base64", "base64, shifted by one", "base64, shifted by two"].into_iter().enumerate()
    {
        let encoded = STANDARD_NO_PAD.encode([&vec![0; shift], piece].concat());
        // What is left is made of whole bytes of the piece: the ends depend on the neighbours.
        let begin = (shift * 8).div_ceil(6);
        let end = (shift + piece.len()) * 8 / 6;
        all.push((name, encoded.as_bytes()[begin..end].to_vec()));
    }
    all
}
