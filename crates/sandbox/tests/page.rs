//! The demonstration page: who may see it, and what its buttons do.

#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::Site;
use common::receiver::Receiver;
use common::webhooks::{OTHER_PROJECT, PROJECT, demo, little, with};
use planradar_sandbox::Options;
use reqwest::{Method, RequestBuilder, Response};
use serde_json::json;

/// A browser that opened the page.
struct Browser<'a> {
    site: &'a Site,
    cookie: String,
}

fn browse(site: &Site, method: Method, url: &str) -> RequestBuilder {
    site.client.request(method, url).header("accept", "text/html,application/xhtml+xml,*/*;q=0.8")
}

/// The attributes of the cookie that an answer sets, the value first.
fn cookie(response: &Response) -> Vec<String> {
    let line = response.headers().get("set-cookie").map_or("", |value| value.to_str().unwrap());
    line.split("; ").map(str::to_owned).collect()
}

fn is_closed(response: &Response) -> bool {
    response.status() == 403 && !response.headers().contains_key("set-cookie")
}

impl<'a> Browser<'a> {
    async fn open(site: &'a Site) -> Self {
        let response = browse(site, Method::GET, &site.sandbox.demo_page_url()).send().await.unwrap();
        assert_eq!(response.status(), 200);
        let cookie = cookie(&response).remove(0);
        Self { site, cookie }
    }

    fn url(&self) -> String {
        format!("{}/", self.site.sandbox.url())
    }

    async fn page(&self, query: &str) -> String {
        let url = format!("{}{query}", self.url());
        let request = browse(self.site, Method::GET, &url).header("cookie", &self.cookie);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        response.text().await.unwrap()
    }

