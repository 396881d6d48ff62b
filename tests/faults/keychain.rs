//! Keychains that aren't there: told within four seconds, the program goes on with secrets of this session, and "try
//! again" needs no restart.

use crate::{World, done, look, named, operations, text};
use gatehouse_tests::{desktop::Desktop, worker::Worker};
use serde_json::Value;
use std::time::{Duration, Instant};

/// How long a person may wait for clear words.
const SOON: Duration = Duration::from_secs(4);

fn soon<T>(what: impl FnOnce() -> T) -> T {
    let begun = Instant::now();
    let outcome = what();
    assert!(begun.elapsed() < SOON, "it took {:?}", begun.elapsed());
    outcome
}

/// Begins a command that needs the keychain. If it is still waiting when the window is told so, the person goes on
/// without.
fn ask_soon(worker: &mut Worker, waits: bool, command: &[&str]) -> Value {
    soon(|| {
        let id = worker.begin(command, None);
        if waits {
            let waiting = worker.notice("keychain_waiting");
            worker.ask(&["keychain-choose", &text(&waiting["waitId"]), "go_on_without"]);
        }
        worker.answer(id)
    })
}

/// The whole way of a person whose keychain is in trouble, until it is `repair`ed.
fn without(world: &World<'_>, code: &str, status: &str, words: &str, repair: impl FnOnce()) {
    let waits = code == "keychain_skipped";
    let mut worker = world.start();
    let refused = ask_soon(&mut worker, waits, &world.add("keychain"));
    assert_eq!(refused["error"]["code"], code, "{refused}");
    assert!(text(&refused["error"]["message"]).contains(words), "{refused}");
    let start = soon(|| done(worker.ask(&["start"])));
    assert_eq!(
        (&start["keychain"]["status"], start["accounts"].as_array().unwrap().len()),
        (&status.into(), 0)
    );

    // Usable: nothing waits for the keychain that need not.
    soon(|| done(worker.ask(&world.add("session"))));
    let here = soon(|| done(worker.ask(&["create", "Here", "session"])));
    assert_eq!((&here["kept"], &here["keepError"]), (&"session".into(), &Value::Null));
    soon(|| done(worker.ask(&["copy-kept", &text(&here["tokenId"])])));
    assert_eq!(soon(|| worker.ask(&["is-copied", &world.between.values()[0]])), true);

    // A created value that can't be kept stays on show, and is not called kept.
    let created = ask_soon(&mut worker, waits, &["create", "CI", "keychain"]);
    assert_eq!((&created["kept"], &created["keepError"]["code"]), (&"no".into(), &code.into()), "{created}");
    let (id, handle) = (text(&created["tokenId"]), text(&created["handle"]));
    assert_eq!(worker.ask(&["reveal", &handle]), world.between.values()[1].as_str());
    let shown = look(&mut worker);
    assert_eq!((&named(&shown, "CI")[0]["kept"], operations(&shown).len()), (&"no".into(), 0), "{shown}");

    // "Try again", without a restart.
    repair();
    let state = done(worker.ask(&["keychain-retry"]));
    assert_eq!(state["status"], "ready", "{state}");
    assert_eq!(done(worker.ask(&["keep", &handle, "keychain"])), "keychain");
    done(worker.ask(&["close", &handle, "close"]));
    done(worker.ask(&["verify", &id]));
    assert_eq!(world.creations(), 2);
    let account = text(&done(worker.ask(&["start"]))["accounts"][0]["id"]);
    let kept = |token: &str| world.desktop.kept(&format!("token/{account}/{token}"));
    assert_eq!(kept(&id).as_ref(), world.between.values().get(1));
    assert_eq!(kept(&text(&here["tokenId"])), None, "what was to last for the session only");
    worker.quit();
}

