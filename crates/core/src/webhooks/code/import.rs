//! A file that is held while a person looks at it: what is applied is what was read, whatever became of it on the disk.

use super::{
    CodeAnswer, CodeChoice, CodeFile, CodePlan, CodeReport, CodeRequest, GivenValue, LARGEST_FILE,
    file::Reference, read::read, yaml,
};
use crate::{
    AppError, Code, Gatehouse, Result, SecretInput, held::Held, notices::Notice, sync::lock,
    webhooks::plan::PASSWORD,
};
use planradar::webhook_rules as rules;
use secrecy::{ExposeSecret, SecretString};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

/// The file, and what was entered for it.
pub(crate) struct Import {
    id: String,
    account: String,
    text: String,
    /// By the names of `stdin` references.
    given: Mutex<BTreeMap<String, SecretString>>,
}

impl Import {
    fn request(&self, choice: &CodeChoice) -> CodeRequest {
        let CodeChoice { environment, prune } = choice.clone();
        CodeRequest { text: self.text.clone(), environment, prune }
    }
}

impl Gatehouse {
    /// Holds a file, in place of the one before. `name`: what it is called, where it was none that was pasted.
    pub async fn webhooks_import_open(
        &self,
        account: &str,
        name: Option<String>,
        text: String,
    ) -> Result<CodeFile> {
        self.account(account).await?;
        if text.len() > LARGEST_FILE {
            let message = format!("The file is larger than {LARGEST_FILE} bytes.");
            return Err(AppError::invalid("codeFile", message));
        }
        let environments = environments(&text);
        let id = Held::new_handle()?;
        let (import, given) = (id.clone(), Mutex::default());
        let import = Import { id: import, account: account.to_owned(), text, given };
        *lock(&self.import) = Some(Arc::new(import));
        Ok(CodeFile { id, name, environments })
    }

    /// What applying it would do; see [`Self::webhooks_code_plan`].
    pub async fn webhooks_import_plan(&self, id: &str, choice: &CodeChoice) -> Result<CodePlan> {
        let import = self.import(id)?;
        let given: Vec<_> = lock(&import.given).keys().cloned().collect();
        self.webhooks_code_plan(&import.account, &import.request(choice), &given).await
    }

    /// Takes what the person entered. An error is at the reference that it is about; those before it are taken.
    pub async fn webhooks_import_give(
        &self,
        id: &str,
        choice: &CodeChoice,
        answers: Vec<CodeAnswer>,
    ) -> Result<()> {
        let import = self.import(id)?;
        let (file, _) = read(&import.request(choice));
        let uses: Vec<_> =
            file.iter().flat_map(|w| w.hidden().map(|(name, hidden)| (name, &hidden.reference))).collect();
        for CodeAnswer { reference, version, value } in answers {
            let value = SecretString::from(value);
            let header = uses.iter().any(|(name, used)| *name != PASSWORD && used.to_string() == reference);
            let taken = match uses.iter().find(|(_, used)| used.to_string() == reference) {
                Some((_, Reference::Keychain(name))) => {
                    self.keep_answer(&import.account, name, version, value, header).await
                }
                Some((_, Reference::Stdin(name))) => check(&value, header).map(|()| {
                    lock(&import.given).insert(name.clone(), value);
                }),
                None => Err(AppError::new(Code::Stale, "The file does not refer to this value.")),
            };
            taken.map_err(|error| error.at(&reference))?;
        }
        Ok(())
    }

    /// Does what was shown; see [`Self::webhooks_code_apply`]. How far it is comes as notices.
    pub async fn webhooks_import_apply(
        &self,
        id: &str,
        choice: &CodeChoice,
        digest: &str,
    ) -> Result<CodeReport> {
        let import = self.import(id)?;
        let given = lock(&import.given).clone().into_iter();
        let values = given.map(|(name, value)| GivenValue { name, value: SecretInput::from(value) });
        let moved = |progress: &super::CodeProgress| {
            self.notifier.notify(Notice::WebhooksCodeMoved { progress: progress.clone() });
        };
        self.webhooks_code_apply(
            &import.account,
            &import.request(choice),
            values.collect(),
            Some(digest),
            moved,
        )
        .await
    }

    /// Forgets the file and what was entered for it, unless another is held by now.
    pub fn webhooks_import_close(&self, id: &str) {
        let mut held = lock(&self.import);
        if held.as_ref().is_some_and(|import| import.id == id) {
            *held = None;
        }
    }

    /// Copies a webhook as a file. No secret is in it, so it may stay on the clipboard.
    pub async fn webhook_copy_yaml(&self, account: &str, id: &str) -> Result<()> {
        self.copying.copy_text(&self.webhook_as_yaml(account, id).await?)
    }

    fn import(&self, id: &str) -> Result<Arc<Import>> {
        let held = lock(&self.import).clone().filter(|import| import.id == id);
        held.ok_or_else(|| AppError::new(Code::Stale, "This file is no longer open here. Open it again."))
    }

    async fn keep_answer(
        &self,
        account: &str,
        name: &str,
        version: Option<u32>,
        value: SecretString,
        header: bool,
    ) -> Result<()> {
        check(&value, header)?;
        let known = self.named_value(account, name).await?.map_or(0, |v| v.version);
        // What the file asks for may have been here in just that version, and is lost.
        let version = version.filter(|wanted| *wanted > known);
        self.webhook_value_set(account, name, value, version).await.map(drop)
    }
}

/// Whether PlanRadar would take it there.
fn check(value: &SecretString, header: bool) -> Result<()> {
    // Exposed to look at its form; only the verdict leaves.
    let text = value.expose_secret();
    let refused = if header {
        rules::check_header_value(text).err().map(|e| e.to_string())
    } else {
        rules::check_password(text).err().map(|e| e.to_string())
    };
    refused
        .map_or(Ok(()), |why| Err(AppError::new(Code::Invalid, format!("The value can't be used: {why}."))))
}

/// Names under `environments`; none of a file that can't be read, whose problems the plan tells.
fn environments(text: &str) -> Vec<String> {
    let Ok(yaml::Node { kind: yaml::Kind::Map(pairs), .. }) = yaml::parse(text) else { return Vec::new() };
    let found = pairs.into_iter().find(|(key, _)| key.text == "environments");
    match found.map(|(_, node)| node.kind) {
        Some(yaml::Kind::Map(pairs)) => pairs.into_iter().map(|(key, _)| key.text).collect(),
        _ => Vec::new(),
    }
}
