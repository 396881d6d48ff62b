//! Who the token acts as.

use crate::client::Client;
use crate::error::Result;
use crate::json::Document;
use crate::rate_limit::Lane;
use crate::request::Call;
use crate::routes::ME;
use crate::users::{User, user};

/// The call. Made by [`Client::me`].
pub struct Me<'a>(pub(crate) &'a Client);

impl Me<'_> {
    /// The token's user. The route could collide with the one for a single user, so only an answer with an id of its
    /// own and a mail address counts.
    pub async fn get(&self, lane: Lane) -> Result<User> {
        let answer = self.0.read(Call::new(&ME, lane)).await?;
        let mut document = Document::parse(&answer)?;
        let me = user(&document.one()?);
        if me.id == "me" {
            return Err(document.shape("an id of the user"));
        }
        match me.mail.as_deref().map(is_mail) {
            Some(true) => Ok(me),
            _ => Err(document.shape("a mail address of the user")),
        }
    }
}

fn is_mail(text: &str) -> bool {
    text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
}
