//! Two programs on one database: what belongs to one that runs is left to it, and what one left that has ended is
//! taken over once.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{account, at};
use gatehouse_store::{Kept, KeptToken, Mark, Operation, Origin, Part, Store};
use serde_json::json;
use std::path::Path;

fn open(folder: &Path) -> Store {
    Store::open(folder.join("gatehouse.db")).unwrap().store
}

fn session_token(id: &str) -> KeptToken {
    KeptToken {
        account_id: "a".into(),
        token_id: id.into(),
        name: id.into(),
        origin: Origin::Pasted,
        kept: Kept::Session,
        kept_at: at(1),
        verified_at: None,
    }
}

/// A program that has each thing that can be one's own.
fn with_all(store: Store, name: &str) -> Store {
    store.keep_token(&session_token(name)).unwrap();
    store.insert_operation(&Operation::planned("a", "create_token", name, json!({}), at(1))).unwrap();
    assert!(store.note_secret(&name, at(1)).unwrap());
    store
}

/// What a program that starts takes over.
fn taken(store: &Store) -> [Vec<String>; 3] {
    [
        store.forget_session_tokens().unwrap().into_iter().map(|t| t.token_id).collect(),
        store.take_over_operations().unwrap().into_iter().map(|o| o.subject).collect(),
        store.take_over_secret_notes().unwrap(),
    ]
}

const NOTHING: [Vec<String>; 3] = [Vec::new(), Vec::new(), Vec::new()];

#[test]
fn only_what_ended_programs_left_is_taken_over() {
    let folder = tempfile::tempdir().unwrap();
    let first = open(folder.path());
    first.add_account(&account("a")).unwrap();
    let first = with_all(first, "first");
    let second = open(folder.path());
    assert_eq!(taken(&second), NOTHING, "the first one runs");
    assert_eq!(second.secret_notes::<String>().unwrap(), ["first"]);

    drop(first);
    let third = open(folder.path());
    let of_first = || vec!["first".to_owned()];
    assert_eq!(taken(&third), [of_first(), of_first(), of_first()]);
    assert_eq!(taken(&second), NOTHING, "the third one has it now");
    // The new owner's until it ends.
    drop(third);
    assert_eq!(taken(&second), [vec![], of_first(), of_first()]);
    second.forget_secret_note(&"first").unwrap();
    assert_eq!(second.secret_notes::<String>().unwrap(), Vec::<String>::new());
}

#[test]
fn a_note_is_new_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    assert!(store.note_secret(&"x", at(1)).unwrap());
    assert!(!store.note_secret(&"x", at(2)).unwrap());
    assert_eq!(store.secret_notes::<String>().unwrap(), ["x"]);
}

#[test]
fn files_of_ended_programs_are_tidied_up_and_those_of_others_stay() {
    let folder = tempfile::tempdir().unwrap();
    let running = folder.path().join("gatehouse.running");
    let count = || std::fs::read_dir(&running).map_or(0, Iterator::count);
    let first = open(folder.path());
    // As one leaves it that was killed.
    std::fs::write(running.join("f0a4f2c2-2c43-4a5c-9f0e-3f6f2f3f7b11"), b"").unwrap();
    assert_eq!(count(), 2);
    let second = open(folder.path());
    assert_eq!(count(), 2, "the two that run");
    drop(first);
    assert_eq!(count(), 1);
    drop(second);
    assert!(!running.exists());
}

#[test]
fn in_memory_everything_is_ones_own() {
    let store = Store::in_memory().unwrap();
    store.add_account(&account("a")).unwrap();
    let store = with_all(store, "own");
    let own = || vec!["own".to_owned()];
    assert_eq!(taken(&store), [own(), own(), own()]);
}

#[test]
fn what_another_program_wrote_is_seen_by_its_part() {
    let folder = tempfile::tempdir().unwrap();
    let (ours, other) = (open(folder.path()), open(folder.path()));
    let of = |part, account: &str| Mark { account: (!account.is_empty()).then(|| account.into()), part };
    assert_eq!(ours.changed_elsewhere().unwrap(), [], "the first look");
    ours.add_account(&account("a")).unwrap();
    ours.cache("a", "tokens.list", &[1], at(1)).unwrap();
    assert_eq!(ours.changed_elsewhere().unwrap(), [], "our own");

    let cases: [(&dyn Fn(), Mark); 9] = [
        (&|| other.cache("a", "tokens.list", &[1], at(1)).unwrap(), of(Part::Tokens, "a")),
        (&|| other.keep_token(&session_token("t")).unwrap(), of(Part::Tokens, "a")),
        (&|| other.cache("a", "users.list", &[1], at(1)).unwrap(), of(Part::Users, "a")),
        (&|| other.cache("a", "user_tokens.list/7", &[1], at(1)).unwrap(), of(Part::Users, "a")),
        (&|| other.cache("a", "webhooks.list", &[1], at(1)).unwrap(), of(Part::Webhooks, "a")),
        (&|| other.cache("a", "projects.names", &[1], at(1)).unwrap(), of(Part::Webhooks, "a")),
        (&|| other.cache("a", "connect.status", &[1], at(1)).unwrap(), of(Part::Connect, "a")),
        (&|| drop(other.change_account("a", |a| a.label = "B".into()).unwrap()), of(Part::Account, "a")),
        (
            &|| other.insert_operation(&Operation::planned("a", "x", "y", json!({}), at(1))).unwrap(),
            of(Part::Operations, "a"),
        ),
    ];
    for (write, mark) in cases {
        write();
        assert_eq!(ours.changed_elsewhere().unwrap(), [mark]);
        assert_eq!(ours.changed_elsewhere().unwrap(), []);
    }
    other.change_account("a", |a| a.last_used_at = Some(at(9))).unwrap();
    assert_eq!(ours.changed_elsewhere().unwrap(), [], "no news");
    other.remove_account("a").unwrap();
    assert_eq!(ours.changed_elsewhere().unwrap(), [of(Part::Account, "")]);
}

#[test]
fn an_operation_is_one_running_programs_own() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (open(folder.path()), open(folder.path()));
    first.add_account(&account("a")).unwrap();
    let operation = Operation::planned("a", "grant_api", "", json!({}), at(1));
    first.insert_operation(&operation).unwrap();
    assert!(first.operations_of_others("a").unwrap().is_empty());
    assert!(first.claim_operation(&operation.id).unwrap());
    assert!(second.operations_of_others("a").unwrap().contains(&operation.id));
    assert!(!second.claim_operation(&operation.id).unwrap());
    drop(first);
    assert!(second.operations_of_others("a").unwrap().is_empty());
    assert!(second.claim_operation(&operation.id).unwrap());
    let third = open(folder.path());
    assert!(third.operations_of_others("a").unwrap().contains(&operation.id));
    assert!(!third.claim_operation("nowhere").unwrap());
}
