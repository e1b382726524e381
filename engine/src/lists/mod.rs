//! Named lists: many values, one question – is this one of them?
//!
//! Takes values written in rules or the bytes of a CSV file; gives a [`ValueList`] that answers in constant time,
//! comparing as the language does: texts folded, phones as numbers. Reading the file is the caller's business.

mod csv_file;
mod list;

pub use csv_file::{CsvError, from_csv};
pub use list::{ListEntry, ListError, ValueList};
