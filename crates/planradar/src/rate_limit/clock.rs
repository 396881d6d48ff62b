//! The only clock the limiter knows: time since the computer started, suspend included. The wall clock is not
//! read anywhere in this module, so that setting it changes nothing.

use std::io;
use std::time::Duration;

#[cfg(any(target_os = "linux", target_os = "android"))]
#[path = "clock/linux.rs"]
mod os;
#[cfg(target_os = "macos")]
#[path = "clock/macos.rs"]
mod os;
#[cfg(windows)]
#[path = "clock/windows.rs"]
mod os;

#[cfg(not(any(target_os = "linux", target_os = "android", target_os = "macos", windows)))]
compile_error!("the rate limiter needs a since-boot clock: add one for this system in rate_limit/clock/");

/// Where the limiter's stamps come from.
pub trait Clock: Send + Sync {
    /// Time since the computer started, suspend included. The same for all processes, never set back.
    fn now(&self) -> io::Result<Duration>;
    /// Names this start of the computer: stamps of another boot can't be compared with today's.
    fn boot_id(&self) -> io::Result<[u8; 16]>;
}

/// The operating system's own clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsClock;

impl Clock for OsClock {
    fn now(&self) -> io::Result<Duration> {
        os::now()
    }

    fn boot_id(&self) -> io::Result<[u8; 16]> {
        os::boot_id()
    }
}

/// The 16 bytes of a UUID as the system writes it, with or without dashes.
#[cfg(not(windows))]
fn parse_uuid(text: &str) -> io::Result<[u8; 16]> {
    let digits: String = text.trim().chars().filter(|c| *c != '-').collect();
    let mut id = [0; 16];
    hex::decode_to_slice(digits, &mut id)
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "the system's boot id is not a UUID"))?;
    Ok(id)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]
    use super::*;

    #[test]
    fn the_clock_advances_and_the_boot_id_stays() {
        let first = OsClock.now().unwrap();
        assert!(first > Duration::ZERO);
        assert!(OsClock.now().unwrap() >= first);
        let id = OsClock.boot_id().unwrap();
        assert_ne!(id, [0; 16]);
        assert_eq!(OsClock.boot_id().unwrap(), id);
    }

    #[cfg(not(windows))]
    #[test]
    fn a_boot_id_that_is_no_uuid_is_refused() {
        assert_eq!(parse_uuid("00000000-0000-0000-0000-0000000000ff\n").unwrap()[15], 255);
        assert!(parse_uuid("").is_err());
        assert!(parse_uuid("29ceefa8-9159-47f1-bdf3-1f45a4ce0fd").is_err());
    }
}
