//! What is wrong in a file of webhooks, and where; what its variables stand for; which webhook is meant.

#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.

mod support;

use gatehouse_core::{
    Code, Details,
    webhooks::{CodeAction, CodeFound, CodeProblemCode as P, CodeRequest},
};
use support::{
    code::file,
    hooks::{HIDDEN, Hooks, new_webhook, row},
};

fn text(text: &str) -> CodeRequest {
    CodeRequest { text: text.to_owned(), ..CodeRequest::default() }
}

/// A webhook at line 3 with this instead of, or after, its last line.
fn with(more: &str) -> CodeRequest {
    file(&format!(
        "  - description: A\n    target_url: https://a.example.com/\n    events: [ticket_created]\n{more}"
    ))
}

#[tokio::test]
async fn each_problem_has_its_line_its_kind_and_a_way_out() {
    let h = Hooks::other().await;
    let asked = h.server().requests().all().len();
    let table = [
        (text(""), 1, P::MissingKey, "empty"),
        (text("version: [1"), 1, P::Syntax, "YAML"),
        (text("webhooks: []"), 1, P::MissingKey, "version: 1"),
        (text("version: 2\nwebhooks: []"), 1, P::UnsupportedVersion, "version 1"),
        (text("version: 1"), 1, P::MissingKey, "[]"),
        (text("version: 1\nwebhooks: {}"), 2, P::WrongKind, "list"),
        (
            text("version: 1\nhooks: []\nwebhooks: []"),
            2,
            P::UnknownKey,
            "version, variables, environments, webhooks",
        ),
        (text("version: 1\nversion: 1\nwebhooks: []"), 2, P::Duplicate, "line 1"),
        (text("version: 1\nvariables: {1a: x}\nwebhooks: []"), 2, P::WrongKind, "digit"),
        (text("version: 1\nvariables:\n  a: [x]\nwebhooks: []"), 3, P::WrongKind, "text"),
        (with("    url: x\n"), 6, P::UnknownKey, "target_url"),
        (with("    active: yes\n"), 6, P::WrongKind, "true or false"),
        (with("    active: 'true'\n"), 6, P::WrongKind, "or a variable"),
        (with("    active: ${x}\n"), 6, P::UnknownVariable, "variables"),
        (with("    active: ${x}e\n"), 6, P::WrongKind, "or a variable"),
        (with("    headers: [{name: X, value: ${x}}]\n"), 6, P::Syntax, "put it in quotation marks"),
        (with("    projects: [a, ${x}]\n"), 6, P::Syntax, "put it in quotation marks"),
        (with("    projects: everything\n"), 6, P::WrongKind, "list of ids"),
        (with("    projects: [a, b, a]\n"), 6, P::Duplicate, "already"),
        (with("    id: ${x}\n"), 6, P::UnknownVariable, "variables"),
        (with("    was: ${\n"), 6, P::UnknownVariable, "$${"),
        (with("    authentication: basic\n"), 6, P::WrongKind, "username"),
        (with("    authentication:\n      basic:\n        username: u\n"), 8, P::MissingKey, "password"),
        (
            with("    authentication:\n      basic:\n        username: u\n        password: s3cr3t\n"),
            9,
            P::ValueForHidden,
            "keychain:NAME",
        ),
        (with("    headers: X=1\n"), 6, P::WrongKind, "list"),
        (with("    headers:\n      - name: X\n"), 7, P::MissingKey, "hidden"),
        (
            with("    headers:\n      - name: X\n        hidden: s3cr3t\n"),
            8,
            P::BadReference,
            "keychain:NAME",
        ),
        (with("    headers:\n      - name: X\n        hidden: keychain:a b\n"), 8, P::BadReference, "64"),
        (
            with("    headers:\n      - name: X\n        hidden: stdin\n        value: s3cr3t\n"),
            9,
            P::ValueForHidden,
            "Take value away",
        ),
        (
            with("    headers:\n      - name: X\n        hidden: stdin\n        version: new\n"),
            9,
            P::WrongKind,
            "whole number",
        ),
        (
            with("    headers:\n      - name: X\n        value: x\n        version: 1\n"),
            9,
            P::WrongKind,
            "visible",
        ),
        (
            with("    headers:\n      - name: X\n        Value: s3cr3t\n        value: y\n"),
            8,
            P::UnknownKey,
            "name, value, hidden, version",
        ),
        (file("  - target_url: https://a.example.com/\n    events: [a]\n"), 3, P::MissingKey, "description"),
        (file("  - just a text\n"), 3, P::WrongKind, "description"),
    ];
    for (request, line, code, words) in table {
        let plan = h.plan(&request).await;
        let problem = plan.problems.first().unwrap_or_else(|| panic!("{}", request.text));
        assert_eq!((problem.line, problem.code), (line, code), "{}\n{problem:?}", request.text);
        assert!(problem.message.contains(words), "{}\n{problem:?}", request.text);
        assert!(!format!("{plan:?}").contains("s3cr3t"), "never repeated: {plan:?}");
        assert!(plan.rows.is_empty() && !plan.differs);
    }
    assert_eq!(h.server().requests().all().len(), asked, "no request for what can't be read");
    // All at once, in the file's order, each with its webhook.
    let many =
        file("  - description: A\n    target: x\n    events: []\n  - description: B\n    events: [a]\n");
    let plan = h.plan(&many).await;
    let places: Vec<_> = plan.problems.iter().map(|p| (p.line, p.column, p.webhook.as_deref())).collect();
    assert_eq!(places, [(3, 5, Some("A")), (4, 5, Some("A")), (6, 5, Some("B"))]);
    let refused = h.apply(&many).await.unwrap_err();
    let Some(Details::Fields { fields }) = refused.details else { panic!("{refused:?}") };
    assert!(refused.code == Code::Invalid && fields.len() == 3 && fields[1].pointer == "4:5", "{fields:?}");
}

