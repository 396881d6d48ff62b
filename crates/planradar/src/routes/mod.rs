//! The one table of routes, the templates of their paths, and an account's overrides of them.

mod overrides;
mod template;

pub use overrides::{OverrideFileError, OverrideLine, Overrides};
pub use template::{RouteProblem, check_override};

pub(crate) use template::fill;
use template::may_be_same_path;

/// The method of a route. An override never changes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Creates.
    Post,
    /// Replaces.
    Put,
    /// Deletes.
    Delete,
}

impl Method {
    /// As on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// Where a route comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// `PlanRadar`'s public API description has it.
    Documented,
    /// Assumed (no public documentation).
    Assumed,
}

/// One row of the table.
#[derive(Debug, PartialEq, Eq)]
pub struct Route {
    /// Such as `tokens.list`; also the key of an override.
    pub name: &'static str,
    /// Fixed.
    pub method: Method,
    /// The built-in path.
    pub template: &'static str,
    /// Documented or assumed.
    pub basis: Basis,
    /// Documented resources an override may name: the route's own.
    own: &'static [&'static str],
}

macro_rules! routes {
    ($($(#[$doc:meta])* $id:ident = $name:literal $method:ident $template:literal $basis:ident $own:expr;)*) => {
        $($(#[$doc])* pub static $id: Route =
            Route { name: $name, method: Method::$method, template: $template, basis: Basis::$basis, own: &$own };)*
        /// Every route this client speaks, in the order of the window.
        pub static ALL: &[&Route] = &[$(&$id),*];
    };
}

routes! {
    /// Projects of the account.
    PROJECTS_LIST = "projects.list" Get "/api/v2/{customer_id}/projects" Documented ["projects"];
    /// Projects of the token's user.
    PROJECTS_MINE = "projects.my" Get "/api/v2/{customer_id}/projects/my_projects" Documented ["projects"];
    /// Users of the account.
    USERS_LIST = "users.list" Get "/api/v1/{customer_id}/users" Documented ["users"];
    /// One user.
    USERS_GET = "users.get" Get "/api/v1/{customer_id}/users/{user_id}" Documented ["users"];
    /// A new in-house user. Has a limit of its own.
    USERS_CREATE = "users.create" Post "/api/v1/{customer_id}/users" Documented ["users"];
    /// One user, changed.
    USERS_UPDATE = "users.update" Put "/api/v1/{customer_id}/users/{user_id}" Documented ["users"];
    /// A deactivated user, brought back.
    USERS_ACTIVATE = "users.activate" Post "/api/v1/{customer_id}/users/activate_user" Documented ["users"];
    /// Somebody who has a user in another account.
    USERS_INVITE = "users.invite" Post "/api/v1/{customer_id}/invitations" Documented ["invitations"];
    /// Roles that users have in projects.
    ROLES_LIST = "roles.list" Get "/api/v2/{customer_id}/roles" Documented ["roles"];
    /// Groups of users.
    GROUPS_LIST = "groups.list" Get "/api/v2/{customer_id}/groups" Documented ["groups"];
    /// The token's user. Could collide with `users.get`: only a plausible answer counts.
    ME = "me" Get "/api/v1/{customer_id}/users/me" Assumed ["users"];
    /// The account itself.
    ACCOUNT = "account" Get "/api/v1/{customer_id}/account" Assumed [];
    /// The user's own personal access tokens.
    TOKENS_LIST = "tokens.list" Get "/api/v1/{customer_id}/personal_access_tokens" Assumed [];
    /// A new token for the user.
    TOKENS_CREATE = "tokens.create" Post "/api/v1/{customer_id}/personal_access_tokens" Assumed [];
    /// One of the user's own tokens.
    TOKENS_DELETE = "tokens.delete" Delete "/api/v1/{customer_id}/personal_access_tokens/{token_id}" Assumed [];
    /// Another user's tokens.
    USER_TOKENS_LIST = "user_tokens.list" Get "/api/v1/{customer_id}/users/{user_id}/personal_access_tokens" Assumed [];
    /// One of another user's tokens.
    USER_TOKENS_DELETE = "user_tokens.delete" Delete "/api/v1/{customer_id}/users/{user_id}/personal_access_tokens/{token_id}" Assumed [];
    /// Webhooks of the account.
    WEBHOOKS_LIST = "webhooks.list" Get "/api/v1/{customer_id}/webhooks" Assumed [];
    /// A new webhook.
    WEBHOOKS_CREATE = "webhooks.create" Post "/api/v1/{customer_id}/webhooks" Assumed [];
    /// One webhook.
    WEBHOOKS_GET = "webhooks.get" Get "/api/v1/{customer_id}/webhooks/{webhook_id}" Assumed [];
    /// One webhook, replaced as a whole.
    WEBHOOKS_UPDATE = "webhooks.update" Put "/api/v1/{customer_id}/webhooks/{webhook_id}" Assumed [];
    /// One webhook, deleted.
    WEBHOOKS_DELETE = "webhooks.delete" Delete "/api/v1/{customer_id}/webhooks/{webhook_id}" Assumed [];
    /// The events a webhook may be about.
    WEBHOOKS_EVENTS = "webhooks.events" Get "/api/v1/{customer_id}/webhook_events" Assumed [];
    /// What was sent for one webhook. A server may lack it.
    WEBHOOKS_DELIVERIES = "webhooks.deliveries" Get "/api/v1/{customer_id}/webhooks/{webhook_id}/deliveries" Assumed [];
    /// How the account stands with Connect.
    CONNECT_STATUS = "connect.status" Get "/api/v2/{customer_id}/get_connect_access_status" Assumed [];
    /// Access to Connect, asked for.
    CONNECT_REQUEST = "connect.request" Post "/api/v2/{customer_id}/connect_access_request" Assumed [];
}

/// The route of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Route> {
    ALL.iter().copied().find(|route| route.name == name)
}

impl Route {
    /// The placeholders of the built-in path, in order: those that an override must have, each once.
    pub fn placeholders(&self) -> impl Iterator<Item = &'static str> + use<> {
        template::placeholders(self.template)
    }

    /// Whether this and `other` must not share a path. Two reading routes on one path harm nobody (`me` is within
    /// `users.get`); two deleting ones could.
    fn would_clash(&self, other: &Self) -> bool {
        self.name != other.name && self.method == other.method && self.method != Method::Get
    }
}
