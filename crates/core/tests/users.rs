//! Users: seen, searched, given and taken access, cut off; other users' tokens.

#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.

mod support;

use gatehouse_core::{
    AreaState, Code,
    jobs::{JobState, JobView},
    notices::Notice,
    users::{ApiLock, CutOffWhat, UserPick, UserRow},
};
use planradar_sandbox::{Effect, Options, Sandbox, UsersPut};
use serde_json::json;
use support::{World, arrived, heard, hooks::seeded, once, pass};

struct Office {
    world: World,
    server: Sandbox,
    account: String,
}

/// Signed in as the administrator, who has the permission 'Users'.
async fn office() -> Office {
    office_of(seeded()).await
}

async fn office_of(options: Options) -> Office {
    let server = Sandbox::start(options).await.unwrap();
    let world = World::new();
    let token = server.ready().unwrap().tokens.administrator;
    let account = world.try_add(server.url(), server.customer_id(), &token).await.unwrap().id;
    world.app.tokens_refresh(&account).await.unwrap();
    world.app.users_refresh(&account).await.unwrap();
    Office { world, server, account }
}

impl Office {
    async fn rows(&self) -> Vec<UserRow> {
        self.world.app.users_view(&self.account).await.unwrap().rows
    }

    async fn row(&self, name: &str) -> UserRow {
        let rows = self.rows().await;
        rows.iter().find(|r| r.name.contains(name)).unwrap_or_else(|| panic!("{rows:?}")).clone()
    }

    async fn pick(&self, name: &str) -> UserPick {
        let row = self.row(name).await;
        UserPick { id: row.id, name: row.name }
    }

    async fn set_api(&self, names: &[&str], grant: bool) -> JobView {
        let mut picks = Vec::new();
        for name in names {
            picks.push(self.pick(name).await);
        }
        self.world.notices.take();
        let job = self.world.app.users_set_api(&self.account, picks, grant).await.unwrap();
        assert_eq!((job.state, job.done), (JobState::Running, 0));
        self.rests(&job.id).await
    }

    /// Waits until a run is at rest.
    async fn rests(&self, id: &str) -> JobView {
        heard(&self.world, |n| match n {
            Notice::JobChanged { job } if job.id == id && job.state != JobState::Running => Some(job.clone()),
            _ => None,
        })
        .await
    }

    fn sent(&self, route: &str) -> usize {
        self.server.requests().count(route)
    }
}

#[tokio::test]
async fn everybody_is_seen_and_why_they_can_not_be_changed() {
    let o = office().await;
    let view = o.world.app.users_view(&o.account).await.unwrap();
    assert!(view.complete && view.requests_left == Some(0) && view.rows.len() == 14, "{}", view.rows.len());
    let lock = async |name| o.row(name).await.locked;
    assert_eq!(lock("Torfstetter").await, Some(ApiLock::AccountHolder));
    assert_eq!(lock("Mörtelsen").await, Some(ApiLock::FixedPermissions));
    assert_eq!(lock("Lotrecht").await, Some(ApiLock::FixedPermissions));
    assert_eq!(lock("Brückwald").await, None);
    assert_eq!(o.row("Gerüstner").await.active, Some(false));
    let found = o.world.app.users_search(&o.account, "brückwald", 1).await.unwrap();
    assert_eq!(found.rows.iter().map(|r| r.name.as_str()).collect::<Vec<_>>(), ["Jonte Brückwald"]);
    let detail = o.world.app.user_detail(&o.account, &found.rows[0].id).await.unwrap();
    let api = |p: &gatehouse_core::users::Permission| p.key == "api_documentation_access" && p.on;
    assert!(!detail.is_me && detail.permissions.unwrap().iter().any(api));
}

