//! Windows: `GetTickCount64` counts sleep and hibernation. Windows has no official boot id; its number of starts
//! and the time of the last shutdown stand in. If neither can be read the id is all zero, and a restart is still
//! noticed by the clock having gone back.

use std::io;
use std::time::Duration;

use winsafe::{GetTickCount64, HKEY, RegistryValue, co};

pub(super) fn now() -> io::Result<Duration> {
    Ok(Duration::from_millis(GetTickCount64()))
}

// The signature is the same on every system.
#[allow(clippy::unnecessary_wraps)]
pub(super) fn boot_id() -> io::Result<[u8; 16]> {
    const STARTS: &str =
        r"SYSTEM\CurrentControlSet\Control\Session Manager\Memory Management\PrefetchParameters";
    const SHUTDOWN: &str = r"SYSTEM\CurrentControlSet\Control\Windows";
    let read = |key, name| HKEY::LOCAL_MACHINE.RegGetValue(Some(key), Some(name), co::RRF::RT_ANY).ok();
    let mut id = [0; 16];
    if let Some(RegistryValue::Dword(starts)) = read(STARTS, "BootId") {
        id[..4].copy_from_slice(&starts.to_le_bytes());
    }
    if let Some(RegistryValue::Binary(time)) = read(SHUTDOWN, "ShutdownTime") {
        for (to, from) in id[8..].iter_mut().zip(time) {
            *to = from;
        }
    }
    Ok(id)
}
