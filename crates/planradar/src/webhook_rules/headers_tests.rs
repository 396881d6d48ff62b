use super::*;
use proptest::prelude::*;

/// What HTTP allows in a name (RFC 9110, `tchar`), written down here anew.
fn is_name_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c)
}

/// Wrong with any part of a header, whatever surrounds it.
fn never_allowed() -> impl Strategy<Value = char> {
    prop_oneof![
        Just('\r'),
        Just('\n'),
        Just('\0'),
        Just('\t'),
        Just('\x7f'),
        Just('\u{85}'),
        Just('\u{2028}'),
        Just('ä'),
        proptest::char::range('\u{80}', '\u{10ffff}'),
        proptest::char::range('\0', '\x1f'),
    ]
}

fn good_name() -> impl Strategy<Value = String> {
    "[A-Za-z0-9!#$%&'*+.^_`|~-]{1,40}".prop_filter("not reserved", |name| {
        let name = name.to_ascii_lowercase();
        !RESERVED.contains(&name.as_str()) && !name.starts_with(RESERVED_PREFIX) && name != AUTHORIZATION
    })
}

fn good_value() -> impl Strategy<Value = String> {
    "[!-~]([ -~]{0,60}[!-~])?".prop_filter("no mask", |value| !looks_masked(value))
}

/// The text with its letters' case turned at random.
fn in_other_case(text: &str, turn: &[bool]) -> String {
    let turned = text.chars().zip(turn.iter().cycle());
    turned.map(|(c, up)| if *up { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() }).collect()
}

fn with(text: &str, at: usize, c: char) -> String {
    let mut chars: Vec<_> = text.chars().collect();
    chars.insert(at % (chars.len() + 1), c);
    chars.into_iter().collect()
}

proptest! {
    #[test]
    fn good_headers_pass(name in good_name(), value in good_value()) {
        prop_assert_eq!(check_header_name(&name), Ok(()));
        prop_assert_eq!(check_header_value(&value), Ok(()));
        prop_assert_eq!(check_headers(&[(&name, Some(&value))], true), vec![]);
    }

    #[test]
    fn what_passes_is_within_the_rules(text in "\\PC{0,12}|[ -~\\t\\r\\n\\x00]{0,12}") {
        if check_header_name(&text).is_ok() {
            prop_assert!(!text.is_empty() && text.chars().all(is_name_char));
        }
        if check_header_value(&text).is_ok() {
            prop_assert!(!text.is_empty() && text.trim() == text && !looks_masked(&text));
            prop_assert!(text.chars().all(|c| (' '..='~').contains(&c)));
            // What we let through, HTTP lets through.
            prop_assert!(http::HeaderValue::from_str(&text).is_ok());
        }
    }

    #[test]
    fn a_bad_character_anywhere_is_refused(name in good_name(), value in good_value(), at: usize, c in never_allowed()) {
        prop_assert!(check_header_name(&with(&name, at, c)).is_err());
        prop_assert!(check_header_value(&with(&value, at, c)).is_err());
    }

    #[test]
    fn names_have_no_separators(name in good_name(), at: usize, c in proptest::sample::select("\"(),/:;<=>?@[\\]{} ".chars().collect::<Vec<_>>())) {
        prop_assert!(check_header_name(&with(&name, at, c)).is_err());
    }

    #[test]
    fn outer_spaces_are_refused(value in good_value(), before in 0..3_usize, after in 0..3_usize) {
        let padded = format!("{}{value}{}", " ".repeat(before), " ".repeat(after));
        let wanted = if before + after == 0 { Ok(()) } else { Err(HeaderProblem::OuterSpace) };
        prop_assert_eq!(check_header_value(&padded), wanted);
    }

    #[test]
    fn lengths_end_where_they_should(length in 0..5100_usize) {
        let text = "x".repeat(length);
        prop_assert_eq!(check_header_value(&text).is_ok(), (1..=4096).contains(&length));
        prop_assert_eq!(check_header_name(&text).is_ok(), (1..=256).contains(&length));
        prop_assert_eq!(check_username(&text).is_ok(), (1..=4096).contains(&length));
        prop_assert_eq!(check_password(&text).is_ok(), (1..=4096).contains(&length));
    }

    #[test]
    fn reserved_names_in_any_case(name in proptest::sample::select(RESERVED.to_vec()), suffix in "[a-z]{0,8}", turn in proptest::collection::vec(any::<bool>(), 1..20)) {
        let proxy = format!("proxy-{suffix}");
        for name in [name, proxy.as_str()] {
            prop_assert_eq!(check_header_name(&in_other_case(name, &turn)), Err(HeaderProblem::Reserved));
        }
    }

    #[test]
    fn a_second_one_in_other_case_is_refused_at_its_index(
        names in proptest::collection::hash_set("[a-z][a-z-]{2,12}", 1..6),
        which: prop::sample::Index,
        turn in proptest::collection::vec(any::<bool>(), 1..20),
    ) {
        let mut names: Vec<_> = names.into_iter().filter(|name| check_header_name(name).is_ok() && name != AUTHORIZATION).collect();
        prop_assume!(!names.is_empty());
        prop_assert_eq!(check_header_names(&names, true), vec![]);
        let again = in_other_case(&names[which.index(names.len())], &turn);
        names.push(again);
        prop_assert_eq!(check_header_names(&names, true), vec![(names.len() - 1, HeaderProblem::Duplicate)]);
    }

    #[test]
    fn authorization_beside_basic_in_any_case(turn in proptest::collection::vec(any::<bool>(), 1..20)) {
        let name = in_other_case(AUTHORIZATION, &turn);
        let row = HeaderRowProblem { index: 1, part: HeaderPart::Name, problem: HeaderProblem::AuthorizationBesideBasic };
        prop_assert_eq!(check_headers(&[("X-A", None), (&name, Some("Bearer x"))], true), vec![row]);
        prop_assert_eq!(check_headers(&[("X-A", None), (&name, Some("Bearer x"))], false), vec![]);
    }

    #[test]
    fn masks_are_no_values(mask in " ?[*•.●]{1,20} ?") {
        prop_assert!(looks_masked(&mask));
        prop_assert_eq!(check_header_value(&mask), Err(HeaderProblem::Masked));
        prop_assert_eq!(check_password(&mask), Err(CredentialProblem::Masked));
    }

    #[test]
    fn a_colon_anywhere_in_a_user_name_is_refused(name in "[a-zäß €@]{1,10}", at: usize) {
        prop_assert_eq!(check_username(&name), Ok(()));
        prop_assert_eq!(check_username(&with(&name, at, ':')), Err(CredentialProblem::Colon));
        prop_assert_eq!(check_password(&with(&name, at, ':')), Ok(()));
    }

    #[test]
    fn credentials_have_no_control_characters(name in "[a-z]{1,10}", at: usize, c in proptest::char::range('\0', '\x1f')) {
        prop_assert_eq!(check_username(&with(&name, at, c)), Err(CredentialProblem::Control));
        prop_assert_eq!(check_password(&with(&name, at, c)), Err(CredentialProblem::Control));
    }
}

