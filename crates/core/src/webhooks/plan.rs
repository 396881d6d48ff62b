//! What saving would do: a pure comparison of what is stored with what is asked for.

use super::{
    AuthenticationInput, FieldProblem, HeaderInput, HiddenChange, HiddenFate, ProblemCode, ValueInput,
    WebhookChange, WebhookInput, WebhookPlan, hidden::HiddenFacts,
};
use crate::{AppError, Code, Details, FieldError, Result};
use planradar::{
    Authentication, Header, Webhook,
    webhook_rules::{self as rules, HeaderProblem, Target, TargetProblem},
};
use secrecy::ExposeSecret;

/// The longest description (assumed; no public documentation).
const DESCRIPTION_MAX: usize = 200;

/// Where the value of one header or password comes from when the webhook is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// Not sent: the server keeps what it has.
    Keep,
    /// From the OS keychain.
    Keychain,
    /// From the input.
    Input,
}

/// A plan, and what is needed to carry it out.
pub(super) struct Planned {
    /// For the window.
    pub plan: WebhookPlan,
    /// The password's source; `None` without Basic.
    pub password: Option<Source>,
    /// The headers' sources, in the input's order.
    pub headers: Vec<Source>,
}

/// Compares. `proven`: on this server leaving a hidden value out surely keeps it.
pub(super) fn plan(
    stored: Option<&Webhook>,
    input: &WebhookInput,
    facts: &HiddenFacts,
    proven: bool,
) -> Planned {
    let mut problems = Vec::new();
    check_description(&input.description, &mut problems);
    if input.events.is_empty() {
        problems.push(problem("events", ProblemCode::NothingChosen, "Choose at least one event."));
    }
    if input.project_ids.as_ref().is_some_and(Vec::is_empty) {
        problems.push(problem(
            "projects",
            ProblemCode::NothingChosen,
            "Choose at least one project, or all.",
        ));
    }
    let target =
        rules::check_target_url(&input.target_url).map_err(|p| problems.push(target_problem(&p))).ok();
    let moved = stored
        .zip(target.as_ref())
        .filter(|(s, _)| !rules::same_destination(&s.target_url, input.target_url.trim()));
    let context = Context { moved: moved.is_some(), proven, facts };
    let mut hidden = Vec::new();
    let password = plan_password(stored, input, &context, &mut problems, &mut hidden);
    let headers = plan_headers(stored, input, &context, &mut problems, &mut hidden);
    let plan = WebhookPlan {
        changes: stored.map_or_else(Vec::new, |s| visible_changes(s, input)),
        destination: moved.map(|(s, t)| (origin_of(&s.target_url), t.origin())),
        plain_http: target.as_ref().is_some_and(|t| t.plain_http),
        host_forms: target
            .as_ref()
            .filter(|t| t.host_unicode != t.host_ascii)
            .map(|t| (t.host_unicode.clone(), t.host_ascii.clone())),
        query_secrets: target.map(|t| t.query_secrets).unwrap_or_default(),
        problems,
        hidden,
        conflict: None,
    };
    Planned { plan, password, headers }
}

struct Context<'a> {
    moved: bool,
    proven: bool,
    facts: &'a HiddenFacts,
}

fn problem(field: &str, code: ProblemCode, message: &str) -> FieldProblem {
    FieldProblem { field: field.to_owned(), code, message: message.to_owned() }
}

fn check_description(text: &str, problems: &mut Vec<FieldProblem>) {
    let text = text.trim();
    if text.is_empty() {
        problems.push(problem("description", ProblemCode::Empty, "Describe what this webhook is for."));
    } else if text.chars().count() > DESCRIPTION_MAX {
        problems.push(problem(
            "description",
            ProblemCode::TooLong,
            &format!("A description has at most {DESCRIPTION_MAX} characters."),
        ));
    } else if text.chars().any(char::is_control) {
        problems.push(problem(
            "description",
            ProblemCode::BadCharacters,
            "A description is one line, without control characters.",
        ));
    }
}

fn target_problem(found: &TargetProblem) -> FieldProblem {
    let code = match found {
        TargetProblem::Empty => ProblemCode::Empty,
        TargetProblem::TooLong => ProblemCode::TooLong,
        TargetProblem::Credentials { .. } => ProblemCode::UrlCredentials,
        _ => ProblemCode::NotAUrl,
    };
    problem("target_url", code, &sentence(&found.to_string()))
}

fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", chars.as_str())
}

