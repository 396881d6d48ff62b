//! With a person at a terminal: questions, secrets that are typed unseen, tables.

#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.
#![cfg(target_os = "linux")] // The support's keyring, and `script`, which gives a terminal.

mod support;

use std::{
    io::{Read, Write},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use support::{PROGRAM, World, roomy};

/// The program in a terminal, and all that the terminal shows.
struct Terminal {
    child: Child,
    shown: String,
}

impl Terminal {
    fn start(world: &World, args: &str) -> Self {
        Self::start_with(world, args, "")
    }

    /// `environment`: what a shell sets before.
    fn start_with(world: &World, args: &str, environment: &str) -> Self {
        let mut command = world.desktop.command("script");
        command
            .args(["-qefc", &format!("{environment} {PROGRAM} {args}"), "/dev/null"])
            .env("GATEHOUSE_DATA_DIR", world.desktop.data())
            .env("TERM", "dumb")
            .env("NO_COLOR", "1")
            .env("TZ", "UTC")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        Self { child: command.spawn().unwrap(), shown: String::new() }
    }

    fn shows(&mut self, words: &str) {
        while !self.shown.contains(words) {
            let mut some = [0; 4096];
            let read = self.child.stdout.as_mut().unwrap().read(&mut some).unwrap();
            assert!(read > 0, "it never showed {words:?}: {}", self.shown);
            self.shown.push_str(&String::from_utf8_lossy(&some[..read]));
        }
    }

    /// Waits until the terminal shows no more what is typed: what comes before that is shown by the system itself.
    fn is_unseen(&self) {
        let (id, until) = (self.child.id(), Instant::now() + Duration::from_secs(30));
        let off = || {
            let children = std::fs::read_to_string(format!("/proc/{id}/task/{id}/children")).ok()?;
            let terminal = std::fs::read_link(format!("/proc/{}/fd/0", children.split(' ').next()?)).ok()?;
            let told = Command::new("stty").arg("-a").arg("-F").arg(terminal).output().ok()?;
            String::from_utf8_lossy(&told.stdout).contains("-echo ").then_some(())
        };
        while off().is_none() {
            assert!(Instant::now() < until, "the terminal goes on showing what is typed");
        }
    }

    fn types(&mut self, line: &str) {
        writeln!(self.child.stdin.as_mut().unwrap(), "{line}").unwrap();
    }

    fn end(mut self) -> (i32, String) {
        let mut rest = Vec::new();
        self.child.stdout.take().unwrap().read_to_end(&mut rest).unwrap();
        self.shown.push_str(&String::from_utf8_lossy(&rest));
        (self.child.wait().unwrap().code().unwrap(), self.shown.replace('\r', ""))
    }
}

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
