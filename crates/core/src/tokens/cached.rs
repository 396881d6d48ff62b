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
    /// When somebody used it last, if a check of our own has taken that date's place at the server.
    #[serde(default)]
    pub others_use: Option<Timestamp>,
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
        Self { id: token.id, name: token.name, created_on: token.created_on, last_used, others_use: None }
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

impl OwnUses {
    fn has(&self, at: Timestamp) -> bool {
        self.dated.contains(&at) || self.undated.is_some_and(|own| (at - own).abs() <= OUR_CLOCK)
    }
}

/// What the last-used date means, and when somebody used the token last.
pub(crate) fn usage(token: &CachedToken, own: &OwnUses) -> (TokenUse, Option<Timestamp>) {
    match (token.last_used, token.others_use) {
        (LastUsed::Unknown, _) => (TokenUse::Unknown, None),
        (LastUsed::Never, _) => (TokenUse::Never, None),
        (LastUsed::At(at), _) if !own.has(at) => (TokenUse::Used, Some(at)),
        (LastUsed::At(_), Some(others)) => (TokenUse::Used, Some(others)),
        (LastUsed::At(at), None) => (TokenUse::OnlyVerified, Some(at)),
    }
}

/// Carries over from the list before what the server has forgotten: our own checks move the date of others' use.
/// `fetched_at`: of the list before, by our clock.
pub(crate) fn carry_over(
    token: &mut CachedToken,
    before: &CachedToken,
    fetched_at: Timestamp,
    own: &OwnUses,
) {
    // An undated check that came after that list can't be what it dated.
    let undated = own.undated.filter(|at| *at <= fetched_at);
    let known = OwnUses { dated: own.dated.clone(), undated };
    token.others_use = match usage(before, &known) {
        (TokenUse::Used, at) => at,
        _ => None,
    };
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.
    use super::*;

    fn used(at: i64) -> CachedToken {
        let last_used = Timestamp::from_second(at).map_or(LastUsed::Never, LastUsed::At);
        CachedToken { id: "1".into(), name: "n".into(), created_on: None, last_used, others_use: None }
    }

    fn at(seconds: i64) -> Option<Timestamp> {
        Timestamp::from_second(seconds).ok()
    }

    #[test]
    fn our_own_check_is_nobodys_use() {
        let usage = |token: &CachedToken, own: &OwnUses| super::usage(token, own).0;
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

    #[test]
    fn what_a_program_did_outlives_our_check() {
        let fetched = at(2_000).unwrap();
        let own = OwnUses { dated: at(3_000).into_iter().collect(), undated: None };
        let mut now = used(3_000);
        carry_over(&mut now, &used(1_000), fetched, &own);
        assert_eq!(usage(&now, &own), (TokenUse::Used, at(1_000)));
        // Again and again, while nobody else comes.
        let mut later = used(3_000);
        carry_over(&mut later, &now, at(3_001).unwrap(), &own);
        assert_eq!(usage(&later, &own), (TokenUse::Used, at(1_000)));
        let mut newer = used(4_000);
        carry_over(&mut newer, &later, at(3_002).unwrap(), &own);
        assert_eq!(usage(&newer, &own), (TokenUse::Used, at(4_000)));
        // Nobody's use before the check stays nobody's.
        let mut idle = used(3_000);
        carry_over(&mut idle, &CachedToken { last_used: LastUsed::Never, ..used(0) }, fetched, &own);
        assert_eq!(usage(&idle, &own), (TokenUse::OnlyVerified, at(3_000)));
        // A check on its way does not swallow what was seen just before it.
        let on_its_way = OwnUses { dated: Vec::new(), undated: at(2_060) };
        let mut moved = used(2_061);
        carry_over(&mut moved, &used(1_990), fetched, &on_its_way);
        assert_eq!(usage(&moved, &on_its_way), (TokenUse::Used, at(1_990)));
    }
}
