//! Everyone's tokens: who is asked, runs that rest and go on, and files without a secret.

#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.

mod support;

use gatehouse_core::{
    AreaState, Code,
    export::ExportFormat,
    jobs::{JobState, JobView},
    notices::Notice,
    ports::Clock,
    users::{Inventory, InventoryWhom, UserPick},
};
use planradar_sandbox::{ADMINISTRATOR, Effect, Fault, Options, Sandbox, Seed};
use secrecy::ExposeSecret;
use support::{World, arrived, heard, hooks::seeded, once, roomy, until};

struct Office {
    world: World,
    server: Sandbox,
    account: String,
}

/// Signed in as the administrator, who has the permission 'Users'.
async fn office(options: Options) -> Office {
    let server = Sandbox::start(options).await.unwrap();
    let world = World::new();
    let token = server.ready().unwrap().tokens.administrator;
    let account = world.try_add(server.url(), server.customer_id(), &token).await.unwrap().id;
    world.app.users_refresh(&account).await.unwrap();
    Office { world, server, account }
}

impl Office {
    async fn view(&self) -> Inventory {
        self.world.app.inventory_view(&self.account).await.unwrap()
    }

    async fn start(&self, whom: InventoryWhom) -> JobView {
        self.world.notices.take();
        self.world.app.inventory_start(&self.account, whom).await.unwrap()
    }

    async fn rests(&self, id: &str) -> JobView {
        heard(&self.world, |n| match n {
            Notice::JobChanged { job } if job.id == id && job.state != JobState::Running => Some(job.clone()),
            _ => None,
        })
        .await
    }

    async fn all(&self, whom: InventoryWhom) -> JobView {
        let id = self.start(whom).await.id;
        let job = self.rests(&id).await;
        assert_eq!(job.state, JobState::Finished, "{job:?}");
        job
    }

    fn sent(&self) -> usize {
        self.server.requests().count("user_tokens.list")
    }
}

#[tokio::test]
async fn those_who_can_use_the_api_are_asked_first_and_the_others_once() {
    let o = office(Options { seed: Seed::Large, ..roomy() }).await;
    let before = o.view().await;
    assert!(before.complete && before.rows.is_empty() && before.api_users >= 60, "{before:?}");
    assert_eq!((before.state, before.as_of), (AreaState::Unknown, None));
    assert_eq!(before.others + before.api_users, before.loaded);
    let job = o.all(InventoryWhom::ApiUsers).await;
    assert_eq!((job.total, job.done, job.failures.len()), (before.api_users, job.total, 0));
    assert_eq!(o.sent(), job.total as usize, "one request for each");
    let after = o.view().await;
    assert_eq!((after.asked, after.api_users_asked, after.others_asked), (job.total, job.total, 0));
    assert!(after.rows.len() >= 200 && after.rows.iter().any(|r| r.holder), "{}", after.rows.len());
    assert_eq!(after.state, AreaState::Offered);
    assert!(after.as_of.is_some());
}

#[tokio::test]
async fn of_the_others_only_those_are_asked_who_were_not() {
    let o = office(seeded()).await;
    let (app, view) = (&o.world.app, o.view().await);
    let rows = app.users_view(&o.account).await.unwrap().rows;
    let other = rows.iter().find(|r| r.api_access != Some(true)).unwrap();
    app.user_tokens(&o.account, &other.id, true).await.unwrap();
    assert_eq!(o.view().await.others_asked, 1);
    let before = o.sent();
    let job = o.all(InventoryWhom::Others).await;
    assert_eq!((job.total, o.sent() - before), (view.others - 1, job.total as usize));
    assert_eq!(o.view().await.others_asked, view.others);
    assert_eq!(o.all(InventoryWhom::Others).await.total, view.others, "all were asked: all again");
}

