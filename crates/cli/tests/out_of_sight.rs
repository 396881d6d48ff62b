//! No secret where others see it: arguments, environment, what is said, files, the shell's history.

#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.
#![cfg(target_os = "linux")] // The support's keyring, and /proc.

mod support;

use gatehouse_tests::search::Search;
use planradar_sandbox::Options;
use std::{collections::BTreeSet, path::Path, process::Stdio, time::Duration};
use support::{Ran, World, piped, roomy};

/// What any process of this computer shows to others: arguments and environment, of all that can be read.
fn shown() -> Vec<u8> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        if entry.file_name().to_string_lossy().bytes().all(|b| b.is_ascii_digit()) {
            for file in ["cmdline", "environ"] {
                // It may have ended, or be somebody else's.
                all.extend(std::fs::read(entry.path().join(file)).unwrap_or_default());
            }
        }
    }
    all
}

/// Runs a shell's line, and looks at all processes as long as it runs.
fn watched(world: &World, line: &str) -> (Ran, Vec<u8>) {
    let program = Path::new(support::PROGRAM);
    let path = std::env::join_paths(
        [program.parent().unwrap().to_owned()]
            .into_iter()
            .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    );
    let mut command = world.desktop.command("bash");
    // An interactive shell, so that there is a history.
    command
        .args(["--norc", "-i", "-c"])
        .arg(format!("HISTFILE=$HOME/history; set -o history; history -s {line:?}; {line}; history -w"))
        .env("PATH", path.unwrap())
        .env("GATEHOUSE_DATA_DIR", world.desktop.data());
    let mut child = piped(&mut command);
    drop(child.stdin.take());
    let mut seen = Vec::new();
    while child.try_wait().unwrap().is_none() {
        seen.extend(shown());
    }
    (child.wait_with_output().unwrap().into(), seen)
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_stay_out_of_sight() {
    // Slow enough to be looked at.
    let world = World::new(Options { latency: Duration::from_millis(150), ..roomy() }).await;
    let secret = world.desktop.folder().join("token");
    std::fs::write(&secret, &world.token).unwrap();
    let url = world.server.url().to_owned();
    let (added, mut seen) =
        watched(&world, &format!("gatehouse-cli account add 9000001 --server {url} < $HOME/token"));
    assert_eq!(added.code, 0, "{added:?}");
    let (created, more) = watched(&world, "gatehouse-cli tokens create Canary --json");
    seen.extend(more);
    assert!(created.out.contains("\"kept\": \"keychain\""), "{created:?}");
    let values: Vec<_> = world.desktop.all_kept().into_iter().filter(|value| value.len() > 100).collect();
    assert_eq!(values.iter().collect::<BTreeSet<_>>().len(), 2, "the sign-in and the new one");
    assert!(values.contains(&world.token));

    let search = Search::new(&values);
    assert!(seen.windows(6).any(|w| w == b"Canary"), "the program was seen at work");
    assert_eq!(search.find(&seen), [], "another user of this computer would see it");
    for said in [&added.out, &added.err, &created.out, &created.err] {
        assert_eq!(search.find(said.as_bytes()), [], "{said}");
    }
    std::fs::remove_file(&secret).unwrap();
    let history = std::fs::read_to_string(world.desktop.folder().join("history")).unwrap();
    assert!(history.contains("tokens create Canary"), "{history}");
    // The keyring's own file is encrypted; nothing is left out.
    assert_eq!(search.files(world.desktop.folder(), Path::new("")), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_one_exception_is_for_accounts_that_keep_nothing() {
    let world = World::new(roomy()).await;
    let with_token = |token: &str, args: &[&str]| -> Ran {
        let mut command = world.command(args);
        command.env("GATEHOUSE_TOKEN", token).stdin(Stdio::null()).output().unwrap().into()
    };
    let add = ["account", "add", "9000001", "--server", world.server.url(), "--no-keychain"];
    with_token(&world.token, &add).ok();
    assert!(world.desktop.all_kept().iter().all(|value| *value != world.token), "nothing is kept");
    with_token(&world.token, &["limit", "set", "--limit", "500", "--share", "500"]).ok();
    let status = with_token(&world.token, &["account", "status", "--json"]).ok();
    let status = support::document(&["account", "status"], &status.out);
    assert_eq!(status["account"]["user"]["name"], "Hedda Torfstetter");
    // Its own token is known, and guarded, in a run of its own too.
    let list = with_token(&world.token, &["tokens", "list", "--json"]).ok();
    let list = support::document(&["tokens", "list"], &list.out);
    let own = list["tokens"].as_array().unwrap().iter().find(|t| t["own"] == "yes").unwrap();
    let refused = with_token(&world.token, &["tokens", "delete", own["id"].as_str().unwrap(), "--yes"]);
    assert_eq!(refused.code, 4, "{refused:?}");
    // Another token is another user.
    let other = world.server.ready().unwrap().tokens.administrator.clone();
    let status = with_token(&other, &["account", "status", "--json"]).ok();
    let status = support::document(&["account", "status"], &status.out);
    assert_eq!(status["account"]["user"]["name"], "Arvid Kellerwand");
    // Where a sign-in is kept, that one counts, and it is said.
    world.run_with(&["account", "sign-in"], &world.token).ok();
    let kept = with_token(&other, &["account", "status"]).ok();
    assert!(kept.err.contains("GATEHOUSE_TOKEN is not used"), "{kept:?}");
    assert_eq!(kept.fact("user"), "Hedda Torfstetter");
    assert_eq!(
        Search::new(&[world.token.clone(), other]).files(world.desktop.folder(), Path::new("")),
        Vec::<String>::new()
    );
}
