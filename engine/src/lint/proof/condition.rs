//! `always-true`, `never-true`, `redundant-test`: conditions that hold for every event or for none, and parts of
//! conditions without which they would say the same.
//!
//! The parts are the terms of every `and` and `or`. A part is taken out by what changes nothing in its place ("yes" in
//! an `and`, "no" in an `or`); when the condition then says the same, the part was needless. Of several needless ones
//! that need each other only the last is told of.

use switchboard_grammar::ast::{self, ConditionKind, SectionKind};
use switchboard_grammar::codes;
use switchboard_grammar::diagnostic::{Diagnostic, Text};
use switchboard_grammar::span::Span;

use super::{Proof, label};
use crate::check::Placed;
use crate::program::{Cond, Guard, Slot, Slots};
use crate::prove::{Builder, Diagrams, Meter, Node, Questions, Scope, Space, Undecided, Walker, asked};

/// Terms of one condition that are tried one by one.
const MAX_TERMS: usize = 200;

/// A condition in its place.
struct Placing<'c, 'a> {
    placed: &'c Placed<'a>,
    section: u32,
    condition: &'c Cond,
    ast: &'c ast::Condition,
    slots: Slots,
    /// What is so already where the condition is asked, by slot.
    given: &'c dyn Fn(Slot) -> Option<Cond>,
    /// Whether it may be asked before everything is known.
    unfinished: bool,
}

/// What is wrong with a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Verdict {
    Fine,
    Always,
    Never,
    Needless(Vec<Span>),
}

/// Finds them.
pub(super) fn find(proof: &Proof<'_, '_>) {
    let program = proof.program;
    let nothing = |_: Slot| None;
    for (filter, at) in program.filters.iter().zip(0u32..) {
        let Some(placed) = proof.placed(filter.section) else { continue };
        let SectionKind::Filter(tree) = &placed.section.kind else { continue };
        let slots = with(|slot| program.plan(slot).filter == Some(at));
        for (line, written) in filter.lines.iter().zip(&tree.lines) {
            if let (Guard::When(condition, _), ast::Guard::When(_, ast)) = (&line.guard, &written.item.guard)
            {
                look(
                    proof,
                    &Placing {
                        placed,
                        section: filter.section,
                        condition,
                        ast,
                        slots,
                        given: &nothing,
                        unfinished: false,
                    },
                );
            }
        }
    }
    for (task, at) in program.tasks.iter().zip(0u32..) {
        let Some(placed) = proof.placed(task.section) else { continue };
        let SectionKind::Task(tree) = &placed.section.kind else { continue };
        let (Some((condition, _)), Some((_, ast))) = (&task.when, &tree.when) else { continue };
        let slots = with(|slot| program.plan(slot).tasks.contains(&at));
        let given = |slot| asked(task, slot);
        look(
            proof,
            &Placing {
                placed,
                section: task.section,
                condition,
                ast,
                slots,
                given: &given,
                unfinished: false,
            },
        );
    }
    if let Some(transfer) = &program.transfer
        && let Some(placed) = proof.placed(transfer.section)
        && let SectionKind::Transfer(tree) = &placed.section.kind
    {
        for line in &tree.lines {
            let (own, ast) = match &line.item {
                ast::TransferLine::OnlyWhen(_, ast) => (&transfer.only_when, ast),
                ast::TransferLine::Won(_, ast) => (&transfer.won, ast),
                ast::TransferLine::Lost(_, ast) => (&transfer.lost, ast),
                _ => continue,
            };
            // How a deal ended is asked of orders that are not passed on, too, so `only when` proves nothing of it.
            let Some((_, condition, _)) = own else { continue };
            let slots = Slots::ORDERS;
            look(
                proof,
                &Placing {
                    placed,
                    section: transfer.section,
                    condition,
                    ast,
                    slots,
                    given: &nothing,
                    unfinished: true,
                },
            );
        }
    }
}

fn with(has: impl Fn(Slot) -> bool) -> Slots {
    Slot::ALL.into_iter().filter(|slot| has(*slot)).collect()
}