#[tokio::test]
async fn a_run_is_paused_and_goes_on_after_a_restart() {
    let mut o = office(seeded()).await;
    let slow = Effect::Latency { before_ms: 150, after_ms: 0 };
    o.server.fault(Fault {
        method: None,
        route: Some("user_tokens.list".to_owned()),
        nth: None,
        effect: slow,
    });
    let job = o.start(InventoryWhom::ApiUsers).await;
    arrived(&o.server, "user_tokens.list", 2).await;
    let again = o.world.app.inventory_start(&o.account, InventoryWhom::Others).await.unwrap_err();
    assert_eq!(again.code, Code::Stale, "one at a time");
    o.world.app.job_pause(&job.id).await.unwrap();
    let paused = o.rests(&job.id).await;
    assert_eq!((paused.state, paused.done), (JobState::Paused, 2), "after the user that was being asked");
    let sent = o.sent();

    o.world = o.world.restarted();
    let open = o.world.app.jobs_list(&o.account).await.unwrap();
    assert_eq!((open.len(), open[0].state, open[0].done), (1, JobState::Paused, 2));
    let view = o.view().await;
    assert_eq!((view.api_users_asked, o.sent()), (2, sent), "nothing goes on unasked, nothing is lost");
    assert!(!view.rows.is_empty());

    o.server.clear_faults();
    o.world.app.job_resume(&job.id).await.unwrap();
    let done = o.rests(&job.id).await;
    assert_eq!((done.state, done.done), (JobState::Finished, done.total));
    assert_eq!(o.sent(), done.total as usize, "nobody is asked twice");
    assert_eq!(o.view().await.api_users_asked, view.api_users);
}

#[tokio::test]
async fn a_run_that_another_program_is_at_is_left_to_it() {
    let mut o = office(seeded()).await;
    let slow = Effect::Latency { before_ms: 300, after_ms: 0 };
    o.server.fault(Fault {
        method: None,
        route: Some("user_tokens.list".to_owned()),
        nth: None,
        effect: slow,
    });
    let job = o.start(InventoryWhom::ApiUsers).await;
    arrived(&o.server, "user_tokens.list", 2).await;
    // The one before is still at the run: what a kill leaves is a case of the tests with real processes.
    o.world = o.world.restarted();
    let open = o.world.app.jobs_list(&o.account).await.unwrap();
    assert_eq!((open.len(), open[0].state, open[0].elsewhere), (1, JobState::Running, true));
    assert_eq!(o.world.app.job_resume(&job.id).await.unwrap_err().code, Code::Stale);
    o.server.clear_faults();
    let ended = async || o.world.app.jobs_list(&o.account).await.unwrap().is_empty();
    until("the other program's end of the run", ended).await;
    assert_eq!(o.sent(), job.total as usize, "nobody is asked twice");
    assert_eq!(o.view().await.api_users_asked, job.total);
}

#[tokio::test]
async fn a_run_that_waits_for_the_limit_is_paused_and_cancelled_at_once() {
    let o = office(seeded()).await;
    o.world.app.limit_set(&o.account, 500, 1).await.unwrap();
    let waits = async || {
        let waiting = async || o.world.app.limit_status(&o.account).await.unwrap().waiting > 0;
        until("a request that waits for the limit", waiting).await;
        o.sent()
    };
    let job = o.start(InventoryWhom::ApiUsers).await;
    let sent = waits().await;
    o.world.app.job_pause(&job.id).await.unwrap();
    let paused = o.rests(&job.id).await;
    assert_eq!((paused.state, paused.done as usize, o.sent()), (JobState::Paused, sent, sent));
    o.world.app.job_resume(&job.id).await.unwrap();
    o.world.notices.take();
    let sent = waits().await;
    o.world.app.job_cancel(&job.id).await.unwrap();
    let over = o.rests(&job.id).await;
    assert_eq!((over.state, over.done as usize, o.sent()), (JobState::Ended, sent, sent));
    assert_eq!(o.world.app.limit_status(&o.account).await.unwrap().waiting, 0);
}

#[tokio::test]
async fn those_for_whom_it_failed_are_told_and_asked_again() {
    let o = office(seeded()).await;
    o.server.fault(Fault {
        nth: Some(2),
        ..once("user_tokens.list", Effect::Status { status: 404, done: false })
    });
    let job = o.all(InventoryWhom::ApiUsers).await;
    assert_eq!(job.failures.len(), 1, "{job:?}");
    assert_eq!(job.failures[0].error.code, Code::Gone);
    let before = o.sent();
    let failed: Vec<UserPick> = job.failures.into_iter().map(|f| f.user).collect();
    let again = o.all(InventoryWhom::These { users: failed }).await;
    assert_eq!((again.total, again.failures.len(), o.sent() - before), (1, 0, 1));
    let view = o.view().await;
    assert_eq!(view.api_users_asked, view.api_users);
    let none = o.world.app.inventory_start(&o.account, InventoryWhom::These { users: Vec::new() }).await;
    assert_eq!(none.unwrap_err().code, Code::Gone);
}

