//! What a request costs: a slot of the account's limit, and for a few routes one of their own besides.

use crate::client::{Client, Slots};
use crate::error::{Error, Result};
use crate::rate_limit::{InFlight, Lane, LimitError, RateLimiter, Slot};
use crate::routes::{Method, Route, USERS_CREATE};
use std::time::Duration;

/// Slots for one request that was not sent yet. Dropped, they are given back.
pub(crate) struct Price {
    account: Slot,
    own: Option<Slot>,
}

/// A request under way, with all that it holds.
#[must_use = "dropping it keeps the slots taken for as long as the server may count the request"]
pub(crate) struct Paid {
    account: InFlight,
    own: Option<InFlight>,
}

impl Price {
    /// Waits until the request may be sent. The route's own limit first: whoever waits for that one takes nothing from
    /// others meanwhile.
    pub(crate) async fn of(client: &Client, route: &'static Route, lane: Lane) -> Result<Self> {
        let refused = |error| Error::limit(route.name, error);
        let own = if *route == USERS_CREATE {
            let limiter = client.inner.limiter.new_users().map_err(refused)?;
            Some(one(&limiter, lane).await.map_err(refused)?)
        } else {
            None
        };
        Ok(Self { account: account(client, route, lane).await.map_err(refused)?, own })
    }

    /// Call immediately before the bytes leave. Writes files, so not on a thread that others wait for. Dropped half-way,
    /// the slots stay held: the safe side.
    pub(crate) async fn sent(self, timeout: Duration) -> std::result::Result<Paid, LimitError> {
        let sent = tokio::task::spawn_blocking(move || {
            let own = self.own.map(|slot| slot.sent(timeout)).transpose()?;
            match self.account.sent(timeout) {
                Ok(account) => Ok(Paid { account, own }),
                Err(error) => {
                    own.into_iter().for_each(InFlight::never_sent);
                    Err(error)
                }
            }
        });
        sent.await.unwrap_or_else(|_| Err(LimitError::Unavailable("the slot could not be noted".to_owned())))
    }
}

impl Paid {
    /// As [`InFlight::answered`].
    pub(crate) fn answered(self) {
        self.account.answered();
        self.own.into_iter().for_each(InFlight::answered);
    }

    /// As [`InFlight::never_sent`].
    pub(crate) fn never_sent(self) {
        self.account.never_sent();
        self.own.into_iter().for_each(InFlight::never_sent);
    }
}

async fn account(client: &Client, route: &Route, lane: Lane) -> std::result::Result<Slot, LimitError> {
    let limiter = &client.inner.limiter;
    match &client.slots {
        Slots::Limiter => {}
        Slots::Reserved(reserved) => {
            if let Some(slot) = reserved.take() {
                return Ok(slot);
            }
        }
        Slots::Emergency if route.method == Method::Delete && lane == Lane::TakeAway => {
            return Ok(limiter.emergency());
        }
        Slots::Emergency => {
            return Err(LimitError::Unavailable("only deletions of tokens go on without it".to_owned()));
        }
    }
    one(limiter, lane).await
}

async fn one(limiter: &RateLimiter, lane: Lane) -> std::result::Result<Slot, LimitError> {
    let mut reservation = limiter.acquire(lane, 1).await?;
    let none = || LimitError::Unavailable("no slot in the reservation".to_owned());
    reservation.take().ok_or_else(none)
}
