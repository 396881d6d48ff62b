//! Everyone's tokens of an account with 10,000 users, over HTTP, with the limit's minute shortened.

use gatehouse_core::{
    Gatehouse, Parts,
    accounts::NewAccount,
    jobs::JobState,
    twins::{MemoryClipboard, MemoryKeychain, NoticeLog, SystemClock},
    users::InventoryWhom,
};
use gatehouse_store::{Actor, Store};
use planradar::rate_limit::{Lane, LimitParams, LimitSettings};
use planradar_sandbox::{Options, Sandbox, Seed};
use secrecy::SecretString;
use std::{
    error::Error,
    sync::Arc,
    time::{Duration, Instant},
};

const PEOPLE: u32 = 10_000;
/// Stands for the minute of the limit.
const WINDOW: Duration = Duration::from_secs(6);
const ROUTE: &str = "user_tokens.list";
/// The longest that the inventory may take, as a multiple of the least time that the limit allows.
const AT_MOST: f64 = 1.03;

type Outcome<T> = Result<T, Box<dyn Error>>;

struct Bench {
    app: Arc<Gatehouse>,
    server: Sandbox,
    account: String,
    _folder: tempfile::TempDir,
}

/// Prints one line per figure; an error when a promise is broken.
pub async fn measure() -> Outcome<()> {
    let bench = prepare().await?;
    println!(
        "{PEOPLE} users; at most {} of {} requests in {WINDOW:?}, which stands for a minute\n",
        LimitSettings::default().share,
        LimitSettings::default().limit
    );
    first_page(&bench).await?;
    bench.load_all().await?;
    bench.quiet().await?;
    let ratio = inventory(&bench).await?;
    bench.quiet().await?;
    let ahead = clicks(&bench).await?;
    if bench.server.requests().refused_by_limit() > 0 {
        return Err("the limit was exceeded".into());
    }
    if ratio > AT_MOST {
        return Err(format!("the inventory takes {ratio:.3} times the least time").into());
    }
    if ahead > 1 {
        return Err(format!("{ahead} requests of the inventory went before a click").into());
    }
    Ok(())
}

async fn prepare() -> Outcome<Bench> {
    let folder = tempfile::tempdir()?;
    let options = Options { seed: Seed::Large, people: PEOPLE, window: WINDOW, ..Options::default() };
    let server = Sandbox::start(options).await?;
    let data = folder.path().to_owned();
    let app = Gatehouse::new(Parts {
        store: Store::open(data.join("gatehouse.db"))?.store,
        store_notice: None,
        keychain: Arc::new(MemoryKeychain::default()),
        clipboard: Arc::new(MemoryClipboard::default()),
        clock: Arc::new(SystemClock),
        notifier: Arc::new(NoticeLog::default()),
        demo: None,
        limit_dir: data.join("fixed"),
        data_dir: data,
        limit_params: LimitParams { window: WINDOW, grace: Duration::from_secs(1), ..LimitParams::default() },
        actor: Actor::Window,
    })?;
    let input = NewAccount {
        server: Some(server.url().to_owned()),
        customer_id: server.customer_id().to_owned(),
        label: None,
        session_only: true,
    };
    let token = server.ready()?.tokens.administrator;
    let account = app.account_add(input, SecretString::from(token)).await?.id;
    Ok(Bench { app, server, account, _folder: folder })
}

impl Bench {
    async fn load_all(&self) -> Outcome<()> {
        while !self.app.users_view(&self.account).await?.complete {
            self.app.users_more(&self.account).await?;
        }
        Ok(())
    }

    /// Until no slot of the limit is taken.
    async fn quiet(&self) -> Outcome<()> {
        while self.app.limit_status(&self.account).await?.used > 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }

    /// A run to its end; when each of its requests arrived.
    async fn run(&self) -> Outcome<Vec<Instant>> {
        let before = self.arrived().len();
        let job = self.app.inventory_start(&self.account, InventoryWhom::ApiUsers).await?;
        loop {
            match self.app.jobs_list(&self.account).await?.first() {
                None => break,
                Some(job) if job.state != JobState::Running => return Err("the run halted".into()),
                Some(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
        let arrived = self.arrived().split_off(before);
        if arrived.len() != job.total as usize {
            return Err(format!("{} requests for {} users", arrived.len(), job.total).into());
        }
        Ok(arrived)
    }

    fn arrived(&self) -> Vec<Instant> {
        let requests = self.server.requests();
        requests.all().iter().filter(|r| r.route == Some(ROUTE)).map(|r| r.at).collect()
    }
}

async fn first_page(bench: &Bench) -> Outcome<()> {
    let url = format!("{}/api/v1/{}/users?pagesize=500", bench.server.url(), bench.server.customer_id());
    let bare = reqwest::Client::builder().no_proxy().build()?.get(url);
    let bare = bare.header("Accept", "application/json");
    let bare = bare.header("X-PlanRadar-API-Key", bench.server.ready()?.tokens.api_user);
    let begun = Instant::now();
    let size = bare.send().await?.error_for_status()?.bytes().await?.len();
    let alone = begun.elapsed();
    let begun = Instant::now();
    let view = bench.app.users_refresh(&bench.account).await?;
    println!(
        "first page            {} users, shown after {:.2} times a bare request for 500 ({} kB)",
        view.rows.len(),
        begun.elapsed().div_duration_f64(alone),
        size / 1024
    );
    Ok(())
}

async fn inventory(bench: &Bench) -> Outcome<f64> {
    let arrived = bench.run().await?;
    let (Some(first), Some(last)) = (arrived.first(), arrived.last()) else {
        return Err("nothing was asked".into());
    };
    let at_once = Lane::Refresh.of_share(LimitSettings::default().share) as usize;
    let rounds = u32::try_from((arrived.len() - 1) / at_once)?;
    let shortest = WINDOW * rounds;
    let ratio = last.duration_since(*first).div_duration_f64(shortest);
    println!(
        "inventory             {} users asked, {at_once} per window (6 are kept for the person): {ratio:.4} of the least time",
        arrived.len()
    );
    Ok(ratio)
}

/// Clicks on somebody's page while the inventory waits for its turn; the most of its requests that went before one.
async fn clicks(bench: &Bench) -> Outcome<usize> {
    let users = bench.app.users_view(&bench.account).await?.rows;
    let clicking = async {
        let mut worst = 0;
        for user in users.iter().take(3) {
            // Amid a window, when all that the run may take is taken.
            tokio::time::sleep(WINDOW * 3 / 4).await;
            let before = bench.arrived().len();
            bench.app.user_detail(&bench.account, &user.id).await?;
            worst = worst.max(bench.arrived().len() - before);
        }
        Outcome::Ok(worst)
    };
    let (run, ahead) = tokio::join!(bench.run(), clicking);
    run?;
    let ahead = ahead?;
    println!("a click meanwhile     at most {ahead} of the inventory's requests went before it");
    Ok(ahead)
}
