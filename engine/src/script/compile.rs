//! Compiling a script and holding it against its declarations.
//!
//! Rhai stops at the first error. So that several mistakes show at once, a function with a mistake in it is
//! blanked out and the rest is compiled again; functions that begin at the left margin can be told apart so.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use rhai::{AST, Position};
use switchboard_grammar::codes;
use switchboard_grammar::diagnostic::{Diagnostic, Label, Text};
use switchboard_grammar::source::FileId;
use switchboard_grammar::span::Span;

use super::analyse::unreachable;
use super::host::ScriptHost;
use super::inspect::{self, Finding};
use super::limits::Signature;
use super::lists::Lists;
use super::words;
use crate::schema::suggest::nearest;

/// A compiled script.
#[derive(Clone, Debug)]
pub struct Script {
    pub(super) ast: AST,
    /// Its path in the bundle, for whoever watches it; empty for one that is in none.
    pub(crate) path: String,
    /// The lists of its bundle that it names.
    pub(crate) lists: Arc<Lists>,
    functions: Vec<Function>,
    /// What is odd about it and no error.
    pub(crate) warnings: Vec<Diagnostic>,
    /// Calls behind a dot that nobody defined: errors, unless a policy has more to say of the place.
    pub(crate) unknown_methods: Vec<Diagnostic>,
}

#[derive(Clone, Debug)]
struct Function {
    name: String,
    parameters: usize,
    /// Where its name stands in the file.
    span: Span,
}

/// How a function differs from its declaration.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignatureProblem {
    /// The script has no such function.
    Missing {
        /// The nearest name that it has.
        suggestion: Option<String>,
    },
    /// It takes another number of arguments.
    Parameters {
        /// How many the script's function takes.
        found: usize,
        /// Where its name stands in the script.
        span: Span,
    },
}

/// How many functions with mistakes are told of in one file.
const MAX_BROKEN_FUNCTIONS: usize = 20;

impl ScriptHost {
    /// Compiles a script.
    ///
    /// # Errors
    ///
    /// What is wrong with it, at least one diagnostic, in the order of the file. Calls behind a dot that nobody defined
    /// are no error yet: a policy may have more to say of them.
    pub fn compile(&self, file: FileId, source: &str) -> Result<Script, Vec<Diagnostic>> {
        if source.len() > self.limits.source_bytes {
            return Err(vec![too_large(file, self.limits.source_bytes)]);
        }
        let engine = self.engine();
        let own = functions_in(source);
        let mut names: BTreeSet<String> = own.iter().map(|function| function.name.clone()).collect();
        let mut diagnostics = Vec::new();
        let mut text = source.to_owned();
        let ast = loop {
            match engine.compile(&text) {
                Ok(ast) => break Some(ast),
                Err(error) => {
                    let at = offset_of(source, error.position());
                    diagnostics.push(syntax_error(file, source, at, &error));
                    let Some(broken) = function_around(&own, source, at) else { break None };
                    if diagnostics.len() >= MAX_BROKEN_FUNCTIONS || !blank_out(&mut text, broken) {
                        break None;
                    }
                }
            }
        };
        names.extend(ast.iter().flat_map(AST::iter_functions).map(|function| function.name.to_owned()));
        let findings = ast.as_ref().map(|ast| inspect::inspect(ast, &names)).unwrap_or_default();
        let (methods, findings): (Vec<Finding>, Vec<Finding>) =
            findings.into_iter().partition(|finding| matches!(finding, Finding::UnknownMethod { .. }));
        diagnostics.extend(findings.iter().map(|finding| told(file, source, finding, &names)));
        let methods = methods.iter().map(|finding| told(file, source, finding, &names)).collect();
        diagnostics.sort_by_key(|diagnostic| diagnostic.primary.span.start);
        match ast {
            Some(ast) if diagnostics.is_empty() => {
                let warnings = unreachable(&ast).into_iter().map(|found| found.told(file, source)).collect();
                Ok(script(ast, &own, warnings, methods))
            }
            _ => Err(diagnostics),
        }
    }
}

