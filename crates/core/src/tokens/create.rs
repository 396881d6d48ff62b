//! Creating a token. A POST is never repeated; a value is kept before success is told.

use super::{CachedToken, CreatedToken, Kept, check::check_name};
use crate::{
    AppError, Code, Details, Gatehouse, Result,
    api_error::translate,
    held::{Held, REVEAL_FOR},
    notices::Notice,
    operations::{Data, Op, OperationKind},
    ports::SecretId,
    secrets::Late,
};
use gatehouse_store::{Kept as StoreKept, KeptToken, OperationState as State, Origin, Store};
use jiff::SignedDuration;
use planradar::{Client, Error, Sent, rate_limit::Lane};
use secrecy::SecretString;
use std::{sync::Arc, time::Duration};

/// How long the first look after a lost answer may take: somebody waits for it.
pub(crate) const LOOK_FOR: Duration = Duration::from_secs(10);
/// A list, the write, and a look if its answer is lost.
const SLOTS: u32 = 3;

impl Gatehouse {
    /// Creates a token. It is kept before this answers, if `keep` says so and the keychain agrees; if not,
    /// the answer says why, and the value stays open under the handle.
    pub async fn token_create(&self, account: &str, name: &str, keep: Kept) -> Result<CreatedToken> {
        let name = check_name(name)?;
        let _once = self.only_once(format!("create {account} {name}"))?;
        let data = Data { keep: Some(keep), ..Data::default() };
        let mut op = self.begin(account, OperationKind::CreateToken, &name, data).await?;
        self.create(&mut op).await
    }

    /// Carries a planned creation out, up to the kept value.
    pub(crate) async fn create(&self, op: &mut Op) -> Result<CreatedToken> {
        let _working = self.working_on(op.id());
        let account = op.account().to_owned();
        // What can fail without the server comes first.
        let handle = Held::new_handle()?;
        let client = match self.before_create(&account, op).await {
            Ok(client) => client,
            Err(why) => return self.abandon(op, why).await,
        };
        op.data.sent_at = Some(self.now());
        self.advance(op, State::Sent).await?;
        match client.tokens().create(op.subject()).await {
            Ok(created) => self.take_created(op, handle, created).await,
            Err(error) if surely_not_done(&error) => {
                let why = translate(&error, self.now());
                self.abandon(op, why).await
            }
            Err(error) => Err(self.lost(op, &client, &error).await),
        }
    }

    /// Lists the ids that are there already, with the slot for the POST in hand.
    async fn before_create(&self, account: &str, op: &mut Op) -> Result<Client> {
        let session = self.session(account).await?;
        let client = self.reserved(&session.client, Lane::Person).await?;
        let list = self.fetch_list_with(account, &client, Lane::Person).await?;
        op.data.known_ids = list.rows.iter().map(|t| t.id.clone()).collect();
        self.take_list(account, list).await?;
        Ok(client)
    }

    /// A client with slots in hand for all that a write may need; with fewer where the share is smaller.
    pub(crate) async fn reserved(&self, client: &Client, lane: Lane) -> Result<Client> {
        let share = client.limiter().status().share;
        client.reserve(lane, SLOTS.min(share)).await.map_err(|e| translate(&e, self.now()))
    }

    /// The value is in hand: from here on nothing may lose it.
    async fn take_created(
        &self,
        op: &mut Op,
        handle: String,
        created: planradar::CreatedToken,
    ) -> Result<CreatedToken> {
        let planradar::CreatedToken { token, value } = created;
        let account = op.account().to_owned();
        self.held.open(&handle, op.id(), &account, (&token.id, &token.name), value.clone());
        op.data.token_id = Some(token.id.clone());
        // If the journal fails now, the value is still on show: better than an error and a lost value.
        let mut journal = self.advance_from_anywhere(op, State::Answered).await;
        let keep = op.data.keep.unwrap_or(Kept::No);
        let kept = self.keep_value(&account, (&token.id, &token.name), value, keep).await;
        if kept.is_ok() && keep != Kept::No && journal.is_ok() {
            journal = self.advance(op, State::Stored).await;
        }
        let row = CachedToken::from(token.clone());
        let listed = self
            .change_list(&account, |list| {
                list.retain(|t| t.id != row.id);
                list.insert(0, row);
            })
            .await;
        if let Err(error) = journal.and(listed) {
            tracing::error!(code = ?error.code, "gatehouse.db did not follow a created token");
        }
        let (kept, keep_error) = match kept {
            Ok(()) => (keep, None),
            Err(error) => (Kept::No, Some(error)),
        };
        self.held.set_kept(&handle, kept);
        let reveal_for = SignedDuration::try_from(REVEAL_FOR).unwrap_or(SignedDuration::ZERO);
        Ok(CreatedToken {
            operation: op.id().to_owned(),
            account,
            token_id: token.id,
            name: token.name,
            handle,
            reveal_until: (self.now() + reveal_for).to_string(),
            kept,
            keep_error,
        })
    }

