//! Why RetailCRM did not do what it was asked, and what the caller may do about it.
//!
//! [`CrmError`] says what happened; [`Class`] says what follows. Callers that only schedule look at the class,
//! callers that ensure one record look at the variants that are no failure for them: `NotFound`, `Merged`,
//! `AlreadyExists`.

use std::fmt;
use std::time::Duration;

use crate::outbound::{NotSent, Unanswered};

/// What may be done after an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// Certainly not done; the same request may succeed later.
    Retry,
    /// Certainly not done, and not before somebody changes a setting of the account; try again at long intervals.
    RetrySlowly,
    /// Maybe done. A request that may not be repeated must be followed by a look, never by itself.
    Unknown,
    /// Certainly not done, and never will be with this content.
    Permanent,
    /// The whole account cannot be used until its credentials work again. Whether the request was done is told
    /// by [`CrmError::may_have_happened`].
    StopAccount,
}

/// One complaint of RetailCRM about a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The field, or the row number of an upload; empty when the answer was a plain list of texts.
    pub field: String,
    /// What is wrong with it, in the account's language.
    pub text: String,
}

/// A refusal in RetailCRM's words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// `errorMsg`.
    pub message: String,
    /// `errors`.
    pub fields: Vec<FieldError>,
}

/// Why RetailCRM did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CrmError {
    /// The request did not leave.
    #[error("RetailCRM was not reached: {0}")]
    NotSent(NotSent),
    /// Not sent, because RetailCRM has been failing and is left alone for a while.
    #[error("RetailCRM has been failing; the next look is in {} s", wait.as_secs())]
    Paused {
        /// How long to wait.
        wait: Duration,
    },
    /// Not sent, because the one who asked would lose the right to the work before the answer could come.
    #[error("not sent: there was too little time left")]
    TooLate,
    /// Too many requests a second. The pace has been slowed already.
    #[error("RetailCRM asks to slow down ({status})")]
    RateLimited {
        /// 503 or 429.
        status: u16,
    },
    /// The request left, and no whole answer came.
    #[error("RetailCRM gave no whole answer: {0}")]
    Unanswered(Unanswered),
    /// A 5xx answer: an outage on their side.
    #[error("RetailCRM is out of order ({status})")]
    Outage {
        /// The status.
        status: u16,
    },
    /// An answer with a good status that is not what the method answers.
    #[error("the answer of RetailCRM cannot be read ({status}): {reason}")]
    Unreadable {
        /// The status.
        status: u16,
        /// What could not be read. Never holds a value of the answer.
        reason: String,
    },
    /// The API key is wrong, revoked, or did not arrive.
    #[error("RetailCRM refuses the API key: {0}")]
    BadKey(Refusal),
    /// No account lives at this address.
    #[error("no RetailCRM account at this address: {0}")]
    NoAccount(Refusal),
    /// A web page or a redirect instead of an answer: whatever lives at this address is not the API.
    #[error("the address answers with a web page, not with the API ({status})")]
    NotAnApi {
        /// The status.
        status: u16,
    },
    /// The key lacks a scope or a shop.
    #[error("the API key may not do this: {0}")]
    AccessDenied(Refusal),
    /// The telephony module is not registered or not active.
    #[error("telephony is not enabled in RetailCRM: {0}")]
    TelephonyOff(Refusal),
    /// No such record.
    #[error("no such record in RetailCRM")]
    NotFound,
    /// The record was merged into another one.
    #[error("the record was merged into {into}")]
    Merged {
        /// The record that survived.
        into: u64,
        /// Its shop, when that was told.
        site: Option<String>,
    },
    /// A record with this external id is there already.
    #[error("the record exists already: {0}")]
    AlreadyExists(Refusal),
    /// The content was refused.
    #[error("RetailCRM refuses the content: {0}")]
    Refused(Refusal),
    /// Some rows of an upload were refused, the others were taken.
    #[error("some rows were refused: {0}")]
    Partial(Refusal),
    /// The request is malformed or goes to a path that does not exist: a fault of this program.
    #[error("RetailCRM does not understand the request: {0}")]
    Misuse(Refusal),
}

impl CrmError {
    /// What may be done about it.
    pub fn class(&self) -> Class {
        match self {
            Self::NotSent(NotSent::Refused { .. }) => Class::RetrySlowly,
            Self::NotSent(_) | Self::Paused { .. } | Self::TooLate | Self::RateLimited { .. } => Class::Retry,
            Self::Unanswered(_) | Self::Outage { .. } | Self::Unreadable { .. } => Class::Unknown,
            Self::BadKey(_) | Self::NoAccount(_) | Self::NotAnApi { .. } => Class::StopAccount,
            Self::AccessDenied(_) | Self::TelephonyOff(_) => Class::RetrySlowly,
            Self::NotFound
            | Self::Merged { .. }
            | Self::AlreadyExists(_)
            | Self::Refused(_)
            | Self::Partial(_)
            | Self::Misuse(_) => Class::Permanent,
        }
    }

    /// Tells whether the request may have been carried out. A caller that may not repeat itself must then look.
    pub fn may_have_happened(&self) -> bool {
        // A page can stand in front of a request that was carried out (a proxy's error page with status 200).
        matches!(self.class(), Class::Unknown) || matches!(self, Self::NotAnApi { .. } | Self::Partial(_))
    }

    /// A short stable name for metrics and logs.
    pub fn name(&self) -> &'static str {
        match self {
            Self::NotSent(_) => "not_sent",
            Self::Paused { .. } => "paused",
            Self::TooLate => "too_late",
            Self::RateLimited { .. } => "rate_limited",
            Self::Unanswered(_) => "unanswered",
            Self::Outage { .. } => "outage",
            Self::Unreadable { .. } => "unreadable",
            Self::BadKey(_) => "bad_key",
            Self::NoAccount(_) => "no_account",
            Self::NotAnApi { .. } => "not_an_api",
            Self::AccessDenied(_) => "access_denied",
            Self::TelephonyOff(_) => "telephony_off",
            Self::NotFound => "not_found",
            Self::Merged { .. } => "merged",
            Self::AlreadyExists(_) => "already_exists",
            Self::Refused(_) => "refused",
            Self::Partial(_) => "partial",
            Self::Misuse(_) => "misuse",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} `{}`", self.status, self.message)?;
        for FieldError { field, text } in &self.fields {
            if field.is_empty() {
                write!(f, "; {text}")?;
            } else {
                write!(f, "; {field}: {text}")?;
            }
        }
        Ok(())
    }
}

impl Refusal {
    /// Tells whether any text of the refusal satisfies `test`.
    pub(crate) fn any_text(&self, test: impl Fn(&str) -> bool) -> bool {
        test(&self.message) || self.fields.iter().any(|field| test(&field.text))
    }
}
