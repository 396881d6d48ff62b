//! A session of its own for one test: home, bus and keyring in a temporary folder.
//!
//! Which bus a program talks to stands in its environment, so each test runs once more in a child
//! process: the outer run prepares the folder, the inner one does the work.

use std::io::Write;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// Set in the inner run, to the session's folder.
const FOLDER: &str = "GATEHOUSE_TEST_SESSION";

/// The name that a Secret Service owns.
pub const SECRETS: &str = "org.freedesktop.secrets";

/// Longer than any program here takes to start or stop, even on a busy machine.
const DEADLINE: Duration = Duration::from_secs(30);

/// The inside of one session. Nothing runs in it yet.
pub struct Session {
    folder: PathBuf,
}

/// A program of the session, ended when dropped.
pub struct Program(Child);

impl Program {
    /// Ends a keyring, and waits until the bus knows.
    pub fn stop(self) {
        drop(self);
        wait_for_owner(false);
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Runs `inner` in a session of its own. `test` is the test's full name.
pub fn run<F: Future>(test: &str, inner: impl FnOnce(Session) -> F) {
    if let Some(folder) = std::env::var_os(FOLDER) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(inner(Session { folder: folder.into() }));
        return;
    }
    for (program, package) in [
        ("dbus-daemon", "dbus"),
        ("gnome-keyring-daemon", "gnome-keyring"),
        ("secret-tool", "libsecret-tools"),
    ] {
        let there = Command::new(program).arg("--version").output().is_ok();
        assert!(there, "{program} is missing: install it with `apt-get install {package}`");
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    std::fs::DirBuilder::new().mode(0o700).create(path.join("run")).unwrap();
    let output = Command::new(std::env::current_exe().unwrap())
        .args([test, "--exact", "--nocapture"])
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("RUST_BACKTRACE", "1")
        .env("HOME", path)
        .env("XDG_RUNTIME_DIR", path.join("run"))
        .env("DBUS_SESSION_BUS_ADDRESS", address(path))
        .env(FOLDER, path)
        .output()
        .unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && stdout.contains("1 passed"),
        "{}\n{stdout}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
}

fn address(folder: &Path) -> String {
    format!("unix:path={}", folder.join("run/bus").display())
}

impl Session {
    /// Starts a bus that offers nothing by itself: no service files, so nothing is started on demand.
    pub fn bus(&self) -> Program {
        let config = self.folder.join("bus.conf");
        let socket = self.folder.join("run/bus");
        let _ = std::fs::remove_file(&socket);
        std::fs::write(
            &config,
            format!(
                r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
                    "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
                <busconfig>
                  <type>session</type>
                  <listen>{}</listen>
                  <policy context="default">
                    <allow send_destination="*" eavesdrop="true"/>
                    <allow eavesdrop="true"/>
                    <allow own="*"/>
                  </policy>
                </busconfig>"#,
                address(&self.folder)
            ),
        )
        .unwrap();
        let mut child = Command::new("dbus-daemon")
            .arg("--nofork")
            .arg("--print-address")
            .arg(format!("--config-file={}", config.display()))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        // It prints its address when it listens.
        let mut line = String::new();
        let stdout = child.stdout.take().unwrap();
        std::io::BufRead::read_line(&mut std::io::BufReader::new(stdout), &mut line).unwrap();
        assert!(line.starts_with("unix:"), "no bus: {line:?}");
        Program(child)
    }

    /// Starts a keyring with this password. The first start in a session creates it.
    pub fn unlocked_keyring(&self, password: &str) -> Program {
        self.keyring(&["--unlock"], password)
    }

    /// Starts a keyring whose password nobody has given: what an earlier start created is locked.
    pub fn locked_keyring(&self) -> Program {
        self.keyring(&[], "")
    }

    fn keyring(&self, more: &[&str], input: &str) -> Program {
        let child = Command::new("gnome-keyring-daemon")
            .args(["--foreground", "--components=secrets"])
            .arg(format!("--control-directory={}", self.folder.join("run/keyring").display()))
            .args(more)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut keyring = Program(child);
        keyring.0.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        wait_for_owner(true);
        keyring
    }
}

/// What another program of the same person finds in the keyring under `user`: the value, and how the
/// entry is shown.
pub fn seen_by_others(user: &str) -> (String, String) {
    (secret_tool(&["lookup"], user, ""), secret_tool(&["search", "--all"], user, ""))
}

/// Another program makes a second entry under `user`.
pub fn double(user: &str, value: &str) {
    secret_tool(&["store", "--label=A double", "made-by", "another program"], user, value);
}

fn secret_tool(action: &[&str], user: &str, input: &str) -> String {
    let mut child = Command::new("secret-tool")
        .args(action)
        .args(["service", "Gatehouse", "username", user])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It reads only when it stores; otherwise it may have ended before this.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
}

fn wait_for_owner(owned: bool) {
    let (done, ended) = mpsc::channel();
    std::thread::spawn(move || {
        let bus = zbus::blocking::Connection::session().unwrap();
        let proxy = zbus::blocking::fdo::DBusProxy::new(&bus).unwrap();
        let mut changes = proxy.receive_name_owner_changed_with_args(&[(0, SECRETS)]).unwrap();
        while proxy.name_has_owner(SECRETS.try_into().unwrap()).unwrap() != owned {
            changes.next().unwrap();
        }
        done.send(()).unwrap();
    });
    ended.recv_timeout(DEADLINE).expect("the keyring did not start or stop in time");
}
