//! PlanRadar Connect: how the account stands with it, what should be in order first, and asking for access. Routes and
//! attributes are assumed (no public documentation); where they are missing the request is prepared as text.

mod cached;
mod preflight;
mod reconcile;
mod request;
mod status;
mod text;
mod types;

pub use text::TextLanguage;
pub use types::{
    CheckVerdict, ConnectCheck, ConnectFinding, ConnectInput, ConnectState, ConnectStatus, ConnectView,
};
