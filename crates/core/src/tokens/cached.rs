//! The token list as it is kept in gatehouse.db, and what its dates mean.

use super::TokenUse;
use jiff::{SignedDuration, Timestamp};
use planradar::{Moment, Token};
use serde::{Deserialize, Serialize};

/// A row of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CachedToken {
    pub id: String,
    pub name: String,
    pub created_on: Option<Timestamp>,
    pub last_used: LastUsed,
}

/// The server's last-used date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LastUsed {
    /// The server doesn't say.
    Unknown,
    /// Never.
    Never,
    /// Then.
    At(Timestamp),
}

impl LastUsed {
    pub fn at(self) -> Option<Timestamp> {
        if let Self::At(at) = self { Some(at) } else { None }
    }
}

impl From<Token> for CachedToken {
    fn from(token: Token) -> Self {
        let last_used = match token.last_used_on {
            Moment::Unknown => LastUsed::Unknown,
            Moment::Never => LastUsed::Never,
            Moment::At(at) => LastUsed::At(at),
        };
        Self { id: token.id, name: token.name, created_on: token.created_on, last_used }
    }
}

/// Our own checks of one token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct OwnUses {
    /// As the server dated them.
    pub dated: Vec<Timestamp>,
    /// By our clock: the last one, if the server's date of it could not be read yet.
    pub undated: Option<Timestamp>,
}

/// How far the server's clock may be from ours before an undated check of our own passes for somebody's use.
const OUR_CLOCK: SignedDuration = SignedDuration::from_mins(2);

/// Whether the last use was somebody's, or one of our own checks.
pub(crate) fn usage(token: &CachedToken, own: &OwnUses) -> TokenUse {
    match token.last_used {
        LastUsed::Unknown => TokenUse::Unknown,
        LastUsed::Never => TokenUse::Never,
        LastUsed::At(at) => {
            let undated = own.undated.is_some_and(|own| (at - own).abs() <= OUR_CLOCK);
            if undated || own.dated.contains(&at) { TokenUse::OnlyVerified } else { TokenUse::Used }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn used(at: i64) -> CachedToken {
        let last_used = Timestamp::from_second(at).map_or(LastUsed::Never, LastUsed::At);
        CachedToken { id: "1".into(), name: "n".into(), created_on: None, last_used }
    }

    #[test]
    fn our_own_check_is_nobodys_use() {
        let at = |s| Timestamp::from_second(s).ok();
        let dated = OwnUses { dated: at(1_000_000).into_iter().collect(), undated: None };
        assert_eq!(usage(&used(1_000_000), &dated), TokenUse::OnlyVerified);
        assert_eq!(usage(&used(1_000_001), &dated), TokenUse::Used, "a program came right after our check");
        let undated = OwnUses { dated: Vec::new(), undated: at(1_000_000) };
        assert_eq!(usage(&used(1_000_119), &undated), TokenUse::OnlyVerified);
        assert_eq!(usage(&used(999_881), &undated), TokenUse::OnlyVerified);
        assert_eq!(usage(&used(1_000_121), &undated), TokenUse::Used);
        assert_eq!(usage(&used(1_000_000), &OwnUses::default()), TokenUse::Used);
        let never = CachedToken { last_used: LastUsed::Never, ..used(0) };
        assert_eq!(usage(&never, &undated), TokenUse::Never);
    }
}
