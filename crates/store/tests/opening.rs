//! Opening real files: fresh, shared, damaged, newer, wiped.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Barrier;

use common::{account, at};
use gatehouse_store::{OpenNotice, Operation, OperationState, Store, StoreError};
use rusqlite::Connection;
use serde_json::json;
use tempfile::TempDir;

fn place() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data").join("gatehouse.db");
    (folder, path)
}

fn open(path: &Path) -> Store {
    let opened = Store::open(path).unwrap();
    assert_eq!(opened.notice, None);
    opened.store
}

fn files(path: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(path.parent().unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn what_was_written_is_there_after_a_restart() {
    let (_folder, path) = place();
    open(&path).add_account(&account("a")).unwrap();
    assert_eq!(open(&path).accounts().unwrap(), [account("a")]);
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let (_folder, path) = place();
    let store = open(&path);
    store.add_account(&account("a")).unwrap();
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    for name in files(&path) {
        let entry = path.with_file_name(&name);
        let wanted = if entry.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode(&entry), wanted, "{name}");
    }
    assert!(files(&path).contains(&"gatehouse.db-wal".to_owned()), "{:?}", files(&path));
    drop(store);
    // A file that a backup restored with wide permissions is tightened again.
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    drop(open(&path));
    assert_eq!(mode(&path), 0o600);
}

#[test]
fn two_programs_share_the_file() {
    let (_folder, path) = place();
    let (app, cli) = (open(&path), open(&path));
    app.add_account(&account("a")).unwrap();
    assert_eq!(cli.account("a").unwrap(), Some(account("a")));
    cli.change_account("a", |account| account.label = "Renamed".into()).unwrap();
    app.change_account("a", |account| account.share = 5).unwrap();
    let both = cli.account("a").unwrap().unwrap();
    assert_eq!((both.label.as_str(), both.share), ("Renamed", 5));
}

#[test]
fn an_operation_is_moved_by_one_program_only() {
    let (_folder, path) = place();
    open(&path).add_account(&account("a")).unwrap();
    let operation = Operation::planned("a", "token_create", "CI", json!({}), at(1));
    open(&path).insert_operation(&operation).unwrap();
    let (count, start) = (8, Barrier::new(8));
    let moved = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..count)
            .map(|_| {
                scope.spawn(|| {
                    let store = open(&path);
                    start.wait();
                    store.advance_operation(
                        &operation.id,
                        OperationState::Planned,
                        OperationState::Sent,
                        &serde_json::Map::new(),
                        at(2),
                    )
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    assert_eq!(moved.iter().filter(|result| result.is_ok()).count(), 1, "{moved:?}");
    for result in moved {
        let changed =
            matches!(result, Ok(_) | Err(StoreError::StateChanged { found: OperationState::Sent, .. }));
        assert!(changed, "{result:?}");
    }
}

#[test]
fn many_may_start_at_once() {
    let (_folder, path) = place();
    let start = Barrier::new(8);
    std::thread::scope(|scope| {
        for number in 0..8 {
            let (path, start) = (&path, &start);
            scope.spawn(move || {
                start.wait();
                open(path).add_account(&account(&number.to_string())).unwrap();
            });
        }
    });
    assert_eq!(open(&path).accounts().unwrap().len(), 8);
}

/// A database of several pages, closed.
fn filled(path: &Path) {
    let store = open(path);
    store.add_account(&account("a")).unwrap();
    for key in 0..200 {
        store.cache("a", &format!("key/{key}"), &"x".repeat(500), at(1)).unwrap();
    }
}

fn assert_kept_aside(path: &Path, content: &[u8]) {
    let opened = Store::open(path).unwrap();
    let Some(OpenNotice::DamagedKeptAside { path: aside }) = opened.notice else {
        panic!("nothing was said of the damage");
    };
    assert_eq!(aside.parent(), path.parent());
    let name = aside.file_name().unwrap().to_str().unwrap();
    assert!(name.starts_with("gatehouse.damaged-") && aside.extension().unwrap() == "db", "{name}");
    assert_eq!(fs::read(&aside).unwrap(), content);
    assert_eq!(opened.store.accounts().unwrap(), []);
    opened.store.add_account(&account("b")).unwrap();
    drop(opened.store);
    assert_eq!(open(path).accounts().unwrap(), [account("b")]);
}

#[test]
fn a_file_that_is_no_database_is_kept_aside() {
    let (_folder, path) = place();
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let content = "not a database, ".repeat(1000);
    fs::write(&path, &content).unwrap();
    assert_kept_aside(&path, content.as_bytes());
}

#[test]
fn a_file_with_broken_pages_is_kept_aside() {
    let (_folder, path) = place();
    filled(&path);
    let mut content = fs::read(&path).unwrap();
    let middle = content.len() / 2;
    content[middle..middle + 20_000].fill(0xA5);
    fs::write(&path, &content).unwrap();
    assert_kept_aside(&path, &content);
}

#[test]
fn a_file_cut_short_is_kept_aside() {
    let (_folder, path) = place();
    filled(&path);
    let content = fs::read(&path).unwrap();
    let content = &content[..content.len() / 2];
    fs::write(&path, content).unwrap();
    assert_kept_aside(&path, content);
}

#[test]
fn the_log_of_a_damaged_file_goes_with_it() {
    let (_folder, path) = place();
    filled(&path);
    fs::write(&path, b"overwritten by something else, at least one page long".repeat(100)).unwrap();
    fs::write(path.with_extension("db-wal"), "log").unwrap();
    let opened = Store::open(&path).unwrap();
    let Some(OpenNotice::DamagedKeptAside { path: aside }) = opened.notice else {
        panic!("nothing was said of the damage");
    };
    assert_eq!(fs::read(aside.with_extension("db-wal")).unwrap(), b"log");
}

#[test]
fn a_second_damage_does_not_overwrite_the_first() {
    let (_folder, path) = place();
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    for content in ["first", "second"] {
        fs::write(&path, content.repeat(1000)).unwrap();
        Store::open(&path).unwrap();
    }
    let names = files(&path);
    let kept = names.iter().filter(|name| name.starts_with("gatehouse.damaged-"));
    assert_eq!(kept.count(), 2, "{names:?}");
}

#[test]
fn of_several_that_meet_the_damage_one_moves_it() {
    let (_folder, path) = place();
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, "damaged".repeat(1000)).unwrap();
    let start = Barrier::new(6);
    let notices = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..6)
            .map(|number| {
                let (path, start) = (&path, &start);
                scope.spawn(move || {
                    start.wait();
                    let opened = Store::open(path).unwrap();
                    opened.store.add_account(&account(&number.to_string())).unwrap();
                    opened.notice
                })
            })
            .collect();
        threads.into_iter().filter_map(|thread| thread.join().unwrap()).count()
    });
    assert_eq!(notices, 1);
    assert_eq!(open(&path).accounts().unwrap().len(), 6);
}

