//! A file of webhooks in the window: held while it is looked at, with what is entered for it.

#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.

mod support;

use gatehouse_core::{
    AppError, Code, SecretInput,
    notices::Notice,
    webhooks::{CodeAnswer, CodeChoice, CodeFile, CodePlan, CodeProblemCode, LARGEST_FILE, WebhookChange},
};
use secrecy::SecretString;
use support::hooks::{HIDDEN, Hooks, PASSWORD};

const TEXT: &str = "version: 1
environments: {test: {host: test.example.com}, live: {host: erp.example.com}}
webhooks:
  - description: Defects
    target_url: https://${host}/in
    events: [ticket_created]
    authentication: {basic: {username: pr, password: {hidden: 'stdin:secret'}}}
    headers: [{name: X-Key, hidden: 'keychain:ERP', version: 3}, {name: X-Site, value: north}]
";

async fn open(h: &Hooks, text: &str) -> CodeFile {
    let name = Some("webhooks.yaml".to_owned());
    h.world.app.webhooks_import_open(&h.account, name, text.to_owned()).await.unwrap()
}

fn live() -> CodeChoice {
    CodeChoice { environment: Some("live".to_owned()), prune: false }
}

async fn plan(h: &Hooks, file: &CodeFile) -> CodePlan {
    h.world.app.webhooks_import_plan(&file.id, &live()).await.unwrap()
}

fn answer(reference: &str, version: Option<u32>, value: &str) -> CodeAnswer {
    CodeAnswer {
        reference: reference.to_owned(),
        version,
        value: SecretInput::from(SecretString::from(value)),
    }
}

async fn give(h: &Hooks, file: &CodeFile, answers: Vec<CodeAnswer>) -> Result<(), AppError> {
    h.world.app.webhooks_import_give(&file.id, &live(), answers).await
}

fn needed(plan: &CodePlan) -> Vec<&str> {
    assert!(plan.problems.iter().all(|p| p.code == CodeProblemCode::NeedsValue), "{plan:?}");
    plan.problems.iter().filter_map(|p| p.name.as_deref()).collect()
}

#[tokio::test]
async fn what_is_entered_is_kept_or_held_as_the_file_says() {
    let h = Hooks::other().await;
    let file = open(&h, TEXT).await;
    assert_eq!(
        (file.name.as_deref(), &*file.environments),
        (Some("webhooks.yaml"), &["test".into(), "live".into()][..])
    );
    assert_eq!(needed(&plan(&h, &file).await), ["stdin:secret", "keychain:ERP"]);

    for (reference, value) in [("keychain:ERP", "Schlüssel"), ("keychain:ERP", "••••"), ("stdin:secret", "")]
    {
        let error = give(&h, &file, vec![answer(reference, None, value)]).await.unwrap_err();
        assert_eq!((error.code, error.field.as_deref()), (Code::Invalid, Some(reference)), "{error:?}");
        assert!(value.is_empty() || !error.message.contains(value));
    }
    let stale = give(&h, &file, vec![answer("keychain:OTHER", None, HIDDEN)]).await.unwrap_err();
    assert_eq!(stale.code, Code::Stale, "only what the file asks for");

    give(&h, &file, vec![answer("stdin:secret", None, PASSWORD), answer("keychain:ERP", Some(3), HIDDEN)])
        .await
        .unwrap();
    let shown = plan(&h, &file).await;
    assert!(shown.problems.is_empty() && shown.create == 1, "{shown:?}");
    let kept = h.world.app.webhook_values(&h.account).await.unwrap();
    assert_eq!(kept.iter().map(|v| (&*v.name, v.version)).collect::<Vec<_>>(), [("ERP", 3)]);
    // Lost and entered again in the version that was here: it never goes back.
    give(&h, &file, vec![answer("keychain:ERP", Some(3), HIDDEN)]).await.unwrap();
    assert_eq!(h.world.app.webhook_values(&h.account).await.unwrap()[0].version, 4);

    let refused = h.world.app.webhooks_import_apply(&file.id, &live(), &shown.digest).await.unwrap_err();
    assert_eq!(refused.code, Code::Stale, "what was shown is what is done");
    let shown = plan(&h, &file).await;
    h.world.notices.take();
    let report = h.world.app.webhooks_import_apply(&file.id, &live(), &shown.digest).await.unwrap();
    assert!(report.done.len() == 1 && report.stopped.is_none(), "{report:?}");
    let moved = h.world.notices.take().into_iter().filter_map(|n| match n {
        Notice::WebhooksCodeMoved { progress } => Some((progress.done, progress.total)),
        _ => None,
    });
    assert_eq!(moved.collect::<Vec<_>>(), [(0, 1), (1, 1)]);
    let again = plan(&h, &file).await;
    assert!(!again.differs && again.problems.is_empty(), "{again:?}");

    h.world.app.webhooks_import_close(&file.id);
    let closed = h.world.app.webhooks_import_plan(&file.id, &live()).await.unwrap_err();
    assert_eq!(closed.code, Code::Stale);
}

