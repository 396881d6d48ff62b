//! Hidden values of webhooks: encrypted at rest, and never told.

#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use std::path::Path;

use axum::response::Response;
use common::receiver::{Hit, Receiver, answer};
use common::webhooks::{PROJECT, WEBHOOKS, demo, little, with};
use common::{Site, client};
use planradar_sandbox::{Error, Options, Sandbox};
use serde_json::{Value, json};

const VALUE: &str = "canary value-of-header 7c21";
const PASSWORD: &str = "canary \"pass\" word-93be";

fn secret(target: &str) -> Value {
    with(
        &little(target),
        json!({
            "authentication": {"type": "basic", "username": "planradar", "password": PASSWORD},
            "headers": [{"name": "X-Api-Key", "hidden": true, "value": VALUE}],
        }),
    )
}

/// The forms in which a value could be found again.
fn forms() -> Vec<String> {
    let forms = |plain: &str| {
        let escaped = json!(plain).to_string().trim_matches('"').to_owned();
        let coded = url::form_urlencoded::byte_serialize(plain.as_bytes()).collect::<String>();
        let base64 = base64_of(plain);
        [plain.to_owned(), escaped, coded.replace('+', "%20"), coded, hex::encode(plain), base64]
    };
    let pair = format!("planradar:{PASSWORD}");
    [VALUE, PASSWORD, &pair].into_iter().flat_map(forms).collect()
}

fn base64_of(plain: &str) -> String {
    use base64::Engine as _;
    base64::prelude::BASE64_STANDARD.encode(plain)
}

fn assert_clean(what: &str, bytes: &[u8]) {
    for form in forms() {
        let found = bytes.windows(form.len()).any(|window| window == form.as_bytes());
        assert!(!found, "{what} holds {form}");
    }
}

fn files(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = std::fs::read_dir(dir).unwrap().map(Result::unwrap);
    entries
        .map(|entry| (entry.file_name().to_str().unwrap().to_owned(), std::fs::read(entry.path()).unwrap()))
        .collect()
}

async fn restarted(options: Options) -> Site {
    let sandbox = Sandbox::start(options).await.unwrap();
    let ready = sandbox.ready().unwrap();
    Site { sandbox, ready, client: client() }
}

/// A receiver that tells all it got, in several ways.
fn echo(_: usize, hit: &Hit) -> Response {
    let headers: Value =
        ["x-api-key", "authorization"].map(|name| json!({name: hit.header(name).unwrap()})).into();
    let (plain, coded) = (hit.header("x-api-key").unwrap(), base64_of(hit.header("x-api-key").unwrap()));
    let in_url: String = url::form_urlencoded::byte_serialize(PASSWORD.as_bytes()).collect();
    answer(200, format!("{headers} {plain} {coded} ?a={in_url} planradar:{PASSWORD} end"))
}

#[tokio::test]
async fn no_file_and_no_answer_holds_them_and_a_restart_still_sends_them() {
    let dir = tempfile::tempdir().unwrap();
    let options = || Options { data_dir: Some(dir.path().to_owned()), ..demo() };
    let receiver = Receiver::start(echo).await;
    let site = Site::start(options()).await;
    let token = site.ready.tokens.account_holder.clone();
    let created = site.create_webhook(secret(&receiver.url("/"))).await;
    assert_eq!(created.status, 201, "{created:?}");
    let id = created.id().to_owned();
    assert_eq!(created.attribute("headers"), &json!([{"name": "X-Api-Key", "hidden": true, "value": null}]));
    assert_eq!(created.attribute("authentication"), &json!({"type": "basic", "username": "planradar"}));
    let sent = with(
        &little(&receiver.url("/")),
        json!({
            "authentication": {"type": "basic", "username": "planradar"},
            "headers": [{"name": "X-Api-Key", "hidden": true}],
        }),
    );
    let changed = site.put_webhook(&id, sent).await;
    site.ticket(PROJECT).await;
    assert_eq!(receiver.only().header("x-api-key"), Some(VALUE));
    let deliveries = site.deliveries(&id).await;
    let answered = deliveries.column("answer")[0].as_str().unwrap();
    assert!(answered.ends_with("hidden end") && answered.matches("hidden").count() == 6, "{answered}");
    let one = format!("{WEBHOOKS}/{id}");
    for (what, got) in [
        ("create", &created),
        ("update", &changed),
        ("list", &site.get(WEBHOOKS, &token).await),
        ("get", &site.get(&one, &token).await),
        ("deliveries", &deliveries),
        ("a search", &site.get(&format!("{WEBHOOKS}?search=canary"), &token).await),
    ] {
        assert_clean(what, got.body.to_string().as_bytes());
    }
    let page = site.client.get(site.sandbox.demo_page_url()).header("accept", "text/html");
    let page = page.send().await.unwrap().text().await.unwrap();
    assert!(page.contains("ticket_created"));
    assert_clean("the page", page.as_bytes());
    assert_clean("Debug", format!("{:?} {:?}", site.sandbox, site.sandbox.requests()).as_bytes());
    // While it runs, and after its end.
    for (name, bytes) in files(dir.path()) {
        assert_clean(&name, &bytes);
    }
    site.sandbox.stop().await;
    let kept = files(dir.path());
    assert!(kept.iter().any(|(name, bytes)| name == "sandbox.db" && !bytes.is_empty()), "{kept:?}");
    for (name, bytes) in kept {
        assert_clean(&name, &bytes);
    }

    let site = restarted(options()).await;
    site.ticket(PROJECT).await;
    let hit = receiver.only();
    assert_eq!(hit.header("x-api-key"), Some(VALUE));
    let basic = format!("Basic {}", base64_of(&format!("planradar:{PASSWORD}")));
    assert_eq!(hit.header("authorization"), Some(basic.as_str()));
    site.sandbox.stop().await;
}

#[tokio::test]
async fn a_value_that_was_moved_in_the_file_does_not_open() {
    let dir = tempfile::tempdir().unwrap();
    let options = || Options { data_dir: Some(dir.path().to_owned()), ..demo() };
    let receiver = Receiver::content().await;
    let site = Site::start(options()).await;
    let from = site.new_webhook(secret(&receiver.url("/"))).await;
    let to = site.new_webhook(little(&receiver.url("/other"))).await;
    site.sandbox.stop().await;
    let db = rusqlite::Connection::open(dir.path().join("sandbox.db")).unwrap();
    let moved = "UPDATE webhooks SET headers = (SELECT headers FROM webhooks WHERE id = ?1) WHERE id = ?2";
    assert_eq!(db.execute(moved, (&from, &to)).unwrap(), 1);
    drop(db);
    let site = restarted(options()).await;
    site.ticket(PROJECT).await;
    assert_eq!(receiver.only().target, "/");
    let got = site.deliveries(&to).await;
    let error = got.column("error")[0].as_str().unwrap();
    assert!(error.contains("can't be read"), "{error}");
    site.sandbox.stop().await;
}

#[tokio::test]
async fn the_key_is_the_persons_own_and_never_silently_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let options = || Options { data_dir: Some(dir.path().to_owned()), ..demo() };
    let site = Site::start(options()).await;
    site.sandbox.stop().await;
    let key = dir.path().join("sandbox.key");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    }
    std::fs::remove_file(&key).unwrap();
    let error = Sandbox::start(options()).await.unwrap_err();
    assert!(matches!(error, Error::Key { .. }), "{error}");
    assert!(!key.exists(), "no other key was made");
}
