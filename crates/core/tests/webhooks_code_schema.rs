//! The published schema and the reader agree on what a file may be.

#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.

mod support;

use gatehouse_core::webhooks::{CodeProblemCode as P, CodeRequest};
use jsonschema::Validator;
use serde_json::{Value, json};
use support::{World, hooks::Hooks, roomy};

const EXAMPLE: &str = include_str!("../../../docs/webhooks-as-code.example.yaml");

fn schema() -> Validator {
    let text = include_str!("../../../docs/webhooks.schema.json");
    jsonschema::draft202012::new(&serde_json::from_str(text).unwrap()).unwrap()
}

/// A file that has everything. JSON is YAML.
fn whole() -> Value {
    json!({
        "version": 1,
        "variables": {"host": "hooks.example.com", "on": true},
        "environments": {"staging": {"host": "staging.example.com"}},
        "webhooks": [{
            "id": "abc", "description": "A", "was": "B", "target_url": "https://${host}/", "active": false,
            "projects": ["p1", 2], "events": ["ticket_created"],
            "authentication": {"basic": {"username": "u", "password": {"hidden": "keychain:P", "version": 2}}},
            "headers": [{"name": "X", "value": "x"}, {"name": "Y", "hidden": "stdin"}, {"name": "Z", "hidden": "stdin:N", "version": 1}]
        }]
    })
}

/// What may stand in the place of anything.
fn others() -> Vec<Value> {
    vec![
        json!("x"),
        json!("all"),
        json!("none"),
        json!("stdin"),
        json!("keychain:A"),
        json!("keychain:a b"),
        json!(1),
        json!(0),
        json!(true),
        json!([]),
        json!(["a", "a"]),
        json!({}),
        json!({"hidden": "stdin"}),
    ]
}

/// Each node of it replaced, left out, or with something beside it.
fn edits(of: &Value) -> Vec<Value> {
    let mut found = others();
    match of {
        Value::Object(map) => {
            let mut more = map.clone();
            more.insert("unknown".to_owned(), json!("x"));
            found.push(Value::Object(more));
            for (key, value) in map {
                let mut less = map.clone();
                less.remove(key);
                found.push(Value::Object(less));
                found.extend(edits(value).into_iter().map(|new| {
                    let mut map = map.clone();
                    map.insert(key.clone(), new);
                    Value::Object(map)
                }));
            }
        }
        Value::Array(items) => {
            for (n, value) in items.iter().enumerate() {
                found.extend(edits(value).into_iter().map(|new| {
                    let mut items = items.clone();
                    items[n] = new;
                    Value::Array(items)
                }));
            }
        }
        _ => {}
    }
    found
}

#[tokio::test]
async fn the_schema_takes_what_the_reader_takes() {
    let h = Hooks::other().await;
    let schema = schema();
    assert!(schema.is_valid(&whole()));
    let active = ["${on}", "${on} ", "a${on}", "true", "${1}"].map(|text| {
        let mut file = whole();
        file["webhooks"][0]["active"] = json!(text);
        file
    });
    let all: Vec<_> = edits(&whole()).into_iter().chain(active).collect();
    assert!(all.len() > 400, "{}", all.len());
    let (mut taken, mut refused) = (0, 0);
    for file in all {
        let request = CodeRequest { text: file.to_string(), ..CodeRequest::default() };
        let plan = h.world.app.webhooks_code_plan(&h.account, &request, &[]).await.unwrap();
        // What only the account or the editor has against it is no matter of the file's form.
        let of_form = |p: &P| {
            !matches!(p, P::Field | P::NoSuchWebhook | P::NeedsValue | P::UnknownVariable | P::Masked)
        };
        let form: Vec<_> = plan.problems.iter().filter(|p| of_form(&p.code)).collect();
        assert!(schema.is_valid(&file) == form.is_empty(), "{file}\n{form:?}");
        if form.is_empty() { taken += 1 } else { refused += 1 }
    }
    assert!(taken > 50 && refused > 200, "{taken} {refused}");
}

#[tokio::test]
async fn the_example_is_what_it_says() {
    let world = World::new();
    let server = planradar_sandbox::Sandbox::start(roomy()).await.unwrap();
    let account = world.add(&server).await.id;
    for environment in [None, Some("staging".to_owned())] {
        let request = CodeRequest { text: EXAMPLE.to_owned(), environment, prune: false };
        let plan = world.app.webhooks_code_plan(&account, &request, &[]).await.unwrap();
        assert_eq!(plan.rows.len(), 2);
        assert!(
            plan.problems.iter().all(|p| p.code == P::NeedsValue) && plan.problems.len() == 3,
            "{plan:?}"
        );
    }
}
