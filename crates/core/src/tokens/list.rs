//! The list: shown at once as known last, then refreshed.

use super::{
    CachedToken, Kept, Own, OwnUses, ReplacementRole, TokenRow, TokenUse, TokensView, cached::LastUsed,
    own::OwnClues, usage,
};
use crate::{
    AppError, AreaState, Code, Gatehouse, Result,
    accounts::fit_label,
    notices::Notice,
    operations::{Op, OperationKind},
    session::Session,
};
use gatehouse_store::{
    Account, Cached, Capability, Kept as StoreKept, KeptToken, Origin, Store, StoreError, Verdict,
};
use jiff::{SignedDuration, Timestamp};
use planradar::{
    ErrorKind,
    rate_limit::{Lane, MAX_LIMIT},
};
use std::collections::HashMap;

pub(crate) const LIST: &str = "tokens.list";
pub(crate) const OWN_CLUES: &str = "tokens.own-clues";
/// The account's facts.
pub(crate) const ACCOUNT: &str = "account";
/// How long they are believed.
const FACTS_FOR: SignedDuration = SignedDuration::from_hours(24);

/// What gatehouse.db knows of an account's tokens.
struct Known {
    account: Account,
    list: Option<Cached<Vec<CachedToken>>>,
    clues: Option<OwnClues>,
    kept: Vec<KeptToken>,
    own_uses: HashMap<String, OwnUses>,
    capability: Option<Capability>,
}

impl Gatehouse {
    /// The list as known now. Makes no request.
    pub async fn tokens_view(&self, account: &str) -> Result<TokensView> {
        let known = self.known(account).await?;
        let replacements = self.open_ops(account).await?;
        let state = known.capability.as_ref().map_or(AreaState::Unknown, AreaState::from);
        Ok(TokensView {
            account: account.to_owned(),
            as_of: known.list.as_ref().map(|l| l.fetched_at.to_string()),
            rows: rows(&known, &replacements),
            state,
            error: None,
        })
    }

    /// Asks the server, takes the answer in, and settles what was open. A failure is told in the view, whose
    /// rows are then the last known ones.
    pub async fn tokens_refresh(&self, account: &str) -> Result<TokensView> {
        self.refreshed(account, Lane::Refresh).await
    }

    /// The same for somebody who waits for it.
    pub(crate) async fn tokens_look(&self, account: &str) -> Result<TokensView> {
        self.refreshed(account, Lane::Person).await
    }

    async fn refreshed(&self, account: &str, lane: Lane) -> Result<TokensView> {
        let error = self.refresh(account, lane).await.err();
        self.notifier.notify(Notice::TokensChanged { account: account.to_owned() });
        Ok(TokensView { error, ..self.tokens_view(account).await? })
    }

    async fn refresh(&self, account: &str, lane: Lane) -> Result<()> {
        let session = self.session(account).await?;
        self.fetch_and_take(account, &session, lane).await?;
        let first = self.learn_facts(account, &session).await?;
        if first || self.own_nearly_known(account).await? {
            // A second list tells which token is our own.
            self.fetch_and_take(account, &session, lane).await?;
        }
        Ok(())
    }

    /// Who the token acts as: asked once. The account's facts: once a day, since the plan and the limit may change, and
    /// after a cooldown. Returns whether it asked for the first time.
    async fn learn_facts(&self, account: &str, session: &Session) -> Result<bool> {
        let key = account.to_owned();
        let (stored, capabilities) = self.db(move |s| Ok((s.account(&key)?, s.capabilities(&key)?))).await?;
        let asked = |route: &str| capabilities.iter().any(|c| c.route == route);
        let now = self.now();
        let mut news = false;
        if !asked("me") && stored.as_ref().is_some_and(|a| a.user_id.is_none()) {
            news = true;
            match session.client.me().get(Lane::Refresh).await {
                Ok(me) => {
                    self.remember(account, "me", Verdict::Offered, None).await?;
                    let (name, kind) = (super::full_name(&me), me.user_type.as_ref().map(super::type_word));
                    self.change_account(account, move |a| {
                        (a.user_id, a.user_name, a.user_mail, a.user_type) =
                            (Some(me.id), Some(name), me.mail, kind);
                    })
                    .await?;
                }
                Err(error) => self.remember_failure(account, "me", &error).await?,
            }
        }
        let facts = capabilities.iter().find(|c| c.route == ACCOUNT);
        // Where it is not offered or refused, it stays so until somebody has it looked at again.
        let old = |c: &Capability| c.verdict == Verdict::Offered && now - c.checked_at >= FACTS_FOR;
        if facts.is_none_or(old) {
            news |= facts.is_none();
            match session.client.account().get(Lane::Refresh).await {
                Ok(facts) => {
                    self.remember(account, ACCOUNT, Verdict::Offered, None).await?;
                    self.take_account_facts(account, facts).await?;
                }
                Err(error) => self.remember_failure(account, ACCOUNT, &error).await?,
            }
        }
        Ok(news)
    }

