//! What stands at a position, and where else it stands in the bundle.

use std::collections::HashSet;

use lsp_types::{Location, Position};
use smol_str::SmolStr;
use switchboard_engine::catalog::{Fact, Hook, schema};
use switchboard_engine::schema::EventKind;
use switchboard_grammar::ast::{self, ScriptLine, SectionKind};
use switchboard_grammar::span::Span;

use crate::bundle::Bundle;
use crate::document::{Document, Kind};
use crate::names::{Name, Role, Symbol};
use crate::script::{self, TokenKind};
use crate::state::Here;

/// A name in a document; its span is that of the document.
#[derive(Clone, Debug)]
pub(crate) struct Found<'b> {
    pub(crate) document: &'b Document,
    pub(crate) span: Span,
    pub(crate) role: Role,
}

/// The name at a position.
pub(crate) fn at(here: Here<'_>, position: Position) -> Option<Name> {
    let offset = here.document.offset(position);
    match here.document.kind {
        Kind::Rules => {
            let placed = here.document.block_at(offset)?;
            let name = placed.block.names().at(placed.local(offset))?;
            Some(Name { span: placed.span(name.span), ..name.clone() })
        }
        Kind::Script => in_script(here.document.text()).into_iter().find(|name| name.span.touches(offset)),
        Kind::Test | Kind::Other => None,
    }
}

/// Every place where a name stands that means the same as the one that was found in `from`.
pub(crate) fn everywhere<'b>(bundle: &'b Bundle, from: &'b Document, symbol: &Symbol) -> Vec<Found<'b>> {
    let mut found = Vec::new();
    let owners = match symbol {
        Symbol::Function(name) => owners(bundle, name),
        _ => Vec::new(),
    };
    // A function that no rules declare belongs to its script alone.
    let alone = from.kind == Kind::Script
        && matches!(symbol, Symbol::Function(_))
        && !owners.iter().any(|owner| *owner == from.name);
    if !alone {
        for document in bundle.rules() {
            for placed in document.blocks() {
                for name in placed.block.names().names.iter().filter(|name| name.symbol == *symbol) {
                    found.push(Found { document, span: placed.span(name.span), role: name.role });
                }
            }
        }
    }
    for document in bundle.scripts() {
        let counts = match symbol {
            Symbol::Function(_) if alone => document.name == from.name,
            Symbol::Function(_) => owners.iter().any(|owner| *owner == document.name),
            _ => true,
        };
        if counts {
            let names = in_script(document.text()).into_iter().filter(|name| name.symbol == *symbol);
            found.extend(names.map(|name| Found { document, span: name.span, role: name.role }));
        }
    }
    found
}

/// The scripts whose sections declare a function.
fn owners<'b>(bundle: &'b Bundle, function: &str) -> Vec<&'b str> {
    let sections = bundle.rules().flat_map(Document::blocks).filter_map(|placed| placed.block.section());
    sections
        .filter_map(|section| {
            let SectionKind::Script(script) = &section.kind else { return None };
            let declares = script.lines.iter().any(|line| match &line.item {
                ScriptLine::Function { name, .. } | ScriptLine::Policy { by: Some((_, name)), .. } => {
                    name.text == function
                }
                _ => false,
            });
            if declares { script.path.as_ref()?.plain() } else { None }
        })
        .collect()
}

/// A policy that the rules declare.
pub(crate) struct Declared<'b> {
    /// The rules.
    pub(crate) document: &'b Document,
    /// The events that it is for.
    pub(crate) events: Span,
    pub(crate) hook: Hook,
    pub(crate) function: SmolStr,
    /// Whether the rules name the function; else it has the name of the hook.
    pub(crate) is_named: bool,
    pub(crate) needs: Vec<Fact>,
}

/// The policies whose functions a script defines.
pub(crate) fn policies_of<'b>(bundle: &'b Bundle, script: &str) -> Vec<Declared<'b>> {
    let mut found = Vec::new();
    for document in bundle.rules() {
        for placed in document.blocks() {
            let Some(section) = placed.block.section() else { continue };
            let SectionKind::Script(section) = &section.kind else { continue };
            if section.path.as_ref().and_then(|path| path.plain()) != Some(script) {
                continue;
            }
            for line in &section.lines {
                let ScriptLine::Policy { hook, events, by, needs, .. } = &line.item else { continue };
                let Some(hook) = hook_of(hook) else { continue };
                let named = by.as_ref().map(|(_, name)| name.text.clone());
                found.push(Declared {
                    document,
                    events: placed.span(events.span),
                    hook,
                    is_named: named.is_some(),
                    function: named.unwrap_or_else(|| hook.spec().function.into()),
                    needs: needs.iter().filter_map(|need| Fact::find(&need.fact.dotted())).collect(),
                });
            }
        }
    }
    found
}

