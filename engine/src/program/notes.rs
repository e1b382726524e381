//! The long texts of a bundle, by number.

use super::Expr;
use crate::note::{Note, NoteError};
use crate::value::Value;

/// All long texts that tasks name.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    notes: Vec<(Note, Vec<(String, Expr)>)>,
}

impl Notes {
    /// Adds a text with what its names stand for; gives its number.
    pub(crate) fn add(&mut self, note: Note, names: Vec<(String, Expr)>) -> usize {
        self.notes.push((note, names));
        self.notes.len() - 1
    }

    /// Fills a text in; `value` works out what a name stands for.
    pub(crate) fn render(&self, number: usize, value: impl Fn(&Expr) -> Value) -> Result<String, NoteError> {
        let Some((note, names)) = self.notes.get(number) else { return Ok(String::new()) };
        note.render(|name| {
            let known = names.iter().find(|(known, _)| known == name);
            known.map_or(Value::Missing, |(_, expr)| value(expr))
        })
    }

    /// A name for the text itself.
    pub(crate) fn digest(&self, number: usize) -> Option<String> {
        self.notes.get(number).map(|(note, _)| note.digest().to_hex().to_string())
    }

    /// What the names of a text stand for.
    pub(crate) fn values(&self, number: usize) -> impl Iterator<Item = &Expr> {
        self.notes.get(number).into_iter().flat_map(|(_, names)| names.iter().map(|(_, value)| value))
    }
}
