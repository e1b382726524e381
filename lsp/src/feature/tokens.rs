//! Semantic tokens: every name and word painted by what it is, in rules and scripts.
//!
//! Those of a file are put together from its sections, of which only a changed one is painted anew. What was sent last is
//! kept until the next answer, and a client that has it is sent the difference.

use lsp_types::{
    SemanticToken, SemanticTokens, SemanticTokensDelta, SemanticTokensDeltaParams, SemanticTokensEdit,
    SemanticTokensFullDeltaResult, SemanticTokensParams, SemanticTokensRangeParams,
};
use switchboard_grammar::span::Span;

use crate::document::{Document, Kind};
use crate::paint::{Writer, script_paint};
use crate::state::State;

/// Tokens as a client was sent them.
#[derive(Debug)]
pub(crate) struct Sent {
    id: String,
    tokens: Vec<SemanticToken>,
}

/// All tokens of a file.
pub(crate) fn full(state: &mut State, params: &SemanticTokensParams) -> Option<SemanticTokens> {
    let uri = &params.text_document.uri;
    let tokens = whole(state.here(uri)?.document);
    let id = state.next_result();
    state.painted.insert(uri.clone(), Sent { id: id.clone(), tokens: tokens.clone() });
    Some(SemanticTokens { result_id: Some(id), data: tokens })
}

/// What changed in the tokens of a file since an answer; all of them when that is not the last one.
pub(crate) fn delta(
    state: &mut State,
    params: &SemanticTokensDeltaParams,
) -> Option<SemanticTokensFullDeltaResult> {
    let uri = &params.text_document.uri;
    let tokens = whole(state.here(uri)?.document);
    let id = state.next_result();
    let before = state.painted.insert(uri.clone(), Sent { id: id.clone(), tokens: tokens.clone() });
    let before = before.filter(|before| before.id == params.previous_result_id);
    Some(match before {
        Some(before) => SemanticTokensFullDeltaResult::TokensDelta(SemanticTokensDelta {
            result_id: Some(id),
            edits: edit(&before.tokens, &tokens).into_iter().collect(),
        }),
        None => SemanticTokensFullDeltaResult::Tokens(SemanticTokens { result_id: Some(id), data: tokens }),
    })
}

/// The tokens of what is on the screen.
pub(crate) fn range(state: &State, params: &SemanticTokensRangeParams) -> Option<SemanticTokens> {
    let here = state.here(&params.text_document.uri)?;
    let range = here.document.lines().span(here.document.text(), params.range);
    Some(SemanticTokens { result_id: None, data: within(here.document, range) })
}

/// The one edit that makes the new tokens of the old; None when they are the same.
fn edit(old: &[SemanticToken], new: &[SemanticToken]) -> Option<SemanticTokensEdit> {
    /// A token is sent as so many numbers, and edits count numbers.
    const NUMBERS: usize = 5;
    let front = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let left = old.len().min(new.len()) - front;
    let back = old.iter().rev().zip(new.iter().rev()).take(left).take_while(|(old, new)| old == new).count();
    let (gone, come) = (old.get(front..old.len() - back)?, new.get(front..new.len() - back)?);
    if gone.is_empty() && come.is_empty() {
        return None;
    }
    Some(SemanticTokensEdit {
        start: u32::try_from(front * NUMBERS).ok()?,
        delete_count: u32::try_from(gone.len() * NUMBERS).ok()?,
        data: Some(come.to_vec()),
    })
}

/// All tokens of a document.
fn whole(document: &Document) -> Vec<SemanticToken> {
    if document.kind != Kind::Rules {
        let length = u32::try_from(document.text().len()).unwrap_or(u32::MAX);
        return within(document, Span::new(0, length));
    }
    let mut out = Vec::new();
    let mut line = 0;
    for placed in document.blocks() {
        let painted = placed.block.painted(document.lines().encoding());
        let Some((first, rest)) = painted.tokens.split_first() else { continue };
        let start = document.lines().line_of(placed.start);
        out.push(SemanticToken { delta_line: (start + first.delta_line).saturating_sub(line), ..*first });
        out.extend_from_slice(rest);
        line = start + painted.last_line;
    }
    out
}

/// The tokens that touch a span of a document.
fn within(document: &Document, range: Span) -> Vec<SemanticToken> {
    let inside = |span: Span| span.start <= range.end && range.start <= span.end;
    let mut writer = Writer::new(document.text(), document.lines());
    match document.kind {
        Kind::Rules => {
            for placed in document.blocks().iter().filter(|placed| inside(placed.extent())) {
                writer.section(&placed.block, placed.start, inside);
            }
        }
        Kind::Script => {
            for (span, paint, declares) in script_paint(document.text()) {
                if inside(span) {
                    writer.paint(span, paint, declares);
                }
            }
        }
        Kind::Test | Kind::Other => {}
    }
    writer.tokens
}
