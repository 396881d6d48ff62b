//! The webhooks of the seeds.

#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use std::collections::BTreeSet;

use common::webhooks::{PROJECT, WEBHOOKS, demo};
use common::{Site, client, roomy};
use planradar_sandbox::{Options, Sandbox, Seed};
use serde_json::{Value, json};

const EVENTS: &str = "/api/v1/9000001/webhook_events";
const PROJECTS: &str = "/api/v2/9000001/projects";

async fn list(site: &Site, path: &str) -> Vec<Value> {
    let query = "pagesize=500&include_archived=true";
    let got = site.get(&format!("{path}?{query}"), &site.ready.tokens.account_holder).await;
    let rows = got.body["data"].as_array().unwrap().clone();
    assert_eq!(got.body["meta"]["count"], rows.len(), "one page is all of it");
    rows
}

fn hidden(row: &Value) -> usize {
    row["attributes"]["headers"].as_array().unwrap().iter().filter(|header| header["hidden"] == true).count()
}

#[tokio::test]
async fn demo_has_one_that_fails_one_with_basic_one_with_hidden_headers_and_one_that_is_paused() {
    let site = Site::start(demo()).await;
    let rows = list(&site, WEBHOOKS).await;
    assert_eq!(rows.len(), 4);
    let only = |fits: &dyn Fn(&Value) -> bool| {
        let found: Vec<&Value> = rows.iter().filter(|row| fits(row)).collect();
        assert_eq!(found.len(), 1, "{found:?}");
        found[0]["id"].as_str().unwrap().to_owned()
    };
    let basic = only(&|row| row["attributes"]["authentication"]["type"] == "basic");
    let secret = only(&|row| hidden(row) == 2);
    let failing = only(&|row| row["attributes"]["target-url"] == "http://127.0.0.1:9/planradar");
    let paused = only(&|row| row["attributes"]["active"] == false);
    assert_eq!(BTreeSet::from([&basic, &secret, &failing, &paused]).len(), 4);

    // They have a past.
    for (id, wanted) in [(&basic, 4), (&secret, 3), (&failing, 8), (&paused, 0)] {
        let got = site.deliveries(id).await;
        assert_eq!(got.body["meta"]["count"], wanted);
        for row in got.body["data"].as_array().unwrap() {
            assert_eq!(row["attributes"]["request"]["body"]["source"], "demo");
            assert!(row["attributes"]["next-retry"].is_null());
        }
    }
    let all_in_vain = site.deliveries(&failing).await;
    assert!(all_in_vain.column("status").iter().all(|status| status.is_null()));

    // And they go on: nothing leaves the computer, so the sandbox answers for their hosts.
    site.ticket(PROJECT).await;
    let got = site.deliveries(&basic).await;
    assert_eq!((got.column("event")[0], got.column("status")[0]), (&json!("ticket_created"), &json!(200)));
    assert!(got.column("answer")[0].as_str().unwrap().contains("nothing left this computer"));
    let got = site.deliveries(&failing).await;
    assert_eq!(got.column("attempt")[..4], [4, 3, 2, 1]);
    assert_eq!(got.column("status")[..4], [&Value::Null; 4]);
    assert_eq!(site.deliveries(&secret).await.body["meta"]["count"], 3);
    assert_eq!(site.deliveries(&paused).await.body["meta"]["count"], 0);
    site.sandbox.stop().await;
}

#[tokio::test]
async fn large_has_150_webhooks_300_projects_and_60_events() {
    let site = Site::start(Options { seed: Seed::Large, ..roomy() }).await;
    let (webhooks, events) = (list(&site, WEBHOOKS).await, list(&site, EVENTS).await);
    let projects = list(&site, PROJECTS).await;
    assert_eq!((webhooks.len(), projects.len(), events.len()), (150, 300, 60));
    let ids: BTreeSet<&str> = projects.iter().map(|row| row["id"].as_str().unwrap()).collect();
    let names: BTreeSet<&str> =
        events.iter().map(|row| row["attributes"]["name"].as_str().unwrap()).collect();
    assert_eq!((ids.len(), names.len()), (300, 60), "each of its own");
    for row in &webhooks {
        let attributes = &row["attributes"];
        let chosen = attributes["project-ids"].as_array().into_iter().flatten();
        assert!(chosen.into_iter().all(|id| ids.contains(id.as_str().unwrap())), "{row}");
        let about = attributes["events"].as_array().unwrap();
        assert!(
            !about.is_empty() && about.iter().all(|name| names.contains(name.as_str().unwrap())),
            "{row}"
        );
    }
    // Of all kinds.
    let count =
        |fits: &dyn Fn(&Value) -> bool| webhooks.iter().filter(|row| fits(&row["attributes"])).count();
    assert!(count(&|row| row["project-ids"].is_null()) > 10);
    assert!(count(&|row| row["active"] == false) > 10);
    assert!(count(&|row| row["authentication"]["type"] == "basic") > 10);
    assert!(webhooks.iter().filter(|row| hidden(row) > 0).count() > 10);
    // As people page through them.
    let token = &site.ready.tokens.account_holder;
    let got = site.get(&format!("{PROJECTS}?page=3&pagesize=100&include_archived=true"), token).await;
    assert_eq!(got.body["data"].as_array().unwrap().len(), 100);
    site.sandbox.stop().await;
}

#[tokio::test]
async fn empty_has_events_and_no_webhook() {
    let site = Site::start(roomy()).await;
    assert!(list(&site, WEBHOOKS).await.is_empty());
    assert_eq!(list(&site, EVENTS).await.len(), 18);
    site.sandbox.stop().await;
}

#[tokio::test]
async fn a_state_from_before_webhooks_is_brought_up() {
    for (seed, webhooks) in [(Seed::Demo, 4), (Seed::Empty, 0)] {
        let dir = tempfile::tempdir().unwrap();
        let options = || Options { seed, data_dir: Some(dir.path().to_owned()), ..roomy() };
        Site::start(options()).await.sandbox.stop().await;
        // As the first version left it.
        let db = rusqlite::Connection::open(dir.path().join("sandbox.db")).unwrap();
        db.execute_batch(
            "DROP TABLE deliveries; DROP TABLE attachments; DROP TABLE comments; DROP TABLE tickets;
             DROP TABLE webhooks; DROP TABLE events; DROP TABLE roles; DROP TABLE user_groups; DROP TABLE connect;
             ALTER TABLE account DROP COLUMN in_house_licences; PRAGMA user_version = 1;",
        )
        .unwrap();
        drop(db);
        std::fs::remove_file(dir.path().join("sandbox.key")).unwrap();
        for _ in 0..2 {
            // The seed that is asked for now does not count.
            let sandbox = Sandbox::start(Options { seed: Seed::Large, ..options() }).await.unwrap();
            let ready = sandbox.ready().unwrap();
            let site = Site { sandbox, ready, client: client() };
            assert_eq!(list(&site, WEBHOOKS).await.len(), webhooks);
            assert_eq!(list(&site, EVENTS).await.len(), 18);
            site.sandbox.stop().await;
        }
    }
}
