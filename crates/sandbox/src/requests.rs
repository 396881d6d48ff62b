//! What arrived, for tests that count.

use std::time::Instant;

use axum::http::Method;

/// How many arrivals are remembered; older ones are forgotten, so that a sandbox can run for weeks.
const REMEMBERED: usize = 10_000;

/// One request that reached the sandbox and passed the check of Host and Origin.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// The route's name, such as `tokens.create`; `None` when no route fits.
    pub route: Option<&'static str>,
    /// The method as it was sent.
    pub method: Method,
    /// When its head had been read.
    pub at: Instant,
    /// Whether the account's limit, or the route's own, refused it with 429.
    pub refused_by_limit: bool,
}

/// The latest arrivals, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Requests(Vec<Arrival>);

impl Requests {
    pub(crate) fn push(&mut self, arrival: Arrival) {
        if self.0.len() == REMEMBERED {
            self.0.drain(..REMEMBERED / 2);
        }
        self.0.push(arrival);
    }

    /// All arrivals that are remembered (the latest 5,000 at least).
    #[must_use]
    pub fn all(&self) -> &[Arrival] {
        &self.0
    }

    /// How many arrived for a route.
    #[must_use]
    pub fn count(&self, route: &str) -> usize {
        self.0.iter().filter(|arrival| arrival.route == Some(route)).count()
    }

    /// How many a limit refused.
    #[must_use]
    pub fn refused_by_limit(&self) -> usize {
        self.0.iter().filter(|arrival| arrival.refused_by_limit).count()
    }
}
