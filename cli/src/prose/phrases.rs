//! Putting pieces of sentences together.

use switchboard_grammar::lang::Lang;

/// A piece of a sentence that says what must hold, and what it is made of: that decides how it may be joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Phrase {
    pub(super) text: String,
    pub(super) shape: Shape,
    /// What it joins, so that joining it again makes one row of all.
    parts: Vec<Phrase>,
}

/// What a phrase is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// One statement.
    Plain,
    /// One statement with several values: `the site is A or B`.
    Choice,
    /// Statements joined with "and".
    All,
    /// Statements joined with "or".
    Any,
}

impl Phrase {
    /// One statement.
    pub(super) fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), shape: Shape::Plain, parts: Vec::new() }
    }

    /// One statement with several values.
    pub(super) fn choice(text: impl Into<String>) -> Self {
        Self { text: text.into(), shape: Shape::Choice, parts: Vec::new() }
    }

    /// All of these.
    pub(super) fn all(phrases: Vec<Self>, lang: Lang) -> Self {
        let loose = phrases.iter().any(|phrase| phrase.shape == Shape::Choice);
        let word = match (lang, loose) {
            (Lang::En, false) => " and ",
            (Lang::En, true) => " and also ",
            (Lang::Ru, false) => " и ",
            (Lang::Ru, true) => " и при этом ",
        };
        Self::joined(phrases, Shape::All, word, |inner| inner.shape == Shape::Any)
    }

    /// Any of these.
    pub(super) fn any(phrases: Vec<Self>, lang: Lang) -> Self {
        let loose = phrases.iter().any(|phrase| matches!(phrase.shape, Shape::Choice | Shape::All));
        let word = match (lang, loose) {
            (Lang::En, false) => " or ",
            (Lang::En, true) => ", or else ",
            (Lang::Ru, false) => " или ",
            (Lang::Ru, true) => ", либо ",
        };
        Self::joined(phrases, Shape::Any, word, |_| false)
    }

    fn joined(phrases: Vec<Self>, shape: Shape, word: &str, needs_brackets: impl Fn(&Self) -> bool) -> Self {
        let mut flat = Vec::with_capacity(phrases.len());
        for phrase in phrases {
            if phrase.shape == shape { flat.extend(phrase.parts) } else { flat.push(phrase) }
        }
        let mut phrases = flat;
        if phrases.len() < 2 {
            return phrases.pop().unwrap_or_else(|| Self::plain(""));
        }
        let parts: Vec<String> = phrases
            .iter()
            .map(
                |phrase| {
                    if needs_brackets(phrase) { format!("({})", phrase.text) } else { phrase.text.clone() }
                },
            )
            .collect();
        // Commas in front of the last word, unless there are commas or words of their own already.
        let short = word.trim();
        let text = if parts.len() > 2 && !short.contains(' ') && parts.iter().all(|part| !part.contains(','))
        {
            listed(&parts, short)
        } else {
            parts.join(word)
        };
        Self { text, shape, parts: phrases }
    }
}

/// `a, b and c`.
pub(super) fn listed(parts: &[String], last: &str) -> String {
    match parts {
        [] => String::new(),
        [only] => only.clone(),
        [rest @ .., end] => format!("{} {last} {end}", rest.join(", ")),
    }
}

/// The word between the last two of a list.
pub(super) fn and(lang: Lang) -> &'static str {
    lang.pick("and", "и")
}

/// The word between the last two of a choice.
pub(super) fn or(lang: Lang) -> &'static str {
    lang.pick("or", "или")
}

/// With a capital first letter.
pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

/// A full sentence: capital first letter, full stop.
pub(super) fn sentence(text: &str) -> String {
    let text = capital(text.trim());
    if text.ends_with(['.', '!', '?', '…', ':']) { text } else { format!("{text}.") }
}

/// A text in the quotes of the language.
pub(super) fn quoted(text: &str, lang: Lang) -> String {
    match lang {
        Lang::En => format!("“{text}”"),
        Lang::Ru => format!("«{text}»"),
    }
}

/// A text in the quotes that stand inside of quotes.
pub(super) fn inner_quoted(text: &str, lang: Lang) -> String {
    match lang {
        Lang::En => format!("‘{text}’"),
        Lang::Ru => format!("„{text}“"),
    }
}

/// A name as people write it: without the strokes that stand for blanks.
pub(super) fn spaced(name: &str) -> String {
    name.replace('_', " ")
}
