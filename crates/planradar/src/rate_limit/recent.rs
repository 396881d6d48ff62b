//! How many requests this process sent of late, for a chart. Nothing is decided by it.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use super::queue::locked;

/// How long one bar of the chart is.
pub const BAR: Duration = Duration::from_secs(10);
/// How many bars are kept: ten minutes.
pub const BARS: usize = 60;

/// Counts per [`BAR`], the newest last.
pub(super) struct Recent {
    start: Instant,
    counts: Mutex<VecDeque<(u64, u32)>>,
}

impl Recent {
    pub(super) fn new() -> Self {
        Self { start: Instant::now(), counts: Mutex::default() }
    }

    pub(super) fn count(&self) {
        self.count_at(Instant::now());
    }

    fn count_at(&self, at: Instant) {
        let bar = self.bar(at);
        let mut counts = locked(&self.counts);
        match counts.back_mut().filter(|(of, _)| *of == bar) {
            Some((_, count)) => *count += 1,
            None => counts.push_back((bar, 1)),
        }
        while counts.front().is_some_and(|(of, _)| of + BARS as u64 <= bar) {
            counts.pop_front();
        }
    }

    /// [`BARS`] counts, the oldest first; the last one is still growing.
    pub(super) fn bars(&self) -> Vec<u32> {
        self.bars_at(Instant::now())
    }

    fn bars_at(&self, at: Instant) -> Vec<u32> {
        let now = self.bar(at);
        let mut bars = vec![0; BARS];
        for (of, count) in &*locked(&self.counts) {
            let age = usize::try_from(now.saturating_sub(*of)).unwrap_or(usize::MAX);
            if let Some(bar) = BARS.checked_sub(age + 1).and_then(|place| bars.get_mut(place)) {
                *bar = *count;
            }
        }
        bars
    }

    fn bar(&self, at: Instant) -> u64 {
        at.saturating_duration_since(self.start).as_secs() / BAR.as_secs()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_move_on_and_fall_out() {
        let recent = Recent::new();
        let at = |seconds| recent.start + Duration::from_secs(seconds);
        for seconds in [1, 2, 11, 595] {
            recent.count_at(at(seconds));
        }
        let bars = recent.bars_at(at(599));
        assert_eq!((bars.len(), bars[0], bars[1], bars[59]), (BARS, 2, 1, 1));
        let bars = recent.bars_at(at(605));
        assert_eq!((bars[0], bars[58], bars[59]), (1, 1, 0));
        recent.count_at(at(1_300));
        assert_eq!(recent.bars_at(at(1_300)).iter().sum::<u32>(), 1);
    }
}
