//! Shared helpers of the whole-system tests.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::missing_panics_doc)] // Tests: a failure here is the test's failure.

pub mod between;
#[cfg(target_os = "linux")]
pub mod desktop;
pub mod receiver;
pub mod search;
#[cfg(target_os = "linux")]
pub mod worker;
