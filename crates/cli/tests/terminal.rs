//! With a person at a terminal: questions, secrets that are typed unseen, tables.

#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.
#![cfg(target_os = "linux")] // The support's keyring, and `script`, which gives a terminal.

mod support;

use support::{Terminal, World, roomy};

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_typed_unseen() {
    let world = World::new(roomy()).await;
    let mut terminal =
        Terminal::start(&world, &format!("account add 9000001 --server {}", world.server.url()));
    terminal.shows("Personal access token:");
    terminal.is_unseen();
    terminal.types(&world.token);
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    assert!(!shown.contains(&world.token[..24]), "{shown}");
    assert!(world.desktop.all_kept().contains(&world.token));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_taken_away_is_asked_for() {
    let world = World::signed_in().await;
    let mut no = Terminal::start(&world, "tokens delete Zapier-Versuch");
    no.shows("[y/N]");
    no.types("");
    let (code, shown) = no.end();
    assert_eq!(code, 4, "{shown}");
    for told in ["“Zapier-Versuch” (id ", "last used never", "This is final", "Nothing was done."] {
        assert!(shown.contains(told), "{told} is not in {shown}");
    }
    let mut several = Terminal::start(&world, "tokens delete Zapier-Versuch Excel-Auswertung");
    several.shows("Type “delete 2” to go on:");
    several.types("y");
    assert_eq!(several.end().0, 4);
    assert!(!world.server.requests().all().iter().any(|r| r.method == "DELETE"));
    let mut yes = Terminal::start(&world, "tokens delete Zapier-Versuch Excel-Auswertung");
    yes.shows("to go on:");
    yes.types("delete 2");
    let (code, shown) = yes.end();
    assert_eq!(code, 0, "{shown}");
    assert_eq!(world.server.requests().count("tokens.delete"), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_that_the_keychain_does_not_take_may_be_read_from_the_screen() {
    let world = World::signed_in().await;
    let token = world.server.ready().unwrap().tokens.administrator.clone();
    let add = ["account", "add", "9000001", "--server", world.server.url(), "--no-keychain", "--name", "CI"];
    let added: support::Ran = world.command(&add).env("GATEHOUSE_TOKEN", &token).output().unwrap().into();
    added.ok();
    world.desktop.stop_keyring();
    std::fs::write(world.desktop.folder().join("token"), &token).unwrap();
    let environment = "GATEHOUSE_TOKEN=$(cat $HOME/token)";
    let mut terminal = Terminal::start_with(&world, "tokens create Screen --account CI", environment);
    terminal.shows("[y/N]");
    terminal.types("y");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    let longest = shown.split_whitespace().map(str::len).max().unwrap();
    assert!(longest > 100, "the value is shown: {shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_have_headings_and_local_times() {
    let world = World::signed_in().await;
    let (code, shown) = Terminal::start(&world, "tokens list").end();
    assert_eq!(code, 0, "{shown}");
    let heading = shown.lines().find(|line| line.starts_with("ID ")).unwrap();
    for column in ["NAME", "CREATED", "LAST USED", "KEPT"] {
        assert!(heading.contains(column), "{heading}");
    }
    let row = shown.lines().find(|line| line.contains("Zapier-Versuch")).unwrap();
    assert!(!row.contains('T') && !row.contains('\t'), "{row}");
    assert!(shown.contains("As of 20"), "{shown}");
}
