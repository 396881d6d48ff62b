#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.
use super::*;
use crate::answer::Answer;
use crate::json::Document;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::{Value, json};
use zeroize::Zeroizing;

fn record(attributes: &str) -> UserRecord {
    let body = format!(r#"{{"data": {{"id": "338603", "type": "users", "attributes": {attributes}}}}}"#);
    let body = Zeroizing::new(body.into_bytes());
    let answer = Answer { route: "users.get", status: 200, html: false, body, excerpt: None };
    let resource = Document::parse(&answer).unwrap().one().unwrap();
    UserRecord::new(resource)
}

fn written(update: &UserUpdate) -> String {
    let body = String::from_utf8(crate::body::json(update).to_vec()).unwrap();
    let inner = body.strip_prefix(r#"{"data":{"attributes":"#).unwrap().strip_suffix("}}").unwrap();
    inner.to_owned()
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn one_permission_changes_and_all_else_goes_back_as_it_came() {
    let came = r#"{"firstname": "A", "cost_center": 12345678901234567890123, "x-Y": {"b": 1.10, "a": null},
        "project-ids": ["a", "b"], "role-ids": ["r", null], "is-mobile-syncs": [true, false], "group-ids": [],
        "permissions": {"defects": true, "drones": 3, "api_documentation_access": false, "users": false}}"#;
    let update = record(came).update(UserChange::ApiAccess(true)).unwrap();
    assert_eq!(update.id(), "338603");
    let text = written(&update);
    assert!(text.contains("12345678901234567890123") && text.contains("1.10"), "to the last digit: {text}");
    let sent = parsed(&text.replace("12345678901234567890123", "1"));
    assert_eq!(
        sent,
        json!({"firstname": "A", "cost_center": 1, "x-Y": {"b": 1.10, "a": null}, "project_ids": ["a", "b"],
            "role_ids": ["r", null], "is_mobile_syncs": [true, false], "group_ids": [],
            "permissions": {"defects": true, "drones": 3, "api_documentation_access": true, "users": false}})
    );
}

#[test]
fn a_dashed_key_is_changed_where_it_is_and_a_missing_one_added() {
    let sent = |came: &str, change| parsed(&written(&record(came).update(change).unwrap()));
    let dashed = r#"{"permissions": {"api-documentation-access": true}}"#;
    assert_eq!(
        sent(dashed, UserChange::ApiAccess(false)),
        json!({"permissions": {"api-documentation-access": false}})
    );
    let missing = r#"{"permissions": {"defects": true}}"#;
    let with = json!({"permissions": {"defects": true, "api_documentation_access": false}});
    assert_eq!(sent(missing, UserChange::ApiAccess(false)), with);
    let off = json!({"active": false, "permissions": {"defects": true}});
    assert_eq!(sent(missing, UserChange::Active(false)), off);
}

#[test]
fn without_permissions_nothing_can_be_written() {
    for came in ["{}", r#"{"permissions": null}"#, r#"{"permissions": ["users"]}"#] {
        for change in [UserChange::ApiAccess(true), UserChange::Active(false)] {
            assert!(record(came).update(change).is_none(), "{came}");
        }
    }
}

#[test]
fn memberships_go_back_all_or_not_at_all() {
    for (came, wanted) in [
        (r#""project_ids": ["a"], "role-ids": ["r"], "is_mobile_syncs": [true]"#, 3),
        (r#""project_ids": [], "role_ids": [], "is_mobile_syncs": []"#, 3),
        (r#""project_ids": ["a"], "role_ids": [], "is_mobile_syncs": [true]"#, 0),
        (r#""project_ids": ["a"], "is_mobile_syncs": [true]"#, 0),
        (r#""project-ids": ["a"]"#, 0),
        (r#""project_ids": null, "role_ids": null, "is_mobile_syncs": null"#, 0),
    ] {
        let came = format!(r#"{{"permissions": {{}}, "group_ids": ["g"], {came}}}"#);
        let sent = parsed(&written(&record(&came).update(UserChange::ApiAccess(true)).unwrap()));
        let count = MEMBERSHIPS.iter().filter(|name| sent.get(**name).is_some()).count();
        assert_eq!((count, &sent["group_ids"]), (wanted, &json!(["g"])), "{came}");
        assert_eq!(sent.as_object().unwrap().len(), 2 + wanted, "no other spelling beside it: {sent}");
    }
}

#[test]
fn what_differs_is_named() {
    let before = record(
        r#"{"firstname": "A", "mail": "a@example.com", "project-ids": ["a", "b"], "active": true, "updated-on": "1",
        "permissions": {"users": true, "api_documentation_access": false}}"#,
    );
    let after = record(
        r#"{"firstname": "A", "project_ids": ["b", "a"], "active": false, "new-one": 1, "updated-on": "2",
        "last-login-on": "3", "permissions": {"api-documentation-access": true}}"#,
    );
    let all = ["active", "mail", "new-one", "permissions.users", "project_ids"];
    assert_eq!(before.differences(&after, UserChange::ApiAccess(true)), all);
    let access =
        ["mail", "new-one", "permissions.api_documentation_access", "permissions.users", "project_ids"];
    assert_eq!(before.differences(&after, UserChange::Active(false)), access);
    assert_eq!(before.differences(&before, UserChange::ApiAccess(true)), [""; 0]);
    assert_eq!(before.is(UserChange::ApiAccess(false)), Some(true));
    assert_eq!(after.is(UserChange::ApiAccess(false)), Some(false));
    assert_eq!(record("{}").is(UserChange::Active(true)), None);
}

#[test]
fn debug_tells_names_only() {
    let record = record(r#"{"mail": "canary@example.com", "permissions": {}}"#);
    let update = record.update(UserChange::ApiAccess(true)).unwrap();
    let shown = format!("{record:?} {update:?}");
    assert!(shown.contains("mail") && !shown.contains("canary"), "{shown}");
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            btree_map("[a-z_-]{1,8}", inner, 0..4).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn a_put_never_loses_anything(
        unknown in btree_map("[a-zA-Z_-]{1,12}", any_value(), 0..8),
        keys in btree_map("[a-z_-]{1,20}", any_value(), 0..8),
        count in 0_usize..5,
        wanted in any::<bool>(),
    ) {
        let names = ["permissions", "project-ids", "role-ids", "is-mobile-syncs", "project_ids", "role_ids",
            "is_mobile_syncs", "group_ids", "group-ids"];
        let mut came: serde_json::Map<String, Value> =
            unknown.into_iter().filter(|(name, _)| !names.contains(&name.as_str())).collect();
        came.insert("permissions".into(), Value::Object(keys.into_iter().collect()));
        came.insert("project-ids".into(), (0..count).map(|n| json!(format!("p{n}"))).collect());
        came.insert("role-ids".into(), (0..count).map(|n| if n == 1 { Value::Null } else { json!("r") }).collect());
        came.insert("is-mobile-syncs".into(), (0..count).map(|n| json!(n % 2 == 0)).collect());
        let before = record(&Value::Object(came.clone()).to_string());
        let update = before.update(UserChange::ApiAccess(wanted)).unwrap();
        let sent = parsed(&written(&update));
        for (name, value) in &mut came {
            if name == "permissions" {
                value["api_documentation_access"] = json!(wanted);
            }
            let name = if names.contains(&name.as_str()) { name.replace('-', "_") } else { name.clone() };
            prop_assert_eq!(sent.get(&name), Some(&*value), "{}", name);
        }
        prop_assert_eq!(sent.as_object().unwrap().len(), came.len());
        let after = record(&written(&update));
        prop_assert_eq!(before.differences(&after, UserChange::ApiAccess(wanted)), Vec::<String>::new());
    }
}
