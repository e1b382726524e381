//! Findings as the protocol has them.
//!
//! Each carries its code and name, the other places that explain it, its notes behind the sentence, and a tag where a piece
//! of rules is without effect. Unread files get one finding of their own.

use lsp_types::{
    Diagnostic as Shown, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, Location,
    NumberOrString, Position, Range, Uri,
};
use switchboard_grammar::diagnostic::{Diagnostic, Label, Severity};
use switchboard_grammar::lang::Lang;
use switchboard_grammar::source::FileId;

use crate::check::Report;
use crate::trials::Remark;

/// Codes of what is without effect: painted pale.
const WITHOUT_EFFECT: &[&str] = &[
    "unused-list",
    "unused-table",
    "unused-schedule",
    "redundant-test",
    "unreachable-row",
    "unreachable-line",
    "idle-column",
    "needless-suppression",
];

/// The name of the findings' source.
pub(crate) const SOURCE: &str = "rules";

/// What is to be shown of one file.
pub(crate) fn of_file(
    report: &Report,
    file: FileId,
    lang: Lang,
    uri: &dyn Fn(FileId) -> Option<Uri>,
) -> Vec<Shown> {
    let mut shown: Vec<Shown> = report
        .diagnostics
        .iter()
        .filter(|found| found.primary.file == file)
        .map(|found| diagnostic(report, found, lang, uri))
        .collect();
    let name = report.sources.get(file).map_or("", |source| source.name());
    if report.unread.contains(name) {
        shown.push(Shown {
            range: Range::new(Position::new(0, 0), Position::new(0, 0)),
            severity: Some(DiagnosticSeverity::INFORMATION),
            source: Some(SOURCE.to_owned()),
            message: lang
                .pick(
                    "not read: nothing includes this file; only its layout is checked",
                    "не читается: этот файл ничто не включает; проверена только запись",
                )
                .to_owned(),
            ..Shown::default()
        });
    }
    shown
}

/// One finding.
pub(crate) fn diagnostic(
    report: &Report,
    found: &Diagnostic,
    lang: Lang,
    uri: &dyn Fn(FileId) -> Option<Uri>,
) -> Shown {
    let mut message = found.message.get(lang).to_owned();
    if let Some(here) = &found.primary.text {
        message.push_str(&format!(" – {}", here.get(lang)));
    }
    for note in &found.notes {
        message.push('\n');
        message.push_str(note.get(lang));
    }
    let related = found.secondary.iter().filter_map(|label| {
        let location = Location::new(uri(label.file)?, range(report, label)?);
        let text = label.text.as_ref().map_or("", |text| text.get(lang));
        Some(DiagnosticRelatedInformation { location, message: text.to_owned() })
    });
    let related: Vec<_> = related.collect();
    Shown {
        range: range(report, &found.primary).unwrap_or_default(),
        severity: Some(severity(found.severity)),
        code: Some(NumberOrString::String(found.code.name.to_owned())),
        source: Some(SOURCE.to_owned()),
        message,
        related_information: (!related.is_empty()).then_some(related),
        tags: WITHOUT_EFFECT.contains(&found.code.name).then(|| vec![DiagnosticTag::UNNECESSARY]),
        ..Shown::default()
    }
}

/// What is to be said of a test.
pub(crate) fn of_test(remark: &Remark, lang: Lang) -> Shown {
    Shown {
        range: remark.range,
        severity: Some(remark.severity),
        code: Some(NumberOrString::String(remark.code.to_owned())),
        source: Some(SOURCE.to_owned()),
        message: remark.text.get(lang).to_owned(),
        ..Shown::default()
    }
}

/// The range of a place.
pub(crate) fn range(report: &Report, label: &Label) -> Option<Range> {
    let at = report.sources.iter().position(|(file, _)| file == label.file)?;
    let source = report.sources.get(label.file)?;
    Some(report.lines.get(at)?.range(source.text(), label.span))
}

const fn severity(severity: Severity) -> DiagnosticSeverity {
    match severity {
        Severity::Error => DiagnosticSeverity::ERROR,
        Severity::Warning => DiagnosticSeverity::WARNING,
        Severity::Info => DiagnosticSeverity::INFORMATION,
    }
}
