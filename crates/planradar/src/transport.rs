//! How bytes travel: rustls with the system's trust store, bounded, never redirected, never repeated, and never
//! through a proxy to this very computer.

use crate::flights::Flights;
use crate::resolver::Resolver;
use crate::server::ServerUrl;
use reqwest::{Certificate, ClientBuilder, Proxy, redirect, retry};
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use url::Url;

/// How the outside is reached. Loopback servers are always reached directly.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ProxySetting {
    /// As the system says; on Linux the environment variables.
    #[default]
    System,
    /// Directly.
    None,
    /// Through this one, an `http://` or `https://` address without user name, password and path.
    Url(Url),
}

/// Parameters of a [`Transport`].
#[derive(Clone, Debug)]
pub struct TransportConfig {
    /// A PEM file with further certificate authorities, beside those of the system.
    pub ca_file: Option<PathBuf>,
    /// How the outside is reached.
    pub proxy: ProxySetting,
    /// The longest wait for a connection, name lookup and TLS included.
    pub connect_timeout: Duration,
    /// The longest wait for a whole answer, the connection included.
    pub total_timeout: Duration,
    /// The most that is read of an answer, in bytes.
    pub max_body: usize,
}

impl Default for TransportConfig {
    fn default() -> Self {
        Self {
            ca_file: None,
            proxy: ProxySetting::System,
            connect_timeout: Duration::from_secs(10),
            total_timeout: Duration::from_secs(30),
            max_body: 4 * 1024 * 1024,
        }
    }
}

/// Why a transport can't be set up as asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// The CA file can't be read.
    #[error("the CA file can't be read: {0}")]
    CaUnreadable(String),
    /// The CA file has no certificate that can be used.
    #[error("the CA file has no usable certificate in PEM form: {0}")]
    CaUnusable(String),
    /// The proxy's address is none.
    #[error(
        "the proxy must be an address such as http://proxy.example.com:3128, without a user name or password"
    )]
    BadProxy,
    /// The system's certificates can't be used.
    #[error("{0}")]
    System(String),
}

/// The shared way out. Cheap to clone; connections and running GETs are shared by all clones.
#[derive(Clone)]
pub struct Transport {
    inner: Arc<Inner>,
}

struct Inner {
    config: TransportConfig,
    authorities: Vec<Certificate>,
    /// One HTTP client per [`Way`] and [`Reuse`], made when first needed: only HTTPS needs the system's certificates.
    clients: [[OnceLock<reqwest::Client>; 2]; 3],
    flights: Flights,
}

/// How a server is reached.
#[derive(Clone, Copy)]
enum Way {
    /// This computer, plain.
    Here = 0,
    /// This computer, with TLS.
    HereTls = 1,
    /// Another computer, always with TLS.
    Away = 2,
}

/// Whether a connection may have been used before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reuse {
    /// Quick.
    Pooled = 0,
    /// A connection that the server closed meanwhile would leave a write in doubt: writes always get a fresh one.
    Fresh = 1,
}

impl Transport {
    /// Sets it up: reads the CA file, checks the proxy. Sends nothing.
    pub fn new(config: TransportConfig) -> Result<Self, TransportError> {
        if let ProxySetting::Url(url) = &config.proxy {
            check_proxy(url)?;
        }
        let authorities = match &config.ca_file {
            None => Vec::new(),
            Some(path) => {
                let pem = std::fs::read(path).map_err(|e| TransportError::CaUnreadable(e.to_string()))?;
                let unusable = |e: String| TransportError::CaUnusable(e);
                let list = Certificate::from_pem_bundle(&pem).map_err(|e| unusable(root_cause(&e)))?;
                if list.is_empty() {
                    return Err(unusable("no certificate in it".to_owned()));
                }
                list
            }
        };
        let inner = Inner { config, authorities, clients: Default::default(), flights: Flights::default() };
        let transport = Self { inner: Arc::new(inner) };
        if !transport.inner.authorities.is_empty() {
            transport
                .client(Way::HereTls, Reuse::Pooled)
                .map_err(|e| TransportError::CaUnusable(e.to_string()))?;
        }
        Ok(transport)
    }

