//! Names that nobody knows: what was probably meant.
//!
//! Each way of missing a name has its own sentence (see [`crate::suggest`]); what is offered is always spelt as
//! the file's language has it.

use std::collections::HashMap;

use switchboard_grammar::codes::{self, Code};
use switchboard_grammar::diagnostic::{Diagnostic, Safety, Text};
use switchboard_grammar::span::Span;

use super::checker::{Checker, problem, write_instead};
use super::ctx::Ctx;
use crate::catalog::schema;
use crate::schema::{EnumType, Spelling};
use crate::suggest::{near, sentence};
use crate::ty::Scalar;

/// A likely meaning of an unknown name.
pub(crate) struct Meant {
    /// The name to offer.
    pub(crate) shown: String,
    /// The sentence that offers it.
    pub(crate) sentence: Text,
}

/// Names to compare with, and for each the name to offer.
#[derive(Default)]
pub(crate) struct Candidates {
    names: Vec<String>,
    shown: HashMap<String, (String, Spelling)>,
}

impl Candidates {
    /// Adds a name under which something is known, and the name to offer for it.
    pub(crate) fn add(&mut self, name: &str, shown: &str, spelling: Spelling) {
        if !self.shown.contains_key(name) {
            self.names.push(name.to_owned());
            self.shown.insert(name.to_owned(), (shown.to_owned(), spelling));
        }
    }

    /// Adds names that are offered as they are.
    pub(crate) fn add_all<'n>(&mut self, names: impl IntoIterator<Item = &'n str>) {
        names.into_iter().for_each(|name| self.add(name, name, Spelling::English));
    }

    /// The nearest.
    pub(crate) fn nearest(&self, name: &str) -> Option<Meant> {
        let found = near(name, self.names.iter().map(String::as_str))?;
        let (shown, spelling) = self.shown.get(found.name)?;
        let mut sentence = sentence(found.likeness, shown);
        if *spelling == Spelling::Original && found.name != shown {
            sentence = Text::new(
                format!("close to `{}`, the name of `{shown}` in UIS", found.name),
                format!("похоже на `{}` — так `{shown}` называется в UIS", found.name),
            );
        }
        Some(Meant { shown: shown.clone(), sentence })
    }
}

