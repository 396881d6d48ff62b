//! The journal of writes: how an operation moves, ends, and is forgotten.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{at, audit, with_account};
use gatehouse_store::{Operation, OperationState, StoreError};
use serde_json::{Map, Value, json};

fn changes(object: Value) -> Map<String, Value> {
    let Value::Object(changes) = object else { panic!("no object: {object}") };
    changes
}

#[test]
fn an_operation_moves_only_from_the_state_last_seen() {
    let store = with_account();
    let operation = Operation::planned("a", "token_create", "CI", json!({"before": ["1"]}), at(1));
    store.insert_operation(&operation).unwrap();
    assert_eq!(store.operation(&operation.id).unwrap(), Some(operation.clone()));

    let sent = store
        .advance_operation(
            &operation.id,
            OperationState::Planned,
            OperationState::Sent,
            &changes(json!({"n": 1})),
            at(2),
        )
        .unwrap();
    assert_eq!((sent.state, sent.updated_at, sent.ended_at), (OperationState::Sent, at(2), None));
    assert_eq!(store.operation(&operation.id).unwrap(), Some(sent.clone()));
    assert_eq!(sent.data, json!({"before": ["1"], "n": 1}), "what is not named stays");

    let error = store
        .advance_operation(&operation.id, OperationState::Planned, OperationState::Done, &Map::new(), at(3))
        .unwrap_err();
    assert!(matches!(error, StoreError::StateChanged { found: OperationState::Sent, .. }), "{error}");
    assert_eq!(store.operation(&operation.id).unwrap(), Some(sent));
    let nowhere =
        store.advance_operation("nowhere", OperationState::Planned, OperationState::Sent, &Map::new(), at(3));
    assert!(matches!(nowhere, Err(StoreError::NotFound { .. })));
}

#[test]
fn what_has_ended_stays_ended_and_is_purged() {
    let store = with_account();
    let [done, unknown] = ["done", "unknown"].map(|subject| {
        let operation = Operation::planned("a", "kind", subject, json!({}), at(1));
        store.insert_operation(&operation).unwrap();
        operation.id
    });
    let end = |id: &str, from, to| store.advance_operation(id, from, to, &Map::new(), at(2));
    end(&done, OperationState::Planned, OperationState::Done).unwrap();
    end(&unknown, OperationState::Planned, OperationState::Unknown).unwrap();
    let error = end(&done, OperationState::Done, OperationState::Sent).unwrap_err();
    assert!(matches!(error, StoreError::StateChanged { found: OperationState::Done, .. }));

    let open = store.open_operations(None).unwrap();
    assert_eq!(open.iter().map(|open| &open.id).collect::<Vec<_>>(), [&unknown]);
    let days_later = |days: i64| at(3) + jiff::SignedDuration::from_hours(24 * days);
    assert_eq!(store.purge_operations(30, days_later(29)).unwrap(), 0);
    assert_eq!(store.purge_operations(30, days_later(30)).unwrap(), 1);
    assert_eq!(store.operation(&done).unwrap(), None);
    assert!(store.operation(&unknown).unwrap().is_some());
}

#[test]
fn what_came_beside_an_open_one_stays_as_long_as_that_is_open() {
    let store = with_account();
    // As if the clock was set back meanwhile.
    let [before, run, beside, other] =
        [("cut", 3), ("run", 3), ("cut", 1), ("other", 1)].map(|(kind, second)| {
            let operation = Operation::planned("a", kind, "subject", json!({}), at(second));
            store.insert_operation(&operation).unwrap();
            operation.id
        });
    let found = || -> Vec<_> {
        store.operations_beside(&run, "cut").unwrap().into_iter().map(|operation| operation.id).collect()
    };
    let end = |id: &str| {
        store
            .advance_operation(id, OperationState::Planned, OperationState::Done, &Map::new(), at(4))
            .unwrap();
    };
    assert_eq!(found(), [before.clone(), beside.clone()], "the one before is under way");
    for id in [&before, &beside, &other] {
        end(id);
    }
    let later = at(3) + jiff::SignedDuration::from_hours(24 * 31);
    assert_eq!(store.purge_operations(30, later).unwrap(), 1);
    assert_eq!(found(), [beside]);
    end(&run);
    assert_eq!(store.purge_operations(30, later).unwrap(), 3);
}

#[test]
fn what_ended_unread_is_found_until_it_is_read() {
    let store = with_account();
    let run = Operation::planned("a", "run", "3", json!({}), at(1));
    store.insert_operation(&run).unwrap();
    let unread = || store.unread_operations("a").unwrap().len();
    store.mark_operation_read(&run.id).unwrap();
    let end = changes(json!({"unread": true, "job": {"next": 3}}));
    store.advance_operation(&run.id, OperationState::Planned, OperationState::Done, &end, at(2)).unwrap();
    assert_eq!((unread(), store.unread_operations("b").unwrap().len()), (1, 0));
    store.mark_operation_read(&run.id).unwrap();
    assert_eq!(unread(), 0);
    let data = store.operation(&run.id).unwrap().unwrap().data;
    assert_eq!(data, json!({"unread": false, "job": {"next": 3}}));
}

#[test]
fn a_step_and_its_audit_line_are_both_there_or_neither() {
    let store = with_account();
    let operation = Operation::planned("a", "token_create", "CI", json!({}), at(1));
    store.insert_operation(&operation).unwrap();
    let end = |from| {
        store.advance_operation_logged(
            &operation.id,
            from,
            OperationState::Done,
            &Map::new(),
            at(2),
            &audit("token.create"),
        )
    };
    end(OperationState::Sent).unwrap_err();
    assert_eq!(store.audit_page(None, 10).unwrap(), []);
    end(OperationState::Planned).unwrap();
    let lines = store.audit_page(None, 10).unwrap();
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0].entry.operation_id.as_ref(), Some(&operation.id));
}
