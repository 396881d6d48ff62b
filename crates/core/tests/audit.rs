//! The audit log: sealed behind everybody's back, verified when it is opened, found and exported.

#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.

mod support;

use gatehouse_core::{
    Code,
    audit::{AuditArea, AuditDamage, AuditDoubt, AuditIntegrity, AuditQuery},
    export::ExportFormat,
    ports::{Clock, SecretId, SecretStore, SecretStoreError},
    tokens::{CloseHow, Kept},
};
use planradar_sandbox::Sandbox;
use rusqlite::Connection;
use secrecy::{ExposeSecret, SecretString};
use support::{World, roomy, until};

struct Rig {
    world: World,
    _server: Sandbox,
    account: String,
}

impl Rig {
    /// With three lines or more.
    async fn new() -> Self {
        let server = Sandbox::start(roomy()).await.unwrap();
        let world = World::new();
        let account = world.add(&server).await.id;
        let r = Self { world, _server: server, account };
        for name in ["Power BI", "=cmd|' /C calc'!A0"] {
            r.create(name).await;
        }
        r
    }

    async fn create(&self, name: &str) {
        let created = self.world.app.token_create(&self.account, name, Kept::Keychain).await.unwrap();
        self.world.app.token_close(&created.handle, CloseHow::Close).await.unwrap();
    }

    async fn verify(&self) -> AuditIntegrity {
        self.world.app.audit_verify().await.unwrap()
    }

    fn lines(&self) -> u32 {
        u32::try_from(self.world.store.audit_page(None, 100).unwrap().len()).unwrap()
    }

    fn whole(&self) -> AuditIntegrity {
        AuditIntegrity::Whole { sealed: self.lines(), unsealed: 0 }
    }

    /// What somebody else does to the file.
    fn tamper(&self, sql: &str) {
        let raw = Connection::open(self.world.data().join("gatehouse.db")).unwrap();
        raw.execute_batch("DROP TRIGGER audit_log_no_update; DROP TRIGGER audit_log_no_delete;").unwrap();
        raw.execute_batch(sql).unwrap();
    }

    /// Waits until lines are sealed without anybody having asked.
    async fn sealed_by_itself(&self) {
        until("the seal", async || self.world.store.unsealed_audit().unwrap() == 0).await;
    }
}

#[tokio::test]
async fn lines_are_sealed_behind_everybodys_back() {
    let r = Rig::new().await;
    r.sealed_by_itself().await;
    assert!(r.lines() >= 3);
    assert_eq!(r.verify().await, r.whole());
    let own = r.world.keychain.own_ids();
    assert!(matches!(&own[..], [SecretId::AuditKey { .. }, SecretId::AuditHead { .. }]), "{own:?}");
}

#[tokio::test]
async fn each_damage_is_found_also_after_a_restart() {
    let seq = "UPDATE sqlite_sequence SET seq = 2 WHERE name = 'audit_log';";
    for (sql, line, damage) in [
        ("UPDATE audit_log SET subject = 'x' WHERE id = 2".to_owned(), 2, AuditDamage::Changed),
        ("DELETE FROM audit_log WHERE id = 1".to_owned(), 1, AuditDamage::Removed),
        (
            "UPDATE audit_log SET id = -1 WHERE id = 1; UPDATE audit_log SET id = 1 WHERE id = 2; \
             UPDATE audit_log SET id = 2 WHERE id = -1;"
                .to_owned(),
            1,
            AuditDamage::Reordered,
        ),
        (
            format!("DELETE FROM audit_log WHERE id > 2; DELETE FROM audit_seals WHERE id > 2; {seq}"),
            3,
            AuditDamage::CutTail,
        ),
        ("DELETE FROM audit_seals WHERE id = 2".to_owned(), 2, AuditDamage::Unsealed),
    ] {
        let mut r = Rig::new().await;
        assert_eq!(r.verify().await, r.whole());
        r.tamper(&sql);
        let broken = AuditIntegrity::Broken { line, damage };
        assert_eq!(r.verify().await, broken, "{sql}");
        // What is done goes on; nothing is sealed over it.
        r.create("After it").await;
        r.world = r.world.restarted();
        assert!(matches!(r.verify().await, AuditIntegrity::Broken { .. }), "{sql}");
        assert_eq!(
            r.world.app.audit_page(&AuditQuery::default(), None).await.unwrap().rows[0].subject,
            "After it"
        );
    }
}

