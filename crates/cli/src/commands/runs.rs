//! Runs over several users: core's jobs, waited for. Ctrl-C pauses one; it goes on when asked, also after days.

use crate::{
    Exit, Outcome,
    cx::{Cx, interrupted},
    failure::Failure,
    json::{Answer, common::Run},
    out::{Out, Table},
};
use gatehouse_core::{
    jobs::{JobState, JobView},
    notices::Notice,
};
use std::pin::pin;
use tokio::sync::broadcast::{self, error::RecvError};

/// Waits until the run rests. `heard`: what was told since before it began.
pub async fn wait(
    cx: &Cx,
    mut run: JobView,
    mut heard: broadcast::Receiver<Notice>,
) -> Result<JobView, Failure> {
    if run.total > 1 {
        let long = if run.seconds_left > 0 {
            format!(", at least {} s within the request limit", run.seconds_left)
        } else {
            String::new()
        };
        cx.out.say(&format!("{} users{long}. Ctrl-C pauses.", run.total));
    }
    // One listener for the whole run: a Ctrl-C between two notices counts too.
    let (mut ctrl_c, mut pausing) = (pin!(interrupted()), false);
    while run.state == JobState::Running {
        let notice = tokio::select! {
            notice = heard.recv() => notice,
            () = &mut ctrl_c, if !pausing => {
                pausing = true;
                Out::warn("Pausing after this user.");
                run = cx.app.job_pause(&run.id).await?;
                continue;
            }
        };
        match notice {
            Ok(Notice::JobChanged { job }) if job.id == run.id => {
                if job.done != run.done && job.total > 1 {
                    cx.out.say(&format!("{} of {}", job.done, job.total));
                }
                run = job;
            }
            Ok(_) | Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => break,
        }
    }
    if run.state == JobState::Paused {
        Out::warn(&format!(
            "Paused after {} of {}. It goes on with `gatehouse-cli users resume {}`.",
            run.done, run.total, run.id
        ));
    }
    Ok(run)
}

/// What the program ends with after a run.
pub fn exit(run: &JobView) -> Exit {
    if let Some(error) = &run.halted {
        return error.code.into();
    }
    if let Some(failure) = run.failures.first() {
        return failure.error.code.into();
    }
    match run.state {
        JobState::Finished => Exit::Ok,
        JobState::Running | JobState::Paused | JobState::Ended => Exit::Fault,
    }
}

/// Answers with the run, and ends accordingly.
pub fn tell(cx: &Cx, run: JobView) -> Outcome {
    let exit = exit(&run);
    let run = Run::from(run);
    if let Some(error) = &run.halted {
        Out::warn(&format!("It halted: {}", error.message));
    }
    for failed in &run.failed {
        Out::warn(&format!("“{}”: {}", failed.name, failed.error.message));
    }
    cx.out.answer(&Answer::Done(run.clone()), |text| {
        text.facts([
            ("run", run.id.as_str().into()),
            ("users", run.total.into()),
            ("tried", run.tried.into()),
            ("so already", run.unchanged.into()),
            ("failed", u32::try_from(run.failed.len()).unwrap_or(u32::MAX).into()),
        ]);
    })?;
    Ok(exit)
}

/// A row of the list of runs.
pub fn table(runs: &[Run]) -> Table {
    let mut table = Table::new(&["run", "what", "users", "tried", "failed"]);
    for run in runs {
        table.row([
            run.id.as_str().into(),
            run.kind.words().into(),
            run.total.into(),
            run.tried.into(),
            u32::try_from(run.failed.len()).unwrap_or(u32::MAX).into(),
        ]);
    }
    table
}
