//! Lints: rules that are right by the letter and probably wrong by intent.
//!
//! One file a lint, one table of all. Those here look at what is written; those in `proof` prove something about all
//! events. Neither cries without cause.

mod duplicate_risk;
mod mixed_and_or;
mod proof;
mod run;
mod secret_in_rules;
mod suppressions;
mod test_against_test;
mod unused;

use run::Rules;

pub(crate) use proof::prove;
pub(crate) use run::run;
pub(crate) use suppressions::suppress;
