//! Lists: values written in rules or read from a file of the bundle.

use std::sync::Arc;

use switchboard_grammar::ast::{self, Literal, LiteralKind, ValueKind};
use switchboard_grammar::codes;
use switchboard_grammar::diagnostic::{Severity, Text};
use switchboard_grammar::span::Span;

use super::checker::{Checker, problem};
use super::ctx::Ctx;
use super::unknown::Candidates;
use crate::lists::{ListError, ValueList, from_csv};
use crate::program::Expr;
use crate::ty::{Scalar, Type};
use crate::value::Value;

impl<'a> Checker<'a> {
    /// The values of a list. None after a report.
    pub(crate) fn list_values(&mut self, ctx: &Ctx, list: &ast::List) -> Option<Arc<ValueList>> {
        if let Some(file) = &list.file {
            return self.list_file(ctx, file).map(Arc::new);
        }
        let mut values = ValueList::default();
        let mut complete = true;
        for written in list.values() {
            let Some(value) = self.list_value(written, ctx) else {
                complete = false;
                continue;
            };
            if let Err(error) = values.push(value) {
                self.list_problem(written.outer_span(), &error.to_string(), &error.ru(), ctx);
                complete = false;
                if error == ListError::TooManyValues {
                    break;
                }
            }
        }
        complete.then(|| Arc::new(values))
    }

    /// A value of a list: the same for every event. A bare word is a value of whatever enum is asked about.
    fn list_value(&mut self, written: &ast::Value, ctx: &Ctx) -> Option<Value> {
        match &written.kind {
            ValueKind::Literal(Literal { kind: LiteralKind::Text(text), .. }) if text.plain().is_none() => {
                self.plain_text_needed(text.span, ctx);
                None
            }
            ValueKind::Literal(literal) => match self.literal(literal, None, ctx)?.expr {
                Expr::Const(value) => Some(value),
                _ => {
                    self.list_problem(
                        written.outer_span(),
                        "moments are compared with `>` and `<`, not looked up",
                        "моменты сравнивают через `>` и `<`, а не ищут в списке",
                        ctx,
                    );
                    None
                }
            },
            ValueKind::Path(path) if path.single().is_some() => Some(Value::text(path.dotted())),
            _ => {
                self.list_problem(
                    written.outer_span(),
                    "a list holds values that are written out",
                    "в списке бывают только готовые значения",
                    ctx,
                );
                None
            }
        }
    }

    fn list_problem(&mut self, span: Span, en: &str, ru: &str, ctx: &Ctx) {
        let written = self.text(ctx.file, span);
        self.report(problem(
            &codes::LIST_FILE,
            ctx,
            span,
            Text::new(
                format!("`{written}` cannot stand in a list: {en}"),
                format!("`{written}` не может стоять в списке: {ru}"),
            ),
            Text::new("not a value of a list", "не значение списка"),
        ));
    }

    fn list_file(&mut self, ctx: &Ctx, file: &ast::ListFile) -> Option<ValueList> {
        let bytes = self.asset(&file.path, ".csv", ctx)?;
        let column = match &file.column {
            None => None,
            Some((_, column)) => match column.plain() {
                Some(name) => Some(name),
                None => {
                    self.plain_text_needed(column.span, ctx);
                    return None;
                }
            },
        };
        match from_csv(bytes, column) {
            Ok(list) => Some(list),
            Err(error) => {
                let span = match &file.column {
                    Some((_, column)) => column.span,
                    None => file.path.span,
                };
                let written = self.text(ctx.file, file.path.span);
                self.report(problem(
                    &codes::LIST_FILE,
                    ctx,
                    span,
                    Text::new(
                        format!("{written} cannot be read as a list: {error}"),
                        format!("{written} не читается как список: {}", error.ru()),
                    ),
                    Text::new("the list comes from here", "список берётся отсюда"),
                ));
                None
            }
        }
    }

