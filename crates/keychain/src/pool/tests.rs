#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use super::*;

const STUCK_AFTER: Duration = Duration::from_millis(50);

/// A call that is stuck until the sender says something.
fn stuck() -> (mpsc::Sender<&'static str>, impl FnOnce(&mut usize) -> &'static str + Send + 'static) {
    let (release, released) = mpsc::channel();
    (release, move |_: &mut usize| released.recv().unwrap())
}

fn pool() -> Arc<Pool<usize>> {
    Arc::new(Pool::new(STUCK_AFTER, || 0))
}

fn spawn<T: Send + 'static>(
    pool: &Arc<Pool<usize>>,
    call: impl FnOnce(&mut usize) -> T + Send + 'static,
) -> tokio::task::JoinHandle<Result<T, Lost>> {
    let pool = Arc::clone(pool);
    tokio::spawn(async move { pool.run(call).await })
}

/// Waits until a call is at work, so that the next one is queued behind it.
async fn at_work(pool: &Arc<Pool<usize>>, count: usize) {
    while pool.shared.lock().busy.len() != count {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn calls_share_one_worker_and_keep_their_order() {
    let pool = pool();
    let mut calls = Vec::new();
    for _ in 0..20 {
        calls.push(spawn(&pool, |count| {
            *count += 1;
            (*count, std::thread::current().id())
        }));
    }
    let mut threads = Vec::new();
    for (number, call) in (1..).zip(calls) {
        let (count, thread) = call.await.unwrap().unwrap();
        assert_eq!(count, number);
        threads.push(thread);
    }
    threads.dedup();
    assert_eq!(threads.len(), 1);
}

#[tokio::test]
async fn a_stuck_call_holds_nothing_up_and_its_late_result_arrives() {
    let pool = pool();
    let (release, call) = stuck();
    let first = spawn(&pool, call);
    at_work(&pool, 1).await;
    // Queued before the first counts as stuck: nobody else comes by to notice.
    assert_eq!(spawn(&pool, |_| "second").await.unwrap().unwrap(), "second");
    assert_eq!(pool.run(|_| "third").await.unwrap(), "third");
    assert!(!first.is_finished());
    release.send("late").unwrap();
    assert_eq!(first.await.unwrap().unwrap(), "late");
}

#[tokio::test]
async fn workers_are_limited_and_the_surplus_ends() {
    let pool = pool();
    let (releases, calls): (Vec<_>, Vec<_>) = (0..MOST_WORKERS).map(|_| stuck()).unzip();
    let calls: Vec<_> = calls.into_iter().map(|call| spawn(&pool, call)).collect();
    at_work(&pool, MOST_WORKERS).await;
    let waiting = spawn(&pool, |_| "waited");
    assert!(tokio::time::timeout(STUCK_AFTER * 4, pool.run(|_| ())).await.is_err());
    assert_eq!(pool.shared.lock().workers, MOST_WORKERS);
    assert!(!waiting.is_finished());
    for release in releases {
        release.send("back").unwrap();
    }
    assert_eq!(waiting.await.unwrap().unwrap(), "waited");
    for call in calls {
        call.await.unwrap().unwrap();
    }
    while pool.shared.lock().workers > 1 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_panic_is_told_and_leaves_a_working_worker() {
    let pool = pool();
    pool.run(|count| *count = 7).await.unwrap();
    let lost = pool.run(|_| -> usize { panic!("as a broken keychain library would") }).await;
    assert!(matches!(lost, Err(Lost::Panicked)));
    assert_eq!(pool.run(|count| *count).await.unwrap(), 0, "the worker's state starts anew");
}

#[tokio::test]
async fn a_call_whose_caller_has_left_is_not_begun() {
    static RUN: AtomicUsize = AtomicUsize::new(0);
    let pool = pool();
    let (release, call) = stuck();
    let first = spawn(&pool, call);
    at_work(&pool, 1).await;
    let abandoned = spawn(&pool, |_| RUN.fetch_add(1, Ordering::SeqCst));
    while pool.shared.lock().queue.is_empty() {
        tokio::task::yield_now().await;
    }
    abandoned.abort();
    assert!(abandoned.await.unwrap_err().is_cancelled());
    release.send("back").unwrap();
    first.await.unwrap().unwrap();
    pool.run(|_| ()).await.unwrap();
    assert_eq!(RUN.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_dropped_pool_lets_its_workers_end() {
    let pool = pool();
    pool.run(|_| ()).await.unwrap();
    let shared = Arc::clone(&pool.shared);
    drop(pool);
    while shared.lock().workers > 0 {
        tokio::task::yield_now().await;
    }
}
