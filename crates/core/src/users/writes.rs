//! Which of two answers about a user is newer. An answer may come late: what was asked for before a write of ours does not
//! take its result back.

use super::CachedUser;
use std::collections::HashMap;

/// What writes left, by account and user, with the moment of the look that proved it.
#[derive(Default)]
pub(crate) struct Writes {
    asked: u64,
    rows: HashMap<(String, String), (u64, CachedUser)>,
}

impl Writes {
    /// A request is about to leave. Later ones have a higher number.
    pub fn asking(&mut self) -> u64 {
        self.asked += 1;
        self.asked
    }

    /// A user as they were read after a write.
    pub fn wrote(&mut self, account: &str, user: &CachedUser, asked: u64) {
        self.rows.insert((account.to_owned(), user.id.clone()), (asked, user.clone()));
    }

    /// What a write left of the user since then.
    pub fn since(&self, account: &str, user: &str, asked: u64) -> Option<&CachedUser> {
        let (wrote, row) = self.rows.get(&(account.to_owned(), user.to_owned()))?;
        (*wrote > asked).then_some(row)
    }
}
