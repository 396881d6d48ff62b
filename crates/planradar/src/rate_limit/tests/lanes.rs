//! Who goes first.

use super::*;
use tokio::task::JoinSet;

#[tokio::test(start_paused = true)]
async fn each_lane_leaves_room_for_those_before_it() {
    let computer = Computer::new();
    let (limiter, other) = (computer.open(), computer.open());
    // What one process takes counts for the other's reserves.
    let refreshes = all_at_once(&limiter, Lane::Refresh).await;
    assert_eq!(refreshes.len(), 14);
    assert_eq!(all_at_once(&other, Lane::Refresh).await.len(), 0);
    let persons = all_at_once(&other, Lane::Person).await;
    assert_eq!(persons.len(), 4);
    assert_eq!(all_at_once(&limiter, Lane::Person).await.len(), 0);
    assert_eq!(all_at_once(&limiter, Lane::TakeAway).await.len(), 2);
}

#[test]
fn reserves_shrink_with_the_share() {
    let reserves = |share| Lane::ALL.map(|lane| lane.reserve(share));
    assert_eq!(reserves(30), [0, 2, 6]);
    assert_eq!(reserves(20), [0, 2, 6]);
    assert_eq!(reserves(10), [0, 1, 3]);
    assert_eq!(reserves(3), [0, 0, 0]);
    for share in 1..=super::super::MAX_LIMIT {
        assert!(Lane::ALL.iter().all(|lane| lane.reserve(share) < share));
    }
}

#[tokio::test(start_paused = true)]
async fn what_could_never_be_is_refused_at_once() {
    let computer = Computer::new();
    let limiter = computer.open();
    let refused = limiter.acquire(Lane::Person, 19).await;
    assert_eq!(refused.err(), Some(LimitError::TooMany { count: 19, share: 18 }));
    assert!(limiter.acquire(Lane::Person, 18).await.is_ok());
}

/// Starts a call that says its name when it gets its slots, and holds them until it has.
fn call(
    calls: &mut JoinSet<()>,
    limiter: &RateLimiter,
    lane: Lane,
    count: u32,
    say: impl FnOnce() + Send + 'static,
) {
    let limiter = limiter.clone();
    calls.spawn(async move {
        let mut reservation = limiter.acquire(lane, count).await.unwrap();
        say();
        while let Some(slot) = reservation.take() {
            slot.sent(TIMEOUT).unwrap().answered();
        }
    });
}

#[tokio::test(start_paused = true)]
async fn earlier_lanes_first_and_first_come_first_served_within_one() {
    let computer = Computer::new();
    let limiter = computer.open_with(1, 1);
    send(&limiter).await.answered();
    let (mut calls, order) = (JoinSet::new(), Arc::new(Mutex::new(Vec::new())));
    let mut start = |lane, name| {
        let order = Arc::clone(&order);
        call(&mut calls, &limiter, lane, 1, move || locked(&order).push(name));
    };
    for (lane, name) in [
        (Lane::Refresh, "refresh 1"),
        (Lane::Person, "person 1"),
        (Lane::Refresh, "refresh 2"),
        (Lane::Person, "person 2"),
        (Lane::TakeAway, "take away"),
    ] {
        start(lane, name);
        tokio::task::yield_now().await;
    }
    calls.join_all().await;
    assert_eq!(*locked(&order), ["take away", "person 1", "person 2", "refresh 1", "refresh 2"]);
}

#[tokio::test(start_paused = true)]
async fn a_step_of_many_is_not_starved_by_another_process_of_singles() {
    let computer = Computer::new();
    let (greedy, patient) = (computer.open_with(6, 6), computer.open_with(6, 6));
    let mut singles = JoinSet::new();
    for _ in 0..60 {
        call(&mut singles, &greedy, Lane::Person, 1, || ());
    }
    tokio::time::sleep(seconds(90)).await;
    let (waited, step) = timed(patient.acquire(Lane::Person, 6)).await;
    assert_eq!(step.unwrap().0.len(), 6);
    // Six of the singles were before it at most: one window's worth.
    assert!(waited < seconds(121), "{waited:?}");
    assert!(!singles.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_dead_process_in_the_queue_holds_nobody_up_for_long() {
    let computer = Computer::new();
    let (dying, limiter) = (computer.open_with(2, 2), computer.open_with(2, 2));
    send(&limiter).await.answered();
    let mut waiting = Box::pin(dying.acquire(Lane::TakeAway, 2));
    assert!(at_once(&mut waiting).await.is_none());
    kill(waiting);
    let (waited, _) = timed(limiter.acquire(Lane::Refresh, 1)).await;
    assert!(waited >= seconds(4) && waited < seconds(7), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn two_processes_take_turns() {
    let computer = Computer::new();
    let (crowd, single) = (computer.open_with(1, 1), computer.open_with(1, 1));
    let mut calls = JoinSet::new();
    for _ in 0..20 {
        call(&mut calls, &crowd, Lane::Person, 1, || ());
    }
    tokio::time::sleep(seconds(1)).await;
    let (waited, _) = timed(single.acquire(Lane::Person, 1)).await;
    assert!(waited < seconds(125), "{waited:?}");
}