fn look(proof: &Proof<'_, '_>, at: &Placing<'_, '_>) {
    let span = at.ast.outer_span();
    // What two tests as written say of each other was told better.
    if at.slots.is_empty()
        || proof.told(&[&codes::ALWAYS_TRUE, &codes::NEVER_TRUE, &codes::REDUNDANT_TEST], at.placed, span)
    {
        return;
    }
    let verdict = proof.asked(at.section, |meter| {
        let mut all: Option<Verdict> = None;
        for slot in at.slots.iter() {
            let here = in_slot(proof, at, slot, meter)?;
            all = Some(match (all, here) {
                (None, here) => here,
                (Some(Verdict::Needless(a)), Verdict::Needless(b)) => {
                    Verdict::Needless(a.into_iter().filter(|span| b.contains(span)).collect())
                }
                (Some(before), here) if before == here => before,
                _ => Verdict::Fine,
            });
        }
        Ok(all.unwrap_or(Verdict::Fine))
    });
    match verdict {
        None | Some(Verdict::Fine) => {}
        Some(Verdict::Always) => proof.report(Diagnostic::new(
            &codes::ALWAYS_TRUE,
            Text::new("this condition holds for every event", "это условие верно для любого события"),
            label(at.placed, span, "always holds", "верно всегда"),
        )),
        Some(Verdict::Never) => proof.report(Diagnostic::new(
            &codes::NEVER_TRUE,
            Text::new(
                "this condition holds for no event",
                "это условие не выполняется ни для какого события",
            ),
            label(at.placed, span, "never holds", "не бывает верно"),
        )),
        Some(Verdict::Needless(spans)) => {
            for span in spans {
                proof.report(Diagnostic::new(
                    &codes::REDUNDANT_TEST,
                    Text::new(
                        "the condition says the same without this",
                        "без этой части условие значит то же самое",
                    ),
                    label(at.placed, span, "changes nothing", "ничего не меняет"),
                ));
            }
        }
    }
}

fn in_slot(
    proof: &Proof<'_, '_>,
    at: &Placing<'_, '_>,
    slot: Slot,
    meter: &Meter,
) -> Result<Verdict, Undecided> {
    let scope = Scope { unfinished: at.unfinished, ..Scope::new(proof.program, Slots::one(slot)) };
    let given = (at.given)(slot);
    let mut questions = Questions::default();
    let mut walker = Walker::new(&scope, &mut questions);
    walker.cond(at.condition)?;
    if let Some(given) = &given {
        walker.cond(given)?;
    }
    let space = Space::new(&scope, questions, &proof.limits)?;
    let mut builder = Builder::new(&space, meter);
    let mut domain = builder.possible()?;
    if let Some(given) = &given {
        let given = Walker::new(&scope, &mut builder).cond(given)?;
        domain = builder.diagrams.and(domain, given)?;
    }
    let mut terms = Vec::new();
    terms_of(at.condition, at.ast, &mut Vec::new(), &mut terms);
    let mut left_out: Vec<Vec<usize>> = Vec::new();
    let whole = within(&scope, &mut builder, at.condition, &left_out, domain)?;
    if whole == Diagrams::NO {
        return Ok(Verdict::Never);
    }
    if whole == domain {
        return Ok(Verdict::Always);
    }
    let mut needless = Vec::new();
    for (path, span) in terms.into_iter().take(MAX_TERMS).rev() {
        // A part of what is left out already is none any more.
        if left_out.iter().any(|out| path.starts_with(out)) {
            continue;
        }
        left_out.push(path);
        if within(&scope, &mut builder, at.condition, &left_out, domain)? == whole {
            needless.push(span);
        } else {
            left_out.pop();
        }
    }
    Ok(if needless.is_empty() { Verdict::Fine } else { Verdict::Needless(needless) })
}

/// The terms of each `and` and `or`, whole ones before their parts, with the way to them.
fn terms_of(
    condition: &Cond,
    ast: &ast::Condition,
    path: &mut Vec<usize>,
    found: &mut Vec<(Vec<usize>, Span)>,
) {
    let (parts, terms) = match (condition, &ast.kind) {
        (Cond::All(parts), ConditionKind::And { terms, .. })
        | (Cond::Any(parts), ConditionKind::Or { terms, .. })
            if parts.len() == terms.len() =>
        {
            (parts, terms)
        }
        _ => return,
    };
    for (at, (part, term)) in parts.iter().zip(terms).enumerate() {
        path.push(at);
        found.push((path.clone(), term.outer_span()));
        terms_of(part, term, path, found);
        path.pop();
    }
}

/// A condition without some of its terms, where something is given.
fn within(
    scope: &Scope<'_>,
    builder: &mut Builder<'_, '_>,
    condition: &Cond,
    left_out: &[Vec<usize>],
    domain: Node,
) -> Result<Node, Undecided> {
    let node = without(scope, builder, condition, left_out, &mut Vec::new())?;
    builder.diagrams.and(node, domain)
}

fn without(
    scope: &Scope<'_>,
    builder: &mut Builder<'_, '_>,
    condition: &Cond,
    left_out: &[Vec<usize>],
    path: &mut Vec<usize>,
) -> Result<Node, Undecided> {
    let inside = left_out.iter().any(|out| out.len() > path.len() && out.starts_with(path));
    let (parts, all) = match condition {
        Cond::All(parts) if inside => (parts, true),
        Cond::Any(parts) if inside => (parts, false),
        whole => return Walker::new(scope, builder).cond(whole),
    };
    let mut node = Diagrams::constant(all);
    for (at, part) in parts.iter().enumerate() {
        path.push(at);
        if !left_out.contains(path) {
            let part = without(scope, builder, part, left_out, path)?;
            node = if all { builder.diagrams.and(node, part)? } else { builder.diagrams.or(node, part)? };
        }
        path.pop();
    }
    Ok(node)
}
