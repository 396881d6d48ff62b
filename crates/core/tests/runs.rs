//! Runs over users: what the person wants of them is not lost, and neither is what failed.

#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.

mod support;

use gatehouse_core::{Code, jobs::JobState};
use planradar_sandbox::Effect;
use support::{arrived, hooks::seeded, office::Office, once, until};

#[tokio::test]
async fn a_run_that_is_cancelled_ends_also_where_it_would_halt() {
    let o = Office::new(seeded()).await;
    o.server.fault(once("users.get", Effect::Latency { before_ms: 300, after_ms: 0 }));
    o.server.fault(once("users.update", Effect::Status { status: 401, done: false }));
    let read = o.sent("users.get");
    let job = o.begin(&["Schalbrett", "Fugenhauer"], true).await;
    arrived(&o.server, "users.get", read + 1).await;
    o.world.app.job_cancel(&job.id).await.unwrap();
    // A click that comes late does not take it back.
    o.world.app.job_pause(&job.id).await.unwrap();
    assert_eq!(o.world.app.job_resume(&job.id).await.unwrap_err().code, Code::Stale);
    let over = o.rests(&job.id).await;
    assert_eq!((over.state, over.done), (JobState::Ended, 0), "{over:?}");
    assert_eq!(o.world.app.jobs_list(&o.account).await.unwrap(), []);
}

#[tokio::test]
async fn giving_access_is_paused_and_cancelled_at_once_while_it_waits_for_the_limit() {
    let o = Office::new(seeded()).await;
    // One user's change is three requests.
    o.world.app.limit_set(&o.account, 500, 3).await.unwrap();
    let waits = async || {
        let is_waiting = async || o.world.app.limit_status(&o.account).await.unwrap().waiting > 0;
        until("the run waits for the limit", is_waiting).await;
        o.server.requests().all().len()
    };
    let job = o.begin(&["Schalbrett", "Fugenhauer", "Brückwald"], true).await;
    let sent = waits().await;
    o.world.app.job_pause(&job.id).await.unwrap();
    assert_eq!((o.rests(&job.id).await.state, o.server.requests().all().len()), (JobState::Paused, sent));
    o.world.app.job_resume(&job.id).await.unwrap();
    o.world.notices.take();
    let sent = waits().await;
    o.world.app.job_cancel(&job.id).await.unwrap();
    assert_eq!((o.rests(&job.id).await.state, o.server.requests().all().len()), (JobState::Ended, sent));
    assert_eq!(o.world.app.limit_status(&o.account).await.unwrap().waiting, 0);
}

#[tokio::test]
async fn a_run_that_can_not_be_noted_rests_and_says_why() {
    // In its midst, and before its first step.
    for under_way in [true, false] {
        let o = Office::new(seeded()).await;
        o.server.fault(once("users.get", Effect::Latency { before_ms: 300, after_ms: 0 }));
        let read = o.sent("users.get");
        let job = o.begin(&["Schalbrett"], true).await;
        if under_way {
            arrived(&o.server, "users.get", read + 1).await;
        }
        o.world.store.wipe().unwrap();
        let job = o.rests(&job.id).await;
        assert_eq!((job.state, job.halted.map(|e| e.code)), (JobState::Paused, Some(Code::StoreFailed)));
    }
}

#[tokio::test]
async fn what_failed_is_there_until_it_is_put_aside() {
    let mut o = Office::new(seeded()).await;
    let job = o.begin(&["Mörtelsen", "Schalbrett"], true).await;
    let job = o.rests(&job.id).await;
    assert_eq!((job.state, job.failures.len()), (JobState::Finished, 1));
    let clean = o.begin(&["Schalbrett"], false).await;
    o.rests(&clean.id).await;
    o.world = o.world.restarted();
    let app = &o.world.app;
    let unread = app.jobs_unread(&o.account).await.unwrap();
    assert_eq!(unread, vec![job.clone()], "of the one without failures nothing is left to say");
    assert_eq!(app.jobs_list(&o.account).await.unwrap(), [], "it is not under way");
    app.job_read(&job.id).await.unwrap();
    assert_eq!(app.jobs_unread(&o.account).await.unwrap(), []);
}
