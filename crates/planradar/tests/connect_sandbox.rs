//! PlanRadar Connect against the sandbox.
#![allow(clippy::unwrap_used, clippy::doc_markdown)] // A failed unwrap is the test's failure; a name is no code.

mod support;

use planradar::rate_limit::{Lane, LimitSettings};
use planradar::{ConnectField, ConnectRequest, ConnectState, ErrorKind, Moment, Sent};
use planradar_sandbox::{ConnectDecision, Effect, Fault, Options, Sandbox};
use support::{Subject, subject_of, transport_config, what};

fn as_token(sandbox: &Sandbox, token: &str) -> Subject {
    let settings = LimitSettings { limit: 30, share: 30 };
    subject_of(sandbox.url(), sandbox.customer_id(), token, settings, transport_config())
}

fn wish() -> ConnectRequest {
    ConnectRequest {
        integrations: vec!["Microsoft Teams".into(), "own ERP".into()],
        purpose: "Tell the crew".into(),
        contact: "it@example.com".into(),
        phone: None,
    }
}

#[tokio::test]
async fn requested_refused_twice_declined_and_granted() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let subject = as_token(&sandbox, &sandbox.ready().unwrap().tokens.administrator);
    let connect = subject.client.connect();
    let before = connect.status(Lane::Refresh).await.unwrap();
    assert_eq!((&before.state, before.requested_on), (&ConnectState::NotRequested, Moment::Never));

    let first = connect.request(&wish()).await.unwrap();
    assert_eq!((&first.state, first.decided_on), (&ConnectState::Requested, Moment::Never));
    let Moment::At(_) = first.requested_on else { panic!("{first:?}") };
    let twice = connect.request(&wish()).await.unwrap_err();
    assert_eq!(
        (&twice.kind, twice.code.as_deref()),
        (&ErrorKind::Invalid, Some("connect_already_requested"))
    );
    assert_eq!(connect.status(Lane::Person).await.unwrap().requested_on, first.requested_on);

    for (decision, state, note) in [
        (ConnectDecision::Review, ConnectState::InReview, None),
        (ConnectDecision::Decline, ConnectState::Declined, Some("Not yet")),
    ] {
        assert!(sandbox.decide_connect(decision, note).unwrap());
        let now = connect.status(Lane::Refresh).await.unwrap();
        assert_eq!((now.state, now.note.as_deref()), (state, note));
    }
    assert_eq!(connect.request(&wish()).await.unwrap().state, ConnectState::Requested);
    assert!(sandbox.decide_connect(ConnectDecision::Grant, None).unwrap());
    let granted = connect.status(Lane::Refresh).await.unwrap();
    assert!(
        granted.state == ConnectState::Granted && matches!(granted.decided_on, Moment::At(_)),
        "{granted:?}"
    );
    sandbox.stop().await;
}

#[tokio::test]
async fn refusals_and_lost_answers() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let tokens = sandbox.ready().unwrap().tokens;
    let plain = as_token(&sandbox, &tokens.api_user);
    let refused = plain.client.connect().request(&wish()).await.unwrap_err();
    assert_eq!(
        (&refused.kind, refused.code.as_deref()),
        (&ErrorKind::Forbidden, Some("permission_accounts"))
    );

    let subject = as_token(&sandbox, &tokens.account_holder);
    let connect = subject.client.connect();
    let nothing = ConnectRequest {
        integrations: Vec::new(),
        purpose: String::new(),
        contact: String::new(),
        phone: Some(" ".into()),
    };
    let refused = connect.request(&nothing).await.unwrap_err();
    let fields: Vec<_> = refused.fields.iter().map(|field| field.connect_field().unwrap()).collect();
    assert_eq!(
        fields,
        [ConnectField::Integrations, ConnectField::Purpose, ConnectField::Contact, ConnectField::Phone]
    );

    let effect = Effect::Reset { done: true };
    sandbox.fault(Fault { method: None, route: Some("connect.request".into()), nth: Some(1), effect });
    assert_eq!(what(connect.request(&wish()).await), (ErrorKind::ConnectionLost, Sent::Maybe));
    assert_eq!(connect.status(Lane::Person).await.unwrap().state, ConnectState::Requested);
    // Two refused before, and the one that was lost: none was sent again.
    assert_eq!(sandbox.requests().count("connect.request"), 3);

    sandbox.set_documented_only(true);
    assert!(connect.status(Lane::Refresh).await.unwrap_err().means_not_offered());
    sandbox.stop().await;
}
