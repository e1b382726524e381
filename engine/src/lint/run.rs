//! The table of lints.

use switchboard_grammar::diagnostic::Diagnostic;

use super::{duplicate_risk, mixed_and_or, secret_in_rules, test_against_test, unused};
use crate::check::{Built, Checker};

/// What a lint looks at.
pub(crate) struct Rules<'r, 'a> {
    pub(crate) checker: &'r Checker<'a>,
    pub(crate) built: &'r Built,
}

type Lint = fn(&Rules<'_, '_>) -> Vec<Diagnostic>;

/// Every lint that looks at what is written.
static LINTS: [Lint; 5] =
    [mixed_and_or::find, test_against_test::find, unused::find, secret_in_rules::find, duplicate_risk::find];

/// Runs them all.
pub(crate) fn run(checker: &mut Checker<'_>, built: &Built) {
    let rules = Rules { checker, built };
    let found: Vec<Diagnostic> = LINTS.iter().flat_map(|lint| lint(&rules)).collect();
    checker.found.extend(found);
}
