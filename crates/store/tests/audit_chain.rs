//! Whoever has only the file can't change what is sealed unseen.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{account, at};
use gatehouse_store::{
    Actor, AuditArea, AuditBreak, AuditChain, AuditFilter, AuditHead, AuditKey, NewAuditEntry, Store,
};
use rusqlite::Connection;
use serde_json::{Value, json};

const KEY: AuditKey = [7; 32];

fn line(action: &str, subject: &str) -> NewAuditEntry {
    NewAuditEntry {
        at: at(10),
        account_id: Some("a".into()),
        actor: Actor::Window,
        action: action.into(),
        subject: subject.into(),
        outcome: "done".into(),
        operation_id: None,
        detail: Value::Null,
    }
}

/// A file with sealed lines, and the door that somebody else takes.
struct Log {
    store: Store,
    raw: Connection,
    head: AuditHead,
    _folder: tempfile::TempDir,
}

impl Log {
    fn sealed(lines: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("gatehouse.db");
        let store = Store::open(&path).unwrap().store;
        store.add_account(&account("a")).unwrap();
        let raw = Connection::open(&path).unwrap();
        let mut log = Self { store, raw, head: AuditHead::begin(0), _folder: folder };
        for number in 1..=lines {
            log.store.append_audit(&line("token.create", &format!("Token {number}"))).unwrap();
        }
        log.seal();
        log
    }

    fn seal(&mut self) {
        match self.store.seal_audit(&KEY, &self.head).unwrap() {
            AuditChain::Whole { unsealed: 0, head, .. } => self.head = head,
            other => panic!("{other:?}"),
        }
    }

    fn tamper(&self, sql: &str) {
        self.raw
            .execute_batch("DROP TRIGGER audit_log_no_update; DROP TRIGGER audit_log_no_delete;")
            .unwrap();
        self.raw.execute_batch(sql).unwrap();
    }

    fn check(&self) -> AuditChain {
        self.store.check_audit(&KEY, &self.head).unwrap()
    }

    fn finds(&self, sql: &str, id: i64, kind: AuditBreak) {
        self.tamper(sql);
        assert_eq!(self.check(), AuditChain::Broken { id, kind }, "{sql}");
    }
}

fn counts(chain: &AuditChain) -> (u64, u64) {
    match chain {
        AuditChain::Whole { sealed, unsealed, .. } => (*sealed, *unsealed),
        AuditChain::Broken { .. } => panic!("{chain:?}"),
    }
}

#[test]
fn untouched_it_is_whole_and_grows() {
    let mut log = Log::sealed(3);
    assert_eq!(counts(&log.check()), (3, 0));
    log.store.append_audit(&line("token.delete", "Token 1")).unwrap();
    assert_eq!((counts(&log.check()), log.store.unsealed_audit().unwrap()), ((3, 1), 1));
    log.seal();
    assert_eq!((counts(&log.check()), log.store.unsealed_audit().unwrap()), ((4, 0), 0));
    assert_eq!(log.head.id, 4);
}

#[test]
fn every_column_is_sealed() {
    for change in [
        "at = '2026-11-12T10:00:11.000000000Z'",
        "account_id = 'b'",
        "account_id = NULL",
        "account_label = 'Account b'",
        "account_label = NULL",
        "actor = 'cli'",
        "action = 'token.delete'",
        "subject = 'Token 3'",
        "outcome = 'abandoned'",
        "operation_id = 'o'",
        "detail = ' null'",
        // What moves from one column into the next is not the same line.
        "action = 'token.', subject = 'createToken 2'",
    ] {
        let log = Log::sealed(4);
        log.finds(&format!("UPDATE audit_log SET {change} WHERE id = 2"), 2, AuditBreak::Changed);
    }
}

#[test]
fn removed_lines_are_found() {
    let both = "DELETE FROM audit_log WHERE id = 2; DELETE FROM audit_seals WHERE id = 2;";
    Log::sealed(4).finds("DELETE FROM audit_log WHERE id = 2", 2, AuditBreak::Removed);
    Log::sealed(4).finds(both, 2, AuditBreak::Removed);
    // Also where those after it close the gap.
    let closed =
        "UPDATE audit_log SET id = id - 1 WHERE id > 2; UPDATE audit_seals SET id = id - 1 WHERE id > 2;";
    Log::sealed(4).finds(&format!("{both}{closed}"), 2, AuditBreak::Changed);
}

