//! The operating system's keychain behind core's [`SecretStore`]: the Secret Service on Linux and
//! other Unix, Keychain on macOS, Credential Manager on Windows.
//!
//! Calls run on a worker thread, one after the other, and may take as long as a person needs for a
//! password prompt. A call that is stuck does not hold up those after it. A keychain that was absent
//! is looked for anew at every call, so "try again" works without a restart.

mod backend;
mod error;
mod name;
mod platform;
mod pool;

use std::time::Duration;

use async_trait::async_trait;
use gatehouse_core::ports::{KeychainKind, SecretId, SecretStore, SecretStoreError};
use secrecy::SecretString;

use backend::Backend;
use pool::Pool;

/// After this long a call counts as stuck, and those after it get a worker of their own. Long enough
/// that an ordinary call never does; a person at a password prompt may well be slower.
const STUCK_AFTER: Duration = Duration::from_secs(5);

/// The keychain of this system. Making one does nothing yet: the first call does.
pub struct OsKeychain {
    pool: Pool<Backend>,
}

impl OsKeychain {
    /// The keychain of the person who runs the program.
    #[must_use]
    pub fn new() -> Self {
        Self { pool: Pool::new(STUCK_AFTER, Backend::default) }
    }

    async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Backend) -> Result<T, SecretStoreError> + Send + 'static,
    ) -> Result<T, SecretStoreError> {
        match self.pool.run(job).await {
            Ok(result) => result,
            Err(lost) => Err(SecretStoreError::Failed(lost.to_string())),
        }
    }
}

impl Default for OsKeychain {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl SecretStore for OsKeychain {
    fn kind(&self) -> KeychainKind {
        platform::KIND
    }

    async fn probe(&self) -> Result<(), SecretStoreError> {
        self.run(Backend::probe).await
    }

    async fn put(&self, id: &SecretId, value: SecretString) -> Result<(), SecretStoreError> {
        let id = id.clone();
        self.run(move |backend| backend.put(&id, &value)).await
    }

    async fn get(&self, id: &SecretId) -> Result<SecretString, SecretStoreError> {
        let id = id.clone();
        self.run(move |backend| backend.get(&id)).await
    }

    async fn delete(&self, id: &SecretId) -> Result<(), SecretStoreError> {
        let id = id.clone();
        self.run(move |backend| backend.delete(&id)).await
    }
}