    /// A form without Origin.
    fn form(&self, form: &str) -> RequestBuilder {
        browse(self.site, Method::POST, &self.url())
            .header("cookie", &self.cookie)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form.to_owned())
    }

    /// Presses a button, and returns where the browser is sent to.
    async fn press(&self, form: &str) -> String {
        let response = self.form(form).header("origin", self.site.sandbox.url()).send().await.unwrap();
        assert_eq!(response.status(), 303, "{form}");
        self.site.sandbox.delivered().await;
        response.headers()["location"].to_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn a_code_opens_it_once_and_the_cookie_from_then_on() {
    let site = Site::start(demo()).await;
    let url = site.sandbox.demo_page_url();
    let code = url.strip_prefix(&format!("{}/?code=", site.sandbox.url())).unwrap();
    assert!(code.len() == 32 && code.bytes().all(|b| b.is_ascii_hexdigit()), "{url}");
    let first = browse(&site, Method::GET, &url).send().await.unwrap();
    assert_eq!(first.status(), 200);
    let set = cookie(&first);
    let port = site.sandbox.url().rsplit(':').next().unwrap();
    assert!(set[0].starts_with(&format!("sandbox-{port}=")) && !set[0].contains(code), "{set:?}");
    assert_eq!(set[1..], ["Path=/", "HttpOnly", "SameSite=Strict"]);
    assert!(is_closed(&browse(&site, Method::GET, &url).send().await.unwrap()), "only once");

    let again = browse(&site, Method::GET, &format!("{}/", site.sandbox.url()));
    let again = again.header("cookie", format!("a=b; {}", set[0])).send().await.unwrap();
    assert!(again.status() == 200 && !again.headers().contains_key("set-cookie"));
    assert_ne!(site.sandbox.demo_page_url(), url, "each time another");
    site.sandbox.stop().await;
}

#[tokio::test]
async fn without_a_good_code_it_stays_closed() {
    let (site, other) = (Site::start(demo()).await, Site::start(demo()).await);
    let of_other = other.sandbox.demo_page_url().replace(other.sandbox.url(), site.sandbox.url());
    let url = format!("{}/", site.sandbox.url());
    for wrong in [url.clone(), format!("{url}?code="), format!("{url}?code={}", "0".repeat(32)), of_other] {
        let response = browse(&site, Method::GET, &wrong).send().await.unwrap();
        assert!(is_closed(&response), "{wrong}");
        assert!(!response.text().await.unwrap().contains("<form"), "{wrong}");
    }
    let browser = Browser::open(&other).await;
    let stranger = Browser { site: &site, cookie: browser.cookie.clone() };
    for cookie in [&stranger.cookie, "sandbox=x", ""] {
        let response = browse(&site, Method::GET, &url).header("cookie", cookie).send().await.unwrap();
        assert!(is_closed(&response), "{cookie}");
    }
    // A head or a put opens nothing, and uses no code up.
    let good = site.sandbox.demo_page_url();
    assert_eq!(browse(&site, Method::HEAD, &good).send().await.unwrap().status(), 405);
    assert_eq!(browse(&site, Method::GET, &good).send().await.unwrap().status(), 200);
    site.sandbox.stop().await;
    other.sandbox.stop().await;
}

#[tokio::test]
async fn a_form_needs_the_cookie_and_its_own_origin() {
    let site = Site::start(demo()).await;
    let receiver = Receiver::content().await;
    site.new_webhook(little(&receiver.url("/"))).await;
    let browser = Browser::open(&site).await;
    let form = format!("action=create&project={PROJECT}");
    let own = site.sandbox.url();
    let no_cookie = Browser { site: &site, cookie: String::new() };
    assert!(is_closed(&no_cookie.form(&form).header("origin", own).send().await.unwrap()));
    assert!(is_closed(&browser.form(&form).send().await.unwrap()), "no Origin");
    let localhost = own.replace("127.0.0.1", "localhost");
    for origin in ["null", "https://evil.example", "http://127.0.0.1:1", &localhost] {
        let response = browser.form(&form).header("origin", origin).send().await.unwrap();
        assert!(is_closed(&response), "{origin}");
    }
    let rebound = browser.form(&form).header("host", "evil.example").header("origin", own);
    assert_eq!(rebound.send().await.unwrap().status(), 403);
    site.sandbox.delivered().await;
    assert!(receiver.take().is_empty(), "nothing has happened");
    browser.press(&form).await;
    assert_eq!(receiver.only().event(), "ticket_created");
    site.sandbox.stop().await;
}

#[tokio::test]
async fn a_request_for_connect_is_reviewed_and_granted_or_declined_here() {
    let site = Site::start(demo()).await;
    let browser = Browser::open(&site).await;
    assert!(browser.page("").await.contains("Access was not requested."));
    let early =
        browser.form("action=connect-grant").header("origin", site.sandbox.url()).send().await.unwrap();
    assert_eq!(early.status(), 404, "there is nothing to grant");
    let request = async || {
        let wish = json!({"integrations": ["<b>own ERP</b>"], "purpose": "Tell the crew", "contact": "i@example.com"});
        let holder = &site.ready.tokens.account_holder;
        let path = "/api/v2/9000001/connect_access_request";
        assert_eq!(site.with_attributes(Method::POST, path, holder, wish).await.status, 201);
    };
    let status = async || {
        let path = "/api/v2/9000001/get_connect_access_status";
        let got = site.get(path, &site.ready.tokens.account_holder).await;
        (
            got.attribute("status").as_str().unwrap().to_owned(),
            got.attribute("note").as_str().map(str::to_owned),
        )
    };
    request().await;
    let page = browser.page("").await;
    assert!(page.contains("&lt;b&gt;own ERP") && page.contains("Tell the crew") && !page.contains("<b>own"));
    for button in ["connect-review", "connect-grant", "connect-decline"] {
        assert!(page.contains(&format!("value=\"{button}\"")), "{button}");
    }
    browser.press("action=connect-review&note=").await;
    assert_eq!(status().await, ("in_review".to_owned(), None));
    assert!(!browser.page("").await.contains("value=\"connect-review\""));
    browser.press("action=connect-decline&note=Not+yet").await;
    assert_eq!(status().await, ("declined".to_owned(), Some("Not yet".to_owned())));
    assert!(!browser.page("").await.contains("value=\"connect-grant\""));
    request().await;
    browser.press("action=connect-grant&note=Welcome").await;
    assert_eq!(status().await, ("granted".to_owned(), Some("Welcome".to_owned())));
    site.sandbox.stop().await;
}

#[tokio::test]
async fn each_button_lets_something_happen_and_shows_what_was_delivered() {
    let site = Site::start(demo()).await;
    let receiver = Receiver::content().await;
    let events = json!([
        "ticket_created",
        "ticket_updated",
        "comment_added",
        "photo_attached",
        "document_attached",
        "ticket_deleted",
    ]);
    let description = "<b>Empfänger</b> & Co";
    let more = json!({"events": events, "description": description, "project-ids": [OTHER_PROJECT]});
    site.new_webhook(with(&little(&receiver.url("/")), more)).await;
    let browser = Browser::open(&site).await;
    let page = browser.page(&format!("?project={OTHER_PROJECT}")).await;
    assert!(
        page.contains("name=\"action\" value=\"create\"") && !page.contains("value=\"comment\""),
        "{page}"
    );

    let location = browser.press(&format!("action=create&project={OTHER_PROJECT}")).await;
    let created = receiver.only();
    assert_eq!(created.body["source"], "demo");
    assert_eq!(created.body["ticket"]["subject"], "demo: crack in the screed");
    let uuid = created.body["ticket"]["uuid"].as_str().unwrap();
    assert_eq!(location, format!("/?project={OTHER_PROJECT}&ticket={uuid}"));
    for (action, event) in [
        ("update", "ticket_updated"),
        ("comment", "comment_added"),
        ("photo", "photo_attached"),
        ("document", "document_attached"),
        ("delete", "ticket_deleted"),
    ] {
        let page = browser.page(&location[1..]).await;
        assert!(page.contains(&format!("value=\"{action}\"")), "{action}: {page}");
        browser.press(&format!("action={action}&project={OTHER_PROJECT}&ticket={uuid}")).await;
        let hit = receiver.only();
        assert_eq!((hit.event(), hit.body["ticket"]["uuid"].as_str()), (event, Some(uuid)));
        let page = browser.page("").await;
        assert!(page.contains(&format!("<td>{event}</td>")), "{event}: {page}");
    }
    let page = browser.page("").await;
    assert!(page.contains("&lt;b&gt;Empfänger&lt;/b&gt; &amp; Co") && !page.contains("<b>"), "{page}");
    // What is gone is told on the page.
    let late = browser.form(&format!("action=comment&project={OTHER_PROJECT}&ticket={uuid}"));
    let late = late.header("origin", site.sandbox.url()).send().await.unwrap();
    assert_eq!(late.status(), 404);
    assert!(late.text().await.unwrap().contains("There is no ticket with this UUID."));
    site.sandbox.stop().await;
}

#[tokio::test]
async fn it_holds_nothing_from_elsewhere_and_says_demo_in_both_languages() {
    let site = Site::start(demo()).await;
    for (language, said) in
        [("en-GB,en;q=0.9", "Let something happen"), ("de-AT,en", "Etwas geschehen lassen")]
    {
        let request = browse(&site, Method::GET, &site.sandbox.demo_page_url());
        let response = request.header("accept-language", language).send().await.unwrap();
        let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        let policy = header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
        for part in ["form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"] {
            assert!(policy.contains(part), "{policy}");
        }
        assert_eq!(header("cache-control"), "no-store");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("content-type"), "text/html; charset=utf-8");
        let page = response.text().await.unwrap();
        assert!(page.contains(said) && page.contains("Demo"), "{page}");
        for foreign in ["<script", "http://", "https://", "src=", "<link", "@import", "url("] {
            assert!(!page.contains(foreign), "{foreign} in {page}");
        }
    }
    site.sandbox.stop().await;
}

#[tokio::test]
async fn it_takes_no_part_in_the_request_limit_and_needs_no_api() {
    let site = Site::start(Options { limit: 1, ..demo() }).await;
    let browser = Browser::open(&site).await;
    for _ in 0..5 {
        browser.page("").await;
        browser.press(&format!("action=create&project={PROJECT}")).await;
    }
    assert!(site.sandbox.requests().all().is_empty());
    assert_eq!(site.get("/api/v1/9000001/account", &site.ready.tokens.account_holder).await.status, 200);
    site.sandbox.stop().await;
}
