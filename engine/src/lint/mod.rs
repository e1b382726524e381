//! Lints: rules that are right by the letter and probably wrong by intent.
//!
//! One file a lint, one table of all. What needs a proof over all events is not here; each of these looks at what
//! is written and never cries without cause.

mod idle_column;
mod mixed_and_or;
mod overlapping_rows;
mod secret_in_rules;
mod suppressions;
mod test_against_test;
mod unreachable_line;
mod unused;

use switchboard_grammar::diagnostic::Diagnostic;

pub(crate) use suppressions::suppress;

use crate::check::{Built, Checker};

/// What a lint looks at.
pub(crate) struct Rules<'r, 'a> {
    pub(crate) checker: &'r Checker<'a>,
    pub(crate) built: &'r Built,
}

type Lint = fn(&Rules<'_, '_>) -> Vec<Diagnostic>;

/// Every lint.
static LINTS: [Lint; 7] = [
    mixed_and_or::find,
    test_against_test::find,
    unreachable_line::find,
    overlapping_rows::find,
    idle_column::find,
    unused::find,
    secret_in_rules::find,
];

/// Runs all lints.
pub(crate) fn run(checker: &mut Checker<'_>, built: &Built) {
    let rules = Rules { checker, built };
    let found: Vec<Diagnostic> = LINTS.iter().flat_map(|lint| lint(&rules)).collect();
    checker.found.extend(found);
}
