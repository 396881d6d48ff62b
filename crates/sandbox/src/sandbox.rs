//! Starting, stopping and steering a sandbox from inside a program.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use serde_json::{Map, Value};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::connection::{Cut, Door};
use crate::db::Db;
use crate::deliver::{Deliveries, record};
use crate::error::Error;
use crate::limit::Limit;
use crate::options::{ConnectDecision, DeliverOptions, Options, Plan};
use crate::page;
use crate::people::{self, PERMISSIONS, User};
use crate::requests::Requests;
use crate::resources::{account, connect};
use crate::server::{self, App, Counted, Held};
use crate::vault::Vault;
use crate::{keys, secret_value, seed};

/// The name of the tokens that [`Sandbox::ready`] issues.
pub const READY_TOKEN_NAME: &str = "Sandbox ready token";

/// A running sandbox. Dropping it ends it abruptly; [`Sandbox::stop`] lets open requests finish.
pub struct Sandbox {
    app: Arc<App>,
    url: String,
    ready: Mutex<Option<Ready>>,
    /// Who still holds the state.
    holders: TaskTracker,
    stop: CancellationToken,
    cut: CancellationToken,
    serving: Option<JoinHandle<()>>,
}

/// What a caller needs to use a sandbox: the one line of JSON that the program prints.
#[derive(Clone, Debug, Serialize)]
pub struct Ready {
    /// The base address, such as `http://127.0.0.1:41234`.
    pub url: String,
    /// The Account ID.
    pub customer_id: String,
    /// One token of each kind of user.
    pub tokens: ReadyTokens,
}

/// Values of tokens that are good for this sandbox only, and until the next start.
#[derive(Clone, Serialize)]
pub struct ReadyTokens {
    /// Acts as the account holder, who may do everything.
    pub account_holder: String,
    /// Acts as an in-house user with the permissions 'API Access', 'Users' and 'Accounts'.
    pub administrator: String,
    /// Acts as an in-house user with 'API Access' and nothing else of note.
    pub api_user: String,
    /// Acts as an in-house user without 'API Access': every request answers 403.
    pub no_api_user: String,
}

impl fmt::Debug for ReadyTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReadyTokens([values not shown])")
    }
}

