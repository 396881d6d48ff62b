//! What a route answers: JSON:API-like bodies, and the refusals PlanRadar makes.

use axum::body::Body;
use axum::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderValue, Response, StatusCode};
use serde_json::{Map, Value, json};

/// One object on the wire: `{"id", "type", "attributes"}`.
#[derive(Clone, Debug)]
pub(crate) struct Resource {
    pub(crate) id: String,
    pub(crate) kind: &'static str,
    pub(crate) attributes: Map<String, Value>,
}

impl Resource {
    pub(crate) fn json(self) -> Value {
        json!({"id": self.id, "type": self.kind, "attributes": self.attributes})
    }
}

/// A route's success.
pub(crate) enum Answer {
    One(StatusCode, Resource),
    Page { data: Vec<Resource>, count: usize, page: usize },
    Empty,
}

/// What is wrong with one field of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FieldError {
    pub(crate) code: &'static str,
    /// JSON pointer into the request's body, such as `/data/attributes/name`.
    pub(crate) pointer: String,
    pub(crate) detail: String,
}

/// A route's refusal. Only statuses and codes that PlanRadar's API description or its assumed twin name.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// 400: the body is no JSON, or a query parameter makes no sense.
    BadRequest {
        parameter: Option<&'static str>,
        detail: String,
    },
    UnknownKey,
    /// 403 with the code that says what is missing.
    Forbidden {
        code: &'static str,
        detail: &'static str,
    },
    NotFound(&'static str),
    MethodNotAllowed(String),
    NotAcceptable,
    BodyTooSlow,
    BodyTooLarge,
    Invalid(Vec<FieldError>),
    TooManyRequests(&'static str),
    /// 500: the sandbox itself is at fault.
    Broken(String),
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        Self::Broken(format!("The sandbox's database failed: {error}"))
    }
}

impl Refusal {
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::BadRequest { .. } => StatusCode::BAD_REQUEST,
            Self::UnknownKey => StatusCode::UNAUTHORIZED,
            Self::Forbidden { .. } => StatusCode::FORBIDDEN,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
            Self::BodyTooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooManyRequests(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What is wrong, for people.
    pub(crate) fn sentence(&self) -> String {
        let errors = self.errors();
        let details = errors.iter().filter_map(|error| error["detail"].as_str());
        details.collect::<Vec<_>>().join(" ")
    }

    fn errors(&self) -> Vec<Value> {
        let one = |code: &str, detail: &str| vec![self.error(code, detail)];
        match self {
            Self::BadRequest { parameter, detail } => {
                let mut error = self.error("bad_request", detail);
                if let Some(parameter) = parameter {
                    error["source"] = json!({"parameter": parameter});
                }
                vec![error]
            }
            Self::UnknownKey => {
                one("unauthorized", "The access token is missing, unknown or no longer valid.")
            }
            Self::Forbidden { code, detail } => one(code, detail),
            Self::NotFound(detail) => one("not_found", detail),
            Self::MethodNotAllowed(allowed) => {
                one("method_not_allowed", &format!("This address answers {allowed} only."))
            }
            Self::NotAcceptable => one("not_acceptable", "Unsupported Accept Header: send application/json."),
            Self::BodyTooSlow => one("body_too_slow", "The body did not arrive within 10 seconds."),
            Self::BodyTooLarge => one("body_too_large", "The body is larger than 1 MiB."),
            Self::Invalid(fields) => fields
                .iter()
                .map(|field| {
                    let mut error = self.error(field.code, &field.detail);
                    error["source"] = json!({"pointer": field.pointer});
                    error
                })
                .collect(),
            Self::TooManyRequests(detail) => one("too_many_requests", detail),
            Self::Broken(detail) => one("broken", detail),
        }
    }

    fn error(&self, code: &str, detail: &str) -> Value {
        let status = self.status();
        json!({
            "status": status.as_str(),
            "code": code,
            "title": status.canonical_reason().unwrap_or_default(),
            "detail": detail,
        })
    }
}

/// The answer as HTTP.
pub(crate) fn response(result: Result<Answer, Refusal>) -> Response<Body> {
    match result {
        Ok(Answer::One(status, resource)) => json_response(status, &json!({"data": resource.json()})),
        Ok(Answer::Page { data, count, page }) => {
            let data: Vec<Value> = data.into_iter().map(Resource::json).collect();
            json_response(StatusCode::OK, &json!({"data": data, "meta": {"count": count, "page": page}}))
        }
        Ok(Answer::Empty) => {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::NO_CONTENT;
            response
        }
        Err(refusal) => {
            let mut response = json_response(refusal.status(), &json!({"errors": refusal.errors()}));
            if let Refusal::MethodNotAllowed(allowed) = &refusal
                && let Ok(allowed) = HeaderValue::from_str(allowed)
            {
                response.headers_mut().insert(ALLOW, allowed);
            }
            response
        }
    }
}

fn json_response(status: StatusCode, body: &Value) -> Response<Body> {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    // An answer may hold a value that is shown once.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
