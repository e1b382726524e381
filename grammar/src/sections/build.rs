//! The cutting itself: physical lines in, sections out.

use super::open::{Opening, is_header, is_property, is_statement, opening};
use super::{Layout, LineFault, RawLine, RawSection};
use crate::ast::Comment;
use crate::comments;
use crate::keywords::Keyword;
use crate::limits;
use crate::scan::{Fault, scan};
use crate::span::{Span, offset};

/// Cuts a file.
pub(crate) fn cut(text: &str) -> Layout {
    let mut builder = Builder { text, ..Builder::default() };
    let mut start = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len_utf8() } else { 0 };
    while let Some(rest) = text.get(start..).filter(|rest| !rest.is_empty()) {
        let length = rest.find('\n').map_or(rest.len(), |at| at + 1);
        builder.physical(start, start + length);
        start += length;
    }
    builder.finish()
}

const BYTE_ORDER_MARK: char = '\u{feff}';

/// A physical line with code on it.
struct Physical {
    code: Span,
    margin: bool,
    blank_before: bool,
    comment: Option<Span>,
    open: usize,
    fault: Option<LineFault>,
}

/// A comment that has no owner yet.
struct Pending {
    comment: Comment,
    margin: bool,
}

/// A piece of a line that runs over several physical ones.
enum Piece {
    Code(Physical),
    Comment(Pending),
}

#[derive(Default)]
struct Builder<'a> {
    text: &'a str,
    layout: Layout,
    /// Comments since the last line of code.
    pending: Vec<Pending>,
    /// Whether the line above is blank.
    blank: bool,
    /// A line whose brackets are not closed yet.
    running: Vec<Piece>,
}

impl Builder<'_> {
    /// Takes the physical line between these offsets, its line break included.
    fn physical(&mut self, start: usize, end: usize) {
        let line = self.text.get(start..end).unwrap_or("");
        let body = line.trim_start();
        let indent = line.len() - body.len();
        let margin = indent == 0;
        if body.is_empty() {
            self.break_running();
            self.blank = true;
            return;
        }
        let at = start + indent;
        let body = body.trim_end();
        let blank_before = std::mem::take(&mut self.blank);
        if body.starts_with('#') {
            let comment = comments::read(self.text, Span::of(at..at + body.len()), blank_before);
            let pending = Pending { comment, margin };
            if self.running.is_empty() || margin {
                self.break_running();
                self.pending.push(pending);
            } else {
                self.running.push(Piece::Comment(pending));
            }
            return;
        }
        let mut open = 0;
        if !self.running.is_empty() {
            if margin || is_statement(body) || (self.has_properties() && is_property(body)) {
                self.break_running();
            } else {
                open = self.open();
            }
        }
        let line = read_line(body, at, margin, blank_before, open);
        let unfinished = line.open > 0 && line.fault.is_none();
        if unfinished || !self.running.is_empty() {
            self.running.push(Piece::Code(line));
            if !unfinished {
                self.join_running();
            }
        } else {
            self.code(line);
        }
    }

    /// How many brackets the running line has open.
    fn open(&self) -> usize {
        let last = self.running.iter().rev().find_map(|piece| match piece {
            Piece::Code(line) => Some(line.open),
            Piece::Comment(_) => None,
        });
        last.unwrap_or_default()
    }

    /// Whether the lines of the open section are of the form `name: value`.
    fn has_properties(&self) -> bool {
        let section = self.layout.sections.last().and_then(|section| section.opening.keyword());
        matches!(
            section,
            Some(
                Keyword::Settings | Keyword::Task | Keyword::Transfer | Keyword::Schedule | Keyword::FieldsOf
            )
        )
    }

    /// The running line's brackets are closed: its pieces are one line.
    fn join_running(&mut self) {
        let mut pieces = std::mem::take(&mut self.running).into_iter();
        let Some(Piece::Code(mut whole)) = pieces.next() else { return };
        let mut inner = Vec::new();
        for piece in pieces {
            match piece {
                Piece::Comment(pending) => inner.push(pending.comment),
                Piece::Code(line) => {
                    inner.extend(whole.comment.map(|span| comments::read(self.text, span, false)));
                    whole.code = whole.code.cover(line.code);
                    whole.comment = line.comment;
                    whole.fault = whole.fault.or(line.fault);
                }
            }
        }
        if whole.code.len() as usize > limits::LINE_BYTES {
            whole.fault = Some(LineFault::TooLong);
        }
        self.code_with(whole, inner);
    }

    /// The running line's brackets are never closed: each of its pieces is a line of its own.
    fn break_running(&mut self) {
        for piece in std::mem::take(&mut self.running) {
            match piece {
                Piece::Comment(pending) => self.pending.push(pending),
                Piece::Code(line) => self.code(line),
            }
        }
    }

    fn code(&mut self, line: Physical) {
        self.code_with(line, Vec::new());
    }

    /// Puts a line where it belongs.
    fn code_with(&mut self, line: Physical, inner: Vec<Comment>) {
        let code = line.code.text(self.text);
        let first = self.layout.first.is_none();
        self.layout.first.get_or_insert(line.code);
        if (first || line.margin) && is_header(code) {
            let raw = self.raw(line, inner);
            if first {
                self.layout.header = Some(raw);
            } else {
                self.layout.late_headers.push(raw);
            }
            return;
        }
        if !line.margin || self.outdented(code, line.code.start) {
            let raw = self.raw(line, inner);
            match self.layout.sections.last_mut() {
                Some(section) => {
                    section.extent = section.extent.cover(end_of(&raw));
                    section.lines.push(raw);
                }
                None => self.layout.stray.push(raw),
            }
            return;
        }
        self.close_section();
        let opening = opening(code, line.code.start);
        let mut head = self.raw(line, inner);
        head.outdented = false;
        let extent = end_of(&head);
        self.layout.sections.push(RawSection { opening, head, lines: Vec::new(), tail: Vec::new(), extent });
    }

    /// Whether a line at the left margin belongs to the open section all the same.
    fn outdented(&self, code: &str, at: u32) -> bool {
        let Some(section) = self.layout.sections.last() else { return false };
        if matches!(opening(code, at), Opening::Known(_)) {
            return false;
        }
        let schedule = section.opening.keyword() == Some(Keyword::Schedule);
        is_statement(code) || (self.has_properties() && !schedule && is_property(code))
    }

    /// A line with the comments that wait for it.
    fn raw(&mut self, line: Physical, inner: Vec<Comment>) -> RawLine {
        let leading = std::mem::take(&mut self.pending).into_iter().map(|pending| pending.comment).collect();
        RawLine {
            span: line.code,
            leading,
            blank_before: line.blank_before,
            trailing: line.comment.map(|span| comments::read(self.text, span, false)),
            inner,
            outdented: line.margin,
            fault: line.fault,
        }
    }

    /// Gives waiting comments to the section that ends here: all up to the last indented one.
    fn close_section(&mut self) {
        let Some(section) = self.layout.sections.last_mut() else { return };
        let own = self.pending.iter().rposition(|pending| !pending.margin).map_or(0, |last| last + 1);
        for pending in self.pending.drain(..own) {
            section.extent = section.extent.cover(pending.comment.span);
            section.tail.push(pending.comment);
        }
    }

    fn finish(mut self) -> Layout {
        self.break_running();
        self.close_section();
        self.layout.tail = self.pending.into_iter().map(|pending| pending.comment).collect();
        self.layout
    }
}

