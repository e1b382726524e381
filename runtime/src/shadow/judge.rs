//! Lets a candidate decide what was decided, and compares.
//!
//! A pure function of its case. A candidate that breaks is an outcome like any other.

use std::panic::{AssertUnwindSafe, catch_unwind};

use switchboard_engine::bundle::Bundle;
use switchboard_engine::compare::{Change, Said, changes};
use switchboard_engine::event::Event;
use switchboard_engine::facts::Facts;
use switchboard_engine::moment::Moment;
use switchboard_engine::script::ScriptFailure;
use switchboard_grammar::diagnostic::Text;

use super::case::Case;
use crate::replay::{Lacking, Then, lacking};

/// What came of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Both decide the same.
    Same,
    /// These parts would be others.
    Differs(Vec<Change>),
    /// The candidate needs what nobody asked for.
    Unjudged(Vec<Lacking>),
    /// Scripts of the candidate failed, or the candidate broke: which and how, and never what a client wrote.
    Failed(Vec<Text>),
}

impl Verdict {
    /// Its name in figures.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Differs(_) => "differ",
            Self::Unjudged(_) => "unjudged",
            Self::Failed(_) => "failed",
        }
    }
}

/// Compares.
pub fn judge(case: &Case) -> Verdict {
    let then = Then { circumstances: Some(&case.circumstances), rules: Some(&case.in_force) };
    let lacking = lacking(&case.candidate, &case.event, &case.facts, then);
    if !lacking.is_empty() {
        return Verdict::Unjudged(lacking);
    }
    let now = case.circumstances.now;
    weigh(&case.candidate, &case.event, &case.facts, now, &Said::of(&case.decision))
}

/// Compares what a candidate decides with what was decided; everything that it reads is known.
pub fn weigh(candidate: &Bundle, event: &Event, facts: &Facts, now: Moment, decided: &Said) -> Verdict {
    let Some(decision) = unbroken(|| candidate.decide(event, facts, now)) else {
        return Verdict::Failed(vec![Text::new("the rules broke the program", "правила сломали программу")]);
    };
    let mut failures: Vec<Text> = decision.trace.failures().map(ScriptFailure::kind).collect();
    if !failures.is_empty() {
        failures.sort_by(|a, b| a.en.cmp(&b.en));
        failures.dedup();
        return Verdict::Failed(failures);
    }
    match changes(decided, &Said::of(&decision)) {
        none if none.is_empty() => Verdict::Same,
        changes => Verdict::Differs(changes),
    }
}

/// What a candidate says; `None` when it broke, which is a fault of ours and must not be one of the server.
fn unbroken<T>(say: impl FnOnce() -> T) -> Option<T> {
    // What is looked at is only read, and thrown away when the saying broke.
    catch_unwind(AssertUnwindSafe(say)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_candidate_that_breaks_breaks_nothing_else() {
        assert_eq!(unbroken(|| 1), Some(1));
        assert_eq!(unbroken(|| -> u8 { panic!("a fault of the engine, for this test") }), None);
    }
}
