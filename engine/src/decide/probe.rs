//! Single questions to the evaluator, for whoever wants to try an event before showing it.

use super::eval::Eval;
use crate::event::Event;
use crate::facts::Facts;
use crate::moment::Moment;
#[cfg(test)]
use crate::program::Cond;
use crate::program::{Program, Table};

/// The rows of a table that match an event, in order; no word on its hit policy.
pub(crate) fn rows_of(
    program: &Program,
    table: &Table,
    event: &Event,
    facts: &Facts,
    now: Moment,
) -> Vec<u32> {
    let eval = Eval::new(program, event, facts, now);
    let inputs: Vec<_> = table.inputs.iter().map(|input| eval.value(&input.value)).collect();
    let misses = table.misses(inputs.iter().map(AsRef::as_ref), &|test, value| eval.ask(test, value));
    misses.hits().iter().collect()
}

/// Whether the filter lets an event through.
pub(crate) fn accepts(program: &Program, event: &Event, facts: &Facts, now: Moment) -> bool {
    Eval::new(program, event, facts, now).accepts()
}

/// Whether a condition holds for an event.
#[cfg(test)]
pub(crate) fn holds(program: &Program, condition: &Cond, event: &Event, facts: &Facts, now: Moment) -> bool {
    Eval::new(program, event, facts, now).holds(condition)
}
