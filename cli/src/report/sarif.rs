//! Findings as SARIF 2.1.0, which code hosts and editors read.
//!
//! One run with one tool. Texts are in one language, since the format has a place for one; rules come with their page
//! from `docs/diagnostics` as help. Columns count units of UTF-16 (the run says so), ends are exclusive. The
//! fingerprint of a result does not change when its line moves.
//!
//! Source: "Static Analysis Results Interchange Format (SARIF) Version 2.1.0", OASIS Standard, 27 March 2020,
//! sections 3.13 (log), 3.19 (tool component), 3.27 (result), 3.30 (region), 3.55 (fix).

use serde_json::{Map, Value, json as object};
use switchboard_engine::explain::explain;
use switchboard_grammar::codes::Code;
use switchboard_grammar::diagnostic::{Diagnostic, Edit, Fix, Label, Severity};
use switchboard_grammar::lang::Lang;
use switchboard_grammar::source::{FileId, SourceMap};
use switchboard_grammar::span::Span;

use super::fingerprint::{Identity, identities};
use super::place::{uri, utf16_region};
use super::{Findings, safety_name, whole_message};

/// Where the schema of the format lies.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// What paths are relative to, by the name that code hosts know.
const ROOT: &str = "%SRCROOT%";

/// The name of our fingerprint among those of a result.
const FINGERPRINT: &str = "rulesFinding/v1";

/// All findings of a run, with texts in `lang`.
pub(crate) fn sarif(all: &[Findings], lang: Lang) -> Value {
    let mut codes: Vec<&'static Code> =
        all.iter().flat_map(|findings| findings.diagnostics.iter().map(|found| found.code)).collect();
    codes.sort_by_key(|code| code.id);
    codes.dedup();
    let mut results = Vec::new();
    for findings in all {
        for (found, identity) in findings.diagnostics.iter().zip(identities(findings)) {
            results.push(result(found, &identity, &findings.sources, &codes, lang));
        }
    }
    object!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {
                "driver": {
                    "name": "rules",
                    "fullName": "Switchboard rules",
                    "semanticVersion": env!("CARGO_PKG_VERSION"),
                    "rules": codes.iter().map(|code| rule(code, lang)).collect::<Vec<_>>(),
                },
            },
            "language": lang.code(),
            "columnKind": "utf16CodeUnits",
            "invocations": [{"executionSuccessful": true}],
            "results": results,
        }],
    })
}

/// A code with its page: the first paragraph as description, the whole page as help.
fn rule(code: &Code, lang: Lang) -> Value {
    let page = explain(code, lang);
    let mut paragraphs = page.split("\n\n").map(str::trim);
    let first = paragraphs.find(|part| !part.starts_with('#') && !part.starts_with('`')).unwrap_or_default();
    object!({
        "id": code.id,
        "name": code.name,
        "shortDescription": {"text": first},
        "help": {"text": page, "markdown": page},
        "defaultConfiguration": {"level": level(code.severity)},
    })
}

fn result(
    found: &Diagnostic,
    identity: &Identity,
    sources: &SourceMap,
    codes: &[&'static Code],
    lang: Lang,
) -> Value {
    let mut result = Map::new();
    result.insert("ruleId".to_owned(), found.code.id.into());
    if let Some(index) = codes.iter().position(|code| *code == found.code) {
        result.insert("ruleIndex".to_owned(), index.into());
    }
    result.insert("level".to_owned(), level(found.severity).into());
    result.insert("message".to_owned(), object!({"text": whole_message(found, lang)}));
    let here: Vec<Value> = location(&found.primary, None, sources, lang).into_iter().collect();
    result.insert("locations".to_owned(), here.into());
    let related: Vec<Value> = found
        .secondary
        .iter()
        .enumerate()
        .filter_map(|(id, label)| location(label, Some(id), sources, lang))
        .collect();
    if !related.is_empty() {
        result.insert("relatedLocations".to_owned(), related.into());
    }
    result.insert("partialFingerprints".to_owned(), object!({FINGERPRINT: identity.fingerprint}));
    if let Some(fix) = &found.fix {
        result.insert("fixes".to_owned(), Value::Array(vec![change(fix, sources, lang)]));
    }
    Value::Object(result)
}

fn location(label: &Label, id: Option<usize>, sources: &SourceMap, lang: Lang) -> Option<Value> {
    let mut location = Map::new();
    if let Some(id) = id {
        location.insert("id".to_owned(), id.into());
    }
    location.insert(
        "physicalLocation".to_owned(),
        object!({
            "artifactLocation": artifact(label.file, sources)?,
            "region": region(label.file, label.span, sources)?,
        }),
    );
    if let Some(text) = &label.text {
        location.insert("message".to_owned(), object!({"text": text.get(lang)}));
    }
    Some(Value::Object(location))
}

/// A fix: its edits by file, in the order of places.
fn change(fix: &Fix, sources: &SourceMap, lang: Lang) -> Value {
    let mut files: Vec<FileId> = fix.edits.iter().map(|edit| edit.file).collect();
    files.sort_unstable();
    files.dedup();
    let changes: Vec<Value> = files
        .into_iter()
        .filter_map(|file| {
            let mut edits: Vec<&Edit> = fix.edits.iter().filter(|edit| edit.file == file).collect();
            edits.sort_by_key(|edit| edit.span);
            let replacements: Vec<Value> = edits
                .into_iter()
                .filter_map(|edit| {
                    Some(object!({
                        "deletedRegion": region(file, edit.span, sources)?,
                        "insertedContent": {"text": edit.replacement},
                    }))
                })
                .collect();
            Some(object!({"artifactLocation": artifact(file, sources)?, "replacements": replacements}))
        })
        .collect();
    object!({
        "description": {"text": fix.title.get(lang)},
        "artifactChanges": changes,
        "properties": {"safety": safety_name(fix.safety)},
    })
}

fn artifact(file: FileId, sources: &SourceMap) -> Option<Value> {
    let (uri, below) = uri(sources.get(file)?.name());
    Some(if below { object!({"uri": uri, "uriBaseId": ROOT}) } else { object!({"uri": uri}) })
}

fn region(file: FileId, span: Span, sources: &SourceMap) -> Option<Value> {
    let region = utf16_region(sources.get(file)?, span);
    Some(object!({
        "startLine": region.start_line,
        "startColumn": region.start_column,
        "endLine": region.end_line,
        "endColumn": region.end_column,
    }))
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}
