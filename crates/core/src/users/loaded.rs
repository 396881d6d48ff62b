//! The list of users as it is loaded, page by page. Begun anew, it keeps those of the list before until they come again:
//! nobody is forgotten because the first page was asked for once more.

use super::CachedUser;
use gatehouse_store::Cached;
use jiff::Timestamp;
use planradar::MAX_PAGE_SIZE;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// All that is known of the list.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Loaded {
    /// Those of the pages that were loaded since it was begun anew, in the server's order.
    pub rows: Vec<CachedUser>,
    pub count: Option<u64>,
    pub pages: u32,
    pub complete: bool,
    /// Those of the list before who have not come again yet.
    pub earlier: Vec<CachedUser>,
    /// When the oldest of them were asked for.
    pub earlier_as_of: Option<Timestamp>,
}

/// A page as it came.
pub(crate) struct Arrived {
    /// From 1.
    pub page: u32,
    pub users: Vec<CachedUser>,
    pub count: Option<u64>,
}

impl Loaded {
    /// Everybody who is known.
    pub fn all(&self) -> impl Iterator<Item = &CachedUser> {
        self.rows.iter().chain(&self.earlier)
    }

    /// How many are known.
    pub fn len(&self) -> usize {
        self.rows.len() + self.earlier.len()
    }

    /// The user, to be changed.
    pub fn find_mut(&mut self, id: &str) -> Option<&mut CachedUser> {
        self.rows.iter_mut().chain(&mut self.earlier).find(|row| row.id == id)
    }

    /// How many requests it takes to load the rest; `None`: the server does not say how many there are.
    pub fn requests_left(&self) -> Option<u32> {
        if self.complete {
            return Some(0);
        }
        let left = self.count?.saturating_sub(self.rows.len() as u64);
        u32::try_from(left.div_ceil(u64::from(MAX_PAGE_SIZE))).ok()
    }

    /// The list with one more page. It is dated by its first page.
    pub fn with(known: Option<Cached<Self>>, arrived: Arrived, now: Timestamp) -> Cached<Self> {
        let (mut list, mut fetched_at) =
            known.map_or_else(|| (Self::default(), now), |k| (k.body, k.fetched_at));
        if arrived.page == 1 {
            list.begin_anew(fetched_at);
            fetched_at = now;
        }
        list.take(arrived, fetched_at);
        Cached { body: list, fetched_at }
    }

    fn begin_anew(&mut self, as_of: Timestamp) {
        let before = std::mem::take(self);
        self.earlier = before.rows;
        self.earlier.extend(before.earlier);
        self.earlier_as_of = Some(before.earlier_as_of.map_or(as_of, |older| older.min(as_of)));
    }

    fn take(&mut self, Arrived { page, users, count }: Arrived, as_of: Timestamp) {
        let (full, had) = (users.len() >= MAX_PAGE_SIZE as usize, self.rows.len());
        let ids: HashSet<_> = users.iter().map(|user| user.id.clone()).collect();
        self.earlier.retain(|user| !ids.contains(&user.id));
        let places: HashMap<_, _> =
            self.rows.iter().zip(0..).map(|(row, n): (_, usize)| (row.id.clone(), n)).collect();
        // Another program may have begun anew meanwhile: then this page is not the next one.
        let in_turn = page <= self.pages + 1;
        for user in users {
            match places.get(&user.id) {
                // Somebody who was added meanwhile moves others to the next page.
                Some(&place) => self.rows[place] = user,
                None if in_turn => self.rows.push(user),
                None => self.earlier.push(user),
            }
        }
        if page == self.pages + 1 {
            self.pages = page;
            self.count = count;
            self.complete = match count {
                Some(count) => self.rows.len() as u64 >= count || self.rows.len() == had,
                None => !full,
            };
        }
        if self.complete {
            self.earlier.clear();
        }
        self.earlier_as_of = if self.earlier.is_empty() { None } else { self.earlier_as_of.or(Some(as_of)) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(id: &str, name: &str) -> CachedUser {
        let user = serde_json::json!({"id": id, "name": name, "fixed": false, "last_login_known": true});
        serde_json::from_value(user).unwrap_or_else(|error| panic!("{error}"))
    }

    fn page(page: u32, ids: std::ops::Range<u32>, name: &str, count: u64) -> Arrived {
        Arrived { page, users: ids.map(|id| user(&id.to_string(), name)).collect(), count: Some(count) }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_secs(second)
    }

    /// How many are of this list, how many of the one before, and from when.
    fn facts(list: &Cached<Loaded>) -> (usize, usize, bool, Option<Timestamp>) {
        (list.body.rows.len(), list.body.earlier.len(), list.body.complete, list.body.earlier_as_of)
    }

    #[test]
    fn nobody_is_dropped_before_the_new_list_is_complete() {
        let mut list = Loaded::with(None, page(1, 0..500, "old", 700), at(1));
        assert_eq!((facts(&list), list.body.requests_left()), ((500, 0, false, None), Some(1)));
        list = Loaded::with(Some(list), page(2, 500..700, "old", 700), at(2));
        assert_eq!((facts(&list), list.fetched_at), ((700, 0, true, None), at(1)));

        // One has gone, two are new: the page that comes again has them.
        list = Loaded::with(Some(list), page(1, 1..501, "new", 701), at(9));
        assert_eq!((facts(&list), list.fetched_at), ((500, 200, false, Some(at(1))), at(9)));
        assert_eq!(list.body.requests_left(), Some(1));
        assert_eq!(list.body.all().filter(|user| user.name == "new").count(), 500);
        // Once more from the front, before the rest came.
        list = Loaded::with(Some(list), page(1, 1..501, "new", 701), at(11));
        assert_eq!(facts(&list), (500, 200, false, Some(at(1))));
        list = Loaded::with(Some(list), page(2, 501..702, "new", 701), at(12));
        assert_eq!((facts(&list), list.fetched_at), ((701, 0, true, None), at(11)));
        assert!(list.body.all().all(|user| user.name == "new"));
    }

    #[test]
    fn a_page_that_is_not_the_next_one_changes_what_it_tells_and_no_more() {
        let mut list = Loaded::with(None, page(1, 0..500, "old", 1200), at(1));
        list = Loaded::with(Some(list), page(2, 500..1000, "old", 1200), at(2));
        // Another program has loaded it too.
        list = Loaded::with(Some(list), page(2, 500..1000, "new", 1200), at(3));
        assert_eq!((facts(&list), list.body.pages), ((1000, 0, false, None), 2));
        assert_eq!(list.body.all().filter(|user| user.name == "new").count(), 500);
        // Another program has begun anew, and this loader asked for the third page before.
        list = Loaded::with(Some(list), page(1, 0..500, "new", 1200), at(5));
        list = Loaded::with(Some(list), page(3, 1000..1200, "new", 1200), at(6));
        assert_eq!((facts(&list), list.body.pages), ((500, 700, false, Some(at(1))), 1));
        assert_eq!(list.body.len(), 1200);
    }

    #[test]
    fn a_server_that_tells_no_number_is_asked_until_a_page_is_not_full() {
        let unknown = |arrived: Arrived| Arrived { count: None, ..arrived };
        let mut list = Loaded::with(None, unknown(page(1, 0..500, "old", 0)), at(1));
        assert_eq!((list.body.complete, list.body.requests_left()), (false, None));
        list = Loaded::with(Some(list), unknown(page(2, 500..500, "old", 0)), at(2));
        assert_eq!((facts(&list), list.body.requests_left()), ((500, 0, true, None), Some(0)));
    }
}
