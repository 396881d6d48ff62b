//! Webhooks against a real server that delivers to a real receiver.

#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.

mod support;

use gatehouse_core::{
    AreaState, Code, Details,
    webhooks::{
        AuthenticationForm, AuthenticationInput, HiddenFate, ProblemCode, ValueInput, WebhookPick, WebhookRow,
    },
};
use planradar_sandbox::{Plan, Sandbox};
use secrecy::SecretString;
use support::{
    World,
    hooks::{
        HIDDEN, Hooks, PASSWORD, PROJECT, Receiver, header, new_webhook, row as row_of, secret, seeded,
        untouched,
    },
};

fn pick(row: &WebhookRow) -> Vec<WebhookPick> {
    vec![WebhookPick { id: row.id.clone(), base: row.base.clone() }]
}

/// `planradar:pa55-w0rd-91bc`
const BASIC: &str = "Basic cGxhbnJhZGFyOnBhNTUtdzByZC05MWJj";

fn whole(head: &str) -> bool {
    let line = |l: &str| head.contains(&format!("\r\n{l}\r\n"));
    head.starts_with("POST /hook ")
        && line(&format!("X-API-Key: {HIDDEN}"))
        && line("X-Site: Halle 3")
        && line("x-source: planradar")
        && head.contains(BASIC)
}

#[tokio::test]
async fn a_webhooks_life() {
    let (h, receiver, moved) = (Hooks::demo().await, Receiver::start().await, Receiver::start().await);
    let app = &h.world.app;
    let new = new_webhook(&receiver.url);
    let plan = app.webhook_check(&h.account, &new).await.unwrap();
    assert_eq!((plan.problems.len(), plan.plain_http, plan.conflict.is_none()), (0, true, true), "{plan:?}");
    let saved = app.webhook_save(&h.account, &new).await.unwrap();
    assert_eq!((saved.keep_error, saved.differs.len()), (None, 0), "{:?}", saved.differs);
    let id = saved.form.id.clone().unwrap();
    assert!(saved.form.headers[1].stored.set && saved.form.headers[1].stored.set_here_at.is_some());
    assert!(!saved.form.headers[1].stored.kept_here && saved.form.headers[1].value.is_none());
    h.ticket().await;
    let got = receiver.take();
    assert!(got.len() == 1 && whole(&got[0]), "{got:?}");

    // Only the description: the hidden values stay, and nothing is sent for them.
    let mut edit = untouched(&saved.form);
    edit.description = "Tickets to the new ERP".to_owned();
    let plan = app.webhook_check(&h.account, &edit).await.unwrap();
    assert_eq!(plan.changes.iter().map(|c| c.field.as_str()).collect::<Vec<_>>(), ["description"]);
    let fates: Vec<_> = plan.hidden.iter().map(|h| (h.name.as_str(), h.what)).collect();
    assert_eq!(fates, [(":password", HiddenFate::Keep), ("X-API-Key", HiddenFate::Keep)]);
    let saved = app.webhook_save(&h.account, &edit).await.unwrap();
    h.ticket().await;
    let got = receiver.take();
    assert!(got.len() == 1 && whole(&got[0]), "{got:?}");

    // Another host: every value is asked for again, and nothing leaves before.
    let mut edit = untouched(&saved.form);
    edit.target_url.clone_from(&moved.url);
    let plan = app.webhook_check(&h.account, &edit).await.unwrap();
    let fields: Vec<_> = plan.problems.iter().map(|p| (p.field.as_str(), p.code)).collect();
    assert_eq!(fields, [("password", ProblemCode::EnterAgain), ("headers/1/value", ProblemCode::EnterAgain)]);
    let origin = |url: &str| url.trim_end_matches("/hook").to_owned();
    assert_eq!(plan.destination, Some((origin(&receiver.url), origin(&moved.url))));
    let refused = app.webhook_save(&h.account, &edit).await.unwrap_err();
    assert_eq!(refused.code, Code::Invalid);
    assert!(matches!(refused.details, Some(Details::Fields { fields }) if fields.len() == 2));
    edit.authentication =
        AuthenticationInput::Basic { username: "planradar".to_owned(), password: secret(PASSWORD) };
    edit.headers[1].value = secret(HIDDEN);
    app.webhook_save(&h.account, &edit).await.unwrap();
    h.ticket().await;
    assert_eq!(receiver.take(), Vec::<String>::new());
    let got = moved.take();
    assert!(got.len() == 1 && whole(&got[0]), "{got:?}");

    // Paused: nothing more comes. Resumed: it is as it was.
    let rows = app.webhooks_refresh(&h.account).await.unwrap().rows;
    let row = row_of(&rows, "Tickets to the new ERP");
    assert_eq!((row.headers, row.hidden_headers, row.active), (3, 1, true));
    assert_eq!(row.projects.as_ref().unwrap()[0].id, PROJECT);
    assert!(row.projects.unwrap()[0].name.is_some(), "names are learnt with the list");
    let outcome =
        app.webhooks_set_active(&h.account, &pick(&row_of(&rows, "Tickets to the new ERP")), false).await;
    assert_eq!(outcome.unwrap()[0].error, None);
    h.ticket().await;
    assert_eq!(moved.take(), Vec::<String>::new());
    let rows = app.webhooks_view(&h.account).await.unwrap().rows;
    let row = row_of(&rows, "Tickets to the new ERP");
    assert!(!row.active);
    app.webhooks_set_active(&h.account, &pick(&row), true).await.unwrap();
    h.ticket().await;
    assert!(whole(&moved.take()[0]));

    let deliveries = app.webhook_deliveries(&h.account, &id).await.unwrap();
    assert!(deliveries.offered && deliveries.rows.len() == 4, "{deliveries:?}");
    assert!(deliveries.rows.iter().all(|d| d.status == Some(204) && d.event == "ticket_created"));
    let told = format!("{deliveries:?}");
    assert!(!told.contains(HIDDEN) && !told.contains(BASIC) && told.contains("Halle 3"), "{told}");

    let rows = app.webhooks_view(&h.account).await.unwrap().rows;
    let row = row_of(&rows, "Tickets to the new ERP");
    assert_eq!(app.webhooks_delete(&h.account, &pick(&row)).await.unwrap()[0].error, None);
    h.ticket().await;
    assert_eq!(moved.take(), Vec::<String>::new());
    assert!(app.webhooks_refresh(&h.account).await.unwrap().rows.iter().all(|r| r.id != id));
    assert_eq!(app.operations_list(&h.account).await.unwrap(), []);
}

