//! Route overrides: edit, test one by one, export, import with a preview.

mod types;

pub use types::{RouteChange, RouteImport, RouteRow, RouteTest, RouteVerdict};

use crate::{
    AppError, Code, Gatehouse, Result, api_error::translate, notices::Notice, session, tokens::TokensView,
};
use gatehouse_store::{Account, Capability, Verdict};
use planradar::{
    ErrorKind,
    routes::{ALL, Basis, Method, OverrideFileError, Overrides, find},
};
use std::collections::BTreeMap;

impl Gatehouse {
    /// The account's route table.
    pub async fn routes_list(&self, account: &str) -> Result<Vec<RouteRow>> {
        let stored = self.account(account).await?;
        let key = account.to_owned();
        let capabilities = self.db(move |s| s.capabilities(&key)).await?;
        Ok(ALL
            .iter()
            .map(|route| {
                let seen = capabilities.iter().find(|c| c.route == route.name);
                RouteRow {
                    name: route.name.to_owned(),
                    method: route.method.as_str().to_owned(),
                    template: route.template.to_owned(),
                    override_template: stored.overrides.get(route.name).cloned(),
                    documented: route.basis == Basis::Documented,
                    verdict: seen.map_or(RouteVerdict::Unknown, |c| verdict(c.verdict)),
                    checked_at: seen.map(|c| c.checked_at.to_string()),
                }
            })
            .collect())
    }

    /// Sets or (`None`) takes back one override. What was found out about the route is forgotten.
    pub async fn route_set(
        &self,
        account: &str,
        name: &str,
        template: Option<&str>,
    ) -> Result<Vec<RouteRow>> {
        let stored = self.account(account).await?;
        let mut map = stored.overrides.clone();
        match template.map(str::trim) {
            // Also one that no route has any more.
            None => drop(map.remove(name)),
            Some(template) => {
                let mut overrides = valid(&stored);
                set(&mut overrides, name, template)?;
                match overrides.get(name) {
                    Some(template) => drop(map.insert(name.to_owned(), template.to_owned())),
                    None => drop(map.remove(name)),
                }
            }
        }
        self.store_overrides(account, map, &[name.to_owned()]).await?;
        self.routes_list(account).await
    }

    /// Tests one route. One that would change something is only checked for its form.
    pub async fn route_test(&self, account: &str, name: &str) -> Result<RouteTest> {
        let route = find(name).ok_or_else(|| AppError::invalid("name", "There is no such route."))?;
        let needs_id = route.placeholders().any(|p| p != "customer_id");
        if route.method != Method::Get || needs_id {
            // The stored template was checked when it was set; that is all that can be done without changing something.
            return Ok(RouteTest {
                name: name.to_owned(),
                verdict: self.verdict(account, name).await?,
                path_only: true,
                error: None,
            });
        }
        let session = self.session(account).await?;
        let (found, error) = match session.client.probe(name, &[]).await {
            Ok(_) => (Some(Verdict::Offered), None),
            Err(e) => {
                let found = if e.means_not_offered() {
                    // Only believed after a documented route has answered.
                    session.client.check().await.map_err(|e| translate(&e, self.now()))?;
                    Some(Verdict::NotOffered)
                } else if e.kind == ErrorKind::Forbidden {
                    Some(Verdict::Refused)
                } else {
                    None
                };
                (found, Some((translate(&e, self.now()), e.code.clone())))
            }
        };
        let (error, code) = error.map_or((None, None), |(e, c)| (Some(e), c));
        if let Some(found) = found {
            self.remember(account, name, found, code).await?;
        }
        self.notifier.notify(Notice::TokensChanged { account: account.to_owned() });
        Ok(RouteTest {
            name: name.to_owned(),
            verdict: self.verdict(account, name).await?,
            path_only: false,
            error,
        })
    }

    /// The overrides as a JSON map.
    pub async fn routes_export(&self, account: &str) -> Result<String> {
        Ok(session::overrides(&self.account(account).await?)?.to_json())
    }

