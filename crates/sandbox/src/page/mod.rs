//! The demonstration page at `/`: a person lets things happen, and sees what is delivered. Only for a browser that was
//! opened with a one-time code.

mod door;
mod view;
mod words;

use std::sync::Arc;

use axum::body::Body;
use axum::http::header::{
    ACCEPT, ACCEPT_LANGUAGE, ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, HOST,
    LOCATION, ORIGIN, REFERRER_POLICY, REFRESH, SET_COOKIE, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, Response, StatusCode};
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::answer::{Answer, Refusal};
use crate::deliver::record;
use crate::options::ConnectDecision;
use crate::paging::Query;
use crate::people::{self, User};
use crate::resources::{account, attachments, connect, projects, tickets};
use crate::routes::Serve;
use crate::server::{self, App};

pub(crate) use door::Door;
use view::Shown;
use words::Words;

/// How many deliveries the page shows.
const SHOWN: u32 = 25;
/// A browser asks again so often while deliveries are under way, in seconds.
const AGAIN: u32 = 2;

/// The longest note to a decision; what is longer is cut.
const LONGEST_NOTE: usize = 500;

/// One white pixel.
const PHOTO: &str = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAGATGGgAAAABJRU5ErkJggg==";
/// As little as begins like a document.
const DOCUMENT: &str = "data:application/pdf;base64,JVBERi0xLjQKJSBkZW1vCg==";

/// Whether a browser asks for the page. Programs ask for JSON, and get what the API has at `/`: nothing.
pub(crate) fn is_meant(parts: &Parts) -> bool {
    let html = |value: &HeaderValue| value.to_str().is_ok_and(|text| text.contains("text/html"));
    parts.uri.path() == "/" && parts.headers.get_all(ACCEPT).iter().any(html)
}

/// Answers a browser. Host and Origin have been looked at.
pub(crate) async fn serve(app: &Arc<App>, parts: &Parts, body: Body) -> Response<Body> {
    let words = Words::of(parts.headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()));
    let pairs = pairs(parts.uri.query().unwrap_or_default().as_bytes());
    let known = session(app, parts).is_some_and(|session| app.page.knows(session));
    if parts.method == Method::GET {
        let new = if known { None } else { app.page.enter(value(&pairs, "code")) };
        if !known && new.is_none() {
            return closed(words);
        }
        let mut response = shown(app, words, &pairs, None).await;
        if let Some(session) = new {
            let cookie = format!("{}={session}; Path=/; HttpOnly; SameSite=Strict", cookie_name(app));
            set(&mut response, SET_COOKIE, &cookie);
        }
        response
    } else if parts.method == Method::POST {
        if !known || !comes_from_here(parts) {
            return closed(words);
        }
        let Ok(form) = server::read(body).await else { return closed(words) };
        act(app, words, self::pairs(&form)).await
    } else {
        let mut response = closed(words);
        *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
        set(&mut response, ALLOW, "GET, POST");
        response
    }
}

type Pairs = Vec<(String, String)>;

fn pairs(text: &[u8]) -> Pairs {
    form_urlencoded::parse(text).into_owned().collect()
}

fn value<'a>(pairs: &'a Pairs, name: &str) -> &'a str {
    pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
}

/// Cookies know no ports: the name keeps several sandboxes apart.
fn cookie_name(app: &App) -> String {
    format!("sandbox-{}", app.port)
}

fn session<'a>(app: &App, parts: &'a Parts) -> Option<&'a str> {
    let name = cookie_name(app);
    let cookies = parts.headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|line| line.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

/// The browser must say where a form comes from, and it must be the very address it goes to.
fn comes_from_here(parts: &Parts) -> bool {
    let one = |name| parts.headers.get(name).and_then(|value| value.to_str().ok());
    match (one(ORIGIN), one(HOST)) {
        (Some(origin), Some(host)) => origin.strip_prefix("http://") == Some(host),
        _ => false,
    }
}

/// Does what a button asks for, and sends the browser back to the page.
async fn act(app: &Arc<App>, words: &'static Words, form: Pairs) -> Response<Body> {
    let (project, ticket) = (value(&form, "project").to_owned(), value(&form, "ticket").to_owned());
    let (working, form_there, project_there) = (Arc::clone(app), form.clone(), project.clone());
    let done = tokio::task::spawn_blocking(move || {
        let action = value(&form_there, "action");
        match connect_decision(action) {
            Some(decision) => decide(&working, decision, value(&form_there, "note")).map(|()| ticket),
            None => work(&working, words, action, project_there, ticket),
        }
    });
    match done.await {
        Ok(Ok(ticket)) => {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::SEE_OTHER;
            set(&mut response, LOCATION, &address(&project, &ticket));
            set(&mut response, CACHE_CONTROL, "no-store");
            response
        }
        Ok(Err(refusal)) => shown(app, words, &form, Some(refusal)).await,
        Err(error) => shown(app, words, &form, Some(Refusal::Broken(error.to_string()))).await,
    }
}

fn address(project: &str, ticket: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("project", project).append_pair("ticket", ticket);
    format!("/?{}", query.finish())
}

