//! Key and end of the chain, in the keychain.

use super::AuditDoubt;
use crate::{AppError, Code, Gatehouse, Result, ports::SecretId, settings::KeychainStatus};
use gatehouse_store::{AuditHead, AuditKey};
use secrecy::{ExposeSecret, ExposeSecretMut, SecretBox, SecretString};
use sha2::{Digest, Sha256};

/// Whether the keychain may ask the person for a password.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// The person opened the log and waits.
    Patient,
    /// Nobody knows of it.
    Quiet,
}

/// Both, as found.
pub(super) struct Keys {
    pub key: SecretBox<AuditKey>,
    pub head: AuditHead,
}

/// Why there are none.
pub(super) enum Doubt {
    Known(AuditDoubt, Option<AppError>),
    /// gatehouse.db failed.
    Store(AppError),
}

impl From<AppError> for Doubt {
    fn from(error: AppError) -> Self {
        Self::Store(error)
    }
}

type Found<T> = std::result::Result<T, Doubt>;

fn keychain(error: AppError) -> Doubt {
    Doubt::Known(AuditDoubt::Keychain, Some(error))
}

impl Gatehouse {
    /// The database this log is in. Not a name inside it: a file put in its place would bring its own along.
    fn log_name(&self) -> String {
        let folder = std::fs::canonicalize(self.data_dir()).unwrap_or_else(|_| self.data_dir().to_owned());
        hex::encode(&Sha256::digest(folder.as_os_str().as_encoded_bytes())[..8])
    }

    fn key_id(&self) -> SecretId {
        SecretId::AuditKey { log: self.log_name() }
    }

    fn head_id(&self) -> SecretId {
        SecretId::AuditHead { log: self.log_name() }
    }

    /// Key and end; made where there is nothing yet that they could vouch for.
    pub(super) async fn audit_keys(&self, manner: Manner) -> Found<Keys> {
        // First, so that after "remove everything" nothing is made anew.
        let has_seals = self.db(gatehouse_store::Store::has_audit_seals).await?;
        let (key, head) = (self.read_key(manner).await?, self.read_head(manner).await?);
        let is_new = !has_seals && head.as_ref().is_none_or(|head| head.id == head.from);
        match (key, head) {
            (Some(key), Some(head)) => Ok(Keys { key, head }),
            (key, head) if is_new => {
                let key = match key {
                    Some(key) => key,
                    None => self.first_key(manner).await?,
                };
                let head = head.unwrap_or_else(|| AuditHead::begin(0));
                self.write_head(&head, manner).await?;
                Ok(Keys { key, head })
            }
            _ => Err(Doubt::Known(AuditDoubt::KeyMissing, None)),
        }
    }

    async fn first_key(&self, manner: Manner) -> Found<SecretBox<AuditKey>> {
        if !self.db(gatehouse_store::Store::may_make_audit_key).await? {
            return Err(Doubt::Known(AuditDoubt::Elsewhere, None));
        }
        // One that made it may have ended just now.
        match self.read_key(manner).await? {
            Some(key) => Ok(key),
            None => self.new_key(manner).await,
        }
    }

    async fn new_key(&self, manner: Manner) -> Found<SecretBox<AuditKey>> {
        let mut key = SecretBox::new(Box::new([0; 32]));
        // Exposed to be filled.
        getrandom::fill(key.expose_secret_mut()).map_err(|e| {
            AppError::new(Code::Internal, format!("The system gives no random numbers: {e}."))
        })?;
        // Exposed to be kept.
        let text = SecretString::from(hex::encode(key.expose_secret()));
        self.audit_put(&self.key_id(), text, manner).await.map_err(keychain)?;
        Ok(key)
    }

    /// A key and a beginning for a chain after `head`.
    pub(super) async fn begin_chain(&self, head: &AuditHead) -> Found<()> {
        // The person's own doing: it counts also while another program could make one.
        self.db(gatehouse_store::Store::may_make_audit_key).await?;
        if self.read_key(Manner::Patient).await?.is_none() {
            self.new_key(Manner::Patient).await?;
        }
        self.write_head(head, Manner::Patient).await
    }

    /// Keeps where the chain ends now, unless another program has kept a later end meanwhile.
    pub(super) async fn keep_head(&self, head: &AuditHead, manner: Manner) -> Found<()> {
        match self.read_head(manner).await? {
            Some(there) if there.from == head.from && there.id >= head.id => Ok(()),
            _ => self.write_head(head, manner).await,
        }
    }

    /// Takes both out of the keychain. One that can't be used is no obstacle where they were never put there.
    pub(crate) async fn remove_audit_keys(&self) -> Result<()> {
        let usable = self.secrets.state().status == KeychainStatus::Ready;
        if usable || self.db(gatehouse_store::Store::audit_key_was_made).await? {
            self.secrets.delete(&self.key_id()).await?;
            self.secrets.delete(&self.head_id()).await?;
        }
        Ok(())
    }

    async fn write_head(&self, head: &AuditHead, manner: Manner) -> Found<()> {
        let text = serde_json::to_string(head)
            .map_err(|e| AppError::new(Code::Internal, format!("The end can't be written down: {e}.")))?;
        self.audit_put(&self.head_id(), SecretString::from(text), manner).await.map_err(keychain)
    }

    /// One that can't be read counts as missing.
    async fn read_key(&self, manner: Manner) -> Found<Option<SecretBox<AuditKey>>> {
        let Some(text) = self.audit_get(&self.key_id(), manner).await? else { return Ok(None) };
        let mut key = SecretBox::new(Box::new([0; 32]));
        // Exposed to be decoded, into what is overwritten as well.
        let decoded = hex::decode_to_slice(text.expose_secret(), key.expose_secret_mut());
        Ok(decoded.is_ok().then_some(key))
    }

    async fn read_head(&self, manner: Manner) -> Found<Option<AuditHead>> {
        let Some(text) = self.audit_get(&self.head_id(), manner).await? else { return Ok(None) };
        // Exposed to be read: no secret, only not to be changed by others.
        Ok(serde_json::from_str(text.expose_secret()).ok())
    }

    async fn audit_get(&self, id: &SecretId, manner: Manner) -> Found<Option<SecretString>> {
        let found = match manner {
            Manner::Patient => self.secrets.get(id).await,
            Manner::Quiet => self.secrets.get_quietly(id).await,
        };
        match found {
            Ok(value) => Ok(Some(value)),
            Err(error) if error.code == Code::KeychainMissing => Ok(None),
            Err(error) => Err(keychain(error)),
        }
    }

    async fn audit_put(&self, id: &SecretId, value: SecretString, manner: Manner) -> Result<()> {
        match manner {
            Manner::Patient => self.secrets.put(id, value, None).await,
            Manner::Quiet => self.secrets.put_quietly(id, value).await,
        }
    }
}
