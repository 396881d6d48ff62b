//! All that is done with a value.

use crate::{World, done, text};

#[tokio::test(flavor = "multi_thread")]
async fn no_value_is_anywhere_but_in_the_keychain() {
    let mut world = World::new().await;
    let stranger = "5tr4n6er".repeat(22);
    world.given.push(stranger.clone());
    assert_eq!(world.add(&stranger)["error"]["code"], "unauthorized");
    let holder = world.ready.tokens.account_holder.clone();
    done(world.add(&holder));
    // Twice the same token: compared with what is kept.
    assert_eq!(world.add(&holder)["error"]["code"], "invalid");

    let created = done(world.ask(&["create", "CI", "keychain"]));
    let (first, handle) = (text(&created["tokenId"]), text(&created["handle"]));
    done(world.ask(&["copy-created", &handle]));
    done(world.ask(&["close", &handle, "close"]));
    done(world.ask(&["verify", &first]));
    done(world.ask(&["copy-kept", &first]));
    done(world.ask(&["kept-places"]));

    // Kept for the session, kept nowhere, then kept after all; closed with the token.
    done(world.ask(&["create", "Session", "session"]));
    let unkept = done(world.ask(&["create", "Later", "no"]));
    done(world.ask(&["keep", &text(&unkept["handle"]), "keychain"]));
    let unkept = done(world.ask(&["create", "Never", "no"]));
    done(world.ask(&["close", &text(&unkept["handle"]), "delete_token"]));

    // Replaced safely, over a restart.
    let replaced = done(world.ask(&["replace", &first, "CI 2", "keychain"]));
    world.restart(false);
    let (operation, second) = (text(&replaced["operation"]), text(&replaced["tokenId"]));
    done(world.ask(&["look"]));
    done(world.ask(&["entered", &operation]));
    done(world.ask(&["finish", &operation]));
    done(world.ask(&["delete", &second]));

    // The program's own token.
    let shown = done(world.ask(&["look"]));
    let rows = shown["view"]["rows"].as_array().unwrap();
    let own = rows.iter().find(|row| row["name"] == planradar_sandbox::READY_TOKEN_NAME).unwrap();
    done(world.ask(&["mark-own", &text(&own["id"])]));
    done(world.ask(&["replace-sign-in"]));

    // Killed while a value is on show: what SQLite has not yet put in its place stays on the disk.
    done(world.ask(&["create", "Killed", "keychain"]));
    world.restart(true);
    assert!(world.desktop.data().join("gatehouse.db-wal").exists());
    assert_eq!(world.finds(None), Vec::<String>::new());
    done(world.ask(&["look"]));

    world.server.set_documented_only(true);
    let administrator = world.ready.tokens.administrator.clone();
    done(world.ask(&["paste", "Pasted", &administrator, "keychain"]));
    assert_eq!(world.ask(&["paste", "Again", &administrator, "keychain"])["error"]["code"], "invalid");
    assert_eq!(world.ask(&["paste", "Strange", &stranger, "session"])["error"]["code"], "unauthorized");
    world.server.set_documented_only(false);

    // It was all there to be found: in the keychain, and in the answers of the server.
    let values = world.between.values();
    assert_eq!(values.len(), 7);
    let kept = world.desktop.all_kept();
    // The sign-in's, the one of “Later”, the one that was killed, and the pasted one.
    for value in [&values[5], &values[2], &values[6], &administrator] {
        assert!(kept.contains(value), "{kept:?}");
    }
    assert!(world.file("trace.log").contains("TRACE"), "the log is not at trace level");
    assert_eq!(world.finds(None), Vec::<String>::new());

    done(world.ask(&["remove-everything"]));
    assert_eq!(world.desktop.all_kept(), Vec::<String>::new());
    world.restart(false);
    assert_eq!(world.finds(None), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_to_reveal_is_the_only_one() {
    let mut world = World::with_account().await;
    let handle = text(&done(world.ask(&["create", "CI", "keychain"]))["handle"]);
    let value = world.between.values().remove(0);
    assert_eq!(world.ask(&["reveal", &handle]), value.as_str());
    let answer = world.worker().said.last().unwrap().clone();
    assert_eq!(world.finds(None).len(), 1, "it is found, where it may be");
    assert_eq!(world.finds(Some(&answer)), Vec::<String>::new());
    done(world.ask(&["copy-created", &handle]));
    assert_eq!(world.ask(&["is-copied", &value]), true);
    assert_eq!(world.finds(Some(&answer)), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn no_panic_says_a_value() {
    let mut world = World::with_account().await;
    // While the value is in hand, on its way to the keychain: the program goes on, and the value stays on show.
    let created = done(world.panic_at(&["create", "CI", "keychain"], "before put token 1"));
    assert_eq!(created["keepError"]["code"], "keychain_failed", "{created}");
    let (handle, value) = (text(&created["handle"]), world.between.values().remove(0));
    done(world.ask(&["copy-created", &handle]));
    assert_eq!(world.ask(&["is-copied", &value]), true);
    // While it is on show, with all that can be printed.
    assert_eq!(world.ask(&["panic-with", &handle])["panicked"], true);
    // While a sign-in is in hand.
    let administrator = world.ready.tokens.administrator.clone();
    let (url, customer) = (world.between.url().to_owned(), world.ready.customer_id.clone());
    let add = ["add", &url, &customer, "keychain", &administrator];
    assert_eq!(world.panic_at(&add, "before put sign-in 1")["error"]["code"], "keychain_failed");
    // While a kept one is read.
    done(world.ask(&["keep", &handle, "keychain"]));
    let verify = ["verify", &text(&created["tokenId"])];
    let refused = world.panic_at(&verify, "after get token 1");
    assert_eq!(refused["error"]["code"], "keychain_failed", "{refused}");
    done(world.ask(&verify));
    world.restart(false);
    let said = world.file("stderr.log");
    assert_eq!(said.matches("panicked at").count(), 4, "{said}");
    assert!(said.contains("SecretBox") && said.contains("stack backtrace"), "{said}");
    assert_eq!(world.finds(None), Vec::<String>::new());
}