/// What the editor would not save, and what only the list tells.
#[tokio::test]
async fn what_the_server_has_is_looked_at_too() {
    let h = Hooks::other().await;
    let rows = h.world.app.webhooks_view(&h.account).await.unwrap().rows;
    h.world.app.webhook_save(&h.account, &new_webhook("https://erp.example.com/hook")).await.unwrap();
    let id = rows[0].id.clone();
    let table = [
        (with("").text.replace("https://a.", "ftp://a."), 4, P::Field, "http"),
        (with("").text.replace("[ticket_created]", "[]"), 5, P::Field, "event"),
        (with("    projects: []\n").text, 6, P::Field, "project"),
        (with("").text.replace("a.example.com/", "a.example.com/?token=[masked]"), 4, P::Masked, "whole URL"),
        (with("    id: nope\n").text, 6, P::NoSuchWebhook, "Take the id away"),
        (with("    authentication: unchanged\n").text, 6, P::WrongKind, "none or basic"),
        (with("    headers:\n      - {name: Host, value: x}\n").text, 7, P::Field, "sender"),
        (
            with("    headers:\n      - {name: X, value: x}\n      - {name: x, value: y}\n").text,
            8,
            P::Field,
            "name",
        ),
        (
            with("    headers:\n      - {name: X, hidden: keychain:NONE}\n").text,
            7,
            P::NeedsValue,
            "value set NONE",
        ),
        (with("    headers:\n      - {name: X, hidden: stdin:N}\n").text, 7, P::NeedsValue, "“N”"),
        (with("").text + &with("").text.replace("version: 1\nwebhooks:\n", ""), 6, P::Duplicate, "line 3"),
        (
            with(&format!("    headers:\n      - {{name: X-API-Key, value: {HIDDEN}}}\n"))
                .text
                .replace("description: A", "description: Tickets to the ERP"),
            7,
            P::ValueForHidden,
            "hides",
        ),
        (
            format!(
                "{}    id: {id}\n{}    id: {id}\n",
                with("").text,
                with("").text.replace("version: 1\nwebhooks:\n", "")
            ),
            10,
            P::Duplicate,
            "id",
        ),
    ];
    for (request, line, code, words) in table {
        let plan = h.plan(&text(&request)).await;
        let problem = plan.problems.first().unwrap_or_else(|| panic!("{request}\n{plan:?}"));
        assert_eq!((problem.line, problem.code), (line, code), "{request}\n{plan:?}");
        assert!(problem.message.contains(words), "{request}\n{problem:?}");
        assert!(!format!("{:?}", plan.problems).contains(HIDDEN));
    }
    assert_eq!(h.writes(), 1);
}

#[tokio::test]
async fn variables_and_environments() {
    let h = Hooks::other().await;
    let base = "version: 1
variables: {host: hooks.example.com, stage: production, key: ERP}
environments:
  staging: {host: staging.example.com, stage: 'staging: ${host}'}
webhooks:
  - description: ERP (${stage})
    target_url: https://${host}/in?x=$${host}
    events: [ticket_created]
    headers: [{name: X-Stage, value: '${stage}'}]
";
    let plan = h.plan(&text(base)).await;
    let shown =
        |plan: &gatehouse_core::webhooks::CodePlan| (plan.rows[0].description.clone(), plan.problems.len());
    assert_eq!(shown(&plan), ("ERP (production)".to_owned(), 0));
    let staging = CodeRequest { environment: Some("staging".into()), ..text(base) };
    assert_eq!(h.plan(&staging).await.rows[0].description, "ERP (staging: ${host})", "filled in once");
    h.applied(&staging).await;
    let form = h.world.app.webhooks_view(&h.account).await.unwrap();
    let id = row(&form.rows, "ERP (staging: ${host})").id;
    let form = h.world.app.webhook_form(&h.account, Some(&id)).await.unwrap();
    assert_eq!(form.target_url, "https://staging.example.com/in?x=${host}");
    assert_eq!(form.headers[0].value.as_deref(), Some("staging: ${host}"));
    let unknown = CodeRequest { environment: Some("test".into()), ..text(base) };
    let problem = h.plan(&unknown).await.problems.remove(0);
    assert!(
        problem.code == P::UnknownEnvironment && problem.line == 4 && problem.message.contains("staging")
    );
    // One that only environments define.
    let only = base.replace("host: hooks.example.com, ", "");
    let plan = h.plan(&text(&only)).await;
    assert!(
        plan.problems.len() == 1 && plan.problems[0].line == 7 && plan.problems[0].code == P::UnknownVariable
    );
}

