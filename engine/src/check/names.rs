//! Names as values: which field, setting, table column or enum value a written name is.
//!
//! Looks in that order of nearness: a value of the enum that is expected here, a field, a table or setting. What
//! is none of them is reported with its likely meaning.

use smol_str::SmolStr;
use switchboard_grammar::ast;
use switchboard_grammar::codes;
use switchboard_grammar::diagnostic::Text;
use switchboard_grammar::span::Span;

use super::checker::{Checker, problem};
use super::ctx::Ctx;
use super::value::Typed;
use crate::catalog::schema;
use crate::program::Expr;
use crate::schema::{EnumType, EventKind, Field, FieldKey, Spelling};
use crate::ty::{Scalar, Type};
use crate::value::Value;

impl Checker<'_> {
    /// A path as a value. None after a report.
    pub(crate) fn path(&mut self, path: &ast::Path, expected: Option<Scalar>, ctx: &Ctx) -> Option<Typed> {
        let name = path.dotted();
        if let Some(Scalar::Enum(of)) = expected
            && let Some(found) = self.enum_value(path, of, ctx)
        {
            return Some(found);
        }
        if let Some(found) = self.field(&name, path.span, ctx) {
            return found;
        }
        if let Some(found) = self.named(path, ctx) {
            return found;
        }
        self.unknown_name(&name, path.span, expected, ctx);
        None
    }

    /// A value of an enum.
    fn enum_value(&mut self, path: &ast::Path, of: &'static EnumType, ctx: &Ctx) -> Option<Typed> {
        let written = path.single()?;
        let (value, spelling) = of.find(written)?;
        let right = ctx.lang.pick(value.en(), value.ru());
        if !ctx.speaks(spelling) && written != right {
            self.foreign_spelling(ctx, path.span, right, Some(spelling));
        }
        Some(Typed::constant(Value::Enum(value), Type::of(Scalar::Enum(of)), path.span))
    }

    /// A field. None when no field is called so; Some(None) after a report.
    fn field(&mut self, name: &str, span: Span, ctx: &Ctx) -> Option<Option<Typed>> {
        let mut found: Option<(FieldKey, Type, Spelling, &'static Field)> = None;
        let mut without = Vec::new();
        let mut known = false;
        for kind in ctx.slots.kinds() {
            let Some(here) = schema().find_field(kind, name) else {
                without.push(kind);
                continue;
            };
            known = true;
            let key = FieldKey { id: here.field.id, key: here.key.map(SmolStr::from) };
            match &mut found {
                None => found = Some((key, here.field.ty(), here.spelling, here.field)),
                Some((first, ty, ..)) if *first == key => {
                    if here.field.ty().optional {
                        *ty = ty.optional();
                    }
                }
                // One name, two fields: of no use to a section for both kinds.
                Some(_) => without.push(kind),
            }
        }
        let elsewhere = || EventKind::ALL.into_iter().find(|kind| schema().find_field(*kind, name).is_some());
        if !known {
            // A table or setting of that name goes before a field that other events have.
            if !self.scope.named(&self.canonical(name, ctx.slots)).is_empty() {
                return None;
            }
            let kind = elsewhere()?;
            self.field_elsewhere(name, span, &[kind], ctx);
            return Some(None);
        }
        if !without.is_empty() {
            let having: Vec<_> = ctx.slots.kinds().filter(|kind| !without.contains(kind)).collect();
            self.field_missing_on(name, span, &having, &without, ctx);
            return Some(None);
        }
        let (key, mut ty, spelling, field) = found?;
        if !ctx.speaks(spelling) {
            let right = match ctx.lang {
                switchboard_grammar::lang::Lang::En => field.name_with(key.key.as_deref()),
                switchboard_grammar::lang::Lang::Ru => field.ru_with(key.key.as_deref()),
            };
            if right != name {
                self.foreign_spelling(ctx, span, &right, Some(spelling));
            }
        }
        if ctx.knows(&key) {
            ty = ty.required();
        }
        Some(Some(Typed { expr: Expr::Field(key), ty, span }))
    }

    fn field_elsewhere(&mut self, name: &str, span: Span, having: &[EventKind], ctx: &Ctx) {
        let kinds: Vec<_> = ctx.slots.kinds().collect();
        self.field_missing_on(name, span, having, &kinds, ctx);
    }

    /// Reports a field that some or all of the section's events do not have.
    fn field_missing_on(
        &mut self,
        name: &str,
        span: Span,
        having: &[EventKind],
        without: &[EventKind],
        ctx: &Ctx,
    ) {
        if self.is_guessed(ctx, span) {
            return;
        }
        let en =
            |kinds: &[EventKind]| kinds.iter().map(|kind| kind.plural_en()).collect::<Vec<_>>().join(", ");
        let ru =
            |kinds: &[EventKind]| kinds.iter().map(|kind| kind.plural_ru()).collect::<Vec<_>>().join(", ");
        let mut found = problem(
            &codes::FIELD_NOT_ON_THIS_EVENT,
            ctx,
            span,
            Text::new(
                format!("{} have no field `{name}`", en(without)),
                format!("у {} нет поля `{name}`", ru(without)),
            ),
            Text::new(format!("a field of {}", en(having)), format!("это поле есть у {}", ru(having))),
        );
        if ctx.slots.kinds().count() > 1 {
            found = found.note(Text::new(
                format!("this section is for {}; a field has to be there for all of them", ctx.slots.to_en()),
                format!("раздел написан для {}; поле должно быть у всех", ctx.slots.to_ru()),
            ));
        }
        self.report(found);
    }
}
