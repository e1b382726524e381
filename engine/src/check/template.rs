//! Texts with holes: what is put in, that something is always put in, and how long it can get.

use switchboard_grammar::ast::{self, ValueKind};
use switchboard_grammar::codes;
use switchboard_grammar::diagnostic::{Safety, Severity, Text};
use switchboard_grammar::span::Span;

use super::checker::{Checker, add_behind, problem};
use super::ctx::Ctx;
use super::unknown::Candidates;
use super::value::{Typed, join};
use crate::catalog::{TITLE_MAX_CHARS, schema};
use crate::filters::{self, Filter, FilterSpec};
use crate::program::{Expr, Part, Template};
use crate::schema::EventKind;
use crate::ty::{Scalar, Type};
use crate::value::Value;

const TEXT: Type = Type::of(Scalar::Text);

impl Checker<'_> {
    /// A text in quotes where a value of type `expected` is asked for. None after a report.
    pub(crate) fn text_literal(
        &mut self,
        text: &ast::TextLiteral,
        expected: Option<Scalar>,
        ctx: &Ctx,
    ) -> Option<Typed> {
        let Some(plain) = text.plain() else { return self.template(text, ctx) };
        match expected {
            Some(Scalar::Phone) if !plain.trim().is_empty() => return self.phone_text(plain, text.span, ctx),
            Some(Scalar::Enum(of)) if of.open => {
                // Known values are known by any of their names, in quotes or not.
                if let Some(value) = of.find_folded(plain) {
                    return Some(Typed::constant(Value::Enum(value), Type::of(Scalar::Enum(of)), text.span));
                }
            }
            Some(Scalar::Enum(of)) if !plain.trim().is_empty() => {
                self.quoted_enum(plain, text.span, of, ctx);
                return None;
            }
            Some(Scalar::Reference(kind)) => self.known_reference(kind, plain, text.span, ctx),
            _ => {}
        }
        Some(Typed::constant(Value::text(plain), TEXT, text.span))
    }

    /// A text with holes. None after a report.
    fn template(&mut self, text: &ast::TextLiteral, ctx: &Ctx) -> Option<Typed> {
        let mut parts = Vec::with_capacity(text.parts.len());
        let mut complete = true;
        for part in &text.parts {
            match part {
                ast::Part::Text { text, .. } => parts.push(Part::Text(text.to_string())),
                ast::Part::Hole(hole) => match self.hole(hole, ctx) {
                    Some(part) => parts.push(part),
                    None => complete = false,
                },
            }
        }
        let template = Template { parts: parts.into(), lang: ctx.lang };
        complete.then(|| Typed { expr: Expr::Template(Box::new(template)), ty: TEXT, span: text.span })
    }

    fn hole(&mut self, hole: &ast::Hole, ctx: &Ctx) -> Option<Part> {
        let typed = self.printed(&hole.value, ctx);
        let mut ty = typed.as_ref().map(|typed| typed.ty);
        let mut filters = Vec::with_capacity(hole.filters.len());
        let mut complete = true;
        for written in &hole.filters {
            match self.template_filter(written, ty, ctx) {
                Some(filter) => filters.push(filter),
                None => complete = false,
            }
            ty = ty.map(|ty| Type { optional: ty.optional, ..TEXT });
        }
        let mut typed = typed?;
        if typed.ty.optional {
            match stand_in(&typed.expr, ctx) {
                Some(stand_in) => {
                    let mut options = match typed.expr {
                        Expr::Else(options) => options.into_vec(),
                        single => vec![single],
                    };
                    options.push(Expr::Const(stand_in));
                    typed.expr = Expr::Else(options.into());
                }
                None => {
                    self.may_be_empty(typed.span, ctx);
                    complete = false;
                }
            }
        }
        complete.then(|| Part::Hole { value: typed.expr, ty: typed.ty.required(), filters: filters.into() })
    }

    /// A value to be printed: of any type, and its fallbacks may be of other types.
    pub(crate) fn printed(&mut self, value: &ast::Value, ctx: &Ctx) -> Option<Typed> {
        let ValueKind::Else { options, .. } = &value.kind else { return self.value(value, None, ctx) };
        let checked: Vec<Option<Typed>> = options.iter().map(|option| self.printed(option, ctx)).collect();
        let checked: Vec<Typed> = checked.into_iter().collect::<Option<_>>()?;
        let types = checked.iter().map(|typed| typed.ty);
        let optional = types.clone().all(|ty| ty.optional);
        let list = types.clone().any(|ty| ty.list);
        let joined = types.map(Some).reduce(|first, second| join(first?, second?)).flatten();
        // Of several types only this is known: it can be printed, and joined if a list is among them.
        let ty = Type { optional, ..joined.unwrap_or(Type { list, ..TEXT }) };
        let exprs = checked.into_iter().map(|typed| typed.expr).collect();
        Some(Typed { expr: Expr::Else(exprs), ty, span: value.outer_span() })
    }

    fn template_filter(
        &mut self,
        written: &ast::TemplateFilter,
        ty: Option<Type>,
        ctx: &Ctx,
    ) -> Option<Filter> {
        let name = &written.name;
        let Some((spec, spelling)) = filters::find(&name.text) else {
            self.unknown_filter(name, ctx);
            return None;
        };
        let right = ctx.lang.pick(spec.name, spec.ru);
        // Most people know filters by their English names from Twig; both are fine in a Russian file.
        if !ctx.speaks(spelling) && spelling != crate::schema::Spelling::English {
            self.foreign_name(ctx, name.span, right);
        }
        if let Some(ty) = ty
            && !spec.kind.takes(ty)
        {
            self.filter_on_wrong_type(written, spec, ty, ctx);
            return None;
        }
        let mut arguments = Vec::with_capacity(written.arguments.len());
        for argument in &written.arguments {
            match self.filter_argument(argument) {
                Some(value) => arguments.push(value),
                None => {
                    self.misused(
                        written.span,
                        argument.outer_span(),
                        FILTER_ARGUMENT.0,
                        FILTER_ARGUMENT.1,
                        ctx,
                    );
                    return None;
                }
            }
        }
        match Filter::new(spec, &arguments) {
            Ok(filter) => {
                if let Some(ty) = ty
                    && filter.prints_what_is_not_there(ty.scalar)
                {
                    let (en, ru) = ("the value has no such part", "у значения нет такой части");
                    self.misused(written.span, written.span, en, ru, ctx);
                    return None;
                }
                Some(filter)
            }
            Err(error) => {
                self.misused(written.span, written.span, &error.to_string(), &error.ru(), ctx);
                None
            }
        }
    }

    /// A filter's argument: text or number, as written.
    fn filter_argument(&self, argument: &ast::Value) -> Option<Value> {
        let ValueKind::Literal(literal) = &argument.kind else { return None };
        match &literal.kind {
            // A separator may be blank, which elsewhere would be a missing value.
            ast::LiteralKind::Text(text) => Some(Value::Text(crate::text::Text::new(text.plain()?))),
            ast::LiteralKind::Number(number) => crate::decimal::parse(&number.text).map(Value::Number),
            _ => None,
        }
    }

    fn unknown_filter(&mut self, name: &ast::Name, ctx: &Ctx) {
        let found = problem(
            &codes::UNKNOWN_FILTER,
            ctx,
            name.span,
            Text::new(format!("there is no filter `{}`", name.text), format!("нет фильтра `{}`", name.text)),
            Text::new("not a filter of templates", "такого фильтра в шаблонах нет"),
        );
        let mut candidates = Candidates::default();
        for spec in &filters::ALL {
            candidates.add(spec.name, spec.name, crate::schema::Spelling::English);
            candidates.add(spec.ru, ctx.lang.pick(spec.name, spec.ru), crate::schema::Spelling::Russian);
        }
        let found = match self.search(&name.text, |_| candidates) {
            Some(meant) => super::unknown::offer(found, ctx, name.span, &meant),
            None => {
                let all: Vec<String> = filters::ALL.iter().map(|spec| format!("`{}`", spec.name)).collect();
                found.note(Text::new(
                    format!("the filters are {}", all.join(", ")),
                    format!("фильтры: {}", all.join(", ")),
                ))
            }
        };
        self.report(found);
    }

    fn filter_on_wrong_type(
        &mut self,
        written: &ast::TemplateFilter,
        spec: &'static FilterSpec,
        ty: Type,
        ctx: &Ctx,
    ) {
        let takes = spec.kind.takes_in_words();
        let ty = ty.required();
        self.report(problem(
            &codes::FILTER_MISUSE,
            ctx,
            written.span,
            Text::new(
                format!("`{}` takes {}, but this is {}", written.name.text, takes.en, ty.to_en()),
                format!("`{}` принимает {}, а это {}", written.name.text, takes.ru, ty.to_ru()),
            ),
            Text::new("does not go with the value before it", "не подходит к значению перед ним"),
        ));
    }

    fn misused(&mut self, filter: Span, place: Span, en: &str, ru: &str, ctx: &Ctx) {
        let written = self.text(ctx.file, filter);
        self.report(problem(
            &codes::FILTER_MISUSE,
            ctx,
            place,
            Text::new(
                format!("`{written}` cannot be used so: {en}"),
                format!("`{written}` так использовать нельзя: {ru}"),
            ),
            Text::new("see the filter's description", "сверьтесь с описанием фильтра"),
        ));
    }

    /// Reports a hole, or a whole text, that may stay empty.
    pub(crate) fn may_be_empty(&mut self, span: Span, ctx: &Ctx) {
        let written = self.text(ctx.file, span);
        let word = ctx.lang.pick("else", "иначе");
        self.report(
            problem(
                &codes::TEMPLATE_MAY_BE_EMPTY,
                ctx,
                span,
                Text::new(
                    format!("`{written}` may be missing and would leave a gap"),
                    format!("`{written}` может быть пусто, и на его месте ничего не будет"),
                ),
                Text::new("say what to print then", "скажите, что писать вместо него"),
            )
            .fix(add_behind(ctx, span, &format!(" {word} \"—\""), Safety::Unsafe)),
        );
    }

    /// Reports a title that may not fit.
    ///
    /// Only worth knowing when it is visitors' texts that are too long now and then; a warning when even the
    /// words between the holes do not fit.
    pub(crate) fn title_length(&mut self, title: &Typed, ctx: &Ctx) {
        let longest = self.longest(&title.expr, ctx.lang);
        if longest.is_some_and(|longest| longest <= TITLE_MAX_CHARS) {
            return;
        }
        let shortest = match &title.expr {
            Expr::Template(template) => Self::shortest_template(template),
            Expr::Const(value) => value.render(ctx.lang).chars().count(),
            _ => 0,
        };
        let (en, ru) = match longest {
            Some(longest) => (format!("up to {longest} characters"), format!("до {longest} знаков")),
            None => ("no limit to its length".to_owned(), "длина не ограничена".to_owned()),
        };
        let severity = if shortest > TITLE_MAX_CHARS { Severity::Warning } else { Severity::Info };
        self.report(
            problem(
                &codes::TITLE_TOO_LONG,
                ctx,
                title.span,
                Text::new(
                    format!("this title may be longer than the {TITLE_MAX_CHARS} characters that RetailCRM keeps"),
                    format!("этот заголовок может быть длиннее {TITLE_MAX_CHARS} знаков, которые хранит RetailCRM"),
                ),
                Text::new(en, ru),
            )
            .severity(severity)
            .note(Text::new(
                "longer titles are cut at the end; to choose what is cut, write `| cut 40` behind a value",
                "что не поместится, обрежется с конца; чтобы выбрать, что резать, допишите к значению `| cut 40`",
            )),
        );
    }
}

const FILTER_ARGUMENT: (&str, &str) =
    ("an argument is a text in quotes or a number", "аргумент — это текст в кавычках или число");

/// What is printed in place of a field that practically never is missing.
fn stand_in(expr: &Expr, ctx: &Ctx) -> Option<Value> {
    let last = match expr {
        Expr::Else(options) => options.last()?,
        single => single,
    };
    let Expr::Field(key) = last else { return None };
    let field = EventKind::ALL.into_iter().find_map(|kind| schema().field(kind, key.id))?;
    let docs = field.spec.stand_in?;
    Some(Value::text(ctx.lang.pick(docs.en, docs.ru)))
}
