//! The real limiter in real processes, which are killed, restarted and told a wrong time of day.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::rule::{LIMIT, Times};
use crate::server::Server;
use crate::simulation::CALLS;

/// All of the real times are divided by it: a window lasts 3 s.
const FACTOR: u32 = 20;
const HOUR: i64 = 3600;

/// What a run showed.
pub struct Report {
    pub requests: usize,
    pub worst: usize,
    pub refused: usize,
    pub resets: usize,
    pub unanswered: usize,
    /// `None`: libfaketime is not there.
    pub wall_clock: Option<(i64, i64)>,
}

/// Two processes, 200 calls. One is killed in the middle and started again, the other is ended and started
/// again; the wall clock of both is stepped an hour back, and then forward.
pub async fn backlog(seed: u64) -> io::Result<Report> {
    let server = Server::start(Times::shortened(FACTOR), seed, None).await?;
    let home = Home::new(&server, CALLS)?;
    let mut first = home.start(&home.missing(|call| call % 2 == 0))?;
    let mut second = home.start(&home.missing(|call| call % 2 == 1))?;

    server.arrived(40).await;
    home.step_wall_clock(-HOUR)?;
    server.arrived(60).await;
    first.kill().await?;
    let mut first = home.start(&home.missing(|call| call % 2 == 0))?;
    server.arrived(100).await;
    home.step_wall_clock(HOUR)?;
    server.arrived(120).await;
    end(&mut second).await?;
    let mut second = home.start(&home.missing(|call| call % 2 == 1))?;
    done(&mut first).await?;
    done(&mut second).await?;

    let worst = server.worst();
    let saw = server.seen();
    if saw.calls.len() != CALLS {
        return Err(io::Error::other(format!("{} of {CALLS} calls arrived", saw.calls.len())));
    }
    Ok(Report {
        requests: saw.sent.len(),
        worst,
        refused: saw.refused,
        resets: saw.resets,
        unanswered: saw.unanswered,
        wall_clock: home.faketime.as_ref().map(|_| saw.wall_clock),
    })
}

/// What a run with a 429 showed.
pub struct Cooldown {
    /// Requests that left after the 429 was on file and before the cooldown ended. Those that had left before it
    /// can't be called back.
    pub sent_into: usize,
    /// Requests after its end.
    pub sent_after: usize,
}

/// Two processes; a 429 comes; the one that got it is killed, and started again within the cooldown.
pub async fn cooldown(seed: u64) -> io::Result<Cooldown> {
    let mut times = Times::shortened(FACTOR);
    times.params.cooldown = Duration::from_secs(4);
    let server = Server::start(times, seed, Some(20)).await?;
    let home = Home::new(&server, 60)?;
    let mut processes =
        [home.start(&home.missing(|call| call % 2 == 0))?, home.start(&home.missing(|call| call % 2 == 1))?];
    let [first, second] = &mut processes;
    let (paused, first_was_told) = tokio::select! {
        stamp = paused(first) => (stamp?, true),
        stamp = paused(second) => (stamp?, false),
    };
    let (told, parity) = if first_was_told { (first, 0) } else { (second, 1) };
    told.kill().await?;
    *told = home.start(&home.missing(|call| call % 2 == parity))?;
    for process in &mut processes {
        done(process).await?;
    }
    let saw = server.seen();
    Ok(Cooldown {
        sent_into: saw.sent.iter().filter(|sent| (paused..saw.stopped_until).contains(sent)).count(),
        sent_after: saw.sent.iter().filter(|sent| **sent >= saw.stopped_until).count(),
    })
}

/// Where the processes of a run keep their limit.
struct Home {
    dir: tempfile::TempDir,
    server: Arc<Server>,
    calls: usize,
    faketime: Option<PathBuf>,
}

impl Home {
    fn new(server: &Arc<Server>, calls: usize) -> io::Result<Self> {
        let home =
            Self { dir: tempfile::tempdir()?, server: Arc::clone(server), calls, faketime: faketime() };
        home.step_wall_clock(0)?;
        Ok(home)
    }

    /// Those of the calls that have not arrived yet.
    fn missing(&self, which: impl Fn(usize) -> bool) -> Vec<usize> {
        let saw = self.server.seen();
        (0..self.calls).filter(|call| which(*call) && !saw.calls.contains(call)).collect()
    }

    fn start(&self, calls: &[usize]) -> io::Result<Child> {
        let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        let times = self.server.times;
        let params = times.params;
        let argument = serde_json::json!({
            "url": self.server.url, "dir": self.dir.path().join("limits"), "limit": LIMIT,
            "window": millis(params.window), "cooldown": millis(params.cooldown), "grace": millis(params.grace),
            "timeout": millis(times.timeout), "calls": calls,
        });
        let mut command = Command::new(env!("CARGO_BIN_EXE_limit-worker"));
        command.arg(argument.to_string()).stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        if let Some(library) = &self.faketime {
            command
                .env("LD_PRELOAD", library)
                .env("FAKETIME_TIMESTAMP_FILE", self.wall_clock_file())
                .env("FAKETIME_NO_CACHE", "1")
                .env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        }
        command.spawn()
    }

    fn wall_clock_file(&self) -> PathBuf {
        self.dir.path().join("wall-clock")
    }

    /// For all processes of this run at once, where libfaketime is there.
    fn step_wall_clock(&self, seconds: i64) -> io::Result<()> {
        let new = self.dir.path().join("new-wall-clock");
        std::fs::write(&new, format!("{seconds:+}"))?;
        std::fs::rename(new, self.wall_clock_file())
    }
}

/// Says wrong times of day to the programs that it is loaded into (Debian's package libfaketime).
fn faketime() -> Option<PathBuf> {
    let places = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"];
    let libraries = places.iter().map(|place| Path::new(place).join("faketime/libfaketimeMT.so.1"));
    libraries.into_iter().find(|library| library.exists())
}

/// The stamp at which a process had entered a 429 in the file.
async fn paused(process: &mut Child) -> io::Result<Duration> {
    let output = process.stdout.as_mut().ok_or_else(|| io::Error::other("no output"))?;
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line).await?;
    let stamp = line.trim().strip_prefix("paused ").and_then(|stamp| stamp.parse().ok());
    stamp.map(Duration::from_nanos).ok_or_else(|| io::Error::other("a process ended without a 429"))
}

/// Ends a process in good order.
async fn end(process: &mut Child) -> io::Result<()> {
    drop(process.stdin.take());
    done(process).await
}

async fn done(process: &mut Child) -> io::Result<()> {
    // `wait` would close its input, which stops it.
    let input = process.stdin.take();
    let status = process.wait().await?;
    drop(input);
    if status.success() { Ok(()) } else { Err(io::Error::other(format!("a worker failed: {status}"))) }
}
