//! Name lookup, so that its failures can be told from others and `localhost` is always this computer.

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

/// The system's resolver.
#[derive(Clone, Copy)]
pub(crate) struct Resolver;

/// A name that was not found.
#[derive(Debug, thiserror::Error)]
#[error("{host} was not found")]
pub(crate) struct LookupFailed {
    /// The name asked for: the server's, or its proxy's.
    pub(crate) host: String,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let host = name.as_str().to_owned();
        Box::pin(async move {
            if host == "localhost" {
                let here =
                    [SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), SocketAddr::from((Ipv6Addr::LOCALHOST, 0))];
                return Ok(Box::new(here.into_iter()) as Addrs);
            }
            // Port 0 is replaced by the address's own.
            let found: Vec<_> = match tokio::net::lookup_host((host.as_str(), 0)).await {
                Ok(addresses) => addresses.collect(),
                Err(_) => Vec::new(),
            };
            if found.is_empty() {
                Err(LookupFailed { host }.into())
            } else {
                Ok(Box::new(found.into_iter()) as Addrs)
            }
        })
    }
}

/// Whether this computer has no way to any other. Sends nothing: connecting a UDP socket only looks for a route, here
/// to addresses that are reserved for documentation.
pub(crate) fn is_offline() -> bool {
    let has_route =
        |from: &str, to: &str| UdpSocket::bind(from).and_then(|socket| socket.connect(to)).is_ok();
    !has_route("0.0.0.0:0", "192.0.2.1:9") && !has_route("[::]:0", "[2001:db8::1]:9")
}
