//! Code actions: the fixes that the last check offers here, and all safe ones at once.
//!
//! Only for a text that is still the one that was checked: a fix names bytes.

use std::collections::{BTreeSet, HashMap};

use lsp_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams, Command, TextEdit, Uri, WorkspaceEdit,
};
use switchboard_grammar::diagnostic::{Diagnostic, Edit, Fix, Safety};
use switchboard_grammar::lang::Lang;
use switchboard_grammar::source::FileId;
use switchboard_grammar::span::Span;

use super::commands;
use crate::check::Report;
use crate::diagnostics;
use crate::document::Kind;
use crate::state::{Here, State};

/// The actions for a range.
pub(crate) fn actions(state: &State, params: &CodeActionParams) -> Option<Vec<CodeActionOrCommand>> {
    let here = state.here(&params.text_document.uri)?;
    let lang = state.settings.language_for(here.bundle.lang_of(here.document));
    if here.document.kind == Kind::Test {
        return Some(of_test(here, params, lang));
    }
    let report = here.bundle.report.as_ref()?;
    let file = report.sources.find(&here.document.name)?;
    let wants = |kind: &CodeActionKind| {
        params.context.only.as_ref().is_none_or(|only| {
            only.iter()
                .any(|wanted| kind == wanted || kind.as_str().starts_with(&format!("{}.", wanted.as_str())))
        })
    };
    let mut actions = Vec::new();
    if !is_present(here, report, file) {
        return Some(actions);
    }
    let range = here.document.lines().span(here.document.text(), params.range);
    if wants(&CodeActionKind::QUICKFIX) {
        let near = report.diagnostics.iter().filter(|found| {
            let span = found.primary.span;
            found.primary.file == file && span.start <= range.end && range.start <= span.end
        });
        let near: Vec<&Diagnostic> = near.collect();
        for found in &near {
            actions.extend(quickfix(here, report, found, lang).map(CodeActionOrCommand::CodeAction));
        }
        for found in &near {
            actions.extend(allow(here, report, found, lang).map(CodeActionOrCommand::CodeAction));
        }
        let codes: BTreeSet<&str> = near.iter().map(|found| found.code.name).collect();
        let pages = codes.into_iter().map(|code| explained(&params.text_document.uri, code, lang));
        actions.extend(pages.map(CodeActionOrCommand::CodeAction));
    }
    if wants(&CodeActionKind::SOURCE_FIX_ALL) {
        actions.extend(fix_all(here, report, file, lang).map(CodeActionOrCommand::CodeAction));
    }
    Some(actions)
}

/// What was probably meant, put in the place of what stands in a test.
fn of_test(here: Here<'_>, params: &CodeActionParams, lang: Lang) -> Vec<CodeActionOrCommand> {
    let name = here.bundle.test_of_file(&here.document.name).unwrap_or_default();
    let tested = here.bundle.tested.as_ref();
    let tested = tested.filter(|tested| tested.open.get(&name) == Some(&here.document.edition));
    let remarks =
        tested.and_then(|tested| tested.cases.get(&name)).into_iter().flat_map(|case| &case.remarks);
    let near = remarks
        .filter(|remark| remark.range.start <= params.range.end && params.range.start <= remark.range.end);
    near.filter_map(|remark| {
        let meant = remark.meant.clone()?;
        #[expect(clippy::mutable_key_type, reason = "the protocol's own type for edits")]
        let changes = HashMap::from([(
            params.text_document.uri.clone(),
            vec![TextEdit::new(remark.range, meant.clone())],
        )]);
        Some(CodeActionOrCommand::CodeAction(CodeAction {
            title: lang.pick(format!("Write {meant}"), format!("Написать {meant}")),
            kind: Some(CodeActionKind::QUICKFIX),
            diagnostics: Some(vec![diagnostics::of_test(remark, lang)]),
            edit: Some(WorkspaceEdit::new(changes)),
            is_preferred: Some(true),
            ..CodeAction::default()
        }))
    })
    .collect()
}

/// Whether the report speaks of the file as it is now.
fn is_present(here: Here<'_>, report: &Report, file: FileId) -> bool {
    let name = report.sources.get(file).map_or("", |source| source.name());
    let now = here.bundle.documents.get(name).map(|document| document.edition);
    report.editions.get(name).copied() == now
}

