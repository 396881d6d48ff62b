//! PlanRadar Connect: asked for once, looked at sparingly, told when PlanRadar has moved.

#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.

mod support;

use gatehouse_core::{
    AreaState, Code, Details,
    connect::{CheckVerdict, ConnectFinding, ConnectInput, ConnectState, ConnectView, TextLanguage},
    notices::Notice,
    operations::{OperationKind, OperationState, OperationView},
    tokens::{CloseHow, Kept},
};
use planradar_sandbox::{ConnectDecision, Effect, Options, Plan, Sandbox};
use secrecy::SecretString;
use support::{World, arrived, heard, once, pass, roomy, until};

const STATUS: &str = "connect.status";
const REQUEST: &str = "connect.request";

struct Rig {
    world: World,
    server: Sandbox,
    account: String,
}

impl Rig {
    async fn new() -> Self {
        Self::with(roomy()).await
    }

    async fn with(options: Options) -> Self {
        let server = Sandbox::start(options).await.unwrap();
        let world = World::new();
        let account = world.add(&server).await.id;
        Self { world, server, account }
    }

    async fn view(&self) -> ConnectView {
        self.world.app.connect_view(&self.account).await.unwrap()
    }

    async fn look(&self) -> ConnectView {
        let view = self.world.app.connect_refresh(&self.account, true).await.unwrap();
        assert_eq!(view.error, None);
        view
    }

    async fn open(&self) -> Vec<OperationView> {
        self.world.app.operations_list(&self.account).await.unwrap()
    }

    fn asked(&self, route: &str) -> usize {
        self.server.requests().count(route)
    }

    /// What PlanRadar did, as told since the last time.
    fn news(&self) -> Vec<ConnectState> {
        let notices = self.world.notices.take().into_iter();
        let news = notices.filter_map(|notice| match notice {
            Notice::ConnectChanged { news, .. } => news,
            _ => None,
        });
        news.map(|news| news.state).collect()
    }
}

fn wish() -> ConnectInput {
    ConnectInput {
        integrations: vec!["SAP".to_owned(), "Microsoft Teams".to_owned()],
        purpose: "Tickets become orders".to_owned(),
        contact: "it@example.com".to_owned(),
        phone: None,
    }
}

fn state(view: &ConnectView) -> ConnectState {
    view.status.clone().unwrap().state
}

#[tokio::test]
async fn requested_once_reviewed_declined_and_granted() {
    let r = Rig::new().await;
    let nothing = r.view().await;
    assert_eq!((nothing.state, nothing.status, nothing.as_of), (AreaState::Unknown, None, None));
    assert_eq!(r.asked(STATUS), 0);
    assert_eq!(state(&r.look().await), ConnectState::NotRequested);

    let view = r.world.app.connect_request(&r.account, &wish()).await.unwrap();
    let first = view.status.clone().unwrap();
    assert_eq!((first.state, view.state), (ConnectState::Requested, AreaState::Offered));
    assert_eq!((r.open().await, r.news()), (vec![], vec![]), "what one asked for oneself is no news");

    // Twice: refused with the first one's date, and nothing is sent.
    let before = (r.asked(STATUS), r.asked(REQUEST));
    let twice = r.world.app.connect_request(&r.account, &wish()).await.unwrap_err();
    assert_eq!(
        (twice.code, twice.details),
        (Code::AlreadyRequested, Some(Details::Since { since: first.requested_on }))
    );
    assert_eq!((r.asked(STATUS), r.asked(REQUEST)), before);

    for (decision, note, now) in [
        (ConnectDecision::Review, None, ConnectState::InReview),
        (ConnectDecision::Decline, Some("Not yet"), ConnectState::Declined),
    ] {
        assert!(r.server.decide_connect(decision, note).unwrap());
        let view = r.look().await;
        assert_eq!((state(&view), view.status.unwrap().note.as_deref()), (now.clone(), note));
        assert_eq!(r.news(), [now]);
    }
    // Declined: it may be asked for again.
    assert_eq!(
        state(&r.world.app.connect_request(&r.account, &wish()).await.unwrap()),
        ConnectState::Requested
    );
    assert!(r.server.decide_connect(ConnectDecision::Grant, None).unwrap());
    let granted = r.look().await.status.unwrap();
    assert!(granted.state == ConnectState::Granted && granted.decided_on.is_some());
    assert_eq!(r.news(), [ConnectState::Granted]);
    let late = r.world.app.connect_request(&r.account, &wish()).await.unwrap_err();
    assert_eq!((late.code, r.asked(REQUEST)), (Code::AlreadyRequested, 2));
}

