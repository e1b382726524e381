//! The search by full name or phone, as `filter[name]` of customers and `filter[customer]` of orders and tasks do it.
//!
//! Made once for a request and asked for every record, so what can be worked out beforehand is.

use super::record::Record;
use super::state::digits;
use crate::switches::PhoneSearch;

/// Digits that suffice for the loose comparison of phones.
const LOOSE_DIGITS: usize = 7;

/// What is searched for.
#[derive(Debug)]
pub(super) struct Search {
    wanted: String,
    /// Without case; names are compared so.
    lower: String,
    digits: String,
    mode: PhoneSearch,
}

impl Search {
    pub(super) fn new(wanted: &str, mode: PhoneSearch) -> Self {
        Self { wanted: wanted.to_owned(), lower: wanted.to_lowercase(), digits: digits(wanted), mode }
    }

    /// Whether a record has the words in its name or the digits in a phone.
    pub(super) fn finds(&self, row: &Record) -> bool {
        row.phones().iter().any(|phone| self.is_phone(phone)) || self.is_name(row)
    }

    fn is_phone(&self, phone: &str) -> bool {
        if self.mode == PhoneSearch::Raw {
            return phone.contains(&self.wanted);
        }
        if self.digits.is_empty() {
            return false;
        }
        let known = digits(phone);
        let tail = self.digits.len().checked_sub(LOOSE_DIGITS).and_then(|from| self.digits.get(from..));
        known.contains(&self.digits)
            || (self.mode == PhoneSearch::Loose && tail.is_some_and(|tail| known.ends_with(tail)))
    }

    fn is_name(&self, row: &Record) -> bool {
        let [first, last, patronymic] =
            ["firstName", "lastName", "patronymic"].map(|name| row.text(name).unwrap_or_default());
        // People write both orders.
        let names = [format!("{last} {first} {patronymic}"), format!("{first} {last} {patronymic}")];
        names.iter().any(|name| name.to_lowercase().contains(&self.lower))
    }
}
