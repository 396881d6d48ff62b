//! Which token is Gatehouse's own? The list does not say. But each of our requests moves the last-used date
//! of exactly that token, so it is the one that is newest in every list.

use super::cached::CachedToken;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Servers may date to the second, and two programs may be at work at once.
const SAME_MOMENT: SignedDuration = SignedDuration::from_secs(2);

/// How near to the server's own clock a date must be to be that of the request that asked for it.
pub(crate) const JUST_NOW: SignedDuration = SignedDuration::from_secs(5);

/// What earlier lists told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OwnClues {
    /// Tokens that were newest in every list so far.
    pub candidates: Vec<String>,
    /// The newest date of the last list.
    newest: Option<Timestamp>,
    /// One candidate, in two lists, with a date that moved between them.
    pub confirmed: bool,
}

/// Takes another list into account. `server_time`: the server's clock when it answered; a date that lags behind it may be
/// a neighbour's, on a server that dates late or not every request.
pub(crate) fn learn(
    before: Option<&OwnClues>,
    list: &[CachedToken],
    server_time: Option<Timestamp>,
) -> OwnClues {
    let newest = list.iter().filter_map(|t| t.last_used.at()).max();
    let Some(top) = newest else {
        return OwnClues { candidates: Vec::new(), newest: None, confirmed: false };
    };
    let edge = top - SAME_MOMENT;
    let now: Vec<String> =
        list.iter().filter(|t| t.last_used.at().is_some_and(|at| at >= edge)).map(|t| t.id.clone()).collect();
    let Some(before) = before.filter(|b| !b.candidates.is_empty()) else {
        return OwnClues { candidates: now, newest, confirmed: false };
    };
    if before.newest.is_some_and(|b| b >= top) {
        return before.clone();
    }
    let both: Vec<String> = before.candidates.iter().filter(|id| now.contains(id)).cloned().collect();
    if both.is_empty() {
        return OwnClues { candidates: now, newest, confirmed: false };
    }
    let fresh = server_time.is_none_or(|now| (now - top).abs() <= JUST_NOW);
    OwnClues { confirmed: both.len() == 1 && fresh, candidates: both, newest }
}

#[cfg(test)]
mod tests {
    use super::{learn as learn_at, *};
    use crate::tokens::cached::LastUsed;

    fn list(dates: &[(&str, Option<i64>)]) -> Vec<CachedToken> {
        let at = |s: Option<i64>| {
            s.and_then(|s| Timestamp::from_second(s).ok()).map_or(LastUsed::Never, LastUsed::At)
        };
        let row = |(id, s): &(&str, Option<i64>)| CachedToken {
            id: (*id).into(),
            name: "n".into(),
            created_on: None,
            last_used: at(*s),
            others_use: None,
        };
        dates.iter().map(row).collect()
    }

    fn learn(before: Option<&OwnClues>, list: &[CachedToken]) -> OwnClues {
        learn_at(before, list, None)
    }

    #[test]
    fn the_one_that_moves_with_every_list() {
        let first = learn(None, &list(&[("own", Some(100)), ("idle", Some(5)), ("never", None)]));
        assert_eq!((first.candidates.as_slice(), first.confirmed), (["own".to_owned()].as_slice(), false));
        let still = learn(Some(&first), &list(&[("own", Some(100)), ("idle", Some(5))]));
        assert!(!still.confirmed, "a date that did not move tells nothing");
        let second = learn(Some(&first), &list(&[("own", Some(110)), ("idle", Some(5))]));
        assert!(second.confirmed);
    }

    #[test]
    fn a_busy_neighbour_keeps_it_open_until_it_rests() {
        let first = learn(None, &list(&[("own", Some(100)), ("busy", Some(101))]));
        assert_eq!(first.candidates.len(), 2);
        let second = learn(Some(&first), &list(&[("own", Some(110)), ("busy", Some(109))]));
        assert!(!second.confirmed);
        let third = learn(Some(&second), &list(&[("own", Some(130)), ("busy", Some(109))]));
        assert_eq!((third.candidates.as_slice(), third.confirmed), (["own".to_owned()].as_slice(), true));
    }

    #[test]
    fn a_server_without_dates_tells_nothing() {
        let clues = learn(None, &list(&[("a", None), ("b", None)]));
        assert!(clues.candidates.is_empty() && !clues.confirmed);
    }

    #[test]
    fn a_date_that_lags_confirms_nobody() {
        let now = |s| Timestamp::from_second(s).ok();
        let first = learn_at(None, &list(&[("own", None), ("busy", Some(100))]), now(101));
        let late = learn_at(Some(&first), &list(&[("own", None), ("busy", Some(130))]), now(160));
        assert_eq!((late.candidates.len(), late.confirmed), (1, false));
        let dated = learn_at(Some(&late), &list(&[("own", Some(200)), ("busy", Some(130))]), now(200));
        assert!(!dated.confirmed, "another one than before");
        let again = learn_at(Some(&dated), &list(&[("own", Some(210)), ("busy", Some(130))]), now(211));
        assert_eq!((again.candidates.as_slice(), again.confirmed), (["own".to_owned()].as_slice(), true));
    }
}
