//! Files as they came: name, text, and where each line starts.
//!
//! Takes names and texts (the caller reads them from wherever they are), gives ids for labels and positions for
//! people. Turns bytes into text, too, and says what is wrong when they are not UTF-8.

use std::borrow::Cow;

use crate::codes;
use crate::diagnostic::{Diagnostic, Label, Text};
use crate::span::{Span, offset};

/// A file of a [`SourceMap`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// A place as an editor shows it; both numbers start at 1, columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Character in the line, from 1.
    pub column: u32,
}

/// One file: name, text, line starts.
#[derive(Clone, Debug)]
pub struct Source {
    name: String,
    text: String,
    line_starts: Vec<u32>,
}

/// The files of a bundle, in the order in which they were added.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    files: Vec<Source>,
}

impl Source {
    /// A file under the name that people know it by.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        let line_starts = std::iter::once(0)
            .chain(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| offset(at + 1)))
            .collect();
        Self { name: name.into(), text, line_starts }
    }

    /// The name given to [`Source::new`].
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many lines there are; a text that ends with a line break has an empty last line.
    #[must_use]
    pub fn line_count(&self) -> u32 {
        offset(self.line_starts.len())
    }

    /// The number of the line that holds `at`, from 1.
    #[must_use]
    pub fn line_of(&self, at: u32) -> u32 {
        offset(self.line_starts.partition_point(|start| *start <= at))
    }

    /// The span of a line (numbered from 1) without its line break; empty past the end.
    #[must_use]
    pub fn line_span(&self, line: u32) -> Span {
        let index = line.saturating_sub(1) as usize;
        let end_of_text = offset(self.text.len());
        let Some(start) = self.line_starts.get(index).copied() else { return Span::at(end_of_text) };
        let next = self.line_starts.get(index + 1).copied().unwrap_or(end_of_text);
        let line = Span::new(start, next).text(&self.text);
        Span::new(start, start + offset(line.trim_end_matches(['\n', '\r']).len()))
    }

    /// The place of a byte offset, for people.
    #[must_use]
    pub fn position(&self, at: u32) -> Position {
        let line = self.line_of(at);
        let start = self.line_span(line).start;
        let column = Span::new(start, at).text(&self.text).chars().count();
        Position { line, column: offset(column) + 1 }
    }
}

impl SourceMap {
    /// No files yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file and gives its id.
    pub fn add(&mut self, source: Source) -> FileId {
        self.files.push(source);
        FileId(offset(self.files.len() - 1))
    }

    /// The file of an id.
    #[must_use]
    pub fn get(&self, file: FileId) -> Option<&Source> {
        self.files.get(file.0 as usize)
    }

    /// The id of the file with this name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<FileId> {
        self.files.iter().position(|source| source.name == name).map(|at| FileId(offset(at)))
    }

    /// All files with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        self.files.iter().enumerate().map(|(at, source)| (FileId(offset(at)), source))
    }
}

/// Bytes as text, and what to tell the author when they are not UTF-8.
///
/// The text is always usable, and the diagnostic's span lies in it. What is recognised as UTF-16 or Windows-1251 is read
/// as that, so that the lines shown are those that were written and the encoding is the one fault that is told; of
/// anything else, what cannot be read becomes U+FFFD.
#[must_use]
pub fn decode(file: FileId, bytes: &[u8]) -> (Cow<'_, str>, Option<Diagnostic>) {
    let Err(error) = std::str::from_utf8(bytes) else { return (String::from_utf8_lossy(bytes), None) };
    let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
    let (text, before, looks_like) = if let Some(text) = utf_16(bytes) {
        (Cow::Owned(text), 0, Some("UTF-16"))
    } else if looks_like_windows_1251(bytes) {
        (Cow::Owned(windows_1251(bytes)), windows_1251(good).len(), Some("Windows-1251"))
    } else {
        (String::from_utf8_lossy(bytes), good.len(), None)
    };
    let first = text.get(before..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    let diagnostic = Diagnostic::new(
        &codes::NOT_UTF8,
        Text::new("this file is not UTF-8 text", "этот файл не в кодировке UTF-8"),
        Label::new(
            file,
            Span::of(before..before + first),
            Text::new("the first letter that is not UTF-8", "первая буква, записанная не в UTF-8"),
        ),
    );
    let note = match looks_like {
        Some(encoding) => Text::new(
            format!("it looks like {encoding}: save the file as UTF-8 in your editor"),
            format!("похоже на {encoding}: пересохраните файл в редакторе как UTF-8"),
        ),
        None => {
            Text::new("save the file as UTF-8 in your editor", "пересохраните файл в редакторе как UTF-8")
        }
    };
    (text, Some(diagnostic.note(note)))
}

/// The text of a file that begins with the mark of UTF-16, as Windows programs write it.
fn utf_16(bytes: &[u8]) -> Option<String> {
    let unit: fn([u8; 2]) -> u16 = match bytes {
        [0xFF, 0xFE, ..] => u16::from_le_bytes,
        [0xFE, 0xFF, ..] => u16::from_be_bytes,
        _ => return None,
    };
    let units = bytes.get(2..)?.chunks_exact(2).filter_map(|pair| pair.try_into().ok()).map(unit);
    Some(char::decode_utf16(units).map(|ch| ch.unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
}

/// Bytes read as Windows-1251: Russian letters and the signs that rules are written with.
fn windows_1251(bytes: &[u8]) -> String {
    let letter = |byte: u8| match byte {
        0x00..=0x7F => char::from(byte),
        0xC0..=0xFF => char::from_u32(0x0410 + u32::from(byte - 0xC0)).unwrap_or(char::REPLACEMENT_CHARACTER),
        0xA8 => 'Ё',
        0xB8 => 'ё',
        0xAB => '«',
        0xBB => '»',
        0xA0 => '\u{A0}',
        0x96 => '–',
        0x97 => '—',
        0xB9 => '№',
        _ => char::REPLACEMENT_CHARACTER,
    };
    bytes.iter().copied().map(letter).collect()
}

/// Whether most bytes above ASCII are the Cyrillic letters of that code page.
fn looks_like_windows_1251(bytes: &[u8]) -> bool {
    let high = bytes.iter().filter(|byte| !byte.is_ascii()).count();
    let letters = bytes.iter().filter(|byte| matches!(byte, 0xC0..=0xFF | 0xA8 | 0xB8)).count();
    letters * 10 >= high * 9
}
