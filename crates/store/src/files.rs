//! The folder, the file, and its companions, readable by their owner only.

use std::fs::{DirBuilder, File, OpenOptions};
use std::path::{Path, PathBuf};

use crate::StoreError;

/// Creates the folder (and those above it) for the owner only. One that is there stays as it is.
pub(crate) fn create_folder(folder: &Path) -> Result<(), StoreError> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    owner_only_folder(&mut builder);
    builder.create(folder).map_err(StoreError::io(folder))
}

/// Opens or creates a file for the owner only, so that what `SQLite` then puts beside it is, too.
pub(crate) fn open_owner_only(path: &Path) -> Result<File, StoreError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    owner_only_file(&mut options);
    let file = options.open(path).map_err(StoreError::io(path))?;
    tighten(&file).map_err(StoreError::io(path))?;
    Ok(file)
}

/// The database file with the ending of a companion: `-wal`, `-shm`, or none.
pub(crate) fn companion(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// All the files of a database.
pub(crate) const ENDINGS: [&str; 3] = ["", "-wal", "-shm"];

/// What the names of damaged databases kept aside begin with: `gatehouse.damaged-`.
pub(crate) fn damaged_prefix(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    format!("{stem}.damaged-")
}

/// The lock that only one opening or wiping process holds at a time.
pub(crate) fn lock_path(path: &Path) -> PathBuf {
    path.with_extension("lock")
}

/// The folder with a file for each program that has the database open.
pub(crate) fn lives_path(path: &Path) -> PathBuf {
    path.with_extension("running")
}

/// Deletes a file; one that isn't there is fine.
pub(crate) fn remove(path: &Path) -> Result<(), StoreError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(StoreError::io(path)(error)),
        _ => Ok(()),
    }
}

#[cfg(unix)]
fn owner_only_folder(builder: &mut DirBuilder) {
    use std::os::unix::fs::DirBuilderExt;
    builder.mode(0o700);
}

#[cfg(unix)]
fn owner_only_file(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(0o600);
}

#[cfg(unix)]
fn tighten(file: &File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let permissions = file.metadata()?.permissions();
    if permissions.mode() & 0o777 == 0o600 {
        return Ok(());
    }
    file.set_permissions(std::fs::Permissions::from_mode(0o600))
}

// On Windows the profile folder, where the data folder lies, is already closed to other users.
#[cfg(not(unix))]
fn owner_only_folder(_: &mut DirBuilder) {}

#[cfg(not(unix))]
fn owner_only_file(_: &mut OpenOptions) {}

#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, reason = "the Unix twin can fail")]
fn tighten(_: &File) -> std::io::Result<()> {
    Ok(())
}
