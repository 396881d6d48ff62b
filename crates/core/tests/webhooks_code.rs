//! Webhooks from a file: planned with one request, hidden values by reference, nothing sent that is there already.

#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.

mod support;

use gatehouse_core::{
    Code,
    ports::SecretId,
    settings::KeptWhat,
    webhooks::{CodeAction, CodeFate, CodePlan, CodeProblemCode, CodeRequest, WebhookInput},
};
use std::sync::Arc;
use support::{
    code::file,
    go_on_without,
    hooks::{HIDDEN, Hooks, PASSWORD, PROJECT, Receiver, new_webhook, row, secret, untouched},
    until,
};

const NEWER: &str = "n3wer-v4lue-55e1";
const GIVEN: &str = "g1ven-v4lue-20dd";

/// A webhook with all three kinds of hidden values.
fn erp(target: &str, more: &str) -> CodeRequest {
    file(&format!(
        "  - description: Tickets to the ERP
    target_url: {target}
    projects: [{PROJECT}]
    events: [ticket_created]
    authentication: {{basic: {{username: planradar, password: {{hidden: 'keychain:ERP_PASSWORD'}}}}}}
    headers:
      - {{name: X-Site, value: Halle 3}}
      - {{name: X-Key, hidden: keychain:ERP{more}}}
      - {{name: X-Given, hidden: stdin, version: 1}}
"
    ))
}

const GIVEN_NAME: &str = "Tickets to the ERP/X-Given";

fn fates(plan: &CodePlan) -> Vec<CodeFate> {
    plan.rows[0].values.iter().map(|v| v.fate).collect()
}

/// A webhook of [`erp`], applied.
async fn with_erp(target: &str) -> Hooks {
    let h = Hooks::other().await;
    h.set_value("ERP", HIDDEN).await;
    h.set_value("ERP_PASSWORD", PASSWORD).await;
    let report = h.apply_given(&erp(target, ""), &[(GIVEN_NAME, GIVEN)]).await.unwrap();
    assert!(report.stopped.is_none() && report.done.len() == 1, "{report:?}");
    h
}

#[tokio::test]
async fn what_is_exported_and_applied_changes_nothing() {
    let h = Hooks::other().await;
    let mut input = new_webhook("https://erp.example.com/hook?token=5ecr3t&a=$${x}");
    input.description = "no: \"quotes\" # and $${signs} ${x}".to_owned();
    h.world.app.webhook_save(&h.account, &input).await.unwrap();
    let exported = h.export().await;
    assert!(
        !exported.text.contains("5ecr3t") && exported.text.contains("token=[masked]"),
        "{}",
        exported.text
    );
    let (lists, writes) = (h.server().requests().count("webhooks.list"), h.writes());
    let all = h.server().requests().all().len();
    let plan = h.plan(&exported).await;
    assert_eq!(plan.problems, []);
    assert!(!plan.differs && plan.unchanged == 5 && plan.others.is_empty(), "{plan:?}");
    assert_eq!(h.server().requests().count("webhooks.list") - lists, 1);
    assert_eq!(h.server().requests().all().len() - all, 1, "one request, and no other");
    h.applied(&exported).await;
    assert_eq!(h.writes(), writes);
    // One of them alone is a whole file too, and leaves the others.
    let id = row(&h.world.app.webhooks_view(&h.account).await.unwrap().rows, &input.description).id;
    let text = h.world.app.webhook_as_yaml(&h.account, &id).await.unwrap();
    let plan = h.plan(&CodeRequest { text, ..CodeRequest::default() }).await;
    assert!(!plan.differs && plan.others.len() == 4 && plan.others.iter().all(|o| !o.delete), "{plan:?}");
    let gone = h.world.app.webhooks_code_export(&h.account, Some(&["nope".to_owned()])).await.unwrap_err();
    assert_eq!(gone.code, Code::Gone);
}

