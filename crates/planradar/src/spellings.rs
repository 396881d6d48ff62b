//! Whether a text says a secret in some spelling: escaped, encoded, backwards, in capitals, with gaps.
//!
//! No list of spellings is complete. This one has those that servers, proxies and libraries use by themselves.

use base64::{
    Engine, alphabet,
    engine::general_purpose::{GeneralPurpose, NO_PAD},
};
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

/// So many characters of a secret in a row are one too. Shorter secrets count as a whole.
const PIECE: usize = 12;
/// How often an escape or encoding may be within another one.
const DEPTH: usize = 2;
/// As many bytes are looked at, encodings within encodings included: a body that is all encodings must not cost more.
const MOST: usize = 1 << 16;

/// Whether one of the secrets, or a piece of one, is in the text in any spelling that is known here.
pub(crate) fn says<'a>(text: &str, secrets: impl IntoIterator<Item = &'a SecretString>) -> bool {
    // Exposed to be looked for.
    let secrets: Vec<_> = secrets.into_iter().map(|secret| plain(secret.expose_secret())).collect();
    let mut views = vec![Zeroizing::new(text.to_owned())];
    let mut left = MOST;
    for _ in 0..=DEPTH {
        let mut next = Vec::new();
        for view in &views {
            let Some(rest) = left.checked_sub(view.len()) else { return true };
            left = rest;
            if secrets.iter().any(|secret| holds(&plain(view), secret)) {
                return true;
            }
            next.extend(decoded(view));
        }
        views = next;
    }
    false
}

/// Whether a part of the text stands for something else.
pub(crate) fn has_escapes(text: &str) -> bool {
    *unescaped(text) != text
}

/// Without what can stand between: case, gaps, punctuation.
fn plain(text: &str) -> Zeroizing<String> {
    // Reserved at once: a growing buffer leaves copies behind. A lower-case letter may take more bytes than its capital.
    let mut plain = Zeroizing::new(String::with_capacity(2 * text.len()));
    plain.extend(text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase));
    plain
}

fn holds(text: &str, secret: &str) -> bool {
    let backwards: Zeroizing<String> = Zeroizing::new(text.chars().rev().collect());
    let begins: Vec<_> = secret.char_indices().map(|(at, _)| at).chain([secret.len()]).collect();
    let length = PIECE.min(begins.len() - 1);
    // None of a secret without letters and digits: every text would hold it.
    length > 0
        && begins.iter().zip(&begins[length..]).any(|(begin, end)| {
            let piece = &secret[*begin..*end];
            text.contains(piece) || backwards.contains(piece)
        })
}

/// What the text may mean. Those that mean nothing are left out.
fn decoded(text: &str) -> Vec<Zeroizing<String>> {
    let readable = |bytes: Vec<u8>| {
        let bytes = Zeroizing::new(bytes);
        let text: String = bytes.iter().filter(|b| **b != 0).map(|b| char::from(*b)).collect();
        (text.len() >= 4).then(|| Zeroizing::new(text))
    };
    let unescaped = unescaped(text);
    let mut all: Vec<_> = (*unescaped != text).then_some(unescaped).into_iter().collect();
    all.extend(utf8(text));
    all.extend(readable(numbers(text)));
    let digits: String = text.replace("0x", "").chars().filter(char::is_ascii_hexdigit).collect();
    let sextets: String = text
        .chars()
        .filter_map(|c| match c {
            '-' => Some('+'),
            '_' => Some('/'),
            c if c.is_ascii_alphanumeric() || matches!(c, '+' | '/') => Some(c),
            _ => None,
        })
        .collect();
    // What is before it shifts a run by an unknown number of characters.
    for begin in 0..2.min(digits.len()) {
        let pairs = digits.as_bytes()[begin..].chunks_exact(2);
        let bytes = pairs.filter_map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
        all.extend(readable(bytes.collect()));
    }
    let engine = GeneralPurpose::new(&alphabet::STANDARD, NO_PAD.with_decode_allow_trailing_bits(true));
    for begin in 0..4.min(sextets.len()) {
        let whole = (sextets.len() - begin) / 4 * 4;
        all.extend(engine.decode(&sextets[begin..begin + whole]).ok().and_then(readable));
    }
    all
}

