//! Text and how it is compared.
//!
//! Takes text as it came and keeps beside it the *folded* form that comparison uses: Unicode NFC, letter case
//! ignored, outer space dropped, inner space runs made one. `ё` and `е` stay different letters.
//! Folding is done once, when a value is made; comparing is then a comparison of bytes.

use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};

use smol_str::SmolStr;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// A text with its folded form.
///
/// Equality, order and hash of the Rust type are those of the raw bytes; the language's own comparison is
/// [`Text::same`].
#[derive(Clone)]
pub struct Text {
    raw: SmolStr,
    /// None when folding changes nothing, which spares a second copy of the common case.
    folded: Option<SmolStr>,
}

impl Text {
    /// Keeps the text as given and folds it.
    pub fn new(raw: impl Into<SmolStr>) -> Text {
        let raw = raw.into();
        let folded = match fold(&raw) {
            Cow::Borrowed(same) if same.len() == raw.len() => None,
            other => Some(SmolStr::from(other)),
        };
        Text { raw, folded }
    }

    /// The text as it came.
    pub fn as_str(&self) -> &str {
        &self.raw
    }

    /// The form that comparison uses.
    pub fn folded(&self) -> &str {
        self.folded.as_ref().unwrap_or(&self.raw)
    }

    /// Whether two texts are one in the language: `Бренд` is ` бренд `.
    pub fn same(&self, other: &Text) -> bool {
        self.folded() == other.folded()
    }

    /// Whether nothing but space is in it, which the language calls missing.
    pub fn is_blank(&self) -> bool {
        self.folded().is_empty()
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Text) -> bool {
        self.raw == other.raw
    }
}

impl Eq for Text {}

impl PartialOrd for Text {
    fn partial_cmp(&self, other: &Text) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Text {
    fn cmp(&self, other: &Text) -> std::cmp::Ordering {
        self.raw.cmp(&other.raw)
    }
}

impl Hash for Text {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.raw.hash(state);
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<&str> for Text {
    fn from(raw: &str) -> Text {
        Text::new(raw)
    }
}

/// Folds a text for comparison; borrows when nothing changes but the outer space.
///
/// The result is a fixed point: folding it again changes nothing.
///
/// ```
/// use switchboard_engine::text::fold;
/// assert_eq!(fold("  ВЕСЕННЯЯ   Распродажа "), "весенняя распродажа");
/// assert_ne!(fold("ёлка"), fold("елка"));
/// ```
pub fn fold(text: &str) -> Cow<'_, str> {
    let trimmed = text.trim();
    match simple(trimmed) {
        Simple::Folded => Cow::Borrowed(trimmed),
        Simple::Foldable => Cow::Owned(fold_simple(trimmed)),
        Simple::No => fold_fully(trimmed),
    }
}

/// What a look at each letter alone can tell about a text.
enum Simple {
    /// It is in folded form.
    Folded,
    /// Each letter can be folded alone.
    Foldable,
    /// It takes Unicode's tables.
    No,
}

/// Nearly all texts are of letters that fold one by one and never join with their neighbours.
fn simple(trimmed: &str) -> Simple {
    let mut after_space = false;
    let mut folded = true;
    for c in trimmed.chars() {
        let Some(lower) = simple_letter(c) else { return Simple::No };
        let space = lower == ' ';
        folded &= lower == c && !(space && after_space);
        after_space = space;
    }
    if folded { Simple::Folded } else { Simple::Foldable }
}

/// The folded form of a letter of ASCII or of Russian and its neighbours, or of customary punctuation; white space
/// is a space. None for everything else.
fn simple_letter(c: char) -> Option<char> {
    match c {
        'a'..='z' | '0'..='9' | '!'..='@' | '['..='`' | '{'..='~' => Some(c),
        'A'..='Z' => Some(c.to_ascii_lowercase()),
        'а'..='џ' | '«' | '»' | '–' | '—' | '…' | '№' | '“' | '”' | '„' => Some(c),
        'А'..='Я' => char::from_u32(u32::from(c) + 0x20),
        'Ѐ'..='Џ' => char::from_u32(u32::from(c) + 0x50),
        ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{a0}' => Some(' '),
        _ => None,
    }
}

/// Whether a letter is its own folded form and joins with no neighbour, so that texts of such letters, with single spaces
/// between words, are in folded form whatever their order.
pub(crate) fn is_simple(c: char) -> bool {
    simple_letter(c) == Some(c)
}

fn fold_simple(trimmed: &str) -> String {
    let mut folded = String::with_capacity(trimmed.len());
    let mut after_space = false;
    for c in trimmed.chars().filter_map(simple_letter) {
        let space = c == ' ';
        if !(space && after_space) {
            folded.push(c);
        }
        after_space = space;
    }
    folded
}

fn fold_fully(trimmed: &str) -> Cow<'_, str> {
    if is_folded(trimmed) {
        return Cow::Borrowed(trimmed);
    }
    // Case folding by way of upper case maps letters with two small forms (σ and ς, s and ſ) to one; NFC is
    // taken before, so that the case of composed letters is found, and after, since folding may decompose.
    let cased: String = trimmed.nfc().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect();
    let mut folded = String::with_capacity(cased.len());
    for word in cased.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.extend(word.nfc());
    }
    Cow::Owned(folded)
}

/// Whether a trimmed text is in folded form already, judged without making a copy.
fn is_folded(text: &str) -> bool {
    let mut after_space = false;
    let plain = text.chars().all(|c| {
        let space = c.is_whitespace();
        let fine = if space { c == ' ' && !after_space } else { folds_to_itself(c) };
        after_space = space;
        fine
    });
    plain && is_nfc_quick(text.chars()) == IsNormalized::Yes
}

/// Whether case folding leaves a letter alone.
fn folds_to_itself(c: char) -> bool {
    let mut folded = c.to_uppercase().flat_map(char::to_lowercase);
    folded.next() == Some(c) && folded.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quick_way_agrees_with_the_tables() {
        for c in (0..=0x2200u32).filter_map(char::from_u32) {
            let Some(quick) = simple_letter(c) else { continue };
            let alone = c.to_string();
            let cased: String =
                alone.nfc().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect();
            let tables: String = cased.nfc().collect();
            let space = c.is_whitespace();
            assert!(tables == quick.to_string() || (space && quick == ' '), "{c:?}");
            assert_eq!(space, quick == ' ', "{c:?}");
        }
    }
}