impl Checker<'_> {
    /// Reports a name that is no field, setting, table or value.
    pub(crate) fn unknown_name(&mut self, name: &str, span: Span, expected: Option<Scalar>, ctx: &Ctx) {
        if let Some(Scalar::Enum(of)) = expected {
            self.unknown_value(name, span, of, ctx);
            return;
        }
        if self.scope.list(name).is_some() || self.scope.schedule(name).is_some() {
            self.list_as_value(name, span, ctx);
            return;
        }
        let found = problem(
            &codes::UNKNOWN_FIELD,
            ctx,
            span,
            Text::new(
                format!("there is no field, setting or table `{name}`"),
                format!("нет ни поля, ни настройки, ни таблицы `{name}`"),
            ),
            Text::new(
                format!("not known for {}", ctx.slots.to_en()),
                format!("не известно для {}", ctx.slots.to_ru()),
            ),
        );
        let meant = self.search(name, |checker| checker.value_candidates(ctx));
        let found = match meant {
            Some(meant) => offer(found, ctx, span, &meant),
            None => self.maybe_text(found, name, span, expected, ctx),
        };
        self.report(found);
    }

    /// Reports a word that is no value of an enum.
    fn unknown_value(&mut self, name: &str, span: Span, of: &'static EnumType, ctx: &Ctx) {
        let set = Text::new(of.name, of.ru);
        let found = problem(
            &codes::UNKNOWN_VALUE,
            ctx,
            span,
            Text::new(
                format!("`{name}` is no value of `{}`", set.en),
                format!("`{name}` — не значение для `{}`", set.ru),
            ),
            Text::new("not one of the known values", "такого значения нет"),
        );
        let mut candidates = Candidates::default();
        for value in of.values() {
            let item = value.item();
            let shown = ctx.lang.pick(item.en, item.ru);
            candidates.add(item.en, shown, Spelling::English);
            candidates.add(item.ru, shown, Spelling::Russian);
            item.ru_forms.iter().for_each(|form| candidates.add(form, shown, Spelling::RussianForm));
            item.originals.iter().for_each(|form| candidates.add(form, shown, Spelling::Original));
        }
        let values = |en: bool| {
            let names: Vec<String> = of
                .values()
                .take(MAX_SHOWN)
                .map(|value| format!("`{}`", if en { value.en() } else { value.ru() }))
                .collect();
            let more = if of.items.len() > MAX_SHOWN { ", …" } else { "" };
            format!("{}{more}", names.join(", "))
        };
        let found = match self.search(name, |_| candidates) {
            Some(meant) => offer(found, ctx, span, &meant),
            None => found,
        };
        self.report(found.note(Text::new(
            format!("the values are {}", values(true)),
            format!("возможные значения: {}", values(false)),
        )));
    }

    /// Reports a list or schedule that stands where a single value is asked for.
    fn list_as_value(&mut self, name: &str, span: Span, ctx: &Ctx) {
        let list = self.scope.list(name);
        list.and_then(|at| self.scope.lists.get_mut(at)).into_iter().for_each(|list| list.used = true);
        let schedule = self.scope.schedule(name);
        schedule
            .and_then(|at| self.scope.schedules.get_mut(at))
            .into_iter()
            .for_each(|found| found.used = true);
        let (en, ru) =
            if list.is_some() { ("a list", "список") } else { ("a schedule", "расписание") };
        self.report(
            problem(
                &codes::TYPE_MISMATCH,
                ctx,
                span,
                Text::new(
                    format!("`{name}` is {en}, not a value"),
                    format!("`{name}` — это {ru}, а не значение"),
                ),
                Text::new("a single value is needed here", "здесь нужно одно значение"),
            )
            .note(Text::new(
                format!("ask whether a value is in it: `in {name}`"),
                format!("спросите, входит ли в него значение: `в {name}`"),
            )),
        );
    }

    /// A word where a text is expected probably lacks its quotes.
    fn maybe_text(
        &self,
        found: Diagnostic,
        name: &str,
        span: Span,
        expected: Option<Scalar>,
        ctx: &Ctx,
    ) -> Diagnostic {
        if self.scope.function(name).is_some() {
            return found.note(Text::new(
                format!("`{name}` is a function: call it, `{name}(…)`"),
                format!("`{name}` — это функция: вызовите её, `{name}(…)`"),
            ));
        }
        if !expected.is_some_and(Scalar::is_textual) {
            return found;
        }
        found.note(Text::new("a text stands in quotes", "текст пишется в кавычках")).fix(write_instead(
            ctx,
            span,
            &format!("\"{name}\""),
            Safety::Unsafe,
        ))
    }

    /// Everything that can stand where a value is asked for.
    fn value_candidates(&self, ctx: &Ctx) -> Candidates {
        let mut candidates = Candidates::default();
        for kind in ctx.slots.kinds() {
            for (name, spelling, field) in schema().field_names(kind) {
                candidates.add(name, ctx.lang.pick(field.name(), field.ru()), spelling);
            }
            for (name, spelling, setting) in schema().setting_names(kind) {
                candidates.add(name, ctx.lang.pick(setting.spec.name, setting.spec.ru), spelling);
            }
        }
        candidates.add_all(self.scope.value_names(ctx.slots));
        candidates
    }

    /// Searches a likely meaning, unless that was done too often: a file of nothing but unknown names must not
    /// take for ever.
    pub(crate) fn search(
        &mut self,
        name: &str,
        candidates: impl FnOnce(&Self) -> Candidates,
    ) -> Option<Meant> {
        self.searched += 1;
        if self.searched > Self::MAX_SEARCHES {
            return None;
        }
        candidates(self).nearest(name)
    }

    /// Reports a name of some other kind (a list, a function, a filter…), with the nearest of `known`.
    pub(crate) fn unknown_other<'n>(
        &mut self,
        code: &'static Code,
        message: Text,
        name: &str,
        span: Span,
        known: impl IntoIterator<Item = &'n str>,
        ctx: &Ctx,
    ) {
        let found = problem(code, ctx, span, message, Text::new("not declared", "не объявлено"));
        let mut candidates = Candidates::default();
        candidates.add_all(known);
        let found = match self.search(name, |_| candidates) {
            Some(meant) => offer(found, ctx, span, &meant),
            None => found,
        };
        self.report(found);
    }
}

/// How many values of an enum a message names.
const MAX_SHOWN: usize = 12;

/// Adds the sentence that offers a likely meaning, and the fix that writes it.
pub(crate) fn offer(found: Diagnostic, ctx: &Ctx, span: Span, meant: &Meant) -> Diagnostic {
    found.note(meant.sentence.clone()).fix(write_instead(ctx, span, &meant.shown, Safety::Unsafe))
}
