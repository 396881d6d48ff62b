//! The program as a process, and the state it keeps.

#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Stdio};

use common::{NAMES, Site, roomy, send};
use planradar_sandbox::{ACCOUNT_HOLDER, Error, Options, Plan, READY_TOKEN_NAME, Sandbox, Seed};
use secrecy::ExposeSecret as _;
use serde_json::Value;

/// The program; killed when a test fails before its end.
struct Program {
    child: Child,
    ready: Value,
}

impl Program {
    fn start(args: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_planradar-sandbox"))
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let ready = serde_json::from_str(&line).unwrap();
        Self { child, ready }
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.ready["url"].as_str().unwrap())
    }

    async fn get(&self, path: &str, who: &str) -> common::Got {
        let token = self.ready["tokens"][who].as_str().unwrap();
        let request = common::client().get(self.url(path)).header("accept", "application/json");
        send(request.header("X-PlanRadar-API-Key", token)).await
    }

    /// Ends it as Ctrl-C (or `kill`) does: cleanly, and without another word.
    #[cfg(unix)]
    fn end(mut self, signal: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        let mut rest = String::new();
        self.child.stdout.as_mut().unwrap().read_to_string(&mut rest).unwrap();
        assert_eq!((self.child.wait().unwrap().code(), rest.as_str()), (Some(0), ""), "{signal}");
    }

    /// Elsewhere there is no signal that another process can send: it is killed.
    #[cfg(not(unix))]
    fn end(mut self, _: &str) {
        self.child.kill().unwrap();
        let mut rest = String::new();
        self.child.stdout.as_mut().unwrap().read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "");
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn it_prints_one_line_serves_and_ends_cleanly_on_a_signal() {
    for signal in ["-INT", "-TERM"] {
        let program = Program::start(&["--seed", "demo"]);
        let keys: Vec<&String> = program.ready.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["customer_id", "tokens", "url"]);
        let kinds: Vec<&String> = program.ready["tokens"].as_object().unwrap().keys().collect();
        assert_eq!(kinds, ["account_holder", "administrator", "api_user", "no_api_user"]);
        for (who, status) in
            [("account_holder", 200), ("administrator", 200), ("api_user", 200), ("no_api_user", 403)]
        {
            assert_eq!(program.get("/api/v1/9000001/users/me", who).await.status, status, "{who}");
        }
        program.end(signal);
    }
}