#[tokio::test]
async fn all_problems_at_once_each_at_its_field() {
    let h = Hooks::demo().await;
    let mut bad = new_webhook("ftp://example.com");
    bad.description = "  ".to_owned();
    bad.events.clear();
    bad.project_ids = Some(Vec::new());
    bad.authentication =
        AuthenticationInput::Basic { username: "a:b".to_owned(), password: secret("••••••") };
    bad.headers = vec![
        header("Host", false, secret("x")),
        header("X-Key", true, secret("********")),
        header("x-key", true, ValueInput::Keep),
        header("Authorization", true, secret("Bearer x")),
        header("X-Big", false, ValueInput::Keep),
    ];
    let plan = h.world.app.webhook_check(&h.account, &bad).await.unwrap();
    let mut found: Vec<_> = plan.problems.iter().map(|p| (p.field.as_str(), p.code)).collect();
    found.sort_by_key(|(field, _)| field.to_owned());
    assert_eq!(
        found,
        [
            ("description", ProblemCode::Empty),
            ("events", ProblemCode::NothingChosen),
            ("headers/0/name", ProblemCode::Reserved),
            ("headers/1/value", ProblemCode::Masked),
            ("headers/2/name", ProblemCode::Duplicate),
            ("headers/2/value", ProblemCode::NothingToKeep),
            ("headers/3/name", ProblemCode::AuthorizationBesideBasic),
            ("headers/4/value", ProblemCode::EnterAgain),
            ("password", ProblemCode::Masked),
            ("projects", ProblemCode::NothingChosen),
            ("target_url", ProblemCode::NotAUrl),
            ("username", ProblemCode::BadCharacters),
        ]
    );
    let plan =
        h.world.app.webhook_check(&h.account, &new_webhook("https://user:x@example.com/")).await.unwrap();
    assert_eq!(plan.problems[0].code, ProblemCode::UrlCredentials);
    let plan = h
        .world
        .app
        .webhook_check(&h.account, &new_webhook("https://bücher.example/?token=abc"))
        .await
        .unwrap();
    assert_eq!(plan.host_forms, Some(("bücher.example".to_owned(), "xn--bcher-kva.example".to_owned())));
    assert_eq!(plan.query_secrets, ["token"]);
}

