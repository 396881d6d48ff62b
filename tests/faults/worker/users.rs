//! What a worker can be told to do with users.

use super::{Answer, Words, shown};
use gatehouse_core::{
    AppError, Code, Gatehouse,
    jobs::{JobState, JobView},
    users::{InventoryWhom, UserPick},
};
use serde_json::json;
use std::time::Duration;

/// Carries one command out; `None`: it is none of users.
pub async fn carry_out(app: &Gatehouse, account: &str, command: &str, words: &mut Words) -> Option<Answer> {
    Some(match command {
        "users" => users(app, account).await,
        "users-set-api" => set_api(app, account, words).await,
        "jobs" => jobs(app, account).await,
        "job-resume" => resume(app, account, words).await,
        "user-tokens" => tokens(app, account, words).await,
        "cut-off" => cut_off(app, account, words).await,
        "inventory" => inventory(app, account).await,
        "inventory-known" => known(app, account).await,
        _ => return None,
    })
}

async fn users(app: &Gatehouse, account: &str) -> Answer {
    shown(app.users_refresh(account).await?)
}

/// `grant` or `revoke`, then last names.
async fn set_api(app: &Gatehouse, account: &str, words: &mut Words) -> Answer {
    let grant = words.word()? == "grant";
    let rows = app.users_refresh(account).await?.rows;
    let mut picks = Vec::new();
    while let Ok(name) = words.word() {
        let row = rows.iter().find(|r| r.name.ends_with(&name));
        let row = row.ok_or_else(|| AppError::new(Code::Gone, format!("There is no {name}.")))?;
        picks.push(UserPick { id: row.id.clone(), name: row.name.clone() });
    }
    let job = app.users_set_api(account, picks, grant).await?;
    rest(app, account, job).await
}

async fn jobs(app: &Gatehouse, account: &str) -> Answer {
    shown(app.jobs_list(account).await?)
}

async fn resume(app: &Gatehouse, account: &str, words: &mut Words) -> Answer {
    let job = app.job_resume(&words.word()?).await?;
    rest(app, account, job).await
}

async fn inventory(app: &Gatehouse, account: &str) -> Answer {
    app.users_refresh(account).await?;
    let job = app.inventory_start(account, InventoryWhom::ApiUsers).await?;
    rest(app, account, job).await
}

async fn known(app: &Gatehouse, account: &str) -> Answer {
    shown(app.inventory_view(account).await?)
}

/// Until it has ended or waits for a person.
async fn rest(app: &Gatehouse, account: &str, mut job: JobView) -> Answer {
    loop {
        let now = app.jobs_list(account).await?.into_iter().find(|j| j.id == job.id);
        match now {
            None => return Ok(json!({ "ended": job })),
            Some(now) if now.state != JobState::Running => return shown(now),
            Some(now) => job = now,
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn tokens(app: &Gatehouse, account: &str, words: &mut Words) -> Answer {
    shown(app.user_tokens(account, &words.word()?, true).await?)
}

async fn cut_off(app: &Gatehouse, account: &str, words: &mut Words) -> Answer {
    let name = words.word()?;
    let rows = app.users_refresh(account).await?.rows;
    let row = rows.into_iter().find(|r| r.name.ends_with(&name));
    let row = row.ok_or_else(|| AppError::new(Code::Gone, format!("There is no {name}.")))?;
    shown(app.user_cut_off(account, UserPick { id: row.id, name: row.name }, false).await?)
}
