//! Orders as deals for UIS.

use std::sync::Arc;

use super::decision::{Deal, Funnel, Outcome};
use super::eval::Eval;
use super::known::KNOWN;
use super::run::{text, without_smuggled};
use super::trace::{Near, Step, What};
use crate::catalog::Hook;
use crate::decimal::Decimal;
use crate::event::Event;
use crate::facts::Facts;
use crate::moment::Moment;
use crate::program::{Cond, Place, Program, Slot, Spans, Transfer};
use crate::value::Value;

/// How a deal ended whose order is as `event` says, whether or not such an order is passed on; None when no order is.
pub(crate) fn outcome(program: &Arc<Program>, event: &Event, now: Moment) -> Option<Outcome> {
    let facts = Facts::none();
    let eval = Eval::new(program, event, &facts, now);
    let transfer = program.transfer.as_ref().filter(|_| eval.slot == Slot::Order)?;
    // A policy may think otherwise of how a deal stands.
    match eval.has_policy(Hook::Deal) {
        true => Some(eval.deal_by_policy(eval.whole_deal(transfer)).0.outcome),
        false => Some(eval.outcome(transfer)),
    }
}

/// The deal of an order that is one already, whether or not it would be passed on as it is now; None when no order is.
pub(crate) fn deal_of(program: &Arc<Program>, event: &Event, facts: &Facts, now: Moment) -> Option<Deal> {
    let eval = Eval::new(program, event, facts, now);
    let transfer = program.transfer.as_ref().filter(|_| eval.slot == Slot::Order)?;
    Some(eval.deal_by_policy(eval.whole_deal(transfer)).0)
}

impl Eval<'_> {
    /// The deal that an order becomes; None for everything else, and for orders that are not passed on.
    pub(super) fn deal(&self) -> Option<Deal> {
        let transfer = self.program.transfer.as_ref().filter(|_| self.slot == Slot::Order)?;
        let head = Place { section: transfer.section, line: self.section_line(transfer.section) };
        if let Some((line, condition, _)) = &transfer.only_when {
            let (holds, missed) = self.near_condition(condition);
            if !holds {
                let near = missed.map(|part| Near::Condition { part }).into_iter().collect();
                let place = Place { line: *line, ..head };
                self.tell(Step { place: Some(place), what: What::NoDeal, near });
                return None;
            }
        }
        let (deal, skipped) = self.deal_by_policy(self.whole_deal(transfer));
        let what = if skipped { What::NoDeal } else { What::Deal };
        self.tell(Step::new(head, what));
        (!skipped).then_some(deal)
    }

    /// The deal of an order as the bundle says, whether or not such orders are passed on.
    fn whole_deal(&self, transfer: &Transfer) -> Deal {
        let funnel = if transfer.per_store {
            Funnel::Store(text(self.known(KNOWN.order_store)))
        } else {
            Funnel::Default
        };
        let pass = transfer.pass.iter().map(|(code, expr)| (code.clone(), self.value(expr).into_owned()));
        let pass = pass.filter(|(_, value)| !value.is_missing());
        Deal {
            funnel,
            amount: self.amount(transfer),
            outcome: self.outcome(transfer),
            pass: pass.map(|(code, value)| (code, without_smuggled(value))).collect(),
        }
    }

    /// The sum, with delivery or without; worked out from the other when only that is known.
    fn amount(&self, transfer: &Transfer) -> Option<Decimal> {
        let number = |field| match self.known(field) {
            Value::Number(number) => Some(*number),
            _ => None,
        };
        let delivery = || number(KNOWN.delivery_cost);
        if transfer.with_delivery {
            let goods = || number(KNOWN.total)?.checked_add(delivery()?);
            number(KNOWN.total_with_delivery).or_else(goods)
        } else {
            let rest = || number(KNOWN.total_with_delivery)?.checked_sub(delivery()?);
            number(KNOWN.total).or_else(rest)
        }
    }

    /// How the deal ended; should both conditions hold, it is won.
    fn outcome(&self, transfer: &Transfer) -> Outcome {
        let holds = |condition: &Option<(u32, Cond, Spans)>| {
            condition.as_ref().is_some_and(|(_, condition, _)| self.holds(condition))
        };
        if holds(&transfer.won) {
            Outcome::Won
        } else if holds(&transfer.lost) {
            Outcome::Lost
        } else {
            Outcome::Open
        }
    }
}
