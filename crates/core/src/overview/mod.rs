//! The Overview: figures from what is known, and what needs attention. Makes no request.

mod types;

pub use types::{
    Attention, AttentionKind, Overview, ReplacementFigure, TokenFigures, UserFigures, WebhookFigures,
};

use crate::{
    AppError, Code, Gatehouse, Result,
    ports::SecretId,
    tokens::{Copied, Kept, TokenRow, TokenUse},
    users::UserToken,
    webhooks::WebhookRow,
};
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};

/// From when on an unused token is told.
const UNUSED: SignedDuration = SignedDuration::from_hours(90 * 24);
/// From when on an old token is told, unless the person chose otherwise.
const OLD_DAYS: u32 = 365;
/// From when on a webhook counts as paused for long.
const PAUSED_LONG: SignedDuration = SignedDuration::from_hours(30 * 24);
const OLD_SETTING: &str = "overview.old-days";

impl Gatehouse {
    /// The figures of one account, each with its "as of".
    pub async fn overview(&self, account: &str) -> Result<Overview> {
        let old_days = self.old_days().await?;
        let (tokens, webhooks) = (self.tokens_view(account).await?, self.webhooks_view(account).await?);
        let users = self.known_users(account).await?.0;
        let inventory = self.inventory_view(account).await?;
        let dismissed = self.dismissed(account).await?;
        let now = self.now();
        let mut attention = Vec::new();
        for row in tokens.rows.iter().filter(|r| !r.gone) {
            let kind = of_age(&dates(row), now, old_days);
            attention.extend(kind.map(|kind| Attention::new(kind, &row.id, &row.name)));
        }
        for row in &inventory.rows {
            let subject = format!("{} ({})", row.token.name, row.owner.name);
            let id = format!("{}/{}", row.owner.id, row.token.id);
            if row.owner_active == Some(false) {
                attention.push(Attention::new(AttentionKind::TokenOfInactive, &id, &subject));
            } else if row.person && !row.holder {
                attention.push(Attention::new(AttentionKind::TokenOfPerson, &id, &subject));
            }
            // One's own are told of as such.
            if tokens.rows.iter().all(|own| own.id != row.token.id) {
                let kind = of_age(&dates_of(&row.token), now, old_days);
                attention.extend(kind.map(|kind| Attention::new(kind, &id, &subject)));
            }
        }
        let delivered = self.last_deliveries(account).await?;
        let fails = |row: &WebhookRow| row.active && delivered.get(&row.id) == Some(&Some(true));
        for row in &webhooks.rows {
            attention.extend(of_webhook(row, fails(row), now));
        }
        let open = self.operations_list(account).await?;
        for op in open.iter().filter(|op| op.replacement.is_some()) {
            attention.push(Attention::new(AttentionKind::ReplacementOpen, &op.id, &op.subject));
        }
        attention.retain(|a| !dismissed.contains(&a.key));
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let live = || tokens.rows.iter().filter(|r| !r.gone);
        let unused = |r: &&TokenRow| is_unused(&dates(r), now);
        Ok(Overview {
            account: account.to_owned(),
            old_days,
            tokens: tokens.as_of.clone().map(|as_of| TokenFigures {
                total: count(live().count()),
                never_used: count(live().filter(|r| r.usage == TokenUse::Never).count()),
                unused: count(live().filter(unused).count()),
                kept: count(live().filter(|r| r.kept != Kept::No).count()),
                as_of,
            }),
            webhooks: webhooks.as_of.clone().map(|as_of| WebhookFigures {
                active: count(webhooks.rows.iter().filter(|w| w.active).count()),
                paused: count(webhooks.rows.iter().filter(|w| !w.active).count()),
                failing: webhooks
                    .rows
                    .iter()
                    .any(|w| w.active && delivered.contains_key(&w.id))
                    .then(|| count(webhooks.rows.iter().filter(|w| fails(w)).count())),
                as_of,
            }),
            users: users.map(|known| UserFigures {
                total: known.body.count.and_then(|n| u32::try_from(n).ok()),
                api: inventory.api_users,
                complete: known.body.complete,
                as_of: known.body.earlier_as_of.unwrap_or(known.fetched_at).to_string(),
            }),
            replacements: open
                .iter()
                .filter(|op| op.replacement.is_some())
                .map(|op| ReplacementFigure { operation: op.id.clone(), subject: op.subject.clone() })
                .collect(),
            attention,
            dismissed: count(dismissed.len()),
            requests: self.limiter(account).await?.recent(),
        })
    }

    /// "Not a problem": this one is not told again.
    pub async fn attention_dismiss(&self, account: &str, key: &str) -> Result<Overview> {
        let (setting, key) = (dismissed_setting(account), key.to_owned());
        self.db(move |s| {
            s.change_setting(&setting, |known: Option<Vec<String>>| {
                let mut dismissed = known.unwrap_or_default();
                if !dismissed.contains(&key) {
                    dismissed.push(key);
                }
                dismissed
            })
        })
        .await?;
        self.overview(account).await
    }

