//! Every name and word of a section: where it stands, what it is, how it is painted.
//!
//! Takes a tree; knows the schema, so that a field and a value of an enum are told apart. What other files declare is not
//! known here: a name that is no field and no value is that of a table or setting, whether or not there is one.

mod walk;

use smol_str::SmolStr;
use switchboard_engine::catalog::{result_column, result_table, schema};
use switchboard_engine::schema::{EnumType, EnumValue, EventKind};
use switchboard_engine::ty::{Scalar, Type};
use switchboard_grammar::ast;
use switchboard_grammar::keywords::{Group, Keyword};
use switchboard_grammar::span::Span;

/// What a name is. Names that are equal mean one thing throughout a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Symbol {
    /// A field, by its English name, an open part filled in.
    Field(SmolStr),
    /// A value of an enum.
    Value(EnumValue),
    /// A table or a setting; by its English name where the server reads it.
    Named(SmolStr),
    /// A result column of a table, which is known by its name as above.
    Column(SmolStr, SmolStr),
    /// A list or a schedule: what may stand behind `in`.
    Set(SmolStr),
    /// A function of a script.
    Function(SmolStr),
    /// A filter of templates, by its English name.
    Filter(&'static str),
    /// A file of the bundle.
    File(SmolStr),
    /// A kind of diagnostic, in a suppression.
    Code(SmolStr),
}

/// Whether a name is declared or used at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Declared.
    Declares,
    /// Used.
    Uses,
}

/// A name at a place.
#[derive(Clone, Debug)]
pub(crate) struct Name {
    /// Where; in the text that the block was parsed from.
    pub(crate) span: Span,
    /// What.
    pub(crate) symbol: Symbol,
    /// How.
    pub(crate) role: Role,
}

/// How a piece of text is painted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Paint {
    Keyword,
    Operator,
    Event,
    Type,
    Field,
    Variable,
    Function,
    Value,
    Text,
    Number,
    Comment,
    Doc,
    Parameter,
    Filter,
}

/// A painted piece of text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Painted {
    /// Where.
    pub(crate) span: Span,
    /// How.
    pub(crate) paint: Paint,
    /// Whether a name is declared here.
    pub(crate) declares: bool,
}

/// All of a block, in order.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// Names.
    pub(crate) names: Vec<Name>,
    /// Painted pieces; none lies in another.
    pub(crate) painted: Vec<Painted>,
}

impl Names {
    /// The name at an offset of the parsed text.
    pub(crate) fn at(&self, offset: u32) -> Option<&Name> {
        let touching = self.names.iter().filter(|name| name.span.touches(offset));
        touching.min_by_key(|name| name.span.len())
    }
}

/// Looks through a tree.
pub(crate) fn names_of(file: &ast::File) -> Names {
    let mut walk = walk::Walk::default();
    walk.file(file);
    for word in &file.words {
        walk.paint(word.span, paint_of(word.keyword), false);
    }
    for comment in file.comments() {
        let doc = comment.kind == ast::CommentKind::Doc;
        walk.paint(comment.span, if doc { Paint::Doc } else { Paint::Comment }, false);
    }
    let mut names = walk.found;
    names.names.sort_by_key(|name| name.span);
    names.painted.sort_by_key(|painted| painted.span);
    let mut end = 0;
    names.painted.retain(|painted| {
        let apart = painted.span.start >= end && !painted.span.is_empty();
        if apart {
            end = painted.span.end;
        }
        apart
    });
    names
}

fn paint_of(keyword: Keyword) -> Paint {
    match keyword.entry().group {
        Group::Connective | Group::Section | Group::Property => Paint::Keyword,
        Group::Operator => Paint::Operator,
        Group::Constant | Group::Day => Paint::Value,
        Group::Event => Paint::Event,
        Group::Type => Paint::Type,
        Group::Unit => Paint::Number,
    }
}

/// The kinds of event that a section is for; all of them when it does not say.
pub(crate) fn kinds_of(events: Option<&ast::Events>) -> Vec<EventKind> {
    let Some(events) = events else { return EventKind::ALL.to_vec() };
    let mut kinds: Vec<EventKind> = events.targets.iter().map(|target| kind_of(target.kind)).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

/// The kind of event that a word of a header means.
pub(crate) const fn kind_of(kind: ast::EventKind) -> EventKind {
    match kind {
        ast::EventKind::IncomingCalls | ast::EventKind::OutgoingCalls | ast::EventKind::Calls => {
            EventKind::Call
        }
        ast::EventKind::Chats => EventKind::Chat,
        ast::EventKind::Requests => EventKind::Request,
        ast::EventKind::Orders => EventKind::Order,
    }
}

/// The events of a section, where it has some.
pub(crate) fn events_of(kind: &ast::SectionKind) -> Option<&ast::Events> {
    match kind {
        ast::SectionKind::Filter(section) => section.events.as_ref(),
        ast::SectionKind::Settings(section) => section.events.as_ref(),
        ast::SectionKind::Table(section) => section.events.as_ref(),
        ast::SectionKind::Task(section) => section.events.as_ref(),
        ast::SectionKind::Fields(section) => section.events.as_ref(),
        _ => None,
    }
}

/// The name under which a table or setting is known throughout the bundle.
pub(crate) fn canonical(name: &str, kinds: &[EventKind]) -> SmolStr {
    if let Some(table) = result_table(name) {
        return table.name.into();
    }
    let setting = kinds.iter().find_map(|kind| schema().find_setting(*kind, name));
    setting.map_or_else(|| name.into(), |found| found.setting.spec.name.into())
}

/// The type of what a name stands for in a section of these kinds: of a field, a setting, a known column.
pub(crate) fn type_of(name: &str, kinds: &[EventKind]) -> Option<Type> {
    let field = |kind: &EventKind| Some(schema().find_field(*kind, name)?.field.ty());
    let setting = |kind: &EventKind| Some(schema().find_setting(*kind, name)?.setting.spec.ty);
    kinds
        .iter()
        .find_map(field)
        .or_else(|| kinds.iter().find_map(setting))
        .or_else(|| result_column(name).map(|column| column.ty))
}

/// The set of values that such a name has.
pub(crate) fn set_of(name: &str, kinds: &[EventKind]) -> Option<&'static EnumType> {
    match type_of(name, kinds)?.scalar {
        Scalar::Enum(set) => Some(set),
        _ => None,
    }
}