    async fn take_account_facts(&self, account: &str, facts: planradar::Account) -> Result<()> {
        let limit = facts.requests_per_minute.filter(|n| *n > 0).map(|n| n.min(MAX_LIMIT));
        let view = self
            .change_account(account, move |a| {
                a.plan = facts.plan.as_ref().map(super::plan_word);
                a.account_holder_id = facts.account_holder_id.or(a.account_holder_id.take());
                if a.label == a.customer_id {
                    a.label = facts.name.and_then(|n| fit_label(&n)).unwrap_or_else(|| a.label.clone());
                }
                if let Some(limit) = limit {
                    // A lowered limit lowers the share with it: other programs need their part of what is left.
                    let scaled = u64::from(a.share) * u64::from(limit) / u64::from(a.request_limit.max(1));
                    a.share = a.share.min(u32::try_from(scaled).unwrap_or(limit)).clamp(1, limit);
                    a.request_limit = limit;
                }
            })
            .await?;
        if limit.is_some() {
            self.limit_follow(account).await?;
        }
        let stored = self.account(account).await?;
        let (Some(holder), false) = (stored.account_holder_id, view.account_holder_name.is_some()) else {
            return Ok(());
        };
        // Their name, for "who can change it". One documented request, once; without it the id is not shown.
        let session = self.session(account).await?;
        if let Ok(user) = session.client.users().get(&holder, Lane::Refresh).await {
            self.remember_holder_name(account, super::full_name(&user)).await?;
            self.notifier.notify(Notice::AccountsChanged);
        }
        Ok(())
    }

    pub(crate) async fn remember_failure(
        &self,
        account: &str,
        route: &str,
        error: &planradar::Error,
    ) -> Result<()> {
        match error.kind {
            ErrorKind::Forbidden => self.remember(account, route, Verdict::Refused, error.code.clone()).await,
            ErrorKind::UnexpectedShape(_) => self.remember(account, route, Verdict::NotOffered, None).await,
            _ if error.means_not_offered() => self.remember(account, route, Verdict::NotOffered, None).await,
            // Passing trouble: asked again with the next list.
            _ => Ok(()),
        }
    }

    pub(crate) async fn remember(
        &self,
        account: &str,
        route: &str,
        verdict: Verdict,
        detail: Option<String>,
    ) -> Result<()> {
        let (key, finding) = (
            account.to_owned(),
            Capability { route: route.to_owned(), verdict, detail, checked_at: self.now() },
        );
        self.db(move |s| s.set_capability(&key, &finding)).await
    }

    async fn known(&self, account: &str) -> Result<Known> {
        let stored = self.account(account).await?;
        let key = account.to_owned();
        self.db(move |s| {
            let list = s.cached::<Vec<CachedToken>>(&key, LIST)?;
            let mut own_uses = HashMap::new();
            for token in list.iter().flat_map(|l| &l.body) {
                own_uses.insert(token.id.clone(), read_own_uses(s, &key, &token.id)?);
            }
            Ok(Known {
                account: stored,
                list,
                clues: s.cached(&key, OWN_CLUES)?.map(|c| c.body),
                kept: s.kept_tokens(&key)?,
                own_uses,
                capability: s.capabilities(&key)?.into_iter().find(|c| c.route == LIST),
            })
        })
        .await
    }

    /// One row as it is shown.
    pub(crate) async fn row(&self, account: &str, token_id: &str) -> Result<TokenRow> {
        let rows = self.tokens_view(account).await?.rows;
        rows.into_iter()
            .find(|r| r.id == token_id)
            .ok_or_else(|| AppError::new(Code::Gone, "This token no longer exists."))
    }

