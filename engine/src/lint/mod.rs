//! Lints: rules that are right by the letter and probably wrong by intent.
//!
//! One file a lint, one table of all. What needs a proof over all events is not here; each of these looks at what
//! is written and never cries without cause.

mod duplicate_risk;
mod idle_column;
mod mixed_and_or;
mod overlapping_rows;
mod run;
mod secret_in_rules;
mod suppressions;
mod test_against_test;
mod unreachable_line;
mod unused;

use run::Rules;

pub(crate) use run::run;
pub(crate) use suppressions::suppress;
