//! Requests by their names: parameters are read, the feature is asked, its answer written.

use lsp_server::{ErrorCode, Request};
use lsp_types::request::{self as asked, Request as _};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::feature::{
    actions, commands, completion, folding, format, hints, hover, lens, navigate, pull, rename, signature,
    symbols, tokens,
};
use crate::state::State;

/// What a request is answered with.
pub(crate) struct Answered {
    /// The result.
    pub(crate) result: Value,
    /// What a client that shows no results is to show.
    pub(crate) message: Option<String>,
}

/// Why a request is refused.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) code: ErrorCode,
    pub(crate) message: String,
}

impl Refused {
    /// What was asked for cannot be done, and why; people read it.
    pub(crate) fn because(message: impl Into<String>) -> Self {
        Self { code: ErrorCode::RequestFailed, message: message.into() }
    }
}

/// Answers a request.
pub(crate) fn answer(state: &mut State, request: Request) -> Result<Answered, Refused> {
    match request.method.as_str() {
        asked::SemanticTokensFullRequest::METHOD => with(request, |params| Ok(tokens::full(state, &params))),
        asked::SemanticTokensFullDeltaRequest::METHOD => {
            with(request, |params| Ok(tokens::delta(state, &params)))
        }
        _ => answer_from(state, request),
    }
}

/// Answers a request that leaves nothing behind.
fn answer_from(state: &State, request: Request) -> Result<Answered, Refused> {
    match request.method.as_str() {
        asked::Completion::METHOD => with(request, |params| Ok(completion::complete(state, &params))),
        asked::HoverRequest::METHOD => with(request, |params| Ok(hover::hover(state, &params))),
        asked::GotoDefinition::METHOD => with(request, |params| Ok(navigate::definition(state, &params))),
        asked::References::METHOD => with(request, |params| Ok(navigate::references(state, &params))),
        asked::DocumentHighlightRequest::METHOD => {
            with(request, |params| Ok(navigate::highlight(state, &params)))
        }
        asked::PrepareRenameRequest::METHOD => with(request, |params| rename::prepare(state, &params)),
        asked::Rename::METHOD => with(request, |params| rename::rename(state, &params)),
        asked::DocumentSymbolRequest::METHOD => {
            with(request, |params| Ok(symbols::of_document(state, &params)))
        }
        asked::WorkspaceSymbolRequest::METHOD => {
            with(request, |params| Ok(symbols::of_workspace(state, &params)))
        }
        asked::FoldingRangeRequest::METHOD => with(request, |params| Ok(folding::folding(state, &params))),
        asked::Formatting::METHOD => with(request, |params| Ok(format::whole(state, &params))),
        asked::RangeFormatting::METHOD => with(request, |params| Ok(format::range(state, &params))),
        asked::CodeActionRequest::METHOD => with(request, |params| Ok(actions::actions(state, &params))),
        asked::CodeLensRequest::METHOD => with(request, |params| Ok(lens::lenses(state, &params))),
        asked::CodeLensResolve::METHOD => with(request, |lens| Ok(lens::resolve(state, lens))),
        asked::InlayHintRequest::METHOD => with(request, |params| Ok(hints::hints(state, &params))),
        asked::SignatureHelpRequest::METHOD => {
            with(request, |params| Ok(signature::signature(state, &params)))
        }
        asked::SemanticTokensRangeRequest::METHOD => {
            with(request, |params| Ok(tokens::range(state, &params)))
        }
        asked::WorkspaceDiagnosticRequest::METHOD => {
            with(request, |params| Ok(pull::of_workspace(state, &params)))
        }
        asked::ExecuteCommand::METHOD => {
            let params = read(request)?;
            let text = commands::execute(state, &params)?;
            Ok(Answered { result: Value::from(text.clone()), message: Some(text) })
        }
        other => {
            let message = format!("`{other}` is not known here");
            Err(Refused { code: ErrorCode::MethodNotFound, message })
        }
    }
}

fn with<P: DeserializeOwned, R: Serialize>(
    request: Request,
    feature: impl FnOnce(P) -> Result<R, Refused>,
) -> Result<Answered, Refused> {
    let result = feature(read(request)?)?;
    let result = serde_json::to_value(result)
        .map_err(|error| Refused { code: ErrorCode::InternalError, message: error.to_string() })?;
    Ok(Answered { result, message: None })
}

fn read<P: DeserializeOwned>(request: Request) -> Result<P, Refused> {
    serde_json::from_value(request.params)
        .map_err(|error| Refused { code: ErrorCode::InvalidParams, message: error.to_string() })
}
