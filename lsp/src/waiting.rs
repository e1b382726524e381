//! Questions whose answer has to wait for a check or a run of tests.
//!
//! Everything else is answered in the order in which it was asked; these are put aside and looked at whenever something new is
//! known, so that nobody waits for them but who asked.

use std::path::PathBuf;
use std::time::Instant;

use lsp_server::{ErrorCode, Request};
use lsp_types::request::{DocumentDiagnosticRequest, ExecuteCommand, Request as _};
use lsp_types::{DocumentDiagnosticParams, ExecuteCommandParams};
use serde_json::Value;

use crate::dispatch::{Answered, Refused};
use crate::feature::{commands, pull};
use crate::state::State;

/// What somebody waits for.
#[derive(Debug)]
pub(crate) enum Wanted {
    /// What is found in a document.
    Findings(DocumentDiagnosticParams),
    /// A command about the tests of a bundle, after a run of at least this number.
    Run { command: ExecuteCommandParams, root: PathBuf, number: u64 },
}

/// A request that may have to wait; None when it is of another kind.
pub(crate) fn wanted(state: &mut State, request: &Request, now: Instant) -> Option<Result<Wanted, Refused>> {
    match request.method.as_str() {
        DocumentDiagnosticRequest::METHOD => Some(read(request).map(Wanted::Findings)),
        ExecuteCommand::METHOD => match read::<ExecuteCommandParams>(request) {
            Ok(command) if commands::waits(&command.command) => {
                let begun = commands::begin(state, &command, now);
                Some(begun.map(|(root, number)| Wanted::Run { command, root, number }))
            }
            Ok(_) => None,
            Err(refused) => Some(Err(refused)),
        },
        _ => None,
    }
}

impl Wanted {
    /// The answer, when it can be given.
    pub(crate) fn answer(&self, state: &mut State, now: Instant) -> Option<Result<Answered, Refused>> {
        match self {
            Self::Findings(params) => {
                let uri = &params.text_document.uri;
                let report = pull::of_document(state, uri, params.previous_result_id.as_deref())?;
                let result = serde_json::to_value(report)
                    .map_err(|error| Refused { code: ErrorCode::InternalError, message: error.to_string() });
                Some(result.map(|result| Answered { result, message: None }))
            }
            Self::Run { command, root, number } => {
                // A bundle that was closed meanwhile is told of, too.
                let tested = state.bundles.get(root).map(|bundle| bundle.tested.as_ref());
                if let Some(tested) = tested
                    && tested.is_none_or(|tested| tested.number < *number)
                {
                    return None;
                }
                let text = commands::finish(state, command, now);
                Some(text.map(|text| Answered { result: Value::from(text.clone()), message: Some(text) }))
            }
        }
    }
}

fn read<P: serde::de::DeserializeOwned>(request: &Request) -> Result<P, Refused> {
    serde_json::from_value(request.params.clone())
        .map_err(|error| Refused { code: ErrorCode::InvalidParams, message: error.to_string() })
}
