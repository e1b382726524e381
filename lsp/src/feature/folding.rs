//! What can be folded away: sections, runs of comments, functions of scripts.

use lsp_types::{FoldingRange, FoldingRangeKind, FoldingRangeParams};
use switchboard_grammar::ast::Comment;
use switchboard_grammar::span::Span;

use crate::document::{Document, Kind};
use crate::script;
use crate::state::State;

/// All of it.
pub(crate) fn folding(state: &State, params: &FoldingRangeParams) -> Option<Vec<FoldingRange>> {
    let here = state.here(&params.text_document.uri)?;
    let document = here.document;
    let mut found = Vec::new();
    match document.kind {
        Kind::Rules => {
            for placed in document.blocks() {
                if let Some(section) = placed.block.section() {
                    found.extend(fold(document, placed.span(section.extent), None));
                }
                let comments = placed.block.file().comments();
                let runs = runs(document, &comments, |span| placed.span(span));
                found.extend(
                    runs.into_iter().filter_map(|run| fold(document, run, Some(FoldingRangeKind::Comment))),
                );
            }
        }
        Kind::Script => {
            let functions = script::defined(document.text()).into_iter();
            found.extend(functions.filter_map(|one| fold(document, one.extent, None)));
        }
        Kind::Test | Kind::Other => {}
    }
    Some(found)
}

/// Comments on lines one below another.
fn runs(document: &Document, comments: &[&Comment], placed: impl Fn(Span) -> Span) -> Vec<Span> {
    let mut runs: Vec<Span> = Vec::new();
    let line = |offset: u32| document.lines().line_of(offset);
    for comment in comments {
        let span = placed(comment.span);
        match runs.last_mut() {
            Some(run) if line(run.end) + 1 == line(span.start) => *run = run.cover(span),
            _ => runs.push(span),
        }
    }
    runs
}

fn fold(document: &Document, span: Span, kind: Option<FoldingRangeKind>) -> Option<FoldingRange> {
    let (start, end) = (document.lines().line_of(span.start), document.lines().line_of(span.end));
    (end > start).then(|| FoldingRange { start_line: start, end_line: end, kind, ..FoldingRange::default() })
}
