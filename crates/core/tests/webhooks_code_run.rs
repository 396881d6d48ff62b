//! Applying a file of webhooks: it stops at a conflict, does nothing twice, keeps to what was shown, and afterwards nothing is
//! left to do, whatever the file was.

#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.

mod support;

use gatehouse_core::{
    Code,
    webhooks::{CodeAction, CodeRequest, GivenValue},
};
use planradar_sandbox::Effect;
use proptest::prelude::*;
use std::{
    fmt::Write,
    sync::{Arc, Mutex},
};
use support::{
    code::file,
    hooks::{HIDDEN, Hooks, PASSWORD, PROJECT, row},
    once, pass,
};

fn simple(names: &[&str]) -> CodeRequest {
    let mut text = String::new();
    for name in names {
        writeln!(
            text,
            "  - {{description: {name}, target_url: 'https://{name}.example.com/', events: [ticket_created]}}"
        )
        .unwrap();
    }
    file(&text)
}

#[tokio::test]
async fn what_the_file_does_not_name_is_left_alone_or_pruned() {
    let h = Hooks::other().await;
    h.applied(&simple(&["a", "b"])).await;
    let kept = simple(&["a"]);
    let plan = h.plan(&kept).await;
    assert!(!plan.differs && plan.others.len() == 5 && plan.delete == 0, "{plan:?}");
    let prune = CodeRequest { prune: true, ..kept };
    let plan = h.plan(&prune).await;
    assert!(plan.delete == 5 && plan.others.iter().all(|o| o.delete) && plan.differs, "{plan:?}");
    assert_eq!(plan.requests, 1 + 5 * 2);
    let report = h.applied(&prune).await;
    assert_eq!(report.done.iter().map(|s| s.action).collect::<Vec<_>>(), [CodeAction::Delete; 5]);
    assert_eq!(h.world.app.webhooks_refresh(&h.account).await.unwrap().rows.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_stops_at_a_conflict_and_goes_on_the_next_time() {
    let h = Arc::new(Hooks::other().await);
    h.applied(&simple(&["a", "b", "c"])).await;
    let id = row(&h.world.app.webhooks_view(&h.account).await.unwrap().rows, "b").id;
    let mut all = simple(&["a", "b", "c"]);
    all.text = all.text.replace("events: [ticket_created]", "events: [ticket_updated]");
    let shown = h.plan(&all).await;
    assert_eq!((shown.update, shown.requests), (3, 1 + 3 * 3));
    let steps = Mutex::new(Vec::new());
    // Somebody else changes the second one while the first one is written.
    let runtime = tokio::runtime::Handle::current();
    let progress = |p: &gatehouse_core::webhooks::CodeProgress| {
        steps.lock().unwrap().push((p.done, p.total, p.next.as_ref().map(|n| n.description.clone())));
        if p.done == 1
            && p.next.as_ref().is_some_and(|n| n.description == "b")
            && steps.lock().unwrap().len() == 2
        {
            tokio::task::block_in_place(|| runtime.block_on(h.change_elsewhere(&id, "b")));
        }
    };
    let app = &h.world.app;
    let report =
        app.webhooks_code_apply(&h.account, &all, vec![], Some(&shown.digest), progress).await.unwrap();
    assert_eq!(report.stopped.as_ref().map(|e| e.code), Some(Code::Stale));
    let names = |steps: &[gatehouse_core::webhooks::CodeStep]| {
        steps.iter().map(|s| s.description.clone()).collect::<Vec<_>>()
    };
    assert_eq!((names(&report.done), names(&report.left)), (vec!["a".into()], vec!["b".into(), "c".into()]));
    let seen = steps.into_inner().unwrap();
    assert_eq!(seen, [(0, 3, Some("a".into())), (1, 3, Some("b".into())), (1, 3, Some("b".into()))]);
    // The plan that was shown is no longer what would be done.
    let refused =
        app.webhooks_code_apply(&h.account, &all, vec![], Some(&shown.digest), |_| ()).await.unwrap_err();
    assert_eq!(refused.code, Code::Stale);
    let writes = h.writes();
    assert_eq!(names(&h.applied(&all).await.done), ["b", "c"]);
    assert_eq!(h.writes() - writes, 2);
}

#[tokio::test]
async fn a_lost_answer_leaves_nothing_twice() {
    for done in [true, false] {
        let h = Hooks::other().await;
        let all = simple(&["a", "b"]);
        h.server().fault(once("webhooks.create", Effect::Reset { done }));
        let report = h.apply(&all).await.unwrap();
        assert_eq!(report.stopped.as_ref().map(|e| e.code), Some(Code::LostAnswer));
        assert!(report.done.is_empty() && report.left.len() == 2);
        h.server().clear_faults();
        let plan = h.plan(&all).await;
        if done {
            assert!(plan.unchanged == 1 && plan.create == 1, "found: {plan:?}");
        } else {
            // The server may only be late.
            let line = plan.problems.first().map(|p| (p.line, p.code));
            assert_eq!(line, Some((3, gatehouse_core::webhooks::CodeProblemCode::BeingCreated)));
            assert_eq!(h.apply(&all).await.unwrap_err().code, Code::Invalid);
            pass(&h.world, 61).await;
        }
        h.applied(&all).await;
        let rows = h.world.app.webhooks_refresh(&h.account).await.unwrap().rows;
        assert_eq!(rows.iter().filter(|r| ["a", "b"].contains(&r.description.as_str())).count(), 2);
    }
}

/// Whether the value arrived is not known: it is sent once more.
#[tokio::test]
async fn a_value_whose_answer_was_lost_is_sent_again() {
    for done in [true, false] {
        let h = Hooks::other().await;
        let all = file(
            "  - {description: a, target_url: 'https://a.example.com/', events: [ticket_created], headers: [{name: X, hidden: keychain:A}]}\n",
        );
        h.set_value("A", HIDDEN).await;
        h.applied(&all).await;
        h.set_value("A", "n3wer-v4lue").await;
        h.server().fault(once("webhooks.update", Effect::Reset { done }));
        let report = h.apply(&all).await.unwrap();
        assert_eq!(report.stopped.as_ref().map(|e| e.code), Some(Code::LostAnswer));
        h.server().clear_faults();
        let plan = h.plan(&all).await;
        assert!(plan.update == 1 && plan.problems.is_empty(), "{plan:?}");
        assert_eq!(h.applied(&all).await.done.len(), 1);
    }
}

/// What is refused by the server stops it as well, and says so.
#[tokio::test]
async fn a_refusal_stops_it() {
    let h = Hooks::other().await;
    h.server().fault(once("webhooks.create", Effect::Status { status: 403, done: false }));
    let report = h.apply(&simple(&["a", "b"])).await.unwrap();
    assert_eq!(report.stopped.as_ref().map(|e| e.code), Some(Code::Forbidden));
    assert_eq!(report.left.len(), 2);
    assert_eq!(h.applied(&simple(&["a", "b"])).await.done.len(), 2);
}

#[tokio::test]
async fn it_stops_when_it_is_asked_to() {
    let h = Hooks::other().await;
    let all = simple(&["a", "b", "c"]);
    let app = &h.world.app;
    let stop = |p: &gatehouse_core::webhooks::CodeProgress| {
        if p.done == 1 {
            app.webhooks_code_stop(&h.account);
        }
    };
    let report = app.webhooks_code_apply(&h.account, &all, vec![], None, stop).await.unwrap();
    // It was asked while the second was about to be written.
    assert!(report.stopped.is_none() && report.done.len() == 2 && report.left.len() == 1, "{report:?}");
    assert_eq!(h.applied(&all).await.done.len(), 1);
}

const MANY: usize = 150;

#[tokio::test]
async fn a_hundred_and_fifty_webhooks() {
    let h = Hooks::other().await;
    h.set_value("KEY", HIDDEN).await;
    let mut text = String::new();
    for n in 0..MANY {
        writeln!(text, "  - description: Hook {n}\n    target_url: https://h{n}.example.com/in\n    events: [ticket_created]\n    headers: [{{name: X-Key, hidden: keychain:KEY, version: 1}}]").unwrap();
    }
    let all = file(&text);
    let plan = h.plan(&all).await;
    assert_eq!((plan.create, plan.problems.len()), (150, 0));
    // A list for each creation, the creation, and what it became.
    assert_eq!(plan.requests, 1 + 150 * 3);
    let share = h.world.app.limit_status(&h.account).await.unwrap().share;
    assert!(plan.seconds >= (plan.requests - share) / share * 60, "{}", plan.seconds);
    h.applied(&all).await;
    let (writes, requests) = (h.writes(), h.server().requests().all().len());
    assert_eq!(writes, MANY);
    let report = h.apply(&all).await.unwrap();
    assert!(report.done.is_empty() && report.stopped.is_none());
    assert_eq!(h.writes(), writes, "no change, no write");
    assert_eq!(h.server().requests().all().len() - requests, 1, "one request");
    let exported = h.export().await;
    let plan = h.plan(&exported).await;
    assert!(!plan.differs && plan.unchanged == 154, "{:?}", plan.problems);
    assert_eq!(exported.text.matches("hidden: keychain:KEY, version: 1").count(), MANY);
}

/// A webhook of a random file.
#[derive(Clone, Debug)]
struct Any {
    target: u8,
    active: bool,
    events: Vec<&'static str>,
    project: bool,
    basic: Option<String>,
    headers: Vec<(u8, Option<String>)>,
}

fn any_webhook() -> impl Strategy<Value = Any> {
    let events = prop::sample::subsequence(vec!["ticket_created", "ticket_updated", "comment_added"], 1..=3);
    let text = "[ -~äß]{0,12}".prop_map(|t| t.trim().replace('•', "").clone());
    let value = "[!-~]{1,8}".prop_filter("no mask", |v| !v.chars().all(|c| "*.".contains(c)));
    let header = (0..4_u8, prop::option::of(value));
    (
        0..3_u8,
        any::<bool>(),
        events,
        any::<bool>(),
        prop::option::of(text),
        prop::collection::vec(header, 0..4),
    )
        .prop_map(|(target, active, events, project, basic, mut headers)| {
            headers.sort_by_key(|(n, _)| *n);
            headers.dedup_by_key(|(n, _)| *n);
            let basic = basic.map(|b| b.replace(':', "") + "u");
            Any { target, active, events, project, basic, headers }
        })
}

fn random_file(webhooks: &[(u8, Any)]) -> CodeRequest {
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''").replace("${", "$${"));
    let mut out = String::new();
    for (name, w) in webhooks {
        writeln!(out, "  - description: Hook {name}").unwrap();
        writeln!(out, "    target_url: https://t{}.example.com/", w.target).unwrap();
        writeln!(out, "    active: {}\n    events: [{}]", w.active, w.events.join(", ")).unwrap();
        writeln!(out, "    projects: {}", if w.project { format!("[{PROJECT}]") } else { "all".into() })
            .unwrap();
        if let Some(user) = &w.basic {
            writeln!(
                out,
                "    authentication: {{basic: {{username: {}, password: {{hidden: keychain:P}}}}}}",
                quoted(user)
            )
            .unwrap();
        }
        writeln!(out, "    headers:{}", if w.headers.is_empty() { " []" } else { "" }).unwrap();
        for (n, value) in &w.headers {
            let value = match value {
                Some(value) => format!("value: {}", quoted(value)),
                None => format!("hidden: keychain:{}, version: 1", ["A", "B"][usize::from(n % 2)]),
            };
            writeln!(out, "      - {{name: X-{n}, {value}}}").unwrap();
        }
    }
    if webhooks.is_empty() {
        return CodeRequest { text: "version: 1\nwebhooks: []\n".into(), prune: true, environment: None };
    }
    CodeRequest { prune: true, ..file(&out) }
}

/// What a file can't ask for: to show what PlanRadar hides. It is taken away first, as the problem says.
fn without_shown(request: &CodeRequest, problems: &[gatehouse_core::webhooks::CodeProblem]) -> CodeRequest {
    let lines: Vec<_> = problems.iter().map(|p| p.line as usize).collect();
    let kept = request.text.lines().enumerate().filter(|(n, _)| !lines.contains(&(n + 1)));
    let text = kept.map(|(_, line)| line).collect::<Vec<_>>().join("\n") + "\n";
    let text = text.replace("    headers:\n  -", "    headers: []\n  -");
    CodeRequest { text, ..request.clone() }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 8, ..ProptestConfig::default() })]
    #[test]
    fn after_any_edits_nothing_is_left_to_do(
        files in prop::collection::vec(prop::collection::btree_map(0..5_u8, any_webhook(), 0..5), 3),
        demo in any::<bool>(),
    ) {
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let h = if demo { Hooks::demo().await } else { Hooks::other().await };
            for (name, value) in [("A", HIDDEN), ("B", "b-v4lue-1"), ("P", PASSWORD)] {
                h.set_value(name, value).await;
            }
            for file in files {
                let request = random_file(&file.into_iter().collect::<Vec<_>>());
                let plan = h.plan(&request).await;
                if !plan.problems.is_empty() {
                    let only = |p: &gatehouse_core::webhooks::CodeProblem| {
                        p.code == gatehouse_core::webhooks::CodeProblemCode::ValueForHidden
                    };
                    assert!(plan.problems.iter().all(only), "{:?}\n{}", plan.problems, request.text);
                    h.applied(&without_shown(&request, &plan.problems)).await;
                }
                h.applied(&request).await;
                assert!(!h.plan(&h.export().await).await.differs, "what is exported is the same");
            }
        });
    }
}

