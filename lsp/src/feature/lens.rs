//! Code lenses: in rules the tests that reach a section and the title of a task for an example, in a test how it stands.
//!
//! A long file has thousands of sections, and an editor shows a few of them: of a section only the place of a lens is told,
//! and what it says when the editor asks for that one.

use lsp_types::{CodeLens, CodeLensParams, Command, Range, Uri};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use switchboard_grammar::ast::{Section, SectionKind};
use switchboard_grammar::lang::Lang;

use super::{commands, results};
use crate::document::Kind;
use crate::sections::{self, Key};
use crate::state::{Here, State};
use crate::trials::{Came, Tested};

/// The longest title that is shown, in characters.
const MAX_TITLE: usize = 100;

/// The lenses of a file.
pub(crate) fn lenses(state: &State, params: &CodeLensParams) -> Option<Vec<CodeLens>> {
    let uri = &params.text_document.uri;
    let here = state.here(uri)?;
    let lang = state.settings.language_for(here.bundle.lang_of(here.document));
    let mut lenses = Lenses { uri, lang, found: Vec::new() };
    match here.document.kind {
        Kind::Rules => {
            lenses.header(here);
            lenses.sections(here);
        }
        Kind::Test => lenses.test(here),
        Kind::Script | Kind::Other => {}
    }
    Some(lenses.found)
}

/// What a lens of a section says; one that can no longer say it stays as it is.
pub(crate) fn resolve(state: &State, lens: CodeLens) -> CodeLens {
    let data = lens.data.clone().and_then(|data| serde_json::from_value(data).ok());
    let Some((uri, what, number)): Option<(Uri, What, usize)> = data else { return lens };
    let Some(here) = state.here(&uri) else { return lens };
    let Some(key) = sections::nth_of_document(here.document, number) else { return lens };
    let lang = state.settings.language_for(here.bundle.lang_of(here.document));
    let mut lenses = Lenses { uri: &uri, lang, found: Vec::new() };
    match what {
        What::Tests => lenses.reaching(here, &key, lens.range),
        What::Title => lenses.title(here, &key, lens.range),
    }
    lenses.found.pop().unwrap_or(lens)
}

/// What a lens of a section is about.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum What {
    Tests,
    Title,
}

/// The last run, when it was of all tests and there are some.
fn tests_of(here: Here<'_>) -> Option<&Tested> {
    here.bundle.tested.as_ref().filter(|tested| tested.all && !tested.cases.is_empty())
}

fn decides(section: &Section) -> bool {
    matches!(
        section.kind,
        SectionKind::Filter(_)
            | SectionKind::Table(_)
            | SectionKind::Task(_)
            | SectionKind::Fields(_)
            | SectionKind::Transfer(_)
    )
}

struct Lenses<'l> {
    uri: &'l Uri,
    lang: Lang,
    found: Vec<CodeLens>,
}