#[tokio::test]
async fn what_the_server_refuses_stands_at_the_fields() {
    let h = Hooks::demo().await;
    let mut bad = new_webhook("https://erp.example.com/hook");
    bad.events.push("never_heard_of".to_owned());
    bad.project_ids = Some(vec![PROJECT.to_owned(), "nowhere".to_owned()]);
    let refused = h.world.app.webhook_save(&h.account, &bad).await.unwrap_err();
    let Some(Details::Fields { fields }) = refused.details else { panic!("{refused:?}") };
    let mut fields: Vec<_> = fields.into_iter().map(|f| f.pointer).collect();
    fields.sort();
    fields.dedup();
    assert_eq!((refused.code, fields), (Code::Invalid, vec!["events".to_owned(), "projects".to_owned()]));
    assert_eq!(h.world.app.operations_list(&h.account).await.unwrap(), [], "nothing was done");
}

#[tokio::test]
async fn a_change_elsewhere_is_never_overwritten_unseen() {
    let h = Hooks::other().await;
    let app = &h.world.app;
    let mut new = new_webhook("https://erp.example.com/hook");
    new.headers.remove(1);
    new.authentication = AuthenticationInput::None;
    let form = app.webhook_save(&h.account, &new).await.unwrap().form;
    let id = form.id.clone().unwrap();
    h.change_elsewhere(&id, "Changed elsewhere").await;

    let mut mine = untouched(&form);
    mine.events.pop();
    let plan = app.webhook_check(&h.account, &mine).await.unwrap();
    let theirs = plan.conflict.unwrap();
    assert_eq!(theirs.description, "Changed elsewhere");
    assert_eq!(app.webhook_save(&h.account, &mine).await.unwrap_err().code, Code::Stale);
    // Changed again after the person looked: what they saw is not what they would overwrite.
    h.change_elsewhere(&id, "Changed again").await;
    mine.base.clone_from(&theirs.base);
    assert_eq!(app.webhook_save(&h.account, &mine).await.unwrap_err().code, Code::Stale);
    let theirs = app.webhook_check(&h.account, &mine).await.unwrap().conflict.unwrap();
    mine.base = theirs.base;
    let saved = app.webhook_save(&h.account, &mine).await.unwrap();
    assert_eq!((saved.form.description.as_str(), saved.form.events.len()), ("Tickets to the ERP", 1));

    // The same for what is done from the list.
    let rows = app.webhooks_view(&h.account).await.unwrap().rows;
    h.change_elsewhere(&id, "And once more").await;
    let row = row_of(&rows, "Tickets to the ERP");
    let refused = app.webhooks_delete(&h.account, &pick(&row)).await.unwrap().remove(0).error.unwrap();
    assert_eq!(refused.code, Code::Stale);
    assert_eq!(h.server().requests().count("webhooks.delete"), 0);
}

#[tokio::test]
async fn several_at_once_and_one_that_fails_does_not_stop_the_others() {
    let h = Hooks::demo().await;
    let app = &h.world.app;
    let rows = app.webhooks_view(&h.account).await.unwrap().rows;
    assert_eq!(rows.len(), 4);
    let mut picks: Vec<_> = rows.iter().flat_map(pick).collect();
    picks[1].base = "of yesterday".to_owned();
    let outcomes = app.webhooks_set_active(&h.account, &picks, false).await.unwrap();
    let codes: Vec<_> = outcomes.iter().map(|o| o.error.as_ref().map(|e| e.code)).collect();
    assert_eq!(codes, [None, Some(Code::Stale), None, None]);
    let rows = app.webhooks_refresh(&h.account).await.unwrap().rows;
    assert_eq!(rows.iter().filter(|r| r.active).count(), 1);
    let picks: Vec<_> = rows.iter().flat_map(pick).collect();
    assert!(app.webhooks_delete(&h.account, &picks).await.unwrap().iter().all(|o| o.error.is_none()));
    assert_eq!(app.webhooks_refresh(&h.account).await.unwrap().rows, []);
}

