//! The client of one account.

use crate::account::AccountApi;
use crate::connect::ConnectApi;
use crate::error::{Error, ErrorKind, Result};
use crate::groups::Groups;
use crate::ids::CustomerId;
use crate::json::Document;
use crate::me::Me;
use crate::projects::Projects;
use crate::rate_limit::{Lane, RateLimiter, Reservation, Slot};
use crate::request::Call;
use crate::roles::Roles;
use crate::routes::{Method, Overrides, PROJECTS_LIST, RouteProblem, find};
use crate::server::ServerUrl;
use crate::tokens::Tokens;
use crate::transport::Transport;
use crate::user_tokens::UserTokens;
use crate::users::Users;
use crate::webhooks::Webhooks;
use jiff::Timestamp;
use secrecy::SecretString;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// What a [`Client`] is made of.
pub struct ClientConfig {
    /// Where the API is.
    pub server: ServerUrl,
    /// The account.
    pub customer_id: CustomerId,
    /// The personal access token to act with.
    pub token: SecretString,
    /// The account's own paths.
    pub overrides: Overrides,
    /// The shared way out.
    pub transport: Transport,
    /// The account's request limit.
    pub limiter: RateLimiter,
}

/// Whether an answer may be shared with an equal question that is on its way already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Freshness {
    /// It may.
    #[default]
    Coalesce,
    /// The request is sent after the call, for this caller alone.
    Bypass,
}

/// One account, through one token. Cheap to clone.
#[derive(Clone)]
pub struct Client {
    pub(crate) inner: Arc<Inner>,
    pub(crate) slots: Slots,
    pub(crate) freshness: Freshness,
}

pub(crate) struct Inner {
    pub(crate) server: ServerUrl,
    pub(crate) customer_id: CustomerId,
    pub(crate) token: SecretString,
    pub(crate) credential: [u8; 32],
    pub(crate) overrides: Overrides,
    pub(crate) transport: Transport,
    pub(crate) limiter: RateLimiter,
    /// The `Date` of the newest answer.
    pub(crate) server_time: Mutex<Option<Timestamp>>,
}

/// Where the slots of a client's requests come from.
#[derive(Clone)]
pub(crate) enum Slots {
    /// One by one.
    Limiter,
    /// From a reservation; when it is used up, one by one.
    Reserved(Arc<Reserved>),
    /// The limit's file can't be used: deletions of tokens go on without it.
    Emergency,
}

/// A reservation that several calls share.
pub(crate) struct Reserved(Mutex<Reservation>);

impl Reserved {
    pub(crate) fn take(&self) -> Option<Slot> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// What a route answered when it was tried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProbeShape {
    /// A list; how many are on its first page.
    List(usize),
    /// One object.
    Object,
}

impl Client {
    /// Sends nothing.
    #[must_use]
    pub fn new(config: ClientConfig) -> Self {
        let ClientConfig { server, customer_id, token, overrides, transport, limiter } = config;
        let credential = transport.flights().credential(&token);
        let server_time = Mutex::default();
        let inner =
            Inner { server, customer_id, token, credential, overrides, transport, limiter, server_time };
        Self { inner: Arc::new(inner), slots: Slots::Limiter, freshness: Freshness::default() }
    }

