//! The limiter on a paused clock.
