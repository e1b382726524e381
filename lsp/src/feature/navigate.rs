//! Definition, references, and the same name elsewhere in the file.

use lsp_types::{
    DocumentHighlight, DocumentHighlightKind, DocumentHighlightParams, GotoDefinitionParams,
    GotoDefinitionResponse, Location, Position, Range, ReferenceParams,
};

use crate::find::{at, everywhere, location};
use crate::names::{Role, Symbol};
use crate::state::{Here, State};

/// Where a name is declared: in rules, in a script, or the file that it is the name of. From a declaration of a function
/// the way leads to its definition, and back.
pub(crate) fn definition(state: &State, params: &GotoDefinitionParams) -> Option<GotoDefinitionResponse> {
    let place = &params.text_document_position_params;
    let here = state.here(&place.text_document.uri)?;
    let name = at(here, place.position)?;
    if let Symbol::File(path) = &name.symbol {
        let uri = here
            .bundle
            .names()
            .any(|known| known == path.as_str())
            .then(|| state.uri(here.bundle, path))??;
        let start = Position::new(0, 0);
        return Some(GotoDefinitionResponse::Array(vec![Location::new(uri, Range::new(start, start))]));
    }
    let found = everywhere(here.bundle, here.document, &name.symbol);
    let declared = found.iter().filter(|found| found.role == Role::Declares);
    let is_here = |found: &&crate::find::Found<'_>| {
        found.document.name == here.document.name && found.span == name.span
    };
    let others: Vec<Location> = declared
        .clone()
        .filter(|found| !is_here(found))
        .filter_map(|found| location(here, found.document, found.span))
        .collect();
    if others.is_empty() && name.role == Role::Declares {
        return location(here, here.document, name.span).map(GotoDefinitionResponse::Scalar);
    }
    (!others.is_empty()).then_some(GotoDefinitionResponse::Array(others))
}

/// Everywhere that a name is used.
pub(crate) fn references(state: &State, params: &ReferenceParams) -> Option<Vec<Location>> {
    let place = &params.text_document_position;
    let here = state.here(&place.text_document.uri)?;
    let name = at(here, place.position)?;
    let found = everywhere(here.bundle, here.document, &name.symbol);
    let wanted = found.iter().filter(|found| params.context.include_declaration || found.role == Role::Uses);
    Some(wanted.filter_map(|found| location(here, found.document, found.span)).collect())
}

/// The same name in the file.
pub(crate) fn highlight(state: &State, params: &DocumentHighlightParams) -> Option<Vec<DocumentHighlight>> {
    let place = &params.text_document_position_params;
    let here: Here<'_> = state.here(&place.text_document.uri)?;
    let name = at(here, place.position)?;
    let found = everywhere(here.bundle, here.document, &name.symbol);
    let inside = found.iter().filter(|found| found.document.name == here.document.name);
    let shown = inside.map(|found| DocumentHighlight {
        range: here.document.range(found.span),
        kind: Some(match found.role {
            Role::Declares => DocumentHighlightKind::WRITE,
            Role::Uses => DocumentHighlightKind::READ,
        }),
    });
    Some(shown.collect())
}