impl Sandbox {
    /// Starts a sandbox. It serves from when this returns.
    pub async fn start(options: Options) -> Result<Self, Error> {
        let address = options.listen;
        if address.ip() != IpAddr::V4(Ipv4Addr::LOCALHOST) {
            return Err(Error::NotLoopback(address));
        }
        let prefix = &options.token_prefix;
        if prefix.len() > secret_value::LONGEST_PREFIX || !prefix.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(Error::TokenPrefix { longest: secret_value::LONGEST_PREFIX });
        }
        let (db, vault, customer_id) = open(&options)?;
        let failed = |source| Error::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let port = listener.local_addr().map_err(failed)?.port();
        let (stop, cut) = (CancellationToken::new(), CancellationToken::new());
        let holders = TaskTracker::new();
        let app = Arc::new(App {
            db,
            clock: options.clock,
            port,
            customer_id,
            limit: options.limit,
            latency: options.latency,
            token_prefix: options.token_prefix,
            documented_only: AtomicBool::new(options.documented_only),
            webhook_access: options.webhook_access,
            users_put: options.users_put,
            vault,
            deliveries: Deliveries::new(options.deliver, stop.clone()),
            page: page::Door::default(),
            holders: holders.clone(),
            counted: Mutex::new(Counted {
                account: Limit::new(options.limit, options.window, options.cooldown),
                users_create: Limit::new(
                    options.new_users,
                    options.new_users_window.unwrap_or(options.window),
                    Duration::ZERO,
                ),
                requests: Requests::default(),
            }),
            cut: cut.clone(),
            #[cfg(feature = "faults")]
            faults: crate::faults::Faults::default(),
        });
        let door = Door::new(listener, cut.clone());
        let service = server::router(Held { app: Arc::clone(&app), _token: holders.token() })
            .into_make_service_with_connect_info::<Cut>();
        let server = axum::serve(door, service).with_graceful_shutdown(stop.clone().cancelled_owned());
        let serving = tokio::spawn(async move {
            if let Err(error) = server.await {
                tracing::error!(%error, "the sandbox's server failed");
            }
        });
        let url = format!("http://127.0.0.1:{port}");
        Ok(Self { app, url, ready: Mutex::new(None), holders, stop, cut, serving: Some(serving) })
    }

    /// The base address, such as `http://127.0.0.1:41234`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The Account ID.
    #[must_use]
    pub fn customer_id(&self) -> &str {
        &self.app.customer_id
    }

    /// What a caller needs. The first call issues the four known tokens, and deletes those of an earlier start:
    /// only hashes are stored, so their values could not be told again. Later calls return the same.
    pub fn ready(&self) -> Result<Ready, Error> {
        let mut ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(ready) = &*ready {
            return Ok(ready.clone());
        }
        let token = |user: &str| -> Result<String, Error> {
            // For the ready line, or a test.
            Ok(self.issue_token(user, READY_TOKEN_NAME)?.expose_secret().to_owned())
        };
        let new = Ready {
            url: self.url.clone(),
            customer_id: self.app.customer_id.clone(),
            tokens: ReadyTokens {
                account_holder: token(seed::ACCOUNT_HOLDER)?,
                administrator: token(seed::ADMINISTRATOR)?,
                api_user: token(seed::API_USER)?,
                no_api_user: token(seed::NO_API_USER)?,
            },
        };
        *ready = Some(new.clone());
        Ok(new)
    }

    /// Issues a token without a request, and deletes the user's other tokens of this name. This is how the demo
    /// account gets its sign-in: a token that stays good after a restart, if its value was kept.
    pub fn issue_token(&self, user_id: &str, name: &str) -> Result<SecretString, Error> {
        let mut db = self.app.db.lock();
        let transaction = db.transaction()?;
        let user = find(&transaction, user_id)?;
        keys::delete_named(&transaction, user.id, name)?;
        let now = self.app.clock.now();
        let (_, value) = keys::create(&transaction, user.id, name, &self.app.token_prefix, now)?;
        transaction.commit()?;
        Ok(value)
    }

    /// What has arrived so far.
    #[must_use]
    pub fn requests(&self) -> Requests {
        self.app.counted().requests.clone()
    }

    /// How webhooks are delivered here.
    #[must_use]
    pub fn deliver_options(&self) -> &DeliverOptions {
        &self.app.deliveries.options
    }

    /// Waits until no delivery is under way or waits for a retry.
    pub async fn delivered(&self) {
        self.app.deliveries.settled().await;
    }

    /// The address of the demonstration page, with a code that opens it once and within two minutes.
    #[must_use]
    pub fn demo_page_url(&self) -> String {
        match self.app.page.new_code() {
            Ok(code) => format!("{}/?code={code}", self.url),
            // Without random bytes there is no code. The page says how to open it.
            Err(_) => format!("{}/", self.url),
        }
    }

    /// Serves the documented routes only, or all again.
    pub fn set_documented_only(&self, documented_only: bool) {
        self.app.documented_only.store(documented_only, Ordering::Relaxed);
    }

    /// Puts the account on another plan.
    pub fn set_plan(&self, plan: Plan) -> Result<(), Error> {
        Ok(account::set_plan(&self.app.db.lock(), plan)?)
    }

    /// Ticks or unticks a permission of a user, by its key in PlanRadar's API description, such as
    /// `api_documentation_access`. It has no effect on users whose permissions are fixed.
    pub fn set_permission(&self, user_id: &str, key: &str, allowed: bool) -> Result<(), Error> {
        if !PERMISSIONS.contains(&key) {
            return Err(Error::NoSuchPermission(key.to_owned()));
        }
        let db = self.app.db.lock();
        let mut user = find(&db, user_id)?;
        user.set_permission(key, allowed);
        people::save(&db, &user)?;
        Ok(())
    }

    /// Gives a user attributes and permission keys of which this sandbox knows nothing, such as a server of tomorrow
    /// may have. They come in answers exactly as they are here, and PUT keeps or loses them as it does with others.
    pub fn set_unknown(
        &self,
        user_id: &str,
        attributes: Map<String, Value>,
        permissions: Map<String, Value>,
    ) -> Result<(), Error> {
        let db = self.app.db.lock();
        let mut user = find(&db, user_id)?;
        user.unknown = attributes;
        user.unknown_permissions = permissions;
        people::save(&db, &user)?;
        Ok(())
    }

    /// Decides on the request for Connect, as the demonstration page does. False: there is none to decide on.
    pub fn decide_connect(&self, decision: ConnectDecision, note: Option<&str>) -> Result<bool, Error> {
        Ok(connect::decide(&self.app.db.lock(), decision, note, self.app.clock.now())?)
    }

    /// Adds a fault. Its requests are counted from now on.
    #[cfg(feature = "faults")]
    pub fn fault(&self, fault: crate::Fault) {
        self.app.faults.add(fault);
    }

    /// Removes all faults.
    #[cfg(feature = "faults")]
    pub fn clear_faults(&self) {
        self.app.faults.clear();
    }

    /// Ends the sandbox: open requests and deliveries have two seconds to finish, then their connections are cut.
    /// Retries that wait are not made.
    pub async fn stop(mut self) {
        self.stop.cancel();
        let Some(mut serving) = self.serving.take() else { return };
        let end = tokio::time::Instant::now() + Duration::from_secs(2);
        if tokio::time::timeout_at(end, &mut serving).await.is_err() {
            self.cut.cancel();
            // It ends once the last connection has noticed. A panic in there has been reported already.
            let _ = serving.await;
        }
        // Those that are late are cut.
        let _ = tokio::time::timeout_at(end, self.app.deliveries.settled()).await;
        self.cut.cancel();
        // Only then is the data folder free for another one.
        self.holders.close();
        self.holders.wait().await;
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.stop.cancel();
        self.cut.cancel();
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox").field("url", &self.url).finish_non_exhaustive()
    }
}