#[tokio::test]
async fn it_tells_where_the_demonstration_page_is_and_takes_who_may_have_webhooks() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_planradar-sandbox"))
        .args(["--webhook-access", "accounts"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    let errors = BufReader::new(child.stderr.take().unwrap());
    let program = Program { child, ready: serde_json::from_str(&line).unwrap() };
    let opens = |line: &String| line.contains("/?code=");
    let said = errors.lines().map(Result::unwrap).find(opens).unwrap();
    let page = said.split_whitespace().find(|word| word.starts_with(&program.url("/?code="))).unwrap();
    let opened = common::client().get(page).header("accept", "text/html").send().await.unwrap();
    assert_eq!(opened.status(), 200, "{said}");
    let webhooks = "/api/v1/9000001/webhooks";
    assert_eq!(program.get(webhooks, "administrator").await.body["meta"]["count"], 4);
    assert_eq!(program.get(webhooks, "api_user").await.code(), "permission_accounts");
    program.end("-TERM");
}

#[tokio::test]
async fn an_open_connection_does_not_keep_it_from_ending() {
    let program = Program::start(&["--latency", "5m"]);
    let (host, path) = (program.url("").replace("http://", ""), "/api/v1/9000001/users/me");
    let mut idle = std::net::TcpStream::connect(&host).unwrap();
    let mut waiting = std::net::TcpStream::connect(&host).unwrap();
    let head = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept: application/json\r\n\r\n");
    std::io::Write::write_all(&mut waiting, head.as_bytes()).unwrap();
    program.end("-INT");
    for stream in [&mut idle, &mut waiting] {
        let mut rest = Vec::new();
        // Closed or reset, and nothing was answered.
        let _ = stream.read_to_end(&mut rest);
        assert!(rest.is_empty());
    }
}

#[tokio::test]
async fn with_data_the_state_survives_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("new").join("sandbox");
    let data = data.to_str().unwrap();
    let first = Program::start(&["--data", data, "--seed", "empty"]);
    let body = "{\"data\":{\"attributes\":{\"name\":\"Kept\"}}}";
    let token = first.ready["tokens"]["api_user"].as_str().unwrap();
    let create = common::client().post(first.url(NAMES)).header("accept", "application/json");
    let created = send(create.header("X-PlanRadar-API-Key", token).body(body)).await;
    let value = created.attribute("token").as_str().unwrap().to_owned();
    let old_ready = token.to_owned();
    first.end("-INT");

    for entry in std::fs::read_dir(data).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        for secret in [&value, &old_ready] {
            assert!(
                !bytes.windows(32).any(|part| part == &secret.as_bytes()[..32]),
                "a value is on the disk"
            );
        }
    }
    #[cfg(unix)]
    assert_private(std::path::Path::new(data));

    // The seed counts for a new state only.
    let second = Program::start(&["--data", data, "--seed", "demo"]);
    let get = |value: &str| {
        let get = common::client().get(second.url(NAMES)).header("accept", "application/json");
        send(get.header("X-PlanRadar-API-Key", value))
    };
    let list = get(&value).await;
    assert_eq!(list.column("name"), ["Kept", READY_TOKEN_NAME], "one ready token, not two");
    assert_eq!(get(&old_ready).await.status, 401, "the ready tokens are new at each start");
    assert_eq!(second.get("/api/v1/9000001/users", "api_user").await.body["meta"]["count"], 4);
}

#[cfg(unix)]
fn assert_private(dir: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(dir), 0o700);
    assert_eq!(mode(&dir.join("sandbox.db")), 0o600);
    assert_eq!(mode(&dir.join("sandbox.key")), 0o600);
}

#[test]
fn wrong_arguments_end_it_with_2_and_nothing_on_standard_output() {
    for (args, told) in
        [(&["--seed", "big"] as &[&str], "demo, empty or large"), (&["--host", "0.0.0.0"], "--host")]
    {
        let output = Command::new(env!("CARGO_BIN_EXE_planradar-sandbox")).args(args).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{error}");
        assert!(error.contains(told), "{error}");
    }
}

#[test]
fn help_and_version_end_it_with_0() {
    for (arg, told) in [("--help", "--documented-only"), ("--version", env!("CARGO_PKG_VERSION"))] {
        let output = Command::new(env!("CARGO_BIN_EXE_planradar-sandbox")).arg(arg).output().unwrap();
        assert!(output.status.success());
        assert!(String::from_utf8(output.stdout).unwrap().contains(told));
    }
}

#[tokio::test]
async fn a_taken_port_is_told() {
    let site = Site::start(roomy()).await;
    let port = site.ready.url.rsplit(':').next().unwrap();
    let output =
        Command::new(env!("CARGO_BIN_EXE_planradar-sandbox")).args(["--port", port]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains(&format!("can't listen on 127.0.0.1:{port}")), "{error}");
}

fn kept(dir: &tempfile::TempDir) -> Options {
    Options { data_dir: Some(dir.path().to_owned()), seed: Seed::Empty, ..roomy() }
}

#[tokio::test]
async fn two_sandboxes_can_not_share_a_state() {
    let dir = tempfile::tempdir().unwrap();
    let first = Sandbox::start(kept(&dir)).await.unwrap();
    let error = Sandbox::start(kept(&dir)).await.unwrap_err();
    assert!(matches!(error, Error::InUse { .. }), "{error}");
    first.stop().await;
    Sandbox::start(kept(&dir)).await.unwrap();
}

