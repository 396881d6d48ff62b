//! Tickets, comments and attachments over their documented paths, and what they let happen.

#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::receiver::Receiver;
use common::webhooks::{OTHER_PROJECT, PROJECT, at, demo, little, with};
use common::{Got, Site};
use planradar_sandbox::ADMINISTRATOR;
use reqwest::Method;
use serde_json::{Value, json};

const EVENTS: [&str; 11] = [
    "ticket_created",
    "ticket_updated",
    "ticket_status_changed",
    "ticket_assigned",
    "ticket_deleted",
    "comment_added",
    "photo_attached",
    "document_attached",
    "audio_attached",
    "video_attached",
    "attachment_deleted",
];
const UUID: &str = "35b03889-e759-4ded-b848-24337eea10d2";

/// A sandbox with a webhook for all that can happen.
struct Scene {
    site: Site,
    receiver: Receiver,
}

impl Scene {
    async fn start() -> Self {
        let (site, receiver) = (Site::start(demo()).await, Receiver::content().await);
        site.new_webhook(with(&little(&receiver.url("/")), json!({"events": EVENTS}))).await;
        Self { site, receiver }
    }

    async fn ask(&self, method: Method, path: &str, attributes: Value) -> Got {
        let token = &self.site.ready.tokens.account_holder;
        let path = format!("/api/v2/9000001/projects/{path}");
        let got = self.site.with_attributes(method, &path, token, attributes).await;
        self.site.sandbox.delivered().await;
        got
    }

    async fn get(&self, path: &str) -> Got {
        let path = format!("/api/v2/9000001/projects/{path}");
        self.site.get(&path, &self.site.ready.tokens.account_holder).await
    }

    /// The events that were heard since the last time.
    fn heard(&self) -> Vec<String> {
        let mut names: Vec<_> = self.receiver.take().iter().map(|hit| hit.event().to_owned()).collect();
        names.sort();
        names
    }
}

fn required() -> Value {
    json!({"ticket-type-id": "obk", "component-id": "nyk"})
}

#[tokio::test]
async fn a_tickets_life() {
    let scene = Scene::start().await;
    let tickets = format!("{PROJECT}/tickets");
    let sent =
        json!({"uuid": UUID, "subject": "Riss im Estrich", "typed-values": {"tf1": 33.5}, "status-id": 3});
    let created = scene.ask(Method::POST, &tickets, with(&required(), sent)).await;
    assert_eq!(created.status, 201, "{created:?}");
    for (name, value) in [
        ("uuid", json!(UUID)),
        ("subject", json!("Riss im Estrich")),
        ("typed-values", json!({"tf1": 33.5})),
        ("status-id", json!("ma")),
        ("ticket-type-id", json!("obk")),
        ("project-id", json!(PROJECT)),
    ] {
        assert_eq!(created.attribute(name), &value, "{name}");
    }
    assert_eq!(scene.heard(), ["ticket_created"]);

    let one = format!("{tickets}/{UUID}");
    let got = scene.ask(Method::PUT, &one, json!({"subject": "Riss, größer"})).await;
    assert_eq!((got.status, got.attribute("subject")), (200, &json!("Riss, größer")));
    assert_eq!(got.attribute("typed-values"), &json!({"tf1": 33.5}), "what is left out stays");
    assert_eq!(scene.heard(), ["ticket_updated"]);
    scene.ask(Method::PUT, &one, json!({"status_id": "ky", "assigned-to-id": "338602"})).await;
    assert_eq!(scene.heard(), ["ticket_assigned", "ticket_status_changed", "ticket_updated"]);

    let read = scene.get(&one).await;
    assert_eq!((read.status, read.attribute("status-id")), (200, &json!("ky")));
    let list = scene.get(&format!("{tickets}?search=riss")).await;
    assert_eq!(list.column("uuid"), [UUID]);
    assert_eq!(scene.ask(Method::DELETE, &one, json!({})).await.status, 204);
    let gone = scene.receiver.only();
    assert_eq!((gone.event(), &gone.body["ticket"]["uuid"]), ("ticket_deleted", &json!(UUID)));
    assert_eq!(scene.get(&one).await.status, 404);
    scene.site.sandbox.stop().await;
}

#[tokio::test]
async fn wrong_tickets_are_refused_at_their_fields() {
    let scene = Scene::start().await;
    let tickets = format!("{PROJECT}/tickets");
    let got =
        scene.ask(Method::POST, &tickets, json!({"uuid": "1", "status-id": "zz", "priority-id": 4})).await;
    let places = ["component-id", "priority-id", "status-id", "ticket-type-id", "uuid"].map(at);
    assert_eq!((got.status, got.pointers()), (422, places.iter().map(String::as_str).collect()));
    let uuid = with(&required(), json!({"uuid": UUID}));
    assert_eq!(scene.ask(Method::POST, &tickets, uuid.clone()).await.status, 201);
    assert_eq!(scene.ask(Method::POST, &tickets, uuid).await.pointers(), [at("uuid")]);
    for path in [
        "nowhere/tickets".to_owned(),
        format!("{PROJECT}/tickets/0/comment"),
        format!("{OTHER_PROJECT}/tickets/{UUID}/comment"),
        format!("{OTHER_PROJECT}/tickets/{UUID}/attachments"),
    ] {
        assert_eq!(scene.ask(Method::POST, &path, required()).await.status, 404, "{path}");
    }
    assert_eq!(scene.heard(), ["ticket_created"]);
    scene.site.sandbox.stop().await;
}

