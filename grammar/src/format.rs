//! The one way in which a file is laid out.
//!
//! Takes a tree, gives text: two-space indent, one blank line between sections, tables aligned by display width with
//! a rule line under the head, values of one block aligned, lists wrapped. Comments stay on the line they are on and
//! in the order they are in. There are no options. What could not be read stays as it is written.

mod align;
mod sections;
mod spell;
mod table;
mod translate;
mod values;

pub use self::translate::{TranslateError, canonical, translate};

use self::spell::Speller;
use crate::ast::{Comment, File, Section, SectionKind};
use crate::parse;

/// The widest line that the formatter makes, in columns, where it can break one.
pub const WIDTH: usize = 100;

/// Formats the text of a file.
///
/// Broken sections stay as they are, and so does a file whose header is broken. Formatting twice changes nothing.
///
/// ```
/// let text = "rules 1\nfilter   for calls\n\n  else  accept # all\n";
/// assert_eq!(switchboard_grammar::format(text), "rules 1\n\nfilter for calls\n  else accept  # all\n");
/// ```
#[must_use]
pub fn format(text: &str) -> String {
    let parsed = parse(text);
    if parsed.file.broken { text.to_owned() } else { print(&parsed.file, text) }
}

/// Prints a tree; `text` is what it was parsed from, for the broken sections in it. A tree made by hand needs none.
#[must_use]
pub fn print(file: &File, text: &str) -> String {
    Printer { text, speller: Speller::plain(file.lang), out: String::new() }.file(file)
}

/// Writes a file from top to bottom.
struct Printer<'a> {
    text: &'a str,
    speller: Speller<'a>,
    out: String,
}

/// How deep lines of a section are indented.
const INDENT: &str = "  ";

impl Printer<'_> {
    fn file(mut self, file: &File) -> String {
        if let Some(header) = &file.header {
            self.comments("", &header.leading, false);
            self.blank_if(header.blank_before && !header.leading.is_empty());
            let head =
                format!("{} {}", self.speller.keyword(crate::keywords::Keyword::Rules), header.edition);
            self.head(&head, header.trailing.as_ref());
        }
        let mut before: Option<&Section> = None;
        for section in &file.sections {
            let close = before.is_some_and(|before| is_include(before) && is_include(section));
            let apart = !close || section.blank_before || !section.leading.is_empty();
            self.blank_if(apart && !self.out.is_empty());
            self.section(section);
            before = Some(section);
        }
        let apart = file.tail.first().is_some_and(|comment| comment.blank_before);
        self.blank_if(apart && !self.out.is_empty());
        self.comments("", &file.tail, false);
        self.out
    }

    fn section(&mut self, section: &Section) {
        self.comments("", &section.leading, false);
        self.blank_if(section.blank_before && !section.leading.is_empty());
        if section.broken && !section.extent.text(self.text).is_empty() {
            self.verbatim(section);
            return;
        }
        let inner = self.speller.moved(&section.inner_comments);
        self.comments("", &inner, true);
        let keeps = inner.is_empty() && !section.inner_comments.is_empty();
        let (head, lines) = if keeps {
            let (_, lines) = sections::section(&mut self.speller, &section.kind);
            (with_newlines(section.head.text(self.text)), lines)
        } else {
            sections::section(&mut self.speller, &section.kind)
        };
        self.head(&head, section.trailing.as_ref());
        let lines = align::comments(lines, self.text);
        for (at, line) in lines.iter().enumerate() {
            self.comments(INDENT, line.leading, at > 0);
            self.comments(INDENT, &line.moved, true);
            self.blank_if(line.blank_before && (at > 0 || !line.leading.is_empty()));
            self.out.push_str(INDENT);
            self.out.push_str(line.text.trim_end());
            self.out.push('\n');
        }
        self.comments(INDENT, &section.tail, true);
    }

    /// The section as it is written, from its header to its last line or comment.
    fn verbatim(&mut self, section: &Section) {
        self.out.push_str(with_newlines(section.extent.text(self.text)).trim_end());
        self.out.push('\n');
    }

    /// A header line with the comment after it.
    fn head(&mut self, head: &str, trailing: Option<&Comment>) {
        self.out.push_str(head);
        if let Some(comment) = trailing {
            self.out.push_str("  ");
            self.out.push_str(&comment.text);
        }
        self.out.push('\n');
    }

    /// Comments on lines of their own; a blank line above the first is kept only when `first_apart` says so.
    fn comments(&mut self, indent: &str, comments: &[Comment], first_apart: bool) {
        for (at, comment) in comments.iter().enumerate() {
            self.blank_if(comment.blank_before && (at > 0 || first_apart));
            self.out.push_str(indent);
            self.out.push_str(&comment.text);
            self.out.push('\n');
        }
    }

    /// A blank line, unless there is one already.
    fn blank_if(&mut self, wanted: bool) {
        if wanted && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }
}

fn is_include(section: &Section) -> bool {
    matches!(section.kind, SectionKind::Include(_))
}

/// What is kept as it is written, with the line ends that the formatter writes: however many carriage returns stand
/// before one, none is left, so that writing twice is writing once.
fn with_newlines(text: &str) -> String {
    let lines: Vec<&str> = text.split('\n').map(|line| line.trim_end_matches('\r')).collect();
    lines.join("\n")
}
