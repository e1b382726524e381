//! Code lenses: the title of a task for an example, and a run of all fixtures.

use lsp_types::{CodeLens, CodeLensParams, Command};
use serde_json::json;
use switchboard_grammar::ast::SectionKind;

use super::commands;
use crate::disk;
use crate::document::Kind;
use crate::state::State;

/// The longest title that is shown, in characters.
const MAX_TITLE: usize = 100;

/// The lenses of a file.
pub(crate) fn lenses(state: &State, params: &CodeLensParams) -> Option<Vec<CodeLens>> {
    let uri = &params.text_document.uri;
    let here = state.here(uri)?;
    let document = here.document;
    let lang = state.settings.language_for(document.lang());
    let mut lenses = Vec::new();
    if document.kind != Kind::Rules {
        return Some(lenses);
    }
    let count = disk::fixture_names(&here.bundle.fixtures).len();
    if let Some(first) = document.blocks().first()
        && count > 0
        && let Some(header) = &first.block.file().header
    {
        let title = lang.pick(format!("Run the fixtures: {count}"), format!("Прогнать примеры: {count}"));
        lenses.push(CodeLens {
            range: document.range(first.span(header.span)),
            command: Some(Command::new(title, commands::FIXTURES.to_owned(), Some(vec![json!(uri)]))),
            data: None,
        });
    }
    let Some(report) = &here.bundle.report else { return Some(lenses) };
    let mut seen: Vec<&str> = Vec::new();
    for placed in document.blocks() {
        let Some(section) = placed.block.section() else { continue };
        if !matches!(section.kind, SectionKind::Task(_)) {
            continue;
        }
        let head = placed.block.shown(section.head);
        let nth = seen.iter().filter(|known| **known == head).count();
        seen.push(head);
        let known = report
            .titles
            .iter()
            .find(|title| title.file == document.name && title.head == head && title.nth == nth);
        let Some(known) = known else { continue };
        let shown: String = known.title.chars().take(MAX_TITLE).collect();
        let example = known.example.get(lang);
        let unless =
            if known.applies { "" } else { lang.pick(" (would not be set)", " (не поставится)") };
        let title = format!("«{shown}» – {example}{unless}");
        let arguments = vec![json!(uri), json!(known.name)];
        lenses.push(CodeLens {
            range: document.range(placed.span(section.head)),
            command: Some(Command::new(title, commands::PREVIEW.to_owned(), Some(arguments))),
            data: None,
        });
    }
    Some(lenses)
}
