//! Formatting: as `rules fmt` does it, in as few edits as there are places that change.
//!
//! A file whose header is broken stays as it is, and so does every broken section.

use lsp_types::{DocumentFormattingParams, DocumentRangeFormattingParams, TextEdit};
use similar::{DiffOp, TextDiff};
use switchboard_grammar::span::Span;

use crate::document::{Document, Kind};
use crate::state::State;

/// The whole file.
pub(crate) fn whole(state: &State, params: &DocumentFormattingParams) -> Option<Vec<TextEdit>> {
    let here = state.here(&params.text_document.uri)?;
    Some(edits(here.document, None))
}

/// What lies in a range; a place that reaches over its edge changes as a whole.
pub(crate) fn range(state: &State, params: &DocumentRangeFormattingParams) -> Option<Vec<TextEdit>> {
    let here = state.here(&params.text_document.uri)?;
    let range = here.document.lines().span(here.document.text(), params.range);
    Some(edits(here.document, Some(range)))
}

fn edits(document: &Document, within: Option<Span>) -> Vec<TextEdit> {
    if document.kind != Kind::Rules {
        return Vec::new();
    }
    let text = document.text();
    let formatted = switchboard_grammar::format(text);
    if formatted == text {
        return Vec::new();
    }
    let diff = TextDiff::from_lines(text, formatted.as_str());
    let starts = |lines: &[&str]| {
        let mut at = 0;
        let mut starts = vec![0];
        for line in lines {
            at += line.len();
            starts.push(at);
        }
        starts
    };
    let (old, new) = (starts(diff.old_slices()), starts(diff.new_slices()));
    let at = |starts: &[usize], line: usize| starts.get(line).copied().unwrap_or_default();
    diff.ops()
        .iter()
        .filter(|op| !matches!(op, DiffOp::Equal { .. }))
        .filter_map(|op| {
            let (gone, come) = (op.old_range(), op.new_range());
            let span = Span::of(at(&old, gone.start)..at(&old, gone.end));
            let inside = within.is_none_or(|within| span.start <= within.end && within.start <= span.end);
            let text = formatted.get(at(&new, come.start)..at(&new, come.end))?;
            inside.then(|| TextEdit::new(document.range(span), text.to_owned()))
        })
        .collect()
}
