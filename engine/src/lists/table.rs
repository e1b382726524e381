//! What stands beside a value in the file of its list: `lookup("managers", phone, "email")`.
//!
//! Made of the same file as the list, of only those columns that somebody asks for. A key is compared as the language
//! compares: texts folded, phones and numbers by what they are. Of several rows with one key the first counts.
//! A column is one text and the ends of its cells, so that a table takes little more than its file.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use smol_str::SmolStr;

use super::csv_file::{CsvError, column_place, decode, line_of, malformed, reader};
use super::list::{ListError, ValueList};
use crate::decimal::{self, Decimal};
use crate::phone::Phone;
use crate::text::fold;
use crate::value::Value;

/// Columns of a file by the values of one of them.
#[derive(Clone, Debug, Default)]
pub struct ListTable {
    /// The row of each key: folded texts, phones, numbers.
    texts: HashMap<SmolStr, u32>,
    phones: HashMap<Phone, u32>,
    numbers: HashMap<Decimal, u32>,
    columns: Vec<Column>,
    repeated: Option<Repeated>,
}

/// A key that stands in several rows which say different things.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repeated {
    /// The key as the later row has it.
    pub key: SmolStr,
    /// The line of the later row, from 1.
    pub line: u32,
}

#[derive(Clone, Debug)]
struct Column {
    /// Folded.
    name: SmolStr,
    cells: String,
    /// Where each cell ends in them.
    ends: Vec<u32>,
}

/// The names in the first line of a file.
///
/// # Errors
///
/// [`CsvError`] when the file has no such line.
pub fn headings(bytes: &[u8]) -> Result<Vec<String>, CsvError> {
    let mut reader = reader(decode(bytes)?);
    let heading = reader.records().next().transpose().map_err(|error| malformed(&error))?;
    Ok(heading.unwrap_or_default().iter().map(str::to_owned).collect())
}

impl ListTable {
    /// Reads the columns that are asked for, by the values of the column `key`.
    ///
    /// # Errors
    ///
    /// [`CsvError`], the first thing that is wrong with the file.
    pub fn from_csv(bytes: &[u8], key: &str, columns: &[&str]) -> Result<ListTable, CsvError> {
        let mut reader = reader(decode(bytes)?);
        let mut records = reader.records();
        let heading = records.next().transpose().map_err(|error| malformed(&error))?.unwrap_or_default();
        let key_place = column_place(&heading, key)?;
        let places: Vec<usize> =
            columns.iter().map(|name| column_place(&heading, name)).collect::<Result<_, _>>()?;
        let mut table = ListTable {
            columns: columns.iter().map(|name| Column::new(SmolStr::from(fold(name)))).collect(),
            ..ListTable::default()
        };
        for record in records {
            let record = record.map_err(|error| malformed(&error))?;
            let line = line_of(&record);
            let key = record.get(key_place).unwrap_or_default();
            if key.is_empty() {
                continue;
            }
            let cells: Vec<&str> =
                places.iter().map(|place| record.get(*place).unwrap_or_default()).collect();
            if cells.iter().any(|cell| cell.chars().nth(ValueList::MAX_CHARS).is_some()) {
                return Err(CsvError::Value { line, problem: ListError::TooLong });
            }
            table.add(key, &cells, line);
        }
        Ok(table)
    }

    fn add(&mut self, key: &str, cells: &[&str], line: u32) {
        if let Some(row) = self.row_written(key) {
            let differs =
                self.columns.iter().zip(cells).any(|(column, cell)| column.cell(row) != Some(*cell));
            if differs && self.repeated.is_none() {
                self.repeated = Some(Repeated { key: SmolStr::new(key), line });
            }
        }
        let row = self.columns.first().map_or(0, |column| column.ends.len());
        let row = u32::try_from(row).unwrap_or(u32::MAX);
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            column.push(cell);
        }
        first(self.texts.entry(SmolStr::from(fold(key))), row);
        if let Ok(phone) = Phone::parse(key) {
            first(self.phones.entry(phone), row);
        }
        if let Some(number) = decimal::parse(key) {
            first(self.numbers.entry(number.normalize()), row);
        }
    }

    /// What stands in a column beside a key; None when the key or the column is not there, empty for a blank cell.
    pub fn find(&self, key: &Value, column: &str) -> Option<&str> {
        let row = match key {
            Value::Number(number) => self.numbers.get(&number.normalize()).copied(),
            Value::Phone(phone) => self.phones.get(phone).copied(),
            Value::Text(text) => self.row_of(text.folded(), text.as_str()),
            _ => None,
        }?;
        self.column(column)?.cell(row)
    }

    /// Whether the table holds a column.
    pub fn has(&self, column: &str) -> bool {
        self.column(column).is_some()
    }

    /// The first key that stands in several rows which say different things.
    pub const fn repeated(&self) -> Option<&Repeated> {
        self.repeated.as_ref()
    }

    /// Feeds what the table says beside its keys, which are those of the list.
    pub(crate) fn hash(&self, hasher: &mut blake3::Hasher) {
        for column in &self.columns {
            hasher.update(column.name.as_bytes()).update(&[0]);
            for row in (0u32..).take(column.ends.len()) {
                hasher.update(column.cell(row).unwrap_or_default().as_bytes()).update(&[0]);
            }
        }
    }

    fn column(&self, name: &str) -> Option<&Column> {
        let name = fold(name);
        self.columns.iter().find(|column| *column.name == *name)
    }

    fn row_written(&self, key: &str) -> Option<u32> {
        self.row_of(&fold(key), key)
    }

    fn row_of(&self, folded: &str, written: &str) -> Option<u32> {
        let by_phone = || {
            let phone = Phone::parse(written).ok().filter(|_| !self.phones.is_empty())?;
            self.phones.get(&phone).copied()
        };
        self.texts.get(folded).copied().or_else(by_phone)
    }
}

/// Of several rows with one key the first counts.
fn first<K>(entry: Entry<'_, K, u32>, row: u32) {
    entry.or_insert(row);
}

impl Column {
    const fn new(name: SmolStr) -> Column {
        Column { name, cells: String::new(), ends: Vec::new() }
    }

    fn push(&mut self, cell: &str) {
        self.cells.push_str(cell);
        self.ends.push(u32::try_from(self.cells.len()).unwrap_or(u32::MAX));
    }

    fn cell(&self, row: u32) -> Option<&str> {
        let row = row as usize;
        let start = match row.checked_sub(1) {
            None => 0,
            Some(before) => *self.ends.get(before)?,
        };
        self.cells.get(start as usize..*self.ends.get(row)? as usize)
    }
}
