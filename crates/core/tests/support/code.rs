//! Files of webhooks, applied to a server that counts.

use super::hooks::Hooks;
use gatehouse_core::{
    AppError, SecretInput,
    webhooks::{CodePlan, CodeReport, CodeRequest, GivenValue, NamedValueRow},
};
use secrecy::SecretString;

/// A file with these webhooks.
pub fn file(webhooks: &str) -> CodeRequest {
    CodeRequest { text: format!("version: 1\nwebhooks:\n{webhooks}"), ..CodeRequest::default() }
}

impl Hooks {
    pub async fn plan(&self, request: &CodeRequest) -> CodePlan {
        self.plan_given(request, &[]).await
    }

    pub async fn plan_given(&self, request: &CodeRequest, given: &[&str]) -> CodePlan {
        let given: Vec<_> = given.iter().map(|name| (*name).to_owned()).collect();
        self.world.app.webhooks_code_plan(&self.account, request, &given).await.unwrap()
    }

    pub async fn apply(&self, request: &CodeRequest) -> Result<CodeReport, AppError> {
        self.apply_given(request, &[]).await
    }

    pub async fn apply_given(
        &self,
        request: &CodeRequest,
        given: &[(&str, &str)],
    ) -> Result<CodeReport, AppError> {
        let value = |(name, value): &(&str, &str)| GivenValue {
            name: (*name).to_owned(),
            value: SecretInput::from(SecretString::from(*value)),
        };
        let given = given.iter().map(value).collect();
        self.world.app.webhooks_code_apply(&self.account, request, given, None, |_| ()).await
    }

    /// All of it is done, and then there is nothing left to do.
    pub async fn applied(&self, request: &CodeRequest) -> CodeReport {
        let report = self.apply(request).await.unwrap();
        assert!(report.stopped.is_none() && report.left.is_empty(), "{report:?}");
        let after = self.plan(request).await;
        assert!(!after.differs && after.problems.is_empty(), "{after:?}");
        report
    }

    pub async fn set_value(&self, name: &str, value: &str) -> NamedValueRow {
        self.world.app.webhook_value_set(&self.account, name, value.into(), None).await.unwrap()
    }

    /// Writes that the server got.
    pub fn writes(&self) -> usize {
        let requests = self.server().requests();
        ["webhooks.create", "webhooks.update", "webhooks.delete"].iter().map(|r| requests.count(r)).sum()
    }

    pub async fn export(&self) -> CodeRequest {
        let text = self.world.app.webhooks_code_export(&self.account, None).await.unwrap();
        CodeRequest { text, ..CodeRequest::default() }
    }
}