impl Lenses<'_> {
    fn add(&mut self, range: Range, title: String, command: &str, more: Vec<Value>) {
        let mut arguments = vec![json!(self.uri)];
        arguments.extend(more);
        let command = Command::new(title, command.to_owned(), Some(arguments));
        self.found.push(CodeLens { range, command: Some(command), data: None });
    }

    /// Above the header: all tests of the bundle, and what they reach.
    fn header(&mut self, here: Here<'_>) {
        let (document, lang) = (here.document, self.lang);
        let Some(first) = document.blocks().first() else { return };
        let Some(header) = &first.block.file().header else { return };
        let Some(tested) =
            here.bundle.tested.as_ref().filter(|tested| tested.all && !tested.cases.is_empty())
        else {
            return;
        };
        let range = document.range(first.span(header.span));
        let title = counted(tested.cases.len(), tested.failing(), lang);
        self.add(range, title, commands::RUN, Vec::new());
        let title = match &tested.covered {
            None => lang.pick("Show coverage", "Показать покрытие").to_owned(),
            Some(covered) => {
                let share = results::percent(covered.totals.whole(), lang).unwrap_or_else(|| "–".to_owned());
                lang.pick(format!("Coverage {share} %: hide"), format!("Покрытие {share} %: скрыть"))
            }
        };
        self.add(range, title, commands::COVERAGE, Vec::new());
    }

    /// Above each section that decides: the tests that reach it; above a task its title, too.
    fn sections(&mut self, here: Here<'_>) {
        let document = here.document;
        let report = here.bundle.report.as_ref();
        for (number, (key, placed, section)) in sections::of_document(document).iter().enumerate() {
            let range = document.range(placed.span(section.head));
            let mut later = |what: What| {
                let data = Some(json!([self.uri, what, number]));
                self.found.push(CodeLens { range, command: None, data });
            };
            // Nothing is told of a section that is newer than the last run.
            if tests_of(here).is_some_and(|tested| tested.reaching.contains_key(key)) && decides(section) {
                later(What::Tests);
            }
            if report.is_some_and(|report| report.titles.contains_key(key)) {
                later(What::Title);
            }
        }
    }

    fn reaching(&mut self, here: Here<'_>, key: &Key, range: Range) {
        let Some(reaching) = tests_of(here).and_then(|tested| tested.reaching.get(key)) else { return };
        let title = match reaching.names.len() {
            0 => self.lang.pick("No test", "Ни одного теста").to_owned(),
            count => counted(count, reaching.failing, self.lang),
        };
        self.add(range, title, commands::RUN, vec![json!(key)]);
    }

    /// The title of a task for the first test that sets it, else for a built-in example.
    fn title(&mut self, here: Here<'_>, key: &Key, range: Range) {
        let lang = self.lang;
        let Some(known) = here.bundle.report.as_ref().and_then(|report| report.titles.get(key)) else {
            return;
        };
        let tested = here.bundle.tested.as_ref().and_then(|tested| tested.titles.get(known.name.as_str()));
        let cut = |title: &str| title.chars().take(MAX_TITLE).collect::<String>();
        let title = match tested {
            Some((test, title)) => format!("«{}» – {test}", cut(title)),
            None => {
                let unless = if known.applies {
                    ""
                } else {
                    lang.pick(" (would not be set)", " (не поставится)")
                };
                format!("«{}» – {}{unless}", cut(&known.title), known.example.get(lang))
            }
        };
        self.add(range, title, commands::PREVIEW, vec![json!(known.name)]);
    }

    /// In the file of a test: how it stands, and the decision accepted.
    fn test(&mut self, here: Here<'_>) {
        let Some(name) = here.bundle.test_of_file(&here.document.name) else { return };
        let Some(tested) = &here.bundle.tested else { return };
        // What was said of another text is said no longer.
        let present = tested.open.get(&name) == Some(&here.document.edition);
        let Some(case) = tested.cases.get(&name).filter(|_| present) else { return };
        let lang = self.lang;
        let state = case.state();
        let title = format!("{}: {}", lang.pick("Run", "Прогнать"), state.words(lang));
        self.add(Range::default(), title, commands::RUN, vec![json!(name)]);
        if let Came::Tried(tried) = &case.came
            && !tried.trial.is_as_accepted()
        {
            let title = lang.pick("Accept the decision", "Принять решение").to_owned();
            let seal = commands::seal(&tried.trial.now);
            self.add(Range::default(), title, commands::ACCEPT, vec![json!(name), json!(seal)]);
        }
    }
}

/// `Tests: 3, 1 fails`.
fn counted(count: usize, failing: usize, lang: Lang) -> String {
    let count = lang.pick(format!("Tests: {count}"), format!("Тестов: {count}"));
    match failing {
        0 => count,
        failing => {
            lang.pick(format!("{count}, not passing: {failing}"), format!("{count}, не проходят: {failing}"))
        }
    }
}
