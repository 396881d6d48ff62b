//! macOS: `CLOCK_MONOTONIC_RAW` goes on during sleep and, unlike `CLOCK_MONOTONIC` there, is not derived from
//! the time of day.

use std::io;
use std::time::Duration;

use nix::time::{ClockId, clock_gettime};
use sysctl::Sysctl as _;

pub(super) fn now() -> io::Result<Duration> {
    let clock = ClockId::from_raw(nix::libc::CLOCK_MONOTONIC_RAW);
    Ok(Duration::from(clock_gettime(clock).map_err(io::Error::from)?))
}

pub(super) fn boot_id() -> io::Result<[u8; 16]> {
    let read = sysctl::Ctl::new("kern.bootsessionuuid").and_then(|ctl| ctl.value_string());
    super::parse_uuid(&read.map_err(io::Error::other)?)
}
