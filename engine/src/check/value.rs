//! Values: what a written value is, of which type, and whether it may be missing.

use smol_str::SmolStr;
use switchboard_grammar::ast::{self, ValueKind};
use switchboard_grammar::codes;
use switchboard_grammar::diagnostic::{Label, Safety, Text};
use switchboard_grammar::span::Span;

use super::checker::{Checker, add_behind, problem, write_instead};
use super::ctx::Ctx;
use crate::program::{Call, Expr, Place};
use crate::schema::EnumType;
use crate::ty::{Scalar, Type};
use crate::value::Value;

/// A checked value.
#[derive(Clone, Debug)]
pub(crate) struct Typed {
    /// How to work it out.
    pub(crate) expr: Expr,
    /// What it is; optional when it may be missing.
    pub(crate) ty: Type,
    /// Where it stands.
    pub(crate) span: Span,
}

impl Typed {
    /// A value that is the same for every event.
    pub(crate) fn constant(value: Value, ty: Type, span: Span) -> Typed {
        let ty = if value.is_missing() { ty.optional() } else { ty };
        Typed { expr: Expr::Const(value), ty, span }
    }
}

impl Checker<'_> {
    /// A value of any type; `expected` tells how bare words and literals are to be read. None after a report.
    pub(crate) fn value(&mut self, value: &ast::Value, expected: Option<Scalar>, ctx: &Ctx) -> Option<Typed> {
        match &value.kind {
            ValueKind::Literal(literal) => self.literal(literal, expected, ctx),
            ValueKind::Path(path) => self.path(path, expected, ctx),
            ValueKind::Call(call) => self.call(call, value.span, ctx),
            ValueKind::Else { options, .. } => {
                let checked: Vec<Option<Typed>> =
                    options.iter().map(|option| self.value(option, expected, ctx)).collect();
                self.chain(checked.into_iter().collect::<Option<_>>()?, value.span, ctx)
            }
            ValueKind::Default(word) => {
                self.report(problem(
                    &codes::TYPE_MISMATCH,
                    ctx,
                    word.span,
                    Text::new(
                        "the built-in choice cannot stand here",
                        "встроенный вариант здесь не подходит",
                    ),
                    Text::new(
                        "only titles of tasks and funnels have one",
                        "он есть только у заголовка задачи и воронки",
                    ),
                ));
                None
            }
        }
    }

    /// A value of a type. None after a report.
    pub(crate) fn value_of(&mut self, value: &ast::Value, wanted: Type, ctx: &Ctx) -> Option<Typed> {
        let found = self.value(value, Some(wanted.scalar), ctx)?;
        self.fit(found, wanted, ctx)
    }

    /// A value as one of a type; a single value stands for a list of one. None after a report.
    ///
    /// Whether it may be missing is not asked.
    pub(crate) fn fit(&mut self, found: Typed, wanted: Type, ctx: &Ctx) -> Option<Typed> {
        let nothing = matches!(found.expr, Expr::Const(Value::Missing));
        if !nothing && !(wanted.scalar.accepts(found.ty.scalar) && (wanted.list || !found.ty.list)) {
            let any = found.ty.scalar == Scalar::Any && wanted.scalar.accepts(Scalar::Any);
            if !any {
                self.mismatch(found.span, found.ty, wanted, ctx);
                return None;
            }
        }
        let ty = Type {
            list: wanted.list,
            optional: found.ty.optional,
            scalar: narrower(wanted.scalar, found.ty.scalar),
        };
        let expr = if wanted.list && !found.ty.list && !nothing {
            Expr::List(Box::new([found.expr]))
        } else {
            found.expr
        };
        Some(Typed { expr: folded(expr), ty, span: found.span })
    }

    /// Values that stand in for one another, as one.
    fn chain(&mut self, options: Vec<Typed>, span: Span, ctx: &Ctx) -> Option<Typed> {
        let mut options = options.into_iter();
        let first = options.next()?;
        let mut ty = first.ty;
        let mut exprs = vec![first.expr];
        for option in options {
            let Some(joined) = join(ty, option.ty) else {
                let mut found = mismatch(option.span, option.ty, ty, ctx);
                found = found.label(Label::new(
                    ctx.file,
                    first.span,
                    Text::new(
                        format!("this is {}", ty.required().to_en()),
                        format!("это {}", ty.required().to_ru()),
                    ),
                ));
                self.report(found);
                return None;
            };
            ty = joined;
            exprs.push(option.expr);
        }
        Some(Typed { expr: Expr::Else(exprs.into()), ty, span })
    }

    fn call(&mut self, call: &ast::Call, span: Span, ctx: &Ctx) -> Option<Typed> {
        let name = call.name.dotted();
        let Some(at) = self.scope.function(&name) else {
            let broken_script = self.sections.iter().any(|placed| {
                placed.section.broken && matches!(placed.section.kind, ast::SectionKind::Script(_))
            });
            if broken_script || self.scope.broken_functions.contains(name.as_str()) {
                return None;
            }
            let known: Vec<SmolStr> =
                self.scope.functions.iter().map(|function| function.name.clone()).collect();
            self.unknown_other(
                &codes::UNKNOWN_FUNCTION,
                Text::new(
                    format!("no script declares a function `{name}`"),
                    format!("ни один скрипт не объявляет функцию `{name}`"),
                ),
                &name,
                call.name.span,
                known.iter().map(SmolStr::as_str),
                ctx,
            );
            return None;
        };
        let function = self.scope.functions.get(at)?.clone();
        if call.arguments.len() != function.parameters.len() {
            self.wrong_arguments(&name, span, call.arguments.len(), function.parameters.len(), ctx);
            return None;
        }
        let mut args = Vec::with_capacity(call.arguments.len());
        for (argument, (parameter, ty)) in call.arguments.iter().zip(&function.parameters) {
            let typed = self.value_of(argument, *ty, ctx);
            if let Some(typed) = &typed
                && typed.ty.optional
                && !ty.optional
            {
                self.may_be_missing(parameter, typed.span, ctx);
                args.push(None);
            } else {
                args.push(typed);
            }
        }
        let args: Option<Vec<Typed>> = args.into_iter().collect();
        let args = args?.into_iter().map(|argument| argument.expr).collect();
        let place = Place {
            section: u32::try_from(function.section).unwrap_or(u32::MAX),
            line: self.line(ctx.file, span),
        };
        // A call that fails gives nothing, whatever the function promises; templates and titles cope with that.
        Some(Typed {
            expr: Expr::Call(Box::new(Call { function: at, args, place })),
            ty: function.gives,
            span,
        })
    }

    fn wrong_arguments(&mut self, name: &str, span: Span, given: usize, taken: usize, ctx: &Ctx) {
        let values = if taken == 1 { "value" } else { "values" };
        self.report(problem(
            &codes::WRONG_ARGUMENTS,
            ctx,
            span,
            Text::new(
                format!("`{name}` takes {taken} {values}, but is given {given}"),
                format!("`{name}` принимает значений: {taken}, а передано: {given}"),
            ),
            Text::new("see its declaration", "сверьтесь с её объявлением"),
        ));
    }

    fn may_be_missing(&mut self, parameter: &str, span: Span, ctx: &Ctx) {
        let written = self.text(ctx.file, span);
        let word = ctx.lang.pick("else", "иначе");
        self.report(
            problem(
                &codes::MAY_BE_MISSING,
                ctx,
                span,
                Text::new(
                    format!("`{written}` may be missing, but `{parameter}` must be there"),
                    format!("`{written}` может быть пусто, а `{parameter}` должно быть всегда"),
                ),
                Text::new("say what to take then", "скажите, что взять вместо него"),
            )
            .fix(add_behind(ctx, span, &format!(" {word} \"—\""), Safety::Unsafe)),
        );
    }

    /// Reports a value of another type than is needed.
    pub(crate) fn mismatch(&mut self, span: Span, found: Type, wanted: Type, ctx: &Ctx) {
        let found = mismatch(span, found, wanted, ctx);
        self.report(found);
    }

    /// A text in place of a value of a closed enum: the value itself is written bare.
    pub(crate) fn quoted_enum(&mut self, text: &str, span: Span, of: &'static EnumType, ctx: &Ctx) {
        let value = of.find_folded(text);
        let mut found = problem(
            &codes::TYPE_MISMATCH,
            ctx,
            span,
            Text::new(
                format!("this is text, but a value of `{}` is needed", of.name),
                format!("это текст, а нужно значение для `{}`", of.ru),
            ),
            Text::new("such values stand without quotes", "такие значения пишутся без кавычек"),
        );
        if let Some(value) = value {
            let right = ctx.lang.pick(value.en(), value.ru());
            found = found.fix(write_instead(ctx, span, right, Safety::Safe));
        }
        self.report(found);
    }
}

