//! The table of lints.

use switchboard_grammar::diagnostic::Diagnostic;

use super::{
    duplicate_risk, idle_column, mixed_and_or, overlapping_rows, secret_in_rules, test_against_test,
    unreachable_line, unused,
};
use crate::check::{Built, Checker};

/// What a lint looks at.
pub(crate) struct Rules<'r, 'a> {
    pub(crate) checker: &'r Checker<'a>,
    pub(crate) built: &'r Built,
}

type Lint = fn(&Rules<'_, '_>) -> Vec<Diagnostic>;

/// Every lint.
static LINTS: [Lint; 8] = [
    mixed_and_or::find,
    test_against_test::find,
    unreachable_line::find,
    overlapping_rows::find,
    idle_column::find,
    unused::find,
    secret_in_rules::find,
    duplicate_risk::find,
];

/// Runs all lints.
pub(crate) fn run(checker: &mut Checker<'_>, built: &Built) {
    let rules = Rules { checker, built };
    let found: Vec<Diagnostic> = LINTS.iter().flat_map(|lint| lint(&rules)).collect();
    checker.found.extend(found);
}
