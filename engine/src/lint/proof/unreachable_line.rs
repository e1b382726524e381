//! `unreachable-line`: a line of a filter to which the lines above it, one or several together, leave nothing.

use switchboard_grammar::codes;
use switchboard_grammar::diagnostic::{Diagnostic, Text};

use super::{Proof, label};
use crate::check::Placed;
use crate::program::{Filter, Guard, Slot, Slots, Spans};
use crate::prove::{Builder, Diagrams, Meter, Node, Questions, Scope, Space, Undecided, Walker};

/// Lines above that are pointed at.
const MAX_SHOWN: usize = 6;

/// Finds them.
pub(super) fn find(proof: &Proof<'_, '_>) {
    for (filter, at) in proof.program.filters.iter().zip(0u32..) {
        let Some(placed) = proof.placed(filter.section) else { continue };
        let slots: Vec<Slot> =
            Slot::ALL.into_iter().filter(|slot| proof.program.plan(*slot).filter == Some(at)).collect();
        proof.asked(filter.section, |meter| look(proof, placed, filter, &slots, meter));
    }
}

/// The conditions of a filter in one slot, each where an event is possible.
struct Lines<'m, 's> {
    builder: Builder<'s, 'm>,
    nodes: Vec<Node>,
}

fn look(
    proof: &Proof<'_, '_>,
    placed: &Placed<'_>,
    filter: &Filter,
    slots: &[Slot],
    meter: &Meter,
) -> Result<(), Undecided> {
    let lines: Vec<&Spans> = filter
        .lines
        .iter()
        .filter_map(|line| if let Guard::When(_, spans) = &line.guard { Some(&**spans) } else { None })
        .collect();
    let mut covering: Option<Vec<Option<Vec<usize>>>> = None;
    for slot in slots {
        let scope = Scope::new(proof.program, Slots::one(*slot));
        let mut questions = Questions::default();
        let mut walker = Walker::new(&scope, &mut questions);
        for line in &filter.lines {
            if let Guard::When(condition, _) = &line.guard {
                walker.cond(condition)?;
            }
        }
        let space = Space::new(&scope, questions, &proof.limits)?;
        let mut here = Lines { builder: Builder::new(&space, meter), nodes: Vec::new() };
        let possible = here.builder.possible()?;
        for line in &filter.lines {
            if let Guard::When(condition, _) = &line.guard {
                let node = Walker::new(&scope, &mut here.builder).cond(condition)?;
                here.nodes.push(here.builder.diagrams.and(node, possible)?);
            }
        }
        let found = here.covering()?;
        covering = Some(match covering {
            None => found,
            // A line is of use when it is so in any slot; where each slot has its own reasons, all are told.
            Some(before) => before.into_iter().zip(found).map(|(a, b)| joined(a?, b?)).collect(),
        });
    }
    for (line, above) in covering.into_iter().flatten().enumerate() {
        let (Some(above), Some(spans)) = (above, lines.get(line)) else { continue };
        if proof.told(&[&codes::NEVER_TRUE], placed, spans.whole) {
            continue;
        }
        report(proof, placed, &lines, line, &above);
    }
    Ok(())
}

fn joined(mut a: Vec<usize>, b: Vec<usize>) -> Option<Vec<usize>> {
    a.extend(b);
    a.sort_unstable();
    a.dedup();
    Some(a)
}

impl Lines<'_, '_> {
    /// For each line that never decides the lines above that decide instead, none of them needless.
    fn covering(&mut self) -> Result<Vec<Option<Vec<usize>>>, Undecided> {
        let mut found = Vec::with_capacity(self.nodes.len());
        let mut above = Diagrams::NO;
        for (line, node) in self.nodes.clone().into_iter().enumerate() {
            // A condition that never holds is told of by itself.
            let covered = node != Diagrams::NO && self.without(node, above)? == Diagrams::NO;
            found.push(if covered { Some(self.smallest(node, line)?) } else { None });
            above = self.builder.diagrams.or(above, node)?;
        }
        Ok(found)
    }

    fn without(&mut self, node: Node, other: Node) -> Result<Node, Undecided> {
        let not = self.builder.diagrams.not(other)?;
        self.builder.diagrams.and(node, not)
    }

    fn smallest(&mut self, node: Node, line: usize) -> Result<Vec<usize>, Undecided> {
        for (at, one) in self.nodes.clone().into_iter().take(line).enumerate() {
            if self.without(node, one)? == Diagrams::NO {
                return Ok(vec![at]);
            }
        }
        let mut kept: Vec<usize> = (0..line).collect();
        for at in (0..line).rev() {
            let others: Vec<usize> = kept.iter().copied().filter(|kept| *kept != at).collect();
            let mut above = Diagrams::NO;
            for other in &others {
                let other = self.nodes.get(*other).copied().unwrap_or(Diagrams::NO);
                above = self.builder.diagrams.or(above, other)?;
            }
            if self.without(node, above)? == Diagrams::NO {
                kept = others;
            }
        }
        Ok(kept)
    }
}

fn report(proof: &Proof<'_, '_>, placed: &Placed<'_>, lines: &[&Spans], line: usize, above: &[usize]) {
    let Some(spans) = lines.get(line) else { return };
    let words = |span| proof.checker.text(placed.file, span).split_whitespace().collect::<Vec<_>>();
    let twin =
        above.iter().any(|at| lines.get(*at).is_some_and(|other| words(other.whole) == words(spans.whole)));
    let here = if twin {
        label(placed, spans.whole, "the same condition again", "то же условие ещё раз")
    } else {
        label(placed, spans.whole, "every such event is decided already", "все такие случаи уже решены")
    };
    let message = Text::new("this line never decides", "до этой строки дело не дойдёт никогда");
    let mut found = Diagnostic::new(&codes::UNREACHABLE_LINE, message, here);
    for (number, at) in above.iter().take(MAX_SHOWN).enumerate() {
        let Some(other) = lines.get(*at) else { continue };
        found = found.label(match number {
            0 => label(placed, other.whole, "this line decides before it", "раньше решает эта строка"),
            _ => label(placed, other.whole, "and this one", "и эта"),
        });
    }
    proof.report(found);
}
