//! A `Gatehouse` over a real sandbox, a real store and the ports' twins.

#![allow(dead_code)] // Each test file uses its part.

pub mod code;
pub mod hooks;
pub mod office;

use async_trait::async_trait;
use gatehouse_core::{
    AppError, Gatehouse, Parts,
    accounts::{AccountView, NewAccount},
    notices::Notice,
    ports::{DemoHost, DemoReady},
    secrets::WaitChoice,
    twins::{MemoryClipboard, MemoryKeychain, NoticeLog, SteppedClock},
};
use gatehouse_store::{Actor, Store};
use jiff::SignedDuration;
use planradar::rate_limit::LimitParams;
use planradar_sandbox::{ACCOUNT_HOLDER, Effect, Fault, Options, Sandbox};
use secrecy::SecretString;
use std::{path::PathBuf, sync::Arc, time::Duration};

pub struct World {
    pub app: Arc<Gatehouse>,
    pub keychain: Arc<MemoryKeychain>,
    pub clipboard: Arc<MemoryClipboard>,
    pub notices: Arc<NoticeLog>,
    pub clock: Arc<SteppedClock>,
    /// The program's own, not another one on the same file.
    pub store: Store,
    folder: tempfile::TempDir,
    demo: Option<Arc<TestDemo>>,
}

/// The demo account's server, as the program runs it.
pub struct TestDemo(tokio::sync::Mutex<Option<Sandbox>>, Options);

#[async_trait]
impl DemoHost for TestDemo {
    async fn ensure(&self) -> Result<DemoReady, String> {
        let mut running = self.0.lock().await;
        if running.is_none() {
            *running = Some(Sandbox::start(self.1.clone()).await.map_err(|e| e.to_string())?);
        }
        let sandbox = running.as_ref().ok_or("stopped")?;
        Ok(DemoReady {
            url: sandbox.url().into(),
            customer_id: sandbox.customer_id().into(),
            name: "Nordbau Demo".into(),
        })
    }

    async fn issue_sign_in(&self) -> Result<SecretString, String> {
        let running = self.0.lock().await;
        running.as_ref().ok_or("stopped")?.issue_token(ACCOUNT_HOLDER, "Gatehouse").map_err(|e| e.to_string())
    }

    async fn page_url(&self) -> Result<String, String> {
        Ok(self.0.lock().await.as_ref().ok_or("stopped")?.demo_page_url())
    }

    async fn remove(&self) -> Result<(), String> {
        if let Some(sandbox) = self.0.lock().await.take() {
            sandbox.stop().await;
        }
        Ok(())
    }
}

/// A server whose limit no test comes near.
pub fn roomy() -> Options {
    Options { limit: 500, window: Duration::from_secs(1), ..Options::default() }
}

impl World {
    pub fn new() -> Self {
        Self::over(tempfile::tempdir().unwrap(), Arc::default(), None)
    }

    pub fn with_demo() -> Self {
        Self::with_demo_of(roomy())
    }

    pub fn with_demo_of(options: Options) -> Self {
        let demo = TestDemo(tokio::sync::Mutex::default(), options);
        Self::over(tempfile::tempdir().unwrap(), Arc::default(), Some(Arc::new(demo)))
    }

    fn over(folder: tempfile::TempDir, keychain: Arc<MemoryKeychain>, demo: Option<Arc<TestDemo>>) -> Self {
        let clipboard = Arc::new(MemoryClipboard::default());
        let notices = Arc::new(NoticeLog::default());
        let clock = Arc::new(SteppedClock::default());
        let store = Store::open(folder.path().join("gatehouse.db")).unwrap().store;
        let parts = Parts {
            store: store.clone(),
            store_notice: None,
            keychain: keychain.clone(),
            clipboard: clipboard.clone(),
            clock: clock.clone(),
            notifier: notices.clone(),
            demo: demo.clone().map(|d| d as Arc<dyn DemoHost>),
            limit_dir: folder.path().join("fixed"),
            data_dir: folder.path().to_owned(),
            limit_params: LimitParams {
                window: Duration::from_secs(1),
                cooldown: Duration::from_secs(3),
                grace: Duration::from_millis(500),
            },
            actor: Actor::Window,
        };
        let app = Gatehouse::new(parts).unwrap();
        Self { app, keychain, clipboard, notices, clock, store, folder, demo }
    }

    /// The command line, beside the window.
    pub fn command_line(&self) -> Arc<Gatehouse> {
        Gatehouse::new(Parts {
            store: self.other_program(),
            store_notice: None,
            keychain: self.keychain.clone(),
            clipboard: self.clipboard.clone(),
            clock: self.clock.clone(),
            notifier: Arc::new(NoticeLog::default()),
            demo: None,
            limit_dir: self.folder.path().join("fixed"),
            data_dir: self.data(),
            limit_params: LimitParams {
                window: Duration::from_secs(1),
                cooldown: Duration::from_secs(3),
                grace: Duration::from_millis(500),
            },
            actor: Actor::Cli,
        })
        .unwrap()
    }

