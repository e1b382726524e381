//! Where the parser's findings go: problems, and the keywords it met.

use crate::ast::Word;
use crate::codes;
use crate::diagnostic::{Diagnostic, Label, Text};
use crate::limits;
use crate::source::FileId;
use crate::span::Span;

/// A question to the grammar: does a piece of a text follow a rule?
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// The rule, by its name in `rules.pest`: `filter_line`, `input_cell`.
    pub rule: String,
    /// The line or cell.
    pub span: Span,
    /// Whether it follows the rule. It may be wrong all the same: what a line says is looked at afterwards.
    pub follows: bool,
}

/// Collects what is found in one file.
#[derive(Debug, Default)]
pub(crate) struct Sink {
    /// Problems in the order found.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Keywords in the order read.
    pub(crate) words: Vec<Word>,
    /// Errors found, the unreported ones included.
    errors: usize,
    /// Whether a word of the other language was met.
    other_language: bool,
    /// What the grammar was asked, when somebody wants to know.
    pub(crate) reads: Option<Vec<Read>>,
    /// Where the first unreported problem is.
    dropped: Option<Label>,
}

impl Sink {
    /// One that also lists what the grammar is asked.
    pub(crate) fn listing_reads() -> Self {
        Self { reads: Some(Vec::new()), ..Self::default() }
    }

    /// Takes a problem; above the limit only its place is remembered.
    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        self.errors += usize::from(diagnostic.is_error());
        if self.diagnostics.len() < limits::DIAGNOSTICS {
            self.diagnostics.push(diagnostic);
        } else {
            self.dropped.get_or_insert(Label::bare(diagnostic.primary.file, diagnostic.primary.span));
        }
    }

    /// Remembers that a word of the other language was met; tells whether it is the first.
    pub(crate) const fn meets_other_language(&mut self) -> bool {
        !std::mem::replace(&mut self.other_language, true)
    }

    /// Whether a further problem would not be shown: then it need not be explained either.
    pub(crate) const fn is_full(&self) -> bool {
        self.dropped.is_some()
    }

    /// How many errors were found so far: tells whether a piece of work found one.
    pub(crate) const fn errors(&self) -> usize {
        self.errors
    }

    /// The problems in the order of the file.
    pub(crate) fn finish(mut self) -> (Vec<Diagnostic>, Vec<Word>) {
        self.diagnostics.sort_by_key(|diagnostic| diagnostic.primary.span);
        if let Some(place) = self.dropped {
            let limit = limits::DIAGNOSTICS;
            self.diagnostics.push(Diagnostic::new(
                &codes::TOO_LARGE,
                Text::new(
                    format!("more than {limit} problems in this file; the others are not shown"),
                    format!("в файле больше {limit} ошибок; остальные не показаны"),
                ),
                place,
            ));
        }
        self.words.sort_by_key(|word| word.span);
        (self.diagnostics, self.words)
    }

    /// A problem at one place, without further words.
    pub(crate) fn error(&mut self, code: &'static codes::Code, file: FileId, span: Span, message: Text) {
        self.report(Diagnostic::new(code, message, Label::bare(file, span)));
    }
}