#[tokio::test]
async fn who_may_not_change_users_is_told_why() {
    let server = Sandbox::start(seeded()).await.unwrap();
    let world = World::new();
    let token = server.ready().unwrap().tokens.api_user;
    let account = world.try_add(server.url(), server.customer_id(), &token).await.unwrap().id;
    let view = world.app.users_refresh(&account).await.unwrap();
    assert_eq!((view.error, view.state), (None, AreaState::Offered), "everybody with 'API Access' may look");
    let row = view.rows.iter().find(|r| r.name.contains("Schalbrett")).unwrap();
    let o = Office { world, server, account };
    let job = o.set_api(&["Schalbrett"], true).await;
    assert_eq!((job.state, job.done), (JobState::Paused, 0));
    assert_eq!(job.halted.map(|e| e.code), Some(Code::PermissionUsers));
    let tokens = o.world.app.user_tokens(&o.account, &row.id, true).await.unwrap();
    assert!(matches!(tokens.state, AreaState::Refused { reason: Code::PermissionUsers, .. }), "{tokens:?}");
}

#[tokio::test]
async fn access_is_given_to_several_and_nothing_else_changes() {
    let o = office().await;
    let job = o.set_api(&["Schalbrett", "Fugenhauer", "Brückwald"], true).await;
    assert_eq!(
        (job.state, job.done, job.unchanged, job.failures.len()),
        (JobState::Finished, 3, 1, 0),
        "{job:?}"
    );
    assert_eq!(o.sent("users.update"), 2, "one had it already");
    for name in ["Schalbrett", "Fugenhauer", "Brückwald"] {
        assert_eq!(o.row(name).await.api_access, Some(true), "{name}");
    }
    assert_eq!(o.world.app.jobs_list(&o.account).await.unwrap(), []);
    let job = o.set_api(&["Schalbrett"], false).await;
    assert_eq!((job.state, job.unchanged), (JobState::Finished, 0));
    assert_eq!(o.row("Schalbrett").await.api_access, Some(false));
}

#[tokio::test]
async fn who_is_locked_is_told_and_the_others_go_on() {
    let o = office().await;
    let job = o.set_api(&["Mörtelsen", "Torfstetter", "Schalbrett"], true).await;
    assert_eq!((job.state, job.done, job.failures.len()), (JobState::Finished, 3, 2));
    let codes: Vec<_> = job.failures.iter().map(|f| f.error.code).collect();
    assert_eq!(codes, [Code::Forbidden, Code::AccountHolderOnly]);
    assert_eq!((o.sent("users.update"), o.row("Schalbrett").await.api_access), (1, Some(true)));
}

#[tokio::test]
async fn what_changes_besides_stops_a_run() {
    let o = office_of(Options { users_put: UsersPut::Merge, ..seeded() }).await;
    let user = o.pick("Schalbrett").await;
    // Something else of the user changes at the same moment.
    let hold = Effect::Latency { before_ms: 0, after_ms: 400 };
    o.server.fault(once("users.update", hold));
    let second = o.pick("Fugenhauer").await;
    let job = o.world.app.users_set_api(&o.account, vec![user.clone(), second], true).await.unwrap();
    arrived(&o.server, "users.update", 1).await;
    let more = json!({"cost-center": "4711"}).as_object().unwrap().clone();
    o.server.set_unknown(&user.id, more, serde_json::Map::new()).unwrap();
    let job = o.rests(&job.id).await;
    assert_eq!((job.state, job.done), (JobState::Ended, 1), "{job:?}");
    assert_eq!(job.halted.as_ref().map(|e| e.code), Some(Code::ChangedToo));
    assert!(job.halted.unwrap().message.contains("cost-center"));
    assert_eq!(o.sent("users.update"), 1);
}

