//! After a 429 nothing more is sent until the cooldown has ended.

use super::*;

/// What is left of a pause: `expected`, and its margin for slow clocks (1/240 of the whole).
fn about_left(limiter: &RateLimiter, expected: u64, whole: u64) -> bool {
    let left = status(limiter).paused_for.unwrap();
    left >= seconds(expected) && left <= seconds(expected) + seconds(whole) / 240 + Duration::from_millis(5)
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_into_the_cooldown_by_anyone() {
    let computer = Computer::new();
    let (limiter, second) = (computer.open(), computer.open());
    let (reserved, elsewhere) = (slot(&limiter, Lane::Person).await, slot(&second, Lane::TakeAway).await);
    limiter.pause(None).unwrap();

    assert!(is_paused(&at_once(limiter.acquire(Lane::TakeAway, 1)).await.unwrap()));
    assert!(is_paused(&at_once(second.acquire(Lane::TakeAway, 1)).await.unwrap()));
    assert!(is_paused(&reserved.sent(TIMEOUT)), "reserved before the 429");
    assert!(is_paused(&elsewhere.sent(TIMEOUT)), "reserved by another process");
    assert!(is_paused(&limiter.emergency().sent(TIMEOUT)));
    assert!(about_left(&second, 300, 300));

    drop((limiter, second));
    tokio::time::sleep(seconds(299)).await;
    let reopened = computer.open();
    let Err(LimitError::Paused { remaining }) = reopened.acquire(Lane::TakeAway, 1).await else {
        panic!("sent into the cooldown after a restart of the program");
    };
    tokio::time::sleep(remaining).await;
    assert!(at_once(reopened.acquire(Lane::TakeAway, 1)).await.unwrap().is_ok());
    assert_eq!(status(&reopened).paused_for, None);
}

#[tokio::test(start_paused = true)]
async fn those_who_wait_are_told_at_once() {
    let computer = Computer::new();
    let (limiter, other) = (computer.open_with(1, 1), computer.open_with(1, 1));
    send(&limiter).await.answered();
    let calls = |limiter: &RateLimiter| {
        let limiter = limiter.clone();
        tokio::spawn(async move {
            let wait = || limiter.acquire(Lane::Person, 1);
            timed(futures_util::future::join3(wait(), wait(), wait())).await
        })
    };
    let (here, there) = (calls(&limiter), calls(&other));
    tokio::time::sleep(seconds(10)).await;
    limiter.pause(None).unwrap();
    for (process, longest) in [(here, seconds(10)), (there, seconds(11))] {
        let (waited, (a, b, c)) = process.await.unwrap();
        assert!(is_paused(&a) && is_paused(&b) && is_paused(&c));
        assert!(waited <= longest + Duration::from_millis(50), "{waited:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_longer_retry_after_counts_and_a_later_shorter_one_changes_nothing() {
    let computer = Computer::new();
    let limiter = computer.open();
    limiter.pause(Some(seconds(900))).unwrap();
    limiter.pause(Some(seconds(1))).unwrap();
    assert!(about_left(&limiter, 900, 900));
    limiter.pause(Some(Duration::MAX)).unwrap();
    assert!(about_left(&limiter, 24 * 3600, 24 * 3600), "a day at most");
}

#[tokio::test(start_paused = true)]
async fn a_restart_of_the_computer_does_not_end_it() {
    let computer = Computer::new();
    computer.open().pause(None).unwrap();
    tokio::time::sleep(seconds(100)).await;
    computer.restart();
    // How long the restart took is unknown: what was left at the last write is left.
    assert!(about_left(&computer.open(), 300, 300));
    tokio::time::sleep(seconds(100)).await;
    assert!(about_left(&computer.open(), 200, 300), "written once");
}

#[tokio::test(start_paused = true)]
async fn it_outlives_damage_to_the_slots_and_damage_to_itself() {
    let computer = Computer::new();
    computer.open().pause(None).unwrap();
    let path = computer.file();
    let intact = std::fs::read(&path).unwrap();
    for at in [0, 20, 600, intact.len() - 1] {
        let mut bytes = intact.clone();
        bytes[at] ^= 0x55;
        std::fs::write(&path, bytes).unwrap();
        let limiter = computer.open();
        assert!(is_paused(&limiter.acquire(Lane::TakeAway, 1).await), "byte {at}");
    }
}

#[tokio::test(start_paused = true)]
async fn without_the_file_it_holds_in_this_process_and_is_entered_later() {
    let computer = Computer::new();
    let limiter = computer.open();
    spoil(&computer.file(), true);
    assert!(is_unavailable(&limiter.pause(None)));
    assert!(is_paused(&limiter.emergency().sent(TIMEOUT)));
    let figures = limiter.status();
    assert!(!figures.available && figures.paused_for.is_some(), "{figures:?}");

    spoil(&computer.file(), false);
    assert!(is_paused(&limiter.acquire(Lane::TakeAway, 1).await));
    assert!(is_paused(&computer.open().acquire(Lane::TakeAway, 1).await), "other processes know");
}

#[tokio::test(start_paused = true)]
async fn it_outlives_the_file() {
    let computer = Computer::new();
    let limiter = computer.open();
    limiter.pause(None).unwrap();
    std::fs::remove_file(computer.file()).unwrap();
    assert!(is_paused(&limiter.acquire(Lane::TakeAway, 1).await));
    assert!(is_paused(&computer.open().acquire(Lane::TakeAway, 1).await));
}
