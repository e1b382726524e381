//! Areas in words: `contact is first, site like "*.ru", talk_time >= 30 s`.

use switchboard_grammar::diagnostic::Text;
use switchboard_grammar::lang::Lang;

use super::super::area::Area;
use super::super::scope::Scope;
use super::super::set::Set;
use super::super::space::{Space, Subject, YES};
use super::super::words::{field_name, shown};
use crate::program::{Expr, Relation, Test};
use crate::schema::EventKind;
use crate::schema::agree::{Forms, LIKE, PRESENT, agree};
use crate::value::Value;

/// Values of one field that are named.
const SHOWN: usize = 8;

/// An area for a reader.
pub(super) fn area(scope: &Scope<'_>, space: &Space, area: &Area, kind: EventKind) -> Text {
    let words = |lang: Lang| {
        let mut parts = Vec::new();
        for (var, set) in area.cells() {
            let Some(subject) = space.owner(*var) else { continue };
            let name = match &subject.field {
                Some(key) => field_name(kind, key, lang),
                None => lang.pick("a value that is worked out", "вычисляемое значение").to_owned(),
            };
            let words = if subject.var == *var {
                of_set(scope, subject, set, lang)
            } else {
                let loose = subject.loose.iter().find(|loose| loose.var == *var);
                loose.map(|loose| test_words(&loose.test, set.has(YES), lang))
            };
            parts.extend(words.map(|words| format!("{name} {}", agreeing(&name, words))));
        }
        if parts.is_empty() { lang.pick("always", "всегда").to_owned() } else { parts.join(", ") }
    };
    Text::new(words(Lang::En), words(Lang::Ru))
}

/// The words of a test in the form that the Russian name wants.
fn agreeing(name: &str, words: String) -> String {
    let (not, asked) = words.strip_prefix("не ").map_or(("", words.as_str()), |asked| ("не ", asked));
    let form = |forms: Forms| {
        let [.., neuter, _] = forms;
        asked.strip_prefix(neuter).map(|rest| format!("{not}{}{rest}", agree(name, forms)))
    };
    form(PRESENT).or_else(|| form(LIKE)).unwrap_or(words)
}

/// A set of classes: as a test of the rules, if one says just that; as a list of values otherwise.
fn of_set(scope: &Scope<'_>, subject: &Subject, set: &Set, lang: Lang) -> Option<String> {
    let size = u32::try_from(subject.values.len()).unwrap_or(u32::MAX);
    if set.len() == size {
        return None;
    }
    let present: Set = (0..size).filter(|class| !is_missing(subject, *class)).collect();
    if *set == present {
        return Some(lang.pick("present", "указано").to_owned());
    }
    if present == set.complement(size) {
        return Some(lang.pick("missing", "пусто").to_owned());
    }
    let others = set.complement(size);
    let asking = |wanted: &Set| {
        let mut tests = subject.tests.iter().filter(|test| !matches!(test, Test::Present));
        tests.find(|test| subject.passing(scope, test).is_some_and(|set| set == *wanted))
    };
    let said = asking(set).map(|test| test_words(test, true, lang));
    let said = said.or_else(|| range(subject, set, lang));
    let said = said.or_else(|| asking(&others).map(|test| test_words(test, false, lang)));
    if said.is_some() {
        return said;
    }
    let (negated, named) = if others.len() < set.len() { (true, &others) } else { (false, set) };
    let mut values: Vec<String> = Vec::new();
    for class in named.iter().take(SHOWN) {
        let Some(value) = subject.values.get(class as usize) else { continue };
        let open = subject.open.get(class as usize).copied().unwrap_or_default();
        values.push(match (open, value) {
            (false, value) => shown(value, lang),
            (true, value) => {
                let value = shown(value, lang);
                lang.pick(format!("any other (such as {value})"), format!("любое другое (например, {value})"))
            }
        });
    }
    if named.len() as usize > SHOWN {
        values.push("…".to_owned());
    }
    let values = values.join(", ");
    Some(match (negated, named.len()) {
        (false, 1) => lang.pick(format!("is {values}"), format!("это {values}")),
        (false, _) => lang.pick(format!("is one of {values}"), format!("одно из: {values}")),
        (true, 1) => lang.pick(format!("is not {values}"), format!("не {values}")),
        (true, _) => lang.pick(format!("is none of {values}"), format!("ни одно из: {values}")),
    })
}

