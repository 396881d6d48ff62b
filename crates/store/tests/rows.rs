//! What each table keeps, and what it refuses.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{account, at, audit, with_account};
use gatehouse_store::{
    AuditFilter, Cached, Capability, Kept, KeptToken, NoteKind, Operation, OperationState, Origin, Store,
    StoreError, ValueKept, Verdict,
};
use serde_json::json;

fn ids(store: &Store) -> Vec<String> {
    store.accounts().unwrap().into_iter().map(|account| account.id).collect()
}

fn kept(token: &str, kept: Kept) -> KeptToken {
    KeptToken {
        account_id: "a".into(),
        token_id: token.into(),
        name: "CI".into(),
        origin: Origin::Created,
        kept,
        kept_at: at(1),
        verified_at: None,
    }
}

#[test]
fn accounts_are_found_changed_and_ordered() {
    let store = with_account();
    store.add_account(&account("b")).unwrap();
    let other = gatehouse_store::Account { customer_id: "99".into(), ..account("c") };
    store.add_account(&other).unwrap();
    assert_eq!(store.accounts_at("https://www.planradar.com", "99").unwrap(), [other]);
    assert_eq!(store.accounts_at("https://www.planradar.com", "1484013").unwrap().len(), 2);

    let changed = store
        .change_account("b", |account| {
            account.id = "elsewhere".into();
            account.last_used_at = Some(at(9));
            account.sign_in_kept = Kept::Session;
        })
        .unwrap();
    assert_eq!(changed.id, "b");
    assert_eq!(store.account("b").unwrap(), Some(changed));

    store.order_accounts(&["c".into(), "b".into()]).unwrap();
    assert_eq!(ids(&store), ["c", "b", "a"]);
    store.add_account(&account("d")).unwrap();
    assert_eq!(ids(&store), ["c", "b", "a", "d"]);

    let missing = store.change_account("nobody", |_| {}).unwrap_err();
    assert!(matches!(missing, StoreError::NotFound { what: "account", .. }));
}

#[test]
fn a_share_above_the_limit_is_refused() {
    let store = with_account();
    store.change_account("a", |account| account.share = 31).unwrap_err();
    assert_eq!(store.account("a").unwrap(), Some(account("a")));
}

#[test]
fn removing_an_account_removes_all_but_the_audit_log() {
    let store = with_account();
    store.add_account(&account("b")).unwrap();
    for id in ["a", "b"] {
        store.cache(id, "tokens", &json!([]), at(1)).unwrap();
        store.keep_token(&KeptToken { account_id: id.into(), ..kept("1", Kept::Keychain) }).unwrap();
        store.record_own_use(id, "1", at(2)).unwrap();
        let capability =
            Capability { route: "me".into(), verdict: Verdict::Offered, detail: None, checked_at: at(1) };
        store.set_capability(id, &capability).unwrap();
        store.insert_operation(&Operation::planned(id, "kind", "CI", json!({}), at(1))).unwrap();
    }
    store.append_audit(&audit("token.create")).unwrap();

    store.remove_account("a").unwrap();
    assert_eq!(ids(&store), ["b"]);
    for (id, left) in [("a", 0), ("b", 1)] {
        assert_eq!(usize::from(store.cached::<serde_json::Value>(id, "tokens").unwrap().is_some()), left);
        assert_eq!(store.kept_tokens(id).unwrap().len(), left);
        assert_eq!(store.own_uses(id, "1").unwrap().len(), left);
        assert_eq!(store.capabilities(id).unwrap().len(), left);
        assert_eq!(store.open_operations(Some(id)).unwrap().len(), left);
    }
    let lines = store.audit_page(None, 10).unwrap();
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0].account_label.as_deref(), Some("Account a"));
    for account in ["a", "Account a"] {
        let filter = AuditFilter { account: Some(account.into()), ..AuditFilter::default() };
        assert_eq!(store.audit_search(&filter, None, 100).unwrap(), lines, "{account}");
    }
    assert!(matches!(store.remove_account("a"), Err(StoreError::NotFound { .. })));
}

#[test]
fn the_cache_replaces_and_drops_by_prefix() {
    let store = with_account();
    for key in ["tokens/1", "tokens/2", "tokens%", "users"] {
        store.cache("a", key, &vec![1, 2], at(1)).unwrap();
    }
    store.cache("a", "users", &vec![3], at(2)).unwrap();
    let users = store.cached::<Vec<u8>>("a", "users").unwrap();
    assert_eq!(users, Some(Cached { body: vec![3], fetched_at: at(2) }));

    store.drop_cached("a", "tokens%").unwrap();
    assert!(store.cached::<Vec<u8>>("a", "tokens/1").unwrap().is_some());
    store.drop_cached("a", "tokens").unwrap();
    assert!(store.cached::<Vec<u8>>("a", "tokens/1").unwrap().is_none());
    assert!(store.cached::<Vec<u8>>("a", "users").unwrap().is_some());
    store.drop_cached("a", "").unwrap();
    assert!(store.cached::<Vec<u8>>("a", "users").unwrap().is_none());
}

