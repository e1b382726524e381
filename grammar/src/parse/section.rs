//! One section: its header line, its lines, the comments that belong to them.
//!
//! Takes a section that is cut into lines; gives it as a tree. What is particular about each kind of section stands
//! in `kinds`.

use super::Parser;
use super::line::Rest;
use crate::ast::{Comment, Line, Section, SectionKind, Word};
use crate::explain;
use crate::from_pairs::Reader;
use crate::keywords::Keyword;
use crate::pairs::Node;
use crate::sections::{Opening, RawLine, RawSection, first_word};
use crate::span::Span;
use crate::statement::Statement;

/// Comments of lines that could not be read; the next good line takes them.
pub(super) type Carried = Vec<Comment>;

impl Parser<'_> {
    /// Parses a section.
    pub(super) fn section(&mut self, raw: RawSection) -> Section {
        let errors = self.sink.errors();
        let RawSection { opening, head, lines, tail, extent } = raw;
        let mut carried = Carried::new();
        self.outdented(&lines);
        let kind = self.kind(opening, &head, lines, &mut carried);
        let mut span = head.span;
        kind.each_line(&mut |line| span = span.cover(line.span));
        carried.extend(tail);
        Section {
            span,
            head: head.span,
            leading: head.leading,
            blank_before: head.blank_before,
            trailing: head.trailing,
            inner_comments: head.inner,
            kind,
            tail: carried,
            extent,
            broken: self.sink.errors() > errors,
        }
    }

    fn kind(
        &mut self,
        opening: Opening,
        head: &RawLine,
        lines: Vec<RawLine>,
        carried: &mut Carried,
    ) -> SectionKind {
        let keyword = match opening {
            Opening::Known(keyword) => keyword,
            Opening::Misspelt { meant, .. } => meant.keyword,
            Opening::Unknown { .. } => {
                self.unknown_section(opening, head);
                lines.into_iter().for_each(|line| carried.extend(Rest::of(line).comments()));
                return SectionKind::Unknown;
            }
        };
        let span = Span::of(0..first_word(head.span.text(self.text)).len()).shifted(head.span.start);
        let word = Word { span, keyword, form: keyword.spelling(self.lang) };
        // A header whose first word is wrong is reported for that word and not read further.
        let head = if matches!(opening, Opening::Known(_)) {
            Some(head)
        } else {
            self.unknown_section(opening, head);
            None
        };
        match keyword {
            Keyword::Include => self.include(head, lines, carried),
            Keyword::Filter => self.filter(word, head, lines, carried),
            Keyword::Settings => self.settings(word, head, lines, carried),
            Keyword::Table => self.table(word, head, lines, carried),
            Keyword::Task => self.task(word, head, lines, carried),
            Keyword::FieldsOf => self.fields(word, head, lines, carried),
            Keyword::Transfer => self.transfer(word, head, lines, carried),
            Keyword::List => self.list(word, head, lines, carried),
            Keyword::Script => self.script(word, head, lines, carried),
            Keyword::Schedule => self.schedule(word, head, lines, carried),
            _ => SectionKind::Unknown,
        }
    }

    fn unknown_section(&mut self, opening: Opening, head: &RawLine) {
        if self.readable(head) {
            let code = head.span.text(self.text);
            self.sink.report(explain::heads::unknown(self.file, self.lang, opening, code, head.span));
        }
    }

    /// Reads a header line that may be absent because it is already reported.
    pub(super) fn head<T>(
        &mut self,
        head: Option<&RawLine>,
        statement: Statement,
        read: impl FnOnce(&mut Reader<'_>, &Node<'_>) -> Option<T>,
    ) -> Option<T> {
        self.line(head?, statement, read)
    }

    /// Reads all lines of a section that are of one kind.
    pub(super) fn lines<T>(
        &mut self,
        lines: Vec<RawLine>,
        carried: &mut Carried,
        statement: Statement,
        read: impl Fn(&mut Reader<'_>, &Node<'_>) -> Option<T>,
    ) -> Vec<Line<T>> {
        let mut done = Vec::with_capacity(lines.len());
        for raw in lines {
            let item = self.line(&raw, statement, &read);
            let rest = Rest::of(raw);
            match item {
                Some(item) => done.push(rest.with(item, carried)),
                None => carried.extend(rest.comments()),
            }
        }
        done
    }
}
