//! "Look around with demo data": the sandbox inside the program.

use super::AccountView;
use crate::tokens::OWN_CLUES;
use crate::{
    AppError, Code, Gatehouse, Result,
    ports::{DemoReady, SecretId},
};
use gatehouse_store::{Account, Kept as StoreKept, Store};
use planradar::rate_limit::LimitSettings;
use secrecy::SecretString;
use std::collections::BTreeMap;

impl Gatehouse {
    /// Starts the demo account, or shows the one that is there.
    pub async fn demo_start(&self) -> Result<AccountView> {
        let ready = self.demo_ready().await?;
        let there = self.db(Store::accounts).await?.into_iter().find(|a| a.demo);
        if let Some(account) = there {
            // Its server may be at another port than at the last start.
            self.account_at_home(&account.id).await?;
            return self.account_activate(&account.id).await;
        }
        let token = self.demo_token().await?;
        let account = Account {
            id: uuid::Uuid::new_v4().to_string(),
            label: ready.name,
            server: ready.url,
            customer_id: ready.customer_id,
            demo: true,
            user_id: None,
            user_name: None,
            user_mail: None,
            user_type: None,
            account_holder_id: None,
            plan: None,
            sign_in_token_id: None,
            // Made anew at each start: the sandbox in this program can always issue one.
            sign_in_kept: StoreKept::Session,
            request_limit: LimitSettings::default().limit,
            share: LimitSettings::default().share,
            overrides: BTreeMap::new(),
            created_at: self.now(),
            last_used_at: None,
        };
        self.store_account(account, token).await
    }

    /// The address of the demonstration page, where things can be made to happen. Good once.
    pub async fn demo_page(&self) -> Result<String> {
        self.demo_ready().await?;
        let demo = self.demo.as_ref().ok_or_else(no_demo)?;
        demo.page_url()
            .await
            .map_err(|e| AppError::new(Code::Internal, format!("The demonstration page does not open: {e}.")))
    }

    pub(crate) async fn demo_ready(&self) -> Result<DemoReady> {
        let demo = self.demo.as_ref().ok_or_else(no_demo)?;
        demo.ensure()
            .await
            .map_err(|e| AppError::new(Code::Internal, format!("The demo account did not start: {e}.")))
    }

    /// A fresh sign-in for the demo account, kept for this session.
    pub(crate) async fn demo_sign_in(&self, account: &Account) -> Result<SecretString> {
        let token = self.demo_token().await?;
        self.secrets.put_session(&SecretId::SignIn { account: account.id.clone() }, token.clone());
        let id = account.id.clone();
        // The fresh token is another row of the list than the one before.
        self.db(move |s| {
            s.drop_cached(&id, OWN_CLUES)?;
            s.change_account(&id, |a| a.sign_in_token_id = None)
        })
        .await?;
        Ok(token)
    }

    async fn demo_token(&self) -> Result<SecretString> {
        let demo = self.demo.as_ref().ok_or_else(no_demo)?;
        demo.issue_sign_in()
            .await
            .map_err(|e| AppError::new(Code::Internal, format!("The demo account gave no token: {e}.")))
    }
}

fn no_demo() -> AppError {
    AppError::new(Code::Internal, "There is no demo account here.")
}