fn plan_password(
    stored: Option<&Webhook>,
    input: &WebhookInput,
    context: &Context<'_>,
    problems: &mut Vec<FieldProblem>,
    hidden: &mut Vec<HiddenChange>,
) -> Option<Source> {
    let had = stored.is_some_and(|s| matches!(s.authentication, Authentication::Basic { .. }));
    let AuthenticationInput::Basic { username, password } = &input.authentication else {
        if had {
            hidden.push(HiddenChange { name: PASSWORD.to_owned(), what: HiddenFate::Remove });
        }
        return None;
    };
    if let Err(found) = rules::check_username(username) {
        let code = if username.is_empty() { ProblemCode::Empty } else { ProblemCode::BadCharacters };
        problems.push(problem("username", code, &sentence(&found.to_string())));
    }
    if let ValueInput::Replace { value } = password {
        // Exposed to look at its form; only the verdict leaves.
        let text = value.secret().expose_secret();
        if text.is_empty() {
            problems.push(problem("password", ProblemCode::Empty, "Enter the password."));
        } else if rules::looks_masked(text) {
            problems.push(problem("password", ProblemCode::Masked, MASKED));
        } else if text.chars().any(char::is_control) {
            problems.push(problem(
                "password",
                ProblemCode::BadCharacters,
                "A password has no line breaks or other control characters.",
            ));
        }
    }
    Some(fate(password, had, PASSWORD, "password", context, problems, hidden))
}

/// What a password is called among header names: none is called so.
pub(super) const PASSWORD: &str = ":password";
const MASKED: &str =
    "These are only mask characters: the real value can't be seen here. Enter it, or keep the stored one.";

fn plan_headers(
    stored: Option<&Webhook>,
    input: &WebhookInput,
    context: &Context<'_>,
    problems: &mut Vec<FieldProblem>,
    hidden: &mut Vec<HiddenChange>,
) -> Vec<Source> {
    let basic = matches!(input.authentication, AuthenticationInput::Basic { .. });
    let names: Vec<&str> = input.headers.iter().map(|h| h.name.as_str()).collect();
    for (index, found) in rules::check_header_names(&names, basic) {
        problems.push(problem(
            &format!("headers/{index}/name"),
            name_code(found),
            &sentence(&found.to_string()),
        ));
    }
    let before = stored.map_or(&[][..], |s| s.headers.as_slice());
    let sources = input.headers.iter().enumerate().map(|(index, header)| {
        let old = before.iter().find(|h| h.name.eq_ignore_ascii_case(&header.name));
        plan_header(index, header, old, context, problems, hidden)
    });
    let sources: Vec<_> = sources.collect();
    let gone = before.iter().filter(|h| h.hidden && !names.iter().any(|n| h.name.eq_ignore_ascii_case(n)));
    hidden.extend(gone.map(|h| HiddenChange { name: h.name.clone(), what: HiddenFate::Remove }));
    sources
}

fn plan_header(
    index: usize,
    header: &HeaderInput,
    old: Option<&Header>,
    context: &Context<'_>,
    problems: &mut Vec<FieldProblem>,
    hidden: &mut Vec<HiddenChange>,
) -> Source {
    let field = format!("headers/{index}/value");
    if let ValueInput::Replace { value } = &header.value {
        // Exposed to look at its form; only the verdict leaves.
        let text = value.secret().expose_secret();
        if let Err(found) = rules::check_header_value(text) {
            problems.push(problem(&field, value_code(found), &sentence(&found.to_string())));
        }
    }
    if !header.hidden {
        // A visible value comes with the input. Making a hidden one visible needs a new value.
        if !matches!(header.value, ValueInput::Replace { .. }) {
            problems.push(problem(
                &field,
                ProblemCode::EnterAgain,
                "A hidden value can only become visible together with a new value.",
            ));
        }
        return Source::Input;
    }
    fate(&header.value, old.is_some_and(|h| h.hidden), &header.name, &field, context, problems, hidden)
}

/// Decides on one hidden value.
fn fate(
    value: &ValueInput,
    had: bool,
    name: &str,
    field: &str,
    context: &Context<'_>,
    problems: &mut Vec<FieldProblem>,
    hidden: &mut Vec<HiddenChange>,
) -> Source {
    let kept = context.facts.is_kept(name);
    let (what, source, trouble) = match value {
        ValueInput::Replace { .. } => (HiddenFate::Replace, Source::Input, None),
        ValueInput::Kept if kept => (HiddenFate::FromKeychain, Source::Keychain, None),
        ValueInput::Kept => (
            HiddenFate::EnterAgain,
            Source::Keep,
            Some((ProblemCode::NothingToKeep, "This value is not kept on this computer. Enter it.")),
        ),
        ValueInput::Keep if !had => (
            HiddenFate::EnterAgain,
            Source::Keep,
            Some((ProblemCode::NothingToKeep, "There is no stored value to keep. Enter one.")),
        ),
        ValueInput::Keep if context.moved => (
            HiddenFate::EnterAgain,
            Source::Keep,
            Some((
                ProblemCode::EnterAgain,
                "The destination changes. Enter this value again so it can't reach the wrong server.",
            )),
        ),
        ValueInput::Keep if context.proven => (HiddenFate::Keep, Source::Keep, None),
        ValueInput::Keep if kept => (HiddenFate::FromKeychain, Source::Keychain, None),
        ValueInput::Keep => (
            HiddenFate::Unproven,
            Source::Keep,
            Some((
                ProblemCode::EnterAgain,
                "It is not proven that this server keeps a hidden value that is left out. Enter it again to be safe.",
            )),
        ),
    };
    hidden.push(HiddenChange { name: name.to_owned(), what });
    if let Some((code, message)) = trouble {
        problems.push(problem(field, code, message));
    }
    source
}

