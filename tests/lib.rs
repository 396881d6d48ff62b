//! Shared helpers of the whole-system tests.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::missing_panics_doc)] // Tests: a failure here is the test's failure.

#[cfg(unix)]
pub mod desktop;
pub mod worker;
