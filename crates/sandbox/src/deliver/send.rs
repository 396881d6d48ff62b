//! One POST to a receiver. Nothing is followed, nothing is sent twice, and names of headers keep their case.

use std::io;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::body::Bytes;
use axum::http::header::{CONTENT_ENCODING, HOST};
use axum::http::{Extensions, HeaderMap, HeaderValue, Request};
use http_body_util::{BodyExt as _, Empty, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1 as client;
use hyper::server::conn::http1 as server;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use rustls_platform_verifier::BuilderVerifierExt;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};
use tokio_rustls::TlsConnector;
use tokio_util::task::AbortOnDropHandle;
use url::{Host, Position, Url};

use super::redact::Forms;

/// How much of an answer is shown.
const SHOWN: usize = 1024;

/// Hosts under this one are answered here, so that the seeds' deliveries succeed and nothing leaves the computer.
/// `.example` is reserved: there is no such host.
const OWN_DOMAIN: &str = "nordbau.example";

/// What is to be sent. It has no Debug: hidden values are in it.
pub(crate) struct Outgoing {
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    /// The headers' names as they are to be written.
    pub(crate) names: Vec<String>,
    pub(crate) body: Bytes,
    /// What must not be shown of the answer.
    pub(crate) forms: Forms,
}

/// What came back.
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) excerpt: String,
}

/// TLS as it is set up when it is needed first.
#[derive(Default)]
pub(crate) struct Tls(OnceLock<Result<TlsConnector, String>>);

impl Tls {
    fn connector(&self) -> Result<&TlsConnector, String> {
        let made = self.0.get_or_init(|| {
            let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
            let config = rustls::ClientConfig::builder_with_provider(provider)
                .with_safe_default_protocol_versions()
                .and_then(BuilderVerifierExt::with_platform_verifier)
                .map_err(|error| format!("TLS is not available: {error}"))?;
            Ok(TlsConnector::from(Arc::new(config.with_no_client_auth())))
        });
        made.as_ref().map_err(Clone::clone)
    }
}

/// Sends. The error says in a sentence why no answer came, without anything that was sent.
pub(crate) async fn send(outgoing: &Outgoing, tls: &Tls, patience: Duration) -> Result<Answered, String> {
    if is_own(&outgoing.url) {
        let excerpt = "{\"demo\": \"answered by the sandbox itself, nothing left this computer\"}".to_owned();
        return Ok(Answered { status: 200, excerpt });
    }
    let deadline = Instant::now() + patience;
    let late = |_| format!("No answer came within {} ms.", patience.as_millis());
    timeout_at(deadline, connect(outgoing, tls, deadline)).await.map_err(late)?
}

fn is_own(url: &Url) -> bool {
    let own = |host: &str| host == OWN_DOMAIN || host.ends_with(&format!(".{OWN_DOMAIN}"));
    url.host_str().is_some_and(own)
}

async fn connect(outgoing: &Outgoing, tls: &Tls, deadline: Instant) -> Result<Answered, String> {
    let unreachable = |error: io::Error| format!("The receiver can't be reached: {error}");
    let (Some(host), Some(port)) = (outgoing.url.host(), outgoing.url.port_or_known_default()) else {
        return Err("The target URL has no host.".to_owned());
    };
    let (tcp, name) = match host {
        Host::Domain(name) => {
            (TcpStream::connect((name, port)).await, ServerName::try_from(name.to_owned()).ok())
        }
        Host::Ipv4(ip) => (TcpStream::connect((ip, port)).await, Some(ServerName::IpAddress(ip.into()))),
        Host::Ipv6(ip) => (TcpStream::connect((ip, port)).await, Some(ServerName::IpAddress(ip.into()))),
    };
    let tcp = tcp.map_err(unreachable)?;
    if outgoing.url.scheme() == "http" {
        return exchange(outgoing, tcp, deadline).await;
    }
    let name = name.ok_or_else(|| "The receiver's host name can't have a certificate.".to_owned())?;
    let stream = tls.connector()?.connect(name, tcp).await.map_err(|error| format!("TLS failed: {error}"))?;
    exchange(outgoing, stream, deadline).await
}

async fn exchange<S>(outgoing: &Outgoing, stream: S, deadline: Instant) -> Result<Answered, String>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let failed = |error: hyper::Error| format!("The connection broke: {error}");
    let (mut sender, connection) = client::Builder::new()
        .preserve_header_case(true)
        .handshake(TokioIo::new(stream))
        .await
        .map_err(failed)?;
    // Ends with this function, whatever the receiver goes on to send.
    let _connection = AbortOnDropHandle::new(tokio::spawn(connection));
    let request = request(outgoing).await.ok_or_else(|| "The request could not be written.".to_owned())?;
    let response = sender.send_request(request).await.map_err(failed)?;
    let status = response.status().as_u16();
    let excerpt = if response.headers().contains_key(CONTENT_ENCODING) {
        // Packed, a hidden value could not be found in it.
        "(packed, not shown)".to_owned()
    } else {
        let mut start = Vec::new();
        let reading = read(response.into_body(), &mut start, outgoing.forms.needed(SHOWN));
        // What has come by then is shown. The status counts all the same.
        let _ = timeout_at(deadline, reading).await;
        outgoing.forms.excerpt(&start, SHOWN)
    };
    Ok(Answered { status, excerpt })
}

async fn read(mut body: Incoming, start: &mut Vec<u8>, needed: usize) {
    while start.len() < needed
        && let Some(Ok(frame)) = body.frame().await
    {
        if let Some(data) = frame.data_ref() {
            start.extend_from_slice(data);
        }
    }
}

async fn request(outgoing: &Outgoing) -> Option<Request<Full<Bytes>>> {
    let url = &outgoing.url;
    let host = HeaderValue::from_str(&url[Position::BeforeHost..Position::AfterPort]).ok()?;
    let mut request = Request::post(&url[Position::BeforePath..Position::AfterQuery])
        .body(Full::new(outgoing.body.clone()))
        .ok()?;
    *request.extensions_mut() = case_of(&outgoing.names).await?;
    request.headers_mut().insert(HOST, host);
    request.headers_mut().extend(outgoing.headers.clone());
    Some(request)
}

/// How names are to be written. Only hyper itself can make that note, when it reads a request: so it reads one.
async fn case_of(names: &[String]) -> Option<Extensions> {
    let mut head = String::from("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n");
    for name in names {
        head.extend([name, ": x\r\n"]);
    }
    head += "\r\n";
    let (mut near, far) = tokio::io::duplex(head.len());
    near.write_all(head.as_bytes()).await.ok()?;
    let (told, mut tell) = mpsc::channel(1);
    let service = service_fn(move |request: Request<Incoming>| {
        // The channel has room for the one request there is.
        let _ = told.try_send(request.into_parts().0.extensions);
        async { Ok::<_, std::convert::Infallible>(axum::http::Response::new(Empty::<Bytes>::new())) }
    });
    let reading =
        server::Builder::new().preserve_header_case(true).serve_connection(TokioIo::new(far), service);
    tokio::select! {
        biased;
        extensions = tell.recv() => extensions,
        _ = reading => tell.try_recv().ok(),
    }
}
