//! How a request stands, as it is kept in gatehouse.db.

use super::{ConnectState, ConnectStatus};
use jiff::Timestamp;
use planradar::Moment;
use serde::{Deserialize, Serialize};

/// As the server told it last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct CachedConnect {
    pub state: ConnectState,
    pub requested_on: Option<Timestamp>,
    pub decided_on: Option<Timestamp>,
    pub note: Option<String>,
}

impl CachedConnect {
    /// Whether somebody at PlanRadar has yet to decide.
    pub fn is_open(&self) -> bool {
        matches!(self.state, ConnectState::Requested | ConnectState::InReview)
    }

    /// Whether asking makes sense: a state that we don't know is left to the server.
    pub fn may_be_requested(&self) -> bool {
        !self.is_open() && self.state != ConnectState::Granted
    }

    /// Whether PlanRadar has moved since: what we asked for ourselves is no news.
    pub fn is_news_since(&self, before: &Self) -> bool {
        self.state != before.state
            && !matches!(self.state, ConnectState::NotRequested | ConnectState::Requested)
    }
}

impl From<planradar::ConnectStatus> for CachedConnect {
    fn from(status: planradar::ConnectStatus) -> Self {
        use planradar::ConnectState as Told;
        Self {
            state: match status.state {
                Told::NotRequested => ConnectState::NotRequested,
                Told::Requested => ConnectState::Requested,
                Told::InReview => ConnectState::InReview,
                Told::Granted => ConnectState::Granted,
                Told::Declined => ConnectState::Declined,
                Told::Other(word) => ConnectState::Other { word },
            },
            requested_on: at(status.requested_on),
            decided_on: at(status.decided_on),
            note: status.note,
        }
    }
}

impl From<CachedConnect> for ConnectStatus {
    fn from(known: CachedConnect) -> Self {
        Self {
            state: known.state,
            requested_on: known.requested_on.map(|at| at.to_string()),
            decided_on: known.decided_on.map(|at| at.to_string()),
            note: known.note,
        }
    }
}

fn at(moment: Moment) -> Option<Timestamp> {
    match moment {
        Moment::At(at) => Some(at),
        Moment::Never | Moment::Unknown => None,
    }
}
