//! Tables and settings as values: what their names stand for, slot by slot.
//!
//! One name may be a table for calls and another for chats; a section for both takes it when both give the same
//! type. A setting that is the same for every event is a named constant for all sections.

use smol_str::SmolStr;
use switchboard_grammar::ast;
use switchboard_grammar::codes;
use switchboard_grammar::diagnostic::Text;
use switchboard_grammar::span::Span;

use super::checker::{Checker, problem};
use super::ctx::Ctx;
use super::scope::Decl;
use super::value::Typed;
use crate::catalog::{self, schema};
use crate::program::{Expr, Slot, Slots};
use crate::schema::{SettingDefault, SettingSpec, Spelling};
use crate::ty::{Scalar, Type};
use crate::value::Value;

/// What a table or setting name stands for, seen from one slot.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Visible {
    /// Declared in a file.
    Declared(Decl),
    /// A setting of the schema that no file gives.
    Default(&'static SettingSpec),
}

impl Checker<'_> {
    /// A table's column or a setting. None when nothing is called so; Some(None) after a report.
    pub(crate) fn named(&mut self, path: &ast::Path, ctx: &Ctx) -> Option<Option<Typed>> {
        let [first, rest @ ..] = path.segments.as_slice() else { return None };
        let column = match rest {
            [] => None,
            [column] => Some(column),
            _ => return None,
        };
        let name = self.canonical(&first.text, ctx.slots);
        let mut visible = Vec::new();
        let mut without = Vec::new();
        for slot in ctx.slots.iter() {
            match self.visible(&name, slot) {
                Some(found) => visible.push(found),
                None => without.push(slot),
            }
        }
        if visible.is_empty() {
            let decl = *self.scope.named(&name).first()?;
            self.scope.mark_used(decl);
            self.value_not_here(&first.text, path.span, &without, ctx);
            return Some(None);
        }
        if !without.is_empty() {
            self.value_not_here(&first.text, path.span, &without, ctx);
            return Some(None);
        }
        if first.text != name
            && let Some(right) = self.known_name(&name, ctx)
            && right != first.text
        {
            self.foreign_name(ctx, first.span, right);
        }
        Some(self.join_visible(&name, &visible, column, path.span, ctx))
    }

    /// The name in the file's language of a table or setting that the server reads.
    fn known_name(&self, canonical: &str, ctx: &Ctx) -> Option<&'static str> {
        let table = catalog::result_table(canonical).map(|table| (table.name, table.ru));
        let setting = || {
            let found = ctx.slots.kinds().find_map(|kind| schema().find_setting(kind, canonical))?;
            Some((found.setting.spec.name, found.setting.spec.ru))
        };
        table.or_else(setting).map(|(en, ru)| ctx.lang.pick(en, ru))
    }

    /// What a name stands for in one slot.
    ///
    /// Declared for the slot; else a setting of the schema with its default; else a setting of other events, if
    /// there is only one of that name and it is the same for every event: such a one is a named constant.
    pub(crate) fn visible(&self, name: &str, slot: Slot) -> Option<Visible> {
        if let Some(decl) = self.scope.for_slot(name, slot) {
            return Some(Visible::Declared(decl));
        }
        if let Some(found) = schema().find_setting(slot.kind(), name)
            && found.spelling == Spelling::English
        {
            return Some(Visible::Default(found.setting.spec));
        }
        match self.scope.named(name) {
            [decl @ Decl::Setting(at)] => {
                // One that is wrong has been reported, and is passed over here.
                let value = self.scope.settings.get(*at).and_then(|setting| setting.value.as_ref());
                matches!(value, None | Some((Expr::Const(_), _))).then_some(Visible::Declared(*decl))
            }
            _ => None,
        }
    }

    /// One value out of what a name stands for in each slot.
    fn join_visible(
        &mut self,
        name: &str,
        visible: &[Visible],
        column: Option<&ast::Name>,
        span: Span,
        ctx: &Ctx,
    ) -> Option<Typed> {
        let mut joined: Option<Type> = None;
        let mut constant: Option<Option<Value>> = None;
        let mut column_name: Option<SmolStr> = None;
        for visible in visible {
            let (ty, value) = match *visible {
                Visible::Declared(Decl::Setting(at)) => {
                    self.scope.mark_used(Decl::Setting(at));
                    if column.is_some() {
                        self.no_such_column(name, span, &[], ctx);
                        return None;
                    }
                    // A setting that could not be checked has been reported.
                    let (expr, ty) = self.scope.settings.get(at)?.value.clone()?;
                    let value = if let Expr::Const(value) = expr { Some(value) } else { None };
                    (ty, value)
                }
                Visible::Default(spec) => {
                    if column.is_some() {
                        self.no_such_column(name, span, &[], ctx);
                        return None;
                    }
                    (spec.ty, Some(default_value(spec)))
                }
                Visible::Declared(Decl::Table(at)) => {
                    self.scope.mark_used(Decl::Table(at));
                    let chosen = self.column_of(at, name, column, span, ctx)?;
                    column_name = Some(chosen.0);
                    (chosen.1, None)
                }
            };
            constant = match constant {
                None => Some(value),
                Some(first) if first == value => Some(first),
                Some(_) => Some(None),
            };
            joined = match joined {
                None => Some(ty),
                Some(first) if first.scalar.accepts(ty.scalar) && first.list == ty.list => {
                    Some(if ty.optional { first.optional() } else { first })
                }
                Some(first) => {
                    self.differs_by_event(name, span, first, ty, ctx);
                    return None;
                }
            };
        }
        let ty = joined?;
        if let Some(Some(value)) = constant {
            return Some(Typed { expr: Expr::Const(value), ty, span });
        }
        let reference = self.reference(name, column_name.as_deref());
        Some(Typed { expr: Expr::Named(reference), ty, span })
    }

    /// The result column of a table that a name means.
    fn column_of(
        &mut self,
        at: usize,
        name: &str,
        column: Option<&ast::Name>,
        span: Span,
        ctx: &Ctx,
    ) -> Option<(SmolStr, Type)> {
        let columns = self.scope.tables.get(at)?.columns.clone()?;
        let chosen = match (column, columns.as_slice()) {
            (None, [only]) => Some(only),
            (None, _) => None,
            (Some(written), all) => {
                let known = catalog::result_column(&written.text).map(|known| known.name);
                all.iter().find(|column| column.name == written.text || Some(column.name.as_str()) == known)
            }
        };
        match chosen {
            Some(column) => Some((column.name.clone(), column.ty)),
            None => {
                let names: Vec<SmolStr> = columns.iter().map(|column| column.name.clone()).collect();
                self.no_such_column(name, span, &names, ctx);
                None
            }
        }
    }

    fn no_such_column(&mut self, name: &str, span: Span, columns: &[SmolStr], ctx: &Ctx) {
        let written = self.text(ctx.file, span);
        let shown: Vec<String> = columns
            .iter()
            .map(|column| {
                let known = catalog::result_column(column).map(|known| ctx.lang.pick(known.name, known.ru));
                format!("`{name}.{}`", known.unwrap_or(column))
            })
            .collect();
        let mut found = problem(
            &codes::UNKNOWN_FIELD,
            ctx,
            span,
            Text::new(
                format!("`{written}` is no single value"),
                format!("`{written}` — это не одно значение"),
            ),
            Text::new("name one result column", "назовите один столбец результата"),
        );
        if !shown.is_empty() {
            found = found.note(Text::new(
                format!("write one of {}", shown.join(", ")),
                format!("напишите одно из: {}", shown.join(", ")),
            ));
        }
        self.report(found);
    }

    fn differs_by_event(&mut self, name: &str, span: Span, first: Type, other: Type, ctx: &Ctx) {
        self.report(problem(
            &codes::TYPE_MISMATCH,
            ctx,
            span,
            Text::new(
                format!(
                    "`{name}` is {} for some of these events and {} for others",
                    first.to_en(),
                    other.to_en()
                ),
                format!("`{name}` — это {} для одних событий и {} для других", first.to_ru(), other.to_ru()),
            ),
            Text::new("of two types", "двух типов сразу"),
        ));
    }

    /// Reports a table or setting that some of the section's events do not have.
    fn value_not_here(&mut self, name: &str, span: Span, without: &[Slot], ctx: &Ctx) {
        if self.is_guessed(ctx, span) {
            return;
        }
        let slots: Slots = without.iter().copied().collect();
        let canonical = self.canonical(name, ctx.slots);
        let having: Slots = self
            .scope
            .named(&canonical)
            .iter()
            .fold(Slots::NONE, |all, decl| all.or(self.scope.slots(*decl)));
        self.report(
            problem(
                &codes::FIELD_NOT_ON_THIS_EVENT,
                ctx,
                span,
                Text::new(
                    format!("`{name}` is not declared for {}", slots.to_en()),
                    format!("`{name}` не объявлено для {}", slots.to_ru()),
                ),
                Text::new(
                    format!("declared for {}", having.to_en()),
                    format!("объявлено для {}", having.to_ru()),
                ),
            )
            .note(Text::new(
                "name these events in its header, too",
                "добавьте эти события в заголовок его раздела",
            )),
        );
    }
}

/// What a setting of the schema is without a file.
pub(crate) fn default_value(spec: &SettingSpec) -> Value {
    match spec.default {
        SettingDefault::Missing => Value::Missing,
        SettingDefault::YesNo(answer) => Value::Bool(answer),
        SettingDefault::Enum(name) => match spec.ty.scalar {
            Scalar::Enum(of) => of.by_en(name).map_or(Value::Missing, Value::Enum),
            _ => Value::Missing,
        },
        SettingDefault::Number(number) => Value::Number(number.into()),
        SettingDefault::Seconds(seconds) => Value::Duration(crate::moment::Seconds(seconds)),
    }
}
