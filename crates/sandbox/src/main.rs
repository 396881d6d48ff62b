//! The program `planradar-sandbox`: a local PlanRadar until Ctrl-C.

#![allow(clippy::doc_markdown, reason = "PlanRadar is a name, not code")]

mod args;

use std::io::Write as _;
use std::process::ExitCode;

use args::{Command, Run};
use planradar_sandbox::Sandbox;

fn main() -> ExitCode {
    match args::parse(lexopt::Parser::from_env()) {
        Ok(Command::Run(run)) => match serve(*run) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("planradar-sandbox: {error}");
                ExitCode::FAILURE
            }
        },
        Ok(Command::Help) => {
            print!("{}", args::HELP);
            #[cfg(feature = "faults")]
            print!("{}", args::FAULTS_HELP);
            ExitCode::SUCCESS
        }
        Ok(Command::Version) => {
            println!("planradar-sandbox {}", env!("CARGO_PKG_VERSION"));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("planradar-sandbox: {error}\nTry planradar-sandbox --help.");
            ExitCode::from(2)
        }
    }
}

#[tokio::main]
async fn serve(run: Run) -> Result<(), Box<dyn std::error::Error>> {
    #[cfg(feature = "faults")]
    let faults: Vec<planradar_sandbox::Fault> = match &run.faults {
        Some(file) => serde_json::from_slice(&std::fs::read(file)?)?,
        None => Vec::new(),
    };
    // Before the ready line: whoever reads it may send the signal at once.
    let end = end_signal()?;
    let sandbox = Sandbox::start(run.options).await?;
    #[cfg(feature = "faults")]
    for fault in faults {
        sandbox.fault(fault);
    }
    let ready = serde_json::to_string(&sandbox.ready()?)?;
    let mut stdout = std::io::stdout();
    writeln!(stdout, "{ready}")?;
    stdout.flush()?;
    eprintln!("The sandbox serves {} until Ctrl-C.", sandbox.url());
    eprintln!("Let something happen, within two minutes: {}", sandbox.demo_page_url());
    end.await;
    sandbox.stop().await;
    Ok(())
}

/// Starts to listen for the signals that end the program; the future is ready when one has come.
#[cfg(unix)]
fn end_signal() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Starts to listen for the signals that end the program; the future is ready when one has come.
#[cfg(windows)]
fn end_signal() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::windows::{ctrl_break, ctrl_c};
    let mut interrupt = ctrl_c()?;
    let mut terminate = ctrl_break()?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}
