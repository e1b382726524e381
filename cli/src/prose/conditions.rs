//! Conditions and cells as statements: "источник трафика – «Спам» или телефон клиента входит в список «спам»".

use std::collections::BTreeSet;

use switchboard_engine::catalog::enums;
use switchboard_engine::ty::Scalar;
use switchboard_grammar::ast::{
    Cell, CellKind, CellTest, Condition, ConditionKind, Item, Literal, LiteralKind, Operation, Operator,
    Value, ValueKind,
};
use switchboard_grammar::lang::Lang;

use super::names::set_of;
use super::phrases::{Phrase, listed, or, spaced};
use super::values::{Subject, Teller};

/// What is asked, before the words for it.
struct Question<'q> {
    subject: Subject,
    operation: Operation,
    negated: bool,
    items: Vec<&'q Item>,
    /// Whether a missing value has been asked about beside it.
    known: bool,
}

/// A condition as a statement.
pub(super) fn condition(teller: &Teller<'_>, asked: &Condition) -> Phrase {
    stated(teller, asked, &BTreeSet::new())
}

fn stated(teller: &Teller<'_>, asked: &Condition, known: &BTreeSet<String>) -> Phrase {
    let lang = teller.lang;
    match &asked.kind {
        ConditionKind::Or { terms, .. } => {
            if let Some(one_of) = one_of(teller, terms) {
                return one_of;
            }
            Phrase::any(terms.iter().map(|term| stated(teller, term, known)).collect(), lang)
        }
        ConditionKind::And { terms, .. } => {
            let mut known = known.clone();
            known.extend(terms.iter().filter_map(|term| asked_to_be_there(teller, term)));
            Phrase::all(terms.iter().map(|term| stated(teller, term, &known)).collect(), lang)
        }
        ConditionKind::Not { inner, .. } => match &inner.kind {
            ConditionKind::Test(test) => {
                tested(teller, &test.subject, test.operator, test.operand.items(), true, known)
            }
            _ => denied(stated(teller, inner, known), lang),
        },
        ConditionKind::Test(test) => {
            tested(teller, &test.subject, test.operator, test.operand.items(), false, known)
        }
    }
}

/// `a is x or a is y` as one statement: "a – x или y".
fn one_of(teller: &Teller<'_>, terms: &[Condition]) -> Option<Phrase> {
    let mut items = Vec::new();
    let mut subject: Option<Subject> = None;
    for term in terms {
        let ConditionKind::Test(test) = &term.kind else { return None };
        test.operator.filter(|operator| operator.operation == Operation::Is && !operator.negated)?;
        let this = teller.subject(&test.subject);
        if subject.as_ref().is_some_and(|subject| subject.key != this.key) {
            return None;
        }
        subject = Some(this);
        items.extend(test.operand.items());
    }
    let subject = subject?;
    Some(ask(teller, Question { subject, operation: Operation::In, negated: false, items, known: false }))
}

/// The subject of `X is present`.
fn asked_to_be_there(teller: &Teller<'_>, asked: &Condition) -> Option<String> {
    let ConditionKind::Test(test) = &asked.kind else { return None };
    let operator = test.operator?;
    let there = operator.operation == Operation::Missing && operator.negated;
    there.then(|| teller.subject(&test.subject).key)
}

fn denied(phrase: Phrase, lang: Lang) -> Phrase {
    let text = phrase.text;
    Phrase::plain(lang.pick(format!("it is not so that ({text})"), format!("неверно, что ({text})")))
}

fn tested(
    teller: &Teller<'_>,
    subject: &Value,
    operator: Option<Operator>,
    items: &[Item],
    turned: bool,
    known: &BTreeSet<String>,
) -> Phrase {
    let subject = teller.subject(subject);
    let Some(operator) = operator else { return yes_no(teller, &subject, !turned) };
    let known = known.contains(&subject.key);
    let (operation, negated) = (operator.operation, operator.negated != turned);
    ask(teller, Question { subject, operation, negated, items: items.iter().collect(), known })
}