#[tokio::test]
async fn hidden_values_come_from_the_keychain_and_from_standard_input() {
    let receiver = Receiver::start().await;
    let h = Hooks::other().await;
    let file = erp(&receiver.url, "");
    let plan = h.plan(&file).await;
    let missing: Vec<_> =
        plan.problems.iter().map(|p| (p.line, p.code, p.name.as_deref().unwrap())).collect();
    let needs = |line, name| (line, CodeProblemCode::NeedsValue, name);
    assert_eq!(
        missing,
        [
            needs(7, "keychain:ERP_PASSWORD"),
            needs(10, "keychain:ERP"),
            needs(11, "stdin:Tickets to the ERP/X-Given")
        ]
    );
    assert_eq!(plan.wanted, [GIVEN_NAME]);
    let refused = h.apply(&file).await.unwrap_err();
    assert!(refused.code == Code::Invalid && h.writes() == 0, "{refused:?}");

    h.set_value("ERP", HIDDEN).await;
    h.set_value("ERP_PASSWORD", PASSWORD).await;
    let plan = h.plan_given(&file, &[GIVEN_NAME, "typo"]).await;
    assert!(plan.problems.is_empty() && plan.create == 1 && plan.unused == ["typo"], "{plan:?}");
    assert_eq!(fates(&plan), [CodeFate::First; 3]);
    h.apply_given(&file, &[(GIVEN_NAME, GIVEN)]).await.unwrap();
    h.ticket().await;
    let got = receiver.take().remove(0);
    assert!(got.contains(&format!("X-Key: {HIDDEN}\r\n")) && got.contains(&format!("X-Given: {GIVEN}\r\n")));

    // Nothing to do, and nothing asked for.
    let plan = h.plan(&file).await;
    assert_eq!(fates(&plan), [CodeFate::Same; 3]);
    assert!(!plan.differs && plan.wanted.is_empty(), "{plan:?}");
    // What it was set from comes out again.
    let exported = h.export().await;
    assert!(exported.text.contains("hidden: keychain:ERP}"), "{}", exported.text);
    assert!(exported.text.contains("hidden: stdin, version: 1}"), "{}", exported.text);
    assert!(!h.plan(&exported).await.differs);

    // A new value shows up, and only it is sent.
    assert_eq!(h.set_value("ERP", NEWER).await.version, 2);
    let plan = h.plan(&file).await;
    // On this server the others must go along: it is not proven that leaving them out keeps them.
    assert_eq!(fates(&plan)[..1], [CodeFate::Newer]);
    assert!(plan.problems.iter().any(|p| p.code == CodeProblemCode::NeedsValue && p.line == 11), "{plan:?}");
    h.apply_given(&file, &[(GIVEN_NAME, GIVEN)]).await.unwrap();
    h.ticket().await;
    let got = receiver.take().remove(0);
    assert!(got.contains(&format!("X-Key: {NEWER}\r\n")) && got.contains(&format!("X-Given: {GIVEN}\r\n")));
    assert!(!h.plan(&file).await.differs);
}

#[tokio::test]
async fn where_leaving_out_keeps_only_what_is_new_is_sent() {
    let h = Hooks::demo().await;
    let file = erp("https://erp.example.com/hook", "");
    h.set_value("ERP", HIDDEN).await;
    h.set_value("ERP_PASSWORD", PASSWORD).await;
    h.apply_given(&file, &[(GIVEN_NAME, GIVEN)]).await.unwrap();
    h.set_value("ERP", NEWER).await;
    let plan = h.plan(&file).await;
    assert_eq!(fates(&plan), [CodeFate::Newer, CodeFate::Same, CodeFate::Same]);
    assert!(plan.problems.is_empty() && plan.update == 1, "{plan:?}");
    h.applied(&file).await;
    // Another destination: all of them again, and what is not at hand stands in the way.
    let moved = erp("https://erp.example.org/hook", "");
    let plan = h.plan(&moved).await;
    assert_eq!(fates(&plan), [CodeFate::SentAlong, CodeFate::Same, CodeFate::SentAlong]);
    assert_eq!(plan.problems.iter().map(|p| p.line).collect::<Vec<_>>(), [11], "{plan:?}");
    let report = h.apply_given(&moved, &[(GIVEN_NAME, GIVEN)]).await.unwrap();
    assert_eq!(report.stopped, None);
    assert!(!h.plan(&moved).await.differs);
}

#[tokio::test]
async fn the_files_version_says_which_value_is_meant() {
    let h = with_erp("https://erp.example.com/hook").await;
    let second = erp("https://erp.example.com/hook", ", version: 2");
    let plan = h.plan(&second).await;
    assert_eq!(fates(&plan)[0], CodeFate::Missing);
    let told = &plan.problems[0];
    let why = "asks for another version than this computer has set";
    assert!(
        told.line == 10 && told.message.contains(why) && told.message.contains("value set ERP --version 2"),
        "{told:?}"
    );
    // Surely another one than PlanRadar has: not at hand is no reason to call them the same.
    assert!(plan.differs && plan.update == 1 && plan.rows[0].action == CodeAction::Update, "{plan:?}");
    h.set_value("ERP", NEWER).await;
    let report = h.apply_given(&second, &[(GIVEN_NAME, GIVEN)]).await.unwrap();
    assert_eq!(report.stopped, None);
    assert!(!h.plan(&second).await.differs);
    // Behind: somebody else's file asks for what is not here, and PlanRadar has one.
    let id = row(&h.world.app.webhooks_refresh(&h.account).await.unwrap().rows, "Tickets to the ERP").id;
    h.change_elsewhere(&id, "Tickets to the ERP").await;
    let third = erp("https://erp.example.com/hook", ", version: 3");
    let plan = h.plan(&third).await;
    assert_eq!(fates(&plan)[0], CodeFate::Unknown, "perhaps it is just that");
}

