//! Access to `PlanRadar` Connect. Routes and attributes are assumed (no public documentation).

use crate::answer::Answer;
use crate::body;
use crate::client::{Client, Freshness};
use crate::error::{FieldError, Result};
use crate::json::{Document, Moment};
use crate::rate_limit::Lane;
use crate::request::Call;
use crate::routes::{CONNECT_REQUEST, CONNECT_STATUS};
use serde_json::json;

/// The calls. Made by [`Client::connect`].
pub struct ConnectApi<'a>(pub(crate) &'a Client);

/// How the account stands with Connect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectStatus {
    /// Where the request is.
    pub state: ConnectState,
    /// When access was asked for.
    pub requested_on: Moment,
    /// When it was granted or declined.
    pub decided_on: Moment,
    /// What `PlanRadar`'s people say.
    pub note: Option<String>,
}

/// Where a request is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConnectState {
    /// Nobody has asked.
    NotRequested,
    /// Asked for.
    Requested,
    /// Being looked at.
    InReview,
    /// Given.
    Granted,
    /// Not given.
    Declined,
    /// One that this program doesn't know.
    Other(String),
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectRequest {
    /// Applications to integrate with, 1 to 50.
    pub integrations: Vec<String>,
    /// What it is for.
    pub purpose: String,
    /// Whom to get in touch with.
    pub contact: String,
    /// A telephone number.
    pub phone: Option<String>,
}

/// A field of a request, as a refusal points to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectField {
    /// The applications.
    Integrations,
    /// What it is for.
    Purpose,
    /// Whom to get in touch with.
    Contact,
    /// The telephone number.
    Phone,
}

impl ConnectApi<'_> {
    /// How it stands.
    pub async fn status(&self, lane: Lane) -> Result<ConnectStatus> {
        let answer = self.0.read(Call::new(&CONNECT_STATUS, lane)).await?;
        read(&answer)
    }

    /// Asks for access. Sent once, whatever happens. A second one is refused with 422 and the code
    /// `connect_already_requested`: [`ConnectApi::status`] has the first one's date.
    pub async fn request(&self, request: &ConnectRequest) -> Result<ConnectStatus> {
        let ConnectRequest { integrations, purpose, contact, phone } = request;
        let body = body::json(&json!({"data": {"attributes": {
            "integrations": integrations, "purpose": purpose, "contact": contact, "phone": phone,
        }}}));
        let call = Call { body: Some(body), ..Call::new(&CONNECT_REQUEST, Lane::Person) };
        let answer = self.0.write(call).await?;
        if answer.body.trim_ascii().is_empty() {
            // Done, said without a word: how it stands takes another request.
            return ConnectApi(&self.0.with(Freshness::Bypass)).status(Lane::Person).await;
        }
        read(&answer)
    }
}

fn read(answer: &Answer) -> Result<ConnectStatus> {
    let mut document = Document::parse(answer)?;
    // What the object's id is, nobody asks.
    let resource = document.one_loose()?;
    let state = match resource.text("status").ok_or_else(|| document.shape("the status"))?.as_str() {
        "not_requested" => ConnectState::NotRequested,
        "requested" => ConnectState::Requested,
        "in_review" => ConnectState::InReview,
        "granted" => ConnectState::Granted,
        "declined" => ConnectState::Declined,
        other => ConnectState::Other(other.to_owned()),
    };
    Ok(ConnectStatus {
        state,
        requested_on: resource.moment("requested-on"),
        decided_on: resource.moment("decided-on"),
        note: resource.text("note").filter(|note| !note.trim().is_empty()),
    })
}

impl FieldError {
    /// The field, when it is one of a request for Connect.
    #[must_use]
    pub fn connect_field(&self) -> Option<ConnectField> {
        Some(match self.pointer.strip_prefix("/data/attributes/")?.split('/').next()? {
            "integrations" => ConnectField::Integrations,
            "purpose" => ConnectField::Purpose,
            "contact" => ConnectField::Contact,
            "phone" => ConnectField::Phone,
            _ => return None,
        })
    }
}
