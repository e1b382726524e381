//! Whom an incoming call is put through to, while it waits.
//!
//! The table `forward` says it, where there is one: an employee, else a number, else a branch of the scenario in UIS.
//! Without the table the setting `forward_to_manager` does. The filter is not asked: it is about what reaches the CRM, and
//! much of what it looks at is not known yet when a call arrives.

use std::sync::Arc;

use rust_decimal::prelude::ToPrimitive as _;
use smol_str::SmolStr;

use super::eval::Eval;
use super::known::KNOWN;
use super::run::text;
use super::trace::{Step, Trace, What};
use crate::catalog::Hook;
use crate::event::Event;
use crate::facts::Facts;
use crate::moment::Moment;
use crate::program::{Need, PolicyRule, Program, Slot, Target, together};
use crate::value::Value;

/// Whom a call is put through to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Forward {
    /// Nobody: the rules do not ask for it, or what they ask for is not there.
    Nobody,
    /// An employee, by e-mail.
    Employee(SmolStr),
    /// A number as the rules write it.
    Number(SmolStr),
    /// Nobody; the scenario goes on by this branch.
    Code(u16),
}

/// Whom a call is put through to, and which row said so.
#[derive(Clone, Debug)]
pub struct Forwarding {
    /// Whom.
    pub to: Forward,
    /// Which rows said so.
    pub trace: Trace,
}

impl Forward {
    /// An employee, else a number, else a branch of the scenario, whichever is there.
    pub(super) fn of(employee: &Value, number: &Value, branch: &Value) -> Forward {
        if let Some(employee) = text(employee) {
            return Forward::Employee(employee);
        }
        if let Some(number) = text(number) {
            return Forward::Number(number);
        }
        match branch {
            Value::Number(code) if code.is_integer() => code.to_u16().map_or(Forward::Nobody, Forward::Code),
            _ => Forward::Nobody,
        }
    }

    /// The employee or the number, as one text.
    pub(super) fn into_target(self) -> Option<SmolStr> {
        match self {
            Forward::Employee(target) | Forward::Number(target) => Some(target),
            Forward::Nobody | Forward::Code(_) => None,
        }
    }
}

/// Works out whom a call is put through to, and nothing else.
pub(crate) fn forward(program: &Arc<Program>, event: &Event, facts: &Facts, now: Moment) -> Forwarding {
    let eval = Eval::new(program, event, facts, now);
    let to = eval.forward();
    let trace = Trace { program: Arc::clone(program), steps: eval.take_steps() };
    Forwarding { to, trace }
}

/// The facts that its policies need.
pub(crate) fn forward_needs(program: &Program) -> Box<[Need]> {
    together(policies(program))
}

fn policies(program: &Program) -> impl Iterator<Item = &PolicyRule> {
    let all = program.plan(Slot::IncomingCall).policies.iter();
    all.filter_map(|at| program.policies.get(*at as usize)).filter(|policy| policy.hook == Hook::Forward)
}

/// Whether the rules put any incoming call through to anybody.
pub(crate) fn forwards(program: &Program) -> bool {
    let plan = program.plan(Slot::IncomingCall);
    if plan.forward.is_some() || policies(program).next().is_some() {
        return true;
    }
    let setting = plan.known.forward_to_manager.and_then(|setting| plan.named.get(setting.0 as usize));
    match setting {
        Some(Some(Target::Const(value))) => matches!(value, Value::Bool(true)),
        Some(Some(Target::Setting(_) | Target::Table { .. })) => true,
        Some(None) | None => false,
    }
}

impl Eval<'_> {
    /// Whom an incoming call is put through to.
    pub(super) fn forward(&self) -> Forward {
        if self.slot != Slot::IncomingCall {
            return Forward::Nobody;
        }
        let to = match &self.plan.forward {
            Some(columns) => Forward::of(
                self.maybe_named(columns.employee),
                self.maybe_named(columns.to_number),
                self.maybe_named(columns.return_code),
            ),
            None => self.forward_to_manager(),
        };
        self.forward_by_policy(to)
    }

    fn forward_to_manager(&self) -> Forward {
        if !matches!(self.maybe_named(self.plan.known.forward_to_manager), Value::Bool(true)) {
            return Forward::Nobody;
        }
        let Some(manager) = text(self.known(KNOWN.manager)) else { return Forward::Nobody };
        self.tell(Step::built_in(What::Forwarded));
        Forward::Employee(manager)
    }
}
