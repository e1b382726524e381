//! What all checks share: the files, what is declared in them, what was found, and what is being built.

use std::sync::Arc;

use indexmap::IndexMap;
use smol_str::SmolStr;
use switchboard_grammar::ast;
use switchboard_grammar::codes::Code;
use switchboard_grammar::diagnostic::{Diagnostic, Edit, Fix, Label, Safety, Text};
use switchboard_grammar::lang::Lang;
use switchboard_grammar::source::{FileId, SourceMap};
use switchboard_grammar::span::Span;

use super::ctx::Ctx;
use super::scope::Scope;
use crate::bundle::{BundleSource, LoadOptions};
use crate::program::RefId;

/// A section and the file it is in.
#[derive(Clone, Copy)]
pub(crate) struct Placed<'a> {
    /// The file.
    pub(crate) file: FileId,
    /// Its language.
    pub(crate) lang: Lang,
    /// The section.
    pub(crate) section: &'a ast::Section,
}

/// The state of a check.
pub(crate) struct Checker<'a> {
    pub(crate) sources: &'a Arc<SourceMap>,
    pub(crate) assets: &'a BundleSource,
    pub(crate) options: &'a LoadOptions,
    pub(crate) sections: Vec<Placed<'a>>,
    pub(crate) scope: Scope<'a>,
    pub(crate) found: Vec<Diagnostic>,
    /// Named values as rules refer to them; the place is the [`RefId`].
    pub(crate) refs: IndexMap<(SmolStr, Option<SmolStr>), ()>,
    /// Negated tests of the condition at hand that a missing value passes.
    pub(crate) negations: Vec<super::condition::Negation>,
    /// Fields of the CRM that lines write.
    pub(crate) written: Vec<super::fields::Written>,
    /// The `script` sections.
    pub(crate) scripts: super::script::Scripts,
    /// The long texts that tasks name.
    pub(crate) notes: crate::program::Notes,
    /// How many names have been searched for a likely meaning; bounded, for searching is not cheap.
    pub(crate) searched: usize,
}

impl<'a> Checker<'a> {
    /// The most unknown names for which a likely meaning is searched.
    pub(crate) const MAX_SEARCHES: usize = 200;

    /// The text of a place.
    pub(crate) fn text(&self, file: FileId, span: Span) -> &'a str {
        self.sources.get(file).map_or("", |source| span.text(source.text()))
    }

    /// The number of the line that a place begins on.
    pub(crate) fn line(&self, file: FileId, span: Span) -> u32 {
        self.sources.get(file).map_or(0, |source| source.line_of(span.start))
    }

    /// Reports a problem.
    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    /// The number of a named value; the same name and column always have the same.
    pub(crate) fn reference(&mut self, name: &str, column: Option<&str>) -> RefId {
        let key = (SmolStr::from(name), column.map(SmolStr::from));
        let (place, _) = self.refs.insert_full(key, ());
        RefId(u32::try_from(place).unwrap_or(u32::MAX))
    }
}

/// A problem at a place.
pub(crate) fn problem(code: &'static Code, ctx: &Ctx, span: Span, message: Text, label: Text) -> Diagnostic {
    problem_in(code, ctx.file, span, message, label)
}

/// A problem at a place of a file.
pub(crate) fn problem_in(
    code: &'static Code,
    file: FileId,
    span: Span,
    message: Text,
    label: Text,
) -> Diagnostic {
    Diagnostic::new(code, message, Label::new(file, span, label))
}

/// A fix that writes `replacement` in place of `span`.
pub(crate) fn write_instead(ctx: &Ctx, span: Span, replacement: &str, safety: Safety) -> Fix {
    Fix::replace(
        safety,
        Text::new(format!("write `{replacement}`"), format!("написать `{replacement}`")),
        ctx.file,
        span,
        replacement,
    )
}

/// A fix that adds `text` behind `span`.
pub(crate) fn add_behind(ctx: &Ctx, span: Span, text: &str, safety: Safety) -> Fix {
    Fix {
        title: Text::new(format!("add `{}`", text.trim()), format!("добавить `{}`", text.trim())),
        edits: vec![Edit { file: ctx.file, span: span.tail(), replacement: text.to_owned() }],
        safety,
    }
}
