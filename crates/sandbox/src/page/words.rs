//! What the page says, in English and German.

pub(crate) struct Words {
    pub(crate) lang: &'static str,
    pub(crate) title: &'static str,
    pub(crate) band: &'static str,
    pub(crate) project: &'static str,
    pub(crate) show: &'static str,
    pub(crate) ticket: &'static str,
    pub(crate) no_ticket: &'static str,
    pub(crate) no_project: &'static str,
    pub(crate) create: &'static str,
    pub(crate) update: &'static str,
    pub(crate) comment: &'static str,
    pub(crate) photo: &'static str,
    pub(crate) document: &'static str,
    pub(crate) delete: &'static str,
    pub(crate) deliveries: &'static str,
    pub(crate) no_delivery: &'static str,
    pub(crate) under_way: &'static str,
    pub(crate) look_again: &'static str,
    pub(crate) columns: [&'static str; 6],
    pub(crate) no_answer: &'static str,
    pub(crate) not_done: &'static str,
    pub(crate) closed: &'static str,
    pub(crate) new_subject: &'static str,
    pub(crate) new_comment: &'static str,
}

impl Words {
    /// By the browser's first language.
    pub(crate) fn of(accept_language: Option<&str>) -> &'static Self {
        let first = accept_language.and_then(|list| list.split([',', ';', '-']).next()).unwrap_or_default();
        if first.trim().eq_ignore_ascii_case("de") { &GERMAN } else { &ENGLISH }
    }
}

static ENGLISH: Words = Words {
    lang: "en",
    title: "Let something happen",
    band: "Demo account: invented data, nothing reaches PlanRadar",
    project: "Project",
    show: "Show",
    ticket: "Ticket",
    no_ticket: "This project has no ticket yet. Create one first.",
    no_project: "This account has no project.",
    create: "Create ticket",
    update: "Update",
    comment: "Comment",
    photo: "Attach photo",
    document: "Attach document",
    delete: "Delete",
    deliveries: "Deliveries",
    no_delivery: "Nothing was delivered yet. Only active webhooks for this event and project hear of it.",
    under_way: "Deliveries are under way. This page looks again by itself.",
    look_again: "Look again",
    columns: ["Time (UTC)", "Webhook", "Event", "Try", "Answer", "Duration"],
    no_answer: "none",
    not_done: "This was not done:",
    closed: "This page opens from Gatehouse only, each time with a new code. Open it there again.",
    new_subject: "demo: crack in the screed",
    new_comment: "demo: please look at this",
};

static GERMAN: Words = Words {
    lang: "de",
    title: "Etwas geschehen lassen",
    band: "Demo-Account: erfundene Daten, nichts erreicht PlanRadar",
    project: "Projekt",
    show: "Anzeigen",
    ticket: "Ticket",
    no_ticket: "Dieses Projekt hat noch kein Ticket. Erstellen Sie zuerst eines.",
    no_project: "Dieser Account hat kein Projekt.",
    create: "Ticket erstellen",
    update: "Ändern",
    comment: "Kommentieren",
    photo: "Foto anhängen",
    document: "Dokument anhängen",
    delete: "Löschen",
    deliveries: "Zustellungen",
    no_delivery: "Es wurde noch nichts zugestellt. Nur aktive Webhooks für dieses Ereignis und Projekt erfahren davon.",
    under_way: "Zustellungen sind unterwegs. Diese Seite sieht von selbst wieder nach.",
    look_again: "Noch einmal nachsehen",
    columns: ["Zeit (UTC)", "Webhook", "Ereignis", "Versuch", "Antwort", "Dauer"],
    no_answer: "keine",
    not_done: "Das wurde nicht ausgeführt:",
    closed: "Diese Seite öffnet sich nur aus Gatehouse, jedes Mal mit einem neuen Code. Öffnen Sie sie dort noch einmal.",
    new_subject: "demo: Riss im Estrich",
    new_comment: "demo: bitte ansehen",
};
