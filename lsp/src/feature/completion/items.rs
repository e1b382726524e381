//! The things that may stand at the cursor, as the editor lists them.

use std::collections::HashSet;

use lsp_types::{
    CompletionItem, CompletionItemKind, CompletionTextEdit, Documentation, InsertTextFormat, MarkupContent,
    MarkupKind, Range, TextEdit,
};
use switchboard_engine::catalog::{CLICK_TO_CALL, ENTITIES, FORWARD, ResultTable, STORE, schema};
use switchboard_engine::filters;
use switchboard_engine::schema::{Docs, EventKind};
use switchboard_engine::ty::{ReferenceKind, Scalar, Type};
use switchboard_grammar::codes;
use switchboard_grammar::keywords::{Group, Keyword};
use switchboard_grammar::lang::Lang;
use switchboard_grammar::span::Span;

use super::wanted::Wanted;
use crate::names::{Role, Symbol};
use crate::state::Here;

/// The most names of the account that are listed at once; with more typed there are fewer.
const MAX_NAMES: usize = 300;

/// What is listed.
pub(super) struct Items<'h> {
    pub(super) here: Here<'h>,
    /// The language of what is written.
    lang: Lang,
    /// The language of what is said about it.
    pub(super) speaks: Lang,
    /// What an item takes the place of.
    pub(super) range: Range,
    partial: String,
    /// The labels that are listed.
    labels: HashSet<String>,
    pub(super) found: Vec<CompletionItem>,
    /// Whether something was left out.
    pub(super) is_cut: bool,
}

impl<'h> Items<'h> {
    pub(super) fn new(here: Here<'h>, offset: u32) -> Self {
        let lang = here.document.lang();
        let speaks = here.state.settings.language_for(here.bundle.lang_of(here.document));
        Self {
            here,
            lang,
            speaks,
            range: here.document.range(Span::at(offset)),
            partial: String::new(),
            labels: HashSet::new(),
            found: Vec::new(),
            is_cut: false,
        }
    }

    /// Items take the place of what is typed before the offset.
    pub(super) fn replace(&mut self, partial: &str, offset: u32) {
        let length = u32::try_from(partial.len()).unwrap_or_default();
        self.range = self.here.document.range(Span::new(offset.saturating_sub(length), offset));
        self.partial = partial.to_lowercase();
    }

    pub(super) fn add(&mut self, wanted: Wanted) {
        match wanted {
            Wanted::Sections => self.sections(),
            Wanted::Words(words) => self.words(&words),
            Wanted::Names(kinds) => self.names(&kinds),
            Wanted::Questions(ty) => self.questions(ty),
            Wanted::Values { ty, quoted } => self.values(ty, quoted),
            Wanted::Sets => self.declared(|symbol| matches!(symbol, Symbol::Set(_))),
            Wanted::Settings(kinds) => self.settings(&kinds),
            Wanted::Columns(table) => self.columns(table),
            Wanted::Filters => {
                for spec in &filters::ALL {
                    let (name, other) =
                        (self.lang.pick(spec.name, spec.ru), self.lang.pick(spec.ru, spec.name));
                    self.item(name, CompletionItemKind::FUNCTION, Some(other), Some(spec.doc), None);
                }
            }
            Wanted::Types => self.types(),
            Wanted::Codes => {
                for code in codes::ALL {
                    self.item(code.name, CompletionItemKind::CONSTANT, Some(code.id), None, None);
                }
            }
            Wanted::Files { ending, quoted } => {
                let names: Vec<String> = self
                    .here
                    .bundle
                    .names()
                    .filter(|name| name.ends_with(ending))
                    .map(str::to_owned)
                    .collect();
                names
                    .iter()
                    .filter(|name| **name != self.here.document.name)
                    .for_each(|name| self.text(name, quoted, CompletionItemKind::FILE));
            }
            Wanted::CrmFields(kind) => self.references(kind, true),
        }
    }

    /// An item; `other` is what it is called elsewhere, and found by as well.
    pub(super) fn item(
        &mut self,
        label: &str,
        kind: CompletionItemKind,
        other: Option<&str>,
        doc: Option<Docs>,
        insert: Option<(String, InsertTextFormat)>,
    ) {
        if !self.labels.insert(label.to_owned()) {
            return;
        }
        let (text, format) = insert.unwrap_or_else(|| (label.to_owned(), InsertTextFormat::PLAIN_TEXT));
        let edit = TextEdit::new(self.range, text);
        let other = other.filter(|other| *other != label);
        self.found.push(CompletionItem {
            label: label.to_owned(),
            kind: Some(kind),
            detail: other.map(str::to_owned),
            documentation: doc.map(|doc| {
                let value = self.speaks.pick(doc.en, doc.ru).to_owned();
                Documentation::MarkupContent(MarkupContent { kind: MarkupKind::Markdown, value })
            }),
            filter_text: other.map(|other| format!("{label} {other}")),
            sort_text: Some(format!("{:04}", self.found.len())),
            insert_text_format: Some(format),
            text_edit: Some(CompletionTextEdit::Edit(edit)),
            ..CompletionItem::default()
        });
    }

