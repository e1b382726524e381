//! A list from a CSV file as people save it from a spreadsheet.
//!
//! UTF-8 with or without its mark; comma, semicolon or tab between cells, whichever the first line has most of;
//! quotes as usual. One column is read: the named one, or the first. With a column name the first line holds
//! names. Without one, it is left out as a heading when it says so: when all values below are phones or numbers
//! and it is not, or when it is a customary word (`phone`, `телефон`, `email`…).
//! Files in another encoding are refused with a hint, because guessed letters would silently match nothing.
//! The other columns are read by [`ListTable`](super::ListTable), where scripts look something up in them.

use csv::{ReaderBuilder, StringRecord, Trim};

use super::list::{ListError, ValueList};
use crate::text::fold;
use crate::ty::Scalar;

/// Why a file is no list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CsvError {
    /// The bytes are not UTF-8.
    #[error("the file is not in UTF-8{}", hint(*looks_like))]
    Encoding {
        /// What it seems to be in instead.
        looks_like: Option<&'static str>,
    },
    /// There is no such column.
    #[error("there is no column `{name}`; the first line has: {}", shown(known))]
    NoColumn {
        /// The column that was asked for.
        name: String,
        /// The columns that there are.
        known: Vec<String>,
    },
    /// A line that is not written as CSV.
    #[error("line {line} is not written as CSV")]
    Malformed {
        /// Which line, from 1.
        line: u32,
    },
    /// A quote that opens a cell and is never closed: everything below it would be one cell.
    #[error("the quote that opens a cell in line {line} is not closed")]
    Unclosed {
        /// Which line, from 1.
        line: u32,
    },
    /// A value that does not go in.
    #[error("line {line}: {problem}")]
    Value {
        /// Which line, from 1.
        line: u32,
        /// Why it does not.
        problem: ListError,
    },
    /// No value is in it.
    #[error("no value is in the file")]
    Empty,
}

impl CsvError {
    /// The reason in Russian.
    pub fn ru(&self) -> String {
        match self {
            CsvError::Encoding { looks_like: Some(encoding) } => {
                format!("файл не в UTF-8, похоже на {encoding}; сохраните его как «CSV UTF-8»")
            }
            CsvError::Encoding { looks_like: None } => "файл не в UTF-8".to_owned(),
            CsvError::NoColumn { name, known } => {
                format!("нет столбца `{name}`; в первой строке: {}", shown(known))
            }
            CsvError::Malformed { line } => format!("строка {line} не похожа на CSV"),
            CsvError::Unclosed { line } => format!("в строке {line} кавычка открывает ячейку и не закрыта"),
            CsvError::Value { line, problem } => format!("строка {line}: {}", problem.ru()),
            CsvError::Empty => "в файле нет ни одного значения".to_owned(),
        }
    }
}

fn hint(looks_like: Option<&'static str>) -> String {
    match looks_like {
        Some(encoding) => format!("; it looks like {encoding}: save it as \"CSV UTF-8\""),
        None => String::new(),
    }
}

/// Names of columns for a message, which stays readable whatever the file holds.
fn shown(columns: &[String]) -> String {
    let names: Vec<&str> = columns.iter().take(MAX_SHOWN).map(String::as_str).collect();
    let more = if columns.len() > MAX_SHOWN { ", …" } else { "" };
    format!("{}{more}", names.join(", "))
}

const MAX_SHOWN: usize = 20;

/// What people write above a column of values.
const HEADINGS: [&str; 22] = [
    "phone",
    "phones",
    "number",
    "numbers",
    "email",
    "e-mail",
    "name",
    "names",
    "value",
    "values",
    "id",
    "code",
    "телефон",
    "телефоны",
    "номер",
    "номера",
    "почта",
    "имя",
    "значение",
    "значения",
    "код",
    "город",
];

/// Reads a list from a CSV file.
///
/// # Errors
///
/// [`CsvError`], the first thing that is wrong with it.
pub fn from_csv(bytes: &[u8], column: Option<&str>) -> Result<ValueList, CsvError> {
    let mut reader = reader(decode(bytes)?);
    let mut records = reader.records();
    let mut list = ValueList::default();
    let mut place = 0;
    let mut first: Option<(String, u32)> = None;
    if let Some(wanted) = column {
        let heading = records.next().transpose().map_err(|error| malformed(&error))?.unwrap_or_default();
        place = column_place(&heading, wanted)?;
    } else if let Some(record) = records.next() {
        let record = record.map_err(|error| malformed(&error))?;
        first = record.get(0).map(|cell| (cell.to_owned(), line_of(&record)));
    }
    for record in records {
        let record = record.map_err(|error| malformed(&error))?;
        let line = line_of(&record);
        let cell = record.get(place).unwrap_or_default();
        list.push_text(cell, line).map_err(|problem| CsvError::Value { line, problem })?;
    }
    if let Some((cell, line)) = first
        && !is_heading(&cell, &list)
    {
        list.push_text(&cell, line).map_err(|problem| CsvError::Value { line, problem })?;
    }
    if list.is_empty() { Err(CsvError::Empty) } else { Ok(list) }
}

