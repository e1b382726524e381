//! `transfer orders`: which orders become deals, and how.

use smol_str::SmolStr;
use std::collections::HashMap;
use switchboard_grammar::ast::{self, TransferLine, ValueKind};
use switchboard_grammar::codes;
use switchboard_grammar::diagnostic::{Fix, Safety, Text};
use switchboard_grammar::keywords::Keyword;
use switchboard_grammar::span::Span;

use super::checker::{Checker, problem};
use super::ctx::Ctx;
use crate::catalog::schema;
use crate::program::{Expr, Slots, Transfer};
use crate::schema::{Docs, EnumItem, EnumType, EventKind, FieldKey};
use crate::ty::{ReferenceKind, Scalar, Type};
use crate::value::Value;

/// Which funnel deals go to.
static FUNNEL: EnumType = EnumType { name: "funnel", ru: "воронка", open: false, items: &FUNNELS };

static FUNNELS: [EnumItem; 2] = [
    EnumItem {
        en: "per_store",
        ru: "по_магазинам",
        ru_forms: &["по_магазину"],
        originals: &[],
        doc: Docs {
            en: "a funnel for each store", ru: "своя воронка у каждого магазина"
        },
    },
    EnumItem {
        en: "single",
        ru: "одна",
        ru_forms: &["общая"],
        originals: &[],
        doc: Docs {
            en: "one funnel for all, as `default`", ru: "одна воронка на всех, как `по умолчанию`"
        },
    },
];

/// What the sum of a deal is.
static AMOUNT: EnumType = EnumType { name: "amount", ru: "сумма", open: false, items: &AMOUNTS };

static AMOUNTS: [EnumItem; 2] = [
    EnumItem {
        en: "total_with_delivery",
        ru: "с_доставкой",
        ru_forms: &["сумма_с_доставкой"],
        originals: &[],
        doc: Docs {
            en: "price of the goods and of delivery", ru: "стоимость товаров и доставки"
        },
    },
    EnumItem {
        en: "total_without_delivery",
        ru: "без_доставки",
        ru_forms: &["сумма_без_доставки"],
        originals: &[],
        doc: Docs { en: "price of the goods alone", ru: "только стоимость товаров" },
    },
];

impl Checker<'_> {
    /// Checks a transfer. None when something in it was reported.
    pub(crate) fn transfer(&mut self, section: usize, transfer: &ast::Transfer) -> Option<Transfer> {
        let placed = *self.sections.get(section)?;
        let ctx = Ctx::new(placed.file, placed.lang, Slots::ORDERS);
        let mut built = Transfer {
            section: u32::try_from(section).unwrap_or(u32::MAX),
            only_when: None,
            per_store: false,
            with_delivery: true,
            pass: Box::new([]),
            won: None,
            lost: None,
        };
        let mut seen: HashMap<Keyword, Span> = HashMap::new();
        let mut wrong = false;
        for line in &transfer.lines {
            let word = match &line.item {
                TransferLine::OnlyWhen(word, _)
                | TransferLine::Funnel(word, _)
                | TransferLine::Amount(word, _)
                | TransferLine::Pass(word, _)
                | TransferLine::Won(word, _)
                | TransferLine::Lost(word, _) => *word,
            };
            if let Some(first) = seen.insert(word.keyword, word.span) {
                self.second_line(word.span, first, &ctx);
                wrong = true;
            }
            let number = self.line(ctx.file, line.span);
            let mut condition = |checker: &mut Self, condition| {
                let checked = checker.whole_condition(condition, &ctx);
                wrong |= checked.is_none();
                checked.map(|(condition, spans)| (number, condition, spans))
            };
            match &line.item {
                TransferLine::OnlyWhen(_, only) => built.only_when = condition(self, only),
                TransferLine::Won(_, won) => built.won = condition(self, won),
                TransferLine::Lost(_, lost) => built.lost = condition(self, lost),
                TransferLine::Funnel(_, value) => match self.choice(value, &FUNNEL, &ctx) {
                    Some(chosen) => built.per_store = chosen == "per_store",
                    None => wrong = true,
                },
                TransferLine::Amount(_, value) => match self.choice(value, &AMOUNT, &ctx) {
                    Some(chosen) => built.with_delivery = chosen != "total_without_delivery",
                    None => wrong = true,
                },
                TransferLine::Pass(_, values) => {
                    let pass: Vec<Option<(SmolStr, Expr)>> =
                        values.iter().map(|value| self.passed(value, &ctx)).collect();
                    match pass.into_iter().collect::<Option<Vec<_>>>() {
                        Some(pass) => built.pass = pass.into(),
                        None => wrong = true,
                    }
                }
            }
        }
        (!wrong).then_some(built)
    }

    /// One of a few words, or `default`. None after a report.
    fn choice(&mut self, value: &ast::Value, of: &'static EnumType, ctx: &Ctx) -> Option<&'static str> {
        if let ValueKind::Default(_) = value.kind {
            return Some("default");
        }
        let typed = self.value_of(value, Type::of(Scalar::Enum(of)), ctx)?;
        match typed.expr {
            Expr::Const(Value::Enum(value)) => Some(value.en()),
            _ => {
                self.report(problem(
                    &codes::TYPE_MISMATCH,
                    ctx,
                    value.outer_span(),
                    Text::new(
                        "this has to be one word that is the same for all orders",
                        "здесь нужно одно слово, одинаковое для всех заказов",
                    ),
                    Text::new(format!("a value of `{}`", of.name), format!("значение для `{}`", of.ru)),
                ));
                None
            }
        }
    }

    /// A custom field of the order that goes along, by its code. None after a report.
    fn passed(&mut self, value: &ast::Value, ctx: &Ctx) -> Option<(SmolStr, Expr)> {
        let span = value.outer_span();
        let path = value.path();
        let dotted = path.map(ast::Path::dotted).unwrap_or_default();
        let code = match path.and_then(ast::Path::single) {
            Some(code) => SmolStr::from(code),
            None => {
                // People write the whole name; what is meant is plain, and what to write as well.
                let known = schema().find_field(EventKind::Order, &dotted).and_then(|found| found.key);
                let mut found = problem(
                    &codes::UNKNOWN_FIELD,
                    ctx,
                    span,
                    Text::new(
                        "the code of a custom field is needed here",
                        "здесь нужен код пользовательского поля",
                    ),
                    Text::new("one word, as RetailCRM has it", "одно слово, как в RetailCRM"),
                );
                if let Some(code) = known {
                    found = found.fix(Fix::replace(
                        Safety::Safe,
                        Text::new(format!("write `{code}`"), format!("написать `{code}`")),
                        ctx.file,
                        span,
                        code,
                    ));
                }
                self.report(found);
                return None;
            }
        };
        self.known_reference(ReferenceKind::OrderField, &code, span, ctx);
        let name = format!("order.custom.{code}");
        let found = schema().find_field(EventKind::Order, &name)?;
        Some((code.clone(), Expr::Field(FieldKey::open(found.field.id, code))))
    }
}
