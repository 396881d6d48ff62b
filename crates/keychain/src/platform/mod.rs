//! What differs between the systems, one small file each, all with the same items:
//!
//! - `KIND`: which keychain it is,
//! - `MAX_BYTES`: the largest value it takes,
//! - `store()`: a new connection to it,
//! - `modifiers(label)`: what an entry is made with besides its name,
//! - `ready()`: whether entries can be reached; `true` if something had to be unlocked for that,
//! - `classify(error)`: what the system's own error means.

#[cfg(all(unix, not(target_os = "macos")))]
mod secret_service;
#[cfg(all(unix, not(target_os = "macos")))]
pub(crate) use secret_service::*;

#[cfg(target_os = "macos")]
mod macos;
#[cfg(target_os = "macos")]
pub(crate) use macos::*;

#[cfg(windows)]
mod windows;
#[cfg(windows)]
pub(crate) use windows::*;
