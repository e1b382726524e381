//! Why UIS did not answer a question, and what the caller may do about it.

use std::time::Duration;

use crate::outbound::{NotSent, Unanswered};

/// What may be done after an error of a question, which changes nothing and may be repeated. Of a request that changes
/// something [`UisError::may_have_happened`] says whether it must be looked for first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// The same question may be answered later.
    Retry,
    /// The question is wrong, or the tariff does not allow it; repeating it is useless.
    Permanent,
    /// The token or the account cannot be used until somebody mends it.
    Stop,
}

/// Why UIS did not answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UisError {
    /// The request did not leave.
    #[error("UIS was not reached: {0}")]
    NotSent(NotSent),
    /// No whole answer came.
    #[error("UIS gave no whole answer: {0}")]
    Unanswered(Unanswered),
    /// The answer is no JSON-RPC, or lacks what the method answers.
    #[error("the answer of UIS cannot be read ({status}): {reason}")]
    Unreadable {
        /// The HTTP status.
        status: u16,
        /// What could not be read. Never holds a value of the answer.
        reason: String,
    },
    /// The points of this minute or day are used up.
    #[error("the limit of UIS is used up; it resets in {} s", wait.as_secs())]
    LimitExceeded {
        /// How long to wait.
        wait: Duration,
    },
    /// The token is wrong, expired or blocked, this server's address is not allowed, or the account is switched off.
    #[error("UIS refuses access: {mnemonic}")]
    Refused {
        /// The vendor's name of the error.
        mnemonic: String,
    },
    /// The method belongs to an option that the customer has not bought.
    #[error("UIS needs a paid option for this: {mnemonic}")]
    OptionMissing {
        /// The vendor's name of the error.
        mnemonic: String,
    },
    /// The question is wrong.
    #[error("UIS does not understand the question: {mnemonic} {field}")]
    Misuse {
        /// The vendor's name of the error.
        mnemonic: String,
        /// The field it is about; may be empty.
        field: String,
    },
    /// There was no time left to send it under the lease that it belongs to.
    #[error("there was no time left to ask UIS")]
    TooLate,
    /// An error inside UIS.
    #[error("UIS is out of order: {mnemonic}")]
    Outage {
        /// The vendor's name of the error.
        mnemonic: String,
    },
}

impl UisError {
    /// What may be done about it.
    pub fn class(&self) -> Class {
        match self {
            Self::NotSent(_)
            | Self::Unanswered(_)
            | Self::Unreadable { .. }
            | Self::LimitExceeded { .. }
            | Self::TooLate
            | Self::Outage { .. } => Class::Retry,
            Self::Refused { .. } => Class::Stop,
            Self::OptionMissing { .. } | Self::Misuse { .. } => Class::Permanent,
        }
    }

    /// Tells whether what was asked for may have been done. Whoever may not repeat himself must not ask again then.
    pub fn may_have_happened(&self) -> bool {
        matches!(self, Self::Unanswered(_) | Self::Unreadable { .. } | Self::Outage { .. })
    }

    /// The vendor's name of the error, when there is one.
    pub fn mnemonic(&self) -> Option<&str> {
        match self {
            Self::Refused { mnemonic }
            | Self::OptionMissing { mnemonic }
            | Self::Misuse { mnemonic, .. }
            | Self::Outage { mnemonic } => Some(mnemonic),
            Self::NotSent(_)
            | Self::Unanswered(_)
            | Self::Unreadable { .. }
            | Self::LimitExceeded { .. }
            | Self::TooLate => None,
        }
    }

    /// A short stable name for metrics and logs.
    pub fn name(&self) -> &'static str {
        match self {
            Self::NotSent(_) => "not_sent",
            Self::Unanswered(_) => "unanswered",
            Self::Unreadable { .. } => "unreadable",
            Self::LimitExceeded { .. } => "limit_exceeded",
            Self::Refused { .. } => "refused",
            Self::OptionMissing { .. } => "option_missing",
            Self::Misuse { .. } => "misuse",
            Self::TooLate => "too_late",
            Self::Outage { .. } => "outage",
        }
    }
}
