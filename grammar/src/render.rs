//! Diagnostics as people read them.
//!
//! Takes a diagnostic and the files that its labels point into; gives text: the long form with the source and carets
//! under it, or one line. Carets line up under Cyrillic, for columns are counted by display width. Words come in the
//! language asked for, whatever language the rules are in. Prints nothing itself.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Patch, Renderer as Drawer, Snippet};

use crate::diagnostic::{Diagnostic, Fix, Label, Severity};
use crate::lang::Lang;
use crate::source::{FileId, Source, SourceMap};
use crate::span::Span;

/// Draws diagnostics in one language, with or without colour.
#[derive(Clone, Copy, Debug)]
pub struct Renderer {
    lang: Lang,
    colour: bool,
}

/// How wide the long form is; longer source lines are cut around the carets.
const WIDTH: usize = 120;

impl Renderer {
    /// Draws in `lang`, without colour.
    #[must_use]
    pub const fn new(lang: Lang) -> Self {
        Self { lang, colour: false }
    }

    /// Switches colour (ANSI escapes) on or off.
    #[must_use]
    pub const fn colour(mut self, colour: bool) -> Self {
        self.colour = colour;
        self
    }

    /// The long form: message, source, carets, notes, fix. Ends without a line break.
    #[must_use]
    pub fn human(&self, sources: &SourceMap, diagnostic: &Diagnostic) -> String {
        let title = self
            .level(diagnostic.severity)
            .primary_title(diagnostic.message.get(self.lang))
            .id(diagnostic.code.name);
        let mut group = Group::with_title(title);
        for (file, labels) in by_file(diagnostic) {
            if let Some(source) = sources.get(file) {
                group = group.element(self.snippet(source, &labels));
            }
        }
        let note = Level::NOTE.with_name(self.lang.pick("note", "примечание"));
        for text in &diagnostic.notes {
            group = group.element(note.clone().message(text.get(self.lang)));
        }
        let mut report = vec![group];
        if let Some(fix) = diagnostic.fix.as_ref().filter(|fix| !is_said(fix, &diagnostic.primary)) {
            report.extend(self.fix(sources, fix));
        }
        let drawer = if self.colour { Drawer::styled() } else { Drawer::plain() };
        drawer.term_width(WIDTH).render(&report)
    }

    /// One line: `file:line:column: error[name]: message`.
    #[must_use]
    pub fn concise(&self, sources: &SourceMap, diagnostic: &Diagnostic) -> String {
        let severity = diagnostic.severity.word(self.lang);
        let message = diagnostic.message.get(self.lang);
        let name = diagnostic.code.name;
        let said = format!("{severity}[{name}]: {message}");
        match sources.get(diagnostic.primary.file) {
            Some(source) => {
                let place = source.position(diagnostic.primary.span.start);
                format!("{}:{}:{}: {said}", source.name(), place.line, place.column)
            }
            None => said,
        }
    }

    fn level(&self, severity: Severity) -> Level<'static> {
        let level = match severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Info => Level::INFO,
        };
        level.with_name(severity.word(self.lang))
    }

    /// The lines that the labels are on, with carets.
    fn snippet<'a>(
        &self,
        source: &'a Source,
        labels: &[(AnnotationKind, &'a Label)],
    ) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
        let window = Window::around(source, labels.iter().map(|(_, label)| label.span));
        let annotations = labels.iter().map(|(kind, label)| {
            let text = label.text.as_ref().map(|text| text.get(self.lang));
            (*kind).span(window.range(label.span)).label(text)
        });
        window.snippet(source).annotations(annotations)
    }

    /// What the fix does, with the lines as they would be.
    fn fix<'a>(&self, sources: &'a SourceMap, fix: &'a Fix) -> Option<Group<'a>> {
        let first = fix.edits.first()?;
        let source = sources.get(first.file)?;
        let edits = || fix.edits.iter().filter(|edit| edit.file == first.file);
        let window = Window::around(source, edits().map(|edit| edit.span));
        let patches = edits().map(|edit| Patch::new(window.range(edit.span), edit.replacement.as_str()));
        let help = Level::HELP.with_name(self.lang.pick("help", "подсказка"));
        let title = help.secondary_title(fix.title.get(self.lang));
        Some(title.element(window.snippet(source).patches(patches)))
    }
}

/// Whether the primary label already says what the fix does: "write `is`", "did you mean `table`?".
fn is_said(fix: &Fix, primary: &Label) -> bool {
    let Some(text) = &primary.text else { return false };
    let [edit] = fix.edits.as_slice() else { return *text == fix.title };
    let written = edit.replacement.trim();
    *text == fix.title || (!written.is_empty() && text.en.contains(&format!("`{written}")))
}

/// The labels of each file, the primary one's file first.
fn by_file(diagnostic: &Diagnostic) -> Vec<(FileId, Vec<(AnnotationKind, &Label)>)> {
    let mut files = vec![(diagnostic.primary.file, vec![(AnnotationKind::Primary, &diagnostic.primary)])];
    for label in &diagnostic.secondary {
        let labelled = (AnnotationKind::Context, label);
        match files.iter_mut().find(|(file, _)| *file == label.file) {
            Some((_, labels)) => labels.push(labelled),
            None => files.push((label.file, vec![labelled])),
        }
    }
    files
}

/// The lines of a file that are drawn from. The whole of it would be scanned again for every diagnostic.
struct Window {
    first_line: u32,
    span: Span,
}

impl Window {
    fn around(source: &Source, spans: impl Iterator<Item = Span>) -> Self {
        let covered = spans.reduce(Span::cover).unwrap_or_default();
        let first_line = source.line_of(covered.start);
        let last_line = source.line_of(covered.end);
        let span = source.line_span(first_line).cover(source.line_span(last_line));
        Self { first_line, span }
    }

    /// A span of the file as a range of the window.
    fn range(&self, span: Span) -> Range<usize> {
        let place = |offset: u32| (offset.clamp(self.span.start, self.span.end) - self.span.start) as usize;
        place(span.start)..place(span.end)
    }

    fn snippet<'a, T: Clone>(&self, source: &'a Source) -> Snippet<'a, T> {
        Snippet::source(self.span.text(source.text()))
            .line_start(self.first_line as usize)
            .path(source.name())
    }
}