/// A cell as a statement about its column; `None` where anything goes.
pub(super) fn cell(teller: &Teller<'_>, column: &Value, cell: &Cell) -> Option<Phrase> {
    let CellKind::Tests { not, alternatives } = &cell.kind else { return None };
    let negated = not.is_some();
    let plain: Option<Vec<&Item>> = alternatives
        .iter()
        .map(|alternative| match alternative.tests.as_slice() {
            [only] => only.plain(),
            _ => None,
        })
        .collect();
    if let Some(items) = plain {
        return Some(ask(teller, about(teller, column, Operation::Is, negated, items)));
    }
    let one = |test: &CellTest, turned: bool| {
        let (operation, negated) = match test.operator {
            Some(operator) => (operator.operation, operator.negated != turned),
            None => (Operation::Is, turned),
        };
        ask(teller, about(teller, column, operation, negated, test.operand.items().iter().collect()))
    };
    if let [only] = alternatives.as_slice()
        && let [test] = only.tests.as_slice()
    {
        return Some(one(test, negated));
    }
    let any = alternatives
        .iter()
        .map(|alternative| {
            Phrase::all(alternative.tests.iter().map(|test| one(test, false)).collect(), teller.lang)
        })
        .collect();
    let whole = Phrase::any(any, teller.lang);
    Some(if negated { denied(whole, teller.lang) } else { whole })
}

/// A question about a column.
fn about<'q>(
    teller: &Teller<'_>,
    column: &Value,
    operation: Operation,
    negated: bool,
    items: Vec<&'q Item>,
) -> Question<'q> {
    Question { subject: teller.subject(column), operation, negated, items, known: false }
}

fn ask(teller: &Teller<'_>, question: Question<'_>) -> Phrase {
    match question.operation {
        Operation::Is | Operation::In => equal(teller, &question),
        Operation::Missing => Phrase::plain(missing(teller, &question.subject, question.negated)),
        Operation::AtLeast | Operation::AtMost | Operation::Over | Operation::Under => {
            compared(teller, &question)
        }
        Operation::Contains | Operation::StartsWith | Operation::EndsWith | Operation::Like => {
            looked_into(teller, &question)
        }
    }
}

/// Words for "also when nobody knows", where a negated test is passed by a value that is not there.
fn or_missing(teller: &Teller<'_>, question: &Question<'_>) -> String {
    if !question.negated || question.known || !question.subject.is_optional() {
        return String::new();
    }
    let absent = question.subject.gender.not_given(teller.lang);
    teller.lang.pick(format!(" (or {absent})"), format!(" (или {absent})"))
}

/// The values of a question, each in words.
fn words(teller: &Teller<'_>, question: &Question<'_>) -> Vec<String> {
    let set = set_of(question.subject.ty);
    question
        .items
        .iter()
        .map(|item| {
            let value = teller.value_of(&item.value, set);
            match item.exactly {
                Some(_) => teller.lang.pick(format!("exactly {value}"), format!("в точности {value}")),
                None => value,
            }
        })
        .collect()
}

fn equal(teller: &Teller<'_>, question: &Question<'_>) -> Phrase {
    let (lang, subject, negated) = (teller.lang, &question.subject, question.negated);
    if let [only] = question.items.as_slice() {
        if let ValueKind::Literal(Literal { kind: LiteralKind::YesNo(shown), .. }) = &only.value.kind {
            return yes_no(teller, subject, shown.value != negated);
        }
        if let Some(name) = only.value.path().map(switchboard_grammar::ast::Path::dotted) {
            if let Some(said) = said_of_contact(subject, &name, negated, lang) {
                return Phrase::plain(said);
            }
            if let Some(said) = member(teller, question, &name) {
                return Phrase::plain(said);
            }
        }
    }
    let words = words(teller, question);
    let missing = or_missing(teller, question);
    let text = match (lang, negated) {
        (Lang::En, false) => {
            format!("{} {} {}", subject.text, subject.gender.verb("is", "are"), listed(&words, or(lang)))
        }
        (Lang::En, true) if words.len() > 1 => {
            format!(
                "{} {} none of {}{missing}",
                subject.text,
                subject.gender.verb("is", "are"),
                words.join(", ")
            )
        }
        (Lang::En, true) => {
            let values = words.join("");
            format!("{} {} not {values}{missing}", subject.text, subject.gender.verb("is", "are"))
        }
        (Lang::Ru, false) => format!("{} – {}", subject.text, listed(&words, or(lang))),
        (Lang::Ru, true) => {
            let none: Vec<String> = words.iter().map(|word| format!("не {word}")).collect();
            format!("{} – {}{missing}", subject.text, listed(&none, "и"))
        }
    };
    if words.len() > 1 && !negated { Phrase::choice(text) } else { Phrase::plain(text) }
}

