//! PlanRadar Connect: requested once, decided by people, on the demonstration page or by a test.

#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::{Got, Site, roomy};
use planradar_sandbox::{ConnectDecision, Options, Seed};
use reqwest::Method;
use serde_json::{Value, json};

const STATUS: &str = "/api/v2/9000001/get_connect_access_status";
const REQUEST: &str = "/api/v2/9000001/connect_access_request";

fn wish() -> Value {
    json!({"integrations": ["Microsoft Teams", "<b>own ERP</b>"], "purpose": "Tell the crew",
        "contact": "it@example.com", "phone": "+49 40 000000"})
}

async fn request(site: &Site, attributes: Value) -> Got {
    site.with_attributes(Method::POST, REQUEST, &site.ready.tokens.administrator, attributes).await
}

async fn status(site: &Site) -> Got {
    site.get(STATUS, &site.ready.tokens.api_user).await
}

#[tokio::test]
async fn it_is_requested_once_and_then_decided() {
    let site = Site::start(roomy()).await;
    let before = status(&site).await;
    assert_eq!(before.attribute("status"), "not_requested");
    assert!(before.attribute("requested-on").is_null());
    assert!(!site.sandbox.decide_connect(ConnectDecision::Grant, None).unwrap(), "nothing to decide on");

    let got = request(&site, wish()).await;
    assert_eq!((got.status, got.attribute("status")), (201, &json!("requested")));
    let first = got.attribute("requested-on").as_str().unwrap().to_owned();
    for decision in [None, Some(ConnectDecision::Review), Some(ConnectDecision::Grant)] {
        if let Some(decision) = decision {
            assert!(site.sandbox.decide_connect(decision, Some("Call us")).unwrap());
        }
        let twice = request(&site, wish()).await;
        assert_eq!((twice.status, twice.code()), (422, "connect_already_requested"));
        assert!(twice.body["errors"][0]["detail"].as_str().unwrap().contains(&first));
        assert_eq!(status(&site).await.attribute("requested-on"), first.as_str(), "the first one's date");
    }
    let granted = status(&site).await;
    assert_eq!(
        (granted.attribute("status"), granted.attribute("note")),
        (&json!("granted"), &json!("Call us"))
    );
    assert!(granted.attribute("decided-on").is_string());
    assert!(!site.sandbox.decide_connect(ConnectDecision::Decline, None).unwrap(), "decided already");
}

#[tokio::test]
async fn what_was_declined_can_be_requested_again() {
    let site = Site::start(roomy()).await;
    assert_eq!(request(&site, wish()).await.status, 201);
    assert!(site.sandbox.decide_connect(ConnectDecision::Decline, Some("Not yet")).unwrap());
    let declined = status(&site).await;
    assert_eq!(
        (declined.attribute("status"), declined.attribute("note")),
        (&json!("declined"), &json!("Not yet"))
    );
    assert_eq!(request(&site, wish()).await.status, 201);
    let again = status(&site).await;
    assert_eq!((again.attribute("status"), again.attribute("note")), (&json!("requested"), &Value::Null));
    assert!(again.attribute("decided-on").is_null());
}

#[tokio::test]
async fn it_needs_accounts_and_all_its_fields() {
    let site = Site::start(roomy()).await;
    let got = site.with_attributes(Method::POST, REQUEST, &site.ready.tokens.api_user, wish()).await;
    assert_eq!((got.status, got.code()), (403, "permission_accounts"));
    let pointers = ["contact", "integrations", "purpose"].map(|name| format!("/data/attributes/{name}"));
    let got = request(&site, json!({})).await;
    assert_eq!((got.status, got.pointers()), (422, pointers.iter().map(String::as_str).collect()));
    for (name, wrong) in [
        ("integrations", json!([])),
        ("integrations", json!([" "])),
        ("integrations", json!([1])),
        ("integrations", json!(vec!["x"; 51])),
        ("purpose", json!("")),
        ("contact", json!("x".repeat(201))),
        ("phone", json!(5)),
    ] {
        let mut attributes = wish();
        attributes[name] = wrong;
        let got = request(&site, attributes).await;
        let pointer = format!("/data/attributes/{name}");
        assert_eq!((got.status, got.pointers()), (422, vec![pointer.as_str()]));
    }
    assert_eq!(status(&site).await.attribute("status"), "not_requested");
    let mut without_phone = wish();
    without_phone["phone"] = Value::Null;
    assert_eq!(request(&site, without_phone).await.status, 201);
}

#[tokio::test]
async fn a_documented_only_server_has_none_of_it() {
    let site = Site::start(Options { documented_only: true, ..roomy() }).await;
    assert_eq!(status(&site).await.status, 404);
    assert_eq!(request(&site, wish()).await.status, 404);
}

#[tokio::test]
async fn it_survives_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let options = || Options { seed: Seed::Demo, data_dir: Some(dir.path().to_owned()), ..roomy() };
    let site = Site::start(options()).await;
    assert_eq!(request(&site, wish()).await.status, 201);
    let before = status(&site).await.body;
    site.sandbox.stop().await;
    let site = Site::start(options()).await;
    assert_eq!(status(&site).await.body, before);
    site.sandbox.stop().await;
}