fn hook_of(written: &ast::Hook) -> Option<Hook> {
    match written {
        ast::Hook::Fields { target: ast::FieldsTarget::Client, .. } => Some(Hook::ClientFields),
        ast::Hook::Fields { target: ast::FieldsTarget::Order, .. } => Some(Hook::OrderFields),
        ast::Hook::Named(name) => Hook::find(&name.text),
    }
}

/// The names of all lists.
pub(crate) fn lists(bundle: &Bundle) -> HashSet<SmolStr> {
    let sections = bundle.rules().flat_map(Document::blocks).filter_map(|placed| placed.block.section());
    let lists = sections.filter_map(|section| match &section.kind {
        SectionKind::List(list) => list.name.as_ref().map(|name| name.text.clone()),
        _ => None,
    });
    lists.collect()
}

/// The names of a script: functions, fields behind `event`, and lists in the quotes of `in_list` and `lookup`.
pub(crate) fn in_script(text: &str) -> Vec<Name> {
    let tokens: Vec<_> =
        script::tokens(text).into_iter().filter(|token| token.kind != TokenKind::Comment).collect();
    let sign = |at: usize, ch: char| tokens.get(at).is_some_and(|token| token.kind == TokenKind::Sign(ch));
    let word =
        |at: usize| tokens.get(at).filter(|token| token.kind == TokenKind::Name).map(|token| token.span);
    let mut names = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        if token.kind != TokenKind::Name {
            continue;
        }
        let before = at.checked_sub(1).and_then(|before| tokens.get(before));
        let behind_dot = before.is_some_and(|before| before.kind == TokenKind::Sign('.'));
        if sign(at + 1, '(') {
            let defines = before.is_some_and(|before| before.span.text(text) == "fn");
            let role = if defines { Role::Declares } else { Role::Uses };
            let symbol = Symbol::Function(SmolStr::new(token.span.text(text)));
            names.push(Name { span: token.span, symbol, role });
            let asks = !defines && matches!(token.span.text(text), "in_list" | "lookup");
            let quoted = tokens.get(at + 2).filter(|token| asks && token.kind == TokenKind::Text);
            names.extend(quoted.and_then(|token| list_in(text, token.span)));
        } else if token.span.text(text) == "event" && !behind_dot {
            let mut way = Vec::new();
            let mut next = at + 1;
            while let (true, Some(span)) = (sign(next, '.'), word(next + 1)) {
                way.push(span);
                next += 2;
            }
            names.extend(field_on(text, &way));
        }
    }
    names
}

/// The list that a text in quotes names.
fn list_in(text: &str, quoted: Span) -> Option<Name> {
    let name = quoted.text(text).strip_prefix('"')?.strip_suffix('"')?;
    let start = quoted.start as usize + 1;
    let span = Span::of(start..start + name.len());
    let is_name = !name.is_empty() && !name.contains('\\');
    is_name.then(|| Name { span, symbol: Symbol::Set(SmolStr::new(name)), role: Role::Uses })
}

/// The field that the longest beginning of a way means.
fn field_on(text: &str, way: &[Span]) -> Option<Name> {
    (1..=way.len()).rev().find_map(|length| {
        let part = way.get(..length)?;
        let (first, last) = (part.first()?, part.last()?);
        let dotted = part.iter().map(|span| span.text(text)).collect::<Vec<_>>().join(".");
        let found = EventKind::ALL.into_iter().find_map(|kind| schema().find_field(kind, &dotted))?;
        let name = found.field.name_with(found.key);
        (name == dotted).then(|| Name {
            span: first.cover(*last),
            symbol: Symbol::Field(name.into()),
            role: Role::Uses,
        })
    })
}

/// The location of a place.
pub(crate) fn location(here: Here<'_>, document: &Document, span: Span) -> Option<Location> {
    let uri = here.state.uri(here.bundle, &document.name)?;
    Some(Location::new(uri, document.range(span)))
}