#[tokio::test]
async fn a_stopped_sandbox_has_let_go_of_its_state_even_when_somebody_was_waiting() {
    let dir = tempfile::tempdir().unwrap();
    let latency = std::time::Duration::from_mins(5);
    for _ in 0..2 {
        let site = Site::start(Options { latency, ..kept(&dir) }).await;
        let waiting = site.request(reqwest::Method::GET, NAMES, &site.ready.tokens.api_user).send();
        let waiting = tokio::spawn(waiting);
        while site.sandbox.requests().count("tokens.list") == 0 {
            assert!(!waiting.is_finished(), "it was answered at once");
            tokio::task::yield_now().await;
        }
        site.sandbox.stop().await;
        assert!(waiting.await.unwrap().is_err(), "it was cut off");
    }
}

#[tokio::test]
async fn faults_come_from_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("faults.json");
    std::fs::write(&file, r#"[{"route": "me", "nth": 1, "effect": {"kind": "status", "status": 503}}]"#)
        .unwrap();
    let program = Program::start(&["--faults", file.to_str().unwrap()]);
    assert_eq!(program.get("/api/v1/9000001/users/me", "api_user").await.status, 503);
    assert_eq!(program.get("/api/v1/9000001/users/me", "api_user").await.status, 200);
}

#[tokio::test]
async fn an_issued_token_stays_good_after_a_restart_and_replaces_its_namesake() {
    let dir = tempfile::tempdir().unwrap();
    let first = Sandbox::start(kept(&dir)).await.unwrap();
    let older = first.issue_token(ACCOUNT_HOLDER, "Gatehouse").unwrap();
    let kept_token = first.issue_token(ACCOUNT_HOLDER, "Gatehouse").unwrap();
    first.stop().await;
    let sandbox = Sandbox::start(Options { plan: Some(Plan::Enterprise), ..kept(&dir) }).await.unwrap();
    let get = |token: &secrecy::SecretString| {
        let request = common::client().get(format!("{}/api/v1/9000001/account", sandbox.url()));
        // The test uses the token.
        let token = token.expose_secret().to_owned();
        send(request.header("accept", "application/json").header("X-PlanRadar-API-Key", token))
    };
    assert_eq!(get(&older).await.status, 401);
    let account = get(&kept_token).await;
    assert_eq!((account.status, account.attribute("plan").as_str()), (200, Some("enterprise")));
    assert!(matches!(sandbox.issue_token("1", "x"), Err(Error::NoSuchUser(_))));
    assert!(matches!(sandbox.set_permission(ACCOUNT_HOLDER, "fly", true), Err(Error::NoSuchPermission(_))));
}

#[tokio::test]
async fn a_state_of_another_version_or_a_damaged_one_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    Sandbox::start(kept(&dir)).await.unwrap().stop().await;
    let file = dir.path().join("sandbox.db");
    let db = rusqlite::Connection::open(&file).unwrap();
    db.pragma_update(None, "user_version", 99).unwrap();
    drop(db);
    let error = Sandbox::start(kept(&dir)).await.unwrap_err();
    assert!(matches!(error, Error::OtherVersion { found: 99, .. }), "{error}");

    let garbage = b"not a database, but somebody's file ".repeat(200);
    std::fs::write(&file, &garbage).unwrap();
    let error = Sandbox::start(kept(&dir)).await.unwrap_err();
    assert!(matches!(error, Error::Database(_)), "{error}");
    assert_eq!(std::fs::read(&file).unwrap(), garbage);
}

#[tokio::test]
async fn a_dropped_sandbox_serves_no_longer() {
    let site = Site::start(roomy()).await;
    let (url, client) = (site.ready.url.clone(), site.client.clone());
    drop(site);
    // The listener is closed by the task that owns it, a moment later.
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while client.get(&url).send().await.is_ok() {
        assert!(std::time::Instant::now() < deadline, "still there");
        tokio::task::yield_now().await;
    }
}
