//! Into which classes the values of one field fall, as far as the questions of some rules can tell.
//!
//! A class is known by a value that stands for it: one for each value that rules name, one for everything else, one
//! for each gap between bounds, `missing`. Whether a class passes a test is found out by asking the test about that
//! value, so there is one meaning of a comparison, not two. What cannot be told from the value alone, or would take
//! too many classes, is given back as *loose*: a question that is then taken as a yes/no of its own.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use smol_str::SmolStr;

use super::ask::ask;
use super::limits::{ProofLimits, Undecided};
use super::{gaps, texts};
use crate::lists::ValueList;
use crate::phone::Phone;
use crate::program::{Expr, Test};
use crate::ty::{Scalar, Type};
use crate::value::{PatternStep, Value, pattern_steps};

/// Entries of lists times questions that are asked one by one to find out how lists overlap.
const MAX_LIST_QUESTIONS: usize = 1_000_000;

/// The classes of a field.
#[derive(Debug, Default)]
pub(super) struct Classes {
    /// A value of each; the missing one, where there is one, is the last.
    pub(super) values: Vec<Value>,
    /// Whether a class has other values than the one that stands for it.
    pub(super) open: Vec<bool>,
    /// Tests that the classes say nothing sure about.
    pub(super) loose: Vec<Test>,
    /// More values, to find one of which loose tests say what is wanted.
    pub(super) pool: Vec<Value>,
}

impl Classes {
    fn add(&mut self, value: Value, open: bool) {
        self.values.push(value);
        self.open.push(open);
    }

    fn has(&self, value: &Value) -> bool {
        self.values.iter().any(|known| known.same(value))
    }
}

/// What is known of a field beforehand.
pub(super) struct Domain {
    pub(super) ty: Type,
    /// A natural value, as the schema shows one.
    pub(super) example: Value,
}

/// The classes of a field for some tests.
pub(super) fn classes(domain: &Domain, tests: &[&Test], limits: &ProofLimits) -> Result<Classes, Undecided> {
    let mut classes = Classes::default();
    let mut sure: Vec<&Test> = Vec::with_capacity(tests.len());
    for test in tests {
        if stands_alone(test) { sure.push(test) } else { classes.loose.push((*test).clone()) }
    }
    if domain.ty.list {
        classes.add(list_example(domain), true);
        classes.loose.extend(sure.into_iter().filter(|test| !matches!(test, Test::Present)).cloned());
    } else {
        match domain.ty.scalar {
            Scalar::Text | Scalar::Reference(_) => of_texts(&mut classes, domain, &sure, limits),
            Scalar::Enum(of) => {
                of.values().for_each(|value| classes.add(Value::Enum(value), false));
                if of.open {
                    of_texts(&mut classes, domain, &sure, limits);
                }
            }
            Scalar::YesNo => [true, false].into_iter().for_each(|answer| classes.add(answer.into(), false)),
            Scalar::Phone => of_phones(&mut classes, domain, &sure),
            Scalar::Number | Scalar::Duration | Scalar::Moment | Scalar::Date | Scalar::Time => {
                gaps::classes(&mut classes, domain, &sure);
            }
            Scalar::Any => of_anything(&mut classes, &sure),
        }
    }
    if domain.ty.optional {
        classes.add(Value::Missing, false);
    }
    if classes.values.len() > limits.classes { Err(Undecided) } else { Ok(classes) }
}

/// Whether a test can be answered from the value alone.
fn stands_alone(test: &Test) -> bool {
    match test {
        Test::Present | Test::InSet(_) | Test::Like(_) => true,
        Test::InSchedule(_) => false,
        Test::Is(value) | Test::Order(_, value) => matches!(value, Expr::Const(_) | Expr::Local(_)),
        Test::Exactly(value)
        | Test::Among(value)
        | Test::Contains(value)
        | Test::StartsWith(value)
        | Test::EndsWith(value) => matches!(value, Expr::Const(_)),
    }
}

