//! Every keyword of the language, in one table: English, Russian, and what people write instead.
//!
//! The first spelling of a language is the canonical one; the others are inflected or longer forms that read
//! naturally in a sentence ("теги содержат", "кампания похожа на"), accepted and kept by the formatter.
//! *Aliases* are accepted, too, but the formatter writes the form that they stand for. *Foreign* spellings come
//! from programming languages and loose speech: they are understood, reported, and mended by `--fix`.
//!
//! The table also makes `keywords.pest` (see `keywords/grammar.rs`), so the grammar cannot know a word that is not here.

mod grammar;
mod table;

pub use self::grammar::grammar_text;
pub use self::table::Keyword;

use crate::lang::Lang;

/// What a keyword is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Group {
    /// Joins: `and`, `else`, `when`. Reserved: no field may have this name.
    Connective,
    /// Asks: `is`, `not in`, `>=`. Reserved.
    Operator,
    /// Values that are words: `yes`, `default`. Reserved.
    Constant,
    /// Opens a section.
    Section,
    /// Names what happened: `incoming calls`, `missed`.
    Event,
    /// Stands at the start of a line inside a section, or inside its header.
    Property,
    /// A type in a script's declaration.
    Type,
    /// A unit of time.
    Unit,
    /// A day of the week, and `closed`.
    Day,
}

/// One row of the table.
#[derive(Debug)]
pub struct Entry {
    /// Which keyword.
    pub keyword: Keyword,
    /// Its name in the grammar, without the `k_` in front.
    pub name: &'static str,
    /// What it is for.
    pub group: Group,
    /// English spellings, the canonical one first.
    pub en: &'static [&'static str],
    /// Russian spellings, the canonical one first.
    pub ru: &'static [&'static str],
    /// Accepted spellings with the form that the formatter writes instead.
    pub aliases: &'static [(&'static str, &'static str)],
    /// Spellings that are understood and reported.
    pub foreign: &'static [&'static str],
}

/// What was written, seen from a file's language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The spelling that the formatter writes.
    pub form: &'static str,
    /// Whether it was written as this language has it; otherwise `form` is what to write instead.
    pub native: bool,
}

impl Entry {
    /// The spellings of a language, the canonical one first.
    #[must_use]
    pub const fn forms(&self, lang: Lang) -> &'static [&'static str] {
        match lang {
            Lang::En => self.en,
            Lang::Ru => self.ru,
        }
    }
}

impl Keyword {
    /// The canonical spelling.
    #[must_use]
    pub fn spelling(self, lang: Lang) -> &'static str {
        self.entry().forms(lang).first().copied().unwrap_or(self.entry().name)
    }

    /// What `written` means in a file of `lang`: the form to keep, or the form to write instead.
    #[must_use]
    pub fn read(self, written: &str, lang: Lang) -> Reading {
        let entry = self.entry();
        let words = normal_spaces(written);
        if let Some(form) = entry.forms(lang).iter().copied().find(|form| *form == words) {
            return Reading { form, native: true };
        }
        if let Some((_, form)) = entry.aliases.iter().copied().find(|(alias, _)| *alias == words) {
            // An alias of the other language is foreign; its own form tells which language it is of.
            let native = entry.forms(lang).contains(&form);
            return Reading { form: if native { form } else { self.spelling(lang) }, native };
        }
        let lower = words.to_lowercase();
        let form = entry.forms(lang).iter().copied().find(|form| *form == lower);
        Reading { form: form.unwrap_or_else(|| self.spelling(lang)), native: false }
    }
}

/// One space between words.
fn normal_spaces(written: &str) -> std::borrow::Cow<'_, str> {
    if written.split(' ').all(|word| !word.is_empty() && !word.contains(char::is_whitespace)) {
        return written.into();
    }
    written.split_whitespace().collect::<Vec<_>>().join(" ").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inflected_forms_are_native_and_kept() {
        let reading = Keyword::Contains.read("содержат", Lang::Ru);
        assert_eq!(reading, Reading { form: "содержат", native: true });
        let reading = Keyword::Like.read("похожа   на", Lang::Ru);
        assert_eq!(reading, Reading { form: "похожа на", native: true });
    }

    #[test]
    fn the_other_language_wrong_case_and_signs_are_foreign() {
        assert_eq!(Keyword::And.read("и", Lang::En), Reading { form: "and", native: false });
        assert_eq!(Keyword::And.read("И", Lang::Ru), Reading { form: "и", native: false });
        assert_eq!(Keyword::Is.read("==", Lang::Ru), Reading { form: "это", native: false });
        assert_eq!(Keyword::Contains.read("СОДЕРЖАТ", Lang::Ru), Reading { form: "содержат", native: false });
    }

    #[test]
    fn aliases_give_the_form_they_stand_for() {
        let reading = Keyword::IsMissing.read("не указана", Lang::Ru);
        assert_eq!(reading, Reading { form: "пуста", native: true });
        let reading = Keyword::IsPresent.read("is not missing", Lang::En);
        assert_eq!(reading, Reading { form: "is present", native: true });
    }

    #[test]
    fn every_alias_stands_for_a_form_of_its_keyword() {
        for entry in Keyword::TABLE {
            for (alias, form) in entry.aliases {
                assert!(entry.en.contains(form) || entry.ru.contains(form), "{alias} -> {form}");
            }
            assert!(!entry.en.is_empty() && !entry.ru.is_empty(), "{:?} lacks a language", entry.keyword);
        }
    }

    #[test]
    fn rows_stand_at_the_place_of_their_keyword() {
        for (at, entry) in Keyword::TABLE.iter().enumerate() {
            assert_eq!(entry.keyword as usize, at);
        }
    }
}
