//! A file in the other language, and a condition in none: keywords by the table, names as the caller knows them, texts untouched.

use super::values::Layout;
use super::{Printer, Speller};
use crate::Parsed;
use crate::ast::{Condition, Path};
use crate::diagnostic::Diagnostic;
use crate::lang::Lang;

/// Why a file was not translated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TranslateError {
    /// It has errors; what could not be read cannot be translated.
    #[error("a file with errors cannot be translated")]
    HasErrors,
}

/// A parsed file in `lang`, formatted; `text` is what it was parsed from.
///
/// `names` is asked for every name: fields, settings, enum values, tables and lists where they are declared and where
/// they are used, functions, template filters. It answers with the name in `lang`, or `None` to keep it; the span of
/// the path tells which of two equal names is meant. Texts, numbers and comments stay as they are, a comment inside a
/// line goes above it.
///
/// # Errors
///
/// [`TranslateError::HasErrors`] when parsing reported an error.
pub fn translate(
    parsed: &Parsed,
    text: &str,
    lang: Lang,
    names: &mut dyn FnMut(&Path) -> Option<String>,
) -> Result<String, TranslateError> {
    if parsed.diagnostics.iter().any(Diagnostic::is_error) {
        return Err(TranslateError::HasErrors);
    }
    if parsed.file.lang == lang {
        return Ok(super::print(&parsed.file, text));
    }
    let speller = Speller::translating(lang, names);
    Ok(Printer { text, speller, out: String::new() }.file(&parsed.file))
}

/// The text of a condition that is the same in both languages and in every layout: keywords and units in English, in one
/// form each, on one line. `names` is asked as in [`translate`]; it should answer in English.
#[must_use]
pub fn canonical(condition: &Condition, names: &mut dyn FnMut(&Path) -> Option<String>) -> String {
    Speller::in_one_form(Lang::En, names).condition(condition, Layout::Flat)
}
