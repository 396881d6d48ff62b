//! One client and one limiter per account, made when first needed.

use crate::{
    AppError, Code, Details, Gatehouse, Result,
    api_error::after,
    limit::LimitView,
    notices::Notice,
    ports::{Notifier, SecretId},
    settings::{ProxySetting, Settings},
    sync::lock,
};
use gatehouse_store::{Account, Kept as StoreKept};
use jiff::Timestamp;
use planradar::{
    Client, ClientConfig, CustomerId, ProxySetting as Proxy, ServerUrl, Transport, TransportConfig,
    TransportError,
    rate_limit::{LimitError, LimitParams, LimitSettings, LimitStatus, RateLimiter},
    routes::Overrides,
};
use secrecy::SecretString;
use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

/// What calls to one account go through.
#[derive(Clone)]
pub(crate) struct Session {
    pub client: Client,
}

/// All sessions, the shared transport, and the limiters.
pub(crate) struct Sessions {
    open: Mutex<HashMap<String, Session>>,
    /// Counts what was forgotten: a session that was begun before is not taken in.
    forgotten: AtomicU64,
    limiters: Mutex<HashMap<String, RateLimiter>>,
    transport: Mutex<Option<Transport>>,
    limits_here: PathBuf,
    limits_fixed: PathBuf,
    params: LimitParams,
}

impl Sessions {
    pub fn new(limits_here: PathBuf, limits_fixed: PathBuf, params: LimitParams) -> Self {
        Self {
            open: Mutex::default(),
            forgotten: AtomicU64::new(0),
            limiters: Mutex::default(),
            transport: Mutex::default(),
            limits_here,
            limits_fixed,
            params,
        }
    }

    /// The account's next call makes a new client.
    pub fn forget(&self, account: &str) {
        let mut open = lock(&self.open);
        self.forgotten.fetch_add(1, Ordering::Relaxed);
        open.remove(account);
    }

    /// The account is gone, or its server moved.
    pub fn forget_all_of(&self, account: &str) {
        self.forget(account);
        lock(&self.limiters).remove(account);
    }

    /// Accounts that are not here any more are forgotten.
    pub fn keep_only(&self, here: impl Fn(&str) -> bool) {
        let mut open = lock(&self.open);
        self.forgotten.fetch_add(1, Ordering::Relaxed);
        open.retain(|id, _| here(id));
        drop(open);
        lock(&self.limiters).retain(|id, _| here(id));
    }

    /// Every account's next call makes a new client over a new transport.
    pub fn forget_transport(&self) {
        let mut transport = lock(&self.transport);
        let mut open = lock(&self.open);
        self.forgotten.fetch_add(1, Ordering::Relaxed);
        *transport = None;
        open.clear();
    }

    /// Keeps a transport, unless anything was forgotten since `seen`: it may go by the settings before.
    fn keep_transport(&self, transport: &Transport, seen: u64) {
        let mut kept = lock(&self.transport);
        if self.forgotten.load(Ordering::Relaxed) == seen {
            *kept = Some(transport.clone());
        }
    }

    /// Keeps a session, unless anything was forgotten since `seen`: its token may be the one before.
    fn keep(&self, account: &str, session: &Session, seen: u64) {
        let mut open = lock(&self.open);
        if self.forgotten.load(Ordering::Relaxed) == seen {
            open.insert(account.to_owned(), session.clone());
        }
    }

    /// A limiter for a server, not yet bound to an account of ours.
    pub fn limiter_for(
        &self,
        server: &ServerUrl,
        customer: &CustomerId,
        settings: LimitSettings,
    ) -> Result<RateLimiter> {
        let dir = if server.is_loopback() { &self.limits_here } else { &self.limits_fixed };
        RateLimiter::open(dir, server.url(), customer.as_str(), settings, self.params)
            .map_err(|e| limit_error(&e))
    }
}

/// Why the request limit can't be kept.
pub(crate) fn limit_error(error: &LimitError) -> AppError {
    AppError::new(
        Code::LimitUnavailable,
        "The file that keeps the request limit can't be used, so nothing is sent. Check the disk and the folder's permissions, then try again.",
    )
    .with(Details::Reason { reason: error.to_string() })
}

/// Server and Account ID of a stored account.
pub(crate) fn address(account: &Account) -> Result<(ServerUrl, CustomerId)> {
    let server = ServerUrl::parse(&account.server)
        .map_err(|e| AppError::invalid("server", format!("The stored server address can't be used: {e}.")))?;
    let customer = CustomerId::parse(&account.customer_id)
        .map_err(|e| AppError::invalid("customerId", format!("The stored Account ID can't be used: {e}.")))?;
    Ok((server, customer))
}

impl Gatehouse {
    pub(crate) async fn account(&self, id: &str) -> Result<Account> {
        let key = id.to_owned();
        self.db(move |s| s.account(&key)).await?.ok_or_else(|| {
            AppError::new(
                Code::NoSuchAccount,
                "This account is no longer in Gatehouse. It was removed meanwhile.",
            )
        })
    }

    /// How many requests a minute this computer uses of an account's limit, as far as it is known.
    pub(crate) fn share_of(&self, id: &str) -> u32 {
        let limiter = lock(&self.sessions.limiters).get(id).cloned();
        limiter.map_or_else(|| LimitSettings::default().share, |l| l.status().share)
    }

