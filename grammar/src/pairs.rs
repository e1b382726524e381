//! The generated parser, and the little that the rest needs of it.
//!
//! Takes one line and the rule that it should follow; gives its pairs, or where the parser could not go on and what
//! it would have taken. This file, `symbols` and `from_pairs` are the only ones that name pest.

use std::num::NonZeroUsize;
use std::sync::Once;

use pest::Parser as _;
use pest::error::{ErrorVariant, InputLocation};
use pest::iterators::Pair;

use crate::limits;
use crate::symbols::{self, Meaning};

pub(crate) use self::generated::Rule as Symbol;

/// A piece of a line that follows a rule.
pub(crate) type Node<'a> = Pair<'a, Symbol>;

mod generated {
    #[derive(pest_derive::Parser)]
    #[grammar = "rules.pest"]
    #[grammar = "keywords.pest"]
    pub(crate) struct Rules;
}

/// Why a line does not follow its rule.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The furthest place that the parser reached.
    pub(crate) at: usize,
    /// What it would have taken there.
    pub(crate) wanted: Vec<Meaning>,
}

/// Parses a line by a rule that starts at its start and ends at its end.
pub(crate) fn parse<'a>(symbol: Symbol, line: &'a str) -> Result<Node<'a>, Failure> {
    static LIMIT: Once = Once::new();
    LIMIT.call_once(|| pest::set_call_limit(NonZeroUsize::new(limits::PARSER_STEPS)));
    let stuck = |at: usize| Failure { at, wanted: Vec::new() };
    match generated::Rules::parse(symbol, line) {
        Ok(mut pairs) => pairs.next().ok_or_else(|| stuck(0)),
        Err(error) => {
            let at = match error.location {
                InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
            };
            Err(match error.variant {
                ErrorVariant::ParsingError { positives, .. } => {
                    let mut wanted: Vec<Meaning> = Vec::new();
                    for meaning in positives.into_iter().map(symbols::meaning) {
                        if !wanted.contains(&meaning) {
                            wanted.push(meaning);
                        }
                    }
                    Failure { at, wanted }
                }
                ErrorVariant::CustomError { .. } => stuck(at),
            })
        }
    }
}
