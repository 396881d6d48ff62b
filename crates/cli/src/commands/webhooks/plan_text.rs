//! What applying a file would do, in words.

use crate::{
    json::{
        webhooks::Change,
        webhooks_code::{CodePlan as Document, HiddenChange, Planned},
    },
    out::{Table, Text},
};

/// The webhooks of the file that are written.
pub fn changed(plan: &Document) -> impl Iterator<Item = &Planned> {
    plan.webhooks.iter().filter(|w| w.action != "unchanged")
}

/// Descriptions of those that are deleted.
pub fn deleted(plan: &Document) -> impl Iterator<Item = String> {
    plan.others.iter().filter(|o| o.delete).map(|o| o.description.clone())
}

/// How much there is to do.
pub fn summary(plan: &Document) -> String {
    let time = if plan.seconds > 0 { format!(", at least {} s", plan.seconds) } else { String::new() };
    format!(
        "create {}, change {}, delete {} ({} requests{time})",
        plan.create, plan.update, plan.delete, plan.requests
    )
}

/// What nobody can undo, or what is only guessed: each is a reason to ask.
pub fn grave(plan: &Document) -> Vec<String> {
    let mut grave = Vec::new();
    for webhook in changed(plan) {
        let gone: Vec<_> = gone(webhook).map(|h| name(&h.name)).collect();
        if !gone.is_empty() {
            let gone = gone.join(", ");
            grave.push(format!(
                "“{}” loses what is hidden, and nobody can read it again: {gone}.",
                webhook.description
            ));
        }
        if let Some(old) = webhook.renamed_from.as_ref().filter(|_| webhook.found == "similar") {
            grave.push(format!(
                "“{}” is taken for “{old}” by a guess; `was: {old}` in the file says so for sure.",
                webhook.description
            ));
        }
    }
    if plan.delete > 0 {
        grave.push("Deleting is final.".to_owned());
    }
    grave
}

/// Each change as a person reads it.
pub fn lines(plan: &Document) -> Vec<String> {
    let mut lines = Vec::new();
    for webhook in changed(plan) {
        lines.push(format!("{} “{}”{}", webhook.action, webhook.description, renamed(webhook)));
        lines.extend(details(webhook).into_iter().map(|detail| format!("    {detail}")));
    }
    lines.extend(deleted(plan).map(|description| format!("delete “{description}”")));
    lines
}

fn renamed(webhook: &Planned) -> String {
    match &webhook.renamed_from {
        Some(old) if webhook.found == "similar" => {
            format!(", taken for “{old}”, the only other one with its target and events")
        }
        Some(old) => format!(", until now “{old}”"),
        None => String::new(),
    }
}

/// A field's change as a person reads it.
pub fn change(field: &str, old: Option<&str>, new: Option<&str>) -> String {
    format!("{field}: {} → {}", value(field, old), value(field, new))
}

fn value<'a>(field: &str, text: Option<&'a str>) -> &'a str {
    text.unwrap_or(if field == "projects" { "all" } else { "(nothing)" })
}

fn gone(webhook: &Planned) -> impl Iterator<Item = &HiddenChange> {
    webhook.hidden.iter().filter(|h| h.what == "remove")
}

fn details(webhook: &Planned) -> Vec<String> {
    let created = webhook.action == "create";
    let mut details: Vec<_> = webhook
        .changes
        .iter()
        .map(|Change { field, old, new }| match new.as_deref() {
            now if created => format!("{field}: {}", value(field, now)),
            now => change(field, old.as_deref(), now),
        })
        .collect();
    details.extend(gone(webhook).map(|h| format!("{}: the hidden value goes", name(&h.name))));
    details.extend(webhook.values.iter().map(|value| {
        let what = match value.fate.as_str() {
            "same" => "stays: set from here in this version",
            "unknown" => "stays as PlanRadar has it; not known whether it is the same",
            "first" => "is set",
            "newer" => "is set: another version",
            "changed_elsewhere" => "is set again: somebody else changed the webhook since",
            "sent_along" => "is sent along",
            _ => "is missing",
        };
        format!("{} ({}): {what}", name(&value.name), value.reference)
    }));
    details
}

fn name(of: &str) -> &str {
    if of == ":password" { "password" } else { of }
}

/// The whole plan.
pub fn show(text: &mut Text, plan: &Document) {
    let mut table = Table::new(&["action", "webhook", "id", "line", "what"]);
    for webhook in &plan.webhooks {
        let what: Vec<_> = if webhook.action == "unchanged" {
            let unsure = webhook.values.iter().filter(|v| v.fate == "unknown");
            unsure.map(|v| format!("{}: not known whether it is the same", name(&v.name))).collect()
        } else {
            details(webhook)
        };
        table.row([
            webhook.action.as_str().into(),
            format!("{}{}", webhook.description, renamed(webhook)).into(),
            webhook.id.clone().into(),
            webhook.line.into(),
            what.join("; ").into(),
        ]);
    }
    for other in &plan.others {
        table.row([
            if other.delete { "delete" } else { "leave alone" }.into(),
            other.description.as_str().into(),
            other.id.as_str().into(),
            "".into(),
            if other.delete { "" } else { "not in the file" }.into(),
        ]);
    }
    text.table(table);
    if !plan.wanted.is_empty() {
        text.line(format!("Not given, for `apply --values`: {}.", plan.wanted.join(", ")));
    }
    text.line(format!("Would {}. {} as the file says.", summary(plan), plan.unchanged));
}
