//! Where the API is: an origin, HTTPS only unless it is this very computer.

use std::fmt;
use url::{Host, Url};

/// `PlanRadar`'s own address.
const PLANRADAR: &str = "https://www.planradar.com";

/// The origin of a `PlanRadar` server: scheme, host and port, nothing else.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ServerUrl {
    url: Url,
    loopback: bool,
}

/// Why an address can't be a server's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ServerUrlError {
    /// Nothing was given.
    #[error("the address is empty")]
    Empty,
    /// Not an address, or with characters that browsers and programs read differently.
    #[error("this is not an address such as {PLANRADAR}")]
    NotAnAddress,
    /// Plain HTTP to another computer would send the token in clear text.
    #[error("the address must start with https://")]
    NotHttps,
    /// A user name or password is part of it.
    #[error("the address must not contain a user name or password")]
    Credentials,
    /// A path, query or fragment is part of it.
    #[error("the address must end after the host: no path, no ? and no #")]
    NotAnOrigin,
}

impl ServerUrl {
    /// Reads an address. Without a scheme `https://` is meant.
    pub fn parse(text: &str) -> Result<Self, ServerUrlError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(ServerUrlError::Empty);
        }
        // The URL standard drops tabs and turns `\` into `/`: what the person sees would not be where we go.
        if text.chars().any(|c| c == '\\' || c.is_whitespace() || c.is_control()) {
            return Err(ServerUrlError::NotAnAddress);
        }
        let absolute = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
        let url = Url::parse(&absolute).map_err(|_| ServerUrlError::NotAnAddress)?;
        let loopback = is_loopback(&url.host().ok_or(ServerUrlError::NotAnAddress)?);
        match url.scheme() {
            "https" => {}
            "http" if loopback => {}
            _ => return Err(ServerUrlError::NotHttps),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(ServerUrlError::Credentials);
        }
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err(ServerUrlError::NotAnOrigin);
        }
        Ok(Self { url, loopback })
    }

    /// `PlanRadar` itself.
    #[must_use]
    #[allow(clippy::expect_used, clippy::missing_panics_doc)] // A constant; the test below parses it.
    pub fn planradar() -> Self {
        Self::parse(PLANRADAR).expect("PLANRADAR is a constant origin with https")
    }

    /// As an address with the path `/`.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Scheme, host and port (when not the usual one), without a slash at the end.
    #[must_use]
    pub fn origin(&self) -> String {
        self.url.origin().ascii_serialization()
    }

    /// The host as the address has it (international names in their ASCII form).
    #[must_use]
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// Whether it is this computer: `localhost`, 127.0.0.0/8 or `::1`.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        self.loopback
    }

    /// Whether it is reached over TLS.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        // The transport resolves this name itself, so that a hosts file can't send it elsewhere.
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(ip) => ip.is_loopback(),
        Host::Ipv6(ip) => ip.to_canonical().is_loopback(),
    }
}

impl fmt::Display for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin())
    }
}

impl fmt::Debug for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ServerUrl({self})")
    }
}

impl std::str::FromStr for ServerUrl {
    type Err = ServerUrlError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.
    use super::*;

    #[test]
    fn https_everywhere_and_http_only_here() {
        for (text, origin, loopback) in [
            ("https://www.planradar.com", "https://www.planradar.com", false),
            (" https://WWW.PlanRadar.com/ ", "https://www.planradar.com", false),
            ("www.planradar.com", "https://www.planradar.com", false),
            ("https://example.com:8443", "https://example.com:8443", false),
            ("https://example.com:443", "https://example.com", false),
            ("http://127.0.0.1:3000", "http://127.0.0.1:3000", true),
            ("http://127.9.9.9:3000", "http://127.9.9.9:3000", true),
            ("http://[::1]:3000", "http://[::1]:3000", true),
            ("http://localhost:3000", "http://localhost:3000", true),
            ("https://localhost", "https://localhost", true),
        ] {
            let server = ServerUrl::parse(text).unwrap();
            assert_eq!((server.origin().as_str(), server.is_loopback()), (origin, loopback), "{text}");
        }
        assert_eq!(ServerUrl::planradar().origin(), PLANRADAR);
    }

    #[test]
    fn refused_addresses() {
        use ServerUrlError::{Credentials, Empty, NotAnAddress, NotAnOrigin, NotHttps};
        for (text, error) in [
            ("", Empty),
            ("  ", Empty),
            ("http://www.planradar.com", NotHttps),
            ("http://localhost.example.com", NotHttps),
            ("http://0.0.0.0", NotHttps),
            ("http://10.0.0.1", NotHttps),
            ("ftp://127.0.0.1", NotHttps),
            ("https://user@example.com", Credentials),
            ("https://user:pw@example.com", Credentials),
            ("https://www.planradar.com/dr/1484013", NotAnOrigin),
            ("https://www.planradar.com?x", NotAnOrigin),
            ("https://www.planradar.com#x", NotAnOrigin),
            ("https:\\\\evil.example", NotAnAddress),
            ("https://www.planra\tdar.com", NotAnAddress),
            ("https://", NotAnAddress),
            ("https://exa mple.com", NotAnAddress),
        ] {
            assert_eq!(ServerUrl::parse(text).unwrap_err(), error, "{text:?}");
        }
    }
}
