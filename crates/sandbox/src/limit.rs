//! The request limit: how many arrivals a sliding window holds, and the cooldown for going over.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Counts arrivals. A refused arrival is not counted itself, and does not lengthen the cooldown (assumed).
#[derive(Debug)]
pub(crate) struct Limit {
    most: usize,
    window: Duration,
    cooldown: Duration,
    arrivals: VecDeque<Instant>,
    refused_until: Option<Instant>,
}

impl Limit {
    pub(crate) fn new(limit: u32, window: Duration, cooldown: Duration) -> Self {
        let most = usize::try_from(limit).unwrap_or(usize::MAX);
        Self { most, window, cooldown, arrivals: VecDeque::new(), refused_until: None }
    }

    /// Whether the arrival at `now` is let in.
    pub(crate) fn arrive(&mut self, now: Instant) -> bool {
        if self.refused_until.is_some_and(|until| now < until) {
            return false;
        }
        while self.arrivals.front().is_some_and(|&a| now.saturating_duration_since(a) >= self.window) {
            self.arrivals.pop_front();
        }
        if self.arrivals.len() >= self.most {
            self.refused_until = now.checked_add(self.cooldown);
            return false;
        }
        self.arrivals.push_back(now);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn the_window_slides_and_does_not_reset_at_a_fixed_instant() {
        let start = Instant::now();
        let mut limit = Limit::new(2, 60 * SECOND, Duration::ZERO);
        assert!(limit.arrive(start));
        assert!(limit.arrive(start + 50 * SECOND));
        assert!(!limit.arrive(start + 59 * SECOND));
        assert!(limit.arrive(start + 60 * SECOND), "the first arrival has just left the window");
        assert!(!limit.arrive(start + 61 * SECOND), "the second one is still in it");
    }

    #[test]
    fn going_over_refuses_everything_until_the_cooldown_ends() {
        let start = Instant::now();
        let mut limit = Limit::new(1, SECOND, 300 * SECOND);
        assert!(limit.arrive(start));
        assert!(!limit.arrive(start));
        assert!(!limit.arrive(start + 299 * SECOND), "the window has long passed, the cooldown has not");
        assert!(limit.arrive(start + 300 * SECOND), "arrivals in the cooldown did not lengthen it");
    }
}
