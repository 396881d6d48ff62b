//! What the store's tests share.
#![allow(clippy::unwrap_used, dead_code, reason = "a test fails by panicking; not every test uses all of it")]

use std::collections::BTreeMap;

use gatehouse_store::{Account, Actor, Kept, NewAuditEntry, Store};
use jiff::Timestamp;

/// A moment, with a fraction that must survive.
pub fn at(second: u8) -> Timestamp {
    format!("2026-11-12T10:00:{second:02}.000000123Z").parse().unwrap()
}

/// An account with something in every field.
pub fn account(id: &str) -> Account {
    Account {
        id: id.into(),
        label: format!("Account {id}"),
        server: "https://www.planradar.com".into(),
        customer_id: "1484013".into(),
        demo: false,
        user_id: Some("7".into()),
        user_name: Some("Ada Example".into()),
        user_mail: Some("ada@example.com".into()),
        user_type: Some("account_holder".into()),
        account_holder_id: Some("7".into()),
        plan: Some("pro".into()),
        sign_in_token_id: Some("338609".into()),
        sign_in_kept: Kept::Keychain,
        request_limit: 30,
        share: 20,
        overrides: BTreeMap::from([("me".into(), "/api/v1/{customer_id}/users/me".into())]),
        created_at: at(1),
        last_used_at: None,
    }
}

/// A store in memory that holds the account `a`.
pub fn with_account() -> Store {
    let store = Store::in_memory().unwrap();
    store.add_account(&account("a")).unwrap();
    store
}

/// A line of the audit log.
pub fn audit(action: &str) -> NewAuditEntry {
    NewAuditEntry {
        at: at(3),
        account_id: Some("a".into()),
        actor: Actor::Window,
        action: action.into(),
        subject: "CI".into(),
        outcome: "done".into(),
        operation_id: None,
        detail: serde_json::json!({"token": "338609"}),
    }
}