#[test]
fn lines_that_changed_places_are_found() {
    let swap = "UPDATE audit_log SET id = -2 WHERE id = 2; UPDATE audit_log SET id = 2 WHERE id = 3; \
                UPDATE audit_log SET id = 3 WHERE id = -2;";
    Log::sealed(4).finds(swap, 2, AuditBreak::Reordered);
}

#[test]
fn a_cut_tail_is_found() {
    let log = Log::sealed(4);
    let cut = "DELETE FROM audit_log WHERE id > 2; DELETE FROM audit_seals WHERE id > 2; \
               UPDATE sqlite_sequence SET seq = 2 WHERE name = 'audit_log';";
    log.finds(cut, 3, AuditBreak::CutTail);
    // Nor does it help to write on: nothing is sealed over the gap.
    log.store.append_audit(&line("token.create", "Token 3")).unwrap();
    log.store.append_audit(&line("token.create", "Another")).unwrap();
    let broken = AuditChain::Broken { id: 4, kind: AuditBreak::Unsealed };
    assert_eq!(log.store.seal_audit(&KEY, &log.head).unwrap(), broken);
    assert_eq!(log.check(), AuditChain::Broken { id: 3, kind: AuditBreak::Unsealed });
}

#[test]
fn a_log_that_was_emptied_is_found() {
    let emptied = "DELETE FROM audit_log; DELETE FROM audit_seals; DELETE FROM sqlite_sequence;";
    Log::sealed(4).finds(emptied, 1, AuditBreak::CutTail);
}

#[test]
fn lines_put_in_from_outside_are_found() {
    let insert = "INSERT INTO audit_log SELECT 5, at, account_id, account_label, actor, action, 'Forged', outcome, \
                  operation_id, detail FROM audit_log WHERE id = 4;";
    // At the end it is a line that has no seal yet: docs/security.md says so.
    let log = Log::sealed(4);
    log.tamper(insert);
    assert_eq!(counts(&log.check()), (4, 1));
    let log = Log::sealed(4);
    log.finds("DELETE FROM audit_seals WHERE id = 2", 2, AuditBreak::Unsealed);
    Log::sealed(4).finds("DELETE FROM audit_seals", 1, AuditBreak::Unsealed);
    Log::sealed(4).finds("DELETE FROM audit_seals WHERE id = 4", 4, AuditBreak::Unsealed);
}

#[test]
fn seals_made_with_another_key_are_found() {
    let log = Log::sealed(2);
    log.tamper("UPDATE audit_log SET subject = 'Other' WHERE id = 2; DELETE FROM audit_seals;");
    let forged = log.store.seal_audit(&[8; 32], &AuditHead::begin(0)).unwrap();
    assert_eq!(counts(&forged), (2, 0));
    assert_eq!(log.check(), AuditChain::Broken { id: 1, kind: AuditBreak::Changed });
}

#[test]
fn a_file_put_back_to_an_earlier_state_is_found_even_when_it_went_on() {
    let mut log = Log::sealed(2);
    let early = log.head.clone();
    log.store.append_audit(&line("token.delete", "Token 1")).unwrap();
    log.seal();
    log.tamper(
        "DELETE FROM audit_log WHERE id = 3; DELETE FROM audit_seals WHERE id = 3; \
         UPDATE sqlite_sequence SET seq = 2 WHERE name = 'audit_log';",
    );
    log.store.append_audit(&line("token.delete", "Token 2")).unwrap();
    // As a program would that still had the earlier head.
    assert_eq!(counts(&log.store.seal_audit(&KEY, &early).unwrap()), (1, 0));
    assert_eq!(log.check(), AuditChain::Broken { id: 3, kind: AuditBreak::CutTail });
}

#[test]
fn a_head_that_is_behind_is_no_break() {
    let mut log = Log::sealed(2);
    let early = log.head.clone();
    log.store.append_audit(&line("token.delete", "Token 1")).unwrap();
    log.seal();
    log.head = early;
    assert_eq!(counts(&log.check()), (3, 0));
    log.seal();
    assert_eq!(log.head.id, 3);
}

