//! Named lists of values.

use super::file::Line;
use super::name::{Name, Word};
use super::template::TextLiteral;
use super::value::Value;

/// `list NAME: a, b`, `list NAME` with values below, or `list NAME from "x.csv"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// The keyword.
    pub word: Word,
    /// Its name; `None` only where the header is broken.
    pub name: Option<Name>,
    /// The file that holds the values.
    pub file: Option<ListFile>,
    /// Values on the header line.
    pub inline: Vec<Value>,
    /// Values below, one or several a line.
    pub lines: Vec<Line<Vec<Value>>>,
}

/// `from "x.csv" column "phone"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListFile {
    /// The word `from`.
    pub from: Word,
    /// A file of the bundle.
    pub path: TextLiteral,
    /// Which column; the first without it.
    pub column: Option<(Word, TextLiteral)>,
}

impl List {
    /// The values written in the section, in order.
    pub fn values(&self) -> impl Iterator<Item = &Value> {
        self.inline.iter().chain(self.lines.iter().flat_map(|line| &line.item))
    }
}
