//! Ids of users on the wire: PlanRadar's are digits for some and short words for others, so here are both.

/// From here on stored ids are words on the wire. No account has as many users.
const WORDS_FROM: i64 = 1 << 40;
const LETTERS: u8 = 7;
/// All words there are: 26 to the seventh.
const WORDS: i64 = 8_031_810_176;
/// Steps through the words, so that neighbours don't look alike. It has no divisor in common with `WORDS`.
const STEP: i64 = 4_637_151_763;

/// The id to store for the `n`th user whose id is a word.
pub(crate) fn nth_word(n: u32) -> i64 {
    let product = i128::from(n) * i128::from(STEP) % i128::from(WORDS);
    WORDS_FROM + i64::try_from(product).unwrap_or_default()
}

pub(crate) fn to_wire(id: i64) -> String {
    if id < WORDS_FROM {
        return id.to_string();
    }
    let mut rest = id - WORDS_FROM;
    let mut word = Vec::new();
    for _ in 0..LETTERS {
        word.push(char::from(b'a' + u8::try_from(rest % 26).unwrap_or_default()));
        rest /= 26;
    }
    word.into_iter().rev().collect()
}

/// Only the one way to write it: `+1` and `01` are no ids.
pub(crate) fn from_wire(text: &str) -> Option<i64> {
    if let Ok(number) = text.parse::<i64>() {
        return Some(number).filter(|n| *n < WORDS_FROM && n.to_string() == text);
    }
    if text.len() != usize::from(LETTERS) || !text.bytes().all(|b| b.is_ascii_lowercase()) {
        return None;
    }
    Some(WORDS_FROM + text.bytes().fold(0, |sum, letter| sum * 26 + i64::from(letter - b'a')))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn each_id_has_one_spelling() {
        for id in [0, 1, 338_601, WORDS_FROM - 1, WORDS_FROM, WORDS_FROM + 25, WORDS_FROM + WORDS - 1] {
            assert_eq!(from_wire(&to_wire(id)), Some(id));
        }
        for text in ["", "+1", "01", "1099511627776", "abc", "abcdefgh", "ABCDEFG", "abcdef1", "äbcdef"] {
            assert_eq!(from_wire(text), None, "{text}");
        }
        let words: HashSet<i64> = (0..10_000).map(nth_word).collect();
        assert_eq!(words.len(), 10_000);
        assert!(words.iter().all(|id| to_wire(*id).len() == 7 && from_wire(&to_wire(*id)) == Some(*id)));
    }
}