#[tokio::test]
async fn all_users_are_loaded_first() {
    let o = office(Options { seed: Seed::Large, people: 700, ..roomy() }).await;
    let before = o.view().await;
    assert_eq!((before.complete, before.loaded, before.requests_left), (false, 500, Some(1)));
    let job = o.all(InventoryWhom::ApiUsers).await;
    let after = o.view().await;
    assert_eq!((after.complete, after.loaded, o.server.requests().count("users.list")), (true, 700, 2));
    assert_eq!((job.total, after.api_users_asked), (after.api_users, after.api_users));
}

#[tokio::test]
async fn where_it_is_not_offered_or_not_allowed_that_is_said() {
    let o = office(seeded()).await;
    o.server.set_documented_only(true);
    let job = o.start(InventoryWhom::ApiUsers).await;
    let job = o.rests(&job.id).await;
    assert_eq!(job.halted.map(|e| e.code), Some(Code::NotOffered));
    o.world.app.job_cancel(&job.id).await.unwrap();
    assert!(matches!(o.view().await.state, AreaState::NotOffered { .. }));
    let sent = o.server.requests().all().len();
    let refused = o.world.app.inventory_start(&o.account, InventoryWhom::ApiUsers).await.unwrap_err();
    assert_eq!(refused.code, Code::NotOffered);
    assert_eq!(o.server.requests().all().len(), sent, "not asked again after its 404");

    let server = Sandbox::start(seeded()).await.unwrap();
    let world = World::new();
    let token = server.ready().unwrap().tokens.api_user;
    let account = world.try_add(server.url(), server.customer_id(), &token).await.unwrap().id;
    let o = Office { world, server, account };
    let job = o.start(InventoryWhom::ApiUsers).await;
    let job = o.rests(&job.id).await;
    assert_eq!(job.halted.map(|e| e.code), Some(Code::PermissionUsers));
    assert!(matches!(o.view().await.state, AreaState::Refused { reason: Code::PermissionUsers, .. }));
}

#[tokio::test]
async fn both_files_name_all_tokens_and_no_value() {
    let o = office(seeded()).await;
    let tokens = o.server.ready().unwrap().tokens;
    let person = o.server.issue_token(ADMINISTRATOR, "=HYPERLINK(\"x\") für Büro").unwrap();
    o.all(InventoryWhom::ApiUsers).await;
    let view = o.view().await;
    let number = o.server.customer_id();
    let day = o.world.clock.now().strftime("%Y-%m-%d").to_string();

    let file = o.world.app.inventory_export(&o.account, ExportFormat::Csv).await.unwrap();
    assert_eq!(file.name, format!("gatehouse-tokens-{number}-{day}.csv"));
    let text = file.text.strip_prefix('\u{feff}').unwrap();
    assert!(text.contains("\r\n"));
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), view.rows.len());
    let of = |name: &str| rows.iter().find(|row| row[6].contains(name)).unwrap_or_else(|| panic!("{text}"));
    assert_eq!(&of("HYPERLINK")[6], "'=HYPERLINK(\"x\") für Büro", "a formula is text");
    assert_eq!((&of("HYPERLINK")[5], &of("HYPERLINK")[9]), ("yes", "never"));
    assert!(rows.iter().any(|row| row[0].contains("Brückwald")), "{text}");
    assert!(rows.iter().any(|row| &row[4] == "yes" && row[0].contains("Torfstetter")));

    let json = o.world.app.inventory_export(&o.account, ExportFormat::Json).await.unwrap();
    assert_eq!(json.name, format!("gatehouse-tokens-{number}-{day}.json"));
    let list: serde_json::Value = serde_json::from_str(&json.text).unwrap();
    assert_eq!(list.as_array().unwrap().len(), view.rows.len());
    assert!(json.text.contains("=HYPERLINK(\\\"x\\\") für Büro") && list[0]["owner"]["name"].is_string());

    let secrets =
        [tokens.administrator, tokens.account_holder, tokens.api_user, person.expose_secret().to_owned()];
    for secret in secrets {
        assert!(!file.text.contains(&secret) && !json.text.contains(&secret));
    }
}