#[tokio::test]
async fn a_person_who_was_told_can_begin_anew() {
    let r = Rig::new().await;
    assert_eq!(r.verify().await, r.whole());
    assert_eq!(r.world.app.audit_begin_anew().await.unwrap(), r.whole(), "nothing to begin anew");
    r.tamper("UPDATE audit_log SET subject = 'x' WHERE id = 2");
    assert_eq!(
        r.world.app.audit_begin_anew().await.unwrap(),
        AuditIntegrity::Whole { sealed: 1, unsealed: 0 }
    );
    let rows = r.world.app.audit_page(&AuditQuery::default(), None).await.unwrap().rows;
    assert_eq!((rows[0].action.as_str(), rows[0].area), ("audit.anew", AuditArea::Audit));
    assert_eq!(rows[0].reason.as_deref(), Some("line 2: changed"));
    assert_eq!(u32::try_from(rows.len()).unwrap(), r.lines(), "what was there stays");
}

#[tokio::test]
async fn a_key_that_is_gone_is_told_and_never_made_anew_by_itself() {
    for which in [0, 1] {
        let r = Rig::new().await;
        assert_eq!(r.verify().await, r.whole());
        let id = r.world.keychain.own_ids().remove(which);
        r.world.keychain.delete(&id).await.unwrap();
        let told = AuditIntegrity::Unverifiable { why: AuditDoubt::KeyMissing, unsealed: 0, error: None };
        assert_eq!(r.verify().await, told);
        assert_eq!(r.world.keychain.own_ids().len(), 1);
        assert!(matches!(
            r.world.app.audit_begin_anew().await.unwrap(),
            AuditIntegrity::Whole { sealed: 1, .. }
        ));
    }
}

#[tokio::test]
async fn a_keychain_that_fails_holds_nothing_up() {
    let server = Sandbox::start(roomy()).await.unwrap();
    let world = World::new();
    world.keychain.fail(Some(SecretStoreError::NoService("none".to_owned())));
    let input = gatehouse_core::accounts::NewAccount {
        server: Some(server.url().to_owned()),
        customer_id: server.customer_id().to_owned(),
        label: None,
        session_only: true,
    };
    let token = SecretString::from(server.ready().unwrap().tokens.account_holder);
    let account = world.app.account_add(input, token).await.unwrap().id;
    let r = Rig { world, _server: server, account };
    match r.verify().await {
        AuditIntegrity::Unverifiable { why: AuditDoubt::Keychain, unsealed: 1, error: Some(error) } => {
            assert_eq!(error.code, Code::KeychainNoService);
        }
        other => panic!("{other:?}"),
    }
    // It works again: what was written meanwhile is sealed when the log is opened.
    r.world.keychain.fail(None);
    assert_eq!(r.verify().await, AuditIntegrity::Whole { sealed: 1, unsealed: 0 });
    r.world.keychain.fail(Some(SecretStoreError::NoService("none".to_owned())));
    r.verify().await;
    r.world.keychain.fail(None);
    r.world.app.remove_everything("remove everything").await.unwrap();
    assert_eq!(r.world.keychain.own_ids(), []);
}

#[tokio::test]
async fn removing_everything_without_a_keychain_asks_for_none() {
    let server = Sandbox::start(roomy()).await.unwrap();
    let world = World::new();
    world.keychain.fail(Some(SecretStoreError::NoService("none".to_owned())));
    let input = gatehouse_core::accounts::NewAccount {
        server: Some(server.url().to_owned()),
        customer_id: server.customer_id().to_owned(),
        label: None,
        session_only: true,
    };
    let token = SecretString::from(server.ready().unwrap().tokens.account_holder);
    world.app.account_add(input, token).await.unwrap();
    world.app.remove_everything("remove everything").await.unwrap();
}

#[tokio::test]
async fn a_keychain_that_hangs_holds_up_no_use_case() {
    let r = Rig::new().await;
    r.sealed_by_itself().await;
    let go = r.world.keychain.hang();
    // A line that needs no keychain itself.
    r.world
        .app
        .webhook_remember_by_hand(&r.account, &support::hooks::new_webhook("https://erp.example.com/hook"))
        .await
        .unwrap();
    assert_eq!(r.world.store.unsealed_audit().unwrap(), 1);
    go.send(true).unwrap();
    r.sealed_by_itself().await;
    assert_eq!(r.verify().await, r.whole());
}

