//! Known names in the other language: what `rules fmt --to` writes for fields, settings, values, columns and filters.
//!
//! The tree says where each name stands, the engine's tables what it is called. A name that means different things in
//! different places is looked at in its place: a value beside the field it belongs to, a column in its table, a filter
//! behind its bar. A name that the author made up stays as it is, and so does everything in quotes.

mod known;
mod places;

use switchboard_grammar::ast::Path;
use switchboard_grammar::lang::Lang;
use switchboard_grammar::{Parsed, TranslateError};

use self::known::translated;
use self::places::Places;

/// A parsed file in `lang`, formatted; `text` is what it was parsed from.
///
/// # Errors
/// When the file has errors.
pub(crate) fn translate(parsed: &Parsed, text: &str, lang: Lang) -> Result<String, TranslateError> {
    let places = Places::of(&parsed.file);
    let mut names = |path: &Path| translated(&path.dotted(), places.at(path), lang);
    switchboard_grammar::translate(parsed, text, lang, &mut names)
}
