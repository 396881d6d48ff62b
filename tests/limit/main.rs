//! The rate limiter against a strict server, beside its peers. Prints one table; docs/rate-limiter.md explains it.
//!
//! Safety is tried in real time and in real processes, where no deadline can be missed; speed on a paused clock,
//! where a busy machine can't slow anything down. `GATEHOUSE_LIMIT_RUNS` sets the number of simulated backlogs.

mod peers;
mod processes;
mod rule;
mod server;
mod simulation;

use std::io;
use std::process::ExitCode;
use std::time::Duration;

use rule::LIMIT;
use simulation::{CALLS, Row};

/// A backlog takes at most this many times as long as the oracle's.
const AT_MOST: f64 = 1.03;

fn main() -> ExitCode {
    match run() {
        Ok(broken) if broken.is_empty() => ExitCode::SUCCESS,
        Ok(broken) => {
            for what in broken {
                eprintln!("FAILED: {what}");
            }
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("FAILED: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> io::Result<Vec<String>> {
    let seed = fastrand::u64(..);
    let runs = std::env::var("GATEHOUSE_LIMIT_RUNS").ok().and_then(|runs| runs.parse().ok()).unwrap_or(40);
    let runtime = tokio::runtime::Runtime::new()?;
    let (real, cooldown) = runtime.block_on(async {
        // Half a minute is enough; five are for a machine that has much else to do.
        let both =
            async { io::Result::Ok((processes::backlog(seed).await?, processes::cooldown(seed).await?)) };
        tokio::time::timeout(Duration::from_mins(5), both).await.map_err(io::Error::other)?
    })?;
    let rows = simulation::run(runs)?;

    println!(
        "{CALLS} calls, 0 to 2 s latency, 2 % counted up to 40 s after the timeout; the limit is {LIMIT} in 60 s\n"
    );
    println!(
        "on a paused clock    runs  tripped  fullest window  time ÷ oracle's (mean, worst)  ÷ lower bound"
    );
    for row in &rows {
        println!(
            "{:<19} {:>5}  {:>7}  {:>14}  {:>18.4}, {:.4}  {:>21.4}",
            row.name, row.runs, row.tripped, row.worst, row.mean_ratio, row.worst_ratio, row.bound_ratio
        );
    }
    println!("\nin two processes, 20 times as fast, one killed and one restarted (seed {seed})");
    println!(
        "{:<19} {:>5}  {:>7}  {:>14}  {} requests, {} reset, {} not answered",
        "Gatehouse", 1, real.refused, real.worst, real.requests, real.resets, real.unanswered
    );
    match real.wall_clock {
        Some((back, forward)) => println!("their wall clock was stepped: {back:+} s, {forward:+} s"),
        None => println!("SKIPPED: their wall clock was not stepped (libfaketime is not installed)"),
    }
    println!("after a 429: {} sent into the cooldown, {} after it", cooldown.sent_into, cooldown.sent_after);

    let mut broken = Vec::new();
    let mut check = |holds: bool, what: String| {
        if !holds {
            broken.push(what);
        }
    };
    let (ours, peers): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|row| row.name == "Gatehouse");
    for row in ours {
        check(row.tripped == 0, format!("a window of {} in a simulation", row.worst));
        check(row.worst_ratio <= AT_MOST, format!("{:.4} times the oracle's time", row.worst_ratio));
    }
    for row in peers {
        check(row.tripped > 0, format!("the server is not strict: {} never tripped it", row.name));
    }
    check(real.worst <= LIMIT as usize, format!("a window of {} in real time", real.worst));
    check(real.refused == 0, format!("{} requests were refused with 429", real.refused));
    if let Some((back, forward)) = real.wall_clock {
        check(
            back < -3000 && forward > 3000,
            format!("the wall clock was stepped by {back} and {forward} s only"),
        );
    }
    check(cooldown.sent_into == 0, format!("{} requests were sent into the cooldown", cooldown.sent_into));
    check(cooldown.sent_after > 0, "nothing was sent after the cooldown".to_owned());
    Ok(broken)
}
