//! The whole limiter, several processes at once, against every instant at which the server may count.

use super::books::{Span, worst_window};
use super::*;
use proptest::prelude::*;

/// Setting the wall clock can't matter to code that never reads it.
#[test]
fn the_wall_clock_is_read_nowhere() {
    let module = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rate_limit");
    let mut files = 0;
    for dir in [module.join("clock"), module] {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                let source = std::fs::read_to_string(&path).unwrap();
                for clock in ["SystemTime", "UNIX_EPOCH", "jiff", "Realtime", "modified()"] {
                    assert!(!source.contains(clock), "{clock} in {}", path.display());
                }
                files += 1;
            }
        }
    }
    assert!(files >= 10, "the sources were not found");
}

#[derive(Debug, Clone, Copy)]
enum Fate {
    Answered,
    /// Given up on at the timeout, or a reset connection.
    Lost,
    NeverSent,
    /// The caller changes its mind: before it has its slots, or with them in hand.
    Dropped,
    /// Its process dies with it: nothing of it is told to the file.
    Killed,
}

#[derive(Debug, Clone, Copy)]
struct Call {
    process: usize,
    start: u64,
    lane: usize,
    count: u32,
    latency: u64,
    fate: Fate,
}

fn calls() -> impl Strategy<Value = Vec<Call>> {
    let fate = prop_oneof![
        12 => Just(Fate::Answered),
        1 => Just(Fate::Lost),
        1 => Just(Fate::NeverSent),
        1 => Just(Fate::Dropped),
        1 => Just(Fate::Killed),
    ];
    let call = (0..3_usize, 0..100_000_u64, 0..3_usize, 1..4_u32, 0..2000_u64, fate);
    let call = call.prop_map(|(process, start, lane, count, latency, fate)| Call {
        process,
        start,
        lane,
        count,
        latency,
        fate,
    });
    proptest::collection::vec(call, 1..60)
}

async fn perform(call: Call, limiter: RateLimiter, clock: Arc<PausedClock>) -> Vec<Span> {
    tokio::time::sleep(Duration::from_millis(call.start)).await;
    let mut spans = Vec::new();
    let wanted = limiter.acquire(Lane::ALL[call.lane], call.count);
    let reserved = if matches!(call.fate, Fate::Dropped) {
        tokio::time::timeout(Duration::from_millis(call.latency * 20), wanted).await.ok()
    } else {
        Some(wanted.await)
    };
    let Some(mut reservation) = reserved.map(Result::unwrap) else { return spans };
    while let Some(slot) = reservation.take() {
        if matches!(call.fate, Fate::Dropped) {
            return spans;
        }
        let sent = clock.now().unwrap();
        let request = slot.sent(TIMEOUT).unwrap();
        let lost = Span { sent, counted_by: sent + TIMEOUT + LimitParams::default().grace };
        match call.fate {
            Fate::NeverSent => request.never_sent(),
            Fate::Answered => {
                tokio::time::sleep(Duration::from_millis(call.latency)).await;
                spans.push(Span { sent, counted_by: clock.now().unwrap() });
                request.answered();
            }
            Fate::Lost => {
                tokio::time::sleep(Duration::from_millis(call.latency)).await;
                spans.push(lost);
                drop(request);
            }
            Fate::Killed | Fate::Dropped => {
                spans.push(lost);
                kill(request);
                kill(reservation);
                return spans;
            }
        }
    }
    spans
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn no_window_holds_more_than_the_share(share in 3..=12_u32, calls in calls()) {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let computer = Computer::new();
            let processes = [(); 3].map(|()| computer.open_with(30, share));
            let mut running = tokio::task::JoinSet::new();
            for call in calls {
                let limiter = match call.fate {
                    // A process of its own, so that its death takes nobody along.
                    Fate::Killed => computer.open_with(30, share),
                    _ => processes[call.process].clone(),
                };
                running.spawn(perform(call, limiter, Arc::clone(&computer.clock)));
            }
            let spans: Vec<Span> = running.join_all().await.into_iter().flatten().collect();
            let worst = worst_window(&spans, LimitParams::default().window);
            prop_assert!(worst <= share as usize, "{worst} of {share}");
            tokio::time::sleep(seconds(131)).await;
            prop_assert_eq!(status(&processes[0]).used, 0);
            Ok(())
        })?;
    }
}
