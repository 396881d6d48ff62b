//! A person's computer for tests: home, session bus and keyring in a temporary folder.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError, mpsc};
use std::time::Duration;

use zbus::blocking::{Connection, connection, fdo::DBusProxy};
use zbus::fdo;
use zbus::zvariant::{OwnedObjectPath, OwnedValue};

/// Longer than any program here takes to start or stop, even on a busy machine.
pub(crate) const DEADLINE: Duration = Duration::from_secs(30);
/// The name that a Secret Service owns on the bus.
const SECRETS: &str = "org.freedesktop.secrets";
/// The keyring's password.
const PASSWORD: &[u8] = b"password";

/// Ended when dropped.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// The computer. Its folder and programs go with it.
pub struct Desktop {
    keyring: Mutex<Option<Program>>,
    bus: Mutex<Option<Program>>,
    folder: tempfile::TempDir,
}

impl Desktop {
    /// Without a session bus.
    #[must_use]
    pub fn without_bus() -> Self {
        for (program, package) in [
            ("dbus-daemon", "dbus"),
            ("gnome-keyring-daemon", "gnome-keyring"),
            ("secret-tool", "libsecret-tools"),
        ] {
            let there = Command::new(program).arg("--version").output().is_ok();
            assert!(there, "{program} is missing: install it with `apt-get install {package}`");
        }
        let folder = tempfile::tempdir().unwrap();
        for name in ["run", "tmp"] {
            std::fs::DirBuilder::new().mode(0o700).create(folder.path().join(name)).unwrap();
        }
        Self { keyring: Mutex::default(), bus: Mutex::default(), folder }
    }

    /// With a bus that activates nothing by itself, and without a keyring.
    #[must_use]
    pub fn bare() -> Self {
        let desktop = Self::without_bus();
        desktop.start_bus();
        desktop
    }

    /// With an unlocked keyring.
    #[must_use]
    pub fn with_keyring() -> Self {
        let desktop = Self::bare();
        desktop.start_keyring();
        desktop
    }

    /// Starts the bus.
    pub fn start_bus(&self) {
        let config = self.folder().join("bus.conf");
        let text = format!(
            r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
              "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
            <busconfig><type>session</type><listen>{}</listen><policy context="default">
            <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
            </policy></busconfig>"#,
            self.address()
        );
        std::fs::write(&config, text).unwrap();
        let mut bus = Command::new("dbus-daemon")
            .args(["--nofork", "--print-address", "--config-file"])
            .arg(&config)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // It prints its address when it listens.
        let mut line = String::new();
        BufReader::new(bus.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(line.starts_with("unix:"), "dbus-daemon said {line:?}");
        *self.bus.lock().unwrap() = Some(Program(bus));
    }

    /// Starts an unlocked keyring; the first start creates it.
    pub fn start_keyring(&self) {
        self.run_keyring(&["--unlock"], PASSWORD);
    }

    /// Starts the keyring of an earlier start anew, and nobody has given its password yet.
    pub fn lock_keyring(&self) {
        self.stop_keyring();
        self.run_keyring(&[], b"");
    }

    /// Starts it anew, and unlocked.
    pub fn start_keyring_anew(&self) {
        self.stop_keyring();
        self.start_keyring();
    }

    /// Ends the keyring.
    pub fn stop_keyring(&self) {
        *self.keyring.lock().unwrap() = None;
        self.wait_for_owner(false);
    }

    fn run_keyring(&self, more: &[&str], input: &[u8]) {
        let mut daemon = self
            .command("gnome-keyring-daemon")
            .args(["--foreground", "--components=secrets"])
            .args(more)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        daemon.stdin.take().unwrap().write_all(input).unwrap();
        *self.keyring.lock().unwrap() = Some(Program(daemon));
        self.wait_for_owner(true);
    }

    /// Waits until a Secret Service is on the bus, or none.
    fn wait_for_owner(&self, owned: bool) {
        let (done, ended) = mpsc::channel();
        let bus = self.connect().build().unwrap();
        std::thread::spawn(move || {
            let proxy = DBusProxy::new(&bus).unwrap();
            let mut changes = proxy.receive_name_owner_changed_with_args(&[(0, SECRETS)]).unwrap();
            while proxy.name_has_owner(SECRETS.try_into().unwrap()).unwrap() != owned {
                changes.next().unwrap();
            }
            done.send(()).unwrap();
        });
        ended.recv_timeout(DEADLINE).expect("the keyring did not start or stop in time");
    }

    /// Puts a program in the Secret Service's place that takes every request and never answers.
    #[must_use]
    pub fn silent_service(&self) -> FakeService {
        self.fake(false)
    }

    /// Puts a program in the Secret Service's place that denies access.
    #[must_use]
    pub fn refusing_service(&self) -> FakeService {
        self.fake(true)
    }

    fn fake(&self, refuses: bool) -> FakeService {
        let serving = self.connect().serve_at("/org/freedesktop/secrets", Fake { refuses });
        FakeService(serving.and_then(|bus| bus.name(SECRETS)).and_then(connection::Builder::build).unwrap())
    }

    fn connect(&self) -> connection::Builder<'static> {
        connection::Builder::address(self.address().as_str()).unwrap()
    }

    /// What the keyring holds under this user name, as another program of the same person reads it.
    #[must_use]
    pub fn kept(&self, user: &str) -> Option<String> {
        let lookup = ["lookup", "service", "Gatehouse", "username", user];
        let output = self.command("secret-tool").args(lookup).output().unwrap();
        output.status.success().then(|| String::from_utf8(output.stdout).unwrap())
    }

    /// All values that the keyring holds for Gatehouse.
    #[must_use]
    pub fn all_kept(&self) -> Vec<String> {
        let search = ["search", "--all", "--unlock", "service", "Gatehouse"];
        let output = self.command("secret-tool").args(search).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().filter_map(|line| line.strip_prefix("secret = ")).map(str::to_owned).collect()
    }

    /// A command that runs on this computer.
    #[must_use]
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.folder())
            // What is written there is looked through as well.
            .env("TMPDIR", self.folder().join("tmp"))
            .env("XDG_RUNTIME_DIR", self.folder().join("run"))
            .env("DBUS_SESSION_BUS_ADDRESS", self.address());
        command
    }

    /// The computer's folder: home, and everything that was written.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Gatehouse's data folder on it.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.folder().join("data")
    }

    fn address(&self) -> String {
        format!("unix:path={}", self.folder().join("run/bus").display())
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        // The keyring ends before its bus.
        for program in [&self.keyring, &self.bus] {
            // A failed test may have left it poisoned.
            drop(program.lock().unwrap_or_else(PoisonError::into_inner).take());
        }
    }
}

/// Owns the Secret Service's name, and is none.
pub struct FakeService(Connection);

impl FakeService {
    /// Lets another program be the Secret Service; what this one was asked stays unanswered.
    pub fn give_up_name(&self) {
        self.0.release_name(SECRETS).unwrap();
    }

    /// Leaves the bus, which then answers in its place that there will be no answer.
    pub fn leave(self) {
        self.0.close().unwrap();
    }
}

struct Fake {
    refuses: bool,
}

#[zbus::interface(name = "org.freedesktop.Secret.Service")]
impl Fake {
    // Every conversation with a Secret Service begins with this.
    async fn open_session(
        &self,
        algorithm: &str,
        input: OwnedValue,
    ) -> fdo::Result<(OwnedValue, OwnedObjectPath)> {
        drop((algorithm, input));
        if self.refuses {
            return Err(fdo::Error::AccessDenied("not for you".into()));
        }
        std::future::pending().await
    }
}
