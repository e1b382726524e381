//! The keyword table as pest rules.
//!
//! `keywords.pest` is a generated file that is kept in the repository, so that the grammar can be read without
//! running anything; a test compares it with what this makes.

use std::fmt::Write as _;

use super::{Entry, Group, Keyword};

/// The text of `keywords.pest`.
#[must_use]
pub fn grammar_text() -> String {
    let mut out = String::from(
        "// Generated from the table in `keywords/table.rs`; a test says when it is out of date and how to renew it.\n\
         // Every keyword in both languages, with the spellings that are understood only to be reported.\n\n",
    );
    for entry in Keyword::TABLE {
        let _ = writeln!(out, "k_{} = @{{ {} }}", entry.name, alternatives(entry));
    }
    let _ = writeln!(out, "\n// Words that no name may have.\nreserved = @{{ ({}) ~ !wordy }}", reserved());
    out
}

/// The choice between all spellings: longer ones first, for pest takes the first that fits.
fn alternatives(entry: &Entry) -> String {
    let (words, signs): (Vec<String>, Vec<String>) = spellings(entry)
        .into_iter()
        .partition(|spelling| spelling.chars().next_back().is_some_and(char::is_alphanumeric));
    let signs = signs.iter().map(|sign| quote(sign));
    if words.is_empty() {
        return signs.collect::<Vec<_>>().join(" | ");
    }
    std::iter::once(format!("({}) ~ !wordy", choice(&split(&words))))
        .chain(signs)
        .collect::<Vec<_>>()
        .join(" | ")
}

/// One of many spellings: what they begin with is compared once. pest tries one alternative after the other, and most
/// of what it meets begins with another letter, or with the same word and goes on otherwise.
fn choice(spellings: &[Vec<&str>]) -> String {
    // Spellings by their first word, with what follows it.
    let mut words: Vec<(&str, Vec<Vec<&str>>)> = Vec::new();
    for spelling in spellings {
        let Some((first, rest)) = spelling.split_first() else { continue };
        match words.iter_mut().find(|(word, _)| word == first) {
            Some((_, rests)) => rests.push(rest.to_vec()),
            None => words.push((first, vec![rest.to_vec()])),
        }
    }
    // A longer word goes before one that it begins with.
    words.sort_by(|(a, _), (b, _)| b.chars().count().cmp(&a.chars().count()).then_with(|| a.cmp(b)));
    let mut letters: Vec<(char, Vec<String>)> = Vec::new();
    for (word, rests) in words {
        let mut rest = word.chars();
        let Some(letter) = rest.next() else { continue };
        let piece = format!("\"{}\"{}", rest.as_str(), continuation(&rests));
        match letters.iter_mut().find(|(other, _)| *other == letter) {
            Some((_, pieces)) => pieces.push(piece),
            None => letters.push((letter, vec![piece])),
        }
    }
    let letters = letters.iter().map(|(letter, pieces)| match pieces.as_slice() {
        // `"a" ~ "nd"` is `"and"`.
        [only] => format!("\"{letter}{}", only.strip_prefix('"').unwrap_or(only)),
        pieces => format!("\"{letter}\" ~ ({})", pieces.join(" | ")),
    });
    letters.collect::<Vec<_>>().join(" | ")
}

/// What may follow a word: further words, or nothing when the word alone is a spelling, too.
fn continuation(rests: &[Vec<&str>]) -> String {
    let longer: Vec<Vec<&str>> = rests.iter().filter(|rest| !rest.is_empty()).cloned().collect();
    match (longer.is_empty(), longer.len() < rests.len()) {
        (true, _) => String::new(),
        (false, false) => format!(" ~ blanks ~ ({})", choice(&longer)),
        (false, true) => format!(" ~ (blanks ~ ({}) ~ !wordy)?", choice(&longer)),
    }
}

/// All spellings of a keyword in any case that people write, longest first.
fn spellings(entry: &Entry) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let aliases = entry.aliases.iter().map(|(alias, _)| alias);
    for spelling in entry.en.iter().chain(entry.ru).chain(aliases).chain(entry.foreign) {
        let mut chars = spelling.chars();
        let title = chars.next().map(|first| first.to_uppercase().chain(chars).collect());
        all.extend(
            [Some((*spelling).to_owned()), Some(spelling.to_uppercase()), title].into_iter().flatten(),
        );
    }
    all.sort_by(|a, b| b.chars().count().cmp(&a.chars().count()).then_with(|| a.cmp(b)));
    all.dedup();
    all
}

/// The first words of everything that joins, asks or is a value.
fn reserved() -> String {
    let mut words: Vec<String> = Keyword::TABLE
        .iter()
        .filter(|entry| matches!(entry.group, Group::Connective | Group::Operator | Group::Constant))
        .filter(|entry| entry.keyword != Keyword::Default)
        .flat_map(|entry| {
            let single = entry.foreign.iter().filter(|foreign| !foreign.contains(' '));
            entry.en.iter().chain(entry.ru).chain(single)
        })
        .filter_map(|spelling| spelling.split(' ').next())
        .filter(|word| word.chars().all(char::is_alphabetic))
        .flat_map(|word| [word.to_owned(), word.to_uppercase()])
        .collect();
    words.sort_by(|a, b| b.chars().count().cmp(&a.chars().count()).then_with(|| a.cmp(b)));
    words.dedup();
    choice(&split(&words))
}

/// Spellings as their words.
fn split(spellings: &[String]) -> Vec<Vec<&str>> {
    spellings.iter().map(|spelling| spelling.split(' ').collect()).collect()
}

/// A sign, or several words of which one is a sign, with any run of blanks between them.
fn quote(spelling: &str) -> String {
    spelling.split(' ').map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" ~ blanks ~ ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The generated file; `RENEW=1 cargo test -p switchboard-grammar keywords` writes it anew.
    #[test]
    fn the_generated_file_is_up_to_date() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/keywords.pest");
        if std::env::var_os("RENEW").is_some() {
            std::fs::write(path, grammar_text()).unwrap();
        }
        let kept = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            kept == grammar_text(),
            "keywords.pest is out of date; RENEW=1 cargo test -p switchboard-grammar"
        );
    }
}