fn quickfix(here: Here<'_>, report: &Report, found: &Diagnostic, lang: Lang) -> Option<CodeAction> {
    let fix = found.fix.as_ref()?;
    let present = fix.edits.iter().all(|edit| is_present(here, report, edit.file));
    if fix.safety == Safety::DisplayOnly || !present {
        return None;
    }
    let uri = |file: FileId| uri(here, report, file);
    Some(CodeAction {
        title: fix.title.get(lang).to_owned(),
        kind: Some(CodeActionKind::QUICKFIX),
        diagnostics: Some(vec![diagnostics::diagnostic(report, found, lang, &uri)]),
        edit: Some(edit_of(here, report, fix.edits.iter())),
        is_preferred: Some(fix.safety == Safety::Safe),
        ..CodeAction::default()
    })
}

/// A line above that allows a finding, to be completed with the reason. Errors cannot be allowed.
fn allow(here: Here<'_>, report: &Report, found: &Diagnostic, lang: Lang) -> Option<CodeAction> {
    if found.is_error() || here.document.kind != Kind::Rules || found.code.name.ends_with("-suppression") {
        return None;
    }
    let (text, lines) = (here.document.text(), here.document.lines());
    let line = lines.line_of(found.primary.span.start);
    let (start, written) = lines.line(text, line);
    let indent = written.get(..written.len() - written.trim_start().len()).unwrap_or_default();
    let words = here.document.lang().pick("rules: allow", "правила: разрешить");
    let replacement = format!("{indent}# {words} {} – \n", found.code.name);
    let edit = Edit { file: found.primary.file, span: Span::of(start..start), replacement };
    let uri = |file: FileId| uri(here, report, file);
    Some(CodeAction {
        title: lang.pick(
            format!("Allow `{}` here; write the reason", found.code.name),
            format!("Разрешить `{}` здесь; допишите причину", found.code.name),
        ),
        kind: Some(CodeActionKind::QUICKFIX),
        diagnostics: Some(vec![diagnostics::diagnostic(report, found, lang, &uri)]),
        edit: Some(edit_of(here, report, std::iter::once(&edit))),
        ..CodeAction::default()
    })
}

/// The page of a finding, shown by the editor.
fn explained(uri: &Uri, code: &str, lang: Lang) -> CodeAction {
    let title = lang.pick(format!("What `{code}` means"), format!("Что значит `{code}`"));
    let arguments = vec![serde_json::json!(uri), serde_json::json!(code)];
    CodeAction {
        title: title.clone(),
        kind: Some(CodeActionKind::QUICKFIX),
        command: Some(Command::new(title, commands::EXPLAIN.to_owned(), Some(arguments))),
        ..CodeAction::default()
    }
}

/// All safe fixes of a file that do not get in each other's way.
fn fix_all(here: Here<'_>, report: &Report, file: FileId, lang: Lang) -> Option<CodeAction> {
    let fixes = report.diagnostics.iter().filter_map(|found| found.fix.as_ref());
    let mut taken: Vec<&Edit> = Vec::new();
    for fix in fixes.filter(|fix| fix.safety == Safety::Safe) {
        if is_free(fix, file, &taken) {
            taken.extend(&fix.edits);
        }
    }
    (!taken.is_empty()).then(|| CodeAction {
        title: lang.pick("Apply all safe fixes", "Применить все безопасные исправления").to_owned(),
        kind: Some(CodeActionKind::SOURCE_FIX_ALL),
        edit: Some(edit_of(here, report, taken.into_iter())),
        ..CodeAction::default()
    })
}

fn is_free(fix: &Fix, file: FileId, taken: &[&Edit]) -> bool {
    let apart = |edit: &Edit| {
        taken.iter().all(|other| edit.span.end < other.span.start || other.span.end < edit.span.start)
    };
    !fix.edits.is_empty() && fix.edits.iter().all(|edit| edit.file == file && apart(edit))
}

fn edit_of<'e>(here: Here<'_>, report: &Report, edits: impl Iterator<Item = &'e Edit>) -> WorkspaceEdit {
    #[expect(clippy::mutable_key_type, reason = "the protocol's own type for edits")]
    let mut changes: HashMap<Uri, Vec<TextEdit>> = HashMap::new();
    for edit in edits {
        let label = switchboard_grammar::diagnostic::Label::bare(edit.file, edit.span);
        let (Some(uri), Some(range)) = (uri(here, report, edit.file), diagnostics::range(report, &label))
        else {
            continue;
        };
        changes.entry(uri).or_default().push(TextEdit::new(range, edit.replacement.clone()));
    }
    WorkspaceEdit::new(changes)
}

fn uri(here: Here<'_>, report: &Report, file: FileId) -> Option<Uri> {
    here.state.uri(here.bundle, report.sources.get(file)?.name())
}