fn name_code(found: HeaderProblem) -> ProblemCode {
    match found {
        HeaderProblem::Empty => ProblemCode::Empty,
        HeaderProblem::TooLong => ProblemCode::TooLong,
        HeaderProblem::Duplicate => ProblemCode::Duplicate,
        HeaderProblem::Reserved => ProblemCode::Reserved,
        HeaderProblem::AuthorizationBesideBasic => ProblemCode::AuthorizationBesideBasic,
        _ => ProblemCode::BadCharacters,
    }
}

fn value_code(found: HeaderProblem) -> ProblemCode {
    match found {
        HeaderProblem::Empty => ProblemCode::Empty,
        HeaderProblem::TooLong => ProblemCode::TooLong,
        HeaderProblem::OuterSpace => ProblemCode::OuterSpace,
        HeaderProblem::Masked => ProblemCode::Masked,
        _ => ProblemCode::BadCharacters,
    }
}

/// What of `stored` is other than the input asks for.
pub(super) fn visible_changes(stored: &Webhook, input: &WebhookInput) -> Vec<WebhookChange> {
    let mut changes = Vec::new();
    let mut compare = |field: &str, old: Option<String>, new: Option<String>| {
        // What is masked in both may differ all the same.
        let target = field == "target_url" && stored.target_url.trim() != input.target_url.trim();
        if old != new || target {
            changes.push(WebhookChange { field: field.to_owned(), old, new });
        }
    };
    compare("description", Some(stored.description.clone()), Some(input.description.trim().to_owned()));
    compare("active", Some(stored.active.to_string()), Some(input.active.to_string()));
    compare(
        "target_url",
        Some(rules::masked(&stored.target_url)),
        Some(rules::masked(input.target_url.trim())),
    );
    compare("projects", sorted(stored.project_ids.as_deref()), sorted(input.project_ids.as_deref()));
    compare("events", sorted(Some(&stored.events)), sorted(Some(&input.events)));
    let (old, new) = (username(&stored.authentication), input_username(&input.authentication));
    compare("username", old.map(str::to_owned), new.map(str::to_owned));
    for header in &stored.headers {
        let new = input.headers.iter().find(|h| h.name.eq_ignore_ascii_case(&header.name));
        compare(
            &format!("header {}", header.name),
            Some(shown(header.hidden, header.value.as_deref())),
            new.map(shown_input),
        );
    }
    for header in &input.headers {
        if !stored.headers.iter().any(|h| h.name.eq_ignore_ascii_case(&header.name)) {
            compare(&format!("header {}", header.name), None, Some(shown_input(header)));
        }
    }
    changes
}

pub(super) fn sorted(ids: Option<&[String]>) -> Option<String> {
    ids.map(|ids| {
        let mut ids = ids.to_vec();
        ids.sort();
        ids.join(", ")
    })
}

fn username(authentication: &Authentication) -> Option<&str> {
    if let Authentication::Basic { username } = authentication { Some(username) } else { None }
}

fn input_username(authentication: &AuthenticationInput) -> Option<&str> {
    if let AuthenticationInput::Basic { username, .. } = authentication { Some(username) } else { None }
}

fn shown(hidden: bool, value: Option<&str>) -> String {
    if hidden { "(hidden)".to_owned() } else { value.unwrap_or_default().to_owned() }
}

/// A visible value is no secret: the person made it visible to everybody who may see webhooks.
pub(super) fn shown_input(header: &HeaderInput) -> String {
    match &header.value {
        ValueInput::Replace { value } if !header.hidden => value.secret().expose_secret().to_owned(),
        _ => shown(true, None),
    }
}

fn origin_of(url: &str) -> String {
    rules::check_target_url(url).map_or_else(|_| rules::masked(url), |t: Target| t.origin())
}

/// All problems at once, each at its field.
pub(super) fn refuse_problems(plan: &WebhookPlan) -> Result<()> {
    if plan.problems.is_empty() {
        return Ok(());
    }
    let fields = plan.problems.iter();
    let fields =
        fields.map(|p| FieldError { pointer: p.field.clone(), message: p.message.clone() }).collect();
    Err(AppError::new(Code::Invalid, "Some fields can't be saved as they are. Nothing was sent.")
        .with(Details::Fields { fields }))
}
