//! Which server is this: what it was found to offer, asked lazily and never pretended.

use crate::{
    AppError, Code, Gatehouse, Result,
    api_error::{refusal, translate},
    tokens::ACCOUNT,
};
use gatehouse_store::{Capability, Verdict};
use planradar::{Client, Error, ErrorKind};
use serde::Serialize;
use specta::Type;

/// Whether an area can be managed over this server's API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum AreaState {
    /// Not looked yet.
    Unknown,
    /// Yes.
    Offered,
    /// The server has no such route: it is done on its web page.
    NotOffered {
        /// RFC 3339.
        checked_at: String,
    },
    /// The route is there, this user or plan may not.
    Refused {
        /// Such as `permission_api_access`, `account_holder_only`, `plan`, or `forbidden`.
        reason: Code,
        /// RFC 3339.
        checked_at: String,
    },
}

impl From<&Capability> for AreaState {
    fn from(found: &Capability) -> Self {
        let checked_at = found.checked_at.to_string();
        match found.verdict {
            Verdict::Offered => Self::Offered,
            Verdict::NotOffered => Self::NotOffered { checked_at },
            Verdict::Refused => Self::Refused { reason: refusal(found.detail.as_deref()).0, checked_at },
        }
    }
}

impl Gatehouse {
    /// Learns from the answer to a collection's GET whether the server offers it. `not_offered` is what a person is
    /// told if it does not.
    pub(crate) async fn learn_offer<T>(
        &self,
        account: &str,
        route: &str,
        client: &Client,
        asked: planradar::Result<T>,
        not_offered: &str,
    ) -> Result<T> {
        match asked {
            Ok(answer) => {
                self.remember(account, route, Verdict::Offered, None).await?;
                Ok(answer)
            }
            Err(error) if error.means_not_offered() => {
                // A captive portal or a wrong Account ID looks the same: a documented route must answer now.
                client.check().await.map_err(|e| self.failure(&e))?;
                self.remember(account, route, Verdict::NotOffered, None).await?;
                Err(AppError::new(Code::NotOffered, not_offered))
            }
            Err(error) => {
                match error.kind {
                    ErrorKind::Forbidden => {
                        self.remember(account, route, Verdict::Refused, error.code.clone()).await?;
                    }
                    ErrorKind::RateLimited => self.doubt_limit(account).await?,
                    _ => {}
                }
                Err(self.failure(&error))
            }
        }
    }

    /// The limit was passed although it is kept to: perhaps it is another one now. Asked again with the next list.
    async fn doubt_limit(&self, account: &str) -> Result<()> {
        let key = account.to_owned();
        self.db(move |s| {
            let known = s.capabilities(&key)?.into_iter().find(|c| c.route == ACCOUNT);
            if known.is_some_and(|c| c.verdict == Verdict::Offered) {
                s.forget_capabilities(&key, Some(ACCOUNT))?;
            }
            Ok(())
        })
        .await
    }

    /// What was found out about an area, by its collection's route.
    pub(crate) async fn area_state(&self, account: &str, route: &'static str) -> Result<AreaState> {
        let key = account.to_owned();
        let found: Option<Capability> =
            self.db(move |s| Ok(s.capabilities(&key)?.into_iter().find(|c| c.route == route))).await?;
        Ok(found.as_ref().map_or(AreaState::Unknown, AreaState::from))
    }

    /// What a failed call means to a person, now.
    pub(crate) fn failure(&self, error: &Error) -> AppError {
        translate(error, self.now())
    }
}
