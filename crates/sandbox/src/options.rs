//! How a sandbox is to be.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

/// How a sandbox is to be. [`Options::default`] is PlanRadar as documented, empty, in memory, on a free port.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where to listen: 127.0.0.1 only; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The folder that keeps the state; without one it lives in memory.
    pub data_dir: Option<PathBuf>,
    /// What a new state holds. A state that is there already stays as it is.
    pub seed: Seed,
    /// The account's plan. `None`: what the state says, Pro when it is new.
    pub plan: Option<Plan>,
    /// How many requests the account may make in one window, all tokens added up.
    pub limit: u32,
    /// The length of the window that slides.
    pub window: Duration,
    /// How long everything is refused once the limit was passed.
    pub cooldown: Duration,
    /// How long every answer takes at least.
    pub latency: Duration,
    /// Serve the documented routes only: the assumed ones answer 404.
    pub documented_only: bool,
    /// What new token values begin with, so that they can't be taken for PlanRadar's. In the demo account `demo-`.
    pub token_prefix: String,
    /// Who may see and change webhooks.
    pub webhook_access: WebhookAccess,
    /// What happens to attributes and permissions that a PUT of a user leaves out.
    pub users_put: UsersPut,
    /// How many users may be created in one window of their own.
    pub new_users: u32,
    /// The length of that window. `None`: as `window`.
    pub new_users_window: Option<Duration>,
    /// How many active in-house users the account may have. `None`: what the state says.
    pub in_house_licences: Option<u32>,
    /// How many people a new state of [`Seed::Large`] has, at least 150.
    pub people: u32,
    /// How webhooks are delivered.
    pub deliver: DeliverOptions,
    /// The clock for creation and last use. The request limit has its own, which nobody can set.
    pub clock: Clock,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            data_dir: None,
            seed: Seed::Empty,
            plan: None,
            limit: 30,
            window: Duration::from_mins(1),
            cooldown: Duration::from_mins(5),
            latency: Duration::ZERO,
            documented_only: false,
            token_prefix: String::new(),
            webhook_access: WebhookAccess::default(),
            users_put: UsersPut::default(),
            new_users: 10,
            new_users_window: None,
            in_house_licences: None,
            people: 400,
            deliver: DeliverOptions::default(),
            clock: Clock::default(),
        }
    }
}

/// Who may see and change webhooks: PlanRadar's pages say the one and the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WebhookAccess {
    /// The account holder only.
    #[default]
    AccountHolder,
    /// Whoever has the permission 'Accounts'.
    Accounts,
}

impl FromStr for WebhookAccess {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        match name {
            "account-holder" => Ok(Self::AccountHolder),
            "accounts" => Ok(Self::Accounts),
            _ => Err(UnknownName { known: "account-holder or accounts" }),
        }
    }
}

/// What happens to attributes and permissions that a PUT of a user leaves out: PlanRadar does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UsersPut {
    /// They are gone. This punishes a client that sends only what it changed.
    #[default]
    Replace,
    /// They stay.
    Merge,
}

impl FromStr for UsersPut {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        match name {
            "replace" => Ok(Self::Replace),
            "merge" => Ok(Self::Merge),
            _ => Err(UnknownName { known: "replace or merge" }),
        }
    }
}

/// What becomes of a request for Connect (assumed).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectDecision {
    /// Somebody looks at it.
    Review,
    /// Access is given.
    Grant,
    /// It is not.
    Decline,
}

/// How webhooks are delivered. All of it is assumed (no public documentation).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliverOptions {
    /// How long a receiver may take for its answer.
    pub timeout: Duration,
    /// How often a delivery without a success (2xx) is tried again.
    pub retries: u32,
    /// The pause before the first of them; each further one is twice as long.
    pub backoff: Duration,
    /// How many deliveries are under way at once.
    pub at_once: usize,
    /// How many may wait, pauses before a retry included; what happens beyond is not delivered.
    pub waiting: usize,
}

impl Default for DeliverOptions {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(10),
            retries: 3,
            backoff: Duration::from_secs(5),
            at_once: 8,
            waiting: 512,
        }
    }
}

/// What a new state holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Seed {
    /// An invented building company: 14 people, 6 projects, tokens of all ages, 4 webhooks, roles and groups.
    Demo,
    /// The account, its holder and the other three users with a known token.
    #[default]
    Empty,
    /// What lists have to cope with: hundreds of people, of whom 60 have 'API Access', 300 tokens, 300 projects, 60 kinds
    /// of events and 150 webhooks.
    Large,
}

impl FromStr for Seed {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        match name {
            "demo" => Ok(Self::Demo),
            "empty" => Ok(Self::Empty),
            "large" => Ok(Self::Large),
            _ => Err(UnknownName { known: "demo, empty or large" }),
        }
    }
}

/// PlanRadar's plans. Personal access tokens need Pro or Enterprise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    /// The time for trying it out.
    Trial,
    /// Basic.
    Basic,
    /// Starter.
    Starter,
    /// Pro.
    Pro,
    /// Enterprise.
    Enterprise,
}

impl Plan {
    const ALL: [Self; 5] = [Self::Trial, Self::Basic, Self::Starter, Self::Pro, Self::Enterprise];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Trial => "trial",
            Self::Basic => "basic",
            Self::Starter => "starter",
            Self::Pro => "pro",
            Self::Enterprise => "enterprise",
        }
    }

    pub(crate) fn has_api(self) -> bool {
        matches!(self, Self::Pro | Self::Enterprise)
    }
}

impl FromStr for Plan {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        let known = "trial, basic, starter, pro or enterprise";
        Self::ALL.into_iter().find(|plan| plan.name() == name).ok_or(UnknownName { known })
    }
}

/// The name is none of the known ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {known}")]
pub struct UnknownName {
    known: &'static str,
}

/// Tells the time of day: the system's, or a test's.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// A clock that asks `now` each time.
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// Milliseconds since 1970.
    pub(crate) fn now(&self) -> i64 {
        (self.0)().as_millisecond()
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::new(Timestamp::now)
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}