    /// Own personal access tokens.
    #[must_use]
    pub fn tokens(&self) -> Tokens<'_> {
        Tokens(self)
    }

    /// Other users' personal access tokens.
    #[must_use]
    pub fn user_tokens(&self) -> UserTokens<'_> {
        UserTokens(self)
    }

    /// The token's user.
    #[must_use]
    pub fn me(&self) -> Me<'_> {
        Me(self)
    }

    /// The account.
    #[must_use]
    pub fn account(&self) -> AccountApi<'_> {
        AccountApi(self)
    }

    /// Webhooks of the account.
    #[must_use]
    pub fn webhooks(&self) -> Webhooks<'_> {
        Webhooks(self)
    }

    /// Users of the account.
    #[must_use]
    pub fn users(&self) -> Users<'_> {
        Users(self)
    }

    /// Roles that users have in projects.
    #[must_use]
    pub fn roles(&self) -> Roles<'_> {
        Roles(self)
    }

    /// Groups of users.
    #[must_use]
    pub fn groups(&self) -> Groups<'_> {
        Groups(self)
    }

    /// `PlanRadar` Connect.
    #[must_use]
    pub fn connect(&self) -> ConnectApi<'_> {
        ConnectApi(self)
    }

    /// Projects.
    #[must_use]
    pub fn projects(&self) -> Projects<'_> {
        Projects(self)
    }

    /// What the server's clock said when it last answered this client, to the second. `None`: it did not say.
    #[must_use]
    pub fn server_time(&self) -> Option<Timestamp> {
        *self.inner.server_time.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The same client with another freshness.
    #[must_use]
    pub fn with(&self, freshness: Freshness) -> Self {
        Self { freshness, ..self.clone() }
    }

    /// The same client with other paths, to try them out.
    #[must_use]
    pub fn with_overrides(&self, overrides: Overrides) -> Self {
        let Inner { server, customer_id, token, credential, transport, limiter, .. } = &*self.inner;
        let inner = Inner {
            server: server.clone(),
            customer_id: customer_id.clone(),
            token: token.clone(),
            credential: *credential,
            overrides,
            transport: transport.clone(),
            limiter: limiter.clone(),
            server_time: Mutex::default(),
        };
        Self { inner: Arc::new(inner), ..self.clone() }
    }

    /// The same client with `count` slots taken at once, for a step of several requests. Its calls are fresh and use
    /// those slots first, whatever lane they name; what is left comes back when the last clone is dropped.
    pub async fn reserve(&self, lane: Lane, count: u32) -> Result<Self> {
        let reservation =
            self.inner.limiter.acquire(lane, count).await.map_err(|error| Error::limit("reserve", error))?;
        let slots = Slots::Reserved(Arc::new(Reserved(Mutex::new(reservation))));
        Ok(Self { inner: Arc::clone(&self.inner), slots, freshness: Freshness::Bypass })
    }

    /// The same client for deletions of tokens that a person confirmed one by one while the limit's file can't be used. Other
    /// calls of it are refused.
    #[must_use]
    pub fn emergency(&self) -> Self {
        Self { slots: Slots::Emergency, ..self.clone() }
    }

    /// Tests the connection, or a token: one documented request, never shared, never tried again.
    pub async fn check(&self) -> Result<()> {
        let query = [("page", "1".to_owned()), ("pagesize", "1".to_owned())];
        let call = Call { retry: false, ..Call::new(&PROJECTS_LIST, Lane::Person).query(&query) };
        let answer = self.with(Freshness::Bypass).read(call).await?;
        Document::parse(&answer)?.many().map(drop)
    }

    /// Tries out a reading route, as overridden: one request, never shared, never tried again. `ids` are those of the
    /// path beside the customer's, such as `("user_id", "338609")`.
    pub async fn probe(&self, name: &str, ids: &[(&'static str, &str)]) -> Result<ProbeShape> {
        let refused = |problem| Error::unsent("probe", ErrorKind::BadRoute(problem));
        let route = find(name).ok_or_else(|| refused(RouteProblem::UnknownRoute))?;
        if route.method != Method::Get {
            return Err(refused(RouteProblem::NotReadable));
        }
        let call = Call { retry: false, ..Call::new(route, Lane::Person).ids(ids) };
        let answer = self.with(Freshness::Bypass).read(call).await?;
        match Document::parse(&answer)?.many() {
            Ok(list) => Ok(ProbeShape::List(list.len())),
            Err(_) => Document::parse(&answer)?.one().map(|_| ProbeShape::Object),
        }
    }

    /// Where the API is.
    #[must_use]
    pub fn server(&self) -> &ServerUrl {
        &self.inner.server
    }

    /// The account.
    #[must_use]
    pub fn customer_id(&self) -> &CustomerId {
        &self.inner.customer_id
    }

    /// The account's own paths.
    #[must_use]
    pub fn overrides(&self) -> &Overrides {
        &self.inner.overrides
    }

    /// The account's request limit.
    #[must_use]
    pub fn limiter(&self) -> &RateLimiter {
        &self.inner.limiter
    }

    pub(crate) fn account_key(&self) -> String {
        format!("{}/{}", self.inner.server, self.inner.customer_id)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Client({})", self.account_key())
    }
}
