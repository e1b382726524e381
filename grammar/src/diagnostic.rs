//! What is said about a file: one problem, where it is, what to write instead.
//!
//! Made by the parser and by the checks above it; drawn by `render`. Every text stands in both languages side by
//! side, so that neither can be forgotten.

use crate::codes::Code;
use crate::lang::Lang;
use crate::source::FileId;
use crate::span::Span;

/// A sentence in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Text {
    /// English.
    pub en: String,
    /// Russian.
    pub ru: String,
}

/// How bad it is; the order is from harmless to fatal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; nothing is wrong.
    Info,
    /// Probably not what was meant; the bundle still works.
    Warning,
    /// The bundle cannot be used.
    Error,
}

/// A place in a file, with words for it or bare.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Which file.
    pub file: FileId,
    /// Where in it.
    pub span: Span,
    /// What is there; without it the place is only underlined.
    pub text: Option<Text>,
}

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its stable code and name.
    pub code: &'static Code,
    /// The code's default severity, unless the caller changed it.
    pub severity: Severity,
    /// One sentence: small first letter, no full stop, user input in backticks.
    pub message: Text,
    /// The place to look at first.
    pub primary: Label,
    /// Other places that explain it.
    pub secondary: Vec<Label>,
    /// Further sentences: why, what to write instead.
    pub notes: Vec<Text>,
    /// The change that mends it, where there is one.
    pub fix: Option<Fix>,
}

/// A change that mends a problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as an order: "write `is`".
    pub title: Text,
    /// What to replace; the spans do not overlap.
    pub edits: Vec<Edit>,
    /// Who may apply it.
    pub safety: Safety,
}

/// One replacement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Which file.
    pub file: FileId,
    /// What goes; empty to insert.
    pub span: Span,
    /// What comes.
    pub replacement: String,
}

/// Who may apply a fix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Safety {
    /// The meaning cannot be other than what was meant; `--fix` applies it.
    Safe,
    /// Probably what was meant; applied only when asked for.
    Unsafe,
    /// Shown, never applied by itself.
    DisplayOnly,
}

impl Text {
    /// A sentence in both languages.
    pub fn new(en: impl Into<String>, ru: impl Into<String>) -> Self {
        Self { en: en.into(), ru: ru.into() }
    }

    /// The same words in both languages, such as a name or a piece of the file.
    pub fn same(text: impl Into<String>) -> Self {
        let en = text.into();
        Self { ru: en.clone(), en }
    }

    /// The sentence in one language.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        lang.pick(&self.en, &self.ru)
    }
}

impl Severity {
    /// `error`, `warning` or `info`: the stable name for machines.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// The word that people read.
    #[must_use]
    pub const fn word(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Self::Info, Lang::En) => "info",
            (Self::Info, Lang::Ru) => "к сведению",
            (Self::Warning, Lang::En) => "warning",
            (Self::Warning, Lang::Ru) => "предупреждение",
            (Self::Error, Lang::En) => "error",
            (Self::Error, Lang::Ru) => "ошибка",
        }
    }
}

impl Label {
    /// A place with words.
    #[must_use]
    pub const fn new(file: FileId, span: Span, text: Text) -> Self {
        Self { file, span, text: Some(text) }
    }

    /// A place without words.
    #[must_use]
    pub const fn bare(file: FileId, span: Span) -> Self {
        Self { file, span, text: None }
    }
}

impl Diagnostic {
    /// A problem with its code's severity.
    #[must_use]
    pub fn new(code: &'static Code, message: Text, primary: Label) -> Self {
        Self {
            code,
            severity: code.severity,
            message,
            primary,
            secondary: Vec::new(),
            notes: Vec::new(),
            fix: None,
        }
    }

    /// Says what is at the primary place.
    #[must_use]
    pub fn here(mut self, text: Text) -> Self {
        self.primary.text = Some(text);
        self
    }

    /// Adds another place.
    #[must_use]
    pub fn label(mut self, label: Label) -> Self {
        self.secondary.push(label);
        self
    }

    /// Adds a further sentence.
    #[must_use]
    pub fn note(mut self, note: Text) -> Self {
        self.notes.push(note);
        self
    }

    /// Adds the change that mends it.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }

    /// Changes the severity.
    #[must_use]
    pub const fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Whether the bundle cannot be used because of it.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl Fix {
    /// Replaces one piece of text.
    pub fn replace(
        safety: Safety,
        title: Text,
        file: FileId,
        span: Span,
        replacement: impl Into<String>,
    ) -> Self {
        Self { title, edits: vec![Edit { file, span, replacement: replacement.into() }], safety }
    }

    /// The text of `file` after this fix; `None` when the edits do not fit the text.
    #[must_use]
    pub fn apply(&self, file: FileId, text: &str) -> Option<String> {
        apply_edits(text, self.edits.iter().filter(|edit| edit.file == file))
    }
}

/// A text after edits that do not overlap, in any order; `None` when they do overlap or do not fit the text.
pub fn apply_edits<'a>(text: &str, edits: impl IntoIterator<Item = &'a Edit>) -> Option<String> {
    let mut edits: Vec<&Edit> = edits.into_iter().collect();
    edits.sort_by_key(|edit| edit.span);
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for edit in edits {
        out.push_str(text.get(done..edit.span.start as usize)?);
        out.push_str(&edit.replacement);
        done = edit.span.end as usize;
    }
    out.push_str(text.get(done..)?);
    Some(out)
}
