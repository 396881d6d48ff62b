//! The demo account: the sandbox inside the program, with its data in the data folder.

use async_trait::async_trait;
use gatehouse_core::ports::{DemoHost, DemoReady};
use planradar_sandbox::{ACCOUNT_HOLDER, Options, Sandbox, Seed};
use secrecy::SecretString;
use std::{
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
};
use tokio::sync::Mutex;

/// The company that the seed invents.
const NAME: &str = "Nordbau Demo";
/// What its tokens start with, so that nobody takes them for PlanRadar's.
const PREFIX: &str = "demo-";
/// Remembers the port.
const PORT_FILE: &str = "port";
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

    /// On the port of the last time, so that what was set up against it goes on working; else on a free one.
    async fn start(&self) -> Result<Sandbox, planradar_sandbox::Error> {
        let note = self.dir.join(PORT_FILE);
        let last = std::fs::read_to_string(&note).ok().and_then(|p| p.trim().parse::<u16>().ok());
        let again = match last.filter(|p| *p != 0) {
            Some(port) => Sandbox::start(self.options(port)).await.ok(),
            None => None,
        };
        let sandbox = match again {
            Some(sandbox) => sandbox,
            None => Sandbox::start(self.options(0)).await?,
        };
        if let Some((_, port)) = sandbox.url().rsplit_once(':') {
            // Best effort: without the note the next start takes another port.
            std::fs::write(note, port).ok();
        }
        Ok(sandbox)
    }

    fn options(&self, port: u16) -> Options {
        Options {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
            data_dir: Some(self.dir.clone()),
            seed: Seed::Demo,
            token_prefix: PREFIX.to_owned(),
            ..Options::default()
        }
    }
}

#[async_trait]
impl DemoHost for Demo {
    async fn ensure(&self) -> Result<DemoReady, String> {
        let mut running = self.running.lock().await;
        if running.is_none() {
            *running = Some(self.start().await.map_err(|e| e.to_string())?);
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

    async fn page_url(&self) -> Result<String, String> {
        let running = self.running.lock().await;
        Ok(running.as_ref().ok_or("it is not running")?.demo_page_url())
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
