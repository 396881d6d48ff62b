//! Puts the use cases together over the window's own data folder, keychain and limit files.

use crate::{failure::Failure, notices::Channel};
use gatehouse_core::{
    Gatehouse, Parts, StoreNotice, places,
    ports::{Clipboard, ClipboardError},
    twins::SystemClock,
};
use gatehouse_keychain::OsKeychain;
use gatehouse_store::Actor;
use planradar::rate_limit::LimitParams;
use secrecy::SecretString;
use std::sync::Arc;

/// Opens the store, and what else the use cases stand on. Makes no request and asks no keychain. To be called on a
/// runtime. The second part tells what happened to the store.
pub fn start(notices: Channel) -> Result<(Arc<Gatehouse>, Option<StoreNotice>), Failure> {
    let data_dir = places::data_dir()?;
    let (store, store_notice) = places::open_store(&data_dir)?;
    let app = Gatehouse::new(Parts {
        store,
        store_notice: store_notice.clone(),
        keychain: Arc::new(OsKeychain::new()),
        clipboard: Arc::new(NoClipboard),
        clock: Arc::new(SystemClock),
        notifier: Arc::new(notices),
        demo: None,
        data_dir,
        limit_dir: places::limit_dir()?,
        limit_params: LimitParams::default(),
        actor: Actor::Cli,
    })?;
    Ok((app, store_notice))
}

/// A program that ends at once can't clear what it copied.
struct NoClipboard;

impl Clipboard for NoClipboard {
    fn set_secret(&self, _: &SecretString) -> Result<(), ClipboardError> {
        Err(ClipboardError("the command line does not copy".to_owned()))
    }

    fn set_text(&self, _: &str) -> Result<(), ClipboardError> {
        Err(ClipboardError("the command line does not copy".to_owned()))
    }

    fn clear_if(&self, _: &SecretString) -> Result<bool, ClipboardError> {
        Ok(false)
    }
}
