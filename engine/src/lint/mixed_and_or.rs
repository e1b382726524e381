//! `mixed-and-or`: `and` beside `or` without brackets.
//!
//! `a or b and c` is read as `a or (b and c)`, and half of all readers read it the other way. The fix adds the
//! brackets that the parser sees, so the meaning stays.

use switchboard_grammar::ast::{self, Condition, ConditionKind, Visitor};
use switchboard_grammar::codes;
use switchboard_grammar::diagnostic::{Diagnostic, Edit, Fix, Label, Safety, Text};
use switchboard_grammar::source::FileId;

use super::Rules;

/// Finds them.
pub(super) fn find(rules: &Rules<'_, '_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for placed in &rules.checker.sections {
        Search { file: placed.file, found: &mut found }.section(placed.section);
    }
    found
}

struct Search<'f> {
    file: FileId,
    found: &'f mut Vec<Diagnostic>,
}

impl Visitor for Search<'_> {
    fn condition(&mut self, condition: &Condition) {
        if let ConditionKind::Or { terms, .. } = &condition.kind {
            let bare =
                |term: &&Condition| matches!(term.kind, ConditionKind::And { .. }) && term.brackets.is_none();
            let bare: Vec<&Condition> = terms.iter().filter(bare).collect();
            if !bare.is_empty() {
                self.report(condition, &bare);
            }
        }
        ast::walk_condition(self, condition);
    }
}

impl Search<'_> {
    fn report(&mut self, condition: &Condition, bare: &[&Condition]) {
        let edit = |span, text: &str| Edit { file: self.file, span, replacement: text.to_owned() };
        let edits = bare.iter().flat_map(|term| [edit(term.span.head(), "("), edit(term.span.tail(), ")")]);
        let fix = Fix {
            title: Text::new("add the brackets that are meant", "поставить подразумеваемые скобки"),
            edits: edits.collect(),
            safety: Safety::Safe,
        };
        let mut diagnostic = Diagnostic::new(
            &codes::MIXED_AND_OR,
            Text::new("`and` stands beside `or` without brackets", "`и` стоит рядом с `или` без скобок"),
            Label::new(
                self.file,
                condition.span,
                Text::new("in which order is this meant?", "в каком порядке это читать?"),
            ),
        );
        for term in bare {
            diagnostic = diagnostic.label(Label::new(
                self.file,
                term.span,
                Text::new(
                    "`and` binds tighter: this goes together",
                    "`и` связывает сильнее: это читается вместе",
                ),
            ));
        }
        self.found.push(diagnostic.fix(fix));
    }
}