    /// Keeps a value where the person chose. A keychain that answers late is believed then.
    pub(crate) async fn keep_value(
        &self,
        account: &str,
        token: (&str, &str),
        value: SecretString,
        keep: Kept,
    ) -> Result<()> {
        let id = SecretId::Token { account: account.to_owned(), token: token.0.to_owned() };
        match keep {
            Kept::No => return Ok(()),
            Kept::Session => self.secrets.put_session(&id, value),
            Kept::Keychain => self.put_noted(&id, value, self.keep_late(account, token)).await?,
        }
        let noted = self.remember_kept(account, token, keep).await;
        if noted.is_err() {
            // It is still on show. An entry that is noted nowhere would stay for ever.
            self.secrets.forget_session(&id);
            self.take_back(&id);
        } else {
            self.secret_settled(&id).await;
        }
        noted
    }

    fn keep_late(&self, account: &str, token: (&str, &str)) -> Late<()> {
        let (store, held, notifier) =
            (self.store.clone(), Arc::clone(&self.held), Arc::clone(&self.notifier));
        let this = self.this.clone();
        let (account, id) = (account.to_owned(), token.0.to_owned());
        let row = kept_row(&account, token, StoreKept::Keychain, self.now());
        Box::new(move |outcome| {
            if outcome.is_err() {
                return;
            }
            match Store::keep_token(&store, &row) {
                Ok(()) => {
                    held.set_kept_of(&account, &id, Kept::Keychain);
                    let id = SecretId::Token { account: account.clone(), token: id };
                    // One that stays costs a look at the next start.
                    store.forget_secret_note(&id).ok();
                }
                Err(error) => {
                    tracing::warn!(%error, "a value that was kept late could not be noted, and is taken back");
                    let id = SecretId::Token { account: account.clone(), token: id };
                    if let Some(this) = this.upgrade() {
                        this.take_back(&id);
                    }
                }
            }
            notifier.notify(Notice::TokensChanged { account });
        })
    }

    pub(crate) async fn remember_kept(&self, account: &str, token: (&str, &str), keep: Kept) -> Result<()> {
        let kept = if keep == Kept::Session { StoreKept::Session } else { StoreKept::Keychain };
        let row = kept_row(account, token, kept, self.now());
        self.db(move |s| s.keep_token(&row)).await?;
        self.notifier.notify(Notice::TokensChanged { account: account.to_owned() });
        Ok(())
    }

    /// The answer was lost: it may have happened. Looks once at once, and again later. Whatever fails here, the
    /// journal has at least "sent", and the next list goes on from there.
    async fn lost(&self, op: &mut Op, client: &Client, error: &Error) -> AppError {
        let account = op.account().to_owned();
        let mut journal = self.advance(op, State::Unknown).await;
        let looked = tokio::time::timeout(LOOK_FOR, self.fetch_list_with(&account, client, Lane::Person));
        if let Ok(Ok(list)) = looked.await {
            let new = |t: &&CachedToken| t.name == op.subject() && !op.data.known_ids.contains(&t.id);
            op.data.candidates = list.rows.iter().filter(new).map(|t| t.id.clone()).collect();
            op.data.checked_at = Some(self.now());
            journal = journal.and(self.take_list(&account, list).await.map(drop));
        }
        let found = !op.data.candidates.is_empty();
        if !found {
            op.data.next_check_at = Some(self.next_look());
            self.look_again_later(&account);
        }
        let journal = journal.and(self.note(op).await);
        let text = if found {
            format!(
                "The connection broke. “{}” was created, but its value is lost. Delete it and create a new one?",
                op.subject()
            )
        } else {
            format!(
                "The connection broke. “{}” may have been created. Gatehouse looks again in a minute and tells you.",
                op.subject()
            )
        };
        let (cause, journal) = (translate(error, self.now()).code, journal.err().map(|e| e.code));
        tracing::info!(?cause, found, ?journal, "the answer to a creation was lost");
        AppError::new(Code::LostAnswer, text).with(Details::Operation { id: op.id().to_owned() })
    }
}

fn kept_row(account: &str, token: (&str, &str), kept: StoreKept, now: jiff::Timestamp) -> KeptToken {
    KeptToken {
        account_id: account.to_owned(),
        token_id: token.0.to_owned(),
        name: token.1.to_owned(),
        origin: Origin::Created,
        kept,
        kept_at: now,
        verified_at: None,
    }
}

/// Whether the server surely did not carry a write out: nothing left, or it refused. A 5xx tells nothing, nor do the
/// 4xx by which something on the way gave up waiting; and a redirect to see something else may follow what was done.
pub(crate) fn surely_not_done(error: &Error) -> bool {
    let gave_up = |status| matches!(status, 408 | 425 | 499);
    error.sent == Sent::No || error.status.is_some_and(|s| matches!(s, 307 | 308 | 400..500) && !gave_up(s))
}
