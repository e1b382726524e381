//! One column's cells, by value.
//!
//! Most cells of most tables name one value or several. Those are found by hash. Of the other questions, those about parts
//! of a text are found by the parts, and what is left is asked once, however many rows share it. What comes out is the set of rows that the column lets through, the same as
//! if every cell had been asked (a property test holds the two together).

use std::collections::HashMap;
use std::hash::Hash;

use smol_str::SmolStr;

use super::RowSet;
use super::pieces::{self, Pieces};
use super::postings::Postings;
use crate::decimal::Decimal;
use crate::moment::{Date, Seconds, Time};
use crate::phone::Phone;
use crate::program::{Check, Expr, Input, Test};
use crate::schema::EnumValue;
use crate::value::Value;

/// The rows of a column by what their cells ask.
#[derive(Clone, Debug)]
pub(crate) struct ColumnIndex {
    /// The rows that ask nothing.
    any: RowSet,
    /// Rows by a text that they name, folded. Apart from the rest, so that looking up copies nothing.
    by_text: HashMap<SmolStr, Postings>,
    /// Rows by any other value that they name.
    by_value: HashMap<Key, Postings>,
    /// The questions that are asked of every value, each with its rows.
    asked: Box<[Question]>,
    /// The questions that want a piece of a text, in the order of `pieces`.
    about_parts: Box<[Question]>,
    /// Which of them a text can have an answer for; without it all are asked.
    pieces: Option<Pieces>,
}

/// A check and the rows whose cell it is.
#[derive(Clone, Debug)]
struct Question {
    check: u32,
    rows: Postings,
}

/// A value as hashing sees it: equal exactly when the language says `is`, for values of one type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Key {
    Number(Decimal),
    Bool(bool),
    Phone(Phone),
    Duration(Seconds),
    Date(Date),
    Time(Time),
    Enum(EnumValue),
}

impl Key {
    /// The key of a value; None for those that are found otherwise (texts) or not at all (moments, lists).
    fn of(value: &Value) -> Option<Key> {
        Some(match value {
            Value::Number(number) => Key::Number(number.normalize()),
            Value::Bool(answer) => Key::Bool(*answer),
            Value::Phone(phone) => Key::Phone(*phone),
            Value::Duration(length) => Key::Duration(*length),
            Value::Date(date) => Key::Date(*date),
            Value::Time(time) => Key::Time(*time),
            Value::Enum(value) => Key::Enum(*value),
            _ => return None,
        })
    }
}

impl ColumnIndex {
    /// The index of a column: its checks and, for each row, the number of its check.
    pub(crate) fn new(checks: &[Check], of_row: &[u32]) -> ColumnIndex {
        let mut any = RowSet::empty(of_row.len());
        let mut rows_of: Vec<Vec<u32>> = vec![Vec::new(); checks.len()];
        for (row, check) in (0u32..).zip(of_row) {
            match rows_of.get_mut(*check as usize) {
                Some(rows) => rows.push(row),
                None if *check == Input::ANY => any.insert(row),
                None => {}
            }
        }
        let mut by_text: HashMap<SmolStr, Vec<u32>> = HashMap::new();
        let mut by_value: HashMap<Key, Vec<u32>> = HashMap::new();
        let (mut asked, mut about_parts, mut wanted) = (Vec::new(), Vec::new(), Vec::new());
        for (number, (check, rows)) in (0u32..).zip(checks.iter().zip(rows_of)) {
            let Some(values) = named(check) else {
                let question = Question { check: number, rows: Postings::new(rows, of_row.len()) };
                match pieces::of(check) {
                    Some(pieces) => {
                        about_parts.push(question);
                        wanted.push(pieces);
                    }
                    None => asked.push(question),
                }
                continue;
            };
            for value in values {
                match value {
                    Value::Text(text) => by_text.entry(text.folded().into()).or_default().extend(&rows),
                    other => {
                        Key::of(other)
                            .into_iter()
                            .for_each(|key| by_value.entry(key).or_default().extend(&rows));
                    }
                }
            }
        }
        let pieces = if wanted.len() < Pieces::LEAST { None } else { Pieces::new(&wanted) };
        ColumnIndex {
            any,
            by_text: postings(by_text, of_row.len()),
            by_value: postings(by_value, of_row.len()),
            asked: asked.into(),
            about_parts: about_parts.into(),
            pieces,
        }
    }

    /// The rows that let `value` through, put into `through`.
    pub(crate) fn rows(
        &self,
        checks: &[Check],
        value: &Value,
        holds: &dyn Fn(&Test, &Value) -> bool,
        through: &mut RowSet,
    ) {
        through.copy_from(&self.any);
        let named = match value {
            Value::Text(text) => self.by_text.get(text.folded()),
            _ if self.by_value.is_empty() => None,
            other => Key::of(other).and_then(|key| self.by_value.get(&key)),
        };
        if let Some(rows) = named {
            rows.add_to(through);
        }
        let mut ask = |question: &Question| {
            let check = checks.get(question.check as usize);
            if check.is_some_and(|check| check.holds(value, holds)) {
                question.rows.add_to(through);
            }
        };
        self.asked.iter().for_each(&mut ask);
        match (&self.pieces, value) {
            (Some(pieces), Value::Text(text)) => {
                let found = pieces.in_text(text.folded());
                found.iter().filter_map(|at| self.about_parts.get(at as usize)).for_each(ask);
            }
            // A missing value has no part either.
            (_, Value::Missing) => {}
            _ => self.about_parts.iter().for_each(ask),
        }
    }
}

/// The values that a check names, when naming values is all it does.
fn named(check: &Check) -> Option<Vec<&Value>> {
    match check {
        Check::Test(Test::Is(Expr::Const(value))) => can_be_looked_up(value).then(|| vec![value]),
        Check::Any(parts) => {
            let parts: Option<Vec<Vec<&Value>>> = parts.iter().map(named).collect();
            Some(parts?.concat())
        }
        _ => None,
    }
}

/// Values of open enums may equal texts as well, moments are compared by instant only: those are asked.
fn can_be_looked_up(value: &Value) -> bool {
    match value {
        Value::Text(_) => true,
        Value::Enum(value) => !value.of().open,
        other => Key::of(other).is_some(),
    }
}

fn postings<K: Hash + Eq>(map: HashMap<K, Vec<u32>>, rows: usize) -> HashMap<K, Postings> {
    map.into_iter().map(|(key, of_key)| (key, Postings::new(of_key, rows))).collect()
}