/// Reads one physical line of code that starts at `at`, inside `open` brackets.
fn read_line(body: &str, at: usize, margin: bool, blank_before: bool, open: usize) -> Physical {
    let code = |length: usize| Span::of(at..at + length);
    if body.len() > limits::LINE_BYTES {
        let fault = Some(LineFault::TooLong);
        return Physical { code: code(body.len()), margin, blank_before, comment: None, open: 0, fault };
    }
    let scan = scan(body, open);
    let base = offset(at);
    let fault = scan.fault.map(|fault| LineFault::Scan(fault.shifted(at)));
    let comment = scan.comment.map(|start| Span::of(start..body.len()).shifted(base));
    // A row's cells are read one by one, so a bracket cannot run over its end.
    let open = if body.starts_with('|') { 0 } else { scan.open };
    Physical { code: code(scan.code_end), margin, blank_before, comment, open, fault }
}

/// The line with the comment after it.
fn end_of(line: &RawLine) -> Span {
    line.trailing.as_ref().map_or(line.span, |comment| line.span.cover(comment.span))
}

impl Fault {
    /// The same fault in a text in which the line starts at `by`.
    const fn shifted(self, by: usize) -> Self {
        match self {
            Self::UnclosedText { start, end } => Self::UnclosedText { start: start + by, end: end + by },
            Self::MixedQuotes { start, end, quote } => {
                Self::MixedQuotes { start: start + by, end: end + by, quote: quote + by }
            }
            Self::UnclosedHole { start, end } => Self::UnclosedHole { start: start + by, end: end + by },
            Self::TooDeep { at } => Self::TooDeep { at: at + by },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(text: &str) -> String {
        let layout = cut(text);
        let mut out = String::new();
        let mut show = |mark: &str, line: &RawLine| {
            let comments = line.leading.len() + line.inner.len() + usize::from(line.trailing.is_some());
            out.push_str(&format!("{mark}{:?} +{comments}\n", line.span.text(text)));
        };
        layout.header.iter().for_each(|line| show("header ", line));
        layout.stray.iter().for_each(|line| show("stray ", line));
        for section in &layout.sections {
            show("section ", &section.head);
            section.lines.iter().for_each(|line| show("  ", line));
        }
        out
    }

    #[test]
    fn sections_start_at_the_margin_and_comments_find_their_line() {
        let text = "\u{feff}# top\r\nrules 1 # one\r\n\r\n## doc\r\nfilter for calls\r\n  # why\r\n  else accept # x\r\n  # end\r\n";
        assert_eq!(
            shape(text),
            "header \"rules 1\" +2\nsection \"filter for calls\" +1\n  \"else accept\" +2\n"
        );
        assert_eq!(cut(text).sections[0].tail.len(), 1);
    }

    #[test]
    fn open_brackets_join_lines_until_a_new_statement() {
        let text =
            "filter for calls\n  accept when a in (\n    1, # one\n    2)\n  reject when (b\n  else accept\n";
        assert_eq!(
            shape(text),
            "section \"filter for calls\" +0\n  \"accept when a in (\\n    1, # one\\n    2)\" +1\n  \
             \"reject when (b\" +0\n  \"else accept\" +0\n"
        );
    }

    #[test]
    fn lines_at_the_margin_that_belong_to_the_section_stay_in_it() {
        let text = "table t for calls\n| a || b |\n| 1 || 2 |\nlist x: 1\n";
        assert_eq!(
            shape(text),
            "section \"table t for calls\" +0\n  \"| a || b |\" +0\n  \"| 1 || 2 |\" +0\nsection \"list x: 1\" +0\n"
        );
    }

    #[test]
    fn indented_lines_without_a_section_are_strays() {
        assert_eq!(shape("rules 1\n  accept\n"), "header \"rules 1\" +0\nstray \"accept\" +0\n");
    }
}
