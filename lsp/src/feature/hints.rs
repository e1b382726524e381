//! Inlay hints: how often each row, line and task decided, when decisions were written down.

use lsp_types::{InlayHint, InlayHintLabel, InlayHintParams, InlayHintTooltip};
use switchboard_grammar::ast::{Section, SectionKind};
use switchboard_grammar::lang::Lang;
use switchboard_grammar::span::Span;

use crate::document::Placed;
use crate::hits::Hits;
use crate::state::State;

/// The hints of a range.
pub(crate) fn hints(state: &State, params: &InlayHintParams) -> Option<Vec<InlayHint>> {
    let here = state.here(&params.text_document.uri)?;
    let hits = &here.bundle.hits;
    if !hits.is_known() {
        return Some(Vec::new());
    }
    let document = here.document;
    let lang = state.settings.language_for(document.lang());
    let range = document.lines().span(document.text(), params.range);
    let mut hints = Vec::new();
    for placed in document.blocks() {
        let extent = placed.extent();
        if extent.end < range.start || range.end < extent.start {
            continue;
        }
        let Some(section) = placed.block.section() else { continue };
        for (span, count) in counts(placed, section, hits) {
            let position = document.lines().position(document.text(), span.end);
            hints.push(InlayHint {
                position,
                label: InlayHintLabel::String(format!("× {count}")),
                kind: None,
                text_edits: None,
                tooltip: Some(InlayHintTooltip::String(tooltip(hits, lang))),
                padding_left: Some(true),
                padding_right: None,
                data: None,
            });
        }
    }
    Some(hints)
}

/// Where the numbers come from.
pub(crate) fn tooltip(hits: &Hits, lang: Lang) -> String {
    let file = hits.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    lang.pick(
        format!("decided so often in {} decisions of `{file}`", hits.decisions),
        format!("столько раз решило из {} решений файла `{file}`", hits.decisions),
    )
}

/// The header as traces have it.
pub(crate) fn head<'p>(placed: &'p Placed, section: &Section) -> &'p str {
    placed.block.shown(section.head)
}

/// The lines of a section that are counted, each with how often.
fn counts(placed: &Placed, section: &Section, hits: &Hits) -> Vec<(Span, u64)> {
    let head = head(placed, section);
    let of = |row: Option<usize>| hits.of(head, row.and_then(|row| u64::try_from(row + 1).ok()));
    let numbered = |spans: Vec<(Span, bool)>| {
        let mut row = 0;
        let mut counted = Vec::new();
        for (span, otherwise) in spans {
            counted.push((placed.span(span), of((!otherwise).then_some(row))));
            row += usize::from(!otherwise);
        }
        counted
    };
    match &section.kind {
        SectionKind::Table(table) => {
            numbered(table.rows.iter().map(|line| (line.span, line.item.otherwise.is_some())).collect())
        }
        SectionKind::Filter(filter) => {
            let is_else = |guard: &switchboard_grammar::ast::Guard| {
                matches!(guard, switchboard_grammar::ast::Guard::Else(_))
            };
            numbered(filter.lines.iter().map(|line| (line.span, is_else(&line.item.guard))).collect())
        }
        SectionKind::Task(_) | SectionKind::Transfer(_) => vec![(placed.span(section.head), of(None))],
        _ => Vec::new(),
    }
}
