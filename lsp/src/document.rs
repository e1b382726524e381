//! A file of a bundle as it is open: its text, and its sections read one by one.
//!
//! A change is put into the text, then only the sections around it are cut and read anew. What comes of it is always what
//! reading the whole text would give; a test holds that.

use std::sync::Arc;

use lsp_types::{Position, Range, TextDocumentContentChangeEvent};
use switchboard_grammar::lang::Lang;
use switchboard_grammar::span::Span;
use switchboard_grammar::{language, pieces};

use crate::block::Block;
use crate::lines::{Encoding, Lines};

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Rules.
    Rules,
    /// A script.
    Script,
    /// A test: a text of JSON, and no part of the rules.
    Test,
    /// A list or a long text: only its bytes count.
    Other,
}

/// A file.
#[derive(Debug)]
pub(crate) struct Document {
    /// Its name inside the bundle.
    pub(crate) name: String,
    /// What it is.
    pub(crate) kind: Kind,
    /// The editor's number of its state; None when it is not open and the text is that of the disk.
    pub(crate) version: Option<i32>,
    /// Counts changes, whoever made them.
    pub(crate) edition: u64,
    text: String,
    lines: Lines,
    lang: Lang,
    blocks: Vec<Placed>,
}

/// A block and its first byte.
#[derive(Clone, Debug)]
pub(crate) struct Placed {
    /// Where it begins.
    pub(crate) start: u32,
    /// What it is.
    pub(crate) block: Arc<Block>,
}

impl Kind {
    /// What a file of this name is.
    pub(crate) fn of(name: &str) -> Self {
        match name.rsplit_once('.') {
            Some((_, "rules")) => Self::Rules,
            Some((_, "rhai")) => Self::Script,
            Some((_, "json")) => Self::Test,
            _ => Self::Other,
        }
    }
}

impl Placed {
    /// A span of the block's tree in the file.
    pub(crate) fn span(&self, span: Span) -> Span {
        self.block.placed(span, self.start)
    }

    /// An offset of the file in the block's tree.
    pub(crate) fn local(&self, offset: u32) -> u32 {
        self.block.local(offset, self.start)
    }

    /// All of it in the file.
    pub(crate) fn extent(&self) -> Span {
        let length = u32::try_from(self.block.text.len()).unwrap_or(u32::MAX);
        Span::new(self.start, self.start.saturating_add(length))
    }
}

impl Document {
    /// A file.
    pub(crate) fn new(
        name: impl Into<String>,
        text: String,
        version: Option<i32>,
        encoding: Encoding,
    ) -> Self {
        let name = name.into();
        let kind = Kind::of(&name);
        let lines = Lines::new(&text, encoding);
        let mut document =
            Self { name, kind, version, edition: 0, text, lines, lang: Lang::En, blocks: Vec::new() };
        document.read_whole();
        document
    }

    /// Its text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Its lines.
    pub(crate) const fn lines(&self) -> &Lines {
        &self.lines
    }

    /// The language of its keywords.
    pub(crate) const fn lang(&self) -> Lang {
        self.lang
    }

    /// Its sections in order, what stands above the first one in front.
    pub(crate) fn blocks(&self) -> &[Placed] {
        &self.blocks
    }

    /// The block that an offset is in.
    pub(crate) fn block_at(&self, offset: u32) -> Option<&Placed> {
        self.blocks.get(self.block_index(offset))
    }

    /// The range of a span.
    pub(crate) fn range(&self, span: Span) -> Range {
        self.lines.range(&self.text, span)
    }

    /// The byte of a position.
    pub(crate) fn offset(&self, position: Position) -> u32 {
        u32::try_from(self.lines.offset(&self.text, position)).unwrap_or(u32::MAX)
    }

    /// Puts another text in the place of this one.
    pub(crate) fn replace(&mut self, text: String, version: Option<i32>) {
        self.version = version;
        if self.text == text {
            return;
        }
        self.edition += 1;
        self.text = text;
        self.lines = Lines::new(&self.text, self.lines.encoding());
        self.read_whole();
    }

    /// Takes changes from the editor, in their order.
    pub(crate) fn change(&mut self, changes: Vec<TextDocumentContentChangeEvent>, version: i32) {
        for change in changes {
            match change.range {
                None => self.replace(change.text, Some(version)),
                Some(range) => {
                    let span = self.lines.span(&self.text, range);
                    self.splice(span, &change.text);
                }
            }
        }
        self.version = Some(version);
    }

    /// Puts a text in the place of a span.
    fn splice(&mut self, span: Span, with: &str) {
        self.edition += 1;
        let first = self.block_index(span.start);
        let last = self.block_index(span.end);
        self.text.replace_range(span.range(), with);
        self.lines = Lines::new(&self.text, self.lines.encoding());
        if self.kind != Kind::Rules {
            return;
        }
        // The header says how all else is read; without one, every line may.
        let headed = self.blocks.first().is_some_and(|placed| placed.block.file().header.is_some());
        if first <= 1 || !headed {
            self.read_whole();
            return;
        }
        self.read_around(first - 1, last + 1);
    }

