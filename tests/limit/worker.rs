//! Sends calls through the real limiter, as a process of its own that the test can kill.
//!
//! Takes one JSON object as its argument; says `paused <since-boot ns>` when a 429 was entered in the file; stops
//! asking for slots, and ends when its requests are done, once its standard input is closed.

use std::io::{self, Read as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use planradar::rate_limit::{
    Clock as _, InFlight, Lane, LimitError, LimitParams, LimitSettings, OsClock, RateLimiter,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::JoinSet;
use url::Url;

struct Work {
    url: Url,
    limiter: RateLimiter,
    timeout: Duration,
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let argument = std::env::args().nth(1).ok_or_else(|| io::Error::other("one JSON object is needed"))?;
    let (work, calls) = read(&argument)?;
    let work = Arc::new(work);
    let (stop, stopped) = watch::channel(false);
    // A plain thread: the runtime would wait for it at the end.
    std::thread::spawn(move || {
        let _ = io::stdin().read_to_end(&mut Vec::new());
        stop.send_replace(true);
    });
    let mut steps = JoinSet::new();
    let mut rest = calls.as_slice();
    while !rest.is_empty() {
        // Now and then a step of three calls that are reserved together, as a change and its read back are.
        let count = if rest[0] % 10 == 0 { rest.len().min(3) } else { 1 };
        let (calls, later) = rest.split_at(count);
        let lane = if calls[0] % 4 == 0 { Lane::Person } else { Lane::TakeAway };
        steps.spawn(step(Arc::clone(&work), lane, calls.to_vec(), stopped.clone()));
        rest = later;
    }
    for outcome in steps.join_all().await {
        outcome?;
    }
    Ok(())
}

fn read(argument: &str) -> io::Result<(Work, Vec<usize>)> {
    let json: serde_json::Value = serde_json::from_str(argument)?;
    let number = |name: &str| json[name].as_u64().ok_or_else(|| io::Error::other(name.to_owned()));
    let text = |name: &str| json[name].as_str().ok_or_else(|| io::Error::other(name.to_owned()));
    let time = |name: &str| number(name).map(Duration::from_millis);
    let params = LimitParams { window: time("window")?, cooldown: time("cooldown")?, grace: time("grace")? };
    let limit = u32::try_from(number("limit")?).map_err(io::Error::other)?;
    let url = Url::parse(text("url")?).map_err(io::Error::other)?;
    let (dir, settings) = (PathBuf::from(text("dir")?), LimitSettings { limit, share: limit });
    let limiter = RateLimiter::open(&dir, &url, "1484013", settings, params).map_err(io::Error::other)?;
    let calls = json["calls"].as_array().map(Vec::as_slice).unwrap_or_default().iter();
    let calls = calls.filter_map(|call| usize::try_from(call.as_u64()?).ok()).collect();
    Ok((Work { url, limiter, timeout: time("timeout")? }, calls))
}

/// Sends calls one after the other on slots reserved together; what was refused in a cooldown is asked for again
/// after it.
async fn step(
    work: Arc<Work>,
    lane: Lane,
    calls: Vec<usize>,
    mut stopped: watch::Receiver<bool>,
) -> io::Result<()> {
    let mut calls = calls.into_iter().peekable();
    while calls.peek().is_some() {
        let wanted = u32::try_from(calls.len()).map_err(io::Error::other)?;
        let reserved = tokio::select! {
            reserved = work.limiter.acquire(lane, wanted) => reserved,
            _ = stopped.wait_for(|stopped| *stopped) => return Ok(()),
        };
        let outcome = match reserved {
            Ok(mut reserved) => loop {
                let (Some(slot), Some(call)) = (reserved.take(), calls.peek()) else { break Ok(()) };
                let mut stream = TcpStream::connect(address(&work.url)?).await?;
                let stamp = OsClock.now()?;
                match slot.sent(work.timeout) {
                    Ok(request) => exchange(&work, &mut stream, *call, stamp, request).await?,
                    Err(error) => break Err(error),
                }
                calls.next();
            },
            Err(error) => Err(error),
        };
        match outcome {
            Ok(()) => {}
            Err(LimitError::Paused { remaining }) => {
                tokio::select! {
                    () = tokio::time::sleep(remaining) => {}
                    _ = stopped.wait_for(|stopped| *stopped) => return Ok(()),
                }
            }
            Err(error) => return Err(io::Error::other(error)),
        }
    }
    Ok(())
}

fn address(url: &Url) -> io::Result<String> {
    let (host, port) = url.host_str().zip(url.port()).ok_or_else(|| io::Error::other("no host and port"))?;
    Ok(format!("{host}:{port}"))
}

async fn exchange(
    work: &Work,
    stream: &mut TcpStream,
    call: usize,
    stamp: Duration,
    request: InFlight,
) -> io::Result<()> {
    let wall_clock = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_err(io::Error::other)?;
    let head = format!("GET /call/{call}/{}/{} HTTP/1.1\r\n\r\n", stamp.as_nanos(), wall_clock.as_secs());
    let mut answer = Vec::new();
    let told = tokio::time::timeout(work.timeout, async {
        stream.write_all(head.as_bytes()).await?;
        stream.read_to_end(&mut answer).await
    });
    // Too late, reset or empty: nothing is known, and the slot stays taken.
    let Ok(Ok(1..)) = told.await else { return Ok(()) };
    if answer.starts_with(b"HTTP/1.1 429") {
        work.limiter.pause(None).map_err(io::Error::other)?;
        println!("paused {}", OsClock.now()?.as_nanos());
    }
    request.answered();
    Ok(())
}