/// Opens the state, and fills it when it is new.
fn open(options: &Options) -> Result<(Db, Vault, String), Error> {
    let dir = options.data_dir.as_deref();
    let db = Db::open(dir)?;
    let mut connection = db.lock();
    let (is_new, lacks) = (Db::is_new(&connection)?, Db::lacks(&connection)?);
    // The key is there before the first value is sealed with it.
    let vault = Vault::open(dir, is_new || lacks.webhooks)?;
    let now = options.clock.now();
    if is_new {
        let transaction = connection.transaction()?;
        Db::create(&transaction)?;
        seed::plant(&transaction, options.seed, options.people, now)?;
        seed::plant_webhooks(&transaction, &vault, Some(options.seed), now)?;
        transaction.commit()?;
    } else if lacks.roles {
        let transaction = connection.transaction()?;
        Db::upgrade(&transaction, lacks)?;
        seed::plant_roles(&transaction, None, now)?;
        if lacks.webhooks {
            seed::plant_webhooks(&transaction, &vault, None, now)?;
        }
        transaction.commit()?;
    }
    record::forget_all_retries(&connection)?;
    if let Some(plan) = options.plan {
        account::set_plan(&connection, plan)?;
    }
    if let Some(licences) = options.in_house_licences {
        account::set_in_house_licences(&connection, licences)?;
    }
    let customer_id = account::load(&connection)?.customer_id;
    drop(connection);
    Ok((db, vault, customer_id))
}

fn find(db: &rusqlite::Connection, user_id: &str) -> Result<User, Error> {
    people::find(db, user_id)?.ok_or_else(|| Error::NoSuchUser(user_id.to_owned()))
}
