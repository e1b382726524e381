//! A file, its sections, and the lines inside them.

use super::comment::{Comment, CommentKind, Suppression};
use super::template::TextLiteral;
use super::{FieldsSection, Filter, List, Schedule, Script, Settings, Table, Task, Transfer, Word};
use crate::lang::Lang;
use crate::span::Span;

/// A whole file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The language of its keywords: from the header, or guessed when there is none.
    pub lang: Lang,
    /// The first line; `None` when it is missing, which is reported.
    pub header: Option<Header>,
    /// The sections in order, broken ones included.
    pub sections: Vec<Section>,
    /// Comments below the last section, at the left margin.
    pub tail: Vec<Comment>,
    /// Whether the header or something outside of all sections was reported as an error. The formatter leaves
    /// such a file as it is.
    pub broken: bool,
    /// Every keyword of the file in order, as read: for translation and for editors.
    pub words: Vec<Word>,
}

/// `rules 1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The line without its comment.
    pub span: Span,
    /// The edition of the language.
    pub edition: u32,
    /// Comments above it.
    pub leading: Vec<Comment>,
    /// Whether a blank line stands between these comments and the header.
    pub blank_before: bool,
    /// A comment after it.
    pub trailing: Option<Comment>,
}

/// A line at the left margin and the indented lines below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// From the header line to the last line that could be read.
    pub span: Span,
    /// The header line without its comment.
    pub head: Span,
    /// Comments above it: its description (`##`), suppressions, others.
    pub leading: Vec<Comment>,
    /// Whether a blank line stands between these comments and the header.
    pub blank_before: bool,
    /// A comment after the header line.
    pub trailing: Option<Comment>,
    /// Comments inside the header, as one with open brackets may have them.
    pub inner_comments: Vec<Comment>,
    /// What it is.
    pub kind: SectionKind,
    /// Comments below its last line, indented.
    pub tail: Vec<Comment>,
    /// From the header line to the last line or comment, unreadable lines included.
    pub extent: Span,
    /// Whether something in it was reported as an error while reading. The good lines are in the tree, so say
    /// nothing about what seems to be absent. The formatter leaves such a section as it is.
    pub broken: bool,
}

/// What a section is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SectionKind {
    /// `include "x.rules"`.
    Include(Include),
    /// `filter for …`.
    Filter(Filter),
    /// `settings for …`.
    Settings(Settings),
    /// `table NAME for …`.
    Table(Box<Table>),
    /// `task for …`.
    Task(Task),
    /// `fields of client for …`.
    Fields(FieldsSection),
    /// `transfer orders`.
    Transfer(Transfer),
    /// `list NAME …`.
    List(List),
    /// `script "x.rhai"`.
    Script(Script),
    /// `schedule NAME in "Europe/Moscow"`.
    Schedule(Schedule),
    /// A header that could not be read; always broken.
    Unknown,
}

/// `include "x.rules"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Include {
    /// The keyword.
    pub word: Word,
    /// The other file, relative, with `/`.
    pub path: TextLiteral,
}

/// A line inside a section, with the comments that belong to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<T> {
    /// The line without its comment; several lines when brackets run over.
    pub span: Span,
    /// Comments above it, below the line before.
    pub leading: Vec<Comment>,
    /// Whether a blank line stands directly above it.
    pub blank_before: bool,
    /// A comment after it.
    pub trailing: Option<Comment>,
    /// Comments between its first and last word, as a line with open brackets may have them; the formatter
    /// leaves such a line as it is.
    pub inner_comments: Vec<Comment>,
    /// What it says.
    pub item: T,
}

impl<T> Line<T> {
    /// A line without comments.
    #[must_use]
    pub const fn plain(span: Span, item: T) -> Self {
        Self {
            span,
            leading: Vec::new(),
            blank_before: false,
            trailing: None,
            inner_comments: Vec::new(),
            item,
        }
    }
}

