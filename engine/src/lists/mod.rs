//! Named lists: many values, one question – is this one of them?
//!
//! Takes values written in rules or the bytes of a CSV file; gives a [`ValueList`] that answers in constant time,
//! comparing as the language does: texts folded, phones as numbers. Where scripts ask for more than that, a [`ListTable`]
//! gives what stands beside a value in its file. Reading the file is the caller's business.

mod csv_file;
mod list;
mod table;

pub use csv_file::{CsvError, from_csv};
pub use list::{ListEntry, ListError, ValueList};
pub use table::{ListTable, Repeated, headings};
