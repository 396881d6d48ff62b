//! Route overrides and settings: refused with the field named, tested one by one, carried from one account to another.

#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.

mod support;

use gatehouse_core::{
    AppError, Code, Details,
    routes::RouteVerdict,
    settings::{ProxySetting, Settings},
};
use planradar_sandbox::Sandbox;
use support::{World, roomy};

#[tokio::test]
async fn a_hostile_override_is_refused_before_any_request() {
    let server = Sandbox::start(roomy()).await.unwrap();
    let world = World::new();
    let account = world.add(&server).await.id;
    let sent = server.requests().all().len();
    for bad in [
        "//h",
        "/\\h",
        "\t//h",
        "@h",
        ".h",
        "..",
        "%2e%2e",
        "",
        "/api/v1/{customer_id}/users/{user_id}",
        "/api/v1/{customer_id}/../x",
    ] {
        let error = world.app.route_set(&account, "tokens.list", Some(bad)).await.unwrap_err();
        assert_eq!((error.code, error.field.as_deref()), (Code::BadRoute, Some("tokens.list")), "{bad:?}");
        let file = serde_json::json!({ "tokens.list": bad }).to_string();
        let preview = world.app.routes_import(&account, "routes.json", &file).await.unwrap();
        assert!(preview.changes[0].problem.is_some(), "{bad:?}");
        let applied = world.app.routes_import_apply(&account, &preview.changes).await;
        assert_eq!(applied.unwrap_err().code, Code::BadRoute, "{bad:?}");
    }
    assert_eq!(server.requests().all().len(), sent);
}

/// An override that an older version took.
#[tokio::test]
async fn an_override_that_is_no_longer_valid_is_told_and_blocks_no_other() {
    let server = Sandbox::start(roomy()).await.unwrap();
    let world = World::new();
    let account = world.add(&server).await.id;
    let taken_by_older = |a: &mut gatehouse_store::Account| {
        a.overrides.insert("tokens.list".into(), "/api/v1/{customer_id}/users".into());
        a.overrides.insert("of.older".into(), "/api/v1/{customer_id}/x".into());
    };
    world.store.change_account(&account, taken_by_older).unwrap();
    let told = world.app.route_test(&account, "tokens.list").await.unwrap_err();
    assert_eq!(told.code, Code::BadRoute, "{told:?}");
    let moved = "/api/v1/{customer_id}/access_tokens";
    world.app.route_set(&account, "tokens.create", Some(moved)).await.unwrap();
    world.app.route_set(&account, "of.older", None).await.unwrap();
    let rows = world.app.route_set(&account, "tokens.list", None).await.unwrap();
    let set = |name: &str| rows.iter().find(|r| r.name == name).unwrap().override_template.clone();
    assert_eq!((set("tokens.list"), set("tokens.create")), (None, Some(moved.to_owned())));
    assert_eq!(world.app.route_test(&account, "tokens.list").await.unwrap().verdict, RouteVerdict::Offered);
}