#[test]
fn two_changes_of_one_answer_or_setting_are_both_kept() {
    let store = with_account();
    let add = |n: u8| {
        let add = |known: Option<Cached<Vec<u8>>>| {
            let mut body = known.map(|known| known.body).unwrap_or_default();
            body.push(n);
            Some(Cached { body, fetched_at: at(1) })
        };
        store.change_cached("a", "users", add).unwrap();
        store.change_setting("dismissed", |known: Option<Vec<u8>>| {
            [known.unwrap_or_default(), vec![n]].concat()
        })
    };
    std::thread::scope(|all| {
        for n in 0..20 {
            all.spawn(move || add(n).unwrap());
        }
    });
    assert_eq!(store.cached::<Vec<u8>>("a", "users").unwrap().unwrap().body.len(), 20);
    assert_eq!(store.setting::<Vec<u8>>("dismissed").unwrap().unwrap().len(), 20);
    // Nothing to change it to: it stays.
    assert_eq!(store.change_cached::<Vec<u8>>("a", "users", |_| None).unwrap(), None);
    assert_eq!(store.cached::<Vec<u8>>("a", "users").unwrap().unwrap().body.len(), 20);
}

#[test]
fn a_cached_answer_of_another_shape_counts_as_none() {
    let store = with_account();
    store.cache("a", "users", &"text", at(1)).unwrap();
    assert_eq!(store.cached::<Vec<u8>>("a", "users").unwrap(), None);
}

#[test]
fn nothing_is_kept_for_an_account_that_is_not_there() {
    let store = with_account();
    store.cache("nobody", "users", &1, at(1)).unwrap_err();
    store.record_own_use("nobody", "1", at(1)).unwrap_err();
}

#[test]
fn capabilities_are_replaced_and_forgotten() {
    let store = with_account();
    let capability = |route: &str, verdict| Capability {
        route: route.into(),
        verdict,
        detail: Some("404".into()),
        checked_at: at(1),
    };
    store.set_capability("a", &capability("tokens.list", Verdict::NotOffered)).unwrap();
    store.set_capability("a", &capability("me", Verdict::Refused)).unwrap();
    store.set_capability("a", &capability("me", Verdict::Offered)).unwrap();
    assert_eq!(
        store.capabilities("a").unwrap(),
        [capability("me", Verdict::Offered), capability("tokens.list", Verdict::NotOffered)]
    );
    store.forget_capabilities("a", Some("me")).unwrap();
    assert_eq!(store.capabilities("a").unwrap().len(), 1);
    store.forget_capabilities("a", None).unwrap();
    assert_eq!(store.capabilities("a").unwrap(), []);
}

#[test]
fn kept_tokens_are_verified_and_forgotten_with_our_uses() {
    let store = with_account();
    store.keep_token(&kept("1", Kept::Keychain)).unwrap();
    store.mark_token_verified("a", "1", at(5)).unwrap();
    let known = KeptToken { verified_at: Some(at(5)), ..kept("1", Kept::Keychain) };
    assert_eq!(store.kept_token("a", "1").unwrap(), Some(known));
    assert!(matches!(store.mark_token_verified("a", "2", at(5)), Err(StoreError::NotFound { .. })));

    store.record_own_use("a", "1", at(7)).unwrap();
    store.record_own_use("a", "1", at(6)).unwrap();
    store.record_own_use("a", "2", at(6)).unwrap();
    assert_eq!(store.own_uses("a", "1").unwrap(), [at(6), at(7)]);
    assert!(store.forget_token("a", "1").unwrap());
    assert!(!store.forget_token("a", "1").unwrap());
    assert_eq!(store.own_uses("a", "1").unwrap(), []);
    assert_eq!(store.own_uses("a", "2").unwrap(), [at(6)]);
}

#[test]
fn tokens_of_a_past_session_are_told_and_forgotten() {
    let store = with_account();
    store.keep_token(&kept("1", Kept::Keychain)).unwrap();
    store.keep_token(&kept("2", Kept::Session)).unwrap();
    assert_eq!(store.forget_session_tokens().unwrap(), [kept("2", Kept::Session)]);
    assert_eq!(store.kept_tokens("a").unwrap(), [kept("1", Kept::Keychain)]);
}