    /// The account's limiter. It works without a sign-in.
    pub(crate) async fn limiter(&self, id: &str) -> Result<RateLimiter> {
        if let Some(limiter) = lock(&self.sessions.limiters).get(id) {
            return Ok(limiter.clone());
        }
        let account = self.account_at_home(id).await?;
        let (server, customer) = address(&account)?;
        let settings = LimitSettings { limit: account.request_limit, share: account.share };
        let limiter = self.sessions.limiter_for(&server, &customer, settings)?;
        let mut limiters = lock(&self.sessions.limiters);
        if let Some(first) = limiters.get(id) {
            return Ok(first.clone());
        }
        limiters.insert(id.to_owned(), limiter.clone());
        drop(limiters);
        watch(id.to_owned(), &limiter, &self.notifier, Arc::clone(&self.clock));
        Ok(limiter)
    }

    /// What calls to this account go through; reads the sign-in token if it isn't at hand.
    pub(crate) async fn session(&self, id: &str) -> Result<Session> {
        if let Some(session) = lock(&self.sessions.open).get(id) {
            return Ok(session.clone());
        }
        let seen = self.sessions.forgotten.load(Ordering::Relaxed);
        let account = self.account_at_home(id).await?;
        let token = self.sign_in_token(&account).await?;
        let session = Session { client: self.client_for(&account, token).await? };
        self.sessions.keep(id, &session, seen);
        Ok(session)
    }

    /// A client for the account with a token of choice.
    pub(crate) async fn client_for(&self, account: &Account, token: SecretString) -> Result<Client> {
        let (server, customer_id) = address(account)?;
        let limiter = self.limiter(&account.id).await?;
        let transport = self.transport().await?;
        let overrides = overrides(account)?;
        Ok(Client::new(ClientConfig { server, customer_id, token, overrides, transport, limiter }))
    }

    pub(crate) async fn transport(&self) -> Result<Transport> {
        if let Some(transport) = lock(&self.sessions.transport).clone() {
            return Ok(transport);
        }
        let seen = self.sessions.forgotten.load(Ordering::Relaxed);
        let transport = new_transport(&self.settings().await?)?;
        self.sessions.keep_transport(&transport, seen);
        Ok(transport)
    }

    /// The account; the demo account's server is started first, and its new address noted.
    pub(crate) async fn account_at_home(&self, id: &str) -> Result<Account> {
        let account = self.account(id).await?;
        if !account.demo {
            return Ok(account);
        }
        let ready = self.demo_ready().await?;
        if ready.url == account.server {
            return Ok(account);
        }
        self.sessions.forget_all_of(id);
        let key = id.to_owned();
        self.db(move |s| s.change_account(&key, |a| a.server = ready.url)).await
    }

    pub(crate) async fn sign_in_token(&self, account: &Account) -> Result<SecretString> {
        let id = SecretId::SignIn { account: account.id.clone() };
        let found = match account.sign_in_kept {
            StoreKept::Keychain => self.secrets.get(&id).await,
            StoreKept::Session => self.secrets.get_session(&id).ok_or_else(missing),
        };
        match found {
            Ok(token) => Ok(token),
            Err(_) if account.demo => self.demo_sign_in(account).await,
            Err(e) if e.code == Code::KeychainMissing => Err(missing()),
            Err(e) => Err(e),
        }
    }

    pub(crate) fn limit_view(status: &LimitStatus, now: Timestamp) -> LimitView {
        view(status, now)
    }
}

fn missing() -> AppError {
    AppError::new(
        Code::SignInMissing,
        "The token that Gatehouse signs in with is not on this computer any more. Enter it again, or a new one.",
    )
}

/// The account's own path templates.
pub(crate) fn overrides(account: &Account) -> Result<Overrides> {
    let mut overrides = Overrides::default();
    for (name, template) in &account.overrides {
        overrides.set(name, template).map_err(|e| AppError {
            field: Some(name.clone()),
            ..AppError::new(Code::BadRoute, format!("{e}."))
        })?;
    }
    Ok(overrides)
}

/// The way out as the settings say; checks them.
pub(crate) fn new_transport(settings: &Settings) -> Result<Transport> {
    let proxy = match &settings.proxy {
        ProxySetting::System => Proxy::System,
        ProxySetting::None => Proxy::None,
        ProxySetting::Url { url } => Proxy::Url(url::Url::parse(url.trim()).map_err(|_| {
            AppError::invalid("proxy", "A proxy is an address such as http://proxy.example.com:3128.")
        })?),
    };
    let ca_file = settings.ca_file.as_ref().map(PathBuf::from);
    Transport::new(TransportConfig { ca_file, proxy, ..TransportConfig::default() }).map_err(|e| {
        let field = if matches!(e, TransportError::BadProxy) { "proxy" } else { "caFile" };
        AppError::invalid(field, format!("{e}."))
    })
}

/// Passes every change of the limit on, as long as the limiter lives.
fn watch(
    account: String,
    limiter: &RateLimiter,
    notifier: &Arc<dyn Notifier>,
    clock: Arc<dyn crate::ports::Clock>,
) {
    let (mut changes, notifier) = (limiter.watch(), Arc::clone(notifier));
    tokio::spawn(async move {
        while changes.changed().await.is_ok() {
            let status = view(&changes.borrow_and_update(), clock.now());
            notifier.notify(Notice::LimitChanged { account: account.clone(), status });
        }
    });
}

fn view(status: &LimitStatus, now: Timestamp) -> LimitView {
    let ms = |d: std::time::Duration| u32::try_from(d.as_millis()).unwrap_or(u32::MAX);
    LimitView {
        limit: status.limit,
        share: status.share,
        used: status.used,
        free: status.free,
        next_free_in_ms: status.next_free_in.map(ms),
        paused_for_ms: status.paused_for.map(ms),
        paused_until: status.paused_for.map(|d| after(now, d)),
        waiting: status.waiting,
        available: status.available,
    }
}
