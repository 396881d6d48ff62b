//! The one table of routes: what is served, under which name, and whether PlanRadar documents it.

use std::cell::RefCell;

use axum::http::Method;
use rusqlite::Connection;

use crate::answer::{Answer, Refusal};
use crate::deliver::Event;
use crate::fields::Attributes;
use crate::options::{UsersPut, WebhookAccess};
use crate::paging::Query;
use crate::people::User;
use crate::resources::{
    account, attachments, connect, groups, invitations, me, projects, roles, tickets, tokens, user_tokens,
    users, webhooks,
};
use crate::vault::Vault;

/// Whether a route is in PlanRadar's API description.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Documented,
    /// Assumed (no public documentation), modelled on the documented ones.
    Assumed,
}

/// Everything a route is told.
pub(crate) struct Ask<'a> {
    pub(crate) caller: &'a User,
    /// The path's placeholders, in their order, without the customer id.
    pub(crate) ids: &'a [String],
    pub(crate) query: &'a Query,
    pub(crate) body: &'a [u8],
    /// Milliseconds since 1970.
    pub(crate) now: i64,
    pub(crate) token_prefix: &'a str,
    pub(crate) limit: u32,
    pub(crate) documented_only: bool,
    pub(crate) webhook_access: WebhookAccess,
    pub(crate) users_put: UsersPut,
    pub(crate) vault: &'a Vault,
    /// What happened, to be delivered once all of it is stored.
    pub(crate) happened: RefCell<Vec<Event>>,
}

impl Ask<'_> {
    /// The path's placeholder at `index`; routes know how many they have.
    pub(crate) fn id(&self, index: usize) -> &str {
        self.ids.get(index).map_or("", String::as_str)
    }

    pub(crate) fn attributes(&self) -> Result<Attributes, Refusal> {
        Attributes::of(self.body)
    }
}

