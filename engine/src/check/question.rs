//! Questions about a value: operators and what they compare with.
//!
//! The value is given; conditions bring the left side of a test, tables the column of a cell.

use switchboard_grammar::ast::{self, Item, Operand, Operation, Operator};
use switchboard_grammar::codes;
use switchboard_grammar::diagnostic::{Safety, Text};
use switchboard_grammar::span::Span;

use super::checker::{Checker, problem, write_instead};
use super::condition::opposite;
use super::ctx::Ctx;
use super::value::Typed;
use crate::program::{Check, Expr, Relation, ScheduleId, Test};
use crate::ty::{Scalar, Type};
use crate::value::{Pattern, PatternError, Value};

impl Checker<'_> {
    /// A question about `left`; without an operator, as `is`. None after a report.
    pub(crate) fn question(
        &mut self,
        left: &Typed,
        operator: Option<&Operator>,
        operand: &Operand,
        span: Span,
        ctx: &Ctx,
    ) -> Option<Check> {
        let operation = operator.map_or(Operation::Is, |operator| operator.operation);
        self.known_numbers(left, operand, ctx);
        let check = match operation {
            Operation::Missing => Some(opposite(Check::Test(Test::Present))),
            Operation::Is => self.is(left, operator, operand, span, ctx),
            Operation::In => self.is_in(left, operator, operand, span, ctx),
            Operation::Contains => self.contains(left, operand, span, ctx),
            Operation::StartsWith => {
                self.text_operand(left, operand, span, ctx, true).map(|of| Check::Test(Test::StartsWith(of)))
            }
            Operation::EndsWith => {
                self.text_operand(left, operand, span, ctx, false).map(|of| Check::Test(Test::EndsWith(of)))
            }
            Operation::Like => self.like(left, operand, span, ctx),
            Operation::AtLeast => self.ordered(left, Relation::AtLeast, operand, span, ctx),
            Operation::AtMost => self.ordered(left, Relation::AtMost, operand, span, ctx),
            Operation::Over => self.ordered(left, Relation::Greater, operand, span, ctx),
            Operation::Under => self.ordered(left, Relation::Less, operand, span, ctx),
        }?;
        Some(if operator.is_some_and(|operator| operator.negated) { opposite(check) } else { check })
    }

    fn is(
        &mut self,
        left: &Typed,
        operator: Option<&Operator>,
        operand: &Operand,
        span: Span,
        ctx: &Ctx,
    ) -> Option<Check> {
        if left.ty.list {
            self.list_compared(operator, span, ctx);
            return None;
        }
        let checks: Vec<Option<Check>> =
            operand.items().iter().map(|item| self.is_one(left.ty, item, ctx)).collect();
        one_of(checks)
    }

    /// `is v`, `is exactly "v"`: one value.
    fn is_one(&mut self, left: Type, item: &Item, ctx: &Ctx) -> Option<Check> {
        let right = self.value(&item.value, Some(left.scalar), ctx)?;
        if matches!(right.expr, Expr::Const(Value::Missing)) {
            self.compared_with_nothing(item.value.outer_span(), ctx);
            return None;
        }
        if right.ty.list || !goes_with(left.scalar, right.ty.scalar) {
            self.mismatch(right.span, right.ty, left.element(), ctx);
            return None;
        }
        let Some(word) = &item.exactly else { return Some(Check::Test(Test::Is(right.expr))) };
        if !right.ty.scalar.is_textual() {
            self.report(problem(
                &codes::TYPE_MISMATCH,
                ctx,
                word.span.cover(right.span),
                Text::new(
                    "only texts can be compared letter by letter",
                    "буква в букву сравниваются только тексты",
                ),
                Text::new(right.ty.required().to_en(), right.ty.required().to_ru()),
            ));
            return None;
        }
        Some(Check::Test(Test::Exactly(right.expr)))
    }

    fn is_in(
        &mut self,
        left: &Typed,
        operator: Option<&Operator>,
        operand: &Operand,
        span: Span,
        ctx: &Ctx,
    ) -> Option<Check> {
        if left.ty.list {
            self.list_compared(operator, span, ctx);
            return None;
        }
        if let Operand::One(item) = operand {
            return self.is_in_named(left, item, ctx);
        }
        let checks: Vec<Option<Check>> =
            operand.items().iter().map(|item| self.is_one(left.ty, item, ctx)).collect();
        one_of(checks)
    }

    /// `in NAME`: a list, a schedule, or a value that is a list.
    fn is_in_named(&mut self, left: &Typed, item: &Item, ctx: &Ctx) -> Option<Check> {
        let name = item.value.path().map(ast::Path::dotted);
        let span = item.value.outer_span();
        if let Some(name) = &name {
            if let Some(at) = self.scope.list(name) {
                let set = self.list_set(at, left.ty.scalar, span, ctx)?;
                self.known_list(at, left);
                return Some(Check::Test(Test::InSet(set)));
            }
            if let Some(at) = self.scope.schedule(name) {
                self.scope.schedules.get_mut(at).into_iter().for_each(|schedule| schedule.used = true);
                if !matches!(left.ty.scalar, Scalar::Moment | Scalar::Any) {
                    self.mismatch(left.span, left.ty, Type::of(Scalar::Moment), ctx);
                    return None;
                }
                let id = ScheduleId(u32::try_from(at).unwrap_or(u32::MAX));
                return Some(Check::Test(Test::InSchedule(id)));
            }
            if !self.is_known_value(name, ctx) {
                self.unknown_list(name, span, ctx);
                return None;
            }
        }
        let right = self.value(&item.value, Some(left.ty.scalar), ctx)?;
        if !right.ty.list || !goes_with(left.ty.scalar, right.ty.scalar) {
            let wanted = Type { list: true, ..left.ty };
            self.mismatch(right.span, right.ty, wanted, ctx);
            return None;
        }
        Some(Check::Test(Test::Among(right.expr)))
    }

    /// Whether a name is a field, table or setting of some event.
    fn is_known_value(&self, name: &str, ctx: &Ctx) -> bool {
        let head = name.split('.').next().unwrap_or(name);
        let field = |kind| crate::catalog::schema().find_field(kind, name).is_some();
        ctx.slots.kinds().any(field) || !self.scope.named(&self.canonical(head, ctx.slots)).is_empty()
    }

    fn unknown_list(&mut self, name: &str, span: Span, ctx: &Ctx) {
        let lists = self.scope.lists.iter().map(|list| list.name.clone());
        let known: Vec<_> =
            lists.chain(self.scope.schedules.iter().map(|found| found.name.clone())).collect();
        self.unknown_other(
            &codes::UNKNOWN_LIST,
            Text::new(
                format!("there is no list or schedule `{name}`"),
                format!("нет ни списка, ни расписания `{name}`"),
            ),
            name,
            span,
            known.iter().map(smol_str::SmolStr::as_str),
            ctx,
        );
    }

    fn contains(&mut self, left: &Typed, operand: &Operand, span: Span, ctx: &Ctx) -> Option<Check> {
        if !left.ty.list {
            return self
                .text_operand(left, operand, span, ctx, false)
                .map(|of| Check::Test(Test::Contains(of)));
        }
        let item = operand.items().first()?;
        let right = self.value(&item.value, Some(left.ty.scalar), ctx)?;
        if right.ty.list || !goes_with(left.ty.scalar, right.ty.scalar) {
            self.mismatch(right.span, right.ty, left.ty.element(), ctx);
            return None;
        }
        Some(Check::Test(Test::Contains(right.expr)))
    }

    /// What a question about a piece of text compares with. The digits of a phone can be asked about, too.
    fn text_operand(
        &mut self,
        left: &Typed,
        operand: &Operand,
        span: Span,
        ctx: &Ctx,
        from_start: bool,
    ) -> Option<Expr> {
        let item = operand.items().first()?;
        if !self.has_text(left, span, ctx) {
            return None;
        }
        let right = self.value(&item.value, Some(Scalar::Text), ctx)?;
        if right.ty.list || !Scalar::Text.accepts(right.ty.scalar) {
            self.mismatch(right.span, right.ty, Type::of(Scalar::Text), ctx);
            return None;
        }
        if left.ty.scalar != Scalar::Phone {
            return Some(right.expr);
        }
        match right.expr {
            Expr::Const(Value::Text(text)) => Some(Expr::Const(phone_piece(text.as_str(), from_start))),
            other => Some(other),
        }
    }

    fn like(&mut self, left: &Typed, operand: &Operand, span: Span, ctx: &Ctx) -> Option<Check> {
        let item = operand.items().first()?;
        if !self.has_text(left, span, ctx) {
            return None;
        }
        let literal = match &item.value.kind {
            ast::ValueKind::Literal(ast::Literal { kind: ast::LiteralKind::Text(text), .. }) => text.plain(),
            _ => None,
        };
        let place = item.value.outer_span();
        let Some(pattern) = literal else {
            self.report(problem(
                &codes::TYPE_MISMATCH,
                ctx,
                place,
                Text::new("a pattern has to be written out", "образец нужно написать полностью"),
                Text::new("a text in quotes is needed", "нужен текст в кавычках"),
            ));
            return None;
        };
        match Pattern::new(pattern) {
            Ok(pattern) => Some(Check::Test(Test::Like(pattern))),
            Err(PatternError::Empty) => {
                self.compared_with_nothing(place, ctx);
                None
            }
            Err(_) => {
                self.report(problem(
                    &codes::OUT_OF_RANGE,
                    ctx,
                    place,
                    Text::new("this pattern is too long", "этот образец слишком длинный"),
                    Text::new(
                        format!("{} characters are the most", Pattern::MAX_CHARS),
                        format!("не больше {} знаков", Pattern::MAX_CHARS),
                    ),
                ));
                None
            }
        }
    }

    fn ordered(
        &mut self,
        left: &Typed,
        relation: Relation,
        operand: &Operand,
        span: Span,
        ctx: &Ctx,
    ) -> Option<Check> {
        let item = operand.items().first()?;
        if left.ty.list || !left.ty.scalar.is_ordered() {
            let ty = left.ty.required();
            self.report(problem(
                &codes::TYPE_MISMATCH,
                ctx,
                span,
                Text::new(
                    format!("a value of type {} is never greater or smaller", ty.to_en()),
                    format!("значение типа «{}» не бывает больше или меньше", ty.to_ru()),
                ),
                Text::new("only numbers and times have an order", "порядок есть только у чисел и времени"),
            ));
            return None;
        }
        let right = self.value(&item.value, Some(left.ty.scalar), ctx)?;
        if right.ty.list || !goes_with(left.ty.scalar, right.ty.scalar) {
            self.mismatch(right.span, right.ty, left.ty.element(), ctx);
            return None;
        }
        Some(Check::Test(Test::Order(relation, right.expr)))
    }

    /// Whether pieces of a value can be asked about; reports when not.
    fn has_text(&mut self, left: &Typed, span: Span, ctx: &Ctx) -> bool {
        let open = matches!(left.ty.scalar, Scalar::Enum(of) if of.open);
        if left.ty.scalar.is_textual() || matches!(left.ty.scalar, Scalar::Phone | Scalar::Any) || open {
            return true;
        }
        let ty = left.ty.required();
        self.report(problem(
            &codes::TYPE_MISMATCH,
            ctx,
            span,
            Text::new(
                format!("only texts have pieces, and the type of this is {}", ty.to_en()),
                format!("части бывают у текста, а это {}", ty.to_ru()),
            ),
            Text::new(ty.to_en(), ty.to_ru()),
        ));
        false
    }

    /// A list is asked with `contains`.
    fn list_compared(&mut self, operator: Option<&Operator>, span: Span, ctx: &Ctx) {
        let mut found = problem(
            &codes::TYPE_MISMATCH,
            ctx,
            span,
            Text::new("a list is no single value", "список — это не одно значение"),
            Text::new("ask what it contains", "спросите, что он содержит"),
        );
        if let Some(operator) = operator {
            let right = match (operator.negated, ctx.lang) {
                (false, switchboard_grammar::lang::Lang::En) => "contains",
                (true, switchboard_grammar::lang::Lang::En) => "not contains",
                (false, switchboard_grammar::lang::Lang::Ru) => "содержит",
                (true, switchboard_grammar::lang::Lang::Ru) => "не содержит",
            };
            found = found.fix(write_instead(ctx, operator.word.span, right, Safety::Unsafe));
        }
        self.report(found);
    }

    /// An empty text is the same as none.
    fn compared_with_nothing(&mut self, span: Span, ctx: &Ctx) {
        self.report(
            problem(
                &codes::TYPE_MISMATCH,
                ctx,
                span,
                Text::new("an empty text is a missing value", "пустой текст — это отсутствие значения"),
                Text::new("nothing is ever equal to it", "ничто ему не равно"),
            )
            .note(Text::new("ask `is missing` or `is present`", "спросите `пусто` или `указано`")),
        );
    }
}

/// Whether values of two types can be compared.
fn goes_with(left: Scalar, right: Scalar) -> bool {
    left.accepts(right) || right.accepts(left)
}

/// One of several questions.
fn one_of(checks: Vec<Option<Check>>) -> Option<Check> {
    let checks: Option<Vec<Check>> = checks.into_iter().collect();
    let mut checks = checks?;
    if checks.len() == 1 { checks.pop() } else { Some(Check::Any(checks.into())) }
}

/// A piece of a phone as it stands in E.164: digits, with `+` where the number begins.
fn phone_piece(text: &str, from_start: bool) -> Value {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let plus = text.trim_start().starts_with('+');
    match digits.strip_prefix('8') {
        // The eight that is dialled in Russia is no country code.
        Some(national) if from_start && !plus => Value::text(format!("+7{national}")),
        _ if from_start || plus => Value::text(format!("+{digits}")),
        _ => Value::text(digits),
    }
}