#[test]
fn the_audit_log_is_read_in_pages_newest_first() {
    let store = with_account();
    let written: Vec<_> =
        (0..5).map(|number| store.append_audit(&audit(&number.to_string())).unwrap()).collect();
    let first = store.audit_page(None, 2).unwrap();
    assert_eq!(first.iter().map(|line| line.id).collect::<Vec<_>>(), [written[4], written[3]]);
    assert_eq!(first[0].entry, audit("4"));
    let rest = store.audit_page(Some(written[3]), 10).unwrap();
    assert_eq!(rest.iter().map(|line| line.id).collect::<Vec<_>>(), [written[2], written[1], written[0]]);
}

#[test]
fn nobody_can_change_the_audit_log() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gatehouse.db");
    let store = Store::open(&path).unwrap().store;
    store.append_audit(&audit("token.delete")).unwrap();
    let anybody = rusqlite::Connection::open(&path).unwrap();
    for attempt in ["DELETE FROM audit_log", "UPDATE audit_log SET outcome = 'failed'"] {
        let error = anybody.execute(attempt, []).unwrap_err();
        assert!(error.to_string().contains("append-only"), "{error}");
    }
    assert_eq!(store.audit_page(None, 10).unwrap()[0].entry, audit("token.delete"));
}

#[test]
fn settings_are_kept_by_key() {
    let store = Store::in_memory().unwrap();
    assert_eq!(store.setting::<u32>("clipboard_seconds").unwrap(), None);
    store.set_setting("clipboard_seconds", &120).unwrap();
    store.set_setting("clipboard_seconds", &60).unwrap();
    assert_eq!(store.setting("clipboard_seconds").unwrap(), Some(60));
    let error = store.setting::<String>("clipboard_seconds").unwrap_err();
    assert!(error.to_string().contains("clipboard_seconds"), "{error}");
    store.remove_setting("clipboard_seconds").unwrap();
    assert_eq!(store.setting::<u32>("clipboard_seconds").unwrap(), None);
}

#[test]
fn words_in_the_database_and_in_json_are_the_same() {
    for state in [OperationState::Planned, OperationState::Unknown, OperationState::Abandoned] {
        assert_eq!(serde_json::to_value(state).unwrap(), json!(state.as_str()));
    }
    assert_eq!(serde_json::to_value(Verdict::NotOffered).unwrap(), json!("not_offered"));
}

#[test]
fn notes_about_webhooks_are_kept_by_kind_and_go_with_the_account() {
    let store = with_account();
    let change = |webhook: &str, text: &str| {
        let text = text.to_owned();
        store.change_webhook_note("a", NoteKind::Hidden, webhook, move |note: &mut Vec<String>| {
            note.push(text);
        })
    };
    change("w1", "first").unwrap();
    assert_eq!(change("w1", "second").unwrap(), ["first", "second"]);
    change("w10", "other").unwrap();
    let notes = |kind| store.webhook_notes::<Vec<String>>("a", kind).unwrap();
    assert_eq!(notes(NoteKind::Hidden).iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), ["w1", "w10"]);
    assert_eq!(notes(NoteKind::ByHand), []);
    // Of another shape.
    assert_eq!(store.webhook_note::<u32>("a", NoteKind::Hidden, "w1").unwrap(), None);
    store.forget_webhook_note("a", NoteKind::Hidden, "w1").unwrap();
    assert_eq!(notes(NoteKind::Hidden).len(), 1);
    store.remove_account("a").unwrap();
    assert_eq!(notes(NoteKind::Hidden), []);
}

#[test]
fn a_named_value_never_has_a_version_twice() {
    let store = with_account();
    let set = || {
        let change = |value: &mut gatehouse_store::NamedValue| {
            value.version += 1;
            value.kept = ValueKept::Yes;
        };
        store.change_named_value("a", "ERP", change).unwrap().version
    };
    assert_eq!((set(), set()), (1, 2));
    store.change_named_value("a", "ERP", |value| value.kept = ValueKept::No).unwrap();
    assert_eq!(store.named_value("a", "ERP").unwrap().unwrap().kept, ValueKept::No);
    assert_eq!(set(), 3);
    assert_eq!(store.named_value("a", "erp").unwrap(), None);
    store.change_named_value("a", "B", |_| {}).unwrap();
    let names: Vec<_> = store.named_values("a").unwrap().into_iter().map(|v| v.name).collect();
    assert_eq!(names, ["B", "ERP"]);
    store.remove_account("a").unwrap();
    assert_eq!(store.named_values("a").unwrap(), []);
}
