//! The demo account: the sandbox inside the program, with its data in the data folder.

use async_trait::async_trait;
use gatehouse_core::ports::{DemoHost, DemoReady};
use planradar_sandbox::{ACCOUNT_HOLDER, Options, Sandbox, Seed};
use secrecy::SecretString;
use std::path::PathBuf;
use tokio::sync::Mutex;

/// The company that the seed invents.
const NAME: &str = "Nordbau Demo";
/// What its tokens start with, so that nobody takes them for PlanRadar's.
const PREFIX: &str = "demo-";
/// Gatehouse's own token there.
const SIGN_IN: &str = "Gatehouse";

/// Starts and stops the sandbox.
pub struct Demo {
    dir: PathBuf,
    running: Mutex<Option<Sandbox>>,
}

impl Demo {
    /// With its data in `dir`.
    #[must_use]
    pub fn new(dir: PathBuf) -> Self {
        Self { dir, running: Mutex::default() }
    }
}

#[async_trait]
impl DemoHost for Demo {
    async fn ensure(&self) -> Result<DemoReady, String> {
        let mut running = self.running.lock().await;
        if running.is_none() {
            let options = Options {
                data_dir: Some(self.dir.clone()),
                seed: Seed::Demo,
                token_prefix: PREFIX.to_owned(),
                ..Options::default()
            };
            *running = Some(Sandbox::start(options).await.map_err(|e| e.to_string())?);
        }
        let sandbox = running.as_ref().ok_or("it stopped")?;
        Ok(DemoReady {
            url: sandbox.url().to_owned(),
            customer_id: sandbox.customer_id().to_owned(),
            name: NAME.to_owned(),
        })
    }

    async fn issue_sign_in(&self) -> Result<SecretString, String> {
        let running = self.running.lock().await;
        let sandbox = running.as_ref().ok_or("it is not running")?;
        sandbox.issue_token(ACCOUNT_HOLDER, SIGN_IN).map_err(|e| e.to_string())
    }

    async fn remove(&self) -> Result<(), String> {
        if let Some(sandbox) = self.running.lock().await.take() {
            sandbox.stop().await;
        }
        match std::fs::remove_dir_all(&self.dir) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(e.to_string()),
            _ => Ok(()),
        }
    }
}
