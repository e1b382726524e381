//! A note: compiled once, checked against its scope, rendered for an event.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use minijinja::{Environment, Error, ErrorKind, Value as Jinja};
use switchboard_grammar::diagnostic::Text;
use switchboard_grammar::lang::Lang;
use switchboard_grammar::span::Span;

use super::functions::environment;
use super::values::to_jinja;
use crate::value::Value;

/// A compiled note.
#[derive(Clone)]
pub struct Note {
    environment: Arc<Environment<'static>>,
    lang: Lang,
    /// The names that it uses, dotted, with the place of the first use.
    names: BTreeMap<String, Span>,
    /// Of its text.
    digest: blake3::Hash,
}

/// What is wrong with a note, and where in its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteProblem {
    /// What is wrong.
    pub message: Text,
    /// Where.
    pub span: Span,
}

/// Why a note could not be rendered for an event.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", message.en)]
pub struct NoteError {
    /// What happened.
    pub message: Text,
    /// The line of the file, from 1.
    pub line: Option<usize>,
}

/// The one template of an environment; a note may call itself by it, which the recursion limit ends.
const NAME: &str = "note";

impl Note {
    /// The longest result in characters; what is longer is cut with `…`.
    pub const MAX_CHARS: usize = 10_000;
    /// The largest file in bytes.
    pub const MAX_SOURCE_BYTES: usize = 64 * 1_024;

    /// Compiles a note; `lang` is the language of the rules that use it.
    ///
    /// # Errors
    ///
    /// [`NoteProblem`], the first thing that is wrong with its writing.
    pub fn compile(source: &str, lang: Lang) -> Result<Note, NoteProblem> {
        if source.len() > Note::MAX_SOURCE_BYTES {
            let most = Note::MAX_SOURCE_BYTES;
            let message = Text::new(
                format!("a long text may have at most {most} bytes"),
                format!("в длинном тексте может быть не больше {most} байт"),
            );
            return Err(NoteProblem { message, span: Span::at(0) });
        }
        let mut environment = environment(lang);
        let added = environment.add_template_owned(NAME, source.to_owned());
        let template =
            added.and_then(|()| environment.get_template(NAME)).map_err(|error| problem(source, &error))?;
        let names = template.undeclared_variables(true).into_iter();
        let names =
            names.map(|name| (place_of(source, &name), name)).map(|(span, name)| (name, span)).collect();
        let digest = blake3::hash(source.as_bytes());
        Ok(Note { environment: Arc::new(environment), lang, names, digest })
    }

    /// A name for its text: equal texts have equal ones.
    pub(crate) const fn digest(&self) -> &blake3::Hash {
        &self.digest
    }

    /// The names that the note uses, dotted as in rules, each with the place of its first use.
    ///
    /// The caller says which of them there are; [`Note::render`] asks for no others.
    pub fn names(&self) -> impl Iterator<Item = (&str, Span)> {
        self.names.iter().map(|(name, span)| (name.as_str(), *span))
    }

    /// Renders the note; `value_of` gives the value of each name.
    ///
    /// # Errors
    ///
    /// [`NoteError`], when an operation does not fit a value or the work is too much. The same values give the
    /// same failure.
    pub fn render(&self, mut value_of: impl FnMut(&str) -> Value) -> Result<String, NoteError> {
        let mut scope = Scope::default();
        for name in self.names.keys() {
            scope.insert(name, to_jinja(&value_of(name), self.lang));
        }
        let template = self.environment.get_template(NAME).map_err(|error| failure(&error))?;
        let text = template.render(scope.into_jinja()).map_err(|error| failure(&error))?;
        Ok(fitted(text.trim_end()))
    }

    /// Tries the note out on some values, for mistakes that only show when it is rendered: an unknown filter, a
    /// comparison that cannot be. Nothing is kept.
    ///
    /// # Errors
    ///
    /// [`NoteProblem`] with its place in `source`, which has to be the text that was compiled.
    pub fn try_out(&self, source: &str, value_of: impl FnMut(&str) -> Value) -> Result<(), NoteProblem> {
        self.render(value_of).map(|_| ()).map_err(|error| {
            let lines = source.split_inclusive('\n').take(error.line.unwrap_or(1).saturating_sub(1));
            let start: usize = lines.map(str::len).sum();
            let line = source.get(start..).unwrap_or_default().lines().next().unwrap_or_default();
            NoteProblem { message: error.message, span: Span::of(start..start + line.len()) }
        })
    }
}

