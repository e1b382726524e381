//! References against the account: employees, stores, sites that exist.
//!
//! Only done when the caller brings a snapshot of the account, and only for kinds that it holds.

use switchboard_grammar::ast::{self, LiteralKind, Operand};
use switchboard_grammar::codes;
use switchboard_grammar::diagnostic::Text;
use switchboard_grammar::span::Span;

use super::checker::{Checker, problem};
use super::ctx::Ctx;
use super::unknown::{Candidates, Meant};
use super::value::Typed;
use crate::catalog::schema;
use crate::phone::Phone;
use crate::program::Expr;
use crate::ty::ReferenceKind;

/// The field and the setting that hold a virtual number of the account.
const NUMBER_FIELD: &str = "virtual_number";
const NUMBER_SETTING: &str = "click_to_call_number";

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
                format!("the account has no {} `{name}`", kind.en().replace('_', " ")),
                format!("в аккаунте нет `{name}` ({})", kind.ru().replace('_', " ")),
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
        let Expr::Field(key) = &left.expr else { return };
        if schema().field_name(key.id) != NUMBER_FIELD {
            return;
        }
        for item in operand.items() {
            self.known_number(&item.value, ctx);
        }
    }

    /// Reports the number of a setting that is to be one of the account's.
    pub(crate) fn known_number_of_setting(&mut self, setting: &str, value: &ast::Value, ctx: &Ctx) {
        if setting == NUMBER_SETTING {
            self.known_number(value, ctx);
        }
    }

    fn known_number(&mut self, value: &ast::Value, ctx: &Ctx) {
        let Some(literal) = value.literal() else { return };
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
}
