//! What proxies get to see: never the key, and of this computer's own servers nothing at all.
#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.

mod support;

use planradar::{ErrorKind, ProxySetting, Sent, TransportConfig};
use std::process::Command;
use support::{Listener, TOKEN, answer, empty_list, subject, subject_with, transport_config, what};

/// A proxy that lets nobody through.
async fn closed_proxy() -> Listener {
    Listener::start([answer(403, &[], "")]).await
}

fn through(proxy: &Listener) -> TransportConfig {
    TransportConfig { proxy: ProxySetting::Url(proxy.url().parse().unwrap()), ..transport_config() }
}

const AWAY: &str = "https://gatehouse-test.invalid";

#[tokio::test]
async fn a_proxy_gets_a_connect_without_the_key() {
    let proxy = closed_proxy().await;
    let subject = subject_with(AWAY, TOKEN, through(&proxy));
    assert!(matches!(what(subject.client.check().await), (ErrorKind::Proxy(_), Sent::No)));
    assert!(matches!(what(subject.client.tokens().create("CI").await), (ErrorKind::Proxy(_), Sent::No)));
    subject.used_is(0).await;
    let seen = proxy.seen();
    assert_eq!(seen.len(), 2);
    for request in seen {
        assert!(request.starts_with("CONNECT gatehouse-test.invalid:443 HTTP/1.1\r\n"), "{request}");
        assert!(!request.to_ascii_lowercase().contains("api-key") && !request.contains(TOKEN), "{request}");
    }
}

#[tokio::test]
async fn a_proxy_that_is_gone_is_not_the_servers_fault() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    for url in [format!("http://127.0.0.1:{port}"), "http://gatehouse-proxy.invalid:3128".to_owned()] {
        let proxy = ProxySetting::Url(url.parse().unwrap());
        let subject = subject_with(AWAY, TOKEN, TransportConfig { proxy, ..transport_config() });
        let (kind, sent) = what(subject.client.check().await);
        // Without any network the second name is not even looked up.
        assert!(matches!(kind, ErrorKind::Proxy(_) | ErrorKind::Offline), "{url} {kind:?}");
        assert_eq!(sent, Sent::No);
    }
}

#[tokio::test]
async fn a_server_on_this_computer_is_reached_directly() {
    let proxy = closed_proxy().await;
    let server = Listener::start([empty_list()]).await;
    for url in [server.url(), format!("http://localhost:{}", server.port)] {
        let subject = subject_with(&url, TOKEN, through(&proxy));
        assert_eq!(subject.client.check().await, Ok(()), "{url}");
    }
    assert_eq!((server.count(), proxy.connections()), (2, 0));
}

const SERVER: &str = "GATEHOUSE_TEST_SERVER";
const CHILD: &str = "child_with_proxies_in_its_environment";

/// Run by the test below in a process of its own: environment variables belong to a whole process.
#[tokio::test]
async fn child_with_proxies_in_its_environment() {
    let Ok(server) = std::env::var(SERVER) else { return };
    assert_eq!(subject(&server).client.check().await, Ok(()));
    let away = subject(AWAY);
    assert!(matches!(what(away.client.check().await), (ErrorKind::Proxy(_), Sent::No)));
}

#[tokio::test]
async fn the_environments_proxy_never_sees_this_computers_key() {
    let proxy = closed_proxy().await;
    let server = Listener::start([empty_list()]).await;
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", CHILD, "--nocapture"]).env(SERVER, server.url());
    for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
        child.env(name, proxy.url());
    }
    for name in ["no_proxy", "NO_PROXY", "REQUEST_METHOD"] {
        child.env_remove(name);
    }
    let output = tokio::task::spawn_blocking(move || child.output()).await.unwrap().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
    assert_eq!(server.seen().iter().filter(|seen| seen.contains(TOKEN)).count(), 1, "the server got the key");
    let seen = proxy.seen();
    assert_eq!(seen.len(), 1, "the proxy is in force, for the other server: {seen:?}");
    assert!(
        seen[0].starts_with("CONNECT gatehouse-test.invalid:443 ") && !seen[0].contains(TOKEN),
        "{seen:?}"
    );
}
