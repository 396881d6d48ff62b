//! How others limit themselves, and the oracle: when each sends a backlog.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock as _, FakeRelativeClock};
use governor::{Quota, RateLimiter};

use crate::rule::{Fate, LIMIT, Times};

/// The generic cell rate algorithm, as the `governor` crate does it: 30 a minute, in bursts of up to 30.
pub fn gcra(calls: usize, times: &Times) -> Vec<Duration> {
    let clock = FakeRelativeClock::default();
    let burst = NonZeroU32::MIN.saturating_add(LIMIT - 1);
    let quota = Quota::with_period(times.params.window / LIMIT).map(|quota| quota.allow_burst(burst));
    let Some(quota) = quota else { return Vec::new() };
    let limiter = RateLimiter::direct_with_clock(quota, clock.clone());
    let mut now = Duration::ZERO;
    let send = || loop {
        match limiter.check() {
            Ok(()) => return now,
            Err(not_until) => {
                let wait = not_until.wait_time_from(clock.now());
                clock.advance(wait);
                now += wait;
            }
        }
    };
    std::iter::repeat_with(send).take(calls).collect()
}

/// 30 in each minute of the clock; the backlog begins at a random moment of one.
pub fn fixed_window(calls: usize, times: &Times, rng: &mut fastrand::Rng) -> Vec<Duration> {
    let window = times.params.window;
    let into = window.mul_f64(rng.f64());
    let minute = |call: usize| u32::try_from(call).map_or(0, |call| call / LIMIT);
    (0..calls).map(|call| (window * minute(call)).saturating_sub(into)).collect()
}

/// 30 in any 60 s, counted from the send.
pub fn sliding_from_send(calls: usize, times: &Times) -> Vec<Duration> {
    let minute = |call: usize| u32::try_from(call).map_or(0, |call| call / LIMIT);
    (0..calls).map(|call| times.params.window * minute(call)).collect()
}

/// When a backlog is done by a sender that knows in advance each call's latency and which calls are never
/// answered, but like every client not the instant at which the server counts. It sends the calls in the given
/// order, each as early as it is certain that no window exceeds the limit: when fewer than 30 earlier calls may
/// still be counted within the last window. Sending a call later never lets another one go earlier, so for this
/// order nobody with this knowledge is done sooner.
pub fn oracle(fates: &[Fate], times: &Times) -> Duration {
    let mut free = vec![Duration::ZERO; LIMIT as usize];
    let mut done = Duration::ZERO;
    for fate in fates {
        let Some(slot) = free.iter_mut().min() else { break };
        let sent = *slot;
        *slot = sent + fate.counted_by(times) + times.params.window;
        done = done.max(sent + fate.done(times));
    }
    done
}

/// Before this nobody is done, whatever they know: the last of n calls is counted (n − 1) ÷ 30 whole windows
/// after the first at the earliest.
pub fn bound(calls: usize, times: &Times) -> Duration {
    times.params.window * u32::try_from(calls.saturating_sub(1)).map_or(0, |calls| calls / LIMIT)
}
