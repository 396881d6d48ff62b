//! From webhooks to a file. No secret is ever in it: a hidden value becomes a reference, what looks like a secret in a
//! target is masked.

use super::{
    file::{Reference, is_value_name, stdin_name},
    matching::MASK,
    variables::escaped,
};
use crate::{
    AppError, Code, Gatehouse, Result,
    webhooks::{by_hand::is_by_hand, hidden::HiddenFacts, plan::PASSWORD},
};
use planradar::{Authentication, Webhook, webhook_rules::masked};

impl Gatehouse {
    /// A file of the account's webhooks, or of some of them, as the server has them now.
    pub async fn webhooks_code_export(&self, account: &str, ids: Option<&[String]>) -> Result<String> {
        let label = self.account(account).await?.label;
        let list = self.code_list(account).await?;
        if let Some(missing) = ids.iter().copied().flatten().find(|id| !list.iter().any(|w| &w.id == *id)) {
            return Err(AppError::new(Code::Gone, "This webhook no longer exists at PlanRadar.").at(missing));
        }
        let wanted = list.iter().filter(|w| ids.is_none_or(|ids| ids.contains(&w.id)));
        self.code_file(account, &label, &wanted.collect::<Vec<_>>()).await
    }

    /// The same of one webhook, as it is known here; asked for only if it is not.
    pub async fn webhook_as_yaml(&self, account: &str, id: &str) -> Result<String> {
        let label = self.account(account).await?.label;
        if is_by_hand(id) {
            return Err(AppError::new(
                Code::NotOffered,
                "This webhook was set up by hand: a file can't look after it on this server.",
            ));
        }
        let webhook = self.webhook(account, id).await?;
        self.code_file(account, &label, &[&webhook]).await
    }

    async fn code_file(&self, account: &str, label: &str, webhooks: &[&Webhook]) -> Result<String> {
        let mut out = preamble(label);
        if webhooks.is_empty() {
            out.push_str("webhooks: []\n");
            return Ok(out);
        }
        out.push_str("webhooks:\n");
        for webhook in webhooks {
            let facts = self.facts_of(account, webhook).await?;
            one(&mut out, webhook, &facts);
        }
        Ok(out)
    }
}

fn preamble(label: &str) -> String {
    let label: String = label.chars().filter(|c| !c.is_control()).collect();
    format!(
        "# Webhooks of the PlanRadar account “{label}”, written by Gatehouse.\n\
         #\n\
         # No hidden value is in this file. It refers to them:\n\
         #   keychain:NAME  the account's value NAME in the keychain of the computer that applies the file;\n\
         #                  set it with: gatehouse-cli webhooks value set NAME\n\
         #   stdin          given on standard input when the file is applied; if it is not, PlanRadar keeps what it has\n\
         # {MASK} in a target stands for what looks like a secret there, and stays as PlanRadar has it.\n\
         # A webhook that is taken out of the file is left alone, unless the file is applied with --prune.\n\
         version: 1\n"
    )
}

fn one(out: &mut String, webhook: &Webhook, facts: &HiddenFacts) {
    let mut line = |text: String| {
        out.push_str(&text);
        out.push('\n');
    };
    line(format!("  - id: {}", scalar(&webhook.id)));
    line(format!("    description: {}", scalar(&webhook.description)));
    line(format!("    target_url: {}", scalar(&masked(&webhook.target_url))));
    line(format!("    active: {}", webhook.active));
    line(format!("    projects: {}", webhook.project_ids.as_ref().map_or("all".to_owned(), |ids| list(ids))));
    line(format!("    events: {}", list(&webhook.events)));
    let called = webhook.description.trim();
    match &webhook.authentication {
        Authentication::None => line("    authentication: none".to_owned()),
        Authentication::Other => line("    authentication: unchanged".to_owned()),
        Authentication::Basic { username } => {
            let password = reference(facts, called, PASSWORD, "password");
            line("    authentication:".to_owned());
            let unsure = unsure(facts, PASSWORD).unwrap_or_default();
            line(format!(
                "      basic: {{username: {}, password: {{{password}}}}}{unsure}",
                scalar(username)
            ));
        }
    }
    if webhook.headers.is_empty() {
        line("    headers: []".to_owned());
        return;
    }
    line("    headers:".to_owned());
    for header in &webhook.headers {
        let value = if header.hidden {
            reference(facts, called, &header.name, &header.name)
        } else {
            format!("value: {}", scalar(header.value.as_deref().unwrap_or_default()))
        };
        let unsure = unsure(facts, &header.name).filter(|_| header.hidden).unwrap_or_default();
        line(format!("      - {{name: {}, {value}}}{unsure}", scalar(&header.name)));
    }
}