impl Script {
    /// Holds the script against a declaration.
    ///
    /// Types are not written in scripts; they are checked at every call.
    ///
    /// # Errors
    ///
    /// [`SignatureProblem`].
    pub fn check(&self, signature: &Signature) -> Result<(), SignatureProblem> {
        let mut named = self.functions.iter().filter(|function| function.name == signature.name.as_str());
        let Some(first) = named.clone().next() else {
            let names = self.functions.iter().map(|function| function.name.as_str());
            return Err(SignatureProblem::Missing {
                suggestion: nearest(&signature.name, names).map(str::to_owned),
            });
        };
        if named.any(|function| function.parameters == signature.parameters.len()) {
            return Ok(());
        }
        Err(SignatureProblem::Parameters { found: first.parameters, span: first.span })
    }

    /// The lines on which something can run, from 1.
    pub fn lines(&self) -> BTreeSet<usize> {
        super::steps::lines(&self.ast)
    }

    /// The functions of the script: name, number of parameters, place of the name.
    pub fn functions(&self) -> impl Iterator<Item = (&str, usize, Span)> {
        self.functions.iter().map(|function| (function.name.as_str(), function.parameters, function.span))
    }
}

fn script(
    ast: AST,
    own: &[Definition],
    warnings: Vec<Diagnostic>,
    unknown_methods: Vec<Diagnostic>,
) -> Script {
    let functions = ast
        .iter_functions()
        .filter(|function| !function.name.starts_with("anon$"))
        .map(|function| Function {
            name: function.name.to_owned(),
            parameters: function.params.len(),
            span: own
                .iter()
                .find(|known| known.name == function.name)
                .map_or(Span::at(0), |known| known.span),
        })
        .collect();
    Script { ast, path: String::new(), lists: Arc::default(), functions, warnings, unknown_methods }
}

/// A function as its text shows it.
struct Definition {
    name: String,
    /// Where the name stands.
    span: Span,
    /// Where the line starts on which it is defined.
    start: usize,
    /// Whether it begins at the left margin.
    at_margin: bool,
}

/// The functions that a text defines, judged by its words only, so that broken ones are found too.
fn functions_in(source: &str) -> Vec<Definition> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in source.split_inclusive('\n') {
        let code = line.trim_start();
        let rest = code.strip_prefix("private ").unwrap_or(code).trim_start();
        if let Some(rest) = rest.strip_prefix("fn ") {
            let name: String =
                rest.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let at = start + line.len() - rest.trim_start().len();
            let span = Span::of(at..at + name.len());
            found.push(Definition { name, span, start, at_margin: code.len() == line.len() });
        }
        start += line.len();
    }
    found
}

/// The text of the function at the margin that holds a place, up to the next one.
fn function_around(own: &[Definition], source: &str, at: usize) -> Option<Range<usize>> {
    let mut starts = own.iter().filter(|function| function.at_margin).map(|function| function.start);
    let start = starts.clone().take_while(|start| *start <= at).last()?;
    let end = starts.find(|next| *next > at).unwrap_or(source.len());
    Some(start..end)
}

/// Puts spaces in place of a piece of text, keeping its lines; false when it was blank already.
fn blank_out(text: &mut String, piece: Range<usize>) -> bool {
    let Some(old) = text.get(piece.clone()) else { return false };
    if old.trim().is_empty() {
        return false;
    }
    // One space for each byte, so that places in the file stay what they are.
    let blank: String = old.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect();
    text.replace_range(piece, &blank);
    true
}

/// The byte at which a place of Rhai's is; the end of the text for none.
pub(super) fn offset_of(source: &str, position: Position) -> usize {
    let Some(line) = position.line() else { return source.len() };
    let start: usize = source.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let rest = source.get(start..).unwrap_or_default();
    let column = position.position().unwrap_or(1) - 1;
    start + rest.char_indices().nth(column).map_or(rest.trim_end().len(), |(at, _)| at)
}