/// Two types as one: what `a else b`, or a column of cells, gives. None when they do not go together.
pub(crate) fn join(first: Type, second: Type) -> Option<Type> {
    if first.list != second.list && first.scalar != Scalar::Any && second.scalar != Scalar::Any {
        return None;
    }
    let scalar = match (first.scalar, second.scalar) {
        (a, b) if a == b => a,
        // A text that stands in for a reference is meant as one.
        (Scalar::Reference(kind), Scalar::Text) | (Scalar::Text, Scalar::Reference(kind)) => {
            Scalar::Reference(kind)
        }
        (Scalar::Enum(of), Scalar::Text) | (Scalar::Text, Scalar::Enum(of)) if of.open => Scalar::Enum(of),
        (Scalar::Any, _) | (_, Scalar::Any) => Scalar::Any,
        _ => return None,
    };
    Some(Type { scalar, list: first.list || second.list, optional: first.optional && second.optional })
}

/// The more telling of two types that go together.
const fn narrower(wanted: Scalar, found: Scalar) -> Scalar {
    match (wanted, found) {
        (Scalar::Any, found) => found,
        (wanted, _) => wanted,
    }
}

/// A list of constants is a constant.
pub(crate) fn folded(expr: Expr) -> Expr {
    match expr {
        Expr::List(items) if items.iter().all(|item| matches!(item, Expr::Const(_))) => {
            let mut values = Vec::new();
            for item in &items {
                if let Expr::Const(value) = item {
                    values.extend(value.elements().iter().cloned());
                }
            }
            Expr::Const(Value::list(values))
        }
        other => other,
    }
}

fn mismatch(span: Span, found: Type, wanted: Type, ctx: &Ctx) -> switchboard_grammar::diagnostic::Diagnostic {
    let (found, wanted) = (found.required(), wanted.required());
    let report = problem(
        &codes::TYPE_MISMATCH,
        ctx,
        span,
        Text::new(
            format!("this is {}, but {} is needed", found.to_en(), wanted.to_en()),
            format!("это {}, а нужно: {}", found.to_ru(), wanted.to_ru()),
        ),
        Text::new(found.to_en(), found.to_ru()),
    );
    match (found.list, wanted.list) {
        (true, false) => report.note(Text::new(
            "to ask about a list, write `contains`",
            "чтобы спросить о списке, пишите `содержит`",
        )),
        _ => report,
    }
}
