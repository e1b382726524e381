//! What the server can do, as it tells the client.

use lsp_server::{Request, RequestId};
use lsp_types::{
    ClientCapabilities, CodeActionKind, CodeActionOptions, CodeActionProviderCapability, CodeLensOptions,
    CompletionOptions, DiagnosticOptions, DiagnosticServerCapabilities, ExecuteCommandOptions,
    FoldingRangeProviderCapability, HoverProviderCapability, OneOf, RenameOptions, SemanticTokensFullOptions,
    SemanticTokensLegend, SemanticTokensOptions, SemanticTokensServerCapabilities, ServerCapabilities,
    SignatureHelpOptions, TextDocumentSyncCapability, TextDocumentSyncKind, TextDocumentSyncOptions,
    TextDocumentSyncSaveOptions, WorkDoneProgressOptions, WorkspaceFoldersServerCapabilities,
    WorkspaceServerCapabilities,
};
use serde_json::{Value, json};

use crate::diagnostics::SOURCE;
use crate::feature::commands;
use crate::lines::Encoding;
use crate::paint;

/// All of it.
pub(crate) fn capabilities(encoding: Encoding, pulls: bool) -> ServerCapabilities {
    ServerCapabilities {
        position_encoding: Some(encoding.kind()),
        text_document_sync: Some(TextDocumentSyncCapability::Options(TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::INCREMENTAL),
            save: Some(TextDocumentSyncSaveOptions::Supported(true)),
            ..TextDocumentSyncOptions::default()
        })),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some([" ", ".", "|", "\"", ":", "{"].map(str::to_owned).to_vec()),
            ..CompletionOptions::default()
        }),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        signature_help_provider: Some(SignatureHelpOptions {
            trigger_characters: Some(["(", ","].map(str::to_owned).to_vec()),
            ..SignatureHelpOptions::default()
        }),
        definition_provider: Some(OneOf::Left(true)),
        references_provider: Some(OneOf::Left(true)),
        document_highlight_provider: Some(OneOf::Left(true)),
        document_symbol_provider: Some(OneOf::Left(true)),
        workspace_symbol_provider: Some(OneOf::Left(true)),
        rename_provider: Some(OneOf::Right(RenameOptions {
            prepare_provider: Some(true),
            work_done_progress_options: WorkDoneProgressOptions::default(),
        })),
        document_formatting_provider: Some(OneOf::Left(true)),
        document_range_formatting_provider: Some(OneOf::Left(true)),
        folding_range_provider: Some(FoldingRangeProviderCapability::Simple(true)),
        code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
            code_action_kinds: Some(vec![CodeActionKind::QUICKFIX, CodeActionKind::SOURCE_FIX_ALL]),
            ..CodeActionOptions::default()
        })),
        code_lens_provider: Some(CodeLensOptions { resolve_provider: Some(true) }),
        inlay_hint_provider: Some(OneOf::Left(true)),
        diagnostic_provider: pulls.then(|| {
            DiagnosticServerCapabilities::Options(DiagnosticOptions {
                identifier: Some(SOURCE.to_owned()),
                inter_file_dependencies: true,
                workspace_diagnostics: true,
                work_done_progress_options: WorkDoneProgressOptions::default(),
            })
        }),
        execute_command_provider: Some(ExecuteCommandOptions {
            commands: commands::ALL.map(str::to_owned).to_vec(),
            ..ExecuteCommandOptions::default()
        }),
        semantic_tokens_provider: Some(SemanticTokensServerCapabilities::SemanticTokensOptions(
            SemanticTokensOptions {
                legend: SemanticTokensLegend {
                    token_types: paint::types(),
                    token_modifiers: paint::modifiers(),
                },
                range: Some(true),
                full: Some(SemanticTokensFullOptions::Delta { delta: Some(true) }),
                ..SemanticTokensOptions::default()
            },
        )),
        workspace: Some(WorkspaceServerCapabilities {
            workspace_folders: Some(WorkspaceFoldersServerCapabilities {
                supported: Some(true),
                change_notifications: None,
            }),
            file_operations: None,
        }),
        ..ServerCapabilities::default()
    }
}

/// Asks a client that can watch files to tell of those that belong to bundles.
pub(crate) fn watchers(client: &ClientCapabilities, fixtures: &str) -> Option<Request> {
    let watched = client.workspace.as_ref()?.did_change_watched_files.as_ref()?;
    if watched.dynamic_registration != Some(true) {
        return None;
    }
    let mut globs: Vec<String> =
        ["**/*.rules", "**/*.rhai", "**/*.csv", "**/*.j2", "**/.rules-snapshot.json", "**/.rules-hits.jsonl"]
            .map(str::to_owned)
            .to_vec();
    globs.extend(["json", "snap"].map(|ending| format!("**/{fixtures}/**/*.{ending}")));
    let watchers: Vec<_> = globs.iter().map(|glob| json!({ "globPattern": glob })).collect();
    let params = json!({ "registrations": [{
        "id": "rules-files",
        "method": "workspace/didChangeWatchedFiles",
        "registerOptions": { "watchers": watchers },
    }]});
    Some(Request::new(
        RequestId::from("rules-files".to_owned()),
        "client/registerCapability".to_owned(),
        params,
    ))
}

/// Whether a client asks for findings: only one that can be told to ask anew, since tests speak later than checks.
///
/// Takes the parameters of `initialize` as they came: the types of `lsp-types` 0.97 have `workspace.diagnostic` where the
/// protocol has `workspace.diagnostics` (3.17, "Diagnostics Refresh").
pub(crate) fn pulls(params: &Value) -> bool {
    let is_there = |path: &str| params.pointer(path).is_some_and(Value::is_object);
    let refreshes = params.pointer("/capabilities/workspace/diagnostics/refreshSupport");
    is_there("/capabilities/textDocument/diagnostic") && refreshes == Some(&Value::Bool(true))
}

/// What a client can be told to ask for anew when a check or a run of tests is over.
pub(crate) fn refreshed(client: &ClientCapabilities) -> Vec<&'static str> {
    let Some(workspace) = &client.workspace else { return Vec::new() };
    let lens = workspace.code_lens.as_ref().and_then(|lens| lens.refresh_support) == Some(true);
    let hints = workspace.inlay_hint.as_ref().and_then(|hints| hints.refresh_support) == Some(true);
    let both = [(lens, "workspace/codeLens/refresh"), (hints, "workspace/inlayHint/refresh")];
    both.into_iter().filter(|(can, _)| *can).map(|(_, method)| method).collect()
}