#[tokio::test]
async fn a_run_rests_when_the_server_does_and_goes_on_after_a_restart() {
    let mut o = office().await;
    o.server.fault(once("users.get", Effect::Status { status: 401, done: false }));
    let job = o.set_api(&["Schalbrett", "Fugenhauer"], true).await;
    assert_eq!((job.state, job.done), (JobState::Paused, 0), "{job:?}");
    assert_eq!(job.halted.map(|e| e.code), Some(Code::Unauthorized));
    o.server.clear_faults();
    o.world = o.world.restarted();
    let open = o.world.app.jobs_list(&o.account).await.unwrap();
    assert_eq!((open.len(), open[0].state), (1, JobState::Paused));
    assert_eq!(o.world.app.operations_list(&o.account).await.unwrap(), [], "a run is shown as a run");
    o.world.app.job_resume(&open[0].id).await.unwrap();
    let job = o.rests(&open[0].id).await;
    assert_eq!((job.state, job.done, job.failures.len()), (JobState::Finished, 2, 0));
    // One that is cancelled is over.
    o.server.fault(once("users.get", Effect::Status { status: 401, done: false }));
    let job = o.set_api(&["Schalbrett"], false).await;
    o.world.app.job_cancel(&job.id).await.unwrap();
    assert_eq!(o.world.app.jobs_list(&o.account).await.unwrap(), []);
    assert_eq!(o.world.app.job_resume(&job.id).await.unwrap_err().code, Code::Stale);
}

#[tokio::test]
async fn a_lost_answer_is_read_back_and_never_sent_twice() {
    let o = office().await;
    for done in [true, false] {
        o.server.clear_faults();
        o.server.fault(once("users.update", Effect::Reset { done }));
        let before = o.sent("users.update");
        let job = o.set_api(&["Schalbrett"], done).await;
        assert_eq!(o.sent("users.update"), before + 1);
        // Granting was done; taking away was not, and that is told.
        assert_eq!((job.state, job.failures.len()), (JobState::Finished, usize::from(!done)), "{job:?}");
        assert_eq!(o.row("Schalbrett").await.api_access, Some(true));
    }
}

#[tokio::test]
async fn tokens_of_another_user_are_deleted_after_a_while_that_can_be_undone() {
    let o = office().await;
    let (app, user) = (&o.world.app, o.pick("Brückwald").await);
    let asked = app.user_tokens(&o.account, &user.id, true).await.unwrap();
    assert!(asked.state == AreaState::Offered && asked.rows.len() == 2 && !asked.protected, "{asked:?}");
    assert_eq!(o.row("Brückwald").await.tokens, Some(2));

    let held = app.user_tokens_delete(&o.account, user.clone(), asked.rows[..1].to_vec()).await.unwrap();
    assert!(!app.may_quit(false), "quitting would cancel it");
    app.operation_undo(&held.operation).await.unwrap();
    assert!(app.may_quit(false));
    pass(&o.world, 11).await;
    assert_eq!(o.sent("user_tokens.delete"), 0, "nothing was sent");
    assert_eq!(app.operation_undo(&held.operation).await.unwrap_err().code, Code::Stale);

    o.world.notices.take();
    let held = app.user_tokens_delete(&o.account, user.clone(), asked.rows[..1].to_vec()).await.unwrap();
    pass(&o.world, 11).await;
    let error = heard(&o.world, |n| match n {
        Notice::UserTokensDeleted { operation, error, .. } if *operation == held.operation => {
            Some(error.clone())
        }
        _ => None,
    });
    assert_eq!(error.await, None);
    assert_eq!(app.operation_undo(&held.operation).await.unwrap_err().code, Code::Stale);
    let left = app.user_tokens(&o.account, &user.id, true).await.unwrap().rows;
    assert_eq!(left, asked.rows[1..]);
    assert_eq!(app.operations_list(&o.account).await.unwrap(), []);
}

#[tokio::test]
async fn quitting_cancels_a_held_deletion() {
    let mut o = office().await;
    let user = o.pick("Brückwald").await;
    let tokens = o.world.app.user_tokens(&o.account, &user.id, true).await.unwrap().rows;
    o.world.app.user_tokens_delete(&o.account, user, tokens).await.unwrap();
    o.world = o.world.restarted();
    pass(&o.world, 20).await;
    assert_eq!(o.sent("user_tokens.delete"), 0);
    assert_eq!(o.world.store.open_operations(None).unwrap(), []);
}