    /// All that was called "not a problem" is told again.
    pub async fn attention_restore(&self, account: &str) -> Result<Overview> {
        let setting = dismissed_setting(account);
        self.db(move |s| s.remove_setting(&setting)).await?;
        self.overview(account).await
    }

    /// From how many days on a token counts as old, for all accounts.
    pub async fn overview_set_old(&self, account: &str, days: u32) -> Result<Overview> {
        if !(1..=3650).contains(&days) {
            return Err(AppError::invalid("old_days", "Between 1 day and 10 years."));
        }
        self.db(move |s| s.set_setting(OLD_SETTING, &days)).await?;
        self.overview(account).await
    }

    pub(crate) async fn old_days(&self) -> Result<u32> {
        Ok(self.db(|s| s.setting(OLD_SETTING)).await?.unwrap_or(OLD_DAYS))
    }

    async fn dismissed(&self, account: &str) -> Result<Vec<String>> {
        let setting = dismissed_setting(account);
        Ok(self.db(move |s| s.setting(&setting)).await?.unwrap_or_default())
    }

    /// Copies a line for a shell that asks the account's projects with a kept token: a test of what another program
    /// needs. The token is in it, so it is cleared like one.
    pub async fn integration_copy_curl(&self, account: &str, token: &str) -> Result<Copied> {
        let stored = self.account(account).await?;
        let value = self
            .secrets
            .get(&SecretId::Token { account: account.to_owned(), token: token.to_owned() })
            .await?;
        // Exposed: it goes to the clipboard, where the person asked for it. Values have only letters, digits and '-'.
        let text = value.expose_secret();
        if !text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.~".contains(c)) {
            return Err(AppError::new(
                Code::Invalid,
                "This token has characters that a shell may misread. Copy the token itself.",
            ));
        }
        let line = format!(
            "curl -H 'Accept: application/json' -H 'X-PlanRadar-API-Key: {text}' '{}/api/v2/{}/projects?pagesize=1'",
            stored.server.trim_end_matches('/'),
            stored.customer_id
        );
        self.copying.copy(SecretString::from(line), self.settings().await?.clipboard_seconds)
    }
}

fn dismissed_setting(account: &str) -> String {
    format!("overview.dismissed/{account}")
}

fn age(at: Option<&String>, now: Timestamp) -> Option<SignedDuration> {
    at.and_then(|at| at.parse::<Timestamp>().ok()).map(|at| now - at)
}

/// When a token was made and used last, as RFC 3339.
struct Dates<'a> {
    usage: TokenUse,
    created_on: Option<&'a String>,
    last_used_on: Option<&'a String>,
}

fn dates(row: &TokenRow) -> Dates<'_> {
    let (created_on, last_used_on) = (row.created_on.as_ref(), row.last_used_on.as_ref());
    Dates { usage: row.usage, created_on, last_used_on }
}

fn dates_of(token: &UserToken) -> Dates<'_> {
    let (created_on, last_used_on) = (token.created_on.as_ref(), token.last_used_on.as_ref());
    Dates { usage: token.usage, created_on, last_used_on }
}

fn is_unused(token: &Dates<'_>, now: Timestamp) -> bool {
    match token.usage {
        TokenUse::Unknown => false,
        TokenUse::Never | TokenUse::OnlyVerified => age(token.created_on, now).is_some_and(|a| a > UNUSED),
        TokenUse::Used => age(token.last_used_on, now).is_some_and(|a| a > UNUSED),
    }
}

fn of_age(token: &Dates<'_>, now: Timestamp, old_days: u32) -> Option<AttentionKind> {
    if is_unused(token, now) {
        return Some(AttentionKind::TokenUnused);
    }
    let old = SignedDuration::from_hours(i64::from(old_days) * 24);
    age(token.created_on, now).is_some_and(|a| a > old).then_some(AttentionKind::TokenOld)
}

fn of_webhook(row: &WebhookRow, fails: bool, now: Timestamp) -> Vec<Attention> {
    let mut found = Vec::new();
    let mut note = |kind| found.push(Attention::new(kind, &row.id, &row.description));
    if fails {
        note(AttentionKind::WebhookFailing);
    }
    if row.plain_http && row.active {
        note(AttentionKind::WebhookPlainHttp);
    }
    if row.query_secret {
        note(AttentionKind::WebhookQuerySecret);
    }
    if !row.active && !row.by_hand && age(row.updated_on.as_ref(), now).is_some_and(|a| a > PAUSED_LONG) {
        note(AttentionKind::WebhookPausedLong);
    }
    found
}