#[test]
fn two_programs_seal_one_chain() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gatehouse.db");
    let both = [Store::open(&path).unwrap().store, Store::open(&path).unwrap().store];
    let heads = both.clone().map(|store| {
        std::thread::spawn(move || {
            let mut head = AuditHead::begin(0);
            for number in 0..20 {
                store.append_audit(&line("token.create", &number.to_string())).unwrap();
                match store.seal_audit(&KEY, &head).unwrap() {
                    AuditChain::Whole { head: now, .. } => head = now,
                    other @ AuditChain::Broken { .. } => panic!("{other:?}"),
                }
            }
            head
        })
    });
    let heads = heads.map(|thread| thread.join().unwrap());
    let last = heads.iter().max_by_key(|head| head.id).unwrap();
    assert_eq!((last.id, counts(&both[0].check_audit(&KEY, last).unwrap())), (40, (40, 0)));
}

#[test]
fn only_one_running_program_makes_the_key() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gatehouse.db");
    let (first, second) = (Store::open(&path).unwrap().store, Store::open(&path).unwrap().store);
    assert!(!first.audit_key_was_made().unwrap());
    assert!(first.may_make_audit_key().unwrap() && first.may_make_audit_key().unwrap());
    assert!(!second.may_make_audit_key().unwrap() && second.audit_key_was_made().unwrap());
    drop(first);
    assert!(second.may_make_audit_key().unwrap());
}

#[test]
fn a_new_chain_begins_after_what_is_broken() {
    let mut log = Log::sealed(3);
    log.tamper("UPDATE audit_log SET subject = 'Other' WHERE id = 2");
    log.head = log.store.forget_audit_seals().unwrap();
    assert_eq!(log.head, AuditHead::begin(3));
    log.store.append_audit(&line("audit.anew", "")).unwrap();
    log.seal();
    assert_eq!(counts(&log.check()), (1, 0));
    log.raw.execute_batch("UPDATE audit_log SET subject = 'x' WHERE id = 4").unwrap();
    assert_eq!(log.check(), AuditChain::Broken { id: 4, kind: AuditBreak::Changed });
}

#[test]
fn wiping_takes_the_seals_too() {
    let log = Log::sealed(3);
    let count = |sql: &str| log.raw.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    let seals = "SELECT count(*) FROM audit_seals";
    // The file is gone by then; who had it open sees it empty.
    assert_eq!(count(seals), 3);
    log.store.wipe().unwrap();
    assert_eq!(count(seals), 0);
    assert_eq!(count("SELECT count(*) FROM sqlite_sequence WHERE name = 'audit_log'"), 0);
}

#[test]
fn lines_are_found_by_account_area_words_and_time() {
    let store = Store::in_memory().unwrap();
    store.add_account(&account("a")).unwrap();
    for (second, account, action, subject, detail) in [
        (1, "a", "token.create", "Büro ÖSTERREICH", Value::Null),
        (2, "a", "webhook.update", "Tickets to the ERP", json!({"reason": "moved"})),
        (3, "b", "sign_in.replace", "Gatehouse", Value::Null),
    ] {
        let entry = NewAuditEntry {
            at: at(second),
            account_id: Some(account.into()),
            detail,
            ..line(action, subject)
        };
        store.append_audit(&entry).unwrap();
    }
    let found = |filter: AuditFilter| -> Vec<i64> {
        store.audit_search(&filter, None, 10).unwrap().into_iter().map(|l| l.id).collect()
    };
    let all = AuditFilter::default;
    assert_eq!(found(all()), [3, 2, 1]);
    assert_eq!(found(AuditFilter { account: Some("a".into()), ..all() }), [2, 1]);
    assert_eq!(found(AuditFilter { area: Some(AuditArea::Tokens), ..all() }), [3, 1]);
    let text = |text: &str| AuditFilter { text: Some(text.into()), ..all() };
    assert_eq!(found(text("österreich  BÜRO")), [1]);
    assert_eq!(found(text("MOVED")), [2]);
    assert_eq!(found(text("account a")), [2, 1]);
    assert_eq!(found(text("nowhere")), [0; 0]);
    assert_eq!(found(AuditFilter { from: Some(at(2)), to: Some(at(3)), ..all() }), [2]);
    let page =
        store.audit_search(&AuditFilter { area: Some(AuditArea::Tokens), ..all() }, Some(3), 1).unwrap();
    assert_eq!(page[0].id, 1);
}
