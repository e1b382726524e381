//! From the text of a file to its tree.
//!
//! Takes a text, gives a tree and every problem found. Never fails: a line that cannot be read is reported and left
//! out, a section keeps its good lines, a file its good sections. How a file is cut is the business of `sections`,
//! how a line is read that of `pairs` and `from_pairs`, what is said about a bad one that of `explain`.

mod characters;
mod faults;
mod header;
mod kinds;
mod line;
mod plain;
pub(crate) mod rows;
mod section;

use crate::ast::File;
use crate::codes;
use crate::diagnostic::{Diagnostic, Text};
use crate::lang::Lang;
use crate::limits;
use crate::sections;
use crate::sink::{Read, Sink};
use crate::source::FileId;
use crate::span::Span;

/// A file and what is wrong with it.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The tree: what could be read.
    pub file: File,
    /// Problems in the order of the file.
    pub diagnostics: Vec<Diagnostic>,
}

impl Parsed {
    /// Whether there is an error among the problems.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }
}

/// Parses a text that is the only file, [`FileId`] 0.
///
/// ```
/// let parsed = switchboard_grammar::parse("rules 1\n\nfilter for calls\n  else accept\n");
/// assert!(parsed.diagnostics.is_empty());
/// assert_eq!(parsed.file.sections.len(), 1);
/// ```
///
/// A broken line does not hide the others:
///
/// ```
/// let parsed = switchboard_grammar::parse("rules 1\n\nfilter for calls\n  accept site\n  else accept\n");
/// assert_eq!(parsed.diagnostics[0].message.en, "`when` is missing between `accept` and its condition");
/// assert!(parsed.file.sections[0].broken);
/// ```
#[must_use]
pub fn parse(text: &str) -> Parsed {
    parse_file(FileId::default(), text)
}

/// Parses a file of a bundle; the labels of its diagnostics carry `file`.
#[must_use]
pub fn parse_file(file: FileId, text: &str) -> Parsed {
    let mut parser = Parser { text, file, lang: Lang::En, sink: Sink::default() };
    let tree = if text.len() > limits::FILE_BYTES {
        parser.too_large();
        File {
            lang: header::guess(text),
            header: None,
            sections: Vec::new(),
            tail: Vec::new(),
            broken: true,
            words: Vec::new(),
        }
    } else {
        parser.file()
    };
    let (diagnostics, words) = parser.sink.finish();
    Parsed { file: File { words, ..tree }, diagnostics }
}

/// Every question that is put to the grammar while a text is parsed, in order, with its answer: for other grammars that
/// are to accept the same. Plain cells and values, which are read without asking, are not among them.
#[must_use]
pub fn reads(text: &str) -> Vec<Read> {
    let sink = Sink::listing_reads();
    let mut parser = Parser { text, file: FileId::default(), lang: Lang::En, sink };
    if text.len() <= limits::FILE_BYTES {
        parser.file();
    }
    parser.sink.reads.unwrap_or_default()
}

/// The language of a text.
pub(crate) fn language(text: &str) -> Lang {
    header::language(text, sections::cut(text).header.as_ref())
}

/// The state of parsing one file.
pub(crate) struct Parser<'a> {
    text: &'a str,
    file: FileId,
    lang: Lang,
    sink: Sink,
}

impl Parser<'_> {
    fn file(&mut self) -> File {
        let layout = sections::cut(self.text);
        self.lang = header::language(self.text, layout.header.as_ref());
        self.characters();
        let unseen = self.sink.errors();
        let header = self.header(layout.header, layout.first);
        for line in &layout.late_headers {
            self.late_header(line);
        }
        if let Some(line) = layout.stray.first() {
            self.stray(line);
        }
        let broken = self.sink.errors() > unseen;
        let stray = layout.stray.into_iter().flat_map(|line| line.leading);
        let mut carried: Vec<_> = stray.collect();
        let mut sections = Vec::with_capacity(layout.sections.len());
        for mut raw in layout.sections {
            carried.append(&mut raw.head.leading);
            raw.head.leading = std::mem::take(&mut carried);
            sections.push(self.section(raw));
        }
        carried.extend(layout.late_headers.into_iter().flat_map(|line| line.leading));
        carried.extend(layout.tail);
        File { lang: self.lang, header, sections, tail: carried, broken, words: Vec::new() }
    }

    fn too_large(&mut self) {
        let limit = limits::FILE_BYTES >> 10;
        let message = Text::new(
            format!("this file is larger than {limit} KiB and was not read"),
            format!("файл больше {limit} КиБ и не прочитан"),
        );
        let start = header_end(self.text);
        self.sink.error(&codes::TOO_LARGE, self.file, Span::of(0..start), message);
    }
}

/// Where the first line ends; something short to point at.
fn header_end(text: &str) -> usize {
    let line = text.lines().next().unwrap_or("");
    line.char_indices().nth(80).map_or(line.len(), |(at, _)| at)
}
