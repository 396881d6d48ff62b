#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.
use super::*;
use proptest::prelude::*;
use secrecy::ExposeSecret;

#[test]
fn what_is_read_of_a_url() {
    for (text, scheme, ascii, unicode, port) in [
        ("https://example.com/hook?a=1", "https", "example.com", "example.com", 443),
        (" https://Example.COM:8443 ", "https", "example.com", "example.com", 8443),
        ("http://example.com", "http", "example.com", "example.com", 80),
        ("HTTP://127.0.0.1:9/", "http", "127.0.0.1", "127.0.0.1", 9),
        ("https://[::1]:3000/x", "https", "[::1]", "[::1]", 3000),
        ("https://bücher.example/x", "https", "xn--bcher-kva.example", "bücher.example", 443),
        ("https://xn--bcher-kva.example/x", "https", "xn--bcher-kva.example", "bücher.example", 443),
        ("https://ｅｘａｍｐｌｅ.com", "https", "example.com", "example.com", 443),
    ] {
        let target = check_target_url(text).unwrap();
        let read =
            (target.scheme.as_str(), target.host_ascii.as_str(), target.host_unicode.as_str(), target.port);
        assert_eq!(read, (scheme, ascii, unicode, port), "{text}");
        assert_eq!(target.plain_http, scheme == "http");
        assert!(target.url.as_str().is_ascii());
    }
    let target = check_target_url("https://bücher.example:8443/?key=1").unwrap();
    assert_eq!(target.origin(), "https://bücher.example:8443");
    assert_eq!(target.query_secrets, ["key"]);
    assert_eq!(check_target_url("http://h:80/x").unwrap().origin(), "http://h");
}

#[test]
fn refused_urls() {
    use TargetProblem as P;
    let long = format!("https://example.com/{}", "x".repeat(2029));
    let as_ascii_long = format!("https://example.com/{}", "ä".repeat(400));
    for (text, problem) in [
        ("", P::Empty),
        (" \n", P::Empty),
        ("example.com/hook", P::Scheme),
        ("example.com:8080", P::Scheme),
        ("ftp://example.com", P::Scheme),
        ("javascript://example.com", P::Scheme),
        ("https:example.com", P::Scheme),
        ("https:/example.com", P::Scheme),
        ("https:///example.com", P::NotAUrl),
        ("https://", P::NotAUrl),
        ("https://?x", P::NotAUrl),
        ("https://exa%00mple.com", P::NotAUrl),
        ("https://h:99999", P::NotAUrl),
        ("https://h:0", P::NotAUrl),
        ("https://exam ple.com", P::Characters),
        ("https://example.com/a b", P::Characters),
        ("https://exam\tple.com", P::Characters),
        ("https://example.com/\r\nX-Evil: 1", P::Characters),
        ("https://example.com\\@evil.example", P::Characters),
        ("https://example.com/\0", P::Characters),
        (long.as_str(), P::TooLong),
        (as_ascii_long.as_str(), P::TooLong),
    ] {
        assert_eq!(check_target_url(text).unwrap_err(), problem, "{text:?}");
    }
    assert!(check_target_url(&long[..2048]).is_ok());
}

#[test]
fn credentials_move_to_basic() {
    for (text, url, username, password) in [
        ("https://u:p%40s@h/x?a", "https://h/x?a", "u", Some("p@s")),
        ("https://token@h:8443", "https://h:8443/", "token", None),
        ("https://b%C3%BC:@h/", "https://h/", "bü", None),
        ("https://@h/", "https://h/", "", None),
        ("https://:pw@h/", "https://h/", "", Some("pw")),
    ] {
        let problem = check_target_url(text).unwrap_err();
        assert_eq!(problem, TargetProblem::Credentials { username: username.to_owned() }, "{text}");
        let moved = without_credentials(text).unwrap();
        let read = moved.password.as_ref().map(|p| p.expose_secret().to_owned());
        assert_eq!(
            (moved.url.as_str(), moved.username.as_str(), read.as_deref()),
            (url, username, password),
            "{text}"
        );
    }
    assert!(without_credentials("https://h/@x").is_none());
    assert!(check_target_url("https://h/@x?a=b@c#d@e").is_ok(), "an @ after the host is none");
}

#[test]
fn problems_and_targets_show_no_secret() {
    let problem = check_target_url("https://s3cr3t:s3cr3t@h/").unwrap_err();
    let moved = without_credentials("https://u:s3cr3t@h/").unwrap();
    let target = check_target_url("https://h/?token=s3cr3t").unwrap();
    let shown = format!("{problem} {problem:?} {moved:?} {target:?}");
    assert!(!shown.contains("s3cr3t"), "{shown}");
}

#[test]
fn destinations() {
    for (old, new, same) in [
        ("https://h/a?x=1", "https://H:443/b", true),
        ("https://bücher.example", "https://xn--bcher-kva.example/x", true),
        ("https://h", "http://h", false),
        ("http://h", "http://h:8080", false),
        ("https://h", "https://www.h", false),
        ("https://h", "https://h.", false),
        ("https://u@h/", "https://h/", false),
        ("https://u@h/", "https://u@h/", true),
        ("nonsense", "nonsense", true),
        ("nonsense", "https://h", false),
    ] {
        assert_eq!(same_destination(old, new), same, "{old} {new}");
        assert_eq!(same_destination(new, old), same, "{new} {old}");
    }
}

proptest! {
    #[test]
    fn what_passes_goes_where_it_says(
        text in "https?://[a-z@:.ä\\\\/\\[\\] \\t%0-9]{0,14}[/?#]?\\PC{0,10}|\\PC{0,20}|(https://)?(u(:p)?@)?h[a-z]{0,5}(:[0-9]{0,6})?[/?#][a-z@:=]{0,8}",
    ) {
        if let Ok(target) = check_target_url(&text) {
            prop_assert!(matches!(target.url.scheme(), "http" | "https"));
            prop_assert!(target.url.username().is_empty() && target.url.password().is_none());
            prop_assert!(target.url.as_str().len() <= MAX_TARGET_URL);
            prop_assert_eq!(target.plain_http, target.url.scheme() == "http");
            // Read once more, it is the same.
            let again = check_target_url(target.url.as_str());
            prop_assert_eq!(again.as_ref().map(|t| &t.url), Ok(&target.url));
            prop_assert!(same_destination(&text, target.url.as_str()));
            // The host is within what was written, for whoever reads it.
            if target.host_unicode == target.host_ascii && text.is_ascii() && target.host_ascii.bytes().any(|b| b.is_ascii_alphabetic()) && !text.contains('%') {
                prop_assert!(text.to_ascii_lowercase().contains(&target.host_ascii));
            }
        }
    }

    #[test]
    fn bad_characters_anywhere_are_refused(
        at in 0..26_usize,
        c in proptest::sample::select(vec!['\r', '\n', '\0', '\t', ' ', '\\', '\u{7f}', '\u{85}', '\u{2028}', '\u{a0}']),
    ) {
        let mut text = "https://example.com/hook?a=1".to_owned();
        text.insert(at + 1, c);
        prop_assert_eq!(check_target_url(&text), Err(TargetProblem::Characters));
    }
}
