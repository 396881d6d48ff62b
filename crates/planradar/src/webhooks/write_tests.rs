#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.
use super::*;
use proptest::prelude::*;
use serde_json::{Value, json};

fn draft() -> WebhookDraft {
    WebhookDraft {
        description: "Tickets".into(),
        active: false,
        target_url: " https://example.com/hook\n".into(),
        project_ids: None,
        events: vec!["ticket_created".into()],
        authentication: DraftAuthentication::None,
        headers: Vec::new(),
        unknown: Unknown::default(),
    }
}

fn header(name: &str, hidden: bool, value: DraftValue) -> DraftHeader {
    DraftHeader { name: name.into(), hidden, value }
}

fn written(draft: &WebhookDraft) -> String {
    String::from_utf8(crate::body::json(&Body(draft)).to_vec()).unwrap()
}

#[test]
fn byte_for_byte() {
    let plain = r#"{"data":{"attributes":{"description":"Tickets","active":false,"target-url":"https://example.com/hook","project-ids":null,"events":["ticket_created"],"authentication":{"type":"none"},"headers":[]}}}"#;
    assert_eq!(written(&draft()), plain);
    let authentication = DraftAuthentication::Basic {
        username: "ü".into(),
        password: DraftPassword::Replace("p\"w\\".into()),
    };
    let headers = vec![
        header("X-Site", false, DraftValue::Plain("Halle 3".into())),
        header("x-kEY", true, DraftValue::Replace("s3\"cr3t".into())),
        header("X-Kept", true, DraftValue::Keep),
    ];
    let full = WebhookDraft { project_ids: Some(vec!["p1".into()]), authentication, headers, ..draft() };
    assert_eq!(
        written(&full),
        r#"{"data":{"attributes":{"description":"Tickets","active":false,"target-url":"https://example.com/hook","project-ids":["p1"],"events":["ticket_created"],"authentication":{"type":"basic","username":"ü","password":"p\"w\\"},"headers":[{"name":"X-Site","hidden":false,"value":"Halle 3"},{"name":"x-kEY","hidden":true,"value":"s3\"cr3t"},{"name":"X-Kept","hidden":true}]}}}"#
    );
}

#[test]
fn a_kept_password_has_no_key() {
    let authentication = DraftAuthentication::Basic { username: "u".into(), password: DraftPassword::Keep };
    let sent = written(&WebhookDraft { authentication, ..draft() });
    assert!(sent.contains(r#""authentication":{"type":"basic","username":"u"},"#), "{sent}");
}

#[test]
fn further_keys_go_only_where_they_came_from() {
    let keys = |text: &str| serde_json::from_str::<RawMap>(text).unwrap();
    let unknown = Unknown {
        attributes: keys(r#"{"x": 1.0}"#),
        authentication: UnknownAuthentication::OfBasic(keys(r#"{"realm": "r"}"#)),
        headers: vec![("X-A".into(), keys(r#"{"since": 2026}"#))],
    };
    let headers = vec![header("x-a", true, DraftValue::Keep), header("X-B", true, DraftValue::Keep)];
    let none = WebhookDraft { headers, unknown, ..draft() };
    let sent = written(&none);
    assert!(sent.contains(r#""authentication":{"type":"none"},"#), "{sent}");
    assert!(
        sent.contains(r#"[{"name":"x-a","hidden":true,"since":2026},{"name":"X-B","hidden":true}],"x":1.0}"#),
        "{sent}"
    );
    let basic = DraftAuthentication::Basic { username: "u".into(), password: DraftPassword::Keep };
    let sent = written(&WebhookDraft { authentication: basic, ..none });
    assert!(sent.contains(r#"{"type":"basic","username":"u","realm":"r"}"#), "{sent}");
}

proptest! {
    #[test]
    fn whatever_is_written_is_read_back(
        description in "\\PC{0,20}",
        name in "\\PC{0,12}",
        secret in "\\PC{0,20}|[\\x00-\\x1f\"\\\\]{0,6}",
        password in proptest::option::of("\\PC{0,20}"),
        projects in proptest::option::of(proptest::collection::vec("[a-z0-9]{1,6}", 0..3)),
    ) {
        let authentication = DraftAuthentication::Basic {
            username: name.clone(),
            password: password.clone().map_or(DraftPassword::Keep, |p| DraftPassword::Replace(p.into())),
        };
        let headers = vec![header(&name, true, DraftValue::Replace(secret.clone().into())), header(&name, true, DraftValue::Keep)];
        let draft = WebhookDraft { description: description.clone(), project_ids: projects.clone(), authentication, headers, ..draft() };
        let mut wanted = json!({
            "description": description, "active": false, "target-url": "https://example.com/hook",
            "project-ids": projects, "events": ["ticket_created"],
            "authentication": {"type": "basic", "username": name},
            "headers": [{"name": name, "hidden": true, "value": secret}, {"name": name, "hidden": true}],
        });
        if let Some(password) = password {
            wanted["authentication"]["password"] = password.into();
        }
        let read: Value = serde_json::from_str(&written(&draft)).unwrap();
        prop_assert_eq!(read, json!({"data": {"attributes": wanted}}));
    }
}
