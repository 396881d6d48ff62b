//! Tokens known to the test, looked for in everything the client says and logs. Its own binary: the subscriber is the
//! whole process's.
#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.

mod support;

use planradar::rate_limit::Lane;
use std::io;
use std::sync::{Arc, Mutex};
use support::{Listener, Reply, TOKEN, answer, empty_list, json, subject};
use tracing_subscriber::fmt::MakeWriter;

/// The value of a token that the server makes.
const NEW: &str = "c0ffee0badcafe0123456789abcdef0123456789abcdef0123456789abcdef0123456789";

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn neither_logs_at_trace_level_nor_errors_nor_the_limits_file_hold_a_token() {
    let log = Log::default();
    // Also takes what libraries log the older way, as the app does.
    tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(log.clone()).init();

    let created = format!(r#"{{"data": {{"id": "1", "attributes": {{"name": "CI", "token": "{NEW}"}}}}}}"#);
    let half = format!("HTTP/1.1 201 X\r\ncontent-length: 900\r\n\r\n{created}");
    let server = Listener::start([
        empty_list(),
        json(201, &created),
        json(201, &created.replace("\"token\"", "\"secret\"")),
        json(201, &format!("{created} and more")),
        answer(201, &[("content-type", "text/html")], &created),
        Reply::RawAndClose(half.into_bytes()),
        json(403, &format!(r#"{{"code": "plan", "message": "key {TOKEN}"}}"#)),
        Reply::Reset,
        empty_list(),
    ])
    .await;
    let subject = subject(&server.url());
    let client = &subject.client;
    let mut said = vec![format!("{client:?} {:?}", subject.transport)];
    client.check().await.unwrap();
    let token = client.tokens().create("CI").await.unwrap();
    said.push(format!("{token:?}"));
    for _ in 0..5 {
        let error = client.tokens().create("CI").await.unwrap_err();
        said.push(format!("{error} {error:?}"));
    }
    client.tokens().list(Lane::Person).await.unwrap();

    let logged = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(
        logged.contains("tokens.create") && logged.contains("hyper"),
        "the log was listened to: {logged}"
    );
    for file in std::fs::read_dir(subject.folder()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        said.push(String::from_utf8_lossy(&bytes).into_owned());
    }
    let said = said.join("\n");
    for (canary, name) in [(TOKEN, "the key"), (NEW, "the new token")] {
        // Half of it would be too much already.
        assert!(!logged.contains(&canary[..16]), "{name} is in the log");
        assert!(!said.contains(&canary[..16]), "{name} was said: {said}");
    }
}