    pub(crate) fn http(&self, server: &ServerUrl, reuse: Reuse) -> Result<&reqwest::Client, TransportError> {
        let way = match (server.is_loopback(), server.is_https()) {
            (true, false) => Way::Here,
            (true, true) => Way::HereTls,
            (false, _) => Way::Away,
        };
        self.client(way, reuse)
    }

    pub(crate) fn total_timeout(&self) -> Duration {
        self.inner.config.total_timeout
    }

    pub(crate) fn max_body(&self) -> usize {
        self.inner.config.max_body
    }

    pub(crate) fn flights(&self) -> &Flights {
        &self.inner.flights
    }

    fn client(&self, way: Way, reuse: Reuse) -> Result<&reqwest::Client, TransportError> {
        let cell = &self.inner.clients[way as usize][reuse as usize];
        if let Some(client) = cell.get() {
            return Ok(client);
        }
        // A failure is not kept: installing the system's certificates must help without a restart.
        let client = self.build(way, reuse).map_err(|e| TransportError::System(root_cause(&e)))?;
        Ok(cell.get_or_init(|| client))
    }

    fn build(&self, way: Way, reuse: Reuse) -> reqwest::Result<reqwest::Client> {
        let config = &self.inner.config;
        let builder = reqwest::Client::builder()
            .user_agent(concat!("Gatehouse/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .referer(false)
            .connect_timeout(config.connect_timeout)
            .pool_idle_timeout(Duration::from_secs(20))
            .dns_resolver(Resolver);
        let builder = match reuse {
            Reuse::Pooled => builder,
            Reuse::Fresh => builder.pool_max_idle_per_host(0),
        };
        match way {
            // No TLS here, so a system without certificates can still open the demo account.
            Way::Here => builder.no_proxy().tls_certs_only([]),
            Way::HereTls => self.with_authorities(builder).no_proxy().https_only(true),
            Way::Away => self.with_proxy(self.with_authorities(builder))?.https_only(true),
        }
        .build()
    }

    fn with_authorities(&self, builder: ClientBuilder) -> ClientBuilder {
        let list = self.inner.authorities.iter().cloned();
        if list.len() == 0 { builder } else { builder.tls_certs_merge(list) }
    }

    fn with_proxy(&self, builder: ClientBuilder) -> reqwest::Result<ClientBuilder> {
        Ok(match &self.inner.config.proxy {
            ProxySetting::System => builder,
            ProxySetting::None => builder.no_proxy(),
            ProxySetting::Url(url) => builder.proxy(Proxy::all(url.as_str())?),
        })
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport").field("config", &self.inner.config).finish_non_exhaustive()
    }
}

/// Credentials would be kept in plain text with the other settings.
fn check_proxy(url: &Url) -> Result<(), TransportError> {
    let plain = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none()
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none();
    if plain { Ok(()) } else { Err(TransportError::BadProxy) }
}

/// The innermost text of an error: the outer ones of the HTTP library only say "builder error".
pub(crate) fn root_cause(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.
    use super::*;

    fn with_proxy(url: &str) -> Result<Transport, TransportError> {
        let proxy = ProxySetting::Url(Url::parse(url).unwrap());
        Transport::new(TransportConfig { proxy, ..TransportConfig::default() })
    }

    #[test]
    fn proxies() {
        for good in ["http://proxy.example.com:3128", "https://10.0.0.1"] {
            assert!(with_proxy(good).is_ok(), "{good}");
        }
        for bad in ["socks5://h:1", "http://u:p@h", "http://u@h", "http://h/path", "http://h/?q", "data:x"] {
            assert_eq!(with_proxy(bad).unwrap_err(), TransportError::BadProxy, "{bad}");
        }
    }

    #[test]
    fn ca_files() {
        let folder = tempfile::tempdir().unwrap();
        let with_file = |content: Option<&str>| {
            let path = folder.path().join("ca.pem");
            if let Some(content) = content {
                std::fs::write(&path, content).unwrap();
            }
            Transport::new(TransportConfig { ca_file: Some(path), ..TransportConfig::default() }).unwrap_err()
        };
        assert!(matches!(with_file(None), TransportError::CaUnreadable(_)));
        for content in ["", "hello", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
            assert!(matches!(with_file(Some(content)), TransportError::CaUnusable(_)), "{content:?}");
        }
    }
}