    /// Reads blocks anew from `first` on, up to one behind `last` that begins for itself.
    fn read_around(&mut self, first: usize, last: usize) {
        let begins = |placed: &Placed| placed.block.known;
        let mut first = first;
        // What does not begin for itself is read with what stands above it.
        while first > 1 && !self.blocks.get(first).is_some_and(begins) {
            first -= 1;
        }
        let behind = self.blocks.iter().enumerate().skip(last + 1).find(|(_, placed)| begins(placed));
        let behind = behind.map_or(self.blocks.len(), |(at, _)| at);
        let Some(start) = self.blocks.get(first).map(|placed| placed.start) else { return self.read_whole() };
        // The blocks behind are as far from the end as before.
        let tail: u32 = self.blocks.iter().skip(behind).map(|placed| placed.extent().len()).sum();
        let end = (self.text.len() as u64).saturating_sub(u64::from(tail));
        let end = u32::try_from(end).unwrap_or(u32::MAX);
        let region = Span::new(start, end).text(&self.text);
        let cut = pieces(region);
        // Above the first section of the region nothing may be left; otherwise its first line is one no longer.
        if first == 0 || cut.first().is_none_or(|piece| !piece.span.is_empty()) {
            return self.read_whole();
        }
        let texts = cut.iter().skip(1).map(|piece| (piece.span.text(region), piece.known));
        let old: Vec<Arc<Block>> = self
            .blocks
            .get(first..behind)
            .unwrap_or_default()
            .iter()
            .map(|placed| Arc::clone(&placed.block))
            .collect();
        let read = reuse(&old, texts.collect(), self.lang);
        let mut blocks = self.blocks.get(..first).unwrap_or_default().to_vec();
        place(&mut blocks, start, read);
        let rest = self.blocks.get(behind..).unwrap_or_default();
        place(&mut blocks, end, rest.iter().map(|placed| Arc::clone(&placed.block)).collect());
        self.blocks = blocks;
    }

    fn read_whole(&mut self) {
        if self.kind != Kind::Rules {
            return;
        }
        let old_lang = std::mem::replace(&mut self.lang, language(&self.text));
        let cut = pieces(&self.text);
        let mut texts = cut.iter().map(|piece| (piece.span.text(&self.text), piece.known));
        let Some((head, known)) = texts.next() else { return };
        let head = Arc::new(Block::read(head, known, true, self.lang));
        let old: Vec<Arc<Block>> = if old_lang == self.lang {
            self.blocks.iter().skip(1).map(|placed| Arc::clone(&placed.block)).collect()
        } else {
            Vec::new()
        };
        let read = reuse(&old, texts.collect(), self.lang);
        let mut blocks = Vec::with_capacity(read.len() + 1);
        place(&mut blocks, 0, vec![head]);
        let start = blocks.first().map_or(0, |placed| placed.extent().end);
        place(&mut blocks, start, read);
        self.blocks = blocks;
    }

    fn block_index(&self, offset: u32) -> usize {
        self.blocks.partition_point(|placed| placed.start <= offset).saturating_sub(1)
    }
}

/// Blocks of texts; those that are the same as before, from the front and from the back, are taken over.
fn reuse(old: &[Arc<Block>], texts: Vec<(&str, bool)>, lang: Lang) -> Vec<Arc<Block>> {
    let same = |(block, (text, known)): &(&Arc<Block>, &(&str, bool))| {
        *block.text == **text && block.known == *known && block.lang == lang
    };
    let front = old.iter().zip(&texts).take_while(same).count();
    let left = old.len().min(texts.len()) - front;
    let back = old.iter().rev().zip(texts.iter().rev()).take(left).take_while(same).count();
    let count = texts.len();
    let taken = |at: usize| {
        if at < front {
            old.get(at)
        } else if at >= count - back {
            old.get(old.len() + at - count)
        } else {
            None
        }
    };
    texts
        .iter()
        .enumerate()
        .map(|(at, (text, known))| match taken(at) {
            Some(block) => Arc::clone(block),
            None => Arc::new(Block::read(text, *known, false, lang)),
        })
        .collect()
}

/// Puts blocks one behind another from an offset on.
fn place(blocks: &mut Vec<Placed>, from: u32, read: Vec<Arc<Block>>) {
    let mut start = from;
    for block in read {
        let length = u32::try_from(block.text.len()).unwrap_or(u32::MAX);
        blocks.push(Placed { start, block });
        start = start.saturating_add(length);
    }
}

#[cfg(test)]
#[path = "document/tests.rs"]
mod tests;
