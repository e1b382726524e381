//! Findings as one JSON object; its shape is promised in `docs/cli.md`.
//!
//! Both languages are in it, so that a machine need not know who will read. A change that takes a name away or gives
//! it another meaning raises [`VERSION`].

use serde_json::{Value, json as object};
use switchboard_grammar::diagnostic::{Diagnostic, Edit, Label, Text};
use switchboard_grammar::source::{FileId, SourceMap};
use switchboard_grammar::span::Span;

use super::{Counts, Findings, Identity, identities, safety_name};

/// Version of the shape.
const VERSION: u32 = 1;

/// All findings of a run.
pub(crate) fn json(all: &[Findings]) -> Value {
    let counts = Counts::of(all);
    let diagnostics: Vec<Value> = all
        .iter()
        .flat_map(|findings| {
            let named = findings.diagnostics.iter().zip(identities(findings));
            named.map(|(found, identity)| diagnostic(found, identity, &findings.sources)).collect::<Vec<_>>()
        })
        .collect();
    object!({
        "version": VERSION,
        "summary": {
            "files": counts.files,
            "errors": counts.errors,
            "warnings": counts.warnings,
            "infos": counts.infos,
        },
        "diagnostics": diagnostics,
    })
}

fn diagnostic(found: &Diagnostic, identity: Identity, sources: &SourceMap) -> Value {
    let fix = found.fix.as_ref().map(|fix| {
        object!({
            "title": text(&fix.title),
            "safety": safety_name(fix.safety),
            "edits": fix.edits.iter().map(|edit| change(edit, sources)).collect::<Vec<_>>(),
        })
    });
    object!({
        "code": found.code.id,
        "name": found.code.name,
        "severity": found.severity.name(),
        "message": text(&found.message),
        "file": name(found.primary.file, sources),
        "range": range(found.primary.file, found.primary.span, sources),
        "label": found.primary.text.as_ref().map(text),
        "related": found.secondary.iter().map(|label| related(label, sources)).collect::<Vec<_>>(),
        "notes": found.notes.iter().map(text).collect::<Vec<_>>(),
        "fix": fix,
        "fingerprint": identity.fingerprint,
    })
}

fn related(label: &Label, sources: &SourceMap) -> Value {
    object!({
        "file": name(label.file, sources),
        "range": range(label.file, label.span, sources),
        "label": label.text.as_ref().map(text),
    })
}

fn change(edit: &Edit, sources: &SourceMap) -> Value {
    object!({
        "file": name(edit.file, sources),
        "range": range(edit.file, edit.span, sources),
        "replacement": edit.replacement,
    })
}

fn text(text: &Text) -> Value {
    object!({"en": text.en, "ru": text.ru})
}

fn name(file: FileId, sources: &SourceMap) -> Option<&str> {
    sources.get(file).map(|source| source.name())
}

fn range(file: FileId, span: Span, sources: &SourceMap) -> Option<Value> {
    let source = sources.get(file)?;
    let place = |at: u32| {
        let position = source.position(at);
        object!({"line": position.line, "column": position.column, "byte": at})
    };
    Some(object!({"start": place(span.start), "end": place(span.end)}))
}