pub(crate) type Serve = fn(&Connection, &Ask<'_>) -> Result<Answer, Refusal>;

pub(crate) struct Route {
    pub(crate) name: &'static str,
    pub(crate) method: Method,
    pub(crate) template: &'static str,
    pub(crate) source: Source,
    pub(crate) serve: Serve,
}

const fn documented(name: &'static str, method: Method, template: &'static str, serve: Serve) -> Route {
    Route { name, method, template, source: Source::Documented, serve }
}

const fn assumed(name: &'static str, method: Method, template: &'static str, serve: Serve) -> Route {
    Route { name, method, template, source: Source::Assumed, serve }
}

/// The first match serves, so `users/me` stands before `users/{user_id}`.
pub(crate) static ROUTES: [Route; 37] = [
    assumed("me", Method::GET, "/api/v1/{customer_id}/users/me", me::get),
    assumed("account", Method::GET, "/api/v1/{customer_id}/account", account::get),
    assumed("tokens.list", Method::GET, "/api/v1/{customer_id}/personal_access_tokens", tokens::list),
    assumed("tokens.create", Method::POST, "/api/v1/{customer_id}/personal_access_tokens", tokens::create),
    assumed(
        "tokens.delete",
        Method::DELETE,
        "/api/v1/{customer_id}/personal_access_tokens/{token_id}",
        tokens::delete,
    ),
    assumed(
        "user_tokens.list",
        Method::GET,
        "/api/v1/{customer_id}/users/{user_id}/personal_access_tokens",
        user_tokens::list,
    ),
    assumed(
        "user_tokens.delete",
        Method::DELETE,
        "/api/v1/{customer_id}/users/{user_id}/personal_access_tokens/{token_id}",
        user_tokens::delete,
    ),
    assumed("webhooks.list", Method::GET, "/api/v1/{customer_id}/webhooks", webhooks::list),
    assumed("webhooks.create", Method::POST, "/api/v1/{customer_id}/webhooks", webhooks::create),
    assumed("webhooks.get", Method::GET, "/api/v1/{customer_id}/webhooks/{webhook_id}", webhooks::get),
    assumed("webhooks.update", Method::PUT, "/api/v1/{customer_id}/webhooks/{webhook_id}", webhooks::update),
    assumed(
        "webhooks.delete",
        Method::DELETE,
        "/api/v1/{customer_id}/webhooks/{webhook_id}",
        webhooks::delete,
    ),
    assumed("webhooks.events", Method::GET, "/api/v1/{customer_id}/webhook_events", webhooks::events),
    assumed(
        "webhooks.deliveries",
        Method::GET,
        "/api/v1/{customer_id}/webhooks/{webhook_id}/deliveries",
        webhooks::deliveries,
    ),
    assumed(
        "connect.status",
        Method::GET,
        "/api/v2/{customer_id}/get_connect_access_status",
        connect::status,
    ),
    assumed(
        "connect.request",
        Method::POST,
        "/api/v2/{customer_id}/connect_access_request",
        connect::request,
    ),
    documented("users.list", Method::GET, "/api/v1/{customer_id}/users", users::list),
    documented("users.create", Method::POST, "/api/v1/{customer_id}/users", users::create),
    documented("users.activate", Method::POST, "/api/v1/{customer_id}/users/activate_user", users::activate),
    documented("users.get", Method::GET, "/api/v1/{customer_id}/users/{user_id}", users::get),
    documented("users.update", Method::PUT, "/api/v1/{customer_id}/users/{user_id}", users::update),
    documented("users.invite", Method::POST, "/api/v1/{customer_id}/invitations", invitations::create),
    documented("roles.list", Method::GET, "/api/v2/{customer_id}/roles", roles::list),
    documented("roles.list_v1", Method::GET, "/api/v1/{customer_id}/roles", roles::list),
    documented("groups.list", Method::GET, "/api/v2/{customer_id}/groups", groups::list),
    documented(
        "projects.my",
        Method::GET,
        "/api/v2/{customer_id}/projects/my_projects",
        projects::my_projects,
    ),
    documented("projects.list", Method::GET, "/api/v2/{customer_id}/projects", projects::list),
    documented("projects.list_v1", Method::GET, "/api/v1/{customer_id}/projects", projects::list),
    documented(
        "tickets.list",
        Method::GET,
        "/api/v2/{customer_id}/projects/{project_id}/tickets",
        tickets::list,
    ),
    documented(
        "tickets.create",
        Method::POST,
        "/api/v2/{customer_id}/projects/{project_id}/tickets",
        tickets::create,
    ),
    documented(
        "tickets.get",
        Method::GET,
        "/api/v2/{customer_id}/projects/{project_id}/tickets/{uuid}",
        tickets::get,
    ),
    documented(
        "tickets.update",
        Method::PUT,
        "/api/v2/{customer_id}/projects/{project_id}/tickets/{uuid}",
        tickets::update,
    ),
    documented(
        "tickets.delete",
        Method::DELETE,
        "/api/v2/{customer_id}/projects/{project_id}/tickets/{uuid}",
        tickets::delete,
    ),
    documented(
        "tickets.comment",
        Method::POST,
        "/api/v2/{customer_id}/projects/{project_id}/tickets/{uuid}/comment",
        tickets::comment,
    ),
    documented(
        "attachments.list",
        Method::GET,
        "/api/v2/{customer_id}/projects/{project_id}/tickets/{ticket_uuid}/attachments",
        attachments::list,
    ),
    documented(
        "attachments.create",
        Method::POST,
        "/api/v2/{customer_id}/projects/{project_id}/tickets/{ticket_uuid}/attachments",
        attachments::create,
    ),
    documented(
        "attachments.delete",
        Method::DELETE,
        "/api/v2/{customer_id}/projects/{project_id}/tickets/{ticket_uuid}/attachments/{attachment_id}",
        attachments::delete,
    ),
];

/// What a path leads to.
pub(crate) enum Found {
    Route(&'static Route, Vec<String>),
    /// The path is served, with other methods only.
    OtherMethod(String),
    Nothing,
}

impl Found {
    /// The route's name, if there is one.
    pub(crate) fn name(&self) -> Option<&'static str> {
        match self {
            Self::Route(route, _) => Some(route.name),
            Self::OtherMethod(_) | Self::Nothing => None,
        }
    }
}

/// Looks a request up. In documented-only mode the assumed routes are not there.
pub(crate) fn find(method: &Method, path: &str, documented_only: bool) -> Found {
    let mut methods: Vec<&str> = Vec::new();
    for route in ROUTES.iter().filter(|route| !documented_only || route.source == Source::Documented) {
        if let Some(ids) = ids(route.template, path) {
            if route.method == method {
                return Found::Route(route, ids);
            }
            methods.push(route.method.as_str());
        }
    }
    if methods.is_empty() { Found::Nothing } else { Found::OtherMethod(methods.join(", ")) }
}

/// The customer id a path names, if it is an API path at all.
pub(crate) fn customer_id(path: &str) -> Option<&str> {
    let mut parts = path.strip_prefix("/api/")?.split('/');
    let version = parts.next()?;
    if !matches!(version, "v1" | "v2") {
        return None;
    }
    parts.next().filter(|id| !id.is_empty())
}

/// The path's placeholders but for the customer id, if the path fits the template.
fn ids(template: &str, path: &str) -> Option<Vec<String>> {
    let mut found = Vec::new();
    let mut parts = path.split('/');
    for wanted in template.split('/') {
        let part = parts.next()?;
        if !wanted.starts_with('{') {
            if part != wanted {
                return None;
            }
        } else if part.is_empty() {
            return None;
        } else if wanted != "{customer_id}" {
            found.push(part.to_owned());
        }
    }
    parts.next().is_none().then_some(found)
}