    /// What a file would change. Changes nothing.
    pub async fn routes_import(&self, account: &str, file: &str, text: &str) -> Result<RouteImport> {
        let stored = self.account(account).await?;
        let lines = Overrides::lines(text).map_err(|e| {
            let OverrideFileError::NotAMap(_) = &e else { return AppError::invalid("file", format!("{e}.")) };
            AppError::invalid("file", format!("{file} is not a file of route overrides: {e}."))
        })?;
        let taken_back = stored.overrides.keys().filter(|name| !lines.iter().any(|l| &l.name == *name));
        let mut changes: Vec<_> = taken_back
            .map(|name| RouteChange {
                name: name.clone(),
                old: stored.overrides.get(name).cloned(),
                new: None,
                problem: None,
            })
            .collect();
        changes.extend(lines.into_iter().map(|line| RouteChange {
            old: stored.overrides.get(&line.name).cloned(),
            new: Some(line.template),
            problem: line.problem.map(|p| p.to_string()),
            name: line.name,
        }));
        Ok(RouteImport { file: file.to_owned(), changes })
    }

    /// Applies an import as a whole, if the account still is as the preview showed it.
    pub async fn routes_import_apply(&self, account: &str, changes: &[RouteChange]) -> Result<Vec<RouteRow>> {
        let stored = self.account(account).await?;
        if changes.iter().any(|c| stored.overrides.get(&c.name) != c.old.as_ref()) {
            return Err(AppError::new(
                Code::Stale,
                "The routes changed since the preview. Nothing was changed; import again.",
            ));
        }
        // Those that can't be used any more are among the changes: they are not in the file, or refused again.
        let mut overrides = valid(&stored);
        for change in changes {
            match &change.new {
                None => overrides.remove(&change.name),
                Some(template) => set(&mut overrides, &change.name, template)?,
            }
        }
        let names: Vec<_> = changes.iter().map(|c| c.name.clone()).collect();
        let map = overrides.iter().map(|(n, t)| (n.to_owned(), t.to_owned())).collect();
        self.store_overrides(account, map, &names).await?;
        self.routes_list(account).await
    }

    /// Forgets what the server was found to offer, and looks again.
    pub async fn capabilities_check_again(&self, account: &str) -> Result<TokensView> {
        self.account(account).await?;
        let key = account.to_owned();
        self.db(move |s| s.forget_capabilities(&key, None)).await?;
        self.tokens_refresh(account).await
    }

    async fn store_overrides(
        &self,
        account: &str,
        map: BTreeMap<String, String>,
        names: &[String],
    ) -> Result<()> {
        self.change_account(account, move |a: &mut Account| a.overrides = map).await?;
        let (key, names) = (account.to_owned(), names.to_vec());
        self.db(move |s| names.iter().try_for_each(|n| s.forget_capabilities(&key, Some(n)))).await?;
        self.sessions.forget(account);
        self.audit(account, "routes.change", "", "done").await
    }

    async fn verdict(&self, account: &str, name: &str) -> Result<RouteVerdict> {
        let (key, name) = (account.to_owned(), name.to_owned());
        let found: Option<Capability> =
            self.db(move |s| Ok(s.capabilities(&key)?.into_iter().find(|c| c.route == name))).await?;
        Ok(found.map_or(RouteVerdict::Unknown, |c| verdict(c.verdict)))
    }
}

/// Those that can still be used. One that can't, since a newer version knows more routes, must not keep the person from
/// changing others, or itself: nothing is sent while it is there, and that is told with its name.
fn valid(account: &Account) -> Overrides {
    let mut overrides = Overrides::default();
    for (name, template) in &account.overrides {
        overrides.set(name, template).ok();
    }
    overrides
}

fn set(overrides: &mut Overrides, name: &str, template: &str) -> Result<()> {
    overrides.set(name, template).map_err(|e| AppError::new(Code::BadRoute, format!("{name}: {e}.")).at(name))
}

fn verdict(verdict: Verdict) -> RouteVerdict {
    match verdict {
        Verdict::Offered => RouteVerdict::Offered,
        Verdict::NotOffered => RouteVerdict::NotOffered,
        Verdict::Refused => RouteVerdict::Refused,
    }
}
