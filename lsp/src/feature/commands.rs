//! Commands that an editor may have carried out: each gives back a text to be shown.
//!
//! What is about tests waits for a run that begins after the command was given, so that what is shown is how things are now;
//! meanwhile everything else is answered.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};
use std::path::PathBuf;
use std::str::FromStr as _;
use std::time::{Duration, Instant};

use lsp_types::{ExecuteCommandParams, Uri};
use serde_json::Value;
use switchboard_engine::bundle::Bundle as Rules;
use switchboard_engine::explain::explain;
use switchboard_grammar::codes::Code;
use switchboard_grammar::lang::Lang;

use super::results;
use crate::disk;
use crate::dispatch::Refused;
use crate::preview::task_in_words;
use crate::sections::Key;
use crate::state::{Here, State};
use crate::trials::{Came, Case, Tested, difference, snapshot_path};

/// A task filled in; takes the document and the task's name.
pub(crate) const PREVIEW: &str = "rules.preview";
/// Tests run; takes the document, and if wanted the name of a test or a section whose tests are meant.
pub(crate) const RUN: &str = "rules.runTests";
/// The decision about a test accepted as it is; takes the document, the name of the test and the [`seal`] of the decision
/// that was looked at.
pub(crate) const ACCEPT: &str = "rules.acceptTest";
/// What tests reach shown in the rules, or no longer; takes the document.
pub(crate) const COVERAGE: &str = "rules.coverage";
/// The page of a finding; takes the document and the finding's name.
pub(crate) const EXPLAIN: &str = "rules.explain";
/// All of them.
pub(crate) const ALL: [&str; 5] = [PREVIEW, RUN, ACCEPT, COVERAGE, EXPLAIN];

/// Carries a command out that waits for nothing.
pub(crate) fn execute(state: &State, params: &ExecuteCommandParams) -> Result<String, Refused> {
    let here = here(state, params)?;
    let lang = state.settings.language_for(here.bundle.lang_of(here.document));
    match params.command.as_str() {
        PREVIEW => Ok(task_in_words(rules(here, lang)?, text(params, 1), here.bundle.tested.as_ref(), lang)),
        EXPLAIN => {
            let code = text(params, 1);
            match Code::find(code) {
                Some(code) => Ok(explain(code, lang).to_owned()),
                None => Err(Refused::because(
                    lang.pick(format!("there is no finding `{code}`"), format!("нет замечания `{code}`")),
                )),
            }
        }
        other => Err(Refused::because(format!("there is no command `{other}`"))),
    }
}

/// Whether a command waits for a run of the tests.
pub(crate) fn waits(command: &str) -> bool {
    matches!(command, RUN | ACCEPT | COVERAGE)
}

/// Has the tests run that a command waits for; gives the bundle and the number of the run.
pub(crate) fn begin(
    state: &mut State,
    params: &ExecuteCommandParams,
    now: Instant,
) -> Result<(PathBuf, u64), Refused> {
    let root = here(state, params)?.bundle.root.clone();
    if params.command == COVERAGE
        && let Some(bundle) = state.bundles.get_mut(&root)
    {
        bundle.covers = !bundle.covers;
    }
    state.asked.insert(root.clone());
    let number = state.want_tests(&root, now, Duration::ZERO);
    Ok((root, number))
}

/// Carries out a command whose run is over.
pub(crate) fn finish(
    state: &mut State,
    params: &ExecuteCommandParams,
    now: Instant,
) -> Result<String, Refused> {
    let here = here(state, params)?;
    let lang = state.settings.language_for(here.bundle.lang_of(here.document));
    // Whether there are rules that decide is asked first: without them no test says anything.
    rules(here, lang)?;
    let Some(tested) = &here.bundle.tested else { return Ok(String::new()) };
    match params.command.as_str() {
        RUN => Ok(results::in_words(&chosen(here, tested, params), lang)),
        COVERAGE => Ok(match &tested.covered {
            Some(covered) => results::coverage_in_words(covered.totals, lang),
            None => {
                lang.pick("coverage is shown no longer\n", "покрытие больше не показывается\n").to_owned()
            }
        }),
        _ => {
            let said = accept(here, tested, text(params, 1), text(params, 2), lang)?;
            let root = here.bundle.root.clone();
            state.want_tests(&root, now, Duration::ZERO);
            Ok(said)
        }
    }
}

/// What a decision is known by that somebody has looked at.
pub(crate) fn seal(snapshot: &str) -> String {
    let mut hasher = DefaultHasher::new();
    snapshot.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// Writes the snapshot of a test.
fn accept(here: Here<'_>, tested: &Tested, name: &str, seen: &str, lang: Lang) -> Result<String, Refused> {
    let Some(case) = tested.cases.get(name) else {
        return Err(Refused::because(
            lang.pick(format!("there is no test `{name}`"), format!("нет теста `{name}`")),
        ));
    };
    let Came::Tried(tried) = &case.came else {
        return Err(Refused::because(format!("`{name}`: {}", case.state().words(lang))));
    };
    if !seen.is_empty() && seen != seal(&tried.trial.now) {
        return Err(Refused::because(lang.pick(
            "something else is decided by now; look at it first",
            "решение уже другое; сначала посмотрите на него",
        )));
    }
    let path = snapshot_path(&here.bundle.fixtures, name);
    disk::write(&path, &tried.trial.now).map_err(|error| {
        let shown = path.display();
        Refused::because(
            lang.pick(format!("cannot write `{shown}`: {error}"), format!("не записать `{shown}`: {error}")),
        )
    })?;
    let accepted = tried.trial.accepted.as_deref().unwrap_or_default();
    let difference = difference(accepted, &tried.trial.now, usize::MAX);
    Ok(format!("{}: {name}\n{difference}\n", lang.pick("accepted", "принято")))
}

/// The tests that a command is about.
fn chosen<'t>(here: Here<'_>, tested: &'t Tested, params: &ExecuteCommandParams) -> Vec<(&'t str, &'t Case)> {
    let named = |name: &String| tested.cases.get_key_value(name).map(|(name, case)| (name.as_str(), case));
    match params.arguments.get(1) {
        Some(Value::String(name)) => named(name).into_iter().collect(),
        Some(key @ Value::Object(_)) => {
            let key = serde_json::from_value::<Key>(key.clone()).ok();
            let names =
                key.and_then(|key| tested.reaching.get(&key)).map(|reaching| reaching.names.as_slice());
            names.unwrap_or_default().iter().filter_map(named).collect()
        }
        _ => match here.bundle.test_of_file(&here.document.name) {
            Some(name) => named(&name).into_iter().collect(),
            None => results::all(tested),
        },
    }
}

fn here<'s>(state: &'s State, params: &ExecuteCommandParams) -> Result<Here<'s>, Refused> {
    if !ALL.contains(&params.command.as_str()) {
        return Err(Refused::because(format!("there is no command `{}`", params.command)));
    }
    let uri = Uri::from_str(text(params, 0)).map_err(|error| Refused::because(error.to_string()))?;
    state.here(&uri).ok_or_else(|| Refused::because(format!("`{}` is not open", uri.as_str())))
}

fn text(params: &ExecuteCommandParams, at: usize) -> &str {
    params.arguments.get(at).and_then(Value::as_str).unwrap_or_default()
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