fn list_example(domain: &Domain) -> Value {
    match &domain.example {
        Value::Missing => Value::list([Value::text("другое")]),
        example => example.clone(),
    }
}

/// The values that tests name.
pub(super) fn named<'t>(tests: &[&'t Test]) -> Vec<&'t Value> {
    let mut found = Vec::new();
    for test in tests {
        match test {
            Test::Is(Expr::Const(value)) | Test::Exactly(Expr::Const(value)) => found.push(value),
            Test::Among(Expr::Const(list)) => found.extend(list.elements()),
            _ => {}
        }
    }
    found
}

/// Texts: each that is named, each overlap of lists, each combination of patterns.
fn of_texts(classes: &mut Classes, domain: &Domain, tests: &[&Test], limits: &ProofLimits) {
    let is_name = |text: &str| match domain.ty.scalar {
        Scalar::Enum(of) => of.find_folded(text).is_some(),
        _ => false,
    };
    let mut known: HashSet<SmolStr> = HashSet::new();
    let mut add = |classes: &mut Classes, value: Value| {
        if let Value::Text(text) = &value
            && !is_name(text.as_str())
            && known.insert(text.folded().into())
        {
            classes.add(value, false);
        }
    };
    let mut patterns: Vec<(&Test, Vec<PatternStep>)> = Vec::new();
    let mut lists = Vec::new();
    for test in tests {
        match test {
            Test::Is(Expr::Const(value)) => add(classes, value.clone()),
            Test::Among(Expr::Const(list)) => {
                list.elements().iter().for_each(|value| add(classes, value.clone()));
            }
            Test::InSet(list) => lists.push((*test, list)),
            Test::Like(pattern) if pattern.is_plain() => {
                add(classes, plain(&pattern_steps(pattern.source())));
            }
            other => patterns.extend(steps_of(other).map(|steps| (*other, steps))),
        }
    }
    exact_spellings(classes, tests, &mut known);
    let questions = lists.len() + patterns.len();
    let entries: usize = lists.iter().map(|(_, list)| list.len()).sum();
    if entries.saturating_mul(questions) > MAX_LIST_QUESTIONS {
        classes.loose.extend(lists.drain(..).map(|(test, _)| test.clone()));
    }
    let steps: Vec<Vec<PatternStep>> = patterns.iter().map(|(_, steps)| steps.clone()).collect();
    let listed = |value: &Value| lists.iter().any(|(_, list)| list.contains(value));
    let fresh = |text: &str| {
        let value = Value::text(text);
        let folded = crate::text::fold(text).into_owned();
        !value.is_missing() && !known.contains(folded.as_str()) && !is_name(text) && !listed(&value)
    };
    let mut others: Vec<Value> = Vec::new();
    let mut sure = true;
    if patterns.is_empty() {
        others.push(another(domain, &fresh));
    } else if let Some(found) = texts::combinations(&steps, limits.pattern_steps) {
        for combination in found {
            let Some(shortest) = combination.texts.first().map(|text| Value::text(text.as_str())) else {
                continue;
            };
            let natural = another(domain, &fresh);
            let alike =
                |value: &Value| patterns.iter().all(|(test, _)| ask(test, value) == ask(test, &shortest));
            if alike(&natural) {
                others.push(natural);
            } else if let Some(text) = combination.texts.iter().find(|text| fresh(text)) {
                others.push(Value::text(text.as_str()));
            } else {
                sure = false;
            }
        }
    } else {
        sure = false;
    }
    if !sure {
        others = vec![another(domain, &fresh)];
        classes.loose.extend(patterns.iter().map(|(test, _)| (*test).clone()));
        let filled: Vec<Value> = steps.iter().map(|steps| plain(steps)).collect();
        for (at, one) in filled.iter().enumerate() {
            classes.pool.push(one.clone());
            // Two patterns at once, where one text can show both.
            for other in filled.iter().skip(at + 1).take(16) {
                if let (Some(one), Some(other)) = (one.as_str(), other.as_str()) {
                    classes.pool.extend([format!("{one}{other}"), format!("{other}{one}")].map(Value::text));
                }
            }
        }
        patterns.clear();
    }
    let mut overlaps: HashSet<Vec<Option<bool>>> = HashSet::new();
    for (_, list) in &lists {
        for entry in list.entries() {
            let value = Value::text(entry.text.as_str());
            let Value::Text(text) = &value else { continue };
            if known.contains(text.folded()) || is_name(text.as_str()) {
                continue;
            }
            let asked = lists.iter().map(|(test, _)| *test).chain(patterns.iter().map(|(test, _)| *test));
            if overlaps.insert(asked.map(|test| ask(test, &value)).collect()) {
                // Loose patterns may tell two entries of one list apart.
                classes.add(value, list.len() > 1);
            }
        }
    }
    others.into_iter().for_each(|value| classes.add(value, true));
}

