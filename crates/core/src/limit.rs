//! The request limit, as the window shows it.

use serde::Serialize;
use specta::Type;

/// Where an account stands with its request limit. An estimate: other programs use it unseen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LimitView {
    /// Requests the account has per minute.
    pub limit: u32,
    /// The most that this computer uses of them.
    pub share: u32,
    /// Slots taken now.
    pub used: u32,
    /// Slots of the share that are free now.
    pub free: u32,
    /// Milliseconds until the next slot is free; null when none is taken.
    pub next_free_in_ms: Option<u32>,
    /// Milliseconds left of the account's cooldown; null when it is not paused.
    pub paused_for_ms: Option<u32>,
    /// RFC 3339 of the cooldown's end, for people.
    pub paused_until: Option<String>,
    /// Requests waiting for a slot in this program.
    pub waiting: u32,
    /// False: the limit's file can't be used, nothing is sent.
    pub available: bool,
}

use crate::{AppError, Gatehouse, Result};
use planradar::rate_limit::{LimitSettings, MAX_LIMIT};

impl Gatehouse {
    /// Where the account stands now.
    pub async fn limit_status(&self, account: &str) -> Result<LimitView> {
        let limiter = self.limiter(account).await?;
        Ok(Self::limit_view(&limiter.status(), self.now()))
    }

    /// Sets the account's limit and the share that this computer uses of it.
    pub async fn limit_set(&self, account: &str, limit: u32, share: u32) -> Result<LimitView> {
        if !(1..=MAX_LIMIT).contains(&limit) {
            return Err(AppError::invalid(
                "limit",
                format!(
                    "The limit is between 1 and {MAX_LIMIT} requests a minute. If the account has more, say {MAX_LIMIT}: Gatehouse never sends more."
                ),
            ));
        }
        if !(1..=limit).contains(&share) {
            return Err(AppError::invalid(
                "share",
                format!("The share is between 1 and the limit, {limit}."),
            ));
        }
        self.change_account(account, move |a| (a.request_limit, a.share) = (limit, share)).await?;
        self.limit_follow(account).await
    }

    /// Puts into force what is stored. One at a time, and read anew: what the server tells of the limit and what the
    /// person sets at the same moment don't undo each other.
    pub(crate) async fn limit_follow(&self, account: &str) -> Result<LimitView> {
        let limiter = self.limiter(account).await?;
        let _turn = self.limit_turn.lock().await;
        let stored = self.account(account).await?;
        let settings = LimitSettings { limit: stored.request_limit, share: stored.share };
        limiter.set_settings(settings).map_err(|e| crate::session::limit_error(&e))?;
        Ok(Self::limit_view(&limiter.status(), self.now()))
    }
}