#[tokio::test]
async fn a_new_webhook_shows_all_that_is_seen_of_it() {
    let h = Hooks::other().await;
    let shown = plan(&h, &open(&h, TEXT).await).await;
    let fields: Vec<_> = shown.rows[0].plan.changes.iter().map(|c| (&*c.field, c.new.as_deref())).collect();
    assert_eq!(
        fields,
        [
            ("description", Some("Defects")),
            ("active", Some("true")),
            ("target_url", Some("https://erp.example.com/in")),
            ("projects", None),
            ("events", Some("ticket_created")),
            ("username", Some("pr")),
            ("header X-Key", Some("(hidden)")),
            ("header X-Site", Some("north")),
        ]
    );
    let nothing = |c: &WebhookChange| c.old.is_none();
    assert!(shown.rows[0].plan.changes.iter().all(nothing), "{shown:?}");
}

#[tokio::test]
async fn one_file_is_held_and_it_has_a_size() {
    let h = Hooks::other().await;
    let first = open(&h, TEXT).await;
    let second = open(&h, "not: [yaml").await;
    assert_eq!((&second.environments, first.id == second.id), (&vec![], false));
    h.world.app.webhooks_import_close(&first.id);
    assert_eq!(plan(&h, &second).await.problems[0].code, CodeProblemCode::Syntax);
    assert_eq!(h.world.app.webhooks_import_plan(&first.id, &live()).await.unwrap_err().code, Code::Stale);
    let huge = h.world.app.webhooks_import_open(&h.account, None, " ".repeat(LARGEST_FILE + 1)).await;
    assert_eq!(huge.unwrap_err().field.as_deref(), Some("codeFile"));
}

#[tokio::test]
async fn a_webhook_is_copied_as_a_file_and_stays_on_the_clipboard() {
    let h = Hooks::other().await;
    let id = h.world.app.webhooks_view(&h.account).await.unwrap().rows[0].id.clone();
    h.world.app.webhook_copy_yaml(&h.account, &id).await.unwrap();
    let text = h.world.clipboard.text();
    assert!(text.contains(&format!("- id: \"{id}\"")) && text.contains("version: 1"), "{text}");
    let same = plan(&h, &open(&h, &text).await).await;
    // It has no environment of that name; as it stands there is nothing to do.
    assert_eq!(same.problems[0].code, CodeProblemCode::UnknownEnvironment);
    let file = open(&h, &text).await;
    let same = h.world.app.webhooks_import_plan(&file.id, &CodeChoice::default()).await.unwrap();
    assert!(!same.differs && same.problems.is_empty() && same.unchanged == 1, "{same:?}");
    h.world.app.quitting();
    assert_eq!(h.world.clipboard.text(), text, "no secret: it is not cleared");
    h.world.clipboard.fail(true);
    assert_eq!(h.world.app.webhook_copy_yaml(&h.account, &id).await.unwrap_err().code, Code::Clipboard);
}