/// Also where nothing would have to go along with it.
#[tokio::test]
async fn a_value_of_another_version_is_a_difference() {
    let h = Hooks::demo().await;
    h.set_value("ERP", HIDDEN).await;
    let asks = |version: u32| {
        file(&format!(
            "  - {{description: A, target_url: 'https://a.example.com/', events: [ticket_created], headers: [{{name: X, hidden: keychain:ERP, version: {version}}}, {{name: Y, hidden: 'stdin:Y', version: {version}}}]}}\n"
        ))
    };
    h.apply_given(&asks(1), &[("Y", GIVEN)]).await.unwrap();
    assert!(!h.plan(&asks(1)).await.differs);
    let plan = h.plan(&asks(2)).await;
    assert_eq!(fates(&plan), [CodeFate::Missing; 2]);
    assert!(plan.differs && plan.update == 1 && plan.unchanged == 0, "{plan:?}");
    assert!(plan.problems.iter().all(|p| p.code == CodeProblemCode::NeedsValue) && plan.problems.len() == 2);
    assert_eq!(plan.wanted, ["Y"]);
}

#[tokio::test]
async fn after_a_change_elsewhere_what_the_file_says_is_set_again() {
    let h = with_erp("https://erp.example.com/hook").await;
    let file = erp("https://erp.example.com/hook", "");
    let id = row(&h.world.app.webhooks_refresh(&h.account).await.unwrap().rows, "Tickets to the ERP").id;
    h.change_elsewhere(&id, "Tickets to the ERP").await;
    let plan = h.plan(&file).await;
    assert_eq!(fates(&plan), [CodeFate::ChangedElsewhere, CodeFate::Unknown, CodeFate::ChangedElsewhere]);
    assert!(plan.differs, "said, and not done silently");
    // What is exported now leaves it to PlanRadar, and says what it was.
    let exported = h.export().await;
    assert!(exported.text.contains("{name: X-Key, hidden: stdin} # keychain:ERP until"), "{}", exported.text);
    assert!(!h.plan(&exported).await.differs);
    h.apply_given(&file, &[(GIVEN_NAME, GIVEN)]).await.unwrap();
    assert!(!h.plan(&file).await.differs);
    // Typed anew in the window: no longer the file's.
    let form = h.world.app.webhook_form(&h.account, Some(&id)).await.unwrap();
    let mut edit = WebhookInput { keep_values: true, ..untouched(&form) };
    for header in edit.headers.iter_mut().filter(|h| h.hidden) {
        header.value = secret(NEWER);
    }
    let gatehouse_core::webhooks::AuthenticationInput::Basic { password, .. } = &mut edit.authentication
    else {
        panic!()
    };
    *password = secret(PASSWORD);
    h.world.app.webhook_save(&h.account, &edit).await.unwrap();
    let plan = h.plan(&file).await;
    assert_eq!(fates(&plan), [CodeFate::First, CodeFate::Unknown, CodeFate::First], "typed by a person here");
}

#[tokio::test]
async fn a_kept_value_that_is_sent_again_is_still_the_files() {
    let h = Hooks::other().await;
    h.set_value("ERP", HIDDEN).await;
    let text = |site: &str| {
        file(&format!(
            "  - description: A\n    target_url: https://a.example.com/\n    events: [ticket_created]\n    headers: [{{name: X-Key, hidden: keychain:ERP}}, {{name: X-Site, value: {site}}}]\n"
        ))
    };
    h.applied(&text("north")).await;
    let id = row(&h.world.app.webhooks_view(&h.account).await.unwrap().rows, "A").id;
    let form = h.world.app.webhook_form(&h.account, Some(&id)).await.unwrap();
    let mut edit = WebhookInput { keep_values: true, ..untouched(&form) };
    edit.headers[0].value = secret(HIDDEN);
    h.world.app.webhook_save(&h.account, &edit).await.unwrap();
    h.applied(&text("north")).await;
    // The window changes another field: the kept value goes along, and nothing is in doubt.
    let form = h.world.app.webhook_form(&h.account, Some(&id)).await.unwrap();
    let mut edit = untouched(&form);
    edit.headers[1].value = secret("south");
    h.world.app.webhook_save(&h.account, &edit).await.unwrap();
    let plan = h.plan(&text("south")).await;
    assert!(fates(&plan) == [CodeFate::Same] && !plan.differs, "{plan:?}");
    h.applied(&text("north")).await;
}