#[tokio::test]
async fn a_variable_says_whether_a_webhook_is_active() {
    let h = Hooks::other().await;
    let base = "version: 1
variables: {on: true, off: 'false', odd: yes}
webhooks:
  - {description: A, target_url: 'https://a.example.com/', events: [ticket_created], active: \"${on}\"}
  - {description: B, target_url: 'https://b.example.com/', events: [ticket_created], active: '${off}'}
  - description: C
    target_url: https://c.example.com/
    events: [ticket_created]
    active: ${off}
";
    h.applied(&text(base)).await;
    let rows = h.world.app.webhooks_view(&h.account).await.unwrap().rows;
    assert_eq!(["A", "B", "C"].map(|name| row(&rows, name).active), [true, false, false]);
    let plan = h.plan(&text(&base.replace("active: ${off}", "active: ${odd}"))).await;
    assert!(plan.problems.len() == 1 && plan.problems[0].code == P::WrongKind, "{plan:?}");
}

fn two(first: &str, second: &str) -> CodeRequest {
    file(&format!(
        "  - {{description: {first}, target_url: 'https://a.example.com/', events: [ticket_created]}}
  - {{description: {second}, target_url: 'https://a.example.com/', events: [ticket_updated, ticket_created]}}
"
    ))
}

#[tokio::test]
async fn a_renamed_webhook_is_the_same_one() {
    let h = Hooks::other().await;
    h.applied(&two("A", "B")).await;
    let before = h.world.app.webhooks_view(&h.account).await.unwrap().rows;
    let ids = [row(&before, "A").id, row(&before, "B").id];
    // Detected, and said.
    let plan = h.plan(&two("A new", "B")).await;
    let first = &plan.rows[0];
    assert_eq!(
        (first.found, first.renamed_from.as_deref(), first.id.as_ref()),
        (CodeFound::Similar, Some("A"), Some(&ids[0]))
    );
    assert!(first.action == CodeAction::Update && plan.create == 0);
    h.applied(&two("A new", "B")).await;
    // Said by the file, with another target as well.
    let mut moved = two("A newer, was: A new", "B, was: nothing");
    moved.text = moved.text.replacen("a.example.com", "b.example.com", 1);
    let plan = h.plan(&moved).await;
    assert_eq!((plan.rows[0].found, plan.rows[1].found), (CodeFound::Was, CodeFound::Description));
    assert!(plan.rows[0].plan.destination.is_some(), "as the editor shows it");
    h.applied(&moved).await;
    let after = h.world.app.webhooks_view(&h.account).await.unwrap().rows;
    assert_eq!([row(&after, "A newer").id, row(&after, "B").id], ids);
    // By its id whatever it is called; two that swap names stay who they are.
    let swap = two(&format!("B, id: {}", ids[0]), &format!("A newer, id: {}", ids[1]));
    let plan = h.plan(&swap).await;
    assert!(plan.rows.iter().all(|r| r.found == CodeFound::Id && r.action == CodeAction::Update), "{plan:?}");
    h.applied(&swap).await;
    // Two that could be meant: no guess, and no creation either.
    h.world.app.webhook_save(&h.account, &new_webhook("https://c.example.com/")).await.unwrap();
    h.world.app.webhook_save(&h.account, &new_webhook("https://c.example.com/")).await.unwrap();
    let twice = file(
        "  - {description: Tickets to the ERP, target_url: 'https://c.example.com/', events: [comment_added, ticket_created]}\n",
    );
    let plan = h.plan(&twice).await;
    assert!(
        plan.problems.len() == 1 && plan.problems[0].code == P::Ambiguous && plan.rows.is_empty(),
        "{plan:?}"
    );
    let renamed = CodeRequest { text: twice.text.replace("Tickets to the ERP", "ERP"), ..twice };
    let plan = h.plan(&renamed).await;
    assert_eq!(plan.rows[0].found, CodeFound::New, "which of the two was renamed can't be told");
}