    /// A text: in quotes, or inside of those that are there.
    fn text(&mut self, name: &str, quoted: bool, kind: CompletionItemKind) {
        let written = name.replace('\\', "\\\\").replace('"', "\\\"");
        let written = if quoted { written } else { format!("\"{written}\"") };
        self.item(&written, kind, None, None, None);
    }

    fn sections(&mut self) {
        let lang = self.lang;
        let word = |keyword: Keyword| keyword.spelling(lang).to_owned();
        let (title, assign, due) = (word(Keyword::Title), word(Keyword::Assign), word(Keyword::Due));
        let (otherwise, accept, reject) = (word(Keyword::Else), word(Keyword::Accept), word(Keyword::Reject));
        let (when, events, from) = (word(Keyword::When), word(Keyword::For), word(Keyword::From));
        let calls = word(Keyword::IncomingCalls);
        let hours = self.lang.pick("2 hours", "2 часа");
        let bodies: Vec<(Keyword, String)> = vec![
            (
                Keyword::Filter,
                format!(" {events} ${{1:{calls}}}\n  {reject} {when} $2\n  {otherwise} {accept}\n"),
            ),
            (Keyword::Settings, format!(" {events} ${{1:{calls}}}\n  $2: $3\n")),
            (
                Keyword::Table,
                format!(
                    " ${{1:name}} {events} ${{2:{calls}}}\n  | $3 || $4 |\n  |---||---|\n  | $5 || $6 |\n"
                ),
            ),
            (
                Keyword::Task,
                format!(
                    " {events} ${{1:{calls}}}\n  {title}: \"$2\"\n  {assign}: $3\n  {due}: {hours} {} ${{4:{}}}\n",
                    word(Keyword::After),
                    self.lang.pick("finished", "завершён")
                ),
            ),
            (
                Keyword::FieldsOf,
                format!(" ${{1:{}}} {events} ${{2:{calls}}}\n  $3 {from} $4\n", word(Keyword::Client)),
            ),
            (Keyword::Transfer, format!("\n  {} $1\n", word(Keyword::OnlyWhen))),
            (Keyword::List, " ${1:name}: $2\n".to_owned()),
            (
                Keyword::Schedule,
                format!(" ${{1:name}} {} \"${{2:Europe/Moscow}}\"\n  $3\n", word(Keyword::In)),
            ),
            (Keyword::Script, format!(" \"${{1:script.rhai}}\"\n  {} $2\n", word(Keyword::Function))),
            (Keyword::Include, " \"$1\"\n".to_owned()),
        ];
        if self.here.document.blocks().first().is_none_or(|first| first.block.file().header.is_none()) {
            for lang in Lang::ALL {
                let header = format!("{} 1", Keyword::Rules.spelling(lang));
                self.item(&header, CompletionItemKind::KEYWORD, None, None, None);
            }
        }
        for (keyword, body) in bodies {
            let label = word(keyword);
            let other = keyword.spelling(self.lang.other());
            let insert = Some((format!("{label}{body}"), InsertTextFormat::SNIPPET));
            self.item(&label, CompletionItemKind::SNIPPET, Some(other), None, insert);
        }
    }

    fn words(&mut self, words: &[Keyword]) {
        for keyword in words {
            let other = keyword.spelling(self.lang.other());
            self.item(keyword.spelling(self.lang), CompletionItemKind::KEYWORD, Some(other), None, None);
        }
    }

    fn names(&mut self, kinds: &[EventKind]) {
        for kind in kinds {
            for field in schema().fields(*kind) {
                // A section for several kinds takes what all of them have.
                if !kinds.iter().all(|kind| schema().field(*kind, field.id).is_some()) {
                    continue;
                }
                let (name, other) =
                    (self.lang.pick(field.name(), field.ru()), self.lang.pick(field.ru(), field.name()));
                // The author fills in the end of an open name.
                let label = name.strip_suffix('X').filter(|_| field.is_open()).unwrap_or(name);
                self.item(label, CompletionItemKind::FIELD, Some(other), Some(field.spec.doc), None);
            }
        }
        self.declared(|symbol| matches!(symbol, Symbol::Named(_)));
        self.functions();
    }

    /// Names that the bundle declares, as they are written in files of this language.
    pub(super) fn declared(&mut self, wants: impl Fn(&Symbol) -> bool) {
        let bundle = self.here.bundle;
        for document in bundle.rules() {
            for placed in document.blocks() {
                for name in &placed.block.names().names {
                    if name.role == Role::Declares && wants(&name.symbol) {
                        let written = placed.span(name.span).text(document.text());
                        let doc = placed.block.section().and_then(|section| section.doc());
                        self.item(written, CompletionItemKind::VARIABLE, None, None, None);
                        if let (Some(doc), Some(item)) = (doc, self.found.last_mut()) {
                            item.documentation.get_or_insert(Documentation::String(doc));
                        }
                    }
                }
            }
        }
    }

