//! What a worker can be told to do with users.

use super::{Answer, Stage, Words, shown};
use gatehouse_core::{
    AppError, Code, Gatehouse,
    jobs::JobView,
    users::{InventoryWhom, UserPick},
};
use serde_json::json;
use std::time::Duration;

/// Carries one command out; `None`: it is none of users.
pub async fn carry_out(stage: &Stage, account: &str, command: &str, words: &mut Words) -> Option<Answer> {
    let app = &stage.app;
    Some(match command {
        "users" => users(app, account).await,
        "users-set-api" => set_api(stage, account, words).await,
        "jobs" => jobs(app, account).await,
        "job-resume" => resume(stage, account, words).await,
        "user-tokens" => tokens(app, account, words).await,
        "cut-off" => cut_off(app, account, words).await,
        "inventory" => inventory(stage, account).await,
        "inventory-known" => known(app, account).await,
        "limit-high" => high_limit(app, account).await,
        _ => return None,
    })
}

async fn users(app: &Gatehouse, account: &str) -> Answer {
    shown(app.users_refresh(account).await?)
}

/// `grant` or `revoke`, then last names.
async fn set_api(stage: &Stage, account: &str, words: &mut Words) -> Answer {
    let app = &stage.app;
    let grant = words.word()? == "grant";
    let rows = app.users_refresh(account).await?.rows;
    let mut picks = Vec::new();
    while let Ok(name) = words.word() {
        let row = rows.iter().find(|r| r.name.ends_with(&name));
        let row = row.ok_or_else(|| AppError::new(Code::Gone, format!("There is no {name}.")))?;
        picks.push(UserPick { id: row.id.clone(), name: row.name.clone() });
    }
    let job = app.users_set_api(account, picks, grant).await?;
    rest(stage, account, job).await
}

async fn jobs(app: &Gatehouse, account: &str) -> Answer {
    shown(app.jobs_list(account).await?)
}

async fn resume(stage: &Stage, account: &str, words: &mut Words) -> Answer {
    let app = &stage.app;
    let job = app.job_resume(&words.word()?).await?;
    rest(stage, account, job).await
}

async fn inventory(stage: &Stage, account: &str) -> Answer {
    let app = &stage.app;
    app.users_refresh(account).await?;
    let job = app.inventory_start(account, InventoryWhom::ApiUsers).await?;
    rest(stage, account, job).await
}

async fn known(app: &Gatehouse, account: &str) -> Answer {
    shown(app.inventory_view(account).await?)
}

/// So that the limit is no reason to wait.
async fn high_limit(app: &Gatehouse, account: &str) -> Answer {
    shown(app.limit_set(account, 500, 400).await?)
}

/// Until it has ended or waits for a person, and everybody was told.
async fn rest(stage: &Stage, account: &str, job: JobView) -> Answer {
    let app = &stage.app;
    let rested = async {
        while !stage.places.has_rested(&job.id) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let rested = tokio::time::timeout(Duration::from_secs(30), rested).await;
    assert!(rested.is_ok(), "the run neither ends nor waits: {:?}", app.jobs_list(account).await);
    match app.jobs_list(account).await?.into_iter().find(|j| j.id == job.id) {
        None => Ok(json!({ "ended": job })),
        Some(now) => shown(now),
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