#[tokio::test]
async fn not_offered_is_prepared_and_remembered_by_hand() {
    let server = Sandbox::start(seeded()).await.unwrap();
    server.set_documented_only(true);
    let world = World::new();
    let account = world.add(&server).await.id;
    let view = world.app.webhooks_refresh(&account).await.unwrap();
    assert_eq!(view.error.map(|e| e.code), Some(Code::NotOffered));
    assert!(matches!(view.state, AreaState::NotOffered { .. }));

    let mut input = new_webhook("https://erp.example.com/hook?token=s3cr3t-in-query");
    input.headers[1].value = secret("***");
    let plan = world.app.webhook_check_by_hand(&account, &input).await.unwrap();
    assert_eq!(plan.problems[0].field, "headers/1/value");
    assert_eq!(world.app.webhook_remember_by_hand(&account, &input).await.unwrap_err().code, Code::Invalid);
    input.headers[1].value = secret(HIDDEN);
    world.app.webhook_copy_field(SecretString::from(HIDDEN)).await.unwrap();
    assert_eq!(world.clipboard.text(), HIDDEN);
    let rows = world.app.webhook_remember_by_hand(&account, &input).await.unwrap().rows;
    assert!(rows.len() == 1 && rows[0].by_hand && rows[0].headers == 3, "{rows:?}");

    let world = world.restarted();
    let form = world.app.webhook_form(&account, Some(&rows[0].id)).await.unwrap();
    assert!(
        matches!(&form.authentication, AuthenticationForm::Basic { username, .. } if username == "planradar")
    );
    assert!(!form.target_url.contains("s3cr3t") && form.headers[1].hidden && form.headers[1].value.is_none());
    // The server offers it after all: what was set up by hand becomes what it has.
    server.set_documented_only(false);
    let mut input = new_webhook("https://erp.example.com/hook");
    input.id = Some(rows[0].id.clone());
    world.app.webhook_save(&account, &input).await.unwrap();
    let rows = world.app.webhooks_refresh(&account).await.unwrap().rows;
    assert!(rows.iter().all(|r| !r.by_hand) && rows.iter().any(|r| r.description == "Tickets to the ERP"));
}

#[tokio::test]
async fn who_may_not_is_told_why() {
    let server = Sandbox::start(seeded()).await.unwrap();
    let world = World::new();
    let token = server.ready().unwrap().tokens.administrator;
    let account = world.try_add(server.url(), server.customer_id(), &token).await.unwrap().id;
    let view = world.app.webhooks_refresh(&account).await.unwrap();
    let refused = |state: &AreaState| match state {
        AreaState::Refused { reason, .. } => Some(*reason),
        _ => None,
    };
    assert_eq!(refused(&view.state), Some(Code::AccountHolderOnly), "{view:?}");
    server.set_plan(Plan::Basic).unwrap();
    let view = world.app.webhooks_refresh(&account).await.unwrap();
    assert_eq!(view.error.map(|e| e.code), Some(Code::Plan));
}

#[tokio::test]
async fn projects_come_page_by_page_and_events_once_a_day() {
    let h = Hooks::demo().await;
    let app = &h.world.app;
    let page = app.projects_page(&h.account, "", 1).await.unwrap();
    assert!(page.rows.len() >= 5 && !page.more && page.rows.iter().all(|p| p.name.is_some()), "{page:?}");
    let found = app.projects_page(&h.account, "fliederweg", 1).await.unwrap();
    assert_eq!(found.rows.iter().map(|p| p.id.as_str()).collect::<Vec<_>>(), [PROJECT]);
    let events = app.webhook_events(&h.account).await.unwrap();
    assert!(events.iter().any(|e| e.name == "ticket_created" && e.group.is_some()), "{events:?}");
    assert!(events.iter().all(|e| e.example.as_ref().is_some_and(|e| e.contains("demo"))));
    app.webhook_events(&h.account).await.unwrap();
    let mut asked = 0;
    h.world.with_demo_server(async |server| asked = server.requests().count("webhooks.events")).await;
    assert_eq!(asked, 1);
}