#[tokio::test]
async fn values_have_versions_and_go_with_the_account() {
    let h = Hooks::other().await;
    let app = &h.world.app;
    let set = async |name: &str, value: &str, version| {
        app.webhook_value_set(&h.account, name, value.into(), version).await
    };
    assert_eq!(set("ERP", HIDDEN, None).await.unwrap().version, 1);
    assert_eq!(set("ERP", NEWER, Some(7)).await.unwrap().version, 7);
    assert_eq!(set("ERP", NEWER, Some(7)).await.unwrap_err().field.as_deref(), Some("version"));
    for (name, value, field) in [
        ("", "x", "name"),
        ("a b", "x", "name"),
        ("-a", "x", "name"),
        ("A", "", "value"),
        ("A", "•••", "value"),
    ] {
        assert_eq!(set(name, value, None).await.unwrap_err().field.as_deref(), Some(field), "{name:?}");
    }
    let kept = async || {
        let places = app.kept_places().await.unwrap();
        places.iter().find(|p| p.what == KeptWhat::HiddenValues).unwrap().count
    };
    assert_eq!(kept().await, Some(1));
    // What the keychain refuses is not there, and what was there before is.
    h.world.keychain.fail(Some(gatehouse_core::ports::SecretStoreError::Locked("x".into())));
    assert_eq!(set("ERP", HIDDEN, None).await.unwrap_err().code, Code::KeychainLocked);
    assert_eq!(set("NEW", HIDDEN, None).await.unwrap_err().code, Code::KeychainLocked);
    h.world.keychain.fail(None);
    let rows = app.webhook_values(&h.account).await.unwrap();
    assert!(rows.len() == 1 && rows[0].version == 7 && rows[0].kept, "{rows:?}");
    // A password may have what a header may not.
    set("UMLAUT", "Schlüssel", None).await.unwrap();
    let header = file(
        "  - description: A\n    target_url: https://a.example.com/\n    events: [ticket_created]\n    headers: [{name: X, hidden: keychain:UMLAUT}]\n",
    );
    let plan = h.plan(&header).await;
    assert!(plan.problems.len() == 1 && plan.problems[0].message.contains("ASCII"), "{plan:?}");

    app.webhook_value_delete(&h.account, "ERP").await.unwrap();
    assert_eq!(app.webhook_value_delete(&h.account, "ERP").await.unwrap_err().code, Code::Gone);
    assert_eq!(set("ERP", HIDDEN, None).await.unwrap().version, 8, "never twice");
    app.account_remove(&h.account).await.unwrap();
    assert_eq!(h.world.keychain.ids(), []);
}

/// A keychain that answers after the person went on is believed; until then the value is not used.
#[tokio::test]
async fn a_value_that_is_kept_late_counts_from_then_on() {
    let h = Hooks::other().await;
    let file = file(
        "  - {description: A, target_url: 'https://a.example.com/', events: [ticket_created], headers: [{name: X, hidden: keychain:ERP}]}\n",
    );
    let go = h.world.keychain.hang();
    let (app, account) = (Arc::clone(&h.world.app), h.account.clone());
    let set = tokio::spawn(async move { app.webhook_value_set(&account, "ERP", HIDDEN.into(), None).await });
    h.world.keychain.held_up().await;
    go_on_without(&h.world).await;
    assert_eq!(set.await.unwrap().unwrap_err().code, Code::KeychainSkipped);
    let kept = async || h.world.app.webhook_values(&h.account).await.unwrap()[0].kept;
    assert!(!kept().await);
    assert_eq!(h.plan(&file).await.problems[0].code, CodeProblemCode::NeedsValue);
    go.send(true).unwrap();
    until("the value in the keychain", kept).await;
    h.applied(&file).await;
}

/// A value that the keychain lost is told before anything is written.
#[tokio::test]
async fn what_the_keychain_lost_stops_it_before_it_begins() {
    let h = Hooks::other().await;
    h.set_value("ERP", HIDDEN).await;
    let two = file(
        "  - {description: A, target_url: https://a.example.com/, events: [ticket_created]}
  - {description: B, target_url: https://b.example.com/, events: [ticket_created], headers: [{name: X, hidden: keychain:ERP}]}
",
    );
    let id = SecretId::NamedValue { account: h.account.clone(), name: "ERP".into() };
    gatehouse_core::ports::SecretStore::delete(&*h.world.keychain, &id).await.unwrap();
    let refused = h.apply(&two).await.unwrap_err();
    assert!(refused.code == Code::KeychainMissing && refused.field.as_deref() == Some("ERP"), "{refused:?}");
    assert_eq!(h.writes(), 0);
    let plan = h.plan(&two).await;
    assert_eq!(plan.problems.iter().map(|p| p.line).collect::<Vec<_>>(), [4]);
    h.set_value("ERP", HIDDEN).await;
    let report = h.applied(&two).await;
    assert_eq!(report.done.iter().map(|s| s.action).collect::<Vec<_>>(), [CodeAction::Create; 2]);
}
