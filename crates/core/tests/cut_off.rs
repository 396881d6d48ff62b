//! Cutting somebody off: nothing that runs beside it gives anything back, and the report tells what is.

#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.

mod support;

use gatehouse_core::{
    Code,
    jobs::JobState,
    notices::Notice,
    users::{CutOffWhat, UserPick},
};
use planradar_sandbox::{Effect, Options, Seed};
use support::{arrived, heard, hooks::seeded, office::Office, once, pass, roomy};

const UPDATE: &str = "users.update";

fn slow() -> Effect {
    Effect::Latency { before_ms: 400, after_ms: 0 }
}

#[tokio::test]
async fn a_run_that_is_giving_access_at_this_moment_does_not_undo_it() {
    let o = Office::new(seeded()).await;
    let user = o.pick("Schalbrett").await;
    o.server.fault(once(UPDATE, slow()));
    let job = o.begin(&["Schalbrett"], true).await;
    // Read, and not written yet.
    arrived(&o.server, UPDATE, 1).await;
    let report = o.world.app.user_cut_off(&o.account, user.clone(), true).await.unwrap();
    assert!(report.steps.iter().all(|step| step.error.is_none()), "{report:?}");
    assert_eq!(o.rests(&job.id).await.state, JobState::Finished);
    assert_eq!(o.on_server(&user.id).await, (Some(false), Some(false)));
}

#[tokio::test]
async fn a_run_passes_over_who_was_cut_off_since_it_began() {
    let mut o = Office::new(seeded()).await;
    o.server.fault(once("users.get", Effect::Status { status: 401, done: false }));
    let job = o.begin(&["Schalbrett", "Fugenhauer"], true).await;
    assert_eq!(o.rests(&job.id).await.state, JobState::Paused);
    let user = o.pick("Schalbrett").await;
    o.world.app.user_cut_off(&o.account, user.clone(), false).await.unwrap();
    let updates = o.sent(UPDATE);
    o.world = o.world.restarted();
    o.world.app.job_resume(&job.id).await.unwrap();
    let job = o.rests(&job.id).await;
    assert_eq!((job.state, job.done, job.failures.len()), (JobState::Finished, 2, 1), "{job:?}");
    assert_eq!((&job.failures[0].user, job.failures[0].error.code), (&user, Code::CutOff));
    assert_eq!((o.on_server(&user.id).await.0, o.sent(UPDATE)), (Some(false), updates + 1));
    assert_eq!(o.row("Fugenhauer").await.api_access, Some(true), "the others get it");
    // Begun anew, it is the person's wish.
    let job = o.begin(&["Schalbrett"], true).await;
    assert_eq!(o.rests(&job.id).await.failures, []);
    assert_eq!(o.on_server(&user.id).await.0, Some(true));
}

#[tokio::test]
async fn another_programs_cut_off_that_came_between_is_done_again() {
    let o = Office::new(seeded()).await;
    let user = o.pick("Schalbrett").await;
    o.server.fault(once(UPDATE, slow()));
    let job = o.begin(&["Schalbrett"], true).await;
    arrived(&o.server, UPDATE, 1).await;
    let other = o.world.command_line();
    let report = other.user_cut_off(&o.account, user.clone(), true).await.unwrap();
    assert!(report.steps.iter().all(|step| step.error.is_none()), "{report:?}");
    let job = o.rests(&job.id).await;
    assert_eq!(job.failures.iter().map(|f| f.error.code).collect::<Vec<_>>(), [Code::CutOff], "{job:?}");
    assert_eq!(o.on_server(&user.id).await, (Some(false), Some(false)));
}

#[tokio::test]
async fn the_account_holder_and_oneself_are_refused_before_any_request() {
    let o = Office::new(seeded()).await;
    let me = o.world.app.start().await.unwrap().accounts.remove(0).user.unwrap();
    let me = UserPick { id: me.id, name: me.name };
    let holder = o.pick("Torfstetter").await;
    let sent = o.server.requests().all().len();
    for (user, code) in [(holder.clone(), Code::AccountHolderOnly), (me, Code::Invalid)] {
        let refused = o.world.app.user_cut_off(&o.account, user, true).await.unwrap_err();
        assert!(refused.code == code && refused.message.contains("Nothing was sent"), "{refused:?}");
    }
    assert_eq!(o.server.requests().all().len(), sent);

    // Found out only when they are read: nothing is written, and no token deleted.
    let o = Office::unasked(seeded()).await;
    let refused = o.world.app.user_cut_off(&o.account, holder, true).await.unwrap_err();
    assert_eq!(refused.code, Code::AccountHolderOnly);
    assert_eq!((o.sent(UPDATE), o.sent("user_tokens.list"), o.sent("user_tokens.delete")), (0, 0, 0));
    assert_eq!(o.world.store.open_operations(None).unwrap(), []);
}

#[tokio::test]
async fn what_is_left_decides_not_an_answer_that_was_lost() {
    let o = Office::new(seeded()).await;
    o.server.fault(once("user_tokens.delete", Effect::Reset { done: true }));
    let report = o.world.app.user_cut_off(&o.account, o.pick("Brückwald").await, false).await.unwrap();
    assert!(report.steps.iter().all(|step| step.error.is_none()), "{report:?}");
    assert_eq!((report.deleted, report.left), (2, Some(Vec::new())));

    let user = o.pick("Dachfirst").await;
    let tokens = o.world.app.user_tokens(&o.account, &user.id, true).await.unwrap().rows;
    for done in [false, true] {
        o.server.clear_faults();
        o.server.fault(once("user_tokens.delete", Effect::Reset { done }));
        o.world.notices.take();
        let one = tokens[..1].to_vec();
        let held = o.world.app.user_tokens_delete(&o.account, user.clone(), one).await.unwrap();
        pass(&o.world, 11).await;
        let error = heard(&o.world, |n| match n {
            Notice::UserTokensDeleted { operation, error, .. } if *operation == held.operation => {
                Some(error.as_ref().map(|error| error.code))
            }
            _ => None,
        });
        assert_eq!(error.await, (!done).then_some(Code::LostAnswer));
        let open = o.world.app.operations_list(&o.account).await.unwrap();
        assert_eq!(open.len(), usize::from(!done), "it may yet be carried out: {open:?}");
        for op in open {
            o.world.app.operation_dismiss(&op.id).await.unwrap();
        }
    }
}

#[tokio::test]
async fn whether_somebody_beyond_the_loaded_pages_can_sign_in_is_told() {
    let o = Office::new(Options { seed: Seed::Large, people: 700, ..roomy() }).await;
    let known = o.world.app.users_view(&o.account).await.unwrap().rows;
    let mut page = 1;
    let user = loop {
        let found = o.world.app.users_search(&o.account, "a", page).await.unwrap();
        let beyond = |row: &gatehouse_core::users::UserRow| {
            row.active == Some(true) && known.iter().all(|known| known.id != row.id)
        };
        if let Some(row) = found.rows.into_iter().find(beyond) {
            break row;
        }
        assert!(found.more);
        page += 1;
    };
    let user = UserPick { id: user.id, name: user.name };
    let report = o.world.app.user_cut_off(&o.account, user.clone(), false).await.unwrap();
    assert_eq!(report.can_sign_in, Some(true), "{report:?}");
    let report = o.world.app.user_cut_off(&o.account, user, true).await.unwrap();
    assert_eq!(report.can_sign_in, Some(false), "{report:?}");
    assert_eq!(report.steps[1].what, CutOffWhat::Deactivate);
}
