//! Deliveries over TLS. Who is trusted is the operating system's business; on Linux a variable of the process adds to it,
//! so the program is started with one.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use common::webhooks::{PROJECT, WEBHOOKS, demo, little, quick, with};
use common::{Got, Site, client, send};
use planradar_sandbox::{DeliverOptions, Options};
use rcgen::CertifiedKey;
use reqwest::Method;
use rustls::pki_types::PrivateKeyDer;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// A receiver with a certificate for `localhost`. Each request it could read is sent on; its answer is 200.
struct Receiver {
    port: u16,
    /// The certificate, as a file.
    trusted: tempfile::NamedTempFile,
    requests: tokio::sync::mpsc::UnboundedReceiver<String>,
}

impl Receiver {
    async fn start() -> Self {
        let CertifiedKey { cert, signing_key } =
            rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (tell, requests) = tokio::sync::mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Ok((tcp, _)) = listener.accept().await {
                // A client that does not trust it leaves.
                let Ok(mut stream) = acceptor.accept(tcp).await else { continue };
                let mut bytes = Vec::new();
                while !String::from_utf8_lossy(&bytes).contains("\r\n\r\n") {
                    if stream.read_buf(&mut bytes).await.unwrap_or_default() == 0 {
                        break;
                    }
                }
                if bytes.is_empty() {
                    continue;
                }
                tell.send(String::from_utf8_lossy(&bytes).into_owned()).unwrap();
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nthere").await;
            }
        });
        let trusted = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(trusted.path(), cert.pem()).unwrap();
        Self { port, trusted, requests }
    }
}

/// The program, which trusts one certificate.
struct Program {
    child: Child,
    ready: Value,
}

impl Program {
    fn start(trusted: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_planradar-sandbox"))
            .args(["--limit", "100000"])
            .env("SSL_CERT_FILE", trusted)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let ready = serde_json::from_str(&line).unwrap();
        Self { child, ready }
    }

    async fn ask(&self, method: Method, path: &str, attributes: Value) -> Got {
        let request = client()
            .request(method, format!("{}{path}", self.ready["url"].as_str().unwrap()))
            .header("accept", "application/json")
            .header("X-PlanRadar-API-Key", self.ready["tokens"]["account_holder"].as_str().unwrap());
        send(request.json(&json!({"data": {"attributes": attributes}}))).await
    }

    /// The deliveries of a webhook once there is one; its pauses before a retry are long.
    async fn first_delivery(&self, id: &str) -> Got {
        let path = format!("{WEBHOOKS}/{id}/deliveries");
        loop {
            let got = self.ask(Method::GET, &path, json!({})).await;
            assert_eq!(got.status, 200, "{got:?}");
            if got.body["meta"]["count"] != 0 {
                return got;
            }
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn secret(target: &str) -> Value {
    with(&little(target), json!({"headers": [{"name": "X-KEY", "hidden": true, "value": "s3cr3t"}]}))
}

#[tokio::test]
async fn a_trusted_receiver_gets_it_and_one_of_another_name_does_not() {
    let mut receiver = Receiver::start().await;
    let program = Program::start(receiver.trusted.path());
    let by_name = format!("https://localhost:{}/hook", receiver.port);
    let created = program.ask(Method::POST, WEBHOOKS, secret(&by_name)).await;
    assert_eq!(created.status, 201, "{created:?}");
    let by_number = format!("https://127.0.0.1:{}/hook", receiver.port);
    let other = program.ask(Method::POST, WEBHOOKS, secret(&by_number)).await;
    let path = format!("/api/v2/9000001/projects/{PROJECT}/tickets");
    let ticket = json!({"ticket-type-id": "t", "component-id": "c"});
    assert_eq!(program.ask(Method::POST, &path, ticket).await.status, 201);
    let request = receiver.requests.recv().await.unwrap();
    assert!(request.starts_with("POST /hook HTTP/1.1\r\n"), "{request}");
    assert!(request.contains("\r\nX-KEY: s3cr3t\r\n"), "{request}");
    let host = format!("\r\nhost: localhost:{}\r\n", receiver.port);
    assert!(request.to_lowercase().contains(&host), "{request}");
    let told = program.first_delivery(created.id()).await;
    assert_eq!((told.column("status")[0], told.column("answer")[0]), (&json!(200), &json!("there")));
    let told = program.first_delivery(other.id()).await;
    let error = told.column("error")[0].as_str().unwrap();
    assert!(error.starts_with("TLS failed: "), "{error}");
    assert!(receiver.requests.try_recv().is_err(), "nothing was sent to it");
}

#[tokio::test]
async fn a_receiver_that_nobody_trusts_or_that_speaks_no_tls_gets_nothing() {
    let deliver = DeliverOptions { retries: 0, ..quick() };
    let site = Site::start(Options { deliver, ..demo() }).await;
    let mut receiver = Receiver::start().await;
    let plain = common::receiver::Receiver::content().await;
    let untrusted = site.new_webhook(secret(&format!("https://localhost:{}/", receiver.port))).await;
    let no_tls = site.new_webhook(secret(&format!("https://127.0.0.1:{}/", plain.port))).await;
    site.ticket(PROJECT).await;
    for id in [untrusted, no_tls] {
        let got = site.deliveries(&id).await;
        assert_eq!(got.column("status"), [&Value::Null]);
        let error = got.column("error")[0].as_str().unwrap();
        assert!(error.starts_with("TLS failed: "), "{error}");
    }
    assert!(receiver.requests.try_recv().is_err() && plain.take().is_empty());
    site.sandbox.stop().await;
}
