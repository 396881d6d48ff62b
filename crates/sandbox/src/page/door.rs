//! Who may see the demonstration page: a browser that came with a code, each good once, and has kept its cookie.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::secret_value::{equal, hash};

/// How long a code is good.
const CODE: Duration = Duration::from_mins(2);
/// How many codes and sessions there are at most; the oldest go first.
const MOST: usize = 16;

/// Hashes of codes and sessions, in memory only.
#[derive(Default)]
pub(crate) struct Door(Mutex<Known>);

#[derive(Default)]
struct Known {
    codes: Vec<([u8; 32], Instant)>,
    sessions: Vec<[u8; 32]>,
}

impl Door {
    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn new_code(&self) -> Result<String, getrandom::Error> {
        let code = random()?;
        push(&mut self.lock().codes, (hash(code.as_bytes()), Instant::now()));
        Ok(code)
    }

    /// Takes a code, which is then good no more, for a session.
    pub(super) fn enter(&self, code: &str) -> Option<String> {
        let wanted = hash(code.as_bytes());
        let mut known = self.lock();
        known.codes.retain(|(_, made)| made.elapsed() < CODE);
        let at = known.codes.iter().position(|(code, _)| equal(code, &wanted))?;
        known.codes.remove(at);
        let session = random().ok()?;
        push(&mut known.sessions, hash(session.as_bytes()));
        Some(session)
    }

    pub(super) fn knows(&self, session: &str) -> bool {
        let wanted = hash(session.as_bytes());
        self.lock().sessions.iter().any(|session| equal(session, &wanted))
    }
}

fn push<T>(list: &mut Vec<T>, new: T) {
    if list.len() == MOST {
        list.remove(0);
    }
    list.push(new);
}

/// 128 random bits as hex.
fn random() -> Result<String, getrandom::Error> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes)?;
    Ok(hex::encode(bytes))
}
