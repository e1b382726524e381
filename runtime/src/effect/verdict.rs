//! What came of one step of an effect, and what a failure means for it.
//!
//! Every executor answers with one of these; only the worker that carries effects out knows what each does to the
//! effect's state, its lane and its account.

use std::time::Duration;

use serde_json::{Value, json};
use smol_str::SmolStr;

use crate::crm::{Class, CrmError};
use crate::store::record::{Link, NaturalKey};

/// It happened, now or before.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Done {
    /// What RetailCRM calls the record.
    pub remote_id: Option<u64>,
    /// What is worth keeping about how it happened.
    pub response: Value,
    /// Links that are known to be so.
    pub links: Vec<Link>,
    /// Links that turned out wrong.
    pub dropped_links: Vec<(SmolStr, NaturalKey)>,
}

/// Why it did not happen, or not yet.
#[derive(Debug, Clone, PartialEq)]
pub enum Trouble {
    /// Certainly not done; may be done later.
    Retry {
        /// Why.
        error: String,
        /// Not before this has passed, whatever the schedule says.
        at_least: Duration,
        /// Whether it counts as an attempt.
        counts: bool,
    },
    /// Maybe done; must be looked for.
    Unknown {
        /// Why it is not known.
        error: String,
    },
    /// Never will be.
    Dead {
        /// Why.
        error: String,
    },
    /// The account cannot be used.
    Stop {
        /// Why.
        error: String,
        /// Whether the request may have been carried out.
        maybe_done: bool,
    },
}

/// How long somebody needs at the least to change a setting in the CRM.
const SLOW_RETRY: Duration = Duration::from_secs(10 * 60);

impl Done {
    /// It happened with this record.
    pub fn with(remote_id: u64, response: Value) -> Self {
        Self { remote_id: Some(remote_id), response, ..Self::default() }
    }

    /// There is nothing to be done, and why.
    pub fn skipped(reason: &str) -> Self {
        Self { response: json!({ "skipped": reason }), ..Self::default() }
    }

    /// Adds a link.
    #[must_use]
    pub fn linked(mut self, link: Link) -> Self {
        self.links.push(link);
        self
    }
}

impl Trouble {
    /// What an error means when the request changes something and may not simply be repeated.
    pub fn of_write(error: &CrmError) -> Self {
        match error.class() {
            Class::Unknown => Self::Unknown { error: error.to_string() },
            _ => Self::of_read(error),
        }
    }

    /// What an error means when the request may simply be repeated: it changes nothing, or the same again.
    pub fn of_read(error: &CrmError) -> Self {
        let text = error.to_string();
        match error.class() {
            Class::Retry => {
                let (at_least, counts) = match error {
                    CrmError::Paused { wait } => (*wait, false),
                    CrmError::TooLate => (Duration::ZERO, false),
                    _ => (Duration::ZERO, true),
                };
                Self::Retry { error: text, at_least, counts }
            }
            Class::Unknown => Self::Retry { error: text, at_least: Duration::ZERO, counts: true },
            Class::RetrySlowly => Self::Retry { error: text, at_least: SLOW_RETRY, counts: true },
            Class::Permanent => Self::Dead { error: text },
            Class::StopAccount => Self::Stop { error: text, maybe_done: error.may_have_happened() },
        }
    }

    /// Why, in words.
    pub fn error(&self) -> &str {
        match self {
            Self::Retry { error, .. }
            | Self::Unknown { error }
            | Self::Dead { error }
            | Self::Stop { error, .. } => error,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crm::Refusal;
    use crate::outbound::{NotSent, Unanswered};

    #[test]
    fn a_lost_answer_is_unknown_for_a_write_and_a_retry_for_a_read() {
        for error in [
            CrmError::Unanswered(Unanswered::TimedOut),
            CrmError::Outage { status: 500 },
            CrmError::Unreadable { status: 200, reason: String::new() },
        ] {
            assert!(matches!(Trouble::of_write(&error), Trouble::Unknown { .. }), "{error}");
            assert!(matches!(Trouble::of_read(&error), Trouble::Retry { counts: true, .. }), "{error}");
        }
    }

    #[test]
    fn each_class_has_its_consequence() {
        let refusal = Refusal::default;
        let of = |error: CrmError| Trouble::of_write(&error);
        assert!(matches!(of(CrmError::NotSent(NotSent::Unconnected)), Trouble::Retry { counts: true, .. }));
        assert!(matches!(of(CrmError::RateLimited { status: 503 }), Trouble::Retry { counts: true, .. }));
        let wait = Duration::from_secs(7);
        assert!(
            matches!(of(CrmError::Paused { wait }), Trouble::Retry { counts: false, at_least, .. } if at_least == wait)
        );
        assert!(
            matches!(of(CrmError::AccessDenied(refusal())), Trouble::Retry { at_least, .. } if at_least == SLOW_RETRY)
        );
        assert!(matches!(of(CrmError::Refused(refusal())), Trouble::Dead { .. }));
        assert!(matches!(of(CrmError::BadKey(refusal())), Trouble::Stop { maybe_done: false, .. }));
        assert!(matches!(of(CrmError::NotAnApi { status: 200 }), Trouble::Stop { maybe_done: true, .. }));
    }
}