    pub(crate) async fn own_uses(&self, account: &str, token: &str) -> Result<OwnUses> {
        let (account, token) = (account.to_owned(), token.to_owned());
        self.db(move |s| read_own_uses(s, &account, &token)).await
    }
}

/// Cache key of a check whose date the server has not told yet.
pub(crate) fn undated_key(token: &str) -> String {
    // The end keeps a prefix from meaning another token.
    format!("tokens.checked/{token}/")
}

pub(crate) fn read_own_uses(
    store: &Store,
    account: &str,
    token: &str,
) -> std::result::Result<OwnUses, StoreError> {
    let undated = store.cached::<Timestamp>(account, &undated_key(token))?.map(|c| c.body);
    Ok(OwnUses { dated: store.own_uses(account, token)?, undated })
}

fn rows(known: &Known, ops: &[Op]) -> Vec<TokenRow> {
    let kept = |id: &str| known.kept.iter().find(|k| k.token_id == id);
    let listed = known.list.as_ref().map_or(&[][..], |l| l.body.as_slice());
    let unused = OwnUses::default();
    let mut rows: Vec<_> = listed
        .iter()
        .map(|t| {
            let uses = known.own_uses.get(&t.id).unwrap_or(&unused);
            row(t, kept(&t.id), usage(t, uses), own_of(known, ops, &t.id), role(ops, &t.id))
        })
        .collect();
    let unlisted = known.kept.iter().filter(|k| !listed.iter().any(|t| t.id == k.token_id));
    rows.extend(unlisted.map(|k| {
        let token = CachedToken {
            id: k.token_id.clone(),
            name: k.name.clone(),
            created_on: None,
            last_used: LastUsed::Unknown,
            others_use: None,
        };
        let pasted = k.origin == Origin::Pasted;
        // A pasted token was never in a list; any other has been deleted elsewhere.
        TokenRow {
            pasted,
            gone: !pasted && known.list.is_some(),
            ..row(&token, Some(k), (TokenUse::Unknown, None), Own::No, None)
        }
    }));
    rows
}

fn row(
    t: &CachedToken,
    kept: Option<&KeptToken>,
    (usage, last_used): (TokenUse, Option<Timestamp>),
    own: Own,
    replacement: Option<ReplacementRole>,
) -> TokenRow {
    TokenRow {
        id: t.id.clone(),
        name: t.name.clone(),
        created_on: t.created_on.map(|c| c.to_string()),
        last_used_on: last_used.map(|at| at.to_string()),
        usage,
        kept: match kept.map(|k| k.kept) {
            None => Kept::No,
            Some(StoreKept::Keychain) => Kept::Keychain,
            Some(StoreKept::Session) => Kept::Session,
        },
        own,
        pasted: false,
        gone: false,
        verified_at: kept.and_then(|k| k.verified_at).map(|at| at.to_string()),
        replacement,
    }
}

/// Yes when known; maybe while the clues allow it, or as long as there are none. A token whose value is kept here
/// is another one than the sign-in: it was created or pasted with its own value. Only while the sign-in is being
/// replaced it may be both.
fn own_of(known: &Known, ops: &[Op], id: &str) -> Own {
    let is_kept = known.kept.iter().any(|k| k.token_id == id);
    let mut made_here = ops.iter().filter(|op| op.makes(id));
    let unsettled = || if is_kept { Own::Maybe } else { Own::No };
    if let Some(own) = &known.account.sign_in_token_id {
        return if own == id {
            Own::Yes
        } else if made_here.any(|op| op.kind == OperationKind::ReplaceSignIn) {
            unsettled()
        } else {
            Own::No
        };
    }
    if let Some(op) = made_here.next() {
        return if op.kind == OperationKind::ReplaceSignIn { unsettled() } else { Own::No };
    }
    let possible = match &known.clues {
        Some(clues) if !clues.candidates.is_empty() => clues.candidates.iter().any(|c| c == id),
        _ => true,
    };
    if possible && !is_kept { Own::Maybe } else { Own::No }
}

fn role(ops: &[Op], id: &str) -> Option<ReplacementRole> {
    let mut replacing = ops.iter().filter(|op| matches!(op.kind, OperationKind::ReplaceToken));
    replacing.find_map(|op| {
        let is_new = op.data.token_id.as_deref() == Some(id);
        let is_old = op.data.old_id.as_deref() == Some(id);
        (is_new || is_old).then(|| ReplacementRole { operation: op.id().to_owned(), is_new })
    })
}