#[tokio::test]
async fn somebody_elses_request_is_seen_before_one_is_sent() {
    let r = Rig::new().await;
    r.look().await;
    let other = World::new();
    let there = other.add(&r.server).await.id;
    other.app.connect_request(&there, &wish()).await.unwrap();
    let refused = r.world.app.connect_request(&r.account, &wish()).await.unwrap_err();
    assert_eq!((refused.code, r.asked(REQUEST)), (Code::AlreadyRequested, 1));
    assert_eq!(state(&r.view().await), ConnectState::Requested);
}

#[tokio::test]
async fn looked_at_again_only_when_it_is_time() {
    let r = Rig::new().await;
    let refresh = async || r.world.app.connect_refresh(&r.account, false).await.unwrap();
    refresh().await;
    refresh().await;
    assert_eq!(r.asked(STATUS), 1);
    r.look().await;
    assert_eq!(r.asked(STATUS), 2, "the person wants to know now");
    pass(&r.world, 601).await;
    refresh().await;
    assert_eq!(r.asked(STATUS), 3);
}

#[tokio::test]
async fn an_open_request_is_polled_every_ten_minutes_until_it_is_decided() {
    let r = Rig::new().await;
    r.world.app.connect_request(&r.account, &wish()).await.unwrap();
    let asked = r.asked(STATUS);
    pass(&r.world, 590).await;
    assert_eq!(r.asked(STATUS), asked);
    r.server.decide_connect(ConnectDecision::Grant, None).unwrap();
    r.news();
    pass(&r.world, 11).await;
    let news = heard(&r.world, |notice| match notice {
        Notice::ConnectChanged { news: Some(news), .. } => Some(news.clone()),
        _ => None,
    });
    let news = news.await;
    let label = r.world.store.account(&r.account).unwrap().unwrap().label;
    assert_eq!((news.state, news.label), (ConnectState::Granted, label));
    assert_eq!(r.asked(STATUS), asked + 1);
    for _ in 0..3 {
        pass(&r.world, 601).await;
    }
    r.view().await;
    assert_eq!(r.asked(STATUS), asked + 1, "decided: nothing more to wait for");
}

#[tokio::test]
async fn the_next_start_goes_on_polling() {
    let mut r = Rig::new().await;
    r.world.app.connect_request(&r.account, &wish()).await.unwrap();
    let asked = r.asked(STATUS);
    r.world = r.world.restarted();
    r.world.app.start().await.unwrap();
    r.server.decide_connect(ConnectDecision::Review, None).unwrap();
    pass(&r.world, 601).await;
    arrived(&r.server, STATUS, asked + 1).await;
    heard(&r.world, |n| matches!(n, Notice::ConnectChanged { news: Some(_), .. }).then_some(())).await;
}

