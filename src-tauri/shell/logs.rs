//! Log files in the data folder: what happened, never a secret. Seven days are kept.

use std::path::Path;
use tracing_appender::rolling::{Builder, Rotation};
use tracing_subscriber::EnvFilter;

/// Level and filters, such as `gatehouse=debug`; `info` by default.
const LEVEL: &str = "GATEHOUSE_LOG";

/// Starts logging. Without a writable folder the program goes on without logs.
pub fn start(data_dir: &Path) {
    let folder = data_dir.join("logs");
    // The builder looks for old files first, and complains about a folder that is not there yet.
    if std::fs::create_dir_all(&folder).is_err() {
        return;
    }
    let file = Builder::new()
        .rotation(Rotation::DAILY)
        .filename_prefix("gatehouse")
        .filename_suffix("log")
        .max_log_files(7)
        .build(folder);
    let Ok(file) = file else { return };
    let filter = EnvFilter::try_from_env(LEVEL).unwrap_or_else(|_| EnvFilter::new("info"));
    // A second start in one process (tests) keeps the first subscriber.
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(file).try_init().ok();
}
