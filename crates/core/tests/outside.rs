//! The window and the command line at once: each shows what the other did, and leaves alone what the other is at.

#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.

mod support;

use gatehouse_core::{
    Code,
    jobs::JobState,
    notices::Notice,
    tokens::Kept,
    users::UserPick,
    webhooks::{AuthenticationInput, WebhookInput, WebhookPick},
};
use planradar_sandbox::{Effect, Fault, Sandbox};
use support::{
    World, arrived, found,
    hooks::{Hooks, new_webhook, row, seeded, untouched},
};

/// What the window is told of what another program did, in the order of the kinds.
async fn told(world: &World) -> Vec<String> {
    world.notices.take();
    world.app.look_outside().await.unwrap();
    let kind = |notice: &Notice| serde_json::to_value(notice).unwrap()["kind"].as_str().unwrap().to_owned();
    let mut kinds: Vec<_> = world.notices.take().iter().map(kind).collect();
    // The limit moves by itself.
    kinds.retain(|kind| kind != "limit_changed");
    kinds.sort();
    kinds.dedup();
    kinds
}

fn slow(route: &str) -> Fault {
    let effect = Effect::Latency { before_ms: 0, after_ms: 600 };
    Fault { method: None, route: Some(route.to_owned()), nth: None, effect }
}

#[tokio::test]
async fn a_token_of_the_command_line_is_in_the_window() {
    let server = Sandbox::start(seeded()).await.unwrap();
    let world = World::new();
    let account = world.add(&server).await.id;
    world.app.tokens_refresh(&account).await.unwrap();
    let cli = world.command_line();
    assert!(told(&world).await.is_empty(), "nothing happened");

    let created = cli.token_create(&account, "From a script", Kept::Keychain).await.unwrap();
    let kinds = told(&world).await;
    assert_eq!(kinds, ["operations_changed", "tokens_changed"]);
    let view = world.app.tokens_view(&account).await.unwrap();
    let row = view.rows.iter().find(|r| r.id == created.token_id).unwrap();
    assert_eq!((row.name.as_str(), row.kept), ("From a script", Kept::Keychain));
    assert_eq!(world.app.operations_list(&account).await.unwrap(), [], "the value is on show elsewhere");
    assert!(told(&world).await.is_empty(), "told once");
}

#[tokio::test]
async fn a_creation_under_way_elsewhere_is_not_called_lost() {
    let server = Sandbox::start(seeded()).await.unwrap();
    let world = World::new();
    let account = world.add(&server).await.id;
    world.app.tokens_refresh(&account).await.unwrap();
    let cli = world.command_line();
    server.fault(slow("tokens.create"));
    let creating = cli.token_create(&account, "From a script", Kept::Keychain);
    let looking = async {
        arrived(&server, "tokens.create", 1).await;
        assert_eq!(world.app.operations_list(&account).await.unwrap(), []);
        // The list that has the new token already settles nothing.
        world.app.tokens_refresh(&account).await.unwrap();
        assert_eq!(world.app.operations_list(&account).await.unwrap(), []);
        let error = world.app.account_remove(&account).await.unwrap_err();
        assert_eq!(error.code, Code::Stale);
    };
    let (created, ()) = tokio::join!(creating, looking);
    assert_eq!(created.unwrap().keep_error, None);
}

#[tokio::test]
async fn a_webhook_changed_by_the_command_line_is_anew_in_the_window() {
    let h = Hooks::other().await;
    let cli = h.world.command_line();
    told(&h.world).await;
    let plain = WebhookInput {
        authentication: AuthenticationInput::None,
        headers: Vec::new(),
        ..new_webhook("http://127.0.0.1:9/hook")
    };
    let created = cli.webhook_save(&h.account, &plain).await.unwrap();
    let id = created.form.id.clone().unwrap();
    assert!(told(&h.world).await.contains(&"webhooks_changed".to_owned()));
    let form = h.world.app.webhook_form(&h.account, Some(&id)).await.unwrap();
    assert!(form.active && form.base == created.form.base);

    let mut input = untouched(&created.form);
    input.description = "Renamed in a script".into();
    cli.webhook_save(&h.account, &input).await.unwrap();
    assert!(told(&h.world).await.contains(&"webhooks_changed".to_owned()));
    let view = h.world.app.webhooks_view(&h.account).await.unwrap();
    let known = row(&view.rows, "Renamed in a script");
    assert_eq!(known.id, id);
    let form = h.world.app.webhook_form(&h.account, Some(&id)).await.unwrap();
    assert_eq!(form.description, "Renamed in a script");

    let pick = vec![WebhookPick { id: id.clone(), base: known.base.clone() }];
    assert_eq!(cli.webhooks_delete(&h.account, &pick).await.unwrap()[0].error, None);
    told(&h.world).await;
    assert_eq!(h.world.app.webhook_form(&h.account, Some(&id)).await.unwrap_err().code, Code::Gone);
}

