//! Names in the rules against what the account has.
//!
//! Goes in: what the account was last found to have. Comes out: the names that it does not have, beside the status of the
//! rules. They are never a reason to refuse rules: an account changes without them.

use jiff::Timestamp;
use switchboard_engine::references::References;
use switchboard_engine::ty::ReferenceKind;
use switchboard_grammar::codes;

use super::status::Problem;

/// What an account was found to have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The names, by kind.
    pub references: References,
    /// When they were listed.
    pub listed_at: Timestamp,
    /// Kinds that could not be listed then, and why.
    pub left_out: Vec<(ReferenceKind, String)>,
}

/// The names in the rules that the account does not have.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Names {
    /// When what the account has was listed.
    pub listed_at: Timestamp,
    /// Kinds that could not be listed then, and why. What was known of them before still counts.
    pub left_out: Vec<(ReferenceKind, String)>,
    /// The names, each where it stands.
    pub unknown: Vec<Problem>,
}

/// Takes the unknown names out of what was found. `None` when nothing is known of the account.
pub(super) fn split(found: Vec<Problem>, known: Option<&Known>) -> (Vec<Problem>, Option<Names>) {
    let is_name = |problem: &Problem| matches!(problem, Problem::Rules { diagnostic, .. } if diagnostic.code.id == codes::UNKNOWN_REFERENCE.id);
    let (unknown, others) = found.into_iter().partition(is_name);
    let names =
        known.map(|known| Names { listed_at: known.listed_at, left_out: known.left_out.clone(), unknown });
    (others, names)
}