impl fmt::Debug for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Note").field("lang", &self.lang).field("names", &self.names).finish_non_exhaustive()
    }
}

/// Names with dots as maps in maps.
#[derive(Default)]
struct Scope {
    values: BTreeMap<String, Jinja>,
    inner: BTreeMap<String, Scope>,
}

impl Scope {
    fn insert(&mut self, name: &str, value: Jinja) {
        match name.split_once('.') {
            Some((head, rest)) => self.inner.entry(head.to_owned()).or_default().insert(rest, value),
            None => {
                self.values.insert(name.to_owned(), value);
            }
        }
    }

    fn into_jinja(self) -> Jinja {
        // A name that is a value and a prefix at once cannot be in one scope; the checker knows no such names.
        let mut names = self.values;
        names.extend(self.inner.into_iter().map(|(name, scope)| (name, scope.into_jinja())));
        Jinja::from(names)
    }
}

/// The first use of a dotted name in a source; the whole first line when it is not written in one piece.
fn place_of(source: &str, name: &str) -> Span {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let found = source.match_indices(name).find(|(at, _)| {
        let before = source.get(..*at).and_then(|text| text.chars().next_back());
        let after = source.get(at + name.len()..).and_then(|text| text.chars().next());
        let inside = source.get(..*at).is_some_and(|text| {
            let open = |mark| text.rfind(mark).map_or(0, |at| at + 1);
            open("{{").max(open("{%")) > open("}}").max(open("%}"))
        });
        inside && !before.is_some_and(|c| is_part(c) || c == '.') && !after.is_some_and(is_part)
    });
    match found {
        Some((at, _)) => Span::of(at..at + name.len()),
        None => Span::of(0..source.lines().next().map_or(0, str::len)),
    }
}

fn problem(source: &str, error: &Error) -> NoteProblem {
    let span =
        error.range().filter(|range| source.get(range.clone()).is_some()).map_or(Span::at(0), Span::of);
    NoteProblem { message: words(error), span }
}

fn failure(error: &Error) -> NoteError {
    NoteError { message: words(error), line: error.line() }
}

/// What minijinja says of a template that it cannot read, in Russian where that happens often.
fn syntax_ru(detail: &str) -> String {
    if detail.starts_with("unexpected end of") {
        return "он обрывается, не закрыты скобки или блок `{% … %}`".to_owned();
    }
    if let Some(word) = detail.strip_prefix("unknown statement ") {
        return format!("после `{{%` не бывает `{word}`");
    }
    match detail.strip_prefix("unexpected ").and_then(|said| said.split_once(", expected ")) {
        Some((found, wanted)) => format!("здесь {found}, а должно быть {wanted}"),
        None => detail.to_owned(),
    }
}

fn words(error: &Error) -> Text {
    let detail = error.detail().unwrap_or_default();
    match error.kind() {
        ErrorKind::OutOfFuel => {
            Text::new("the text takes too much work", "текст требует слишком много работы")
        }
        ErrorKind::UnknownFilter => {
            Text::new(format!("there is no such filter: {detail}"), format!("такого фильтра нет: {detail}"))
        }
        ErrorKind::UnknownTest => {
            Text::new(format!("there is no such test: {detail}"), format!("такой проверки нет: {detail}"))
        }
        ErrorKind::UnknownFunction | ErrorKind::UnknownMethod => {
            Text::new("functions cannot be called here", "здесь нельзя вызывать функции")
        }
        ErrorKind::TemplateNotFound | ErrorKind::BadInclude => Text::new(
            "a long text is one file and includes no others",
            "длинный текст — один файл, без включений",
        ),
        ErrorKind::UndefinedError => Text::new("a name is not known here", "имя здесь неизвестно"),
        ErrorKind::SyntaxError => Text::new(
            format!("the template is not written right: {detail}"),
            format!("шаблон написан с ошибкой: {}", syntax_ru(detail)),
        ),
        kind => Text::new(
            format!("the text cannot be made: {kind}: {detail}"),
            format!("текст не удаётся составить: {kind}: {detail}"),
        ),
    }
}

/// At most so many characters, the last one `…` when something was left out.
fn fitted(text: &str) -> String {
    match text.char_indices().nth(Note::MAX_CHARS) {
        None => text.to_owned(),
        Some(_) => {
            let mut kept: String = text.chars().take(Note::MAX_CHARS - 1).collect();
            kept.push('…');
            kept
        }
    }
}
