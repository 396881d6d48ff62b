//! What a webhook's fields may be: pure rules, asked before anything is sent. Assumed (no public documentation),
//! and stricter than HTTP.

mod headers;
mod lines;
mod mask;
mod target;

pub use headers::{
    CredentialProblem, HeaderPart, HeaderProblem, HeaderRowProblem, MAX_CREDENTIAL, MAX_HEADER_NAME,
    MAX_HEADER_VALUE, check_header_name, check_header_names, check_header_value, check_headers,
    check_password, check_username, looks_masked,
};
pub use lines::{HeaderLine, HeaderLineProblem, parse_header_lines};
pub use mask::masked;
pub use target::{
    MAX_TARGET_URL, Target, TargetProblem, WithoutCredentials, check_target_url, same_destination,
    without_credentials,
};

pub(crate) use mask::query_secret_values;