    /// A list as it is asked about by a value of a type. None after a report.
    pub(crate) fn list_set(
        &mut self,
        at: usize,
        asked: Scalar,
        span: Span,
        ctx: &Ctx,
    ) -> Option<Arc<ValueList>> {
        let list = self.scope.lists.get_mut(at)?;
        list.used = true;
        let (name, section) = (list.name.clone(), list.section);
        let values = Arc::clone(list.values.as_ref()?);
        if list.asked.contains(&asked) {
            return Some(values);
        }
        list.asked.push(asked);
        let (count, first) = {
            let mut misfits = values.misfits(asked);
            let first = misfits.next().map(|entry| (entry.text.clone(), entry.line));
            (usize::from(first.is_some()) + misfits.count(), first)
        };
        let Some((text, line)) = first else { return Some(values) };
        if count == values.len() {
            self.mismatch_list(&name, span, values.scalar(), asked, ctx);
            return None;
        }
        let placed = self.sections.get(section).copied()?;
        let wanted = Type::of(asked);
        let here = Ctx::new(placed.file, placed.lang, ctx.slots);
        self.report(
            problem(
                &codes::LIST_FILE,
                &here,
                placed.section.head,
                Text::new(
                    format!("{count} of {} values of `{name}` are no {}", values.len(), wanted.to_en()),
                    format!(
                        "в `{name}` не подходят под «{}» значений: {count} из {}",
                        wanted.to_ru(),
                        values.len()
                    ),
                ),
                match line {
                    0 => Text::new(format!("the first is `{text}`"), format!("первое — `{text}`")),
                    line => Text::new(
                        format!("the first is `{text}` on line {line} of the file"),
                        format!("первое — `{text}` в строке {line} файла"),
                    ),
                },
            )
            .severity(Severity::Warning)
            .note(Text::new("they can never match", "они никогда не совпадут")),
        );
        Some(values)
    }

    fn mismatch_list(&mut self, name: &str, span: Span, found: Scalar, asked: Scalar, ctx: &Ctx) {
        let (found, asked) = (Type::of(found), Type::of(asked));
        self.report(problem(
            &codes::TYPE_MISMATCH,
            ctx,
            span,
            Text::new(
                format!("`{name}` is a list of {}, and {} is looked for", found.to_en(), asked.to_en()),
                format!("`{name}` — это список: {}, а ищется {}", found.to_ru(), asked.to_ru()),
            ),
            Text::new("no value of it can match", "ни одно значение не совпадёт"),
        ));
    }

    /// The bytes of a file that rules name, by its path inside the bundle. None after a report.
    pub(crate) fn asset(&mut self, path: &ast::TextLiteral, ending: &str, ctx: &Ctx) -> Option<&'a [u8]> {
        let Some(name) = path.plain() else {
            self.plain_text_needed(path.span, ctx);
            return None;
        };
        let found = self.assets.get(name).filter(|_| name.ends_with(ending));
        if found.is_none() {
            self.missing_file(name, path.span, ending, ctx);
        }
        found
    }

    /// Reports a file that the bundle does not hold.
    pub(crate) fn missing_file(&mut self, name: &str, span: Span, ending: &str, ctx: &Ctx) {
        let mut candidates = Candidates::default();
        candidates.add_all(self.assets.iter().map(|(path, _)| path).filter(|path| path.ends_with(ending)));
        let found = problem(
            &codes::MISSING_FILE,
            ctx,
            span,
            Text::new(format!("the bundle has no file `{name}`"), format!("в наборе нет файла `{name}`")),
            Text::new("named by its path inside the bundle", "имя файла — это путь внутри набора"),
        );
        let found = match self.search(name, |_| candidates) {
            Some(meant) => found.note(meant.sentence.clone()).fix(super::checker::write_instead(
                ctx,
                span,
                &format!("\"{}\"", meant.shown),
                switchboard_grammar::diagnostic::Safety::Unsafe,
            )),
            None => found,
        };
        self.report(found);
    }
}