/// "клиент обратился впервые", for the one field that is asked about most.
fn said_of_contact(subject: &Subject, name: &str, negated: bool, lang: Lang) -> Option<String> {
    let set = set_of(subject.ty).filter(|set| **set == enums::CONTACT || **set == enums::DIRECTION)?;
    let (value, _) = set.find(name)?;
    let said = match (value.en(), negated) {
        ("first", false) | ("repeat", true) => lang.pick("the client is new", "клиент обратился впервые"),
        ("first", true) | ("repeat", false) => {
            lang.pick("the client is known already", "клиент обратился повторно")
        }
        ("incoming", false) | ("outgoing", true) => lang.pick("the call is incoming", "звонок входящий"),
        ("incoming", true) | ("outgoing", false) => lang.pick("the call is outgoing", "звонок исходящий"),
        _ => return None,
    };
    Some(said.to_owned())
}

/// "телефон клиента входит в список «спам»", "начало звонка приходится на часы расписания «офис»".
fn member(teller: &Teller<'_>, question: &Question<'_>, name: &str) -> Option<String> {
    let (lang, subject) = (teller.lang, &question.subject);
    let shown = teller.quoted(&spaced(name));
    let missing = or_missing(teller, question);
    let many = subject.gender;
    let verb = if teller.declared.lists.contains(name) {
        match (lang, question.negated) {
            (Lang::En, false) => many.verb("is in the list", "are in the list"),
            (Lang::En, true) => many.verb("is not in the list", "are not in the list"),
            (Lang::Ru, false) => many.verb("входит в список", "входят в список"),
            (Lang::Ru, true) => many.verb("не входит в список", "не входят в список"),
        }
    } else if teller.declared.schedules.contains(name) {
        match (lang, question.negated) {
            (Lang::En, false) => "is within the hours of the schedule",
            (Lang::En, true) => "is outside the hours of the schedule",
            (Lang::Ru, false) => "приходится на часы расписания",
            (Lang::Ru, true) => "не приходится на часы расписания",
        }
    } else {
        return None;
    };
    Some(format!("{} {verb} {shown}{missing}", subject.text))
}

fn yes_no(teller: &Teller<'_>, subject: &Subject, value: bool) -> Phrase {
    let (lang, noun) = (teller.lang, teller.noun);
    let said = match (subject.field, value) {
        (Some("missed"), true) => {
            lang.pick(format!("{} was missed", noun.en), format!("{} пропущен", noun.ru))
        }
        (Some("missed"), false) => {
            lang.pick(format!("{} was not missed", noun.en), format!("{} не пропущен", noun.ru))
        }
        (Some("transferred"), true) => {
            lang.pick("the call was transferred", "звонок переведён на другого сотрудника").to_owned()
        }
        (Some("transferred"), false) => {
            lang.pick("the call was not transferred", "звонок не переводили на другого сотрудника").to_owned()
        }
        (Some("order.paid"), true) => {
            lang.pick("the order is paid in full", "заказ полностью оплачен").to_owned()
        }
        (Some("order.paid"), false) => {
            lang.pick("the order is not paid in full", "заказ оплачен не полностью").to_owned()
        }
        (_, value) => {
            let word = if value { lang.pick("yes", "да") } else { lang.pick("no", "нет") };
            lang.pick(format!("{} is {word}", subject.text), format!("{} – {word}", subject.text))
        }
    };
    Phrase::plain(match (lang, teller.noun.ru.ends_with('а') && subject.field == Some("missed")) {
        // The only noun of feminine gender.
        (Lang::Ru, true) => said.replace("пропущен", "пропущена"),
        (Lang::Ru, false) if teller.noun.ru.ends_with('е') && subject.field == Some("missed") => {
            said.replace("пропущен", "пропущено")
        }
        _ => said,
    })
}

