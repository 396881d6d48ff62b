//! A person's computer for one test: home, session bus and keyring in a temporary folder.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Longer than any program here takes to start, even on a busy machine.
const DEADLINE: Duration = Duration::from_secs(30);

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
    /// First, so that the keyring ends before its bus.
    keyring: Option<Program>,
    bus: Option<Program>,
    folder: tempfile::TempDir,
}

impl Desktop {
    /// With a bus that activates nothing by itself, and without a keyring.
    #[must_use]
    pub fn bare() -> Self {
        for (program, package) in [("dbus-daemon", "dbus"), ("gnome-keyring-daemon", "gnome-keyring")] {
            let there = Command::new(program).arg("--version").output().is_ok();
            assert!(there, "{program} is missing: install it with `apt-get install {package}`");
        }
        let folder = tempfile::tempdir().unwrap();
        std::fs::DirBuilder::new().mode(0o700).create(folder.path().join("run")).unwrap();
        let config = folder.path().join("bus.conf");
        let text = format!(
            r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
              "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
            <busconfig><type>session</type><listen>{}</listen><policy context="default">
            <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
            </policy></busconfig>"#,
            address(folder.path())
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
        Self { keyring: None, bus: Some(Program(bus)), folder }
    }

    /// With an unlocked keyring.
    #[must_use]
    pub fn with_keyring() -> Self {
        let mut desktop = Self::bare();
        desktop.start_keyring();
        desktop
    }

    /// Starts an unlocked keyring, and waits until the bus knows it.
    pub fn start_keyring(&mut self) {
        let mut daemon = self
            .command("gnome-keyring-daemon")
            .args(["--unlock", "--foreground", "--components=secrets"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        daemon.stdin.take().unwrap().write_all(b"password").unwrap();
        self.keyring = Some(Program(daemon));
        let begun = Instant::now();
        while !self.has_keyring() {
            assert!(begun.elapsed() < DEADLINE, "the keyring did not start");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn has_keyring(&self) -> bool {
        let question = "org.freedesktop.DBus.NameHasOwner";
        let output = self
            .command("dbus-send")
            .args(["--session", "--print-reply", "--dest=org.freedesktop.DBus", "/", question])
            .arg("string:org.freedesktop.secrets")
            .output()
            .unwrap();
        String::from_utf8_lossy(&output.stdout).contains("true")
    }

    /// A command that runs on this computer.
    #[must_use]
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.folder.path())
            .env("XDG_RUNTIME_DIR", self.folder.path().join("run"))
            .env("DBUS_SESSION_BUS_ADDRESS", address(self.folder.path()));
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
        self.folder.path().join("data")
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        self.keyring = None;
        self.bus = None;
    }
}

fn address(folder: &Path) -> String {
    format!("unix:path={}", folder.join("run/bus").display())
}