/// What a value was set from, as far as it surely is that still; else `stdin`: then it stays as it is.
fn reference(facts: &HiddenFacts, called: &str, name: &str, shown: &str) -> String {
    let Some(applied) = facts.applied(name).filter(|a| a.sure) else { return "hidden: stdin".to_owned() };
    let reference = match applied.reference.split_once(':') {
        Some(("keychain", name)) if is_value_name(name) => Reference::Keychain(name.to_owned()).to_string(),
        Some(("stdin", name)) if name == stdin_name(called, shown) => "stdin".to_owned(),
        Some(("stdin", name)) => Reference::Stdin(name.to_owned()).to_string(),
        _ => "stdin".to_owned(),
    };
    let version = applied.file_version.map(|v| format!(", version: {v}")).unwrap_or_default();
    format!("hidden: {}{version}", scalar(&reference))
}

/// References that are no longer sure: exported as such, they would set what somebody else may have changed.
fn unsure(facts: &HiddenFacts, name: &str) -> Option<String> {
    let applied = facts.applied(name).filter(|a| !a.sure && a.reference.starts_with("keychain:"))?;
    Some(format!(" # {} until somebody else changed the webhook", applied.reference))
}

fn list(texts: &[String]) -> String {
    let texts: Vec<_> = texts.iter().map(|t| scalar(t)).collect();
    format!("[{}]", texts.join(", "))
}

/// A text that every reader of YAML takes for this text.
fn scalar(text: &str) -> String {
    let text = escaped(text);
    let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '/' | '.');
    let inner = |c: char| word(c) || matches!(c, ' ' | ':' | '+' | '=' | '?' | '(' | ')');
    let begins = text.chars().next().is_some_and(char::is_alphabetic);
    let ends = text.chars().last().is_some_and(word);
    let reserved = ["true", "false", "yes", "no", "on", "off", "null", "y", "n", "all", "none", "unchanged"];
    let is_word = reserved.contains(&text.to_ascii_lowercase().as_str());
    if begins && ends && text.chars().all(inner) && !text.contains(": ") && !is_word {
        return text;
    }
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            // Also those that only some readers take for a line's end, or for the file's beginning.
            _ if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                out.extend(format!("\\u{:04x}", u32::from(c)).chars());
            }
            _ => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.
    use super::*;
    use crate::webhooks::code::{
        variables::fill,
        yaml::{Kind, parse},
    };
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn back(text: &str) -> String {
        let Kind::Map(pairs) = parse(&format!("a: {{b: [{}]}}\n", scalar(text))).ok().unwrap().kind else {
            panic!()
        };
        let Kind::Map(pairs) = &pairs[0].1.kind else { panic!() };
        let Kind::List(items) = &pairs[0].1.kind else { panic!() };
        let Kind::Text { text, .. } = &items[0].kind else { panic!() };
        fill(text, &BTreeMap::new()).unwrap()
    }

    #[test]
    fn what_reads_well_stays_as_it_is() {
        for text in [
            "Tickets to the ERP",
            "https://h.example.com:8443/in?a=b",
            "ticket_created",
            "keychain:ERP",
            "Übergabe",
        ] {
            assert_eq!(scalar(text), text);
        }
        for text in ["", "no", "007", "1e3", "a: b", "a #b", "- a", "x,", "[masked]", "a ", "${x}", "\u{7f}"]
        {
            assert!(scalar(text).starts_with('"'), "{text:?}");
            assert_eq!(back(text), text);
        }
    }

    proptest! {
        #[test]
        fn every_text_comes_back(text in any::<String>()) {
            prop_assert_eq!(back(&text), text);
        }
    }
}