#[tokio::test]
async fn only_members_of_a_project_see_its_tickets() {
    let scene = Scene::start().await;
    // The member sees all projects by permission until now.
    let token = &scene.site.ready.tokens.administrator;
    let asked = async |project: &str, uuid: &str| {
        let path = format!("/api/v2/9000001/projects/{project}/tickets");
        let list = scene.site.get(&path, token).await.status;
        (list, scene.site.get(&format!("{path}/{uuid}"), token).await.status)
    };
    let (other, own) = (scene.site.ticket(PROJECT).await, scene.site.ticket(OTHER_PROJECT).await);
    assert_eq!(asked(PROJECT, &other).await, (200, 200));
    for permission in ["projects", "report_templates"] {
        scene.site.sandbox.set_permission(ADMINISTRATOR, permission, false).unwrap();
    }
    assert_eq!(asked(PROJECT, &other).await, (404, 404));
    assert_eq!(asked(OTHER_PROJECT, &own).await, (200, 200));
    assert_eq!(asked(OTHER_PROJECT, &other).await, (200, 404));
    scene.site.sandbox.stop().await;
}

#[tokio::test]
async fn comments() {
    let scene = Scene::start().await;
    let uuid = scene.site.ticket(PROJECT).await;
    scene.heard();
    let path = format!("{PROJECT}/tickets/{uuid}/comment");
    let got = scene.ask(Method::POST, &path, json!({"comment": "Bitte ansehen"})).await;
    assert_eq!((got.status, got.attribute("comment")), (201, &json!("Bitte ansehen")));
    let hit = scene.receiver.only();
    assert_eq!((hit.event(), &hit.body["comment"]["comment"]), ("comment_added", &json!("Bitte ansehen")));
    assert_eq!(hit.body["ticket"]["uuid"], json!(uuid));
    for wrong in [json!({}), json!({"comment": ""}), json!({"comment": 1})] {
        assert_eq!(scene.ask(Method::POST, &path, wrong).await.pointers(), [at("comment")]);
    }
    assert!(scene.heard().is_empty());
    scene.site.sandbox.stop().await;
}

#[tokio::test]
async fn attachments_of_all_kinds() {
    let scene = Scene::start().await;
    let uuid = scene.site.ticket(PROJECT).await;
    scene.heard();
    let path = format!("{PROJECT}/tickets/{uuid}/attachments");
    let kinds = [
        ("image/png", "Image", "photo_attached"),
        ("application/pdf", "Document", "document_attached"),
        ("application/zip", "Document", "document_attached"),
        ("text/csv", "Document", "document_attached"),
        ("message/rfc822", "Document", "document_attached"),
        ("audio/mp4", "Audio", "audio_attached"),
        ("video/mp4", "Video", "video_attached"),
    ];
    for (mime_type, kind, event) in kinds {
        let data = format!("data:{mime_type};base64,ZGVtbw==");
        let sent = json!({"attachment": data, "attachment-name": "demo.file"});
        let got = scene.ask(Method::POST, &path, sent).await;
        assert_eq!(got.status, 201, "{mime_type}: {got:?}");
        assert_eq!(got.attribute("attachable-type"), kind);
        assert_eq!((got.attribute("caption"), got.attribute("size")), (&json!("demo.file"), &json!(4)));
        let hit = scene.receiver.only();
        assert_eq!(hit.event(), event, "{mime_type}");
        assert_eq!(hit.body["attachment"]["content-type"], mime_type);
        assert_eq!(hit.body["ticket"]["uuid"], json!(uuid));
    }
    let list = scene.get(&path).await;
    assert_eq!(list.body["meta"]["count"], kinds.len());
    let id = list.body["data"][0]["id"].as_str().unwrap();
    assert_eq!(scene.ask(Method::DELETE, &format!("{path}/{id}"), json!({})).await.status, 204);
    assert_eq!(scene.heard(), ["attachment_deleted"]);
    assert_eq!(scene.ask(Method::DELETE, &format!("{path}/{id}"), json!({})).await.status, 404);
    assert_eq!(scene.get(&path).await.body["meta"]["count"], kinds.len() - 1);
    scene.site.sandbox.stop().await;
}

#[tokio::test]
async fn attachments_that_are_none() {
    let scene = Scene::start().await;
    let uuid = scene.site.ticket(PROJECT).await;
    scene.heard();
    let path = format!("{PROJECT}/tickets/{uuid}/attachments");
    let got = scene.ask(Method::POST, &path, json!({})).await;
    assert_eq!((got.status, got.pointers().len()), (422, 2), "{got:?}");
    for wrong in ["demo", "data:image/png,demo", "data:image/png;base64,!", "data:;base64,ZGVtbw=="] {
        let got = scene.ask(Method::POST, &path, json!({"attachment": wrong, "attachment-name": "a"})).await;
        assert_eq!(got.pointers(), [at("attachment")], "{wrong}");
    }
    let odd = json!({"attachment": "data:application/x-sh;base64,ZGVtbw==", "attachment-name": "a.sh"});
    let got = scene.ask(Method::POST, &path, odd).await;
    assert_eq!((got.status, got.code()), (400, "bad_request"));
    assert!(scene.heard().is_empty());
    scene.site.sandbox.stop().await;
}