#[tokio::test]
async fn a_lost_answer_is_looked_at_and_never_sent_again() {
    for done in [true, false] {
        let r = Rig::new().await;
        r.server.fault(once(REQUEST, Effect::Reset { done }));
        let lost = r.world.app.connect_request(&r.account, &wish()).await.unwrap_err();
        assert_eq!(lost.code, Code::LostAnswer);
        let open = r.open().await;
        let told = open[0].lost.as_ref().unwrap();
        assert_eq!((open[0].kind, open[0].state), (OperationKind::RequestConnect, OperationState::Unknown));
        assert!(told.next_check_at.is_some() && open[0].subject == "SAP, Microsoft Teams", "{open:?}");
        assert_eq!(r.view().await.unsettled, Some(open[0].id.clone()));
        // Until it is settled nothing more is sent.
        let again = r.world.app.connect_request(&r.account, &wish()).await.unwrap_err();
        assert_eq!((again.code, r.asked(REQUEST)), (Code::LostAnswer, 1));
        r.look().await;
        assert_eq!(r.open().await.is_empty(), done);
        pass(&r.world, 61).await;
        r.world.app.connect_refresh(&r.account, true).await.unwrap();
        let view = r.view().await;
        assert_eq!((r.open().await, view.unsettled.clone()), (vec![], None));
        assert_eq!(state(&view), if done { ConnectState::Requested } else { ConnectState::NotRequested });
        assert_eq!(r.asked(REQUEST), 1);
    }
}

#[tokio::test]
async fn a_lost_answer_is_settled_by_itself_after_a_minute() {
    let r = Rig::new().await;
    r.server.fault(once(REQUEST, Effect::Reset { done: true }));
    r.world.app.connect_request(&r.account, &wish()).await.unwrap_err();
    let asked = r.asked(STATUS);
    pass(&r.world, 61).await;
    arrived(&r.server, STATUS, asked + 1).await;
    until("the operation's end", async || r.open().await.is_empty()).await;
    assert_eq!(r.world.store.audit_page(None, 1).unwrap()[0].entry.action, "connect.request");
}

#[tokio::test]
async fn what_was_decided_while_the_program_was_closed_is_told_at_its_start() {
    let mut r = Rig::new().await;
    r.world.app.connect_request(&r.account, &wish()).await.unwrap();
    r.server.decide_connect(ConnectDecision::Grant, None).unwrap();
    let asked = r.asked(STATUS);
    r.world = r.world.restarted();
    r.world.app.start().await.unwrap();
    pass(&r.world, 1).await;
    assert_eq!(r.asked(STATUS), asked, "what is a minute old is not asked for");
    r.world = r.world.restarted();
    r.world.clock.step(jiff::SignedDuration::from_mins(11));
    let script = r.world.command_line();
    script.start().await.unwrap();
    r.world.app.start().await.unwrap();
    let told = heard(&r.world, |n| match n {
        Notice::ConnectChanged { news: Some(news), .. } => Some(news.state.clone()),
        _ => None,
    });
    assert_eq!(told.await, ConnectState::Granted);
    assert_eq!(r.asked(STATUS), asked + 1, "once, and not by each command of a script");
}

#[tokio::test]
async fn refusals_name_the_reason_and_nothing_stays_open() {
    let server = Sandbox::start(roomy()).await.unwrap();
    let world = World::new();
    let token = server.ready().unwrap().tokens.api_user;
    let account = world.try_add(server.url(), server.customer_id(), &token).await.unwrap().id;
    let refused = world.app.connect_request(&account, &wish()).await.unwrap_err();
    assert_eq!(refused.code, Code::PermissionAccounts);
    assert_eq!(world.app.operations_list(&account).await.unwrap(), []);
    let empty = ConnectInput { purpose: " ".to_owned(), ..wish() };
    let refused = world.app.connect_request(&account, &empty).await.unwrap_err();
    assert_eq!((refused.code, refused.field.as_deref()), (Code::Invalid, Some("purpose")));
    assert_eq!(server.requests().count(REQUEST), 1);
}

#[tokio::test]
async fn where_it_is_not_offered_the_request_is_text() {
    let r = Rig::with(Options { documented_only: true, ..roomy() }).await;
    let view = r.world.app.connect_refresh(&r.account, false).await.unwrap();
    assert_eq!(view.error.unwrap().code, Code::NotOffered);
    assert!(matches!(view.state, AreaState::NotOffered { .. }));
    // Not asked again by itself, nor is anything written.
    let asked = r.asked(STATUS);
    pass(&r.world, 601).await;
    r.world.app.connect_refresh(&r.account, false).await.unwrap();
    assert_eq!(r.asked(STATUS), asked);
    assert_eq!(r.world.app.connect_request(&r.account, &wish()).await.unwrap_err().code, Code::NotOffered);
    assert_eq!(r.asked(REQUEST), 0);
    let text = r.world.app.connect_text(&r.account, &wish(), TextLanguage::En).await.unwrap();
    assert!(text.contains(r.server.customer_id()) && text.contains("SAP, Microsoft Teams"), "{text}");
    // "Check again".
    r.server.set_documented_only(false);
    assert_eq!(state(&r.look().await), ConnectState::NotRequested);
}

