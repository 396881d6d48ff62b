//! The server's rule, and what is drawn for a call: how long its answer takes, when it is counted.

use std::time::Duration;

use planradar::rate_limit::LimitParams;

/// Requests per window.
pub const LIMIT: u32 = 30;
/// Of a hundred calls, those that are never answered: counted up to a grace after the client gave up.
const LOST_PER_CENT: u32 = 2;

/// The times of a run: the real ones, or all of them shortened by one factor.
#[derive(Clone, Copy)]
pub struct Times {
    /// The limiter's.
    pub params: LimitParams,
    /// When the client gives up on an answer.
    pub timeout: Duration,
    /// The longest that an answer takes.
    pub latency: Duration,
}

impl Times {
    /// The real ones, divided by `factor`.
    pub fn shortened(factor: u32) -> Self {
        let real = LimitParams::default();
        Self {
            params: LimitParams {
                window: real.window / factor,
                cooldown: real.cooldown / factor,
                grace: real.grace / factor,
            },
            timeout: Duration::from_secs(30) / factor,
            latency: Duration::from_secs(2) / factor,
        }
    }

    /// After its send, the last moment at which a call that is not answered may be counted.
    pub fn counted_by(&self) -> Duration {
        self.timeout + self.params.grace
    }
}

/// What becomes of a call, all times from its send.
#[derive(Clone, Copy)]
pub struct Fate {
    /// `None`: it is never answered.
    pub answer: Option<Duration>,
    /// When the server counts it.
    pub counted: Duration,
}

impl Fate {
    pub fn draw(rng: &mut fastrand::Rng, times: &Times) -> Self {
        let answer = (rng.u32(0..100) >= LOST_PER_CENT).then(|| times.latency.mul_f64(rng.f64()));
        let counted = answer.unwrap_or_else(|| times.counted_by()).mul_f64(rng.f64());
        Self { answer, counted }
    }

    /// When the caller is done with it.
    pub fn done(&self, times: &Times) -> Duration {
        self.answer.unwrap_or(times.timeout)
    }

    /// The last moment at which it may be counted, for all that a caller can know.
    pub fn counted_by(&self, times: &Times) -> Duration {
        self.answer.unwrap_or_else(|| times.counted_by())
    }
}

/// The fullest window of the instants at which requests were counted, both ends included.
pub fn worst_window(mut counted: Vec<Duration>, window: Duration) -> usize {
    counted.sort_unstable();
    let mut first = 0;
    let in_window = counted.iter().enumerate().map(|(last, at)| {
        while counted[first] + window < *at {
            first += 1;
        }
        last - first + 1
    });
    in_window.max().unwrap_or(0)
}
