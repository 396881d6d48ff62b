//! Why a sandbox could not start, or could not do what its owner asked.

use std::net::SocketAddr;
use std::path::PathBuf;

/// The one error of this crate's library face.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Asked to listen where others could reach it.
    #[error("the sandbox listens on 127.0.0.1 only, not on {0}")]
    NotLoopback(SocketAddr),
    /// The port is taken, or the system refuses it.
    #[error("can't listen on {address}: {source}")]
    Listen {
        /// The address that was asked for.
        address: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// The data folder can't be made or written.
    #[error("can't use the data folder {}: {source}", dir.display())]
    DataDir {
        /// The folder.
        dir: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Another sandbox has this data folder open.
    #[error("another sandbox is using the data folder {}", dir.display())]
    InUse {
        /// The folder.
        dir: PathBuf,
    },
    /// The data folder was written by another version of the sandbox.
    #[error("the data folder holds version {found} of the sandbox's data, this program knows {known}")]
    OtherVersion {
        /// The version of the file.
        found: i64,
        /// The only version this program knows.
        known: i64,
    },
    /// The key that the state's hidden values were encrypted with is gone, or is no key.
    #[error("the key in the data folder {} is missing or damaged: hidden values can't be read without it", dir.display())]
    Key {
        /// The folder.
        dir: PathBuf,
    },
    /// A hidden value can't be encrypted or decrypted.
    #[error("a hidden value can't be encrypted or decrypted")]
    Sealed,
    /// The token prefix would leave too little room for randomness, or is not printable ASCII.
    #[error("a token prefix must be printable ASCII without spaces, at most {longest} characters")]
    TokenPrefix {
        /// The longest prefix there may be.
        longest: usize,
    },
    /// There is no such user in the account.
    #[error("the sandbox has no user {0}")]
    NoSuchUser(String),
    /// There is no such permission.
    #[error("PlanRadar has no permission {0}")]
    NoSuchPermission(String),
    /// SQLite failed, for instance on a damaged file.
    #[error("the sandbox's database failed: {0}")]
    Database(#[from] rusqlite::Error),
    /// The operating system gave no random bytes.
    #[error("the system gives no random bytes: {0}")]
    Random(#[from] getrandom::Error),
}
