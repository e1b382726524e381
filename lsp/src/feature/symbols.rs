//! The outline of a file, and the search for names in all files.

use lsp_types::{
    DocumentSymbol, DocumentSymbolParams, DocumentSymbolResponse, Location, SymbolInformation, SymbolKind,
    WorkspaceSymbolParams,
};
use switchboard_grammar::ast::{ScriptLine, Section, SectionKind};
use switchboard_grammar::span::Span;

use crate::document::{Document, Kind, Placed};
use crate::names::{Role, Symbol};
use crate::script;
use crate::state::State;

/// The most names that a search gives.
const MAX_FOUND: usize = 500;

/// The outline: sections with what they declare; of a script, its functions.
pub(crate) fn of_document(state: &State, params: &DocumentSymbolParams) -> Option<DocumentSymbolResponse> {
    let here = state.here(&params.text_document.uri)?;
    let document = here.document;
    let symbols = match document.kind {
        Kind::Rules => document.blocks().iter().filter_map(|placed| section(document, placed)).collect(),
        Kind::Script => script::defined(document.text())
            .into_iter()
            .map(|one| {
                symbol(document, one.name, None, SymbolKind::FUNCTION, one.extent, one.span, Vec::new())
            })
            .collect(),
        Kind::Test | Kind::Other => Vec::new(),
    };
    Some(DocumentSymbolResponse::Nested(symbols))
}

/// Names that hold the query, in any bundle that is open.
pub(crate) fn of_workspace(state: &State, params: &WorkspaceSymbolParams) -> Option<Vec<SymbolInformation>> {
    let query = params.query.to_lowercase();
    let mut found = Vec::new();
    for bundle in state.bundles.values() {
        for document in bundle.documents.values() {
            let Some(uri) = state.uri(bundle, &document.name) else { continue };
            for (span, kind) in declared(document) {
                let name = span.text(document.text());
                if !name.to_lowercase().contains(&query) || found.len() >= MAX_FOUND {
                    continue;
                }
                #[expect(deprecated, reason = "the field has to be given")]
                found.push(SymbolInformation {
                    name: name.to_owned(),
                    kind,
                    tags: None,
                    deprecated: None,
                    location: Location::new(uri.clone(), document.range(span)),
                    container_name: Some(document.name.clone()),
                });
            }
        }
    }
    Some(found)
}

fn declared(document: &Document) -> Vec<(Span, SymbolKind)> {
    if document.kind == Kind::Script {
        return script::defined(document.text())
            .into_iter()
            .map(|one| (one.span, SymbolKind::FUNCTION))
            .collect();
    }
    let placed = document.blocks().iter();
    placed
        .flat_map(|placed| {
            let names = placed.block.names().names.iter().filter(|name| name.role == Role::Declares);
            names.filter_map(|name| Some((placed.span(name.span), kind(&name.symbol)?))).collect::<Vec<_>>()
        })
        .collect()
}

const fn kind(symbol: &Symbol) -> Option<SymbolKind> {
    match symbol {
        Symbol::Named(_) => Some(SymbolKind::VARIABLE),
        Symbol::Set(_) => Some(SymbolKind::ARRAY),
        Symbol::Function(_) => Some(SymbolKind::FUNCTION),
        _ => None,
    }
}

fn section(document: &Document, placed: &Placed) -> Option<DocumentSymbol> {
    let section = placed.block.section()?;
    let kind = match &section.kind {
        SectionKind::Table(_) => SymbolKind::STRUCT,
        SectionKind::List(_) => SymbolKind::ARRAY,
        SectionKind::Script(_) => SymbolKind::MODULE,
        SectionKind::Settings(_) => SymbolKind::NAMESPACE,
        SectionKind::Include(_) => SymbolKind::FILE,
        SectionKind::Filter(_) | SectionKind::Transfer(_) => SymbolKind::EVENT,
        SectionKind::Task(_) | SectionKind::Fields(_) | SectionKind::Schedule(_) => SymbolKind::OBJECT,
        SectionKind::Unknown => SymbolKind::NULL,
    };
    let name = placed.block.shown(section.head).split_whitespace().collect::<Vec<_>>().join(" ");
    let extent = placed.span(section.extent);
    let doc = section.doc().and_then(|doc| doc.lines().next().map(str::to_owned));
    let inside = children(document, placed, section);
    (!name.is_empty()).then(|| symbol(document, name, doc, kind, extent, placed.span(section.head), inside))
}

/// Settings and functions of a section.
fn children(document: &Document, placed: &Placed, section: &Section) -> Vec<DocumentSymbol> {
    let one = |name: &switchboard_grammar::ast::Name, line: Span, kind: SymbolKind| {
        let (line, span) = (placed.span(line), placed.span(name.span));
        symbol(document, name.text.to_string(), None, kind, line, span, Vec::new())
    };
    match &section.kind {
        SectionKind::Settings(settings) => {
            settings.lines.iter().map(|line| one(&line.item.name, line.span, SymbolKind::PROPERTY)).collect()
        }
        SectionKind::Script(script) => script
            .lines
            .iter()
            .filter_map(|line| match &line.item {
                ScriptLine::Function { name, .. } => Some(one(name, line.span, SymbolKind::FUNCTION)),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn symbol(
    document: &Document,
    name: String,
    detail: Option<String>,
    kind: SymbolKind,
    extent: Span,
    span: Span,
    children: Vec<DocumentSymbol>,
) -> DocumentSymbol {
    #[expect(deprecated, reason = "the field has to be given")]
    DocumentSymbol {
        name,
        detail,
        kind,
        tags: None,
        deprecated: None,
        range: document.range(extent.cover(span)),
        selection_range: document.range(span),
        children: (!children.is_empty()).then_some(children),
    }
}
