//! What should be in order before access is asked for: recipes run with a token, under the account's plan and limit.

use super::{CheckVerdict, ConnectCheck, ConnectFinding};
use crate::{
    AreaState, Code, Gatehouse, Result,
    tokens::{Kept, Own, TokenRow, full_name, plan_word},
};
use gatehouse_store::Account;
use planradar::{Client, UserType, rate_limit::Lane};

/// Requests a minute that recipes should have for themselves.
const ROOM: u32 = 10;
/// 'Accounts', as PlanRadar's API description names it.
const ACCOUNTS: &str = "accounts";

impl Gatehouse {
    /// Looks at plan, permission, a kept token and the request limit. `token`: which one; null = the one that was created
    /// last. At most six requests; what can't be asked is told as not known.
    pub async fn connect_preflight(&self, account: &str, token: Option<&str>) -> Result<Vec<ConnectCheck>> {
        let client = self.session(account).await?.client;
        let stored = self.account(account).await?;
        Ok(vec![
            self.check_plan(&stored, &client).await?,
            check_permission(&stored, &client).await,
            self.check_token(&stored, token).await?,
            self.check_room(account).await?,
        ])
    }

    async fn check_plan(&self, account: &Account, client: &Client) -> Result<ConnectCheck> {
        let mut plan = account.plan.clone();
        // As it is now, where the server tells.
        if self.area_state(&account.id, "account").await? == AreaState::Offered {
            match client.account().get(Lane::Person).await {
                Ok(facts) => plan = facts.plan.as_ref().map(plan_word).or(plan),
                Err(error) if self.failure(&error).code == Code::Plan => {
                    let finding = ConnectFinding::Plan { plan: None };
                    return Ok(ConnectCheck { verdict: CheckVerdict::Bad, finding });
                }
                Err(_) => {}
            }
        }
        let verdict = match plan.as_deref() {
            Some("pro" | "enterprise") => CheckVerdict::Good,
            Some("trial" | "basic" | "starter") => CheckVerdict::Bad,
            _ => CheckVerdict::Unknown,
        };
        Ok(ConnectCheck { verdict, finding: ConnectFinding::Plan { plan } })
    }

    async fn check_token(&self, account: &Account, wanted: Option<&str>) -> Result<ConnectCheck> {
        let mut rows = self.tokens_view(&account.id).await?.rows;
        rows.retain(|row| row.kept != Kept::No && row.own != Own::Yes && !row.gone);
        rows.sort_by(|a, b| b.created_on.cmp(&a.created_on));
        let chosen = match wanted {
            Some(id) => rows.into_iter().find(|row| row.id == id),
            None => rows.into_iter().next(),
        };
        let Some(row) = chosen else {
            return Ok(ConnectCheck { verdict: CheckVerdict::Bad, finding: ConnectFinding::NoToken });
        };
        Ok(match self.try_token(account, &row).await {
            Ok((user, personal)) => ConnectCheck {
                verdict: if personal { CheckVerdict::Warn } else { CheckVerdict::Good },
                finding: ConnectFinding::TokenWorks { token: row.id, name: row.name, user, personal },
            },
            Err(error) => ConnectCheck {
                verdict: CheckVerdict::Bad,
                finding: ConnectFinding::TokenFails { token: row.id, name: row.name, error },
            },
        })
    }

    /// Whom the token acts as, and whether that is a person who should not lend theirs.
    async fn try_token(&self, account: &Account, row: &TokenRow) -> Result<(Option<String>, bool)> {
        let value = self.kept_value(&account.id, &row.id).await?;
        let mut user = None;
        if self.area_state(&account.id, "me").await? == AreaState::Offered {
            let client = self.client_for(account, value.clone()).await?;
            user = client.me().get(Lane::Person).await.ok();
        }
        // After it, so that both count as our own use.
        self.verify(&account.id, &row.id, value).await?;
        // Every token of the own list is one's own; a pasted one may be anybody's.
        let personal = user.as_ref().map_or(!row.pasted, |user| {
            user.user_type == Some(UserType::AccountHolder)
                || Some(&user.id) == account.account_holder_id.as_ref()
                || Some(&user.id) == account.user_id.as_ref()
        });
        Ok((user.as_ref().map(full_name), personal))
    }

    async fn check_room(&self, account: &str) -> Result<ConnectCheck> {
        let now = self.limit_status(account).await?;
        let left = now.limit.saturating_sub(now.share);
        let verdict = match now.paused_until {
            Some(_) => CheckVerdict::Bad,
            None if left < ROOM => CheckVerdict::Warn,
            None => CheckVerdict::Good,
        };
        let finding = ConnectFinding::Room { limit: now.limit, left, paused_until: now.paused_until };
        Ok(ConnectCheck { verdict, finding })
    }
}

/// By a documented request, where it is known who one is.
async fn check_permission(account: &Account, client: &Client) -> ConnectCheck {
    let account_holder = account.user_type.as_deref() == Some("account_holder")
        || account.user_id.is_some() && account.user_id == account.account_holder_id;
    let allowed = match &account.user_id {
        _ if account_holder => Some(true),
        Some(id) => {
            let user = client.users().get(id, Lane::Person).await.ok();
            user.and_then(|user| user.permissions).and_then(|ticks| ticks.get(ACCOUNTS).copied())
        }
        None => None,
    };
    let verdict = match allowed {
        Some(true) => CheckVerdict::Good,
        Some(false) => CheckVerdict::Bad,
        None => CheckVerdict::Unknown,
    };
    ConnectCheck { verdict, finding: ConnectFinding::Permission { allowed, account_holder } }
}
