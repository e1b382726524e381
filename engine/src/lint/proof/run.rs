//! The order of the proofs, and what they share: the program, the steps that are left, what was found.

use std::cell::RefCell;

use switchboard_grammar::diagnostic::{Diagnostic, Label, Text};
use switchboard_grammar::span::Span;

use super::{condition, never_created, table, table_gap, unreachable_line};
use crate::check::{Checker, Placed};
use crate::program::Program;
use crate::prove::{Meter, ProofLimits, Undecided};

/// What the lints of a bundle share.
pub(super) struct Proof<'r, 'a> {
    pub(super) checker: &'r Checker<'a>,
    pub(super) program: &'r Program,
    pub(super) limits: ProofLimits,
    meter: Meter,
    found: RefCell<Vec<Diagnostic>>,
    undecided: RefCell<Vec<Text>>,
}

/// Proves what can be proved of a program; gives what was left open.
pub(crate) fn prove(checker: &mut Checker<'_>, program: &Program) -> Vec<Text> {
    let limits = checker.options.proof;
    let proof = Proof {
        checker,
        program,
        limits,
        meter: Meter::new(limits.lint_steps),
        found: RefCell::new(Vec::new()),
        undecided: RefCell::new(Vec::new()),
    };
    condition::find(&proof);
    unreachable_line::find(&proof);
    table::find(&proof);
    table_gap::find(&proof);
    never_created::find(&proof);
    let (found, undecided) = (proof.found.into_inner(), proof.undecided.into_inner());
    checker.found.extend(found);
    undecided
}

impl<'a> Proof<'_, 'a> {
    /// A section with its file.
    pub(super) fn placed(&self, section: u32) -> Option<&Placed<'a>> {
        self.checker.sections.get(section as usize)
    }

    /// Reports a finding.
    pub(super) fn report(&self, diagnostic: Diagnostic) {
        self.found.borrow_mut().push(diagnostic);
    }

    /// Asks a question with a share of the steps; one that takes more is told of.
    pub(super) fn asked<T>(
        &self,
        section: u32,
        ask: impl FnOnce(&Meter) -> Result<T, Undecided>,
    ) -> Option<T> {
        let share = self.meter.share(4);
        let given = share.left();
        let answer = ask(&share);
        self.meter.settle(&share, given);
        if answer.is_err() {
            let head = self.placed(section).map(|placed| {
                let line = self.checker.line(placed.file, placed.section.head);
                let name = self.checker.sources.get(placed.file).map_or("", |source| source.name());
                let head = self.checker.text(placed.file, placed.section.head);
                format!("{name}:{line}: {}", head.split_whitespace().collect::<Vec<_>>().join(" "))
            });
            let head = head.unwrap_or_default();
            let text = Text::new(
                format!("{head}: too much to look through, not everything is proved"),
                format!("{head}: слишком большой перебор, доказано не всё"),
            );
            let mut undecided = self.undecided.borrow_mut();
            if !undecided.contains(&text) {
                undecided.push(text);
            }
        }
        answer.ok()
    }

    /// Whether something of the kind was said of a place already.
    pub(super) fn told(
        &self,
        codes: &[&switchboard_grammar::codes::Code],
        placed: &Placed<'_>,
        span: Span,
    ) -> bool {
        let says = |found: &Diagnostic| {
            codes.contains(&found.code)
                && found.primary.file == placed.file
                && span.contains(found.primary.span)
        };
        self.checker.found.iter().any(says) || self.found.borrow().iter().any(says)
    }
}

/// A label on a place of a section's file.
pub(super) fn label(placed: &Placed<'_>, span: Span, en: impl Into<String>, ru: impl Into<String>) -> Label {
    Label::new(placed.file, span, Text::new(en, ru))
}
