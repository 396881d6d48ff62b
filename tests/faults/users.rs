//! Giving access to several, asking for everyone's tokens, and cutting somebody off, killed at each step: the next start
//! goes on, nobody is left half done unsaid, and nothing else of a user changes.

use crate::{World, done, operations, roomy, steps::each_step_of, text};
use gatehouse_tests::{
    between::Side,
    desktop::Desktop,
    worker::{Then, Worker},
};
use planradar_sandbox::{Options, Seed};
use serde_json::{Value, json};
use std::collections::HashMap;

fn prepare(world: &World<'_>, worker: &mut Worker, command: &[&str]) -> Vec<String> {
    done(worker.ask(&world.add("keychain")));
    command.iter().map(|&word| word.to_owned()).collect()
}

fn user<'a>(users: &'a Value, name: &str) -> &'a Value {
    let rows = users["rows"].as_array().unwrap();
    rows.iter().find(|r| r["name"].as_str().unwrap().ends_with(name)).unwrap()
}

/// Everything of a user but what was to change and what moves by itself.
async fn rest_of(world: &World<'_>, id: &str) -> Value {
    let url = format!("{}/api/v1/{}/users/{id}", world.server.url(), world.ready.customer_id);
    let request = reqwest::Client::builder().no_proxy().build().unwrap().get(url);
    let request = request.header("Accept", "application/json");
    let request = request.header("X-PlanRadar-API-Key", &world.ready.tokens.account_holder);
    let mut user: Value = request.send().await.unwrap().json().await.unwrap();
    let attributes = &mut user["data"]["attributes"];
    attributes["permissions"]["api_documentation_access"] = json!(null);
    attributes["permissions"]["api-documentation-access"] = json!(null);
    for moving in ["last-login-on", "updated-on", "updated-at"] {
        attributes.as_object_mut().unwrap().remove(moving);
    }
    user
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_killed_at_each_step() {
    let prepare = |world: &World<'_>, worker: &mut Worker| {
        prepare(world, worker, &["users-set-api", "grant", "Schalbrett", "Fugenhauer"])
    };
    each_step_of(Seed::Demo, "give access", prepare, async |world, mut worker, step| {
        let before = done(worker.ask(&["users"]));
        let ids = ["Schalbrett", "Fugenhauer"].map(|name| text(&user(&before, name)["id"]));
        let was = [rest_of(world, &ids[0]).await, rest_of(world, &ids[1]).await];
        let open = done(worker.ask(&["jobs"]));
        let open = open.as_array().unwrap();
        assert!(open.len() <= 1, "{step:?}: {open:?}");
        match open.first() {
            Some(job) => {
                assert_eq!(job["state"], "paused", "{step:?}: nothing goes on unasked");
                let ended = done(worker.ask(&["job-resume", &text(&job["id"])]));
                assert_eq!((&ended["halted"], &ended["failures"]), (&Value::Null, &Value::Null), "{step:?}");
            }
            // It had not begun, or was through.
            None => drop(done(worker.ask(&["users-set-api", "grant", "Schalbrett", "Fugenhauer"]))),
        }
        let after = done(worker.ask(&["users"]));
        for (name, (id, was)) in ["Schalbrett", "Fugenhauer"].iter().zip(ids.iter().zip(&was)) {
            assert_eq!(user(&after, name)["apiAccess"], true, "{step:?}: {name}");
            assert_eq!(&rest_of(world, id).await, was, "{step:?}: {name}");
        }
        assert_eq!(done(worker.ask(&["jobs"])), json!([]), "{step:?}");
        worker.quit();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn asking_for_everyones_tokens_killed_at_each_step() {
    let prepare = |world: &World<'_>, worker: &mut Worker| prepare(world, worker, &["inventory"]);
    each_step_of(Seed::Demo, "inventory", prepare, async |_, mut worker, step| {
        let open = done(worker.ask(&["jobs"]));
        let open = open.as_array().unwrap();
        assert!(open.len() <= 1, "{step:?}: {open:?}");
        match open.first() {
            Some(job) => {
                assert_eq!(job["state"], "paused", "{step:?}: nothing goes on unasked");
                let ended = done(worker.ask(&["job-resume", &text(&job["id"])]));
                assert_eq!((&ended["halted"], &ended["failures"]), (&Value::Null, &Value::Null), "{step:?}");
            }
            // It had not begun, or was through.
            None => drop(done(worker.ask(&["inventory"]))),
        }
        let known = done(worker.ask(&["inventory-known"]));
        assert_eq!(known["apiUsersAsked"], known["apiUsers"], "{step:?}");
        let rows = known["rows"].as_array().unwrap();
        let of = |name: &str| rows.iter().filter(|row| row["owner"]["name"] == name).count();
        assert_eq!(of("Jonte Brückwald"), 2, "{step:?}: {known}");
        assert_eq!(done(worker.ask(&["jobs"])), json!([]), "{step:?}");
        worker.quit();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cutting_off_killed_at_each_step() {
    let prepare = |world: &World<'_>, worker: &mut Worker| prepare(world, worker, &["cut-off", "Brückwald"]);
    each_step_of(Seed::Demo, "cut off", prepare, async |_, mut worker, step| {
        // What was begun and not finished is told; done again, it is whole.
        let look = done(worker.ask(&["look"]));
        for op in operations(&look) {
            assert_eq!(
                (&op["kind"], &op["subject"]),
                (&json!("cut_off"), &json!("Jonte Brückwald")),
                "{step:?}"
            );
            done(worker.ask(&["dismiss", &text(&op["id"])]));
        }
        let report = done(worker.ask(&["cut-off", "Brückwald"]));
        let steps = report["steps"].as_array().unwrap();
        assert!(steps.iter().all(|s| s["error"].is_null()), "{step:?}: {report}");
        assert_eq!(report["left"], json!([]), "{step:?}");
        let after = done(worker.ask(&["users"]));
        assert_eq!(user(&after, "Brückwald")["apiAccess"], false, "{step:?}");
        worker.quit();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_accounts_run_killed_in_its_midst_asks_nobody_twice() {
    let desktop = Desktop::with_keyring();
    let options = Options { people: 2_000, limit: 5_000, ..roomy(Seed::Large) };
    let world = World::with(options, &desktop, "large").await;
    let mut worker = world.first_start();
    // By path: how often somebody's tokens were asked for.
    let asked = || {
        let mut asked = HashMap::<String, usize>::new();
        for what in world.between.requests() {
            if what.contains("/users/") && what.ends_with("/personal_access_tokens") {
                *asked.entry(what).or_default() += 1;
            }
        }
        asked
    };
    // The only run, and how far it got.
    let rests = |worker: &mut Worker| {
        let open = done(worker.ask(&["jobs"]));
        let [job] = &open.as_array().unwrap()[..] else { panic!("{open}") };
        assert_eq!(job["state"], "paused", "nothing goes on unasked: {job}");
        (text(&job["id"]), usize::try_from(job["done"].as_u64().unwrap()).unwrap())
    };

    // What was answered and noted is not asked again: killed after 20 users, and after 10 more.
    done(worker.ask(&["limit-high"]));
    let id = worker.begin(&["inventory"], Some(("operations changed 21", Then::Stop)));
    worker.stopped(id);
    worker.kill();
    worker = world.start();
    let (job, tried) = rests(&mut worker);
    assert_eq!((tried, asked().len()), (20, 20));
    let id = worker.begin(&["job-resume", &job], Some(("operations changed 10", Then::Stop)));
    worker.stopped(id);
    worker.kill();
    assert!(asked().values().all(|times| *times == 1), "{:?}", asked());

    // What was under way is the one that has to be asked again: nobody knows the answer.
    worker = world.start();
    assert_eq!(rests(&mut worker).1, 30);
    let hold = world.between.hold(world.between.requests().len() + 5, Side::After);
    worker.begin(&["job-resume", &job], None);
    hold.reached();
    worker.kill();
    worker = world.start();
    assert_eq!(rests(&mut worker).1, 35);
    let ended = done(worker.ask(&["job-resume", &job]));
    assert_eq!((&ended["halted"], &ended["failures"]), (&Value::Null, &Value::Null), "{ended}");

    let known = done(worker.ask(&["inventory-known"]));
    let all = usize::try_from(known["apiUsers"].as_u64().unwrap()).unwrap();
    assert!(all >= 60 && known["apiUsersAsked"] == known["apiUsers"] && known["complete"] == true, "{known}");
    assert_eq!((asked().len(), asked().values().sum::<usize>()), (all, all + 1));
    let pages = world.between.requests().iter().filter(|what| what.ends_with("/users")).count();
    assert_eq!((pages, world.server.requests().refused_by_limit()), (4, 0), "each page once");
    worker.quit();
}