#[tokio::test]
async fn an_override_is_tested_exported_and_imported() {
    let server = Sandbox::start(roomy()).await.unwrap();
    let world = World::new();
    let account = world.add(&server).await.id;
    let moved = "/api/v1/{customer_id}/access_tokens";
    world.app.route_set(&account, "tokens.list", Some(moved)).await.unwrap();
    let test = world.app.route_test(&account, "tokens.list").await.unwrap();
    assert_eq!((test.verdict, test.path_only), (RouteVerdict::NotOffered, false), "{test:?}");
    let path_only = world.app.route_test(&account, "tokens.create").await.unwrap();
    assert!(path_only.path_only && server.requests().count("tokens.create") == 0);
    let file = world.app.routes_export(&account).await.unwrap();
    assert!(file.contains(moved));

    world.app.route_set(&account, "tokens.list", None).await.unwrap();
    let test = world.app.route_test(&account, "tokens.list").await.unwrap();
    assert_eq!(test.verdict, RouteVerdict::Offered);
    let preview = world.app.routes_import(&account, "routes.json", &file).await.unwrap();
    assert_eq!((preview.changes[0].old.as_deref(), preview.changes[0].new.as_deref()), (None, Some(moved)));
    // Changed since the preview: refused as a whole.
    world.app.route_set(&account, "tokens.list", Some("/api/v1/{customer_id}/other_tokens")).await.unwrap();
    assert_eq!(
        world.app.routes_import_apply(&account, &preview.changes).await.unwrap_err().code,
        Code::Stale
    );
    let preview = world.app.routes_import(&account, "routes.json", &file).await.unwrap();
    let rows = world.app.routes_import_apply(&account, &preview.changes).await.unwrap();
    let row = rows.iter().find(|r| r.name == "tokens.list").unwrap();
    assert_eq!(row.override_template.as_deref(), Some(moved));
    let nonsense = world.app.routes_import(&account, "x.json", "[1]").await.unwrap_err();
    assert_eq!(nonsense.field.as_deref(), Some("file"));
}

#[tokio::test]
async fn settings_and_limits_name_the_field() {
    let server = Sandbox::start(roomy()).await.unwrap();
    let world = World::new();
    let account = world.add(&server).await.id;
    let set = |settings| world.app.settings_set(settings);
    for (settings, field) in [
        (Settings { clipboard_seconds: 5, ..Settings::default() }, "clipboardSeconds"),
        (Settings { proxy: ProxySetting::Url { url: "nonsense".into() }, ..Settings::default() }, "proxy"),
        (
            Settings {
                proxy: ProxySetting::Url { url: "http://u:p@proxy.example.com".into() },
                ..Settings::default()
            },
            "proxy",
        ),
        (Settings { ca_file: Some("/no/such/file.pem".into()), ..Settings::default() }, "caFile"),
    ] {
        assert_eq!(set(settings).await.unwrap_err().field.as_deref(), Some(field));
    }
    let good = Settings { clipboard_seconds: 30, ..Settings::default() };
    set(good.clone()).await.unwrap();
    assert_eq!(world.app.settings().await.unwrap(), good);
    for (limit, share, field) in [(0, 1, "limit"), (501, 1, "limit"), (30, 31, "share"), (30, 0, "share")] {
        assert_eq!(
            world.app.limit_set(&account, limit, share).await.unwrap_err().field.as_deref(),
            Some(field)
        );
    }
    let status = world.app.limit_set(&account, 60, 40).await.unwrap();
    assert_eq!((status.limit, status.share), (60, 40));
}

#[tokio::test]
async fn everything_is_removed_only_when_that_is_typed() {
    let server = Sandbox::start(roomy()).await.unwrap();
    let world = World::new();
    world.add(&server).await;
    assert_eq!(world.app.remove_everything("yes").await.unwrap_err().field.as_deref(), Some("confirm"));
    assert_eq!(world.app.start().await.unwrap().accounts.len(), 1);
    assert!(world.app.kept_places().await.unwrap().iter().any(|p| p.place.ends_with("gatehouse.db")));
    world.app.remove_everything("remove everything").await.unwrap();
    assert_eq!(world.keychain.ids(), []);
    assert!(!world.data().join("gatehouse.db").exists());
}

#[test]
fn the_json_of_an_error_is_pinned() {
    let plain = serde_json::to_value(AppError::invalid("name", "Give it a name.")).unwrap();
    let expected = serde_json::json!({
        "code": "invalid", "message": "Give it a name.", "field": "name", "retryAt": null, "details": null
    });
    assert_eq!(plain, expected);
    let detailed =
        AppError::new(Code::Redirect, "x").with(Details::Target { target: "https://a.example.com".into() });
    assert_eq!(
        serde_json::to_value(detailed).unwrap()["details"],
        serde_json::json!({ "kind": "target", "target": "https://a.example.com" })
    );
}