/// The word, text in quotes or sign at a place, for the caret.
pub(super) fn span_at(source: &str, at: usize) -> Span {
    let rest = source.get(at..).unwrap_or_default();
    let line = rest.lines().next().unwrap_or_default();
    if let Some(inside) = line.strip_prefix('"')
        && let Some(end) = inside.find('"')
        && !inside.contains('\\')
    {
        return Span::of(at..at + end + 2);
    }
    let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    let one = rest.chars().next().filter(|c| !c.is_whitespace()).map_or(0, char::len_utf8);
    Span::of(at..at + word.max(one))
}

fn syntax_error(file: FileId, source: &str, at: usize, error: &rhai::ParseError) -> Diagnostic {
    let label = Label::bare(file, span_at(source, at));
    let refused = words::refused_word(error.err_type());
    match (refused, error.err_type()) {
        (Some(word), _) if inspect::OUTSIDE_WORDS.contains(&word) => outside(label, word),
        // There are no modules, so whatever is called with `::` is somewhere else.
        (_, rhai::ParseErrorType::ModuleUndefined(module)) => outside(label, module),
        _ => {
            let found = Diagnostic::new(&codes::SCRIPT_ERROR, words::syntax(error.err_type()), label);
            match words::hint(error.err_type()) {
                Some(hint) => found.note(hint),
                None => found,
            }
        }
    }
}

fn outside(label: Label, word: &str) -> Diagnostic {
    let message = Text::new(
        format!("`{word}` reaches outside the script"),
        format!("`{word}` обращается за пределы скрипта"),
    );
    Diagnostic::new(&codes::IMPURE_CALL, message, label).note(Text::new(
        "a script gets everything it needs as arguments and gives back one value",
        "скрипт получает всё нужное аргументами и возвращает одно значение",
    ))
}

fn told(file: FileId, source: &str, finding: &Finding, own: &BTreeSet<String>) -> Diagnostic {
    let label = Label::bare(file, span_at(source, offset_of(source, finding.position())));
    match finding {
        Finding::Outside { name, .. } => outside(label, name),
        Finding::UnknownFunction { name, .. } | Finding::UnknownMethod { name, .. } => {
            let message =
                Text::new(format!("there is no function `{name}`"), format!("функции `{name}` нет"));
            let diagnostic = Diagnostic::new(&codes::SCRIPT_ERROR, message, label);
            match nearest(name, inspect::known_functions(own)) {
                Some(near) => diagnostic.note(Text::new(
                    format!("did you mean `{near}`?"),
                    format!("возможно, имелось в виду `{near}`?"),
                )),
                None => diagnostic,
            }
        }
        Finding::TopLevel { .. } => {
            let message = Text::new("a script holds functions only", "в скрипте могут быть только функции");
            Diagnostic::new(&codes::SCRIPT_ERROR, message, label)
        }
        Finding::Capture { name, .. } => {
            let message = Text::new(
                format!("an anonymous function cannot use `{name}` from around it"),
                format!("безымянная функция не может брать `{name}` снаружи"),
            );
            Diagnostic::new(&codes::SCRIPT_ERROR, message, label).note(Text::new(
                "use a `for` loop, or a named function with `.curry()`",
                "возьмите цикл `for` или именованную функцию с `.curry()`",
            ))
        }
    }
}

fn too_large(file: FileId, most: usize) -> Diagnostic {
    let message = Text::new(
        format!("a script may have at most {most} bytes"),
        format!("в скрипте может быть не больше {most} байт"),
    );
    Diagnostic::new(&codes::TOO_LARGE, message, Label::bare(file, Span::at(0)))
}

/// Scripts and their host serve many threads at once; if they could not, this would not compile.
const _: fn() = || {
    fn shared<T: Send + Sync>() {}
    shared::<Script>();
    shared::<ScriptHost>();
};
