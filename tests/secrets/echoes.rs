//! Servers and proxies that say secrets back, in every place where an answer has words.

#![allow(clippy::format_collect)] // Short texts, once.

use crate::{World, done};
use axum::http::{HeaderValue, StatusCode, header};
use base64::{Engine, engine::general_purpose::STANDARD};
use gatehouse_tests::between::Exchange;
use serde_json::json;

/// An answer that says `secret` in one way.
type Echo = fn(&mut Exchange, &str);

fn json(exchange: &mut Exchange, status: u16, body: &serde_json::Value) {
    say(exchange, status, "application/json", &body.to_string());
}

fn say(exchange: &mut Exchange, status: u16, kind: &str, body: &str) {
    exchange.status = StatusCode::from_u16(status).unwrap();
    exchange.headers.insert(header::CONTENT_TYPE, HeaderValue::from_str(kind).unwrap());
    exchange.body = body.as_bytes().to_vec();
}

const ECHOES: &[(&str, Echo)] = &[
    ("a page of a proxy", |e, s| {
        say(e, 502, "text/html", &format!("<h1>Bad Gateway</h1><pre>X-PlanRadar-API-Key: {s}</pre>"));
    }),
    ("a page without a word around it", |e, s| say(e, 500, "text/html; charset=utf-8", s)),
    ("a page that passes for an answer", |e, s| say(e, 200, "text/html", &format!("<p title=\"{s}\">{s}"))),
    ("plain text", |e, s| say(e, 403, "text/plain", &format!("no:{s}:no"))),
    ("an error's words", |e, s| {
        let error =
            json!({ "status": "401", "title": s, "detail": format!("Key {s} is unknown"), "code": "x" });
        json(e, 401, &json!({ "errors": [error] }));
    }),
    ("an error's code and pointer", |e, s| {
        let source = json!({ "pointer": format!("/data/attributes/{s}"), "parameter": s });
        json(e, 422, &json!({ "errors": [{ "code": s, "source": source, "detail": "no" }] }));
    }),
    ("an error of another shape", |e, s| json(e, 400, &json!({ "error": s, "message": [s], s: s }))),
    ("half of it, where an excerpt ends", |e, s| {
        json(e, 400, &json!({ "error": format!("{}{s}", "so it is. ".repeat(17)) }));
    }),
    ("an answer of another shape", |e, s| json(e, 200, &json!({ "data": s }))),
    ("an answer whose parts are not what they should be", |e, s| {
        json(e, 200, &json!({ "data": [{ "id": [s], "type": s, "attributes": s }], "meta": s }));
    }),
    ("an answer that is no JSON", |e, s| say(e, 200, "application/json", &format!("{{\"data\": \"{s}"))),
    ("a redirect's path", |e, s| {
        say(e, 302, "text/html", s);
        let to = format!("https://login.example.com/{s}?key={s}#{s}");
        e.headers.insert(header::LOCATION, HeaderValue::from_str(&to).unwrap());
    }),
    ("a redirect's user", |e, s| {
        say(e, 307, "text/html", "");
        let to = format!("https://{s}:{s}@login.example.com/");
        e.headers.insert(header::LOCATION, HeaderValue::from_str(&to).unwrap());
    }),
    ("headers", |e, s| {
        for name in
            ["retry-after", "content-type", "server", "www-authenticate", "set-cookie", "x-request-id"]
        {
            e.headers.insert(name, HeaderValue::from_str(s).unwrap());
        }
        e.status = StatusCode::TOO_MANY_REQUESTS;
    }),
];

/// Answers that say `secret` in another spelling: no word of them is told.
const SPELLED: &[(&str, Echo)] = &[
    ("percent-encoded", |e, s| in_words(e, &each(s, "%"))),
    ("percent-encoded twice", |e, s| in_words(e, &each(s, "%25"))),
    ("with JSON escapes", |e, s| {
        say(e, 400, "application/json", &format!("{{\"error\":\"{}\"}}", each(s, "\\u00")));
    }),
    ("with JSON escapes within JSON", |e, s| in_words(e, &each(s, "\\u00"))),
    ("with the escapes of a page", |e, s| {
        let escaped: String = s.bytes().map(|byte| format!("&#{byte};")).collect();
        say(e, 502, "text/html", &format!("<p>{escaped}</p>"));
    }),
    ("base64", |e, s| in_words(e, &STANDARD.encode(format!("key={s}")))),
    ("base64 in lines", |e, s| {
        let lines: Vec<_> = STANDARD
            .encode(s)
            .as_bytes()
            .chunks(16)
            .map(|l| String::from_utf8_lossy(l).into_owned())
            .collect();
        in_words(e, &lines.join("\n"));
    }),
    ("hex", |e, s| in_words(e, &each(s, ""))),
    ("hex with gaps", |e, s| in_words(e, &each(s, ":"))),
    ("backwards", |e, s| in_words(e, &s.chars().rev().collect::<String>())),
    ("in capitals with gaps", |e, s| {
        let spaced: Vec<_> =
            s.to_uppercase().as_bytes().chunks(8).map(|l| String::from_utf8_lossy(l).into_owned()).collect();
        in_words(e, &spaced.join(" "));
    }),
    ("a list of numbers", |e, s| in_words(e, &format!("{:?}", s.as_bytes()))),
    ("a redirect's host", |e, s| {
        let parts: Vec<_> =
            s.as_bytes().chunks(50).map(|part| String::from_utf8_lossy(part).into_owned()).collect();
        say(e, 302, "text/html", "");
        let to = format!("https://{}.example.com/", parts.join("."));
        e.headers.insert(header::LOCATION, HeaderValue::from_str(&to).unwrap());
    }),
    ("a redirect's host in hex", |e, s| {
        let parts: Vec<_> = each(s, "")
            .as_bytes()
            .chunks(60)
            .take(3)
            .map(|part| String::from_utf8_lossy(part).into_owned())
            .collect();
        say(e, 302, "text/html", "");
        let to = format!("https://{}.example.com/", parts.join("."));
        e.headers.insert(header::LOCATION, HeaderValue::from_str(&to).unwrap());
    }),
];

