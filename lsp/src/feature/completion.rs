//! Completion: what may stand at the cursor.
//!
//! Works on the text before the cursor, for the line that is being typed is seldom one that can be read: `wanted` tells what
//! kind of thing comes next, `items` lists the things of that kind that there are.

mod items;
mod reading;
mod scripts;
mod tests;
mod wanted;

use lsp_types::{CompletionList, CompletionParams, CompletionResponse};

use self::items::Items;
pub(super) use self::reading::{Piece, read};
use self::wanted::wanted;
use crate::document::Kind;
use crate::state::State;

/// What may stand here.
pub(crate) fn complete(state: &State, params: &CompletionParams) -> Option<CompletionResponse> {
    let place = &params.text_document_position;
    let here = state.here(&place.text_document.uri)?;
    let offset = here.document.offset(place.position);
    let mut items = Items::new(here, offset);
    match here.document.kind {
        Kind::Rules => {
            let (wanted, partial) = wanted(here.document, offset);
            items.replace(partial, offset);
            wanted.into_iter().for_each(|one| items.add(one));
        }
        Kind::Script => items.script(offset),
        Kind::Test => items.test(offset),
        Kind::Other => return None,
    }
    let is_incomplete = items.is_cut;
    Some(CompletionResponse::List(CompletionList { is_incomplete, items: items.found }))
}
