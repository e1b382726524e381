//! A section as it is kept while a file is open: its text, its tree, the names in it.
//!
//! Each is read apart from the others, with a header of its own in front, so that a key pressed in one costs no more than
//! that one; see `document`. All spans inside are those of the text with that header.

use std::sync::OnceLock;

use switchboard_grammar::ast::{File, Section};
use switchboard_grammar::keywords::Keyword;
use switchboard_grammar::lang::Lang;
use switchboard_grammar::span::Span;
use switchboard_grammar::{Parsed, parse};

use crate::lines::Encoding;
use crate::names::{Names, names_of};
use crate::paint::{Painted, of_block};

/// A section, or what stands above the first one.
#[derive(Debug)]
pub(crate) struct Block {
    /// The text, with the comments above the section.
    pub(crate) text: Box<str>,
    /// Whether its first word opens a section whatever stands above it.
    pub(crate) known: bool,
    /// The language that it was read in.
    pub(crate) lang: Lang,
    /// How many bytes of the parsed text are not of the file.
    prefix: u32,
    parsed: Parsed,
    names: OnceLock<Names>,
    painted: OnceLock<Painted>,
}

impl Block {
    /// Reads a piece of a file; `first` is what stands above all sections, the header among it.
    pub(crate) fn read(text: &str, known: bool, first: bool, lang: Lang) -> Self {
        let prefix = if first { String::new() } else { format!("{} 1\n", Keyword::Rules.spelling(lang)) };
        let parsed = if first { parse(text) } else { parse(&format!("{prefix}{text}")) };
        Self {
            text: text.into(),
            known,
            lang,
            prefix: u32::try_from(prefix.len()).unwrap_or_default(),
            parsed,
            names: OnceLock::new(),
            painted: OnceLock::new(),
        }
    }

    /// The tree.
    pub(crate) const fn file(&self) -> &File {
        &self.parsed.file
    }

    /// The section; None in the first block, and where the grammar finds several or none.
    pub(crate) fn section(&self) -> Option<&Section> {
        self.parsed.file.sections.first()
    }

    /// Every name and word in it.
    pub(crate) fn names(&self) -> &Names {
        self.names.get_or_init(|| names_of(&self.parsed.file))
    }

    /// Its words painted; an editor counts in one encoding for as long as it is served.
    pub(crate) fn painted(&self, encoding: Encoding) -> &Painted {
        self.painted.get_or_init(|| of_block(self, encoding))
    }

    /// Whether a span of the tree is of the file, not of the header that was put in front.
    pub(crate) const fn holds(&self, span: Span) -> bool {
        span.start >= self.prefix
    }

    /// A span of the tree in a file in which this block begins at `start`.
    pub(crate) const fn placed(&self, span: Span, start: u32) -> Span {
        Span {
            start: (span.start + start).saturating_sub(self.prefix),
            end: (span.end + start).saturating_sub(self.prefix),
        }
    }

    /// The offset in the tree of an offset in the file.
    pub(crate) const fn local(&self, offset: u32, start: u32) -> u32 {
        offset.saturating_sub(start) + self.prefix
    }

    /// The piece of text that a span of the tree covers.
    pub(crate) fn shown(&self, span: Span) -> &str {
        self.placed(span, 0).text(&self.text)
    }
}
