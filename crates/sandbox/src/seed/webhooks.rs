//! Webhooks of the seeds. Nobody knows their hidden values. Their hosts are the sandbox's own: nothing leaves the
//! computer.

use rusqlite::Connection;
use serde_json::Map;

use super::{DAY, HOUR};
use crate::deliver;
use crate::deliver::record;
use crate::error::Error;
use crate::secret_value;
use crate::vault::Vault;
use crate::webhooks::{self, Authentication, Basic, Header, HeaderValue, Webhook, catalogue, new_seal_id};

/// A webhook in a seed.
pub(super) struct Plan {
    pub(super) description: String,
    pub(super) active: bool,
    pub(super) target_url: String,
    pub(super) project_ids: Option<Vec<String>>,
    pub(super) events: Vec<String>,
    /// User name.
    pub(super) basic: Option<&'static str>,
    /// Names and values; `None` is a hidden one.
    pub(super) headers: &'static [(&'static str, Option<&'static str>)],
    pub(super) age: i64,
    pub(super) changed: i64,
    /// Event, how long ago, status, milliseconds; without a status all four tries were in vain.
    pub(super) deliveries: &'static [(&'static str, i64, Option<u16>, i64)],
}

/// The four of the demo account: with Basic, with hidden headers, one that fails, one that is paused.
pub(super) fn demo(projects: [&str; 2]) -> Vec<Plan> {
    let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
    vec![
        Plan {
            description: "Mängel an SAP".into(),
            active: true,
            target_url: "https://sap.nordbau.example/planradar/tickets".into(),
            project_ids: None,
            events: owned(&["ticket_created", "ticket_updated", "ticket_status_changed"]),
            basic: Some("planradar"),
            headers: &[],
            age: 802 * DAY,
            changed: 96 * DAY,
            deliveries: &[
                ("ticket_created", 3 * DAY, Some(200), 212),
                ("ticket_updated", 2 * DAY, Some(503), 1_840),
                ("ticket_updated", 2 * DAY - 5_000, Some(200), 301),
                ("ticket_status_changed", 5 * HOUR, Some(200), 188),
            ],
        },
        Plan {
            description: "Fotos ins Bautagebuch".into(),
            active: true,
            target_url: "https://bautagebuch.nordbau.example/hooks/planradar".into(),
            project_ids: Some(owned(&projects)),
            events: owned(&["photo_attached", "document_attached", "comment_added"]),
            basic: None,
            headers: &[("X-Source", Some("planradar-demo")), ("X-Api-Key", None), ("X-Tenant-Token", None)],
            age: 214 * DAY,
            changed: 40 * DAY,
            deliveries: &[
                ("photo_attached", 26 * HOUR, Some(204), 95),
                ("photo_attached", 25 * HOUR, Some(204), 102),
                ("comment_added", 3 * HOUR, Some(204), 77),
            ],
        },
        Plan {
            description: "Testrechner der Bauleitung".into(),
            active: true,
            // The discard port: nobody listens there.
            target_url: "http://127.0.0.1:9/planradar".into(),
            project_ids: None,
            events: owned(&["ticket_created", "comment_added"]),
            basic: None,
            headers: &[],
            age: 31 * DAY,
            changed: 31 * DAY,
            deliveries: &[("ticket_created", 3 * DAY, None, 1), ("comment_added", 3 * HOUR, None, 1)],
        },
        Plan {
            description: "Power Automate, wartet auf Freigabe".into(),
            active: false,
            target_url: "https://flows.nordbau.example/workflows/planradar/triggers/manual".into(),
            project_ids: None,
            events: owned(&["ticket_created", "ticket_assigned", "ticket_deleted"]),
            basic: None,
            headers: &[("X-Flow", Some("planradar"))],
            age: 12 * DAY,
            changed: 9 * DAY,
            deliveries: &[],
        },
    ]
}

/// 150 of all kinds.
pub(super) fn large(projects: &[String], events: &[String]) -> Vec<Plan> {
    let some = |all: &[String], from: usize, count: usize| -> Vec<String> {
        all.iter().cycle().skip(from).take(count.min(all.len())).cloned().collect()
    };
    let plan = |n: usize| Plan {
        description: format!("Webhook {n:03}"),
        active: !n.is_multiple_of(7),
        target_url: format!("https://hook-{n:03}.nordbau.example/planradar"),
        project_ids: (!n.is_multiple_of(3)).then(|| some(projects, n * 13, 1 + n % 40)),
        events: some(events, n * 7, 1 + n % 12),
        basic: n.is_multiple_of(5).then_some("planradar"),
        headers: if n.is_multiple_of(4) {
            &[("X-Source", Some("planradar")), ("X-Api-Key", None)]
        } else {
            &[]
        },
        age: 700 * DAY - i64::try_from(n).unwrap_or_default() * DAY,
        changed: i64::try_from(n).unwrap_or_default() * HOUR,
        deliveries: &[],
    };
    (1..=150).map(plan).collect()
}

pub(super) fn plant(db: &Connection, vault: &Vault, plans: Vec<Plan>, now: i64) -> Result<(), Error> {
    for plan in plans {
        let deliveries = plan.deliveries;
        let mut webhook = Webhook {
            id: 0,
            seal_id: new_seal_id(),
            description: plan.description,
            active: plan.active,
            target_url: plan.target_url,
            project_ids: plan.project_ids,
            events: plan.events,
            authentication: Authentication::default(),
            headers: Vec::new(),
            other: Map::new(),
            created_on: now - plan.age,
            updated_on: now - plan.changed,
        };
        if let Some(username) = plan.basic {
            let password = webhook.seal_password(vault, &secret_value::create("demo-")?)?;
            webhook.authentication.basic = Some(Basic { username: username.into(), password });
        }
        for &(name, value) in plan.headers {
            let value = match value {
                Some(value) => HeaderValue::Visible(value.into()),
                None => {
                    HeaderValue::Hidden(webhook.seal_header(vault, name, &secret_value::create("demo-")?)?)
                }
            };
            webhook.headers.push(Header { name: name.into(), value, other: Map::new() });
        }
        webhook.id = webhooks::save(db, &webhook)?;
        for &(event, ago, status, duration_ms) in deliveries {
            keep(db, &webhook, event, now - ago, status, duration_ms)?;
        }
    }
    Ok(())
}

/// A delivery of the past. One without an answer was tried four times.
fn keep(
    db: &Connection,
    webhook: &Webhook,
    event: &str,
    at: i64,
    status: Option<u16>,
    duration_ms: i64,
) -> rusqlite::Result<()> {
    let event_id = new_seal_id();
    let request = deliver::shown(webhook, &catalogue::example_of(db, event)?);
    let tries: &[(u32, i64)] =
        if status.is_some() { &[(1, 0)] } else { &[(1, 0), (2, 5_000), (3, 15_000), (4, 35_000)] };
    for &(attempt, later) in tries {
        record::keep(
            db,
            &record::Delivery {
                webhook_id: webhook.id,
                event_id: &event_id,
                event,
                at: at + later,
                status,
                duration_ms,
                attempt,
                error: status.is_none().then_some("The receiver can't be reached: connection refused"),
                request: &request,
                answer: status.map(|status| if status == 200 { "{\"demo\": true}" } else { "" }),
                next_retry: None,
            },
        )?;
    }
    Ok(())
}
