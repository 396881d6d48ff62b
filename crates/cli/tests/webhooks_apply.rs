//! Applying a file: what is asked before it, what is shown, what is refused.

#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.
#![cfg(target_os = "linux")] // The support's keyring, and `script`, which gives a terminal.

mod support;

use support::{Terminal, World, error};

/// A webhook with a hidden header and Basic, and one with neither.
const FILE: &str = "version: 1
webhooks:
  - description: A
    target_url: https://a.example.com/
    events: [ticket_created]
    authentication: {basic: {username: u, password: {hidden: keychain:KEY}}}
    headers: [{name: X-Key, hidden: keychain:KEY}]
  - {description: B, target_url: 'https://b.example.com/', events: [ticket_created]}
";
/// Both again, the first one without what is hidden.
const LESS: &str = "version: 1
webhooks:
  - {description: A, target_url: 'https://a.example.com/', events: [ticket_created]}
  - {description: B, target_url: 'https://b.example.com/', events: [ticket_created]}
";

struct Rig {
    world: World,
    file: String,
}

impl Rig {
    /// With [`FILE`] applied.
    async fn new() -> Self {
        let world = World::signed_in().await;
        let file = world.desktop.data().with_file_name("webhooks.yaml").to_str().unwrap().to_owned();
        world.run_with(&["webhooks", "value", "set", "KEY"], "k3y-v4lue").ok();
        let rig = Self { world, file };
        rig.write(FILE);
        rig.world.run(&["webhooks", "apply", &rig.file]).ok();
        rig
    }

    fn write(&self, text: &str) {
        std::fs::write(&self.file, text).unwrap();
    }

    fn writes(&self) -> usize {
        self.world.server.requests().all().iter().filter(|r| r.method != "GET").count()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_can_undo_needs_a_yes() {
    let rig = Rig::new().await;
    let (apply, before) = (["webhooks", "apply", &rig.file, "--json"], rig.writes());
    let refused = |why: &[&str]| {
        let ran = rig.world.run(&apply);
        assert_eq!((ran.code, &error(&ran.out)["code"]), (4, &"not_confirmed".into()), "{ran:?}");
        for word in why.iter().chain(&["--yes"]) {
            assert!(ran.err.contains(word), "{word} is not in {}", ran.err);
        }
    };
    rig.write(LESS);
    refused(&["“A” loses", "X-Key", "password"]);
    // A guess, and the way to say it for sure.
    rig.write(&FILE.replace("description: B", "description: C"));
    refused(&["“C” is taken for “B” by a guess", "was: B"]);
    assert_eq!(rig.writes(), before);
    // Said by the file it is none.
    rig.write(&FILE.replace("description: B", "description: C, was: B"));
    rig.world.run(&apply).ok();
    rig.write(&LESS.replace("description: B", "description: C"));
    let done = rig.world.json(&["webhooks", "apply", &rig.file, "--yes"]);
    assert_eq!(done["done"].as_array().unwrap().len(), 1, "{done:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_asked_also_where_the_file_comes_by_standard_input() {
    let rig = Rig::new().await;
    let before = rig.writes();
    rig.write(LESS);
    let asked = |answer: &str| {
        let piped = format!("cat {} |", rig.file);
        let mut terminal = Terminal::start_with(&rig.world, "webhooks apply -", &piped);
        terminal.shows("[y/N]");
        terminal.types(answer);
        terminal.end()
    };
    let (code, shown) = asked("no");
    assert_eq!((code, rig.writes()), (4, before), "{shown}");
    assert!(shown.contains("nobody can read it again: password, X-Key."), "{shown}");
    let (code, shown) = asked("Yes");
    assert_eq!((code, rig.writes()), (0, before + 1), "{shown}");
    // What can be undone is asked about, too.
    rig.write(&LESS.replace("b.example.com", "b.example.org"));
    assert_eq!(asked("").0, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_plan_says_what_there_is_and_what_is_wrong() {
    let rig = Rig::new().await;
    rig.write(&FILE.replace("https://b.example.com/'", "https://b.example.com/', projects: ['p1']"));
    let shown = rig.world.run(&["webhooks", "plan", &rig.file]).ok().out;
    assert!(shown.contains("projects: all → p1"), "{shown}");
    rig.write(&format!(
        "{FILE}  - {{description: D, target_url: 'https://d.example.com/', events: [ticket_created]}}\n"
    ));
    let shown = rig.world.run(&["webhooks", "plan", &rig.file]).ok().out;
    assert!(shown.contains("projects: all;") && !shown.contains("(nothing)"), "{shown}");
    assert!(shown.contains("leave alone\t"), "{shown}");

    rig.write("version: 1\nwebhooks:\n  - {description: A, target_url: ${host}, events: [x]}\n");
    let ran = rig.world.run(&["webhooks", "apply", &rig.file, "--json"]);
    let why = error(&ran.out)["details"][0].as_str().unwrap().to_owned();
    assert!(ran.code == 2 && why.contains(":3:") && why.contains("quotation marks"), "{ran:?}");
    // Cut, it would be another file.
    rig.write(&format!("{FILE}# {}", "ä".repeat(1024 * 1024)));
    let ran = rig.world.run(&["webhooks", "plan", &rig.file, "--json"]);
    assert!(ran.code == 2 && ran.err.contains("larger than 2097152 bytes"), "{ran:?}");
}