impl Section {
    /// The description: the `##` lines directly above the section, joined with line breaks; `None` when there are
    /// none.
    #[must_use]
    pub fn doc(&self) -> Option<String> {
        if self.blank_before {
            return None;
        }
        let last_blank = self.leading.iter().rposition(|comment| comment.blank_before).unwrap_or_default();
        let near = self.leading.get(last_blank..).unwrap_or_default();
        let docs = near.iter().filter(|comment| comment.kind == CommentKind::Doc);
        let lines: Vec<&str> = docs.map(Comment::words).collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }

    /// Every suppression that stands above the section or above a line of it, with what it covers.
    #[must_use]
    pub fn suppressions(&self) -> Vec<(&Comment, &Suppression, Span)> {
        let mut found = Vec::new();
        collect(&self.leading, self.span, &mut found);
        self.kind.each_line(&mut |line| collect(line.leading, line.span, &mut found));
        found
    }

    /// All comments of the section in the order in which they stand.
    #[must_use]
    pub fn comments(&self) -> Vec<&Comment> {
        let mut all: Vec<&Comment> =
            self.leading.iter().chain(&self.inner_comments).chain(&self.trailing).collect();
        self.kind.each_line(&mut |line| {
            all.extend(line.leading.iter().chain(line.inner_comments).chain(line.trailing));
        });
        all.extend(&self.tail);
        all
    }
}

impl File {
    /// All comments of the file in the order in which they stand.
    #[must_use]
    pub fn comments(&self) -> Vec<&Comment> {
        let header = self.header.iter().flat_map(|header| header.leading.iter().chain(&header.trailing));
        header.chain(self.sections.iter().flat_map(Section::comments)).chain(&self.tail).collect()
    }
}

/// A line of any section, without what it says.
pub(crate) struct AnyLine<'a> {
    pub(crate) span: Span,
    pub(crate) leading: &'a [Comment],
    pub(crate) trailing: Option<&'a Comment>,
    pub(crate) inner_comments: &'a [Comment],
}

impl<T> Line<T> {
    /// The line without what it says.
    pub(crate) fn any(&self) -> AnyLine<'_> {
        AnyLine {
            span: self.span,
            leading: &self.leading,
            trailing: self.trailing.as_ref(),
            inner_comments: &self.inner_comments,
        }
    }
}

impl SectionKind {
    /// Calls `with` for every line in order.
    pub(crate) fn each_line<'a>(&'a self, with: &mut dyn FnMut(AnyLine<'a>)) {
        match self {
            Self::Include(_) | Self::Unknown => {}
            Self::Filter(filter) => filter.lines.iter().for_each(|line| with(line.any())),
            Self::Settings(settings) => settings.lines.iter().for_each(|line| with(line.any())),
            Self::Table(table) => {
                table.head.iter().for_each(|line| with(line.any()));
                table.ruler.iter().for_each(|line| with(line.any()));
                table.rows.iter().for_each(|line| with(line.any()));
            }
            Self::Task(task) => task.lines.iter().for_each(|line| with(line.any())),
            Self::Fields(fields) => fields.lines.iter().for_each(|line| with(line.any())),
            Self::Transfer(transfer) => transfer.lines.iter().for_each(|line| with(line.any())),
            Self::List(list) => list.lines.iter().for_each(|line| with(line.any())),
            Self::Script(script) => script.lines.iter().for_each(|line| with(line.any())),
            Self::Schedule(schedule) => schedule.lines.iter().for_each(|line| with(line.any())),
        }
    }
}

/// The suppressions among these comments, covering `span`.
fn collect<'a>(comments: &'a [Comment], span: Span, into: &mut Vec<(&'a Comment, &'a Suppression, Span)>) {
    into.extend(
        comments
            .iter()
            .filter_map(|comment| Some((comment, comment.suppression()?, comment.span.cover(span)))),
    );
}
