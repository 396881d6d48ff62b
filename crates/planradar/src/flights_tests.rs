#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.
use super::*;
use std::sync::atomic::AtomicUsize;
use tokio::sync::Notify;
use zeroize::Zeroizing;

fn key(target: &str) -> FlightKey {
    FlightKey { account: "https://h/1".into(), credential: [0; 32], target: target.into() }
}

fn answer() -> Arc<Answer> {
    Arc::new(Answer { route: "t", status: 200, html: false, body: Zeroizing::new(Vec::new()), excerpt: None })
}

/// A source of flights that land when told to, and counts how many started.
#[derive(Clone, Default)]
struct Source {
    started: Arc<AtomicUsize>,
    land: Arc<Notify>,
}

impl Source {
    fn join(&self, flights: &Flights, key: FlightKey, lane: Lane, mark_sent: bool) -> Shared<Boxed> {
        let (count, landing) = (Arc::clone(&self.started), Arc::clone(&self.land));
        flights.join(key, lane, move |sent| {
            sent.store(mark_sent, Ordering::Release);
            async move {
                count.fetch_add(1, Ordering::SeqCst);
                landing.notified().await;
                Ok(answer())
            }
        })
    }

    fn started(&self) -> usize {
        self.started.load(Ordering::SeqCst)
    }
}

#[tokio::test]
async fn equal_reads_are_one_and_the_list_empties() {
    let (flights, source) = (Flights::default(), Source::default());
    let both = [0, 1].map(|_| source.join(&flights, key("/a"), Lane::Person, false));
    source.land.notify_one();
    let [first, second] = both;
    let (first, second) = tokio::join!(first, second);
    assert!(Arc::ptr_eq(&first.unwrap(), &second.unwrap()));
    assert_eq!(source.started(), 1);
    assert!(lock(&flights.running).is_empty());
}

#[tokio::test]
async fn another_target_or_credential_is_another_read() {
    let (flights, source) = (Flights::default(), Source::default());
    let other = FlightKey { credential: [1; 32], ..key("/a") };
    let all = [key("/a"), key("/b"), other].map(|k| source.join(&flights, k, Lane::Person, false));
    assert_eq!(lock(&flights.running).len(), 3);
    drop(all);
    assert!(lock(&flights.running).is_empty(), "dropped flights leave the list");
}

#[tokio::test]
async fn the_first_may_leave_and_the_second_still_arrives() {
    let (flights, source) = (Flights::default(), Source::default());
    let mut first = source.join(&flights, key("/a"), Lane::Person, false);
    let second = source.join(&flights, key("/a"), Lane::Person, false);
    assert!((&mut first).now_or_never().is_none());
    drop(first);
    source.land.notify_one();
    assert!(second.await.is_ok());
    assert_eq!(source.started(), 1);
}

#[tokio::test]
async fn the_urgent_never_wait_behind_the_patient() {
    for (running, asking, sent, joined) in [
        (Lane::Refresh, Lane::Person, false, false),
        (Lane::Refresh, Lane::Person, true, true),
        (Lane::Person, Lane::Refresh, false, true),
        (Lane::Person, Lane::TakeAway, false, false),
    ] {
        let (flights, source) = (Flights::default(), Source::default());
        let first = source.join(&flights, key("/a"), running, sent);
        let second = source.join(&flights, key("/a"), asking, sent);
        assert_eq!(first.ptr_eq(&second), joined, "{running:?} {asking:?} {sent}");
    }
}

#[tokio::test]
async fn nobody_joins_a_read_from_before_a_write() {
    let (flights, source) = (Flights::default(), Source::default());
    let before = source.join(&flights, key("/a"), Lane::Person, true);
    let elsewhere = FlightKey { account: "https://h/2".into(), ..key("/a") };
    let kept = source.join(&flights, elsewhere.clone(), Lane::Person, true);
    flights.forget("https://h/1");
    let after = source.join(&flights, key("/a"), Lane::Person, true);
    assert!(!before.ptr_eq(&after));
    assert!(kept.ptr_eq(&source.join(&flights, elsewhere, Lane::Person, true)));
    drop(before);
    assert!(
        after.ptr_eq(&source.join(&flights, key("/a"), Lane::Person, true)),
        "the old one takes only itself off"
    );
}

#[test]
fn credentials_differ_by_token_and_process() {
    let (one, two) = (Flights::default(), Flights::default());
    let (a, b) = (SecretString::from("a"), SecretString::from("b"));
    assert_eq!(one.credential(&a), one.credential(&a));
    assert_ne!(one.credential(&a), one.credential(&b));
    assert_ne!(one.credential(&a), two.credential(&a));
}
