//! Values and conditions of rules as the form has them.

use switchboard_grammar::ast::{
    self, ConditionKind, LiteralKind, Operand, Operation, Test, Value, ValueKind,
};

use super::parts::Parts;
use super::place::At;
use crate::form::condition::{Condition, Parameter};
use crate::form::kind::{Kind, Person};
use crate::form::model::MAX_DEPTH;

/// A text in quotes without holes.
pub(super) fn text(value: &Value) -> Option<String> {
    match &value.literal()?.kind {
        LiteralKind::Text(text) => text.plain().map(str::to_owned),
        _ => None,
    }
}

/// `yes` or `no`.
pub(super) fn yes_no(value: &Value) -> Option<bool> {
    match &value.literal()?.kind {
        LiteralKind::YesNo(answer) => Some(answer.value),
        _ => None,
    }
}

/// The value of a parameter, in its normal form.
pub(super) fn of_parameter(parameter: Parameter, value: &Value) -> Option<String> {
    let written = match (&value.kind, value.literal().map(|literal| &literal.kind)) {
        (_, Some(LiteralKind::Phone(phone))) if parameter == Parameter::VirtualNumber => {
            phone.written.to_string()
        }
        (_, Some(LiteralKind::Text(_))) => text(value)?,
        (ValueKind::Path(path), _) => {
            let word = path.dotted();
            return parameter.is_word(&word).then_some(word);
        }
        _ => return None,
    };
    parameter.normal(&written)
}

/// The parameter that a value asks for.
pub(super) fn parameter(kind: Kind, value: &Value) -> Option<Parameter> {
    let name = value.path()?.dotted();
    kind.parameters().iter().find(|parameter| parameter.field() == name).copied()
}

/// The condition as the form has it; `None` when it cannot.
pub(super) fn condition(kind: Kind, condition: &ast::Condition, depth: usize) -> Option<Condition> {
    if depth >= MAX_DEPTH {
        return None;
    }
    let all = |terms: &[ast::Condition]| -> Option<Vec<Condition>> {
        terms.iter().map(|term| self::condition(kind, term, depth + 1)).collect()
    };
    match &condition.kind {
        ConditionKind::Or { terms, .. } => Condition::any(all(terms)?),
        ConditionKind::And { terms, .. } => Condition::all(all(terms)?),
        ConditionKind::Not { .. } => None,
        ConditionKind::Test(test) => self::test(kind, test),
    }
}

/// `x is v`, `x in (v, w)`, `tags contains v`.
fn test(kind: Kind, test: &Test) -> Option<Condition> {
    let field = parameter(kind, &test.subject)?;
    let operator = test.operator.filter(|operator| !operator.negated)?;
    let asks = match (operator.operation, &test.operand) {
        (Operation::Contains, Operand::One(_)) => field == Parameter::Tag,
        (Operation::Is, Operand::One(_)) | (Operation::In, Operand::Many(_)) => field != Parameter::Tag,
        _ => false,
    };
    if !asks {
        return None;
    }
    let values = test.operand.items().iter().map(|item| {
        let is = of_parameter(field, &item.value).filter(|_| item.exactly.is_none())?;
        Some(Condition::Is { field, is })
    });
    Condition::any(values.collect::<Option<_>>()?)
}

impl<'s> Parts<'s> {
    /// Who is responsible, as a list of the form: people first, then what the form adds by itself. With `always`
    /// there must be somebody at the end, as a task needs.
    pub(super) fn people(
        &mut self,
        kind: Kind,
        value: Option<&Value>,
        at: At<'s>,
        always: bool,
    ) -> Vec<Person> {
        let options = match value.map(|value| &value.kind) {
            Some(ValueKind::Else { options, .. }) => options.as_slice(),
            _ => value.map(std::slice::from_ref).unwrap_or_default(),
        };
        let mut people = Vec::new();
        let (mut by_table, mut by_default) = (false, false);
        for option in options {
            let is_done = by_default || matches!(people.last(), Some(Person::Employee(_)));
            let path = option.path().map(ast::Path::dotted);
            let table = self.part(kind).responsible.as_ref();
            let word = kind
                .people()
                .iter()
                .find(|person| person.word().is_some() && person.word() == path.as_deref());
            if is_done {
                self.obstacle(
                    at,
                    "the form has nothing behind an employee who is always there",
                    "после сотрудника, который есть всегда, в форме ничего нет",
                );
            } else if let Some(email) = text(option).filter(|email| email.contains('@') && !by_table) {
                people.push(Person::Employee(email));
            } else if let Some(word) = word.filter(|word| !by_table && !people.contains(word)) {
                people.push(word.clone());
            } else if path.is_some() && path.as_deref() == table.map(|table| table.name.as_str()) && !by_table
            {
                by_table = true;
                by_default = table.is_some_and(|table| table.gives_default);
            } else if path.as_deref() == Some("default_responsible") {
                by_default = true;
            } else {
                self.obstacle(
                    at,
                    "the form names responsible people by e-mail, the client's manager, who answered, \
                     its filters and the default, in this order",
                    "в форме ответственный – это почта, менеджер клиента, принявший, фильтры \
                     и ответственный по умолчанию, в этом порядке",
                );
            }
        }
        if !matches!(people.last(), Some(Person::Employee(_))) {
            let part = self.part(kind);
            let filters_left_out = part.responsible.is_some() && !by_table;
            let default_left_out = always && !by_default && part.settings.default_responsible.is_some();
            if filters_left_out || default_left_out {
                self.obstacle(
                    at,
                    "in the form the filters of responsible people and the default always come last",
                    "в форме последними всегда идут фильтры ответственных и ответственный по умолчанию",
                );
            }
        }
        people
    }
}