/// With `%31`, `\u0031`, `\x31`, `&#49;`, `&#x31;` as what they stand for, and no other backslash.
fn unescaped(text: &str) -> Zeroizing<String> {
    let mut out = Zeroizing::new(String::with_capacity(text.len()));
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if let Some((meant, length)) = escape(rest) {
            out.extend(meant);
            rest = &rest[length..];
        } else {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    out
}

/// The escape that the text begins with, and how long it is.
fn escape(text: &str) -> Option<(Option<char>, usize)> {
    let digits = |begin: usize, length: usize| {
        let code = u32::from_str_radix(text.get(begin..begin + length)?, 16).ok()?;
        Some((char::from_u32(code), begin + length))
    };
    match text.as_bytes() {
        [b'%', ..] => digits(1, 2),
        [b'\\', b'u' | b'U', ..] => digits(2, 4),
        [b'\\', b'x' | b'X', ..] => digits(2, 2),
        // A line's end or a tab: a gap.
        [b'\\', b'n' | b'r' | b't', ..] => Some((Some(' '), 2)),
        [b'\\', ..] => Some((None, 1)),
        [b'&', b'#', b'x' | b'X', ..] => entity(text, 3, 16),
        [b'&', b'#', ..] => entity(text, 2, 10),
        _ => None,
    }
}

fn entity(text: &str, begin: usize, radix: u32) -> Option<(Option<char>, usize)> {
    let length = text[begin..].find(|c: char| !c.is_digit(radix)).unwrap_or(text.len() - begin);
    let code = u32::from_str_radix(&text[begin..begin + length], radix).ok()?;
    let end = begin + length;
    Some((char::from_u32(code), if text[end..].starts_with(';') { end + 1 } else { end }))
}

/// Characters that are the bytes of others, as escapes and encodings give them.
fn utf8(text: &str) -> Option<Zeroizing<String>> {
    let bytes = text.chars().map(|c| u8::try_from(u32::from(c))).collect::<Result<Vec<_>, _>>().ok()?;
    let meant = String::from_utf8(bytes).ok().map(Zeroizing::new)?;
    (*meant != text).then_some(meant)
}

/// A list of numbers as the bytes they may be.
fn numbers(text: &str) -> Vec<u8> {
    text.split(|c: char| !c.is_ascii_digit()).filter_map(|number| number.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::format_collect, reason = "short texts, once")]

    use super::*;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

    const KEY: &str = "3f9c1e77ab02d4865510e9";

    fn said(text: &str) -> bool {
        says(text, [&KEY.into()])
    }

    fn each(escape: &str) -> String {
        KEY.bytes().map(|byte| format!("{escape}{byte:02X}")).collect()
    }

    #[test]
    fn every_spelling_is_found() {
        let numbers: String = KEY.bytes().map(|byte| format!("{byte},")).collect();
        let entities: String = KEY.bytes().map(|byte| format!("&#{byte};")).collect();
        for text in [
            KEY.to_owned(),
            KEY.to_uppercase(),
            KEY.chars().rev().collect(),
            KEY.chars().map(|c| format!("{c}\u{200b} ")).collect(),
            each("%"),
            each("%25"),
            each("\\u00"),
            each("\\\\u00"),
            each("\\x"),
            each("0x"),
            each(""),
            each(" "),
            format!("a{}", each("")),
            entities,
            each("&#x"),
            numbers,
            STANDARD.encode(KEY),
            STANDARD.encode(format!("a{KEY}")),
            format!("no: {}", URL_SAFE_NO_PAD.encode(format!("ab{KEY}"))),
            STANDARD.encode(STANDARD.encode(KEY)),
            STANDARD.encode(KEY).replace("NzdhYj", "NzdhYj\\n"),
            KEY[4..16].to_owned(),
        ] {
            assert!(said(&text), "{text}");
        }
    }

    #[test]
    fn other_words_are_not() {
        for text in [
            "",
            "The name is too long (at most 100 characters).",
            "permission_api_access /data/attributes/last-used-on",
            "https://login.example.com",
            "%zz \\u12 &#; &#x \\",
            &KEY[..11],
        ] {
            assert!(!said(text), "{text}");
        }
    }

    #[test]
    fn short_secrets_count_as_a_whole_and_what_has_no_letters_not_at_all() {
        let say = |text, secret: &str| says(text, [&secret.into()]);
        assert!(say("is hunter2 right?", "Hunter2") && !say("is hunter right?", "Hunter2"));
        assert!(!say("why?!", "?!") && !say("anything", ""));
        assert!(
            say("gr%C3%B6%C3%9Fer-als", "größer-als-gedacht")
                || say("als-gedacht größer-als-gedacht", "größer-als-gedacht")
        );
    }

    #[test]
    fn what_costs_too_much_to_look_through_is_taken_for_one() {
        assert!(said(&"a".repeat(MOST + 1)));
    }
}
