//! What the program ends with: one table, from core's closed list of codes.

use gatehouse_core::Code;
use std::process::ExitCode;

/// How a command ended, for scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Exit {
    /// Done.
    Ok = 0,
    /// A fault of Gatehouse, its data or this computer; or Ctrl-C stopped it.
    Fault = 1,
    /// Arguments or input that can't be used.
    Usage = 2,
    /// No account here, or its token is missing or unknown to PlanRadar.
    NotSignedIn = 3,
    /// PlanRadar, or Gatehouse for safety, does not do this.
    Refused = 4,
    /// There is no such thing.
    NotFound = 5,
    /// The account is paused after too many requests, or the request limit can't be kept.
    Limited = 6,
    /// PlanRadar could not be reached, or its answer could not be read.
    Network = 7,
    /// The keychain can't be used, or lacks the value.
    Keychain = 8,
    /// Things are not as they were expected to be: look again first.
    Conflict = 9,
    /// Differences were found by a command that looks for them.
    Drift = 10,
}

impl Exit {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 11] = [
        Self::Ok,
        Self::Fault,
        Self::Usage,
        Self::NotSignedIn,
        Self::Refused,
        Self::NotFound,
        Self::Limited,
        Self::Network,
        Self::Keychain,
        Self::Conflict,
        Self::Drift,
    ];

    /// What it means, for help, manual and documentation.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Ok => "done",
            Self::Fault => "a fault of Gatehouse, its data or this computer, or stopped by Ctrl-C",
            Self::Usage => "usage: arguments or input that can't be used",
            Self::NotSignedIn => {
                "not signed in: no account here, or its token is missing or unknown to PlanRadar"
            }
            Self::Refused => {
                "refused: PlanRadar does not allow or offer it, or it needs a yes that was not given"
            }
            Self::NotFound => "not found",
            Self::Limited => {
                "limited: the account is paused after too many requests, or the request limit can't be kept"
            }
            Self::Network => "network: PlanRadar could not be reached, or its answer could not be read",
            Self::Keychain => "keychain: it can't be used, or lacks the value",
            Self::Conflict => {
                "conflict: things are not as they were expected to be, or an answer was lost; look again first"
            }
            Self::Drift => "drift: differences were found by a command that looks for them",
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

impl From<Code> for Exit {
    fn from(code: Code) -> Self {
        match code {
            Code::Invalid | Code::BadRoute => Self::Usage,
            Code::Unauthorized | Code::SignInMissing => Self::NotSignedIn,
            Code::Forbidden
            | Code::PermissionApiAccess
            | Code::PermissionUsers
            | Code::PermissionAccounts
            | Code::Plan
            | Code::AccountHolderOnly
            | Code::AccountHolderToken
            | Code::NotOffered
            | Code::InviteInstead
            | Code::OwnToken => Self::Refused,
            Code::WrongAccountId | Code::Gone | Code::NoSuchAccount => Self::NotFound,
            Code::RateLimited | Code::Paused | Code::LimitUnavailable | Code::ShareTooSmall => Self::Limited,
            Code::UnknownHost
            | Code::Tls
            | Code::Offline
            | Code::Timeout
            | Code::ConnectionLost
            | Code::Redirect
            | Code::Html
            | Code::UnexpectedAnswer
            | Code::NotAcceptable
            | Code::ServerError => Self::Network,
            Code::KeychainNoService
            | Code::KeychainLocked
            | Code::KeychainRefused
            | Code::KeychainMissing
            | Code::KeychainTooLarge
            | Code::KeychainSkipped
            | Code::KeychainFailed => Self::Keychain,
            // What was sent may have been done: a script must not simply repeat it.
            Code::LostAnswer | Code::Stale | Code::ChangedToo | Code::CutOff | Code::AlreadyRequested => {
                Self::Conflict
            }
            Code::HandleExpired | Code::Clipboard | Code::StoreNewer | Code::StoreFailed | Code::Internal => {
                Self::Fault
            }
        }
    }
}
