//! `unreachable-line`: a line of a filter with the condition of a line above it.
//!
//! The first line that holds decides, so the second one never does. Lines are compared as written.

use std::collections::HashMap;

use switchboard_grammar::codes;
use switchboard_grammar::diagnostic::{Diagnostic, Label, Text};
use switchboard_grammar::span::Span;

use super::Rules;
use crate::program::Guard;

/// Finds them.
pub(super) fn find(rules: &Rules<'_, '_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (_, filter) in &rules.built.filters {
        let Some(placed) = rules.checker.sections.get(filter.section as usize) else { continue };
        let mut above: HashMap<String, Span> = HashMap::new();
        for line in &filter.lines {
            let Guard::When(_, spans) = &line.guard else { continue };
            let text = rules.checker.text(placed.file, spans.whole);
            let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
            match above.get(&words) {
                None => {
                    above.insert(words, spans.whole);
                }
                Some(first) => found.push(
                    Diagnostic::new(
                        &codes::UNREACHABLE_LINE,
                        Text::new("this line never decides", "до этой строки дело не дойдёт никогда"),
                        Label::new(
                            placed.file,
                            spans.whole,
                            Text::new("the same condition again", "то же условие ещё раз"),
                        ),
                    )
                    .label(Label::new(
                        placed.file,
                        *first,
                        Text::new("this line decides before it", "раньше решает эта строка"),
                    )),
                ),
            }
        }
    }
    found
}
