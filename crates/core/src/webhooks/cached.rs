//! A webhook as gatehouse.db keeps it: no values, secrets in the URL masked; and how two states are told apart.

use planradar::{Authentication, Moment, Webhook, WebhookDraft, webhook_rules as rules};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What the list shows of a webhook.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct CachedWebhook {
    pub id: String,
    pub description: String,
    /// Masked.
    pub target: String,
    /// As people read it.
    pub host: String,
    pub plain_http: bool,
    #[serde(default)]
    pub query_secret: bool,
    pub events: Vec<String>,
    pub project_ids: Option<Vec<String>>,
    pub authentication: KnownAuthentication,
    pub headers: u32,
    pub hidden_headers: u32,
    pub active: bool,
    /// RFC 3339.
    pub created_on: Option<String>,
    /// RFC 3339.
    pub updated_on: Option<String>,
    /// [`fingerprint`].
    pub base: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum KnownAuthentication {
    #[default]
    None,
    Basic,
    Other,
}

impl From<&Webhook> for CachedWebhook {
    fn from(webhook: &Webhook) -> Self {
        let target = rules::check_target_url(&webhook.target_url).ok();
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self {
            id: webhook.id.clone(),
            description: webhook.description.clone(),
            host: target.as_ref().map_or_else(String::new, |t| t.host_unicode.clone()),
            plain_http: target.as_ref().is_some_and(|t| t.plain_http),
            query_secret: target.is_some_and(|t| !t.query_secrets.is_empty()),
            target: rules::masked(&webhook.target_url),
            events: webhook.events.clone(),
            project_ids: webhook.project_ids.clone(),
            authentication: match webhook.authentication {
                Authentication::None => KnownAuthentication::None,
                Authentication::Basic { .. } => KnownAuthentication::Basic,
                Authentication::Other => KnownAuthentication::Other,
            },
            headers: count(webhook.headers.len()),
            hidden_headers: count(webhook.headers.iter().filter(|h| h.hidden).count()),
            active: webhook.active,
            created_on: webhook.created_on.map(|t| t.to_string()),
            updated_on: if let Moment::At(at) = webhook.updated_on { Some(at.to_string()) } else { None },
            base: fingerprint(webhook),
        }
    }
}

/// Tells two states of a webhook apart, hidden values by the date of the last change only.
pub(super) fn fingerprint(webhook: &Webhook) -> String {
    let updated_on = format!("{:?}", webhook.updated_on);
    digest(&(&webhook.id, visible(webhook), webhook.unknown.to_string(), updated_on))
}

/// What can be seen of a webhook, without its id and dates.
pub(super) fn visible_of(webhook: &Webhook) -> String {
    digest(&visible(webhook))
}

/// What is to be seen of a webhook when this was written.
pub(super) fn visible_of_draft(draft: &WebhookDraft) -> String {
    use planradar::{DraftAuthentication, DraftValue};
    let headers = draft.headers.iter().map(|h| {
        let value = if let DraftValue::Plain(value) = &h.value { Some(value) } else { None };
        (&h.name, h.hidden, value)
    });
    let authentication = match &draft.authentication {
        DraftAuthentication::None => format!("{:?}", Authentication::None),
        DraftAuthentication::Basic { username, .. } => {
            format!("{:?}", Authentication::Basic { username: username.clone() })
        }
        DraftAuthentication::Unchanged => format!("{:?}", Authentication::Other),
    };
    digest(&(
        (&draft.description, draft.active, draft.target_url.trim()),
        (sorted(draft.project_ids.as_deref()), sorted(Some(&draft.events))),
        (authentication, headers.collect::<Vec<_>>()),
    ))
}

fn visible(webhook: &Webhook) -> impl std::fmt::Debug {
    let headers = webhook.headers.iter().map(|h| (&h.name, h.hidden, h.value.as_ref()));
    (
        (&webhook.description, webhook.active, webhook.target_url.as_str()),
        (sorted(webhook.project_ids.as_deref()), sorted(Some(&webhook.events))),
        (format!("{:?}", webhook.authentication), headers.collect::<Vec<_>>()),
    )
}

/// Order does not matter.
fn sorted(list: Option<&[String]>) -> Option<Vec<String>> {
    list.map(|list| {
        let mut list = list.to_vec();
        list.sort();
        list
    })
}

fn digest(state: &impl std::fmt::Debug) -> String {
    hex::encode(&Sha256::digest(format!("{state:?}"))[..16])
}

#[cfg(test)]
mod tests {
    use super::*;
    use planradar::{DraftHeader, DraftValue, Header, Unknown};

    fn webhook() -> Webhook {
        Webhook {
            id: "w1".into(),
            description: "Tickets to the ERP".into(),
            active: true,
            target_url: "https://erp.example.com/hook?token=abc".into(),
            project_ids: Some(vec!["p2".into(), "p1".into()]),
            events: vec!["b".into(), "a".into()],
            authentication: Authentication::Basic { username: "planradar".into() },
            headers: vec![
                Header { name: "X-Site".into(), hidden: false, value: Some("Halle 3".into()) },
                Header { name: "X-Key".into(), hidden: true, value: None },
            ],
            created_on: None,
            updated_on: Moment::Never,
            unknown: Unknown::default(),
        }
    }

    #[test]
    fn a_draft_looks_as_the_webhook_that_comes_of_it() {
        let mut draft = WebhookDraft::of(&webhook());
        assert_eq!(visible_of_draft(&draft), visible_of(&webhook()));
        draft.events.reverse();
        draft.headers[1].value = DraftValue::Replace("s3cr3t".into());
        assert_eq!(visible_of_draft(&draft), visible_of(&webhook()));
        draft.headers.push(DraftHeader {
            name: "X".into(),
            hidden: false,
            value: DraftValue::Plain("y".into()),
        });
        assert_ne!(visible_of_draft(&draft), visible_of(&webhook()));
    }

    #[test]
    fn each_change_is_another_state_and_order_is_none() {
        let mut same = webhook();
        same.events.reverse();
        assert_eq!(fingerprint(&same), fingerprint(&webhook()));
        let changes: [fn(&mut Webhook); 7] = [
            |w| w.description.push('!'),
            |w| w.active = false,
            |w| w.target_url.push('1'),
            |w| w.project_ids = None,
            |w| w.authentication = Authentication::None,
            |w| w.headers.swap(0, 1),
            |w| w.updated_on = Moment::At("2026-03-12T10:00:00Z".parse().unwrap_or_default()),
        ];
        for (at, change) in changes.into_iter().enumerate() {
            let mut other = webhook();
            change(&mut other);
            assert_ne!(fingerprint(&other), fingerprint(&webhook()), "{at}");
        }
    }

    #[test]
    fn what_is_kept_has_no_value_in_it() {
        let kept = serde_json::to_string(&CachedWebhook::from(&webhook())).unwrap_or_default();
        assert!(
            kept.contains("erp.example.com") && !kept.contains("abc") && !kept.contains("Halle"),
            "{kept}"
        );
    }
}