fn missing(teller: &Teller<'_>, subject: &Subject, negated: bool) -> String {
    let lang = teller.lang;
    match (subject.field, negated) {
        (Some("client.manager" | "order.client.manager"), true) => {
            lang.pick("the client has a manager", "у клиента есть менеджер").to_owned()
        }
        (Some("client.manager" | "order.client.manager"), false) => {
            lang.pick("the client has no manager", "у клиента нет менеджера").to_owned()
        }
        // The result of a table or a function.
        (None, true) => lang.pick(format!("{} is there", subject.text), format!("{} есть", subject.text)),
        (None, false) => {
            lang.pick(format!("{} is not there", subject.text), format!("{} отсутствует", subject.text))
        }
        (_, true) => format!("{} {}", subject.text, subject.gender.given(lang)),
        (_, false) => format!("{} {}", subject.text, subject.gender.not_given(lang)),
    }
}

fn compared(teller: &Teller<'_>, question: &Question<'_>) -> Phrase {
    let (lang, subject) = (teller.lang, &question.subject);
    let in_time =
        matches!(subject.ty.map(|ty| ty.scalar), Some(Scalar::Moment | Scalar::Date | Scalar::Time));
    let operation = match (question.operation, question.negated) {
        (Operation::AtLeast, true) => Operation::Under,
        (Operation::AtMost, true) => Operation::Over,
        (Operation::Over, true) => Operation::AtMost,
        (Operation::Under, true) => Operation::AtLeast,
        (operation, _) => operation,
    };
    let verb = subject.gender.verb("is", "are");
    let words = match (operation, in_time) {
        (Operation::AtLeast, false) => lang.pick("at least", "не меньше"),
        (Operation::AtMost, false) => lang.pick("at most", "не больше"),
        (Operation::Over, false) => lang.pick("more than", "больше"),
        (_, false) => lang.pick("less than", "меньше"),
        (Operation::AtLeast, true) => lang.pick("not before", "не раньше"),
        (Operation::AtMost, true) => lang.pick("not after", "не позже"),
        (Operation::Over, true) => lang.pick("after", "позже"),
        (_, true) => lang.pick("before", "раньше"),
    };
    let value = question.items.iter().map(|item| teller.genitive(&item.value)).collect::<String>();
    let missing = or_missing(teller, question);
    Phrase::plain(lang.pick(
        format!("{} {verb} {words} {value}{missing}", subject.text),
        format!("{} {words} {value}{missing}", subject.text),
    ))
}

fn looked_into(teller: &Teller<'_>, question: &Question<'_>) -> Phrase {
    let (lang, subject, negated) = (teller.lang, &question.subject, question.negated);
    let values = listed(&words(teller, question), or(lang));
    let missing = or_missing(teller, question);
    let is_list = subject.ty.is_some_and(|ty| ty.list);
    if is_list && question.operation == Operation::Contains && lang == Lang::Ru {
        let verb = if negated { "нет" } else { "есть" };
        return Phrase::plain(format!("среди {} {verb} {values}{missing}", subject.of));
    }
    let (en_one, en_many, ru_one, ru_many) = match question.operation {
        Operation::Contains if is_list => ("includes", "include", "содержит", "содержат"),
        Operation::Contains => ("contains", "contain", "содержит", "содержат"),
        Operation::StartsWith => ("starts with", "start with", "начинается с", "начинаются с"),
        Operation::EndsWith => ("ends with", "end with", "заканчивается на", "заканчиваются на"),
        _ => ("is like", "are like", "подходит под образец", "подходят под образец"),
    };
    let text = match (lang, negated) {
        (Lang::En, false) => format!("{} {} {values}", subject.text, subject.gender.verb(en_one, en_many)),
        (Lang::En, true) if question.operation == Operation::Like => {
            format!("{} {} not like {values}{missing}", subject.text, subject.gender.verb("is", "are"))
        }
        (Lang::En, true) => {
            format!("{} {} not {en_many} {values}{missing}", subject.text, subject.gender.verb("does", "do"))
        }
        (Lang::Ru, false) => format!("{} {} {values}", subject.text, subject.gender.verb(ru_one, ru_many)),
        (Lang::Ru, true) => {
            format!("{} не {} {values}{missing}", subject.text, subject.gender.verb(ru_one, ru_many))
        }
    };
    Phrase::plain(text)
}
