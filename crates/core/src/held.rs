//! Values that are shown once: in memory, opened by a random handle, gone when the dialog closes.

use crate::{AppError, Code, Result, sync::lock, tokens::Kept};
use secrecy::SecretString;
use std::{collections::HashMap, sync::Mutex, time::Duration};
use tokio::time::Instant;

/// How long a handle opens the value for reveal.
pub(crate) const REVEAL_FOR: Duration = Duration::from_mins(2);

/// A value on show.
#[derive(Clone)]
pub(crate) struct HeldValue {
    /// The operation that created it.
    pub operation: String,
    /// Our account id.
    pub account: String,
    /// PlanRadar's id of the token.
    pub token_id: String,
    /// The token's name.
    pub name: String,
    /// The value.
    pub value: SecretString,
    /// Where it is kept beside here.
    pub kept: Kept,
    since: Instant,
}

/// All values on show.
#[derive(Default)]
pub(crate) struct Held(Mutex<HashMap<String, HeldValue>>);

impl Held {
    /// A handle nobody can guess: 128 random bits in hex. Made before the value is asked for.
    pub fn new_handle() -> Result<String> {
        let mut bits = [0_u8; 16];
        getrandom::fill(&mut bits).map_err(|e| {
            AppError::new(Code::Internal, format!("The system gives no random numbers: {e}."))
        })?;
        Ok(hex::encode(bits))
    }

    /// Takes a value in, not kept anywhere else yet.
    pub fn open(
        &self,
        handle: &str,
        operation: &str,
        account: &str,
        token: (&str, &str),
        value: SecretString,
    ) {
        let (token_id, name) = token;
        let held = HeldValue {
            operation: operation.to_owned(),
            account: account.to_owned(),
            token_id: token_id.to_owned(),
            name: name.to_owned(),
            value,
            kept: Kept::No,
            since: Instant::now(),
        };
        lock(&self.0).insert(handle.to_owned(), held);
    }

    /// The value behind a handle.
    pub fn get(&self, handle: &str) -> Result<HeldValue> {
        lock(&self.0).get(handle).cloned().ok_or_else(closed)
    }

    /// The value, for the page's eyes: only within [`REVEAL_FOR`].
    pub fn reveal(&self, handle: &str) -> Result<SecretString> {
        let held = self.get(handle)?;
        if held.since.elapsed() > REVEAL_FOR {
            return Err(AppError::new(
                Code::HandleExpired,
                "Showing the value was possible for two minutes. Copy still works until you close this.",
            ));
        }
        Ok(held.value)
    }

    /// Notes where the value is kept now.
    pub fn set_kept(&self, handle: &str, kept: Kept) {
        if let Some(held) = lock(&self.0).get_mut(handle) {
            held.kept = kept;
        }
    }

    /// Notes where the value of a token is kept now, whichever handle it has.
    pub fn set_kept_of(&self, account: &str, token_id: &str, kept: Kept) {
        for held in lock(&self.0).values_mut().filter(|h| h.account == account && h.token_id == token_id) {
            held.kept = kept;
        }
    }

    /// Whether a value is on show that is kept nowhere else.
    pub fn any_unkept(&self) -> bool {
        lock(&self.0).values().any(|h| h.kept == Kept::No)
    }

    /// Whether the value of an operation is on show now.
    pub fn shows(&self, operation: &str) -> bool {
        lock(&self.0).values().any(|h| h.operation == operation)
    }

    /// Forgets the value behind a handle.
    pub fn close(&self, handle: &str) -> Option<HeldValue> {
        lock(&self.0).remove(handle)
    }

    /// Forgets all values of an account.
    pub fn close_account(&self, account: &str) {
        lock(&self.0).retain(|_, h| h.account != account);
    }
}

fn closed() -> AppError {
    AppError::new(Code::HandleExpired, "This value is no longer open here.")
}
