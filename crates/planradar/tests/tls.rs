//! Whom the client trusts.
#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.

mod support;

use planradar::{ErrorKind, Sent, TransportConfig};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use support::{Connections, TOKEN, empty_list, subject_with, transport_config, what};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};

/// A company's own authority, with its certificate in a PEM file.
struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    _folder: TempDir,
    file: PathBuf,
}

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("company.pem");
        std::fs::write(&file, issuer.pem()).unwrap();
        Self { issuer, _folder: folder, file }
    }

    fn trusted(&self) -> TransportConfig {
        TransportConfig { ca_file: Some(self.file.clone()), ..transport_config() }
    }

    /// A server for `name`.
    async fn serve(&self, name: &str) -> Server {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new([name.to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Server::start(certificate.der().clone(), &key).await
    }
}

struct Server {
    port: u16,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Server {
    async fn start(certificate: CertificateDer<'static>, key: &KeyPair) -> Self {
        let key = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = socket.local_addr().unwrap().port();
        let seen = Arc::default();
        let connections = Connections {
            replies: Arc::new(Mutex::new([empty_list()].into())),
            seen: Arc::clone(&seen),
            arrived: Arc::default(),
        };
        tokio::spawn(async move {
            while let Ok((stream, _)) = socket.accept().await {
                let (acceptor, connections) = (acceptor.clone(), connections.clone());
                tokio::spawn(async move {
                    if let Ok(mut stream) = acceptor.accept(stream).await {
                        connections.serve(&mut stream).await;
                    }
                });
            }
        });
        Self { port, seen }
    }

    fn url(&self) -> String {
        format!("https://localhost:{}", self.port)
    }

    fn keys_seen(&self) -> usize {
        self.seen.lock().unwrap().iter().filter(|request| request.contains(TOKEN)).count()
    }
}

/// The reason's words are those of the system's verifier, known here for one system.
fn is_tls(kind: &ErrorKind, words: &str) -> bool {
    matches!(kind, ErrorKind::Tls(reason) if reason.contains(words) || cfg!(not(target_os = "linux")))
}

#[tokio::test]
async fn a_company_authority_from_a_file_is_trusted_and_nobody_elses() {
    let (authority, stranger) = (Authority::new("Company"), Authority::new("Stranger"));
    let server = authority.serve("localhost").await;

    let subject = subject_with(&server.url(), TOKEN, authority.trusted());
    assert_eq!(subject.client.check().await, Ok(()));
    assert_eq!(server.keys_seen(), 1);

    for config in [transport_config(), stranger.trusted()] {
        let subject = subject_with(&server.url(), TOKEN, config);
        let (kind, sent) = what(subject.client.check().await);
        assert!(is_tls(&kind, "UnknownIssuer"), "{kind:?}");
        assert_eq!(sent, Sent::No);
        assert!(matches!(what(subject.client.tokens().create("CI").await), (ErrorKind::Tls(_), Sent::No)));
        subject.used_is(0).await;
    }
    assert_eq!(server.keys_seen(), 1, "without trust the key stays here");
}

#[tokio::test]
async fn a_certificate_for_another_name_is_refused() {
    let authority = Authority::new("Company");
    let server = authority.serve("gatehouse-test.invalid").await;
    let subject = subject_with(&server.url(), TOKEN, authority.trusted());
    let (kind, sent) = what(subject.client.check().await);
    assert!(is_tls(&kind, "not valid for name"), "{kind:?}");
    assert_eq!((sent, server.keys_seen()), (Sent::No, 0));
}

#[tokio::test]
async fn a_self_signed_certificate_is_refused() {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(["localhost".to_owned()]).unwrap().self_signed(&key).unwrap();
    let server = Server::start(certificate.der().clone(), &key).await;
    let subject = subject_with(&server.url(), TOKEN, transport_config());
    assert!(matches!(what(subject.client.check().await), (ErrorKind::Tls(_), Sent::No)));
    assert_eq!(server.keys_seen(), 0);
}

#[tokio::test]
async fn a_server_without_tls_is_told_from_one_that_is_gone() {
    let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}", socket.local_addr().unwrap().port());
    let plain = tokio::spawn(async move {
        let (mut stream, _) = socket.accept().await.unwrap();
        let mut hello = [0; 4096];
        let read = stream.read(&mut hello).await.unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n").await.unwrap();
        hello[..read].to_vec()
    });
    let subject = subject_with(&url, TOKEN, transport_config());
    let (kind, sent) = what(subject.client.check().await);
    assert!(matches!(kind, ErrorKind::Tls(_)) && sent == Sent::No, "{kind:?}");
    assert!(!String::from_utf8_lossy(&plain.await.unwrap()).contains(TOKEN));
}