#[tokio::test(flavor = "multi_thread")]
async fn no_bus() {
    let desktop = Desktop::without_bus();
    let world = World::new(&desktop, "no bus").await;
    without(&world, "keychain_no_service", "no_service", "never saved to a file", || {
        desktop.start_bus();
        desktop.start_keyring();
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn no_service() {
    let desktop = Desktop::bare();
    let world = World::new(&desktop, "no service").await;
    without(&world, "keychain_no_service", "no_service", "Install one", || desktop.start_keyring());
}

#[tokio::test(flavor = "multi_thread")]
async fn locked() {
    let desktop = Desktop::with_keyring();
    desktop.lock_keyring();
    let world = World::new(&desktop, "locked").await;
    without(&world, "keychain_locked", "locked", "Unlock it", || desktop.start_keyring_anew());
}

#[tokio::test(flavor = "multi_thread")]
async fn refused() {
    let desktop = Desktop::bare();
    let service = desktop.refusing_service();
    let world = World::new(&desktop, "refused").await;
    without(&world, "keychain_refused", "refused", "Allow Gatehouse", || {
        service.give_up_name();
        desktop.start_keyring();
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn never_answers() {
    let desktop = Desktop::bare();
    let service = desktop.silent_service();
    let world = World::new(&desktop, "never answers").await;
    without(&world, "keychain_skipped", "waiting", "go on without it", || {
        service.give_up_name();
        desktop.start_keyring();
    });
}

/// Who keeps waiting gets the answer when it comes, be it the bus's that there will be none.
#[tokio::test(flavor = "multi_thread")]
async fn never_answers_and_the_person_waits() {
    let desktop = Desktop::bare();
    let service = desktop.silent_service();
    let world = World::new(&desktop, "waits").await;
    let mut worker = world.start();
    let add = world.add("keychain");
    let id = worker.begin(&add, None);
    let waiting = soon(|| worker.notice("keychain_waiting"));
    done(worker.ask(&["keychain-choose", &text(&waiting["waitId"]), "keep_waiting"]));
    service.leave();
    let settled = soon(|| worker.notice("keychain_settled"));
    assert_eq!(
        (&settled["waitId"], &settled["outcome"]),
        (&waiting["waitId"], &"failed".into()),
        "{settled}"
    );
    let answer = worker.answer(id);
    let code = text(&answer["error"]["code"]);
    assert!(code == "keychain_no_service" || code == "keychain_failed", "{answer}");
    desktop.start_keyring();
    done(worker.ask(&add));
    worker.quit();
}

/// The sign-in is in a keychain that is in trouble at the next start.
#[tokio::test(flavor = "multi_thread")]
async fn locked_at_the_next_start() {
    let desktop = Desktop::with_keyring();
    let world = World::new(&desktop, "next start").await;
    let mut worker = world.first_start();
    done(worker.ask(&["create", "CI", "keychain"]));
    worker.quit();
    for (trouble, code) in [
        (Desktop::lock_keyring as fn(&Desktop), "keychain_locked"),
        (Desktop::stop_keyring, "keychain_no_service"),
    ] {
        trouble(&desktop);
        let mut worker = world.start();
        let requests = world.between.requests().len();
        let shown = soon(|| done(worker.ask(&["look"])));
        // What is known is shown, with the reason why it is not newer; and "missing" is not said of what is not known.
        assert_eq!(shown["view"]["error"]["code"], code, "{shown}");
        let [row] = named(&shown, "CI")[..] else { panic!("{shown}") };
        assert_eq!((&row["kept"], world.between.requests().len()), (&"keychain".into(), requests), "{shown}");
        let copied = soon(|| worker.ask(&["copy-kept", &text(&row["id"])]));
        assert_eq!(copied["error"]["code"], code, "{copied}");
        let created = soon(|| worker.ask(&["create", "Blind", "no"]));
        assert_eq!(created["error"]["code"], code, "{created}");
        desktop.start_keyring_anew();
        assert!(named(&look(&mut worker), "Blind").is_empty());
        done(worker.ask(&["copy-kept", &text(&row["id"])]));
        worker.quit();
    }
    assert_eq!(world.creations(), 1);
}
