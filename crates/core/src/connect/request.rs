//! Asking for access: through the operations journal, sent once, never twice.

use super::{ConnectInput, ConnectState, ConnectView, cached::CachedConnect, reconcile::mark};
use crate::{
    AppError, Code, Details, Gatehouse, Result,
    operations::{Data, Op, OperationKind},
    tokens::surely_not_done,
};
use gatehouse_store::OperationState as State;
use planradar::{ConnectField, ConnectRequest, Error, rate_limit::Lane};

/// Bounds (assumed; no public documentation).
const MOST_INTEGRATIONS: usize = 50;
const LONGEST: usize = 200;
const LONGEST_PURPOSE: usize = 2_000;
/// The server's word for a second request (assumed).
const ALREADY: &str = "connect_already_requested";

impl Gatehouse {
    /// Asks for access. Refused, before any request where that is known, while an earlier request is open or granted.
    pub async fn connect_request(&self, account: &str, input: &ConnectInput) -> Result<ConnectView> {
        let request = checked(input)?;
        let _once = self.only_once(format!("connect {account}"))?;
        if let Some(known) = self.known_connect(account).await? {
            refuse_twice(&known.body)?;
        }
        if let Some(id) = self.connect_view(account).await?.unsettled {
            return Err(AppError::new(
                Code::LostAnswer,
                "The answer to an earlier request was lost. Look first what became of it: nothing was sent.",
            )
            .with(Details::Operation { id }));
        }
        let session = self.session(account).await?;
        let client = self.reserved(&session.client, Lane::Person).await?;
        // Nothing is written to a route whose status has not answered; and somebody else may have asked.
        let told = self.ask_connect(account, &client, Lane::Person).await?;
        let before = told.status.clone();
        self.take_connect(account, told).await?;
        refuse_twice(&before)?;
        let data = Data { base: Some(mark(&before)), ..Data::default() };
        let subject = request.integrations.join(", ");
        let mut op = self.begin(account, OperationKind::RequestConnect, &subject, data).await?;
        let _working = self.working_on(op.id());
        op.data.sent_at = Some(self.now());
        self.advance(&mut op, State::Sent).await?;
        match client.connect().request(&request).await {
            Ok(status) => {
                self.advance(&mut op, State::Answered).await?;
                self.take_requested(account, status.into()).await?;
                self.advance(&mut op, State::Done).await?;
                self.connect_view(account).await
            }
            Err(error) => self.not_requested(&mut op, &error).await,
        }
    }

    async fn not_requested(&self, op: &mut Op, error: &Error) -> Result<ConnectView> {
        if error.code.as_deref() == Some(ALREADY) {
            self.advance(op, State::Abandoned).await?;
            let now = self.refreshed_connect(op.account(), Lane::Person).await?;
            return Err(already(now.status.and_then(|status| status.requested_on)));
        }
        let why = at_fields(self.failure(error));
        // An answer without a word is followed by a look, whose failure says nothing about the request.
        if error.route == planradar::routes::CONNECT_REQUEST.name && surely_not_done(error) {
            return self.abandon(op, why).await;
        }
        op.data.next_check_at = Some(self.next_look());
        self.advance(op, State::Unknown).await?;
        self.look_again_later(op.account());
        Err(AppError::new(
            Code::LostAnswer,
            "The connection broke while access was asked for. PlanRadar may have the request or not. Gatehouse looks again in a minute and tells you.",
        )
        .with(Details::Operation { id: op.id().to_owned() }))
    }
}

fn refuse_twice(status: &CachedConnect) -> Result<()> {
    if status.may_be_requested() {
        return Ok(());
    }
    if status.state == ConnectState::Granted {
        return Err(AppError {
            message: "PlanRadar Connect is granted already. Nothing was sent.".to_owned(),
            ..already(status.requested_on.map(|at| at.to_string()))
        });
    }
    Err(already(status.requested_on.map(|at| at.to_string())))
}

fn already(since: Option<String>) -> AppError {
    let on = since.as_ref().map_or_else(|| "earlier".to_owned(), |at| format!("on {at}"));
    AppError::new(
        Code::AlreadyRequested,
        format!("PlanRadar Connect was requested {on}. Its people look at it and get in touch; asking twice does not help."),
    )
    .with(Details::Since { since })
}

