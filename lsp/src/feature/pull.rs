//! Findings for a client that asks for them.
//!
//! Of a document they are told when the last check or run is about its present text; until then the question waits. Of the
//! workspace they are told as they are.

use std::collections::HashMap;

use lsp_types::{
    DocumentDiagnosticReport, DocumentDiagnosticReportResult, FullDocumentDiagnosticReport,
    RelatedFullDocumentDiagnosticReport, RelatedUnchangedDocumentDiagnosticReport,
    UnchangedDocumentDiagnosticReport, Uri, WorkspaceDiagnosticParams, WorkspaceDiagnosticReport,
    WorkspaceDocumentDiagnosticReport, WorkspaceFullDocumentDiagnosticReport,
    WorkspaceUnchangedDocumentDiagnosticReport,
};

use crate::document::Kind;
use crate::state::{Here, State};

/// What is found in a document; None while that is being worked out.
pub(crate) fn of_document(
    state: &State,
    uri: &Uri,
    previous: Option<&str>,
) -> Option<DocumentDiagnosticReportResult> {
    let (result_id, items) = match state.here(uri) {
        // Not a file of ours, or closed meanwhile.
        None => (None, Vec::new()),
        Some(here) if is_settled(here) => match here.bundle.found.get(&here.document.name) {
            Some(found) if previous == Some(found.result.as_str()) => {
                let result_id = found.result.clone();
                let unchanged_document_diagnostic_report = UnchangedDocumentDiagnosticReport { result_id };
                return Some(DocumentDiagnosticReportResult::Report(DocumentDiagnosticReport::Unchanged(
                    RelatedUnchangedDocumentDiagnosticReport {
                        related_documents: None,
                        unchanged_document_diagnostic_report,
                    },
                )));
            }
            Some(found) => (Some(found.result.clone()), found.items.clone()),
            None => (None, Vec::new()),
        },
        Some(_) => return None,
    };
    Some(DocumentDiagnosticReportResult::Report(DocumentDiagnosticReport::Full(
        RelatedFullDocumentDiagnosticReport {
            related_documents: None,
            full_document_diagnostic_report: FullDocumentDiagnosticReport { result_id, items },
        },
    )))
}

/// Whether what is known of a document is about its present text.
fn is_settled(here: Here<'_>) -> bool {
    let (bundle, document) = (here.bundle, here.document);
    let edition = match document.kind {
        Kind::Test => {
            let name = bundle.test_of_file(&document.name).unwrap_or_default();
            bundle.tested.as_ref().and_then(|tested| tested.open.get(&name))
        }
        Kind::Rules | Kind::Script => {
            bundle.report.as_ref().and_then(|report| report.editions.get(&document.name))
        }
        Kind::Other => return true,
    };
    edition == Some(&document.edition)
}

/// What is found in all files of all bundles that are open; of open documents only what is about their present text.
pub(crate) fn of_workspace(state: &State, params: &WorkspaceDiagnosticParams) -> WorkspaceDiagnosticReport {
    let mut known: HashMap<&str, (&Uri, &str)> = HashMap::new();
    for previous in &params.previous_result_ids {
        known.insert(previous.uri.as_str(), (&previous.uri, previous.value.as_str()));
    }
    let mut items = Vec::new();
    for bundle in state.bundles.values() {
        for (name, found) in &bundle.found {
            let Some(uri) = state.uri(bundle, name) else { continue };
            let version = found.version.map(i64::from);
            let before = known.remove(uri.as_str()).map(|(_, result)| result);
            let document = bundle.documents.get(name).map(|document| Here { state, bundle, document });
            if before == Some(found.result.as_str()) || document.is_some_and(|here| !is_settled(here)) {
                let result_id = before.unwrap_or_default().to_owned();
                if before.is_some() {
                    items.push(WorkspaceDocumentDiagnosticReport::Unchanged(
                        WorkspaceUnchangedDocumentDiagnosticReport {
                            uri,
                            version,
                            unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport {
                                result_id,
                            },
                        },
                    ));
                }
                continue;
            }
            items.push(full(uri, version, Some(found.result.clone()), found.items.clone()));
        }
    }
    // Of what is left nothing is found any longer.
    let gone = known.into_values().map(|(uri, _)| full(uri.clone(), None, None, Vec::new()));
    items.extend(gone);
    WorkspaceDiagnosticReport { items }
}

fn full(
    uri: Uri,
    version: Option<i64>,
    result_id: Option<String>,
    items: Vec<lsp_types::Diagnostic>,
) -> WorkspaceDocumentDiagnosticReport {
    WorkspaceDocumentDiagnosticReport::Full(WorkspaceFullDocumentDiagnosticReport {
        uri,
        version,
        full_document_diagnostic_report: FullDocumentDiagnosticReport { result_id, items },
    })
}