/// What must not be anywhere: in the file, the plan, the report, the progress, the audit log.
#[tokio::test]
async fn hidden_values_are_nowhere() {
    let h = Hooks::other().await;
    let given = "g1ven-v4lue-20dd";
    h.set_value("A", HIDDEN).await;
    h.set_value("P", PASSWORD).await;
    let all = file(
        "  - description: A\n    target_url: https://a.example.com/\n    events: [ticket_created]\n    authentication: {basic: {username: u, password: {hidden: keychain:P}}}\n    headers: [{name: X-1, hidden: keychain:A}, {name: X-2, hidden: stdin:S}]\n",
    );
    let mut seen = format!("{:?}", h.plan_given(&all, &["S"]).await);
    let told = Mutex::new(String::new());
    let progress =
        |p: &gatehouse_core::webhooks::CodeProgress| write!(told.lock().unwrap(), "{p:?}").unwrap();
    let value = GivenValue { name: "S".into(), value: secrecy::SecretString::from(given).into() };
    let report =
        h.world.app.webhooks_code_apply(&h.account, &all, vec![value], None, progress).await.unwrap();
    assert_eq!(report.done.len(), 1);
    write!(seen, "{report:?}{}", told.into_inner().unwrap()).unwrap();
    seen.push_str(&h.export().await.text);
    write!(seen, "{:?}", h.world.app.webhook_values(&h.account).await.unwrap()).unwrap();
    write!(seen, "{:?}", h.world.notices.take()).unwrap();
    let database = std::fs::read(h.world.data().join("gatehouse.db")).unwrap();
    let journal = std::fs::read(h.world.data().join("gatehouse.db-wal")).unwrap_or_default();
    seen.push_str(&String::from_utf8_lossy(&[database, journal].concat()));
    assert!(seen.contains("keychain:P"), "it was looked at");
    for secret in [HIDDEN, PASSWORD, given] {
        assert!(!seen.contains(secret), "{secret}");
    }
}
