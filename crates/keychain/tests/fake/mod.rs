//! Programs that own the Secret Service's name and are none.

use std::sync::mpsc;
use std::time::Duration;

use zbus::blocking::{Connection, connection};
use zbus::fdo;
use zbus::zvariant::{OwnedObjectPath, OwnedValue};

use crate::session::SECRETS;

const PATH: &str = "/org/freedesktop/secrets";

/// What the refusing provider says beside its refusal: it could be anything, even a secret.
pub const CHATTER: &str = "chatter of the provider";

/// A fake on the bus.
pub struct Fake {
    bus: Connection,
    asked: mpsc::Receiver<()>,
}

impl Fake {
    /// Waits until it was asked for the first time.
    pub fn asked(&self) {
        self.asked.recv_timeout(Duration::from_secs(30)).expect("nobody asked");
    }

    /// Lets another program be the Secret Service; what this one was asked stays unanswered.
    pub fn give_up_name(&self) {
        self.bus.release_name(SECRETS).unwrap();
    }

    /// Leaves the bus, which then answers in its place that there will be no answer.
    pub fn leave(self) {
        self.bus.close().unwrap();
    }
}

struct Provider {
    ask: mpsc::Sender<()>,
    refuses: bool,
}

#[zbus::interface(name = "org.freedesktop.Secret.Service")]
impl Provider {
    // Every conversation with a Secret Service begins with this.
    async fn open_session(
        &self,
        algorithm: &str,
        input: OwnedValue,
    ) -> fdo::Result<(OwnedValue, OwnedObjectPath)> {
        drop((algorithm, input));
        self.ask.send(()).map_err(|error| fdo::Error::Failed(error.to_string()))?;
        if self.refuses {
            return Err(fdo::Error::AccessDenied(CHATTER.into()));
        }
        std::future::pending().await
    }
}

/// Takes every request and never answers.
pub fn silent() -> Fake {
    start(false)
}

/// Denies access.
pub fn refusing() -> Fake {
    start(true)
}

fn start(refuses: bool) -> Fake {
    let (ask, asked) = mpsc::channel();
    let bus = connection::Builder::session()
        .and_then(|builder| builder.serve_at(PATH, Provider { ask, refuses }))
        .and_then(|builder| builder.name(SECRETS))
        .and_then(connection::Builder::build)
        .unwrap();
    Fake { bus, asked }
}
