//! The books alone, against every instant at which the server may count: thousands of random days.

use super::super::ledger::{Ask, Ledger, Reply};
use super::*;
use proptest::prelude::*;

/// A request, and the span in which the server counts it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    pub(super) sent: Duration,
    pub(super) counted_by: Duration,
}

/// The most requests that a server can count in one window if it chooses the worst instants it may.
pub(super) fn worst_window(spans: &[Span], window: Duration) -> usize {
    let in_window = |end: Duration| {
        let begin = end.saturating_sub(window);
        spans.iter().filter(|span| span.sent <= end && span.counted_by >= begin).count()
    };
    // The fullest window ends with a send.
    spans.iter().map(|span| in_window(span.sent)).max().unwrap_or(0)
}

#[test]
fn the_worst_window_is_found() {
    let span = |sent, counted_by| Span { sent: seconds(sent), counted_by: seconds(counted_by) };
    let spans = [span(0, 1), span(0, 70), span(62, 63), span(63, 64)];
    assert_eq!(worst_window(&spans, seconds(60)), 3);
    assert_eq!(worst_window(&spans[..1], seconds(60)), 1);
    assert_eq!(worst_window(&[span(0, 2), span(62, 63)], seconds(60)), 2, "both ends belong to it");
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Pass { millis: u64 },
    Ask { owner: u64, lane: usize, count: u32 },
    Send { which: usize },
    Answer { which: usize },
    Lose { which: usize },
    GiveBack { which: usize },
    Kill { owner: u64 },
    Forget,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let which = 0..64_usize;
    let step = prop_oneof![
        4 => prop_oneof![0..50_u64, 50..3_000_u64, 3_000..90_000_u64].prop_map(|millis| Step::Pass { millis }),
        8 => (1..4_u64, 0..3_usize, 1..4_u32).prop_map(|(owner, lane, count)| Step::Ask { owner, lane, count }),
        8 => which.clone().prop_map(|which| Step::Send { which }),
        6 => which.clone().prop_map(|which| Step::Answer { which }),
        1 => which.clone().prop_map(|which| Step::Lose { which }),
        1 => which.prop_map(|which| Step::GiveBack { which }),
        1 => (1..4_u64).prop_map(|owner| Step::Kill { owner }),
        1 => Just(Step::Forget),
    ];
    proptest::collection::vec(step, 1..120)
}

struct Day {
    ledger: Ledger,
    now: Duration,
    share: u32,
    drawn: u64,
    /// (owner, ticket)
    reserved: Vec<(u64, u64)>,
    /// (owner, ticket, sent)
    under_way: Vec<(u64, u64, Duration)>,
    spans: Vec<Span>,
}

impl Day {
    fn run(&mut self, step: Step, params: &LimitParams) {
        let lost = TIMEOUT + params.grace;
        self.ledger.tidy(self.now);
        match step {
            Step::Pass { millis } => {
                self.now += Duration::from_millis(millis);
                // Whoever lives looks at the file now and then, and gives up after its timeout.
                let gone = self.now.saturating_sub(TIMEOUT);
                for (_, _, sent) in self.under_way.extract_if(.., |(_, _, sent)| *sent < gone) {
                    self.spans.push(Span { sent, counted_by: sent + lost });
                }
            }
            Step::Ask { owner, lane, count } => {
                let ask = Ask { owner, lane: Lane::ALL[lane], seq: None, count };
                let most = self.share - ask.lane.reserve(self.share);
                let mut tickets = Vec::new();
                let reply = self.ledger.ask(ask, self.share, self.now, params, || {
                    self.drawn += 1;
                    tickets.push(self.drawn);
                    self.drawn
                });
                match reply {
                    Reply::Granted => {
                        assert_eq!(tickets.len(), count as usize);
                        assert!(self.ledger.used(self.now) <= most, "a reserve was used up");
                    }
                    Reply::Wait { at, .. } => {
                        assert!(at > self.now && tickets.is_empty());
                    }
                    Reply::TooMany { .. } => assert!(count > most),
                    Reply::Paused { .. } => unreachable!("never paused here"),
                }
                self.reserved.extend(tickets.into_iter().map(|ticket| (owner, ticket)));
            }
            Step::Send { which } if which < self.reserved.len() => {
                let (owner, ticket) = self.reserved.remove(which);
                let until = self.now + TIMEOUT + params.doubtful();
                if self.ledger.send(ticket, until, self.share, self.now) {
                    self.under_way.push((owner, ticket, self.now));
                }
            }
            Step::Answer { which } if which < self.under_way.len() => {
                let (_, ticket, sent) = self.under_way.remove(which);
                self.ledger.put(ticket, self.now + params.hold());
                self.spans.push(Span { sent, counted_by: self.now });
            }
            Step::Lose { which } if which < self.under_way.len() => {
                let (_, _, sent) = self.under_way.remove(which);
                self.spans.push(Span { sent, counted_by: sent + lost });
            }
            Step::GiveBack { which } if which < self.reserved.len() => {
                self.ledger.give_back(self.reserved.remove(which).1);
            }
            Step::Kill { owner } => {
                self.reserved.retain(|(of, _)| *of != owner);
                for (_, _, sent) in self.under_way.extract_if(.., |(of, _, _)| *of == owner) {
                    self.spans.push(Span { sent, counted_by: sent + lost });
                }
            }
            // The file was damaged; all live tickets are unknown to it.
            Step::Forget => self.ledger.take_all(self.now, params),
            Step::Send { .. } | Step::Answer { .. } | Step::Lose { .. } | Step::GiveBack { .. } => {}
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_server_ever_counts_more_than_the_share(share in 1..=30_u32, steps in steps()) {
        let params = LimitParams::default();
        let settings = LimitSettings { limit: 30, share };
        let mut day = Day {
            ledger: Ledger::new([0; 16], 0, settings),
            now: seconds(1000),
            share,
            drawn: 0,
            reserved: Vec::new(),
            under_way: Vec::new(),
            spans: Vec::new(),
        };
        for step in steps {
            day.run(step, &params);
        }
        let lost = TIMEOUT + params.grace;
        day.spans.extend(day.under_way.iter().map(|(_, _, sent)| Span { sent: *sent, counted_by: *sent + lost }));
        let worst = worst_window(&day.spans, params.window);
        prop_assert!(worst <= share as usize, "{worst} of {share}");
        // And nothing is lost for ever.
        prop_assert_eq!(day.ledger.used(day.now + seconds(131)), 0);
    }
}