#[test]
fn each_problem_has_its_own_name() {
    use HeaderProblem as P;
    for (name, problem) in [
        ("", P::Empty),
        ("X A", P::NameCharacters),
        ("X-A ", P::OuterSpace),
        (" X-A", P::OuterSpace),
        ("X-A:", P::NameCharacters),
        ("X-Ä", P::NameCharacters),
        ("X-A\r\nEvil", P::NameCharacters),
        ("Content-type", P::Reserved),
        ("proxy-authorization", P::Reserved),
    ] {
        assert_eq!(check_header_name(name), Err(problem), "{name:?}");
    }
    for (value, problem) in [
        ("", P::Empty),
        (" ", P::OuterSpace),
        ("a\tb", P::ValueCharacters),
        ("a\r\nEvil: 1", P::ValueCharacters),
        ("ä", P::ValueCharacters),
        ("••••", P::Masked),
        ("...", P::Masked),
    ] {
        assert_eq!(check_header_value(value), Err(problem), "{value:?}");
    }
    for fine in ["a.b", "*x*", "* *", "Bearer a b", "1"] {
        assert_eq!(check_header_value(fine), Ok(()), "{fine}");
    }
    // Kept case is no other name; a hyphen is.
    assert_eq!(check_header_names(&["X-Key", "XKey", "x-key"], false), [(2, P::Duplicate)]);
}

#[test]
fn rows_come_in_the_order_of_the_list() {
    let rows = check_headers(&[("", Some("")), ("X-A", Some("ok")), ("Host", Some("a\nb"))], false);
    let shown: Vec<_> = rows.iter().map(|row| (row.index, row.part)).collect();
    let [name, value] = [HeaderPart::Name, HeaderPart::Value];
    assert_eq!(shown, [(0, name), (0, value), (2, name), (2, value)]);
}