    fn functions(&mut self) {
        let bundle = self.here.bundle;
        for document in bundle.rules() {
            for placed in document.blocks() {
                for name in &placed.block.names().names {
                    if let (Role::Declares, Symbol::Function(function)) = (name.role, &name.symbol) {
                        let insert = Some((format!("{function}($1)"), InsertTextFormat::SNIPPET));
                        self.item(function, CompletionItemKind::FUNCTION, None, None, insert);
                    }
                }
            }
        }
    }

    fn questions(&mut self, ty: Option<Type>) {
        let ordered = ty.is_none_or(|ty| ty.scalar.is_ordered());
        let textual = ty.is_none_or(|ty| ty.scalar.is_textual());
        let mut words = vec![Keyword::Is, Keyword::IsNot, Keyword::In, Keyword::NotIn];
        if ty.is_none_or(|ty| ty.list) || textual {
            words.extend([Keyword::Contains, Keyword::NotContains]);
        }
        if textual {
            words.extend([Keyword::StartsWith, Keyword::EndsWith, Keyword::Like, Keyword::NotLike]);
        }
        if ordered {
            words.extend([Keyword::AtLeast, Keyword::AtMost, Keyword::Over, Keyword::Under]);
        }
        words.extend([Keyword::IsMissing, Keyword::IsPresent, Keyword::Else]);
        self.words(&words);
    }

    fn values(&mut self, ty: Type, quoted: bool) {
        match ty.scalar {
            Scalar::Enum(set) if !quoted => {
                for value in set.values() {
                    let (name, other) =
                        (self.lang.pick(value.en(), value.ru()), self.lang.pick(value.ru(), value.en()));
                    self.item(
                        name,
                        CompletionItemKind::ENUM_MEMBER,
                        Some(other),
                        Some(value.item().doc),
                        None,
                    );
                }
            }
            Scalar::YesNo if !quoted => self.words(&[Keyword::Yes, Keyword::No]),
            Scalar::Reference(kind) => {
                if quoted {
                    self.quoted_references(kind);
                } else {
                    self.references(kind, false);
                }
            }
            Scalar::Phone if !quoted => self.references(ReferenceKind::VirtualNumber, true),
            _ => {}
        }
    }

    fn quoted_references(&mut self, kind: ReferenceKind) {
        for name in self.known(kind) {
            self.text(&name, true, CompletionItemKind::VALUE);
        }
    }

    /// Names that the account has; bare ones are codes and numbers, which stand without quotes.
    fn references(&mut self, kind: ReferenceKind, bare: bool) {
        for name in self.known(kind) {
            if bare {
                self.item(&name, CompletionItemKind::VALUE, None, None, None);
            } else {
                self.text(&name, false, CompletionItemKind::VALUE);
            }
        }
    }

    /// The names of a kind that hold what is typed.
    pub(super) fn known(&mut self, kind: ReferenceKind) -> Vec<String> {
        let Some(references) = &self.here.bundle.references else { return Vec::new() };
        let fits = |name: &&str| self.partial.is_empty() || name.to_lowercase().contains(&self.partial);
        let mut names: Vec<String> =
            references.names(kind).filter(fits).take(MAX_NAMES + 1).map(str::to_owned).collect();
        self.is_cut |= names.len() > MAX_NAMES;
        names.truncate(MAX_NAMES);
        names
    }

    fn settings(&mut self, kinds: &[EventKind]) {
        for kind in kinds {
            for setting in schema().settings(*kind) {
                let spec = setting.spec;
                let (name, other) = (self.lang.pick(spec.name, spec.ru), self.lang.pick(spec.ru, spec.name));
                let insert = Some((format!("{name}: "), InsertTextFormat::PLAIN_TEXT));
                self.item(name, CompletionItemKind::PROPERTY, Some(other), Some(spec.doc), insert);
            }
        }
    }

    fn columns(&mut self, table: Option<&'static ResultTable>) {
        let known = [&ENTITIES, &STORE, &FORWARD, &CLICK_TO_CALL];
        for column in table.into_iter().chain(known).flat_map(|table| table.columns) {
            let (name, other) =
                (self.lang.pick(column.name, column.ru), self.lang.pick(column.ru, column.name));
            self.item(name, CompletionItemKind::PROPERTY, Some(other), Some(column.doc), None);
        }
    }

    fn types(&mut self) {
        let words =
            Keyword::TABLE.iter().filter(|entry| entry.group == Group::Type).map(|entry| entry.keyword);
        self.words(&words.collect::<Vec<_>>());
        for kind in ReferenceKind::types() {
            let (name, other) = (self.lang.pick(kind.en(), kind.ru()), self.lang.pick(kind.ru(), kind.en()));
            self.item(name, CompletionItemKind::CLASS, Some(other), None, None);
        }
    }
}
