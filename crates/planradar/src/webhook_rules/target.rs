//! Where deliveries go.

use super::mask::query_secret_names;
use secrecy::SecretString;
use std::fmt;
use url::{Host, Url};

/// The longest target URL, in bytes of its ASCII form.
pub const MAX_TARGET_URL: usize = 2048;

/// A target URL that was understood.
#[derive(Clone, PartialEq, Eq)]
pub struct Target {
    /// In its ASCII form.
    pub url: Url,
    /// `http` or `https`.
    pub scheme: String,
    /// The host as it goes over the wire: international names in their ASCII form, IPv6 in brackets.
    pub host_ascii: String,
    /// The host as people read it.
    pub host_unicode: String,
    /// Also when it is the scheme's usual one.
    pub port: u16,
    /// Headers and payload can be read on the way.
    pub plain_http: bool,
    /// Query parameters that look as if they held secrets, by name. Whoever may see webhooks sees the URL.
    pub query_secrets: Vec<String>,
}

/// Why a target URL is refused. Nothing of the URL is shown or logged with it.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
pub enum TargetProblem {
    /// Nothing was given.
    #[error("the target URL is empty")]
    Empty,
    /// More than [`MAX_TARGET_URL`].
    #[error("the target URL is longer than {MAX_TARGET_URL} characters")]
    TooLong,
    /// Blanks, line breaks, other control characters or a backslash: programs read those differently.
    #[error("the target URL has spaces, control characters or a backslash in it")]
    Characters,
    /// Not `https://` or `http://`.
    #[error("the target URL must start with https:// or http://")]
    Scheme,
    /// Not a URL.
    #[error("this is not a URL such as https://example.com/hook")]
    NotAUrl,
    /// A user name or password is part of it, which everybody who may see webhooks would see. HTTP Basic hides it.
    #[error("the target URL must not contain a user name or password: use HTTP Basic for them")]
    Credentials {
        /// The user name, decoded; perhaps a token.
        username: String,
    },
}

/// Without the user name: some services take a token there.
impl fmt::Debug for TargetProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TargetProblem({self})")
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Target({})", super::masked(self.url.as_str()))
    }
}

impl Target {
    /// Scheme, host as people read it, and port when it is not the usual one.
    #[must_use]
    pub fn origin(&self) -> String {
        let port = self.url.port().map(|port| format!(":{port}")).unwrap_or_default();
        format!("{}://{}{port}", self.scheme, self.host_unicode)
    }

    fn destination(&self) -> (&str, &str, u16) {
        (&self.scheme, &self.host_ascii, self.port)
    }
}

/// Reads a target URL. Blanks around it don't count.
pub fn check_target_url(text: &str) -> Result<Target, TargetProblem> {
    let text = text.trim();
    if text.is_empty() {
        return Err(TargetProblem::Empty);
    }
    // The URL standard drops tabs and line breaks and turns `\` into `/`: what the person sees would not be where it
    // goes.
    if text.chars().any(|c| c == '\\' || c.is_whitespace() || c.is_control()) {
        return Err(TargetProblem::Characters);
    }
    let (scheme, rest) = text.split_once("://").ok_or(TargetProblem::Scheme)?;
    if !["https", "http"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
        return Err(TargetProblem::Scheme);
    }
    // It also skips further slashes, where other programs see an empty host.
    if rest.starts_with('/') {
        return Err(TargetProblem::NotAUrl);
    }
    if authority(rest).contains('@') {
        let username = Url::parse(text).map(|url| decoded(url.username())).unwrap_or_default();
        return Err(TargetProblem::Credentials { username });
    }
    let url = Url::parse(text).map_err(|_| TargetProblem::NotAUrl)?;
    if url.as_str().len() > MAX_TARGET_URL {
        return Err(TargetProblem::TooLong);
    }
    target(url).ok_or(TargetProblem::NotAUrl)
}

fn target(url: Url) -> Option<Target> {
    let host_ascii = url.host_str()?.to_owned();
    let host_unicode = match url.host()? {
        Host::Domain(name) => match idna::domain_to_unicode(name) {
            (unicode, Ok(())) => unicode,
            _ => host_ascii.clone(),
        },
        Host::Ipv4(_) | Host::Ipv6(_) => host_ascii.clone(),
    };
    Some(Target {
        scheme: url.scheme().to_owned(),
        host_ascii,
        host_unicode,
        port: url.port_or_known_default().filter(|port| *port != 0)?,
        plain_http: url.scheme() == "http",
        query_secrets: query_secret_names(&url),
        url,
    })
}

/// What is between `://` and the path.
pub(super) fn authority(rest: &str) -> &str {
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// Whether two target URLs have the same scheme, host and port: only then may a stored secret be kept. URLs that are
/// not understood are only the same when they are equal.
#[must_use]
pub fn same_destination(old: &str, new: &str) -> bool {
    match (check_target_url(old), check_target_url(new)) {
        (Ok(old), Ok(new)) => old.destination() == new.destination(),
        _ => old == new,
    }
}

/// A target URL and the credentials that were in it.
#[derive(Debug)]
pub struct WithoutCredentials {
    /// The URL without them.
    pub url: String,
    /// The user name, decoded.
    pub username: String,
    /// The password, decoded; `None`: there was none.
    pub password: Option<SecretString>,
}

/// Takes the credentials out of a target URL, for HTTP Basic to have them. `None`: there are none, or it is no URL.
#[must_use]
pub fn without_credentials(text: &str) -> Option<WithoutCredentials> {
    let Err(TargetProblem::Credentials { username }) = check_target_url(text) else {
        return None;
    };
    let mut url = Url::parse(text.trim()).ok()?;
    let password = url.password().map(|password| decoded(password).into());
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    Some(WithoutCredentials { url: url.into(), username, password })
}

#[cfg(test)]
#[path = "target_tests.rs"]
mod tests;