#[tokio::test]
async fn the_account_holders_tokens_are_protected_before_any_request() {
    let o = office().await;
    let holder = o.pick("Torfstetter").await;
    let asked = o.world.app.user_tokens(&o.account, &holder.id, true).await.unwrap();
    assert!(asked.protected && !asked.rows.is_empty());
    let refused = o.world.app.user_tokens_delete(&o.account, holder, asked.rows).await.unwrap_err();
    assert_eq!(refused.code, Code::AccountHolderToken);
    assert!(refused.message.contains("Hedda Torfstetter") && refused.message.contains("Nothing was sent"));
    assert_eq!(o.sent("user_tokens.delete"), 0);
}

#[tokio::test]
async fn cutting_off_leaves_nothing_and_proves_it() {
    let o = office().await;
    let user = o.pick("Brückwald").await;
    let report = o.world.app.user_cut_off(&o.account, user.clone(), true).await.unwrap();
    assert!(report.steps.iter().all(|s| s.error.is_none()), "{report:?}");
    let whats: Vec<_> = report.steps.iter().map(|s| s.what).collect();
    assert_eq!(whats, [CutOffWhat::ApiAccess, CutOffWhat::Deactivate, CutOffWhat::Tokens, CutOffWhat::Proof]);
    assert_eq!((report.deleted, report.left, report.can_sign_in), (2, Some(Vec::new()), Some(false)));
    let row = o.row("Brückwald").await;
    assert_eq!((row.api_access, row.active, row.tokens), (Some(false), Some(false), Some(0)));

    // A step that fails does not stop the others, and the report says so.
    let user = o.pick("Dachfirst").await;
    o.server.fault(once("users.update", Effect::Status { status: 500, done: false }));
    o.server.fault(once("user_tokens.delete", Effect::Status { status: 500, done: false }));
    let report = o.world.app.user_cut_off(&o.account, user, false).await.unwrap();
    let failed: Vec<_> = report.steps.iter().filter(|s| s.error.is_some()).map(|s| s.what).collect();
    assert_eq!(failed, [CutOffWhat::ApiAccess, CutOffWhat::Tokens, CutOffWhat::Proof], "{report:?}");
    assert_eq!((report.deleted, report.left.unwrap().len(), report.can_sign_in), (1, 1, Some(true)));
}

#[tokio::test]
async fn who_can_never_have_access_is_cut_off_whole() {
    let o = office().await;
    for name in ["Mörtelsen", "Lotrecht"] {
        let user = o.pick(name).await;
        let report = o.world.app.user_cut_off(&o.account, user, true).await.unwrap();
        assert!(report.steps.iter().all(|s| s.error.is_none()), "{name}: {report:?}");
        assert_eq!((report.left, report.can_sign_in), (Some(Vec::new()), Some(false)), "{name}");
    }
}

#[tokio::test]
async fn in_documented_only_mode_access_can_be_given_and_tokens_explain_themselves() {
    let o = office().await;
    o.server.set_documented_only(true);
    let user = o.pick("Schalbrett").await;
    let job = o.set_api(&["Schalbrett"], true).await;
    assert_eq!((job.state, job.failures.len()), (JobState::Finished, 0), "{job:?}");
    let tokens = o.world.app.user_tokens(&o.account, &user.id, true).await.unwrap();
    assert_eq!(tokens.error.map(|e| e.code), Some(Code::NotOffered));
    assert!(matches!(tokens.state, AreaState::NotOffered { .. }));
    // What was answered by a 404 is not asked again.
    let asked = o.server.requests().all().len();
    let again = o.world.app.user_tokens(&o.account, &user.id, true).await.unwrap();
    assert_eq!(again.error.map(|e| e.code), Some(Code::NotOffered));
    assert_eq!(o.server.requests().all().len(), asked);
}
