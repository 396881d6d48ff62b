//! Canaries: values that the test knows are looked for in everything that Gatehouse writes or says.
//!
//! Only the keychain, the clipboard, the server's answer to create and the one answer to reveal may hold one.

#![cfg(unix)]
#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.

use base64::Engine;
use gatehouse_tests::{
    desktop::Desktop,
    worker::{LOG, TOKEN},
};
use planradar_sandbox::{Effect, Fault, Options, Sandbox};
use std::{
    path::Path,
    process::{Output, Stdio},
    time::Duration,
};

/// The forms in which a value could hide.
fn forms(value: &str) -> Vec<Vec<u8>> {
    let base64 = base64::engine::general_purpose::STANDARD_NO_PAD.encode(value);
    // The last characters depend on what follows.
    let base64 = &base64[..base64.len() - 3];
    let percent = hex::encode(value).as_bytes().chunks(2).flat_map(|pair| [b"%", pair].concat()).collect();
    let utf16: Vec<u8> = value.encode_utf16().flat_map(u16::to_le_bytes).collect();
    // A part of the value is bad enough.
    let part = &value[value.len() / 2..][..24];
    vec![value.into(), part.into(), hex::encode(value).into(), base64.into(), percent, utf16]
}

fn holds(content: &[u8], value: &str) -> bool {
    forms(value).iter().any(|form| content.windows(form.len()).any(|w| w == form.as_slice()))
}

/// Files below `folder` that hold the value; the keyring's own are left out.
fn files_with(folder: &Path, value: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if !path.ends_with(".local/share/keyrings") {
                found.extend(files_with(&path, value));
            }
        } else if path.is_file() && holds(&std::fs::read(&path).unwrap(), value) {
            found.push(path.display().to_string());
        }
    }
    found
}

struct World {
    desktop: Desktop,
    server: Sandbox,
    /// All that workers said on standard output (what IPC would carry) and standard error (notices, panics).
    said: Vec<u8>,
    secrets: Vec<String>,
}

impl World {
    fn run(&mut self, arguments: &[&str], token: Option<&str>) -> Output {
        let mut command = self.desktop.command(env!("CARGO_BIN_EXE_faults-worker"));
        command
            .arg(self.desktop.data())
            .args(arguments)
            .env(LOG, self.desktop.folder().join("trace.log"))
            .env("RUST_BACKTRACE", "full");
        if let Some(token) = token {
            command.env(TOKEN, token);
            self.secrets.push(token.to_owned());
        }
        let output = command.stdout(Stdio::piped()).stderr(Stdio::piped()).output().unwrap();
        self.said.extend(&output.stdout);
        self.said.extend(&output.stderr);
        self.secrets.extend(self.keyring());
        self.secrets.sort();
        self.secrets.dedup();
        output
    }

    fn json(&mut self, arguments: &[&str], token: Option<&str>) -> serde_json::Value {
        serde_json::from_slice(&self.run(arguments, token).stdout).unwrap()
    }

    /// The values in the keyring, as another program reads them.
    fn keyring(&self) -> Vec<String> {
        let search = ["search", "--all", "--unlock", "service", "Gatehouse"];
        let output = self.desktop.command("secret-tool").args(search).output();
        let Ok(output) = output else {
            panic!("secret-tool is missing: install it with `apt-get install libsecret-tools`")
        };
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().filter_map(|line| line.strip_prefix("secret = ")).map(str::to_owned).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_value_is_anywhere_but_in_the_keychain() {
    let options = Options {
        limit: 500,
        window: Duration::from_secs(1),
        token_prefix: "demo-".to_owned(),
        ..Options::default()
    };
    let server = Sandbox::start(options).await.unwrap();
    let ready = server.ready().unwrap();
    let mut world = World { desktop: Desktop::with_keyring(), server, said: Vec::new(), secrets: Vec::new() };

    let stranger = "f".repeat(90) + &"0123456789".repeat(9);
    let refused = world.json(&["add", &ready.url, &ready.customer_id], Some(&stranger));
    assert_eq!(refused["error"]["code"], "unauthorized");
    let added = world.json(&["add", &ready.url, &ready.customer_id], Some(&ready.tokens.account_holder));
    assert!(added["account"].is_string(), "{added}");

    let first = world.json(&["create", "CI"], None)["token"].as_str().unwrap().to_owned();
    assert!(world.json(&["verify", &first], None)["error"].is_null());
    world.json(&["replace", &first, "CI 2"], None);
    let operation = world.json(&["look"], None)["operations"][0]["id"].as_str().unwrap().to_owned();
    world.json(&["entered", &operation], None);
    world.json(&["finish", &operation], None);

    // Answers that break after the server has done the work.
    for (nth, effect) in [Effect::Reset { done: true }, Effect::Truncated, Effect::Html { status: 502 }]
        .into_iter()
        .enumerate()
    {
        world.server.fault(Fault {
            method: None,
            route: Some("tokens.create".to_owned()),
            nth: Some(1),
            effect,
        });
        let lost = world.json(&["create", &format!("Lost {nth}")], None);
        assert_eq!(lost["error"]["code"], "lost_answer", "{lost}");
        world.server.clear_faults();
    }
    let ended = world.run(&["create-and-panic", "Held"], None);
    assert!(!ended.status.success() && String::from_utf8_lossy(&ended.stderr).contains("panicked"));

    world.server.set_documented_only(true);
    let pasted = world.json(&["paste", "Pasted"], Some(&ready.tokens.administrator));
    assert!(pasted["error"].is_null(), "{pasted}");

    // The sign-in, the stranger, the first two tokens (one deleted since) and the pasted one.
    assert!(world.secrets.len() >= 5, "{} values are known", world.secrets.len());
    let log = std::fs::read_to_string(world.desktop.folder().join("trace.log")).unwrap();
    assert!(log.contains("TRACE"), "the log is at trace level");
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/dist");
    for value in &world.secrets {
        let place = format!("the value that ends in {}", &value[value.len() - 4..]);
        assert_eq!(files_with(world.desktop.folder(), value), Vec::<String>::new(), "{place}");
        assert!(!holds(&world.said, value), "{place} was said");
        if pages.exists() {
            assert_eq!(files_with(&pages, value), Vec::<String>::new(), "{place}");
        }
    }
    // The held value of the panic is not known to anybody but the server: its beginning tells.
    assert!(!world.said.windows(5).any(|w| w == b"demo-"), "no value was said");
    assert!(!log.contains("demo-"), "no value was logged");
}

#[test]
fn the_search_finds_what_is_planted() {
    let folder = tempfile::tempdir().unwrap();
    let value = "demo-".to_owned() + &"0123456789abcdef".repeat(10);
    for (nth, form) in forms(&value).into_iter().enumerate() {
        let file = folder.path().join(format!("{nth}"));
        std::fs::write(&file, [b"before".as_slice(), &form, b"after"].concat()).unwrap();
    }
    assert_eq!(files_with(folder.path(), &value).len(), forms(&value).len());
    std::fs::write(folder.path().join("0"), "something else").unwrap();
    assert_eq!(files_with(folder.path(), &value).len(), forms(&value).len() - 1);
}
