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
    if text.is_ascii() {
        return fold_ascii(text);
    }
    let trimmed = text.trim();
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

/// ASCII, the case of domains, codes and marks, needs no tables.
fn fold_ascii(text: &str) -> Cow<'_, str> {
    let trimmed = text.trim();
    let mut after_space = false;
    let clean = trimmed.bytes().all(|byte| {
        let space = byte.is_ascii_whitespace() || byte == 0x0b;
        let fine = !byte.is_ascii_uppercase() && (!space || (byte == b' ' && !after_space));
        after_space = space;
        fine
    });
    if clean {
        return Cow::Borrowed(trimmed);
    }
    let mut folded = String::with_capacity(trimmed.len());
    for word in trimmed.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.extend(word.chars().map(|c| c.to_ascii_lowercase()));
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
