use super::super::types::Header;
use super::super::unknown::UnknownAuthentication;
use super::*;
use crate::Moment;
use proptest::prelude::*;
use serde_json::value::RawValue;

const SECRET: &str = "s3cr3t-value";

fn stored() -> Webhook {
    Webhook {
        id: "w1".into(),
        description: "Tickets".into(),
        active: true,
        target_url: "https://example.com/hook".into(),
        project_ids: None,
        events: vec!["ticket_created".into()],
        authentication: Authentication::Basic { username: "u".into() },
        headers: vec![
            Header { name: "X-Site".into(), hidden: false, value: Some("Halle 3".into()) },
            Header { name: "X-Key".into(), hidden: true, value: None },
        ],
        created_on: None,
        updated_on: Moment::Unknown,
        unknown: Unknown::default(),
    }
}

fn found(draft: &WebhookDraft, target: DraftFor<'_>) -> Vec<(String, FieldProblem)> {
    draft.problems(target).into_iter().map(|p| (p.path.to_string(), p.problem)).collect()
}

fn at(path: &str, problem: FieldProblem) -> (String, FieldProblem) {
    (path.to_owned(), problem)
}

#[test]
fn a_stored_webhook_may_stay_as_it_is() {
    let stored = stored();
    let draft = WebhookDraft::of(&stored);
    assert_eq!(found(&draft, DraftFor::Update), []);
    assert_eq!(found(&draft, DraftFor::UpdateOf(&stored)), []);
    assert!(matches!(draft.headers[0].value, DraftValue::Plain(ref text) if text == "Halle 3"));
    assert!(matches!(draft.headers[1].value, DraftValue::Keep));
}

#[test]
fn nothing_is_kept_where_nothing_is_stored() {
    use FieldProblem::NothingToKeep;
    let kept = [at("authentication/password", NothingToKeep), at("headers/1/value", NothingToKeep)];
    let mut stored = stored();
    let draft = WebhookDraft::of(&stored);
    assert_eq!(found(&draft, DraftFor::Create), kept);
    stored.authentication = Authentication::None;
    stored.headers[1].hidden = false;
    assert_eq!(found(&draft, DraftFor::UpdateOf(&stored)), kept);
    stored.headers.clear();
    assert_eq!(found(&draft, DraftFor::UpdateOf(&stored)), kept);
}

#[test]
fn nothing_is_kept_for_another_destination() {
    let stored = stored();
    for (url, moved) in [
        ("http://example.com/hook", true),
        ("https://example.com:8443/hook", true),
        ("https://evil.example/hook", true),
        ("https://EXAMPLE.com:443/elsewhere?x", false),
    ] {
        let mut draft = WebhookDraft { target_url: url.into(), ..WebhookDraft::of(&stored) };
        let wanted = if moved {
            let again = || FieldProblem::DestinationChanges;
            vec![at("authentication/password", again()), at("headers/1/value", again())]
        } else {
            vec![]
        };
        assert_eq!(found(&draft, DraftFor::UpdateOf(&stored)), wanted, "{url}");
        draft.headers[1].value = DraftValue::Replace(SECRET.into());
        draft.authentication = DraftAuthentication::None;
        assert_eq!(found(&draft, DraftFor::UpdateOf(&stored)), [], "{url}");
    }
}

#[test]
fn kept_case_is_no_other_header() {
    let stored = stored();
    let mut draft = WebhookDraft::of(&stored);
    draft.headers[1].name = "x-KEY".into();
    assert_eq!(found(&draft, DraftFor::UpdateOf(&stored)), []);
}

#[test]
fn every_field_says_its_own_problem_at_once() {
    use FieldProblem as P;
    let header = |name: &str, hidden, value| DraftHeader { name: name.into(), hidden, value };
    let draft = WebhookDraft {
        target_url: "https://u:p@example.com".into(),
        authentication: DraftAuthentication::Basic {
            username: "a:b".into(),
            password: DraftPassword::Replace("••••".into()),
        },
        headers: vec![
            header("X-Ok", false, DraftValue::Plain("ok".into())),
            header("Host", true, DraftValue::Replace("a\r\nb".into())),
            header("authorization", true, DraftValue::Replace("Bearer x".into())),
            header("x-OK", false, DraftValue::Plain("***".into())),
            header("X-Shown", false, DraftValue::Keep),
            header("X-Plain", true, DraftValue::Plain("x".into())),
            header("X-Secret", false, DraftValue::Replace("x".into())),
        ],
        ..WebhookDraft::of(&stored())
    };
    let wanted = [
        at("target-url", P::Target(TargetProblem::Credentials { username: "u".into() })),
        at("authentication/username", P::Credential(CredentialProblem::Colon)),
        at("authentication/password", P::Credential(CredentialProblem::Masked)),
        at("headers/1/name", P::Header(HeaderProblem::Reserved)),
        at("headers/1/value", P::Header(HeaderProblem::ValueCharacters)),
        at("headers/2/name", P::Header(HeaderProblem::AuthorizationBesideBasic)),
        at("headers/3/name", P::Header(HeaderProblem::Duplicate)),
        at("headers/3/value", P::Header(HeaderProblem::Masked)),
        at("headers/4/value", P::NeedsNewValue),
        at("headers/5/value", P::WrongKind),
        at("headers/6/value", P::WrongKind),
    ];
    assert_eq!(found(&draft, DraftFor::Update), wanted);
}

