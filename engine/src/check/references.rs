//! References against the account: employees, stores, sites that exist.
//!
//! Only done when the caller brings a snapshot of the account, and only for kinds that it holds. A value is held against it
//! where it stands: in quotes, in a setting that a rule names, in a list that is asked about. Values of a list that comes
//! from a file are told together, for the file is no text of rules.

use switchboard_grammar::ast::{self, Literal, LiteralKind, Operand, ValueKind};
use switchboard_grammar::codes;
use switchboard_grammar::diagnostic::Text;
use switchboard_grammar::span::Span;

use super::checker::{Checker, problem};
use super::ctx::Ctx;
use super::scope::Decl;
use super::unknown::{Candidates, Meant};
use super::value::Typed;
use crate::catalog::schema;
use crate::lists::{ListEntry, ValueList};
use crate::phone::Phone;
use crate::program::{Expr, Slots};
use crate::ty::{ReferenceKind, Scalar};

/// The field, the setting and the result column that hold a virtual number of the account.
const NUMBER_FIELD: &str = "virtual_number";
const NUMBER_SETTING: &str = "click_to_call_number";
const NUMBER_COLUMN: &str = "show_number";
/// The most further values of a file that are named.
const MAX_SHOWN: usize = 5;

impl Checker<'_> {
    /// Reports a reference to something that the account does not have.
    pub(crate) fn known_reference(&mut self, kind: ReferenceKind, name: &str, span: Span, ctx: &Ctx) {
        let Some(references) = &self.options.references else { return };
        if references.has(kind, name) != Some(false) {
            return;
        }
        let mut candidates = Candidates::default();
        candidates.add_all(references.names(kind));
        let mut found = problem(
            &codes::UNKNOWN_REFERENCE,
            ctx,
            span,
            Text::new(
                format!("the account has no {} `{name}`", words(kind).en),
                format!("в аккаунте нет `{name}` ({})", words(kind).ru),
            ),
            Text::new("not there when the account was last read", "при последнем чтении аккаунта не было"),
        );
        if let Some(Meant { sentence, .. }) = self.search(name, |_| candidates) {
            found = found.note(sentence);
        }
        self.report(found);
    }

    /// Reports numbers that a question about the virtual number compares with and that the account does not have.
    pub(crate) fn known_numbers(&mut self, left: &Typed, operand: &Operand, ctx: &Ctx) {
        if is_number_field(left) {
            for item in operand.items() {
                self.known_number(&item.value, ctx);
            }
        }
    }

    /// Reports the number of a setting that is to be one of the account's.
    pub(crate) fn known_number_of_setting(&mut self, setting: &str, value: &ast::Value, ctx: &Ctx) {
        if setting == NUMBER_SETTING {
            self.known_number(value, ctx);
        }
    }

    /// Reports the number in a result column that is to be one of the account's.
    pub(crate) fn known_number_of_result(&mut self, column: &str, value: &ast::Value, ctx: &Ctx) {
        if column == NUMBER_COLUMN {
            self.known_number(value, ctx);
        }
    }

    /// Reports the values of a list that a question asks about and that the account does not have; of each kind once a list.
    pub(crate) fn known_list(&mut self, at: usize, left: &Typed) {
        if self.options.references.is_none() {
            return;
        }
        let kind = match left.ty.scalar {
            Scalar::Reference(kind) => kind,
            Scalar::Phone if is_number_field(left) => ReferenceKind::VirtualNumber,
            _ => return,
        };
        let Some(list) = self.scope.lists.get_mut(at).filter(|list| !list.held.contains(&kind)) else {
            return;
        };
        list.held.push(kind);
        let (section, name, values) = (list.section, list.name.clone(), list.values.clone());
        let Some(placed) = self.sections.get(section).copied() else { return };
        let ast::SectionKind::List(list) = &placed.section.kind else { return };
        let ctx = Ctx::new(placed.file, placed.lang, Slots::NONE);
        match (&list.file, values) {
            (Some(file), Some(values)) => self.known_file(kind, &name, &values, file, &ctx),
            (Some(_), None) => {}
            (None, _) => list.values().for_each(|value| self.known_value(kind, value, &ctx)),
        }
    }

    /// A value that is written in a list.
    fn known_value(&mut self, kind: ReferenceKind, value: &ast::Value, ctx: &Ctx) {
        if kind == ReferenceKind::VirtualNumber {
            return self.known_number(value, ctx);
        }
        match &value.kind {
            ValueKind::Literal(Literal { kind: LiteralKind::Text(text), .. }) => {
                if let Some(plain) = text.plain() {
                    self.known_reference(kind, plain, text.span, ctx);
                }
            }
            // A bare word in a list is a text.
            ValueKind::Path(path) => self.known_reference(kind, &path.dotted(), value.span, ctx),
            _ => {}
        }
    }

    /// The values of a list that comes from a file.
    fn known_file(
        &mut self,
        kind: ReferenceKind,
        name: &str,
        values: &ValueList,
        file: &ast::ListFile,
        ctx: &Ctx,
    ) {
        let Some(references) = &self.options.references else { return };
        let is_unknown = |entry: &&ListEntry| {
            let known = match kind {
                ReferenceKind::VirtualNumber => {
                    Phone::parse(&entry.text).ok().and_then(|phone| references.has(kind, &phone.to_string()))
                }
                _ => references.has(kind, &entry.text),
            };
            known == Some(false)
        };
        let unknown: Vec<&ListEntry> = values.entries().iter().filter(is_unknown).collect();
        let Some(first) = unknown.first() else { return };
        let (count, all) = (unknown.len(), values.len());
        let mut found = problem(
            &codes::UNKNOWN_REFERENCE,
            ctx,
            file.path.span,
            Text::new(
                format!("the account does not have {count} of {all} values of `{name}` ({})", words(kind).en),
                format!("в аккаунте нет значений из `{name}` ({}): {count} из {all}", words(kind).ru),
            ),
            Text::new(
                format!("the first is `{}` on line {} of the file", first.text, first.line),
                format!("первое — `{}` в строке {} файла", first.text, first.line),
            ),
        );
        let others = unknown.get(1..).unwrap_or_default();
        if !others.is_empty() {
            let shown = |line: &str, rest: &str| {
                let some = others.iter().take(MAX_SHOWN);
                let mut shown: Vec<String> =
                    some.map(|entry| format!("`{}` ({line} {})", entry.text, entry.line)).collect();
                if others.len() > MAX_SHOWN {
                    shown.push(format!("{rest} {}", others.len() - MAX_SHOWN));
                }
                shown.join(", ")
            };
            found = found.note(Text::new(
                format!("the others: {}", shown("line", "and more:")),
                format!("остальные: {}", shown("строка", "и ещё:")),
            ));
        }
        self.report(found);
    }

    /// A number, or what stands for one.
    fn known_number(&mut self, value: &ast::Value, ctx: &Ctx) {
        match &value.kind {
            ValueKind::Literal(literal) => self.known_number_literal(literal, ctx),
            ValueKind::Else { options, .. } => {
                options.iter().for_each(|option| self.known_number(option, ctx));
            }
            ValueKind::Path(path) => {
                if let Some(name) = path.single() {
                    self.known_number_named(name, ctx);
                }
            }
            _ => {}
        }
    }

    fn known_number_literal(&mut self, literal: &Literal, ctx: &Ctx) {
        let number = match &literal.kind {
            LiteralKind::Phone(phone) => Phone::parse(&phone.written),
            LiteralKind::Number(number) => Phone::parse(&number.text),
            LiteralKind::Text(text) => text.plain().map_or(Phone::parse(""), Phone::parse),
            _ => return,
        };
        if let Ok(number) = number {
            self.known_reference(ReferenceKind::VirtualNumber, &number.to_string(), literal.span, ctx);
        }
    }

    /// The number of a setting that a value names: told at the setting, and once however many rules name it.
    fn known_number_named(&mut self, name: &str, ctx: &Ctx) {
        let name = self.canonical(name, ctx.slots);
        let settings: Vec<_> = self
            .scope
            .named(&name)
            .iter()
            .filter_map(|decl| match decl {
                Decl::Setting(at) => self.scope.settings.get(*at),
                Decl::Table(_) => None,
            })
            .filter(|setting| setting.spec.is_none_or(|spec| spec.name != NUMBER_SETTING))
            .filter_map(|setting| Some((setting.section, setting.ast.value.literal()?)))
            .collect();
        for (section, literal) in settings {
            let Some(placed) = self.sections.get(section).copied() else { continue };
            let is_told = self.found.iter().any(|found| {
                (found.primary.file, found.primary.span) == (placed.file, literal.span)
                    && found.code.id == codes::UNKNOWN_REFERENCE.id
            });
            if !is_told {
                let here = Ctx::new(placed.file, placed.lang, ctx.slots);
                self.known_number_literal(literal, &here);
            }
        }
    }
}

/// Whether a value is the virtual number of the event.
fn is_number_field(value: &Typed) -> bool {
    matches!(&value.expr, Expr::Field(key) if schema().field_name(key.id) == NUMBER_FIELD)
}

/// The name of a kind as people read it.
fn words(kind: ReferenceKind) -> Text {
    Text::new(kind.en().replace('_', " "), kind.ru().replace('_', " "))
}