#[test]
fn a_newer_file_is_left_as_it_is() {
    let (_folder, path) = place();
    filled(&path);
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 999).unwrap();
    let before = fs::read(&path).unwrap();
    let error = Store::open(&path).unwrap_err();
    assert!(matches!(error, StoreError::Newer { found: 999, known } if known < 999), "{error}");
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn a_newer_file_with_a_log_is_left_as_it_is() {
    let (_folder, path) = place();
    filled(&path);
    let newer = Connection::open(&path).unwrap();
    newer.pragma_update(None, "user_version", 999).unwrap();
    // As after a crash of the newer program: its version stands in the log only.
    let crashed = path.with_file_name("crashed.db");
    let log = |path: &Path| path.with_extension("db-wal");
    fs::copy(&path, &crashed).unwrap();
    fs::copy(log(&path), log(&crashed)).unwrap();
    let before = (fs::read(&crashed).unwrap(), fs::read(log(&crashed)).unwrap());
    assert!(!before.1.is_empty());
    assert!(matches!(Store::open(&crashed), Err(StoreError::Newer { found: 999, .. })));
    assert_eq!((fs::read(&crashed).unwrap(), fs::read(log(&crashed)).unwrap()), before);
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let (folder, _) = place();
    let blocked = folder.path().join("file");
    fs::write(&blocked, "").unwrap();
    let error = Store::open(blocked.join("gatehouse.db")).unwrap_err();
    assert!(error.to_string().contains(blocked.to_str().unwrap()), "{error}");
}

#[test]
fn wiping_leaves_no_file_and_no_row() {
    let (_folder, path) = place();
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, "damaged".repeat(1000)).unwrap();
    let app = Store::open(&path).unwrap().store;
    app.add_account(&account("a")).unwrap();
    fs::write(path.with_file_name("something-else.txt"), "").unwrap();
    #[cfg(unix)]
    {
        // Another program still has it open: it must see nothing.
        let cli = open(&path);
        app.wipe().unwrap();
        assert_eq!(cli.accounts().unwrap(), []);
    }
    #[cfg(not(unix))]
    app.wipe().unwrap();
    assert!(matches!(app.clone().accounts(), Err(StoreError::Closed)));
    let left: Vec<_> = files(&path).into_iter().filter(|name| name.starts_with("gatehouse")).collect();
    assert_eq!(left, Vec::<String>::new());
    assert_eq!(files(&path), ["something-else.txt"]);
    assert_eq!(open(&path).accounts().unwrap(), []);
}
