//! A slot's life: when it comes back.

use super::*;

#[tokio::test(start_paused = true)]
async fn an_answer_frees_the_slot_one_window_later() {
    let computer = Computer::new();
    let limiter = computer.open_with(1, 1);
    let request = send(&limiter).await;
    tokio::time::sleep(seconds(2)).await;
    request.answered();
    let (waited, _) = timed(send(&limiter)).await;
    assert!(about(waited, seconds(60)), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_frees_it_after_timeout_grace_and_window() {
    let computer = Computer::new();
    let limiter = computer.open_with(1, 1);
    let request = send(&limiter).await;
    tokio::time::sleep(TIMEOUT).await;
    drop(request);
    let (waited, _) = timed(send(&limiter)).await;
    assert!(about(waited, seconds(40 + 60)), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn what_was_never_sent_is_free_at_once() {
    let computer = Computer::new();
    let limiter = computer.open_with(1, 1);
    drop(slot(&limiter, Lane::Person).await);
    assert_eq!(status(&limiter).used, 0);
    slot(&limiter, Lane::Person).await.sent(TIMEOUT).unwrap().never_sent();
    assert_eq!(status(&limiter).used, 0);
    let mut three = computer.open_with(30, 20).acquire(Lane::Person, 1).await.unwrap();
    assert!(three.take().is_some());
    assert!(three.take().is_none());
}

#[tokio::test(start_paused = true)]
async fn a_step_gives_back_what_it_did_not_need() {
    let computer = Computer::new();
    let limiter = computer.open();
    let mut step = limiter.acquire(Lane::Person, 3).await.unwrap();
    assert_eq!(status(&limiter).used, 3);
    step.take().unwrap().sent(TIMEOUT).unwrap().answered();
    drop(step);
    assert_eq!(status(&limiter).used, 1);
}

#[tokio::test(start_paused = true)]
async fn a_process_that_died_with_a_reservation_does_not_leak_it() {
    let computer = Computer::new();
    kill(computer.open_with(1, 1).acquire(Lane::Person, 1).await.unwrap());
    let limiter = computer.open_with(1, 1);
    assert!(at_once(limiter.acquire(Lane::Person, 1)).await.is_none());
    let (waited, _) = timed(send(&limiter)).await;
    assert!(waited <= seconds(121), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn a_process_that_died_with_a_request_under_way_keeps_its_slot_taken() {
    let computer = Computer::new();
    let dying = computer.open_with(1, 1);
    kill(send(&dying).await);
    kill(dying);
    let (waited, _) = timed(send(&computer.open_with(1, 1))).await;
    assert!(about(waited, seconds(30 + 40 + 60)), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn a_reservation_lives_as_long_as_its_process_looks_at_the_file() {
    let computer = Computer::new();
    let (slow, other) = (computer.open_with(1, 1), computer.open_with(1, 1));
    let held = slot(&slow, Lane::Person).await;
    for _ in 0..10 {
        tokio::time::sleep(seconds(50)).await;
        assert_eq!(status(&slow).used, 1);
    }
    assert!(at_once(other.acquire(Lane::Person, 1)).await.is_none());
    held.sent(TIMEOUT).unwrap().answered();
}

#[tokio::test(start_paused = true)]
async fn a_reservation_that_lapsed_in_sleep_sends_only_if_there_is_room() {
    let computer = Computer::new();
    let (slept, other) = (computer.open_with(1, 1), computer.open_with(1, 1));
    let (first, second) = (slot(&slept, Lane::Person).await, slept.clone());
    tokio::time::sleep(seconds(200)).await;
    first.sent(TIMEOUT).unwrap().answered();
    tokio::time::sleep(seconds(61)).await;

    let lapsing = slot(&second, Lane::Person).await;
    tokio::time::sleep(seconds(200)).await;
    send(&other).await.answered();
    assert!(is_unavailable(&lapsing.sent(TIMEOUT)));
    assert_eq!(status(&other).used, 1);
}

#[tokio::test(start_paused = true)]
async fn a_request_still_under_way_after_a_sleep_takes_its_slot_again() {
    let computer = Computer::new();
    let limiter = computer.open_with(1, 1);
    let request = send(&limiter).await;
    tokio::time::sleep(seconds(1000)).await;
    assert!(at_once(limiter.acquire(Lane::TakeAway, 1)).await.is_none());
    request.answered();
    let (waited, _) = timed(send(&limiter)).await;
    assert!(about(waited, seconds(60)), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_given_up_takes_nothing() {
    let computer = Computer::new();
    let limiter = computer.open_with(2, 2);
    send(&limiter).await.answered();
    let patient = limiter.acquire(Lane::Person, 2);
    assert!(tokio::time::timeout(seconds(10), patient).await.is_err());
    assert_eq!(status(&limiter).waiting, 0);
    // Neither its slots nor its place are left behind, for another process either.
    let other = computer.open_with(2, 2);
    assert!(tokio::time::timeout(seconds(2), other.acquire(Lane::Refresh, 1)).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn the_figures_say_what_is_free_and_when() {
    let computer = Computer::new();
    let limiter = computer.open();
    let mut seen = limiter.watch();
    assert_eq!((status(&limiter).free, status(&limiter).next_free_in), (20, None));
    let request = send(&limiter).await;
    assert!(seen.has_changed().unwrap());
    assert_eq!(seen.borrow_and_update().used, 1);
    request.answered();
    tokio::time::sleep(seconds(20)).await;
    let figures = status(&limiter);
    assert_eq!((figures.limit, figures.share, figures.used, figures.free), (30, 20, 1, 19));
    assert!(about(figures.next_free_in.unwrap(), seconds(40)), "{figures:?}");
    assert!(figures.available && figures.paused_for.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_listener_learns_what_another_process_did() {
    let computer = Computer::new();
    let mut seen = computer.open().watch();
    // The limiter lives as long as someone listens to it only if someone holds it.
    let listening = computer.open();
    let mut heard = listening.watch();
    heard.borrow_and_update();
    kill(send(&computer.open()).await);
    heard.wait_for(|figures| figures.used == 1).await.unwrap();
    assert!(seen.wait_for(|figures| figures.used == 1).await.is_err(), "its limiter is gone");
}