#[tokio::test]
async fn a_run_of_the_command_line_is_shown_and_left_alone() {
    let server = Sandbox::start(seeded()).await.unwrap();
    let world = World::new();
    let account = world.add(&server).await.id;
    let users = world.app.users_refresh(&account).await.unwrap().rows;
    let picks: Vec<_> = users
        .iter()
        .filter(|u| u.locked.is_none() && u.api_access == Some(false))
        .map(|u| UserPick { id: u.id.clone(), name: u.name.clone() })
        .collect();
    assert!(picks.len() > 1);
    let cli = world.command_line();
    told(&world).await;
    server.fault(slow("users.update"));
    let job = cli.users_set_api(&account, picks.clone(), true).await.unwrap();
    arrived(&server, "users.update", 1).await;
    assert!(told(&world).await.contains(&"job_changed".to_owned()));
    let shown = world.app.jobs_list(&account).await.unwrap();
    assert_eq!(
        (shown[0].id.clone(), shown[0].elsewhere, shown[0].state),
        (job.id.clone(), true, JobState::Running)
    );
    for refused in [
        world.app.job_pause(&job.id).await.map(drop),
        world.app.job_resume(&job.id).await.map(drop),
        world.app.job_cancel(&job.id).await,
    ] {
        assert_eq!(refused.unwrap_err().code, Code::Stale);
    }
    server.clear_faults();
    let ended = found("the notice of the run's end", async || {
        world.app.look_outside().await.unwrap();
        world.notices.take().into_iter().find_map(|notice| match notice {
            Notice::JobChanged { job } if job.state == JobState::Finished => Some(job),
            _ => None,
        })
    })
    .await;
    assert_eq!((ended.done, ended.failures.len()), (ended.total, 0));
    assert_eq!(server.requests().count("users.update"), picks.len(), "each once");
}

#[tokio::test]
async fn an_account_renamed_or_removed_elsewhere() {
    let server = Sandbox::start(seeded()).await.unwrap();
    let world = World::new();
    let account = world.add(&server).await.id;
    let cli = world.command_line();
    told(&world).await;
    cli.account_rename(&account, "Renamed").await.unwrap();
    assert_eq!(told(&world).await, ["accounts_changed"]);
    assert_eq!(world.app.start().await.unwrap().accounts[0].label, "Renamed");
    cli.account_remove(&account).await.unwrap();
    assert!(told(&world).await.contains(&"accounts_changed".to_owned()));
    assert!(world.app.start().await.unwrap().accounts.is_empty());
    assert_eq!(world.app.tokens_refresh(&account).await.unwrap_err().code, Code::NoSuchAccount);
}

#[tokio::test]
async fn what_can_not_be_taken_in_hides_nothing_else() {
    let server = Sandbox::start(seeded()).await.unwrap();
    let world = World::new();
    let account = world.add(&server).await.id;
    let world = world.ended_and_restarted().await;
    told(&world).await;
    let other = world.other_program();
    other.change_account(&account, |a| a.server = "ftp://nowhere".into()).unwrap();
    other.cache(&account, "tokens.list", &["x"], jiff::Timestamp::now()).unwrap();
    world.notices.take();
    assert_eq!(world.app.look_outside().await.unwrap_err().code, Code::Invalid);
    let kinds: Vec<_> = world.notices.take();
    assert!(kinds.contains(&Notice::AccountsChanged), "{kinds:?}");
    assert!(kinds.contains(&Notice::TokensChanged { account }), "{kinds:?}");
}
