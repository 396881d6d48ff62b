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

/// How far the server's clock may be from ours before one of our own requests passes for somebody's use.
/// Only where the server's own date of our request could not be noted.
const OUR_CLOCK: SignedDuration = SignedDuration::from_secs(120);

/// Whether the last use was somebody's, or one of our own checks (`own_uses`).
pub(crate) fn usage(token: &CachedToken, own_uses: &[Timestamp]) -> TokenUse {
    match token.last_used {
        LastUsed::Unknown => TokenUse::Unknown,
        LastUsed::Never => TokenUse::Never,
        LastUsed::At(at) if own_uses.iter().any(|own| (at - *own).abs() <= OUR_CLOCK) => {
            TokenUse::OnlyVerified
        }
        LastUsed::At(_) => TokenUse::Used,
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
        let own: Vec<_> = Timestamp::from_second(1_000_000).into_iter().collect();
        assert_eq!(usage(&used(1_000_000), &own), TokenUse::OnlyVerified);
        assert_eq!(usage(&used(1_000_119), &own), TokenUse::OnlyVerified);
        assert_eq!(usage(&used(1_000_121), &own), TokenUse::Used);
        assert_eq!(usage(&used(999_000), &own), TokenUse::Used);
        assert_eq!(usage(&used(1_000_000), &[]), TokenUse::Used);
        let never = CachedToken { last_used: LastUsed::Never, ..used(0) };
        assert_eq!(usage(&never, &own), TokenUse::Never);
    }
}