#[test]
fn a_mask_of_the_servers_own_is_never_sent_back() {
    let raw = |text: &str| RawValue::from_string(text.to_owned()).unwrap();
    let keys = |text: &str| serde_json::from_str(text).unwrap();
    let with = |unknown: Unknown| WebhookDraft { unknown, ..WebhookDraft::of(&stored()) };
    let attributes =
        Unknown { attributes: keys(r#"{"signing": {"secret": ["********"]}}"#), ..Unknown::default() };
    assert_eq!(found(&with(attributes), DraftFor::Update), [at("", FieldProblem::Mask)]);
    let headers =
        Unknown { headers: vec![("x-key".into(), keys(r#"{"shown": "•••"}"#))], ..Unknown::default() };
    assert_eq!(found(&with(headers), DraftFor::Update), [at("headers/1", FieldProblem::Mask)]);
    let whole = UnknownAuthentication::Whole(raw(r#"{"type": "oauth2", "secret": "***"}"#));
    let mut other = with(Unknown { authentication: whole, ..Unknown::default() });
    // Replaced by HTTP Basic, it is not sent.
    assert_eq!(found(&other, DraftFor::Update), []);
    other.authentication = DraftAuthentication::Unchanged;
    assert_eq!(found(&other, DraftFor::Update), [at("authentication", FieldProblem::Mask)]);
    let harmless = Unknown {
        attributes: keys(r#"{"cron": "* * * * *", "note": "a...", "dots": "."}"#),
        ..Unknown::default()
    };
    assert_eq!(found(&with(harmless), DraftFor::Update), []);
}

#[test]
fn no_secret_is_shown() {
    let mut draft = WebhookDraft::of(&stored());
    draft.target_url = format!("https://example.com/?token={SECRET}");
    draft.authentication =
        DraftAuthentication::Basic { username: "u".into(), password: DraftPassword::Replace(SECRET.into()) };
    draft.headers[0].value = DraftValue::Plain(SECRET.into());
    draft.headers[1].value = DraftValue::Replace(SECRET.into());
    let mut webhook = stored();
    webhook.target_url.clone_from(&draft.target_url);
    webhook.headers[0].value = Some(SECRET.into());
    let shown = format!("{draft:?} {webhook:?} {:?}", draft.problems(DraftFor::UpdateOf(&webhook)));
    assert!(shown.contains("X-Key") && !shown.contains(SECRET), "{shown}");
    // And each of them is known when an answer is read; the query's as written and decoded.
    assert_eq!(draft.secrets().len(), 4);
    assert!(draft.secrets().iter().all(|secret| secret.expose_secret() == SECRET));
}

fn any_value() -> impl Strategy<Value = String> {
    prop_oneof!["[ -~]{0,10}", "\\PC{0,6}", "[\\x00-\\x20*•.]{0,5}", Just("x".repeat(5000))]
}

proptest! {
    #[test]
    fn what_has_no_problem_is_within_the_rules(
        headers in proptest::collection::vec(("[A-Za-z:\\- ä\\r\\n]{0,4}|host|Te|authorization", any_value(), any::<bool>()), 0..4),
        basic in proptest::option::of(("[a-z:\\n]{0,3}", any_value())),
    ) {
        let draft = WebhookDraft {
            authentication: basic.clone().map_or(DraftAuthentication::None, |(username, password)| {
                DraftAuthentication::Basic { username, password: DraftPassword::Replace(password.into()) }
            }),
            headers: headers.iter().map(|(name, value, hidden)| DraftHeader {
                name: name.clone(),
                hidden: *hidden,
                value: if *hidden { DraftValue::Replace(value.as_str().into()) } else { DraftValue::Plain(value.clone()) },
            }).collect(),
            ..WebhookDraft::of(&stored())
        };
        if draft.problems(DraftFor::Create).is_empty() {
            let mut names = std::collections::HashSet::new();
            for (name, value, _) in &headers {
                prop_assert!(!name.is_empty() && name.chars().all(|c| c.is_ascii_alphabetic() || c == '-'), "{:?}", name);
                prop_assert!(!name.eq_ignore_ascii_case("host") && !name.eq_ignore_ascii_case("te"));
                prop_assert!(basic.is_none() || !name.eq_ignore_ascii_case("authorization"));
                prop_assert!(names.insert(name.to_ascii_lowercase()), "twice");
                prop_assert!(!value.is_empty() && value.trim() == value && value.len() <= 4096);
                prop_assert!(value.chars().all(|c| (' '..='~').contains(&c)) && !value.chars().all(|c| "*.".contains(c)));
            }
            if let Some((username, password)) = basic {
                prop_assert!(!username.is_empty() && !username.contains([':', '\n']));
                prop_assert!(!password.is_empty() && !password.chars().any(char::is_control));
            }
        }
    }
}
