//! "Add my PlanRadar account": tested with a documented request before anything is stored.

use super::{AccountView, NewAccount};
use crate::{
    AppError, Code, Gatehouse, Result, api_error::translate, app::ACTIVE_ACCOUNT, notices::Notice,
    ports::SecretId, secrets::Late, tokens::check_value,
};
use gatehouse_store::{Account, Kept as StoreKept};
use planradar::{Client, ClientConfig, CustomerId, ServerUrl, rate_limit::LimitSettings, routes::Overrides};
use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeMap;

/// The longest label.
const LABEL_MAX: usize = 60;

impl Gatehouse {
    /// Tests the connection, then stores the token and the account. Nothing is stored if any step fails.
    pub async fn account_add(&self, input: NewAccount, token: SecretString) -> Result<AccountView> {
        let server = parse_server(input.server.as_deref())?;
        let customer = parse_customer(&input.customer_id)?;
        let label = check_label(input.label.as_deref().unwrap_or(&input.customer_id))?;
        let token = check_value(&token, "token")?;
        let _once = self.only_once(format!("add {} {customer}", server.origin()))?;
        self.refuse_twin(&server, &customer, &token).await?;
        let limiter = self.sessions.limiter_for(&server, &customer, LimitSettings::default())?;
        let client = Client::new(ClientConfig {
            server: server.clone(),
            customer_id: customer.clone(),
            token: token.clone(),
            overrides: Overrides::default(),
            transport: self.transport().await?,
            limiter,
        });
        client.check().await.map_err(|e| at_input(translate(&e, self.now())))?;
        let account = Account {
            id: uuid::Uuid::new_v4().to_string(),
            label,
            server: server.origin(),
            customer_id: customer.to_string(),
            demo: false,
            user_id: None,
            user_name: None,
            user_mail: None,
            user_type: None,
            account_holder_id: None,
            plan: None,
            sign_in_token_id: None,
            sign_in_kept: if input.session_only { StoreKept::Session } else { StoreKept::Keychain },
            request_limit: LimitSettings::default().limit,
            share: LimitSettings::default().share,
            overrides: BTreeMap::new(),
            created_at: self.now(),
            last_used_at: None,
        };
        self.store_account(account, token).await
    }

    /// Another Account ID with the sign-in token of an account that is here already.
    pub async fn account_add_same_token(
        &self,
        from: &str,
        customer_id: &str,
        label: Option<String>,
    ) -> Result<AccountView> {
        let account = self.account(from).await?;
        let token = self.sign_in_token(&account).await?;
        let input = NewAccount {
            server: Some(account.server),
            customer_id: customer_id.to_owned(),
            label,
            session_only: account.sign_in_kept == StoreKept::Session,
        };
        self.account_add(input, token).await
    }

    /// Keeps the token, then writes the account down and makes it the shown one.
    pub(crate) async fn store_account(&self, account: Account, token: SecretString) -> Result<AccountView> {
        let id = SecretId::SignIn { account: account.id.clone() };
        match account.sign_in_kept {
            StoreKept::Session => self.secrets.put_session(&id, token),
            StoreKept::Keychain => self.put_noted(&id, token, self.remove_late(&id)).await?,
        }
        let (stored, active) = (account.clone(), account.id.clone());
        let written = self
            .db(move |s| {
                s.add_account(&stored)?;
                s.set_setting(ACTIVE_ACCOUNT, &active)
            })
            .await;
        if let Err(error) = written {
            // The account isn't there: nobody would ever look for this entry again.
            self.secrets.forget_session(&id);
            self.take_back(&id);
            return Err(error);
        }
        self.secret_settled(&id).await;
        self.audit(&account.id, "account.add", &account.label, "done").await?;
        self.notifier.notify(Notice::AccountsChanged);
        self.account_view(account).await
    }

    /// For a `put` whose account or token does not come to be: a late success is taken back.
    pub(crate) fn remove_late(&self, id: &SecretId) -> Late<()> {
        let (this, id) = (self.this.clone(), id.clone());
        Box::new(move |outcome| {
            if let (Ok(()), Some(this)) = (outcome, this.upgrade()) {
                this.take_back(&id);
            }
        })
    }

    /// The same token for the same account twice would only confuse.
    async fn refuse_twin(
        &self,
        server: &ServerUrl,
        customer: &CustomerId,
        token: &SecretString,
    ) -> Result<()> {
        let (origin, customer) = (server.origin(), customer.to_string());
        for twin in self.db(move |s| s.accounts_at(&origin, &customer)).await? {
            let id = SecretId::SignIn { account: twin.id.clone() };
            let known = match self.secrets.get(&id).await {
                Ok(known) => known,
                // Not asked again and again: the token can't be kept there either.
                Err(error) if error.code == Code::KeychainSkipped => break,
                Err(_) => continue,
            };
            // Compared in memory only, never shown.
            if known.expose_secret() == token.expose_secret() {
                let text = format!("This account is in Gatehouse already, as “{}”.", twin.label);
                return Err(AppError::invalid("customerId", text));
            }
        }
        Ok(())
    }
}

/// Points an error of the connection test at the input it is about.
fn at_input(error: AppError) -> AppError {
    let field = match error.code {
        Code::UnknownHost | Code::Tls | Code::Redirect | Code::Html | Code::Offline | Code::NotAcceptable => {
            "server"
        }
        Code::WrongAccountId => "customerId",
        Code::Unauthorized | Code::PermissionApiAccess => "token",
        _ => return error,
    };
    error.at(field)
}

fn parse_server(text: Option<&str>) -> Result<ServerUrl> {
    match text.map(str::trim).filter(|t| !t.is_empty()) {
        None => Ok(ServerUrl::planradar()),
        Some(text) => ServerUrl::parse(text)
            .map_err(|e| AppError::invalid("server", format!("{}.", sentence(&e.to_string())))),
    }
}

fn parse_customer(text: &str) -> Result<CustomerId> {
    CustomerId::parse(text).map_err(|_| {
        AppError::invalid(
            "customerId",
            "The Account ID is the number of Settings > Account, 1 to 20 digits, such as 1484013.",
        )
    })
}

/// A label as it is stored: trimmed, 1 to 60 characters, no control characters.
pub(crate) fn check_label(text: &str) -> Result<String> {
    let label = text.trim();
    if label.is_empty() || label.chars().count() > LABEL_MAX || label.chars().any(char::is_control) {
        return Err(AppError::invalid(
            "label",
            format!("A name has 1 to {LABEL_MAX} characters on one line."),
        ));
    }
    Ok(label.to_owned())
}

/// The server's name of an account, as a label: one line, cut where it is too long. `None`: nothing is left.
pub(crate) fn fit_label(text: &str) -> Option<String> {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let cut: String = line.trim().chars().take(LABEL_MAX).collect();
    Some(cut.trim_end().to_owned()).filter(|label| !label.is_empty())
}

fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + chars.as_str())
}
