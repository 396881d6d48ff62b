//! A user as gatehouse.db keeps it, and as the window shows it.

use super::{ApiLock, UserRow, UserToken};
use crate::tokens::{TokenUse, full_name, type_word};
use gatehouse_store::Account;
use planradar::{Moment, Token, User};
use serde::{Deserialize, Serialize};

/// What lists show of a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CachedUser {
    pub id: String,
    pub name: String,
    pub mail: Option<String>,
    pub user_type: Option<String>,
    pub active: Option<bool>,
    pub api_access: Option<bool>,
    fixed: bool,
    /// RFC 3339.
    last_login_on: Option<String>,
    last_login_known: bool,
}

impl From<&User> for CachedUser {
    fn from(user: &User) -> Self {
        Self {
            id: user.id.clone(),
            name: full_name(user),
            mail: user.mail.clone(),
            user_type: user.user_type.as_ref().map(type_word),
            active: user.active,
            api_access: user.api_access(),
            fixed: user.has_fixed_permissions(),
            last_login_on: date(user.last_login_on),
            last_login_known: !matches!(user.last_login_on, Moment::Unknown),
        }
    }
}

impl CachedUser {
    /// Why 'API Access' can't be changed.
    pub fn lock(&self, account: &Account) -> Option<ApiLock> {
        if self.is_holder(account) {
            return Some(ApiLock::AccountHolder);
        }
        if self.fixed {
            return Some(ApiLock::FixedPermissions);
        }
        self.api_access.is_none().then_some(ApiLock::Unknown)
    }

    pub fn is_holder(&self, account: &Account) -> bool {
        account.account_holder_id.as_ref() == Some(&self.id)
            || self.user_type.as_deref() == Some("account_holder")
    }

    pub fn row(&self, account: &Account, tokens: Option<(u32, String)>) -> UserRow {
        let (tokens, tokens_as_of) = tokens.unzip();
        UserRow {
            id: self.id.clone(),
            name: self.name.clone(),
            mail: self.mail.clone(),
            user_type: self.user_type.clone(),
            active: self.active,
            // The account holder has all permissions, whatever the server says.
            api_access: if self.is_holder(account) { Some(true) } else { self.api_access },
            locked: self.lock(account),
            last_login_on: self.last_login_on.clone(),
            last_login_known: self.last_login_known,
            tokens,
            tokens_as_of,
        }
    }
}

impl From<&Token> for UserToken {
    fn from(token: &Token) -> Self {
        Self {
            id: token.id.clone(),
            name: token.name.clone(),
            created_on: token.created_on.map(|at| at.to_string()),
            last_used_on: date(token.last_used_on),
            usage: match token.last_used_on {
                Moment::Unknown => TokenUse::Unknown,
                Moment::Never => TokenUse::Never,
                Moment::At(_) => TokenUse::Used,
            },
        }
    }
}

fn date(moment: Moment) -> Option<String> {
    if let Moment::At(at) = moment { Some(at.to_string()) } else { None }
}