/// Texts that are compared letter by letter: each spelling, and one more of the same text.
fn exact_spellings(classes: &mut Classes, tests: &[&Test], known: &mut HashSet<SmolStr>) {
    let mut spellings: HashMap<SmolStr, BTreeSet<SmolStr>> = HashMap::new();
    for test in tests {
        if let Test::Exactly(Expr::Const(Value::Text(text))) = test {
            spellings.entry(text.folded().into()).or_default().insert(text.as_str().into());
        }
    }
    for value in &classes.values {
        if let Value::Text(text) = value
            && let Some(of) = spellings.get_mut(text.folded())
        {
            of.insert(text.as_str().into());
        }
    }
    let mut all: Vec<(SmolStr, BTreeSet<SmolStr>)> = spellings.into_iter().collect();
    all.sort();
    for (folded, mut spellings) in all {
        known.insert(folded.clone());
        let present: Vec<SmolStr> =
            classes.values.iter().filter_map(|value| value.as_str().map(SmolStr::from)).collect();
        let variants =
            [folded.to_string(), folded.to_uppercase(), format!(" {folded}"), format!("  {folded}")];
        let variant = variants.iter().find(|variant| {
            !spellings.contains(variant.as_str()) && crate::text::fold(variant).as_ref() == folded.as_str()
        });
        spellings.extend(variant.map(SmolStr::from));
        for spelling in spellings.into_iter().filter(|spelling| !present.contains(spelling)) {
            classes.add(Value::text(spelling), false);
        }
    }
}

/// The wildcards of a test for a piece of text.
fn steps_of(test: &Test) -> Option<Vec<PatternStep>> {
    let piece = |value: &Value| -> Option<Vec<PatternStep>> {
        let Value::Text(text) = value else { return None };
        Some(text.folded().chars().map(PatternStep::Char).collect())
    };
    let run = || [PatternStep::AnyRun];
    Some(match test {
        Test::Like(pattern) => pattern_steps(pattern.source()),
        Test::Contains(Expr::Const(value)) => [&run()[..], &piece(value)?, &run()].concat(),
        Test::StartsWith(Expr::Const(value)) => [&piece(value)?[..], &run()].concat(),
        Test::EndsWith(Expr::Const(value)) => [&run()[..], &piece(value)?].concat(),
        _ => return None,
    })
}

/// A pattern with nothing in place of its runs.
fn plain(steps: &[PatternStep]) -> Value {
    let letters = steps.iter().filter_map(|step| match step {
        PatternStep::Char(letter) => Some(*letter),
        PatternStep::AnyChar => Some('x'),
        PatternStep::AnyRun => None,
    });
    Value::text(letters.collect::<String>())
}