/// The lines of a file, cell by cell.
pub(super) fn reader(text: &str) -> csv::Reader<&[u8]> {
    ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(Trim::All)
        .delimiter(delimiter(text))
        .from_reader(text.as_bytes())
}

pub(super) fn decode(bytes: &[u8]) -> Result<&str, CsvError> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(CsvError::Encoding { looks_like: Some("UTF-16") });
    }
    let text = std::str::from_utf8(bytes).map_err(|_| CsvError::Encoding {
        looks_like: looks_like_windows_1251(bytes).then_some("windows-1251"),
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match unclosed(text) {
        Some(line) => Err(CsvError::Unclosed { line }),
        None => Ok(text),
    }
}

/// The line, from 1, of a quote that opens a cell and has no end. Readers of CSV take the rest of the file for that
/// cell, and a list would lose all its values below without a word.
fn unclosed(text: &str) -> Option<u32> {
    let delimiter = delimiter(text);
    let (mut line, mut opened, mut at_start) = (1, None, true);
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        match (byte, opened) {
            (b'"', Some(_)) => {
                // Two of them are one that belongs to the text.
                if bytes.next_if_eq(&b'"').is_none() {
                    opened = None;
                }
                at_start = false;
            }
            (b'"', None) if at_start => opened = Some(line),
            (_, Some(_)) => {}
            (_, None) => at_start = byte == delimiter || byte == b'\n',
        }
        line += u32::from(byte == b'\n');
    }
    opened
}

/// In windows-1251 Russian letters are the bytes from 0xC0 up, and little else is above 0x7F.
fn looks_like_windows_1251(bytes: &[u8]) -> bool {
    let high = bytes.iter().filter(|byte| **byte >= 0x80).count();
    let letters = bytes.iter().filter(|byte| **byte >= 0xc0 || matches!(**byte, 0xa8 | 0xb8)).count();
    high > 0 && letters * 10 >= high * 8
}

/// Of comma, semicolon and tab, the one that the first line has most of outside quotes.
fn delimiter(text: &str) -> u8 {
    let mut quoted = false;
    let mut counts = [(b',', 0usize), (b';', 0), (b'\t', 0)];
    for byte in text.bytes().take_while(|byte| *byte != b'\n') {
        if byte == b'"' {
            quoted = !quoted;
        } else if !quoted {
            counts.iter_mut().filter(|(known, _)| *known == byte).for_each(|(_, count)| *count += 1);
        }
    }
    // Of equals the first: a file of one column has no delimiter at all.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(byte, _)| *byte)
}

pub(super) fn column_place(heading: &StringRecord, wanted: &str) -> Result<usize, CsvError> {
    if heading.is_empty() {
        return Err(CsvError::Empty);
    }
    let place = heading.iter().position(|cell| fold(cell) == fold(wanted));
    place.ok_or_else(|| CsvError::NoColumn {
        name: wanted.to_owned(),
        known: heading.iter().map(str::to_owned).collect(),
    })
}

/// Whether the first cell is a heading and no value, judged by the values below it.
fn is_heading(cell: &str, below: &ValueList) -> bool {
    let mut alone = ValueList::default();
    let fits = alone.push_text(cell, 1).is_ok();
    let below = below.scalar();
    HEADINGS.contains(&&*fold(cell))
        || (fits
            && !alone.is_empty()
            && below != Scalar::Text
            && alone.misfits(below).next().is_some()
            && cell.chars().any(char::is_alphabetic))
}

pub(super) fn line_of(record: &StringRecord) -> u32 {
    record.position().and_then(|position| u32::try_from(position.line()).ok()).unwrap_or(0)
}

pub(super) fn malformed(error: &csv::Error) -> CsvError {
    let line = error.position().and_then(|position| u32::try_from(position.line()).ok()).unwrap_or(0);
    CsvError::Malformed { line }
}
