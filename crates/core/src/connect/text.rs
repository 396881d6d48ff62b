//! The request as text, where the server does not take it over the API.

use super::ConnectInput;
use crate::{Gatehouse, Result};
use serde::Deserialize;
use specta::Type;

/// In which language it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum TextLanguage {
    /// English.
    En,
    /// German.
    De,
}

struct Words {
    opening: &'static str,
    account: &'static str,
    integrations: &'static str,
    purpose: &'static str,
    contact: &'static str,
    phone: &'static str,
}

const EN: Words = Words {
    opening: "Please give our account access to PlanRadar Connect.",
    account: "Account ID",
    integrations: "To integrate",
    purpose: "Purpose",
    contact: "Contact",
    phone: "Phone",
};

const DE: Words = Words {
    opening: "Bitte schalten Sie PlanRadar Connect für unseren Account frei.",
    account: "Account-ID",
    integrations: "Zu integrieren",
    purpose: "Zweck",
    contact: "Ansprechpartner",
    phone: "Telefon",
};

impl Gatehouse {
    /// The request as text to copy. What is still empty is left out. Nothing is asked or sent.
    pub async fn connect_text(
        &self,
        account: &str,
        input: &ConnectInput,
        language: TextLanguage,
    ) -> Result<String> {
        let account = self.account(account).await?;
        let customer = if account.label == account.customer_id {
            account.customer_id
        } else {
            format!("{} ({})", account.customer_id, account.label)
        };
        Ok(written(&customer, input, language))
    }
}

fn written(customer: &str, input: &ConnectInput, language: TextLanguage) -> String {
    let words = match language {
        TextLanguage::En => &EN,
        TextLanguage::De => &DE,
    };
    let integrations: Vec<_> =
        input.integrations.iter().map(|name| name.trim()).filter(|name| !name.is_empty()).collect();
    let facts = [
        (words.account, customer.to_owned()),
        (words.integrations, integrations.join(", ")),
        (words.purpose, input.purpose.trim().to_owned()),
        (words.contact, input.contact.trim().to_owned()),
        (words.phone, input.phone.as_deref().unwrap_or_default().trim().to_owned()),
    ];
    let facts = facts.iter().filter(|(_, fact)| !fact.is_empty());
    let lines: Vec<_> = facts.map(|(name, fact)| format!("{name}: {fact}")).collect();
    format!("{}\n\n{}\n", words.opening, lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_entered() {
        let input = ConnectInput {
            integrations: vec!["SAP ".to_owned(), " ".to_owned(), "Teams".to_owned()],
            purpose: "Mängel melden".to_owned(),
            contact: "  ".to_owned(),
            phone: None,
        };
        let expected = "Bitte schalten Sie PlanRadar Connect für unseren Account frei.\n\n\
                        Account-ID: 1484013 (Nordbau)\nZu integrieren: SAP, Teams\nZweck: Mängel melden\n";
        assert_eq!(written("1484013 (Nordbau)", &input, TextLanguage::De), expected);
        assert!(written("1", &input, TextLanguage::En).starts_with("Please give"));
    }
}