#[tokio::test]
async fn before_the_request_everything_is_looked_at() {
    let r = Rig::new().await;
    r.world.app.tokens_refresh(&r.account).await.unwrap();
    let checks = async || r.world.app.connect_preflight(&r.account, None).await.unwrap();
    let verdicts = |checks: &[gatehouse_core::connect::ConnectCheck]| -> Vec<CheckVerdict> {
        checks.iter().map(|check| check.verdict).collect()
    };
    let first = checks().await;
    let (good, bad, warn) = (CheckVerdict::Good, CheckVerdict::Bad, CheckVerdict::Warn);
    assert_eq!(verdicts(&first)[..3], [good, good, bad]);
    assert_eq!(first[0].finding, ConnectFinding::Plan { plan: Some("pro".to_owned()) });
    assert_eq!(first[1].finding, ConnectFinding::Permission { allowed: Some(true), account_holder: true });
    assert_eq!(first[2].finding, ConnectFinding::NoToken);

    // The account holder's own: it works, but is no integration user's.
    let created = r.world.app.token_create(&r.account, "Workato", Kept::Keychain).await.unwrap();
    r.world.app.token_close(&created.handle, CloseHow::Close).await.unwrap();
    let second = checks().await;
    assert_eq!(second[2].verdict, warn);
    match &second[2].finding {
        ConnectFinding::TokenWorks { token, name, user, personal: true } => {
            assert_eq!((token, name.as_str()), (&created.token_id, "Workato"));
            assert!(user.is_some());
        }
        other => panic!("{other:?}"),
    }
    let verified = r.world.app.tokens_view(&r.account).await.unwrap();
    let row = verified.rows.iter().find(|row| row.id == created.token_id).unwrap();
    assert!(row.verified_at.is_some());
    assert_eq!(row.usage, gatehouse_core::tokens::TokenUse::OnlyVerified, "a look of ours is nobody's use");

    r.server.set_plan(Plan::Basic).unwrap();
    let third = r.world.app.connect_preflight(&r.account, Some(&created.token_id)).await.unwrap();
    assert_eq!((third[0].verdict, third[2].verdict), (bad, bad), "{third:?}");
    assert!(
        matches!(&third[2].finding, ConnectFinding::TokenFails { error, .. } if error.code == Code::Plan)
    );
}

#[tokio::test]
async fn a_token_of_an_integration_user_and_the_room_that_is_left() {
    let server = Sandbox::start(Options { documented_only: true, ..roomy() }).await.unwrap();
    let world = World::new();
    let account = world.add(&server).await.id;
    world.app.tokens_refresh(&account).await.unwrap();
    let value = SecretString::from(server.ready().unwrap().tokens.api_user);
    world.app.token_paste(&account, "Workato", value, false).await.unwrap();
    let checks = world.app.connect_preflight(&account, None).await.unwrap();
    assert_eq!(checks[0].finding, ConnectFinding::Plan { plan: None });
    assert_eq!((checks[0].verdict, checks[1].verdict), (CheckVerdict::Unknown, CheckVerdict::Unknown));
    assert_eq!(checks[2].verdict, CheckVerdict::Good);
    let room = async |share| {
        world.app.limit_set(&account, 30, share).await.unwrap();
        world.app.connect_preflight(&account, None).await.unwrap().remove(3)
    };
    let much = room(20).await;
    assert_eq!(much.finding, ConnectFinding::Room { limit: 30, left: 10, paused_until: None });
    assert_eq!((much.verdict, room(21).await.verdict), (CheckVerdict::Good, CheckVerdict::Warn));
}
