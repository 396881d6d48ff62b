//! The file that all processes of this computer share: opened, locked, read, changed, written and closed again
//! within some microseconds.
//!
//! Nothing is flushed to the disk: the page cache survives every death of a process, and after a power loss the
//! boot id is another one, so that every slot counts as taken anyway.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::clock::Clock;
use super::image::{self, FILE_LEN, Pause, SLOTS_AT};
use super::ledger::{Ledger, Stamp};
use super::{LimitError, LimitParams, LimitSettings};

/// A lock held elsewhere for longer than this can't be waited for.
pub(super) const PATIENCE: Duration = Duration::from_secs(2);

/// A clock that is read twice may seem to go back by its grain (Windows: 16 ms).
const CLOCK_GRAIN: Duration = Duration::from_secs(1);

/// Where the file is, and what a new or unreadable one is given.
pub(super) struct LimitFile {
    path: PathBuf,
    clock: Arc<dyn Clock>,
    params: LimitParams,
}

/// Why the books can't be kept.
#[derive(Debug)]
pub(super) enum FileError {
    /// Locked by another process, for longer than was to be waited.
    Busy,
    Failed(String),
}

impl From<FileError> for LimitError {
    fn from(error: FileError) -> Self {
        Self::Unavailable(match error {
            FileError::Busy => "its file is locked by another program".to_owned(),
            FileError::Failed(why) => why,
        })
    }
}

impl LimitFile {
    pub(super) fn new(path: PathBuf, clock: Arc<dyn Clock>, params: LimitParams) -> Self {
        Self { path, clock, params }
    }

    /// A file of its own for a limit besides the account's.
    pub(super) fn beside(&self, name: &str) -> Self {
        let path = self.path.with_extension(format!("{name}.limit"));
        Self { path, clock: Arc::clone(&self.clock), params: self.params }
    }

    pub(super) fn now(&self) -> Result<Stamp, FileError> {
        self.clock.now().map_err(failed("the computer's clock can't be read"))
    }

    /// Runs `work` on the books under the lock. They are on file when this returns. `known` is the nonce of the
    /// file as last seen; `own` are the settings for a file that has none.
    pub(super) fn with<T>(
        &self,
        known: &mut Option<u64>,
        own: LimitSettings,
        patience: Duration,
        work: impl FnOnce(&mut Ledger, Stamp) -> T,
    ) -> Result<(T, Ledger), FileError> {
        let mut file = self.open().map_err(failed("its file can't be opened"))?;
        lock(&file, patience)?;
        let mut bytes = Vec::with_capacity(FILE_LEN);
        file.read_to_end(&mut bytes).map_err(failed("its file can't be read"))?;
        let now = self.now()?;
        let (written, mut ledger) = self.load(&bytes, *known, own, now)?;
        ledger.tidy(now);
        let before = written.then(|| ledger.clone());
        let out = work(&mut ledger, now);
        Self::store(&mut file, bytes.len(), before.as_ref(), &mut ledger, now)
            .map_err(failed("its file can't be written"))?;
        *known = Some(ledger.nonce);
        // Closing the file unlocks it.
        Ok((out, ledger))
    }

    fn open(&self) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&self.path).or_else(|error| match (error.kind(), self.path.parent()) {
            (io::ErrorKind::NotFound, Some(dir)) => {
                std::fs::create_dir_all(dir)?;
                options.open(&self.path)
            }
            _ => Err(error),
        })
    }

    /// The books, and whether the file says the same. If not, they must be written.
    fn load(
        &self,
        bytes: &[u8],
        known: Option<u64>,
        own: LimitSettings,
        now: Stamp,
    ) -> Result<(bool, Ledger), FileError> {
        let boot = self.clock.boot_id().map_err(failed("the computer's boot id can't be read"))?;
        if bytes.is_empty() && known.is_none() {
            return Ok((false, Ledger::new(boot, nonce()?, own)));
        }
        let image = image::decode(bytes)
            .map_err(|image::Newer| FileError::Failed("its file belongs to a newer Gatehouse".to_owned()))?;
        let this_boot = |of: [u8; 16], stamp: Stamp| of == boot && stamp <= now + CLOCK_GRAIN;
        let (pause_stands, paused_until) = match image.pause {
            Some(pause) if this_boot(pause.boot, pause.stamp) => (true, pause.until),
            // What was left when it was written is the most that can be left now.
            Some(pause) => (false, now + pause.until.saturating_sub(pause.stamp)),
            // The file is gone, and this process remembers the pause itself.
            None if bytes.is_empty() => (false, Stamp::ZERO),
            // Most likely cut short by the end of a process that had just got a 429.
            None => (false, now + self.params.cooldown),
        };
        let (slots_stand, mut ledger) = match image.ledger {
            Some(read) => {
                let same_file = known.is_none_or(|known| known == read.nonce);
                (same_file && this_boot(read.boot, read.stamp), Ledger { boot, ..read })
            }
            None => (false, Ledger::new(boot, nonce()?, own)),
        };
        ledger.paused_until = paused_until;
        if !slots_stand {
            tracing::warn!("the request limit's past is unknown: every slot counts as taken");
            ledger.take_all(now, &self.params);
        }
        Ok((pause_stands && slots_stand, ledger))
    }

    /// Writes what changed: the pause first, it weighs more. `len` is the file's length.
    fn store(
        file: &mut File,
        len: usize,
        before: Option<&Ledger>,
        ledger: &mut Ledger,
        now: Stamp,
    ) -> io::Result<()> {
        if before == Some(ledger) {
            return Ok(());
        }
        ledger.stamp = now;
        if before.is_none_or(|before| before.paused_until != ledger.paused_until) {
            file.seek(SeekFrom::Start(0))?;
            let pause = Pause { boot: ledger.boot, until: ledger.paused_until, stamp: now };
            file.write_all(&image::encode_pause(&pause))?;
        }
        let mut slots = image::encode_ledger(ledger);
        if len < FILE_LEN {
            // Its room is taken once, so that a full disk can't stop it later.
            slots.resize(FILE_LEN - SLOTS_AT, 0);
        }
        file.seek(SeekFrom::Start(SLOTS_AT as u64))?;
        file.write_all(&slots)
    }
}

/// A file's nonce.
fn nonce() -> Result<u64, FileError> {
    random().map_err(failed("no random number"))
}

pub(super) fn random() -> io::Result<u64> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(u64::from_le_bytes(bytes))
}

fn lock(file: &File, patience: Duration) -> Result<(), FileError> {
    let start = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::Error(error)) => return Err(failed("its file can't be locked")(error)),
            // The systems offer no lock with a deadline; whoever holds it needs microseconds.
            Err(TryLockError::WouldBlock) if start.elapsed() < patience => {
                std::thread::sleep(Duration::from_millis(1));
            }
            Err(TryLockError::WouldBlock) => return Err(FileError::Busy),
        }
    }
}

fn failed(what: &'static str) -> impl Fn(io::Error) -> FileError {
    move |error| FileError::Failed(format!("{what} ({error})"))
}