    /// The program ends and starts again: the same files, the same keychain, nothing else.
    pub fn restarted(self) -> Self {
        let Self { app, store, keychain, folder, demo, .. } = self;
        drop((app, store));
        Self::over(folder, keychain, demo)
    }

    /// The same, once all is over that the program still did behind the scenes: then the database knows that it ended.
    pub async fn ended_and_restarted(self) -> Self {
        let Self { app, store, keychain, folder, demo, .. } = self;
        drop((app, store));
        let running = folder.path().join("gatehouse.running");
        until("the program's end", async || !running.exists()).await;
        Self::over(folder, keychain, demo)
    }

    /// Does something with the demo account's server.
    pub async fn with_demo_server(&self, ask: impl AsyncFnOnce(&Sandbox)) {
        let running = self.demo.as_ref().unwrap().0.lock().await;
        ask(running.as_ref().unwrap()).await;
    }

    /// The demo account's server ends, and starts at another port when it is needed.
    pub async fn demo_moves(&self) {
        let stopped = self.demo.as_ref().unwrap().0.lock().await.take();
        stopped.unwrap().stop().await;
    }

    /// The database, as another program of this computer has it open.
    pub fn other_program(&self) -> Store {
        Store::open(self.folder.path().join("gatehouse.db")).unwrap().store
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// Adds the account holder's account.
    pub async fn add(&self, server: &Sandbox) -> AccountView {
        let token = server.ready().unwrap().tokens.account_holder.clone();
        self.try_add(server.url(), server.customer_id(), &token).await.unwrap()
    }

    pub async fn try_add(&self, server: &str, customer: &str, token: &str) -> Result<AccountView, AppError> {
        let input = NewAccount {
            server: Some(server.to_owned()),
            customer_id: customer.to_owned(),
            label: None,
            session_only: false,
        };
        self.app.account_add(input, SecretString::from(token)).await
    }
}

/// The account holder's account, whose tokens are known.
pub struct Ready {
    pub world: World,
    pub server: Sandbox,
    pub account: String,
}

pub async fn ready() -> Ready {
    ready_on(roomy()).await
}

pub async fn ready_on(options: Options) -> Ready {
    let server = Sandbox::start(options).await.unwrap();
    let world = World::new();
    let account = world.add(&server).await.id;
    world.app.tokens_refresh(&account).await.unwrap();
    Ready { world, server, account }
}

/// The first request of this route meets this.
pub fn once(route: &str, effect: Effect) -> Fault {
    Fault { method: None, route: Some(route.to_owned()), nth: Some(1), effect }
}

/// Lets time pass, for the clock and for what sleeps. Only while no request is under way.
pub async fn pass(world: &World, seconds: u32) {
    // What was just begun goes to sleep first.
    tokio::task::yield_now().await;
    world.clock.step(SignedDuration::from_secs(seconds.into()));
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(seconds.into())).await;
    tokio::time::resume();
    // What woke up gets its turn.
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
}

/// Far longer than anything takes on a busy machine.
const DEADLINE: Duration = Duration::from_secs(30);

/// Waits for what comes by itself, in real time because the server is real; fails with `what` if it does not come.
pub async fn found<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let wait = async {
        loop {
            if let Some(found) = look().await {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    let waited = tokio::time::timeout(DEADLINE, wait).await;
    waited.unwrap_or_else(|_| panic!("this did not come: {what}"))
}

/// Waits until it is so; fails with `what` if it does not become so.
pub async fn until(what: &str, mut is: impl AsyncFnMut() -> bool) {
    found(what, async || is().await.then_some(())).await;
}

/// Waits until this many requests have arrived for a route.
pub async fn arrived(server: &Sandbox, route: &str, count: usize) {
    until(&format!("{count} requests for {route}"), async || server.requests().count(route) >= count).await;
}

/// Waits for a notice.
pub async fn heard<T>(world: &World, pick: impl Fn(&Notice) -> Option<T>) -> T {
    found("a notice", async || world.notices.take().iter().find_map(&pick)).await
}

/// The keychain hangs, three seconds pass, and the person goes on without it. Only while no request is under way.
pub async fn go_on_without(world: &World) {
    pass(world, 4).await;
    let wait = heard(world, |n| match n {
        Notice::KeychainWaiting { wait_id, .. } => Some(wait_id.clone()),
        _ => None,
    });
    world.app.keychain_choose(&wait.await, WaitChoice::GoOnWithout);
}
