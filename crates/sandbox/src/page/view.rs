//! The page's HTML. maud escapes whatever people have entered.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest as _, Sha256};

use super::words::Words;
use crate::deliver::record::Line;
use crate::people;
use crate::resources::connect::{self, Connect};

const STYLE: &str = include_str!("style.css");

/// Nothing but this one style and forms that come back here. Without scripts.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let style = BASE64_STANDARD.encode(Sha256::digest(STYLE));
    format!(
        "default-src 'none'; style-src 'sha256-{style}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
});

pub(super) fn policy() -> String {
    POLICY.clone()
}

/// What there is to show. Pairs are an id and what people read.
pub(super) struct Shown {
    pub(super) projects: Vec<(String, String)>,
    pub(super) project: String,
    pub(super) tickets: Vec<(String, String)>,
    pub(super) ticket: String,
    pub(super) deliveries: Vec<Line>,
    pub(super) connect: Connect,
}

pub(super) fn page(words: &Words, shown: &Shown, busy: bool, notice: Option<&str>) -> Markup {
    frame(
        words,
        &html! {
            @if let Some(notice) = notice {
                p.notice role="alert" { (words.not_done) " " (notice) }
            }
            @if shown.projects.is_empty() {
                p { (words.no_project) }
            } @else {
                (choose(words, shown))
                (buttons(words, shown))
            }
            h2 { (words.deliveries) }
            @if busy {
                p role="status" { (words.under_way) }
            }
            @if shown.deliveries.is_empty() {
                p.quiet { (words.no_delivery) }
            } @else {
                (deliveries(words, &shown.deliveries))
            }
            h2 { "PlanRadar Connect" }
            (connect_request(words, shown))
        },
    )
}

pub(super) fn closed(words: &Words) -> Markup {
    frame(words, &html! { p { (words.closed) } })
}

pub(super) fn broken(words: &Words, detail: &str) -> Markup {
    frame(words, &html! { p.notice role="alert" { (words.not_done) " " (detail) } })
}

fn frame(words: &Words, content: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(words.lang) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (words.title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                div.band { (words.band) }
                main {
                    h1 { (words.title) }
                    (content)
                }
            }
        }
    }
}

fn choose(words: &Words, shown: &Shown) -> Markup {
    html! {
        form method="get" action="/" {
            label {
                (words.project)
                select name="project" { (options(&shown.projects, &shown.project)) }
            }
            button { (words.show) }
        }
    }
}

fn buttons(words: &Words, shown: &Shown) -> Markup {
    let button = |action, class, text| html! { button name="action" value=(action) class=(class) { (text) } };
    html! {
        form method="post" action="/" {
            input type="hidden" name="project" value=(shown.project);
            (button("create", "first", words.create))
        }
        @if shown.tickets.is_empty() {
            p.quiet { (words.no_ticket) }
        } @else {
            form method="post" action="/" {
                input type="hidden" name="project" value=(shown.project);
                label {
                    (words.ticket)
                    select name="ticket" { (options(&shown.tickets, &shown.ticket)) }
                }
                (button("update", "", words.update))
                (button("comment", "", words.comment))
                (button("photo", "", words.photo))
                (button("document", "", words.document))
                (button("delete", "danger", words.delete))
            }
        }
    }
}

/// The request for Connect, and what people at PlanRadar could do with it.
fn connect_request(words: &Words, shown: &Shown) -> Markup {
    let connect = &shown.connect;
    let button = |action, class, text| html! { button name="action" value=(action) class=(class) { (text) } };
    let state = match connect.status.as_str() {
        connect::NOT_REQUESTED => return html! { p.quiet { (words.connect_none) } },
        connect::REQUESTED => words.connect_requested,
        connect::IN_REVIEW => words.connect_in_review,
        connect::GRANTED => words.connect_granted,
        _ => words.connect_declined,
    };
    let when = connect.requested_on.map(people::time);
    let when = when.as_ref().and_then(|time| time.as_str()).unwrap_or_default();
    let said = |name: &str| connect.request.get(name).and_then(|value| value.as_str());
    let integrations = connect.request.get("integrations").and_then(|value| value.as_array());
    html! {
        p { (state) " (" (when.replace('T', " ").trim_end_matches('Z')) " UTC)" }
        ul {
            @for text in integrations.into_iter().flatten().filter_map(|one| one.as_str()) { li { (text) } }
        }
        @for text in ["purpose", "contact", "phone"].into_iter().filter_map(said) { p.quiet { (text) } }
        @if connect.is_open() {
            form method="post" action="/" {
                input type="hidden" name="project" value=(shown.project);
                input type="hidden" name="ticket" value=(shown.ticket);
                label { (words.note) input name="note" maxlength="500"; }
                @if connect.status == connect::REQUESTED {
                    (button("connect-review", "", words.review))
                }
                (button("connect-grant", "first", words.grant))
                (button("connect-decline", "danger", words.decline))
            }
        }
    }
}

fn options(pairs: &[(String, String)], chosen: &str) -> Markup {
    html! {
        @for (id, text) in pairs {
            option value=(id) selected[id == chosen] { (text) }
        }
    }
}

fn deliveries(words: &Words, lines: &[Line]) -> Markup {
    html! {
        div.wide tabindex="0" role="region" aria-label=(words.deliveries) {
            table {
                thead { tr { @for column in words.columns { th scope="col" { (column) } } } }
                tbody {
                    @for line in lines {
                        tr {
                            td { (line.at.replace('T', " ").trim_end_matches('Z')) }
                            td { (line.webhook) }
                            td { (line.event) }
                            td { (line.attempt) }
                            td { (answer(words, line)) }
                            td { (line.duration_ms) " ms" }
                        }
                    }
                }
            }
        }
        p { a href="/" { (words.look_again) } }
    }
}

fn answer(words: &Words, line: &Line) -> Markup {
    match line.status {
        Some(status) if (200..300).contains(&status) => html! { span.ok { (status) } },
        Some(status) => html! { span.bad { (status) } },
        None => html! { span.bad { (words.no_answer) } " " (line.error.as_deref().unwrap_or_default()) },
    }
}