/// As it is sent: trimmed, without empty and double names.
fn checked(input: &ConnectInput) -> Result<ConnectRequest> {
    let mut integrations: Vec<String> = Vec::new();
    for name in input.integrations.iter().map(|name| name.trim()).filter(|name| !name.is_empty()) {
        if !integrations.iter().any(|known| known.to_lowercase() == name.to_lowercase()) {
            integrations.push(name.to_owned());
        }
    }
    if integrations.is_empty() {
        return Err(AppError::invalid("integrations", "Name at least one application to integrate with."));
    }
    if integrations.len() > MOST_INTEGRATIONS {
        let text = format!("Name at most {MOST_INTEGRATIONS} applications.");
        return Err(AppError::invalid("integrations", text));
    }
    if integrations.iter().any(|name| is_too_long(name, LONGEST)) {
        let text = format!("The name of an application has at most {LONGEST} characters.");
        return Err(AppError::invalid("integrations", text));
    }
    let phone = input.phone.as_deref().map(str::trim).filter(|phone| !phone.is_empty());
    Ok(ConnectRequest {
        integrations,
        purpose: text(&input.purpose, "purpose", LONGEST_PURPOSE)?,
        contact: text(&input.contact, "contact", LONGEST)?,
        phone: phone.map(|phone| text(phone, "phone", LONGEST)).transpose()?,
    })
}

fn text(input: &str, field: &str, longest: usize) -> Result<String> {
    let text = input.trim();
    if text.is_empty() {
        return Err(AppError::invalid(field, "PlanRadar needs this to look at the request."));
    }
    if is_too_long(text, longest) {
        return Err(AppError::invalid(field, format!("At most {longest} characters.")));
    }
    Ok(text.to_owned())
}

fn is_too_long(text: &str, longest: usize) -> bool {
    text.chars().count() > longest
}

/// The server's pointers as names of the form's fields.
fn at_fields(mut error: AppError) -> AppError {
    if let Some(Details::Fields { fields }) = &mut error.details {
        for field in fields {
            let known = planradar::FieldError { pointer: field.pointer.clone(), message: String::new() };
            if let Some(name) = known.connect_field() {
                name_of(name).clone_into(&mut field.pointer);
            }
        }
    }
    error
}

fn name_of(field: ConnectField) -> &'static str {
    match field {
        ConnectField::Integrations => "integrations",
        ConnectField::Purpose => "purpose",
        ConnectField::Contact => "contact",
        ConnectField::Phone => "phone",
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.
    use super::*;

    fn input(integrations: &[&str], purpose: &str, contact: &str, phone: Option<&str>) -> ConnectInput {
        ConnectInput {
            integrations: integrations.iter().map(|&name| name.to_owned()).collect(),
            purpose: purpose.to_owned(),
            contact: contact.to_owned(),
            phone: phone.map(str::to_owned),
        }
    }

    #[test]
    fn what_is_sent_is_tidy() {
        let sent =
            checked(&input(&[" SAP ", "", "sap", "Büro"], " p\nq ", " it@example.com", Some(" "))).unwrap();
        assert_eq!((sent.integrations, sent.phone), (vec!["SAP".to_owned(), "Büro".to_owned()], None));
        assert_eq!((sent.purpose.as_str(), sent.contact.as_str()), ("p\nq", "it@example.com"));
    }

    #[test]
    fn each_field_has_its_own_refusal() {
        let (long, purpose) = ("x".repeat(LONGEST + 1), "x".repeat(LONGEST_PURPOSE + 1));
        let names: Vec<_> = (0..=MOST_INTEGRATIONS).map(|n| n.to_string()).collect();
        let many: Vec<_> = names.iter().map(String::as_str).collect();
        for (bad, field) in [
            (input(&[" "], "p", "c", None), "integrations"),
            (input(&many, "p", "c", None), "integrations"),
            (input(&[&long], "p", "c", None), "integrations"),
            (input(&["SAP"], " ", "c", None), "purpose"),
            (input(&["SAP"], &purpose, "c", None), "purpose"),
            (input(&["SAP"], "p", "", None), "contact"),
            (input(&["SAP"], "p", "c", Some(&long)), "phone"),
        ] {
            assert_eq!(checked(&bad).unwrap_err().field.as_deref(), Some(field));
        }
    }
}
