//! Where something stands: in the English text that is read, and in the file as it was written.

use switchboard_grammar::ast::{File, Section, SectionKind};
use switchboard_grammar::lang::Lang;
use switchboard_grammar::source;

use crate::translate::translate;

/// A file of rules, as written and in English.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) name: String,
    written: String,
    written_tree: File,
    pub(super) english: String,
    english_tree: File,
}

/// A section of a file, or a line of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct At<'s> {
    pub(super) source: &'s Source,
    section: &'s Section,
    number: usize,
    line: Option<usize>,
}

impl Source {
    pub(super) fn new(name: &str, text: &str) -> Self {
        let parsed = switchboard_grammar::parse(text);
        // A file that loads is one that can be translated.
        let english = translate(&parsed, text, Lang::En).unwrap_or_else(|_| text.to_owned());
        let english_tree = switchboard_grammar::parse(&english).file;
        Self {
            name: name.to_owned(),
            written: text.to_owned(),
            written_tree: parsed.file,
            english,
            english_tree,
        }
    }

    pub(super) fn sections(&self) -> impl Iterator<Item = At<'_>> {
        let numbered = self.english_tree.sections.iter().enumerate();
        numbered.map(|(number, section)| At { source: self, section, number, line: None })
    }
}

impl<'s> At<'s> {
    /// What the section says, in English.
    pub(super) const fn kind(self) -> &'s SectionKind {
        &self.section.kind
    }

    /// A line of the section, from 0; of a table, a row.
    pub(super) const fn line(self, line: usize) -> Self {
        Self { line: Some(line), ..self }
    }

    /// Line and column in the file as it was written, both from 1.
    pub(super) fn position(self) -> (u32, u32) {
        let section = self.source.written_tree.sections.get(self.number).unwrap_or(self.section);
        let span = self.line.and_then(|line| line_start(section, line)).unwrap_or(section.head.start);
        let position = source::Source::new("", self.source.written.as_str()).position(span);
        (position.line, position.column)
    }
}

/// The first byte of a line of a section.
fn line_start(section: &Section, line: usize) -> Option<u32> {
    let span = match &section.kind {
        SectionKind::Filter(filter) => filter.lines.get(line)?.span,
        SectionKind::Settings(settings) => settings.lines.get(line)?.span,
        SectionKind::Table(table) => table.rows.get(line)?.span,
        SectionKind::Task(task) => task.lines.get(line)?.span,
        SectionKind::Fields(fields) => fields.lines.get(line)?.span,
        SectionKind::Transfer(transfer) => transfer.lines.get(line)?.span,
        _ => return None,
    };
    Some(span.start)
}
