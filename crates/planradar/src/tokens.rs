//! Own personal access tokens.

use crate::answer::Answer;
use crate::body;
use crate::client::Client;
use crate::error::{Error, ErrorKind, Result};
use crate::json::{self, Document, Moment, Resource};
use crate::paging;
use crate::rate_limit::Lane;
use crate::request::Call;
use crate::routes::{TOKENS_CREATE, TOKENS_DELETE, TOKENS_LIST};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};

/// The calls. Made by [`Client::tokens`].
pub struct Tokens<'a>(pub(crate) &'a Client);

/// A personal access token, without its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// The server's id.
    pub id: String,
    /// As its owner named it.
    pub name: String,
    /// `None`: the server doesn't say.
    pub created_on: Option<Timestamp>,
    /// When a request was last made with it.
    pub last_used_on: Moment,
}

/// A new token with its value, which no later answer has.
#[derive(Debug)]
pub struct CreatedToken {
    /// The token.
    pub token: Token,
    /// Its value, shown once.
    pub value: SecretString,
}

impl Tokens<'_> {
    /// All, in the server's order.
    pub async fn list(&self, lane: Lane) -> Result<Vec<Token>> {
        paging::all(self.0, &TOKENS_LIST, &[], lane, token).await
    }

    /// Creates one. Sent once, whatever happens: see [`Failure::sent`](crate::Failure::sent).
    pub async fn create(&self, name: &str) -> Result<CreatedToken> {
        let body = body::json(&json!({"data": {"attributes": {"name": name}}}));
        let call = Call { body: Some(body), secret: true, ..Call::new(&TOKENS_CREATE, Lane::Person) };
        created(&self.0.write(call).await?)
    }

    /// Deletes one, for good. Sent once, whatever happens.
    pub async fn delete(&self, id: &str) -> Result<()> {
        let ids = [("token_id", id)];
        self.0.write(Call::new(&TOKENS_DELETE, Lane::TakeAway).ids(&ids)).await.map(drop)
    }
}

pub(crate) fn token(document: &Document<'_>, resource: &Resource) -> Result<Token> {
    Ok(Token {
        id: resource.id.clone(),
        name: resource.text("name").ok_or_else(|| document.shape("the token's name"))?,
        created_on: resource.time("created-on"),
        last_used_on: resource.moment("last-used-on"),
    })
}

/// The answer to a create. Read straight into types: a generic value would leave copies of the token behind.
#[derive(Deserialize)]
struct Creation {
    data: CreationData,
}

#[derive(Deserialize)]
struct CreationData {
    id: Value,
    attributes: CreationAttributes,
}

#[derive(Deserialize)]
struct CreationAttributes {
    name: String,
    #[serde(rename = "created-on", alias = "created_on")]
    created_on: Option<String>,
    token: SecretString,
}

fn created(answer: &Answer) -> Result<CreatedToken> {
    let Creation { data: CreationData { id, attributes } } =
        serde_json::from_slice(&answer.body).map_err(|e| not_created(answer, &e))?;
    // Exposed to see that it can be sent: an empty or broken value must not pass for a token.
    let value = attributes.token.expose_secret();
    if value.is_empty() || !value.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(answer.error(ErrorKind::UnexpectedShape("a usable token value")));
    }
    let id = json::id(Some(&id)).ok_or_else(|| answer.error(ErrorKind::UnexpectedShape("a usable id")))?;
    let created_on = attributes.created_on.and_then(|text| text.parse().ok());
    let token = Token { id, name: attributes.name, created_on, last_used_on: Moment::Never };
    Ok(CreatedToken { token, value: attributes.token })
}

/// The library's own text may quote the value, so only its category is used.
fn not_created(answer: &Answer, error: &serde_json::Error) -> Error {
    answer.error(match error.classify() {
        serde_json::error::Category::Data => ErrorKind::UnexpectedShape("the new token"),
        _ => ErrorKind::NotJson,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.
    use super::*;
    use crate::error::Sent;
    use zeroize::Zeroizing;

    fn read(body: &str) -> Result<CreatedToken> {
        let body = Zeroizing::new(body.as_bytes().to_vec());
        created(&Answer { route: "tokens.create", status: 201, html: false, body, excerpt: None })
    }

    #[test]
    fn a_new_token() {
        for key in ["created-on", "created_on"] {
            let body = format!(
                r#"{{"data": {{"id": 5, "type": "x", "attributes": {{"name": "CI", "{key}": "2026-03-12T10:00:00Z",
                "last-used-on": null, "token": "demo-0123"}}}}}}"#
            );
            let created = read(&body).unwrap();
            assert_eq!((created.token.id.as_str(), created.token.name.as_str()), ("5", "CI"));
            assert_eq!(created.token.created_on, Some("2026-03-12T10:00:00Z".parse().unwrap()));
            assert_eq!(created.value.expose_secret(), "demo-0123");
        }
    }

    #[test]
    fn no_error_quotes_the_value() {
        let canary = "c0ffee11223344556677";
        for body in [
            format!(r#"{{"data": {{"id": 5, "attributes": {{"name": 7, "token": "{canary}"}}}}}}"#),
            format!(
                r#"{{"data": {{"id": "{canary}!", "attributes": {{"name": "x", "token": "{canary}"}}}}}}"#
            ),
            format!(r#"{{"data": {{"id": 5, "attributes": {{"name": "x", "token": ["{canary}"]}}}}}}"#),
            format!(r#"{{"data": {{"id": 5, "attributes": {{"name": "x", "token": "{canary} x"}}}}}}"#),
            format!(r#"{{"data": "{canary}"}}"#),
            format!(r#"{{"data": {{"id": 5, "attributes": {{"token": "{canary}""#),
            String::new(),
        ] {
            let error = read(&body).unwrap_err();
            assert!(!format!("{error:?} {error}").contains(canary), "{error:?}");
            assert_eq!((error.sent, error.status), (Sent::Yes, Some(201)), "{error:?}");
        }
    }
}