/// Carries a button out as the account holder. Returns the ticket it was about.
fn work(
    app: &Arc<App>,
    words: &Words,
    action: &str,
    project: String,
    ticket: String,
) -> Result<String, Refusal> {
    let (serve, attributes): (Serve, Value) = match action {
        "create" => (
            tickets::create,
            json!({"ticket-type-id": "demo", "component-id": "demo", "subject": words.new_subject}),
        ),
        "update" => (tickets::update, json!({"status-id": "ol", "progress": 50})),
        "comment" => (tickets::comment, json!({"comment": words.new_comment})),
        "photo" => (attachments::create, json!({"attachment": PHOTO, "attachment-name": "demo.png"})),
        "document" => (attachments::create, json!({"attachment": DOCUMENT, "attachment-name": "demo.pdf"})),
        "delete" => (tickets::delete, json!({})),
        _ => return Err(Refusal::NotFound("There is no such button.")),
    };
    let body = json!({"data": {"attributes": attributes}}).to_string();
    let mut db = app.db.lock();
    let caller = holder(&db)?;
    let ids = [project, ticket];
    let query = Query::default();
    let ask = app.ask(&caller, &ids, &query, body.as_bytes(), app.clock.now());
    let answer = app.serve(&mut db, serve, &ask)?;
    Ok(match answer {
        Answer::One(_, resource) if action == "create" => {
            resource.attributes.get("uuid").and_then(Value::as_str).unwrap_or_default().to_owned()
        }
        _ => ids[1].clone(),
    })
}

fn connect_decision(action: &str) -> Option<ConnectDecision> {
    match action {
        "connect-review" => Some(ConnectDecision::Review),
        "connect-grant" => Some(ConnectDecision::Grant),
        "connect-decline" => Some(ConnectDecision::Decline),
        _ => None,
    }
}

/// Decides on the request for Connect, as PlanRadar's people would.
fn decide(app: &App, decision: ConnectDecision, note: &str) -> Result<(), Refusal> {
    let note: String = note.chars().take(LONGEST_NOTE).collect();
    if connect::decide(&app.db.lock(), decision, Some(&note), app.clock.now())? {
        Ok(())
    } else {
        Err(Refusal::NotFound("There is no request for Connect to decide on."))
    }
}

fn holder(db: &rusqlite::Connection) -> Result<User, Refusal> {
    people::by_number(db, account::load(db)?.holder_id)?
        .ok_or_else(|| Refusal::Broken("The account has no holder.".into()))
}

/// The page with a project and a ticket chosen, as far as they are there.
async fn shown(
    app: &Arc<App>,
    words: &'static Words,
    chosen: &Pairs,
    refusal: Option<Refusal>,
) -> Response<Body> {
    // Before the page is read: what ends in between is shown, and what begins shows at the next look.
    let busy = app.deliveries.busy();
    let (project, ticket) = (value(chosen, "project").to_owned(), value(chosen, "ticket").to_owned());
    let reading = Arc::clone(app);
    let read = tokio::task::spawn_blocking(move || read(&reading, &project, &ticket)).await;
    let shown = match read {
        Ok(Ok(shown)) => shown,
        Ok(Err(error)) => return broken(words, &error.to_string()),
        Err(error) => return broken(words, &error.to_string()),
    };
    let status = refusal.as_ref().map_or(StatusCode::OK, Refusal::status);
    let notice = refusal.map(|refusal| refusal.sentence());
    let mut response = html(status, view::page(words, &shown, busy, notice.as_deref()).into_string());
    if busy {
        let refresh = format!("{AGAIN}; url={}", address(&shown.project, &shown.ticket));
        set(&mut response, REFRESH, &refresh);
    }
    response
}

fn read(app: &App, project: &str, ticket: &str) -> rusqlite::Result<Shown> {
    let db = app.db.lock();
    let projects = projects::names(&db)?;
    let project = projects.iter().find(|(id, _)| id == project).or(projects.first());
    let project = project.map(|(id, _)| id.clone()).unwrap_or_default();
    let tickets: Vec<(String, String)> = tickets::of_project(&db, &project)?
        .into_iter()
        .rev()
        .map(|ticket| (ticket.uuid.clone(), ticket.subject().to_owned()))
        .collect();
    let ticket = tickets.iter().find(|(uuid, _)| uuid == ticket).or(tickets.first());
    let ticket = ticket.map(|(uuid, _)| uuid.clone()).unwrap_or_default();
    let deliveries = record::latest(&db, SHOWN)?;
    Ok(Shown { projects, project, tickets, ticket, deliveries, connect: connect::load(&db)? })
}

fn closed(words: &'static Words) -> Response<Body> {
    html(StatusCode::FORBIDDEN, view::closed(words).into_string())
}

fn broken(words: &'static Words, detail: &str) -> Response<Body> {
    html(StatusCode::INTERNAL_SERVER_ERROR, view::broken(words, detail).into_string())
}

fn html(status: StatusCode, page: String) -> Response<Body> {
    let mut response = Response::new(Body::from(page));
    *response.status_mut() = status;
    set(&mut response, CONTENT_TYPE, "text/html; charset=utf-8");
    set(&mut response, CONTENT_SECURITY_POLICY, &view::policy());
    set(&mut response, CACHE_CONTROL, "no-store");
    set(&mut response, X_CONTENT_TYPE_OPTIONS, "nosniff");
    // Not `no-referrer`: browsers then call the Origin of the page's own forms `null`.
    set(&mut response, REFERRER_POLICY, "same-origin");
    response
}

fn set(response: &mut Response<Body>, name: axum::http::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}