fn is_missing(subject: &Subject, class: u32) -> bool {
    subject.values.get(class as usize).is_some_and(Value::is_missing)
}

/// Neighbouring classes of an ordered field: `>= 10 s and < 30 s`.
fn range(subject: &Subject, set: &Set, lang: Lang) -> Option<String> {
    let (first, last) = (set.first()?, set.iter().last()?);
    if set.len() != last - first + 1 || set.iter().any(|class| is_missing(subject, class)) {
        return None;
    }
    let at = |class: u32| subject.values.get(class as usize);
    at(first)?.order(at(first)?)?;
    let open = |class: u32| subject.open.get(class as usize).copied().unwrap_or_default();
    let low = match open(first) {
        false => Some(format!(">= {}", shown(at(first)?, lang))),
        true => first.checked_sub(1).and_then(at).map(|value| format!("> {}", shown(value, lang))),
    };
    let high = match open(last) {
        false => Some(format!("<= {}", shown(at(last)?, lang))),
        true => {
            at(last + 1).filter(|value| !value.is_missing()).map(|value| format!("< {}", shown(value, lang)))
        }
    };
    match (low, high) {
        (Some(low), Some(high)) => Some(lang.pick(format!("{low} and {high}"), format!("{low} и {high}"))),
        (low, high) => low.or(high),
    }
}

/// A test as rules write it, or nearly.
fn test_words(test: &Test, holds: bool, lang: Lang) -> String {
    let value = |value: &Expr| match value {
        Expr::Const(value) => shown(value, lang),
        Expr::Local(local) => local.to_string(),
        _ => lang.pick("another value of the event", "другое значение события").to_owned(),
    };
    let (en, ru) = match test {
        Test::Present => {
            return lang
                .pick(if holds { "present" } else { "missing" }, if holds { "указано" } else { "пусто" })
                .to_owned();
        }
        Test::Is(of) => {
            let of = value(of);
            return match (lang, holds) {
                (Lang::En, true) => format!("is {of}"),
                (Lang::En, false) => format!("is not {of}"),
                (Lang::Ru, true) => format!("это {of}"),
                (Lang::Ru, false) => format!("не {of}"),
            };
        }
        Test::Exactly(of) => (format!("is exactly {}", value(of)), format!("ровно {}", value(of))),
        Test::Among(of) => (format!("in {}", value(of)), format!("в {}", value(of))),
        Test::InSet(list) => {
            let first = list.entries().first().map(|entry| entry.text.to_string()).unwrap_or_default();
            let count = list.len();
            let more = if count > 1 { ", …" } else { "" };
            (
                format!("in a list of {count} (`{first}`{more})"),
                format!("в списке из {count} (`{first}`{more})"),
            )
        }
        Test::InSchedule(_) => ("in working hours".to_owned(), "в рабочее время".to_owned()),
        Test::Contains(of) => (format!("contains {}", value(of)), format!("содержит {}", value(of))),
        Test::StartsWith(of) => (format!("starts with {}", value(of)), format!("начинается с {}", value(of))),
        Test::EndsWith(of) => (format!("ends with {}", value(of)), format!("заканчивается на {}", value(of))),
        Test::Like(pattern) => {
            (format!("like \"{}\"", pattern.source()), format!("похоже на \"{}\"", pattern.source()))
        }
        Test::Order(relation, of) => {
            let sign = match (relation, holds) {
                (Relation::Greater, _) => ">",
                (Relation::AtLeast, _) => ">=",
                (Relation::Less, _) => "<",
                (Relation::AtMost, _) => "<=",
            };
            (format!("{sign} {}", value(of)), format!("{sign} {}", value(of)))
        }
    };
    match (lang, holds) {
        (Lang::En, true) => en,
        (Lang::En, false) => format!("not {en}"),
        (Lang::Ru, true) => ru,
        (Lang::Ru, false) => format!("не {ru}"),
    }
}
