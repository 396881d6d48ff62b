//! The file can't be trusted, or can't be used.

use super::*;
use std::fs::{self, File};

/// Everything counts as taken, for grace + window from now, and that is written once.
async fn assert_all_taken(computer: &Computer, limiter: &RateLimiter) {
    let figures = status(limiter);
    assert_eq!((figures.used, figures.free), (30, 0), "{figures:?}");
    tokio::time::sleep(seconds(50)).await;
    assert_eq!(status(&computer.open()).used, 30);
    let (waited, _) = timed(send(limiter)).await;
    assert!(about(waited + seconds(50), seconds(100)), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn a_new_file_is_all_free() {
    let computer = Computer::new();
    assert_eq!(all_at_once(&computer.open(), Lane::TakeAway).await.len(), 20);
}

#[tokio::test(start_paused = true)]
async fn after_a_restart_of_the_computer_every_slot_counts_as_taken() {
    let computer = Computer::new();
    drop(computer.open());
    computer.restart();
    assert_all_taken(&computer, &computer.open()).await;
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_went_back_is_another_start() {
    let computer = Computer::new();
    tokio::time::sleep(seconds(500)).await;
    send(&computer.open()).await.answered();
    *locked(&computer.clock.start) = (seconds(1000), Instant::now());
    assert_all_taken(&computer, &computer.open()).await;
}

#[tokio::test(start_paused = true)]
async fn an_unreadable_file_counts_as_all_taken() {
    for damage in [
        (|bytes| bytes.truncate(100)) as fn(&mut Vec<u8>),
        |bytes| bytes.fill(0),
        |bytes| bytes[540] ^= 1,
        |bytes| bytes.truncate(570),
    ] {
        let computer = Computer::new();
        drop(computer.open());
        let mut bytes = fs::read(computer.file()).unwrap();
        damage(&mut bytes);
        let pause_lost = bytes.len() < 44 || bytes[0] == 0;
        fs::write(computer.file(), bytes).unwrap();
        let limiter = computer.open();
        if pause_lost {
            // Whether the account is paused isn't known either.
            assert!(is_paused(&limiter.acquire(Lane::TakeAway, 1).await));
            tokio::time::sleep(seconds(302)).await;
            assert_eq!(status(&limiter).used, 0);
        } else {
            assert_all_taken(&computer, &limiter).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_file_that_was_removed_or_replaced_under_a_process_counts_as_all_taken() {
    let computer = Computer::new();
    let limiter = computer.open();
    send(&limiter).await.answered();
    fs::remove_file(computer.file()).unwrap();
    assert_all_taken(&computer, &limiter).await;

    let limiter = computer.open();
    fs::remove_file(computer.file()).unwrap();
    let newcomer = computer.open();
    assert_eq!(status(&newcomer).used, 0, "it can't know");
    assert_eq!(status(&limiter).used, 30, "who does know says so");
    assert_eq!(status(&newcomer).used, 30);
}

#[tokio::test(start_paused = true)]
async fn a_file_of_a_newer_version_is_left_alone() {
    let computer = Computer::new();
    drop(computer.open());
    spoil(&computer.file(), true);
    let bytes = fs::read(computer.file()).unwrap();
    let limiter = computer.open();
    assert!(is_unavailable(&limiter.acquire(Lane::TakeAway, 1).await));
    assert_eq!(fs::read(computer.file()).unwrap(), bytes);
}

#[tokio::test(start_paused = true)]
async fn without_a_usable_file_only_emergencies_are_sent_and_the_file_learns_of_them() {
    let computer = Computer::new();
    let limiter = computer.open_with(30, 3);
    send(&limiter).await.answered();
    assert_eq!(status(&limiter).used, 1);
    spoil(&computer.file(), true);

    assert!(is_unavailable(&limiter.acquire(Lane::TakeAway, 1).await));
    assert!(!limiter.status().available);
    let first = limiter.emergency().sent(TIMEOUT).unwrap();
    let _second = limiter.emergency().sent(TIMEOUT).unwrap();
    first.answered();
    assert!(is_unavailable(&limiter.emergency().sent(TIMEOUT)), "beyond the share: one before, two now");

    spoil(&computer.file(), false);
    let figures = status(&limiter);
    assert!(figures.available);
    assert_eq!(figures.used, 3);
    assert_eq!(status(&computer.open()).used, 3);
    // The file works: an emergency pays like everyone.
    assert!(is_unavailable(&limiter.emergency().sent(TIMEOUT)));
    assert_eq!(status(&limiter).used, 3);
}

#[tokio::test(start_paused = true)]
async fn a_file_locked_by_someone_else_is_waited_for_but_not_for_long() {
    let computer = Computer::new();
    let limiter = computer.open();
    let reserved = slot(&limiter, Lane::Person).await;
    let held = File::open(computer.file()).unwrap();
    held.lock().unwrap();
    let started = std::time::Instant::now();
    assert!(is_unavailable(&limiter.acquire(Lane::Person, 1).await));
    assert!(started.elapsed() >= Duration::from_secs(2));
    // Neither of these waits.
    drop(reserved);
    assert_eq!((limiter.status().used, limiter.status().available), (1, false));
    drop(held);
    let figures = status(&limiter);
    assert_eq!((figures.used, figures.available), (0, true), "the slot was given back after all");
}

#[tokio::test(start_paused = true)]
async fn no_folder_at_all() {
    let computer = Computer::new();
    let limiter = computer.open();
    fs::remove_dir_all(computer.dir()).unwrap();
    // Made anew; but what was in it isn't known any more.
    assert_eq!(status(&limiter).used, 30);
    fs::remove_dir_all(computer.dir()).unwrap();
    fs::write(computer.dir(), "in the way").unwrap();
    assert!(is_unavailable(&limiter.acquire(Lane::Person, 1).await));
}