/// Each byte in hex, after `escape`.
fn each(secret: &str, escape: &str) -> String {
    secret.bytes().map(|byte| format!("{escape}{byte:02x}")).collect()
}

/// In every place of a refusal that has words.
fn in_words(exchange: &mut Exchange, words: &str) {
    let source = json!({ "pointer": format!("/data/{words}") });
    let error = json!({ "code": words, "title": words, "detail": format!("no: {words}."), "source": source });
    json(exchange, 422, &json!({ "errors": [error] }));
}

/// What the program does when a list comes, and when it is signed in.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_says_the_key_back() {
    for (name, echo) in ECHOES.iter().chain(SPELLED) {
        let mut world = World::new().await;
        let holder = world.ready.tokens.account_holder.clone();
        world.between.twist(|e| {
            let key = e.key.clone();
            echo(e, &key);
        });
        let added = world.add(&holder);
        assert!(added["error"]["code"].is_string(), "{name}: {added}");
        // The words came through, with the secret taken out; or, where that is not sure to succeed, not at all.
        let excerpt = added["error"]["details"]["excerpt"].as_str();
        assert!(
            excerpt.is_none_or(|words| *name == "headers" || words.contains("[masked]")),
            "{name}: {added}"
        );
        assert_eq!(world.finds(None), Vec::<String>::new(), "{name}");
        let mut world = World::with_account().await;
        done(world.ask(&["create", "CI", "keychain"]));
        let shown = done(world.ask(&["look"]));
        let rows = shown["view"]["rows"].as_array().unwrap();
        let id = crate::text(&rows.iter().find(|row| row["name"] == "CI").unwrap()["id"]);
        world.between.twist(|e| {
            let key = e.key.clone();
            echo(e, &key);
        });
        for command in [&["look"][..], &["verify", &id], &["create", "Other", "keychain"], &["delete", &id]] {
            world.ask(command);
        }
        assert_eq!(world.finds(None), Vec::<String>::new(), "{name}");
    }
}

/// Answers to a creation that the server carried out: it is lost, and the value with it.
const BROKEN: &[(&str, Echo)] = &[
    ("an answer that ends in its middle", |e, s| {
        let end = String::from_utf8_lossy(&e.body).find(s).unwrap() + s.len() / 2;
        e.body.truncate(end);
    }),
    ("an answer that goes on after its end", |e, _| e.body.extend(b"}")),
    ("an answer that calls itself a page", |e, _| {
        e.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html"));
    }),
    ("a value in a list", |e, s| json(e, 201, &created(&[json!("5"), json!("CI"), json!([s])]))),
    ("a value that can't be one", |e, s| {
        json(e, 201, &created(&[json!("5"), json!("CI"), json!(format!("{s} ü"))]));
    }),
    ("an id that can't be one", |e, s| json(e, 201, &created(&[json!(s), json!("CI"), json!(s)]))),
    ("an id and a name of another kind", |e, s| {
        json(e, 201, &created(&[json!([s]), json!({ s: s }), json!(s)]));
    }),
    ("only the value", |e, s| json(e, 201, &json!(s))),
    ("only the value, without quotes", |e, s| say(e, 201, "application/json", s)),
];

/// An answer to create, made of id, name and value.
fn created([id, name, token]: &[serde_json::Value; 3]) -> serde_json::Value {
    json!({ "data": { "id": id, "type": "personal-access-token", "attributes": { "name": name, "token": token } } })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_created_value_in_the_wrong_place() {
    let mut world = World::with_account().await;
    for (name, echo) in BROKEN.iter().chain(ECHOES).chain(SPELLED) {
        // A cooldown after 429 is the next test's affair, not that of the next case.
        if *name == "headers" {
            continue;
        }
        let before = world.between.values().len();
        world.between.twist(|e| {
            if e.what.starts_with("POST") {
                let told: serde_json::Value = serde_json::from_slice(&e.body).unwrap();
                let value = crate::text(&told["data"]["attributes"]["token"]);
                echo(e, &value);
            }
        });
        let lost = world.ask(&["create", name, "keychain"]);
        assert!(lost["error"]["code"].is_string(), "{name}: {lost}");
        assert_eq!(world.between.values().len(), before + 1, "{name}");
        world.between.straight();
        done(world.ask(&["look"]));
        assert_eq!(world.finds(None), Vec::<String>::new(), "{name}");
    }
}

/// A server that tells values again in its lists.
#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_has_values_in_it() {
    let mut world = World::with_account().await;
    done(world.ask(&["create", "CI", "keychain"]));
    let value = world.between.values().remove(0);
    world.between.twist(move |e| {
        let Ok(mut told) = serde_json::from_slice::<serde_json::Value>(&e.body) else { return };
        let Some(rows) = told["data"].as_array_mut() else { return };
        for row in rows {
            row["attributes"]["token"] = value.clone().into();
            row["attributes"]["last-used-by"] = value.clone().into();
            row["token"] = value.clone().into();
            row["type"] = value.clone().into();
        }
        told["meta"]["token"] = value.clone().into();
        e.body = told.to_string().into_bytes();
    });
    for _ in 0..2 {
        let shown = done(world.ask(&["look"]));
        assert!(shown["view"]["error"].is_null(), "{shown}");
        assert_eq!(world.finds(None), Vec::<String>::new());
        world.restart(true);
    }
}