/// A text that is none of those that matter.
fn another(domain: &Domain, fresh: &dyn Fn(&str) -> bool) -> Value {
    let natural = domain.example.as_str().filter(|text| fresh(text)).map(str::to_owned);
    let numbered = || {
        let words =
            std::iter::once("другое".to_owned()).chain((2..).map(|number| format!("другое {number}")));
        words.into_iter().find(|text| fresh(text))
    };
    Value::text(natural.or_else(numbered).unwrap_or_default())
}

/// Phones: each that is named, each overlap of lists, any other; pieces of the digits are loose.
fn of_phones<'t>(classes: &mut Classes, domain: &Domain, tests: &[&'t Test]) {
    for value in named(tests) {
        if matches!(value, Value::Phone(_)) && !classes.has(value) {
            classes.add(value.clone(), false);
        }
    }
    let in_list = |test: &&'t Test| if let Test::InSet(list) = *test { Some((*test, list)) } else { None };
    let lists: Vec<(&Test, &Arc<ValueList>)> = tests.iter().filter_map(in_list).collect();
    let mut known: HashSet<Phone> = classes
        .values
        .iter()
        .filter_map(|value| if let Value::Phone(phone) = value { Some(*phone) } else { None })
        .collect();
    let mut overlaps: HashSet<Vec<Option<bool>>> = HashSet::new();
    for (_, list) in &lists {
        for entry in list.entries() {
            let Ok(phone) = Phone::parse(&entry.text) else { continue };
            let value = Value::Phone(phone);
            if !known.contains(&phone)
                && overlaps.insert(lists.iter().map(|(test, _)| ask(test, &value)).collect())
            {
                known.insert(phone);
                classes.add(value, list.len() > 1);
            }
        }
    }
    let taken = |value: &Value| classes.has(value) || lists.iter().any(|(_, list)| list.contains(value));
    let numbered = (79_000_000_001u64..).filter_map(Phone::from_digits).map(Value::Phone);
    let other = std::iter::once(domain.example.clone())
        .chain(numbered)
        .find(|value| !value.is_missing() && !taken(value));
    other.into_iter().for_each(|value| classes.add(value, true));
    for test in tests {
        let digits = |value: &Value| -> String {
            value.as_str().unwrap_or_default().chars().filter(char::is_ascii_digit).collect()
        };
        let made = match test {
            Test::StartsWith(Expr::Const(piece)) => format!("{:0<11}", digits(piece)),
            Test::EndsWith(Expr::Const(piece)) => format!("7{:0>10}", digits(piece)),
            Test::Contains(Expr::Const(piece)) => format!("79{:0<9}", digits(piece)),
            Test::Like(pattern) => {
                let filled = plain(&pattern_steps(pattern.source()));
                format!("{:0<11}", digits(&filled))
            }
            _ => continue,
        };
        classes.loose.push((*test).clone());
        classes.pool.extend(made.parse().ok().and_then(Phone::from_digits).map(Value::Phone));
    }
}

/// A value whose type nobody knows: each that is named, any other; everything else is loose.
fn of_anything(classes: &mut Classes, tests: &[&Test]) {
    let is_named = |test: &Test| {
        matches!(test, Test::Present | Test::Is(Expr::Const(_)) | Test::Exactly(Expr::Const(_)))
    };
    let spelt = tests.iter().any(|test| matches!(test, Test::Exactly(_)));
    for value in named(tests) {
        if !classes.has(value) {
            classes.add(value.clone(), spelt);
        }
    }
    let other = (1..).map(|number| {
        Value::text(if number == 1 { "другое".to_owned() } else { format!("другое {number}") })
    });
    let other = other.into_iter().find(|value| !classes.has(value));
    other.into_iter().for_each(|value| classes.add(value, true));
    for test in tests.iter().filter(|test| !is_named(test) || matches!(test, Test::Exactly(_))) {
        classes.loose.push((*test).clone());
        match test {
            Test::Order(_, Expr::Const(bound)) => classes.pool.extend(gaps::around(bound)),
            other => classes.pool.extend(steps_of(other).map(|steps| plain(&steps))),
        }
    }
}
