//! `idle-column`: a column of a table that asks nothing in any row.

use switchboard_grammar::codes;
use switchboard_grammar::diagnostic::{Diagnostic, Label, Text};

use super::Rules;
use crate::program::Input;

/// Finds them.
pub(super) fn find(rules: &Rules<'_, '_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for table in rules.built.tables.iter().flatten().filter(|table| !table.rows.is_empty()) {
        let Some(placed) = rules.checker.sections.get(table.section as usize) else { continue };
        for input in &table.inputs {
            if input.of_row.iter().any(|check| *check != Input::ANY) {
                continue;
            }
            let name = rules.checker.text(placed.file, input.span);
            found.push(
                Diagnostic::new(
                    &codes::IDLE_COLUMN,
                    Text::new(
                        format!("the column `{name}` decides nothing"),
                        format!("столбец `{name}` ничего не решает"),
                    ),
                    Label::new(placed.file, input.span, Text::new("`-` in every row", "`-` в каждой строке")),
                )
                .note(Text::new("take the column out", "уберите этот столбец")),
            );
        }
    }
    found
}
