//! Linux: `CLOCK_BOOTTIME` counts suspend; the kernel draws a boot id at every start.

use std::io;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

pub(super) fn now() -> io::Result<Duration> {
    Duration::try_from(clock_gettime(ClockId::Boottime))
        .map_err(|_| io::Error::other("the since-boot clock is before the start"))
}

pub(super) fn boot_id() -> io::Result<[u8; 16]> {
    super::parse_uuid(&std::fs::read_to_string("/proc/sys/kernel/random/boot_id")?)
}
