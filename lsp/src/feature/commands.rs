//! Commands that an editor may have carried out: each gives back a text to be shown.

use std::str::FromStr as _;

use lsp_types::{ExecuteCommandParams, Uri};
use serde_json::Value;
use switchboard_engine::bundle::Bundle as Rules;
use switchboard_engine::explain::explain;
use switchboard_grammar::codes::Code;
use switchboard_grammar::lang::Lang;

use crate::dispatch::Refused;
use crate::preview::{fixtures_in_words, task_in_words};
use crate::state::{Here, State};

/// A task filled in; takes the document and the task's name.
pub(crate) const PREVIEW: &str = "rules.preview";
/// Decisions about all fixtures; takes the document.
pub(crate) const FIXTURES: &str = "rules.runFixtures";
/// The page of a finding; takes the document and the finding's name.
pub(crate) const EXPLAIN: &str = "rules.explain";
/// All of them.
pub(crate) const ALL: [&str; 3] = [PREVIEW, FIXTURES, EXPLAIN];

/// Carries a command out.
pub(crate) fn execute(state: &State, params: &ExecuteCommandParams) -> Result<String, Refused> {
    let text = |at: usize| params.arguments.get(at).and_then(Value::as_str).unwrap_or_default();
    let uri = Uri::from_str(text(0)).map_err(|error| Refused::because(error.to_string()))?;
    let Some(here) = state.here(&uri) else {
        return Err(Refused::because(format!("`{}` is not open", uri.as_str())));
    };
    let lang = state.settings.language_for(here.bundle.lang_of(here.document));
    match params.command.as_str() {
        PREVIEW => Ok(task_in_words(rules(here, lang)?, text(1), &here.bundle.fixtures, lang)),
        FIXTURES => Ok(fixtures_in_words(rules(here, lang)?, &here.bundle.fixtures, lang)),
        EXPLAIN => {
            match Code::find(text(1)) {
                Some(code) => Ok(explain(code, lang).to_owned()),
                None => Err(Refused::because(lang.pick(
                    format!("there is no finding `{}`", text(1)),
                    format!("нет замечания `{}`", text(1)),
                ))),
            }
        }
        other => Err(Refused::because(format!("there is no command `{other}`"))),
    }
}

fn rules<'h>(here: Here<'h>, lang: Lang) -> Result<&'h Rules, Refused> {
    let report = here.bundle.report.as_ref();
    report.and_then(|report| report.rules.as_deref()).ok_or_else(|| {
        Refused::because(lang.pick(
            "these rules have errors and decide nothing; mend them first",
            "в правилах есть ошибки, поэтому они ничего не решают; сначала исправьте их",
        ))
    })
}
