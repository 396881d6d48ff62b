#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.
use super::*;
use serde_json::json;
use zeroize::Zeroizing;

fn answer(body: &Value) -> Answer {
    raw(body.to_string().as_bytes())
}

fn raw(body: &[u8]) -> Answer {
    Answer { route: "test", status: 200, html: false, body: Zeroizing::new(body.to_vec()), excerpt: None }
}

fn one(attributes: &Value) -> Resource {
    Document::parse(&answer(&json!({"data": {"id": 7, "attributes": attributes}}))).unwrap().one().unwrap()
}

#[test]
fn dashed_and_underscored_keys() {
    for key in ["last-used-on", "last_used_on"] {
        let resource = one(&json!({key: "2026-03-12T10:00:00Z", "name": "x"}));
        assert_eq!(resource.moment("last-used-on"), Moment::At("2026-03-12T10:00:00Z".parse().unwrap()));
        assert_eq!(resource.text("name").as_deref(), Some("x"));
    }
}

#[test]
fn unknown_is_not_never() {
    let resource = one(&json!({"a": null, "b": "yesterday", "c": 5}));
    let moments = ["a", "b", "c", "d"].map(|key| resource.moment(key));
    assert_eq!(moments, [Moment::Never, Moment::Unknown, Moment::Unknown, Moment::Unknown]);
}

#[test]
fn ids_are_texts_or_numbers_and_fit_for_a_path() {
    for (given, read) in [
        (json!("338609"), Some("338609")),
        (json!(338_609), Some("338609")),
        (json!("ngjdlnb"), Some("ngjdlnb")),
        (json!("../x"), None),
        (json!(""), None),
        (json!(-1), None),
        (json!(1.5), None),
        (json!(null), None),
    ] {
        let answer = answer(&json!({"data": [{"id": given, "attributes": {}}]}));
        let many = Document::parse(&answer).unwrap().many();
        match read {
            Some(read) => assert_eq!(many.unwrap()[0].id, read),
            None => {
                assert_eq!(many.err().unwrap().kind, ErrorKind::UnexpectedShape("a usable id"), "{given}");
            }
        }
    }
}

#[test]
fn wrong_shapes_are_named() {
    let kind = |body: &[u8]| {
        let answer = raw(body);
        match Document::parse(&answer) {
            Err(error) => error.kind.clone(),
            Ok(mut document) => document.one().err().unwrap().kind.clone(),
        }
    };
    assert_eq!(kind(b""), ErrorKind::NotJson);
    assert_eq!(kind(b"{\"data\": {\"id\": \"1\""), ErrorKind::NotJson);
    assert_eq!(kind(b"[]"), ErrorKind::UnexpectedShape("an object"));
    assert_eq!(kind(b"{}"), ErrorKind::UnexpectedShape("the object data"));
    assert_eq!(kind(b"{\"data\": []}"), ErrorKind::UnexpectedShape("the object data"));
    assert_eq!(kind(b"{\"data\": {\"id\": \"1\"}}"), ErrorKind::UnexpectedShape("attributes"));
    let answer = answer(&json!({"data": {}}));
    let many = Document::parse(&answer).unwrap().many().err().unwrap();
    assert_eq!(many.kind, ErrorKind::UnexpectedShape("the list data"));
}

#[test]
fn counts_and_flags() {
    for count in [json!(12), json!("12")] {
        let answer = answer(&json!({"data": [], "meta": {"count": count, "page": 1}}));
        assert_eq!(Document::parse(&answer).unwrap().count(), Some(12));
    }
    let user = one(&json!({"permissions": {"api-documentation-access": true, "users": false, "odd": "x"}}));
    let flags = user.flags("permissions").unwrap();
    assert_eq!(flags, [("api_documentation_access".to_owned(), true), ("users".to_owned(), false)]);
}

#[test]
fn refusals_of_both_shapes() {
    let field =
        |pointer: &str, message: &str| FieldError { pointer: pointer.into(), message: message.into() };
    let listed = json!({"errors": [{"status": "422", "code": "blank", "title": "Bad", "detail": "is blank",
        "source": {"pointer": "/data/attributes/name"}}, {"title": "also", "source": {"pointer": "/x"}}]});
    let (code, fields) = refusal(&listed);
    assert_eq!(code.as_deref(), Some("blank"));
    assert_eq!(fields, [field("/data/attributes/name", "is blank"), field("/x", "also")]);
    let (code, fields) =
        refusal(&json!({"code": "plan", "errors": {"name": ["is short", "is odd"], "mail": "bad"}}));
    assert_eq!(code.as_deref(), Some("plan"));
    let mut fields = fields;
    fields.sort_by(|a, b| a.pointer.cmp(&b.pointer));
    assert_eq!(
        fields,
        [field("/data/attributes/mail", "bad"), field("/data/attributes/name", "is short, is odd")]
    );
    assert_eq!(refusal(&json!({"error": "no"})), (None, Vec::new()));
    assert_eq!(refusal(&json!("no")), (None, Vec::new()));
}