#[tokio::test]
async fn removing_everything_takes_key_and_end_along() {
    let r = Rig::new().await;
    assert_eq!(r.verify().await, r.whole());
    assert_eq!(r.world.keychain.own_ids().len(), 2);
    r.world.app.remove_everything("remove everything").await.unwrap();
    // A task that was about to seal finds the file gone, and makes nothing.
    tokio::task::yield_now().await;
    assert_eq!((r.world.keychain.own_ids(), r.world.keychain.ids()), (vec![], vec![]));
    assert_eq!(r.world.app.audit_verify().await.unwrap_err().code, Code::StoreFailed);
}

#[tokio::test]
async fn the_key_is_nowhere_but_in_the_keychain() {
    let r = Rig::new().await;
    assert_eq!(r.verify().await, r.whole());
    let key = r.world.keychain.get(&r.world.keychain.own_ids()[0]).await.unwrap();
    // Exposed to be looked for.
    let text = key.expose_secret();
    assert_eq!(text.len(), 64);
    let mut raw = [0; 32];
    hex::decode_to_slice(text, &mut raw).unwrap();
    for file in std::fs::read_dir(r.world.data()).unwrap() {
        let path = file.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            assert!(!bytes.windows(32).any(|w| w == raw), "{}", path.display());
            assert!(!bytes.windows(64).any(|w| w == text.as_bytes()), "{}", path.display());
        }
    }
}

#[tokio::test]
async fn pages_filters_and_files() {
    let r = Rig::new().await;
    let find = async |query: AuditQuery| r.world.app.audit_page(&query, None).await.unwrap();
    let all = find(AuditQuery::default()).await;
    assert_eq!(all.before, None);
    assert_eq!(all.rows.last().unwrap().action, "account.add");
    let tokens = find(AuditQuery {
        area: Some(AuditArea::Tokens),
        text: Some("power bi".to_owned()),
        ..AuditQuery::default()
    })
    .await;
    assert_eq!(tokens.rows.iter().map(|row| row.action.as_str()).collect::<Vec<_>>(), ["token.create"]);
    assert_eq!(
        find(AuditQuery { account: Some("other".to_owned()), ..AuditQuery::default() }).await.rows,
        []
    );
    let wrong = AuditQuery { from: Some("yesterday".to_owned()), ..AuditQuery::default() };
    assert_eq!(r.world.app.audit_page(&wrong, None).await.unwrap_err().field.as_deref(), Some("from"));

    let query = AuditQuery { area: Some(AuditArea::Tokens), ..AuditQuery::default() };
    let file = r.world.app.audit_export(&query, ExportFormat::Csv).await.unwrap();
    let day = r.world.clock.now().strftime("%Y-%m-%d").to_string();
    assert_eq!(file.name, format!("gatehouse-audit-{day}.csv"));
    let text = file.text.strip_prefix('\u{feff}').unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 2);
    assert_eq!((&rows[0][5], &rows[0][6]), ("token.create", "'=cmd|' /C calc'!A0"));
    assert_eq!(&rows[1][6], "Power BI");
    let file = r.world.app.audit_export(&query, ExportFormat::Json).await.unwrap();
    let json: serde_json::Value = serde_json::from_str(&file.text).unwrap();
    assert_eq!(json[0]["subject"], "=cmd|' /C calc'!A0");
}

#[tokio::test]
async fn more_than_a_page() {
    let world = World::new();
    for number in 0..150 {
        world
            .store
            .append_audit(&gatehouse_store::NewAuditEntry {
                at: jiff::Timestamp::UNIX_EPOCH,
                account_id: None,
                actor: gatehouse_store::Actor::Cli,
                action: "token.create".to_owned(),
                subject: number.to_string(),
                outcome: "done".to_owned(),
                operation_id: None,
                detail: serde_json::Value::Null,
            })
            .unwrap();
    }
    let first = world.app.audit_page(&AuditQuery::default(), None).await.unwrap();
    let second = world.app.audit_page(&AuditQuery::default(), first.before).await.unwrap();
    assert_eq!((first.rows.len(), second.rows.len(), second.before), (100, 50, None));
    assert_eq!((first.rows[99].id, second.rows[0].id), (51, 50));
}
