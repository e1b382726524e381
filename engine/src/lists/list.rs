//! The list itself: its entries, and sets of them by type.
//!
//! A file does not say what its values are, so each entry is known as a text and, where it reads as one, as a
//! phone or a number. Which of these a rule uses depends on the field that it asks about; entries that do not fit
//! are told by [`ValueList::misfits`].

use std::collections::HashSet;

use smol_str::SmolStr;

use crate::decimal::{self, Decimal};
use crate::phone::Phone;
use crate::text::fold;
use crate::ty::Scalar;
use crate::value::Value;

/// A named list of values.
#[derive(Clone, Debug, Default)]
pub struct ValueList {
    entries: Vec<ListEntry>,
    /// Folded texts.
    texts: HashSet<SmolStr>,
    phones: HashSet<Phone>,
    numbers: HashSet<Decimal>,
    /// Values of other types, which only rules files can write; few.
    others: Vec<Value>,
}

/// One entry as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListEntry {
    /// The line of the file, from 1; 0 for entries written in rules.
    pub line: u32,
    /// The entry as text.
    pub text: SmolStr,
}

/// Why an entry was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ListError {
    /// The list is full.
    #[error("a list holds at most {} values", ValueList::MAX_VALUES)]
    TooManyValues,
    /// The entry is too long.
    #[error("a value of a list has at most {} characters", ValueList::MAX_CHARS)]
    TooLong,
}

impl ListError {
    /// The reason in Russian.
    pub fn ru(self) -> String {
        match self {
            ListError::TooManyValues => {
                format!("в списке может быть не больше {} значений", ValueList::MAX_VALUES)
            }
            ListError::TooLong => format!("значение списка длиннее {} знаков", ValueList::MAX_CHARS),
        }
    }
}

impl ValueList {
    /// The most values of a list.
    pub const MAX_VALUES: usize = 100_000;
    /// The longest value in characters.
    pub const MAX_CHARS: usize = 1_000;

    /// A list of values written in rules; missing ones are left out.
    ///
    /// # Errors
    ///
    /// [`ListError`], for the first value that does not go in.
    pub fn from_values(values: impl IntoIterator<Item = Value>) -> Result<ValueList, ListError> {
        let mut list = ValueList::default();
        for value in values {
            list.push(value)?;
        }
        Ok(list)
    }

    /// Adds a text of a file, which may be a phone or a number as well; blank ones are left out.
    ///
    /// # Errors
    ///
    /// [`ListError`] when it does not go in.
    pub fn push_text(&mut self, text: &str, line: u32) -> Result<(), ListError> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(());
        }
        self.check(text)?;
        self.texts.insert(SmolStr::from(fold(text)));
        if let Ok(phone) = Phone::parse(text) {
            self.phones.insert(phone);
        }
        if let Some(number) = decimal::parse(text) {
            self.numbers.insert(number);
        }
        self.entries.push(ListEntry { line, text: SmolStr::new(text) });
        Ok(())
    }

    /// Adds a value of a known type; a list adds its elements.
    ///
    /// # Errors
    ///
    /// [`ListError`] when it does not go in.
    pub fn push(&mut self, value: Value) -> Result<(), ListError> {
        let text = SmolStr::from(value.render(switchboard_grammar::lang::Lang::En));
        match value {
            Value::Missing => return Ok(()),
            Value::List(values) => return values.iter().try_for_each(|value| self.push(value.clone())),
            Value::Text(text) => return self.push_text(text.as_str(), 0),
            Value::Phone(phone) => {
                self.check(&text)?;
                self.phones.insert(phone);
            }
            Value::Number(number) => {
                self.check(&text)?;
                self.numbers.insert(number.normalize());
            }
            other => {
                self.check(&text)?;
                self.others.push(other);
            }
        }
        self.entries.push(ListEntry { line: 0, text });
        Ok(())
    }

    /// `x in list`: whether the value is one of the list's; of a list, whether an element is. Missing is in none.
    pub fn contains(&self, value: &Value) -> bool {
        match value {
            Value::Missing => false,
            Value::List(values) => values.iter().any(|value| self.contains(value)),
            Value::Text(text) => {
                self.texts.contains(text.folded()) || self.others.iter().any(|other| other.same(value))
            }
            Value::Phone(phone) => self.phones.contains(phone),
            Value::Number(number) => self.numbers.contains(&number.normalize()),
            Value::Enum(named) => {
                let item = named.item();
                let names = [item.en, item.ru].into_iter().chain(item.originals.iter().copied());
                names.into_iter().any(|name| self.texts.contains(name))
                    || self.others.iter().any(|other| other.same(value))
            }
            value => self.others.iter().any(|other| other.same(value)),
        }
    }

    /// Whether a value is one of the list's for somebody who knows only its text: a phone may be written in any way.
    pub fn contains_written(&self, value: &Value) -> bool {
        if self.contains(value) {
            return true;
        }
        match value {
            Value::Text(text) if !self.phones.is_empty() => {
                Phone::parse(text.as_str()).is_ok_and(|phone| self.phones.contains(&phone))
            }
            Value::List(values) => values.iter().any(|value| self.contains_written(value)),
            _ => false,
        }
    }

    /// The entries in order, duplicates included.
    pub fn entries(&self) -> &[ListEntry] {
        &self.entries
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entries that can never be equal to a value of a type: no phones, in a list that phones are looked for.
    pub fn misfits(&self, scalar: Scalar) -> impl Iterator<Item = &ListEntry> {
        self.entries.iter().filter(move |entry| match scalar {
            Scalar::Phone => Phone::parse(&entry.text).is_err(),
            Scalar::Number => decimal::parse(&entry.text).is_none(),
            Scalar::Enum(of) => !of.open && of.find_folded(&entry.text).is_none(),
            Scalar::Text | Scalar::Reference(_) | Scalar::Any => false,
            _ => !self.others.iter().any(|other| other.fits(crate::ty::Type::of(scalar))),
        })
    }

    /// What the list holds as far as can be told: phones or numbers when every entry is one, else texts.
    pub fn scalar(&self) -> Scalar {
        let all = |scalar| !self.is_empty() && self.misfits(scalar).next().is_none();
        match self.others.first() {
            Some(Value::Enum(value)) => Scalar::Enum(value.of()),
            Some(Value::Bool(_)) => Scalar::YesNo,
            Some(Value::Duration(_)) => Scalar::Duration,
            Some(Value::Moment(_)) => Scalar::Moment,
            Some(Value::Date(_)) => Scalar::Date,
            Some(Value::Time(_)) => Scalar::Time,
            _ if all(Scalar::Phone) => Scalar::Phone,
            _ if all(Scalar::Number) => Scalar::Number,
            _ => Scalar::Text,
        }
    }

    fn check(&self, text: &str) -> Result<(), ListError> {
        if self.entries.len() >= ValueList::MAX_VALUES {
            return Err(ListError::TooManyValues);
        }
        if text.chars().nth(ValueList::MAX_CHARS).is_some() {
            return Err(ListError::TooLong);
        }
        Ok(())
    }
}
