//! `rules test --suggest`: the tests that are missing.
//!
//! The prover finds an event for everything that no test reaches; few are chosen that reach all of it, and each is named
//! by what it is for. Written only when that is asked for, and never over a file that is there.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use serde_json::{Value, json};
use switchboard_engine::bundle::{BundleSource, Slot};
use switchboard_engine::cover::PointId;
use switchboard_engine::fixture::Fixture;
use switchboard_engine::prove::{Finder, ProofLimits, Suggestion};
use switchboard_grammar::diagnostic::Text;
use switchboard_grammar::lang::Lang;

use crate::failure::Failure;
use crate::fixture::draft::{Draft, plain_event};
use crate::fixture::{Folder, folder};
use crate::input::BundleFiles;
use crate::loaded::Loaded;
use crate::report::counted;
use crate::style;

/// Places that a description names; more are counted.
const MAX_NAMED: usize = 3;

/// The tests that are missing in one bundle.
#[derive(Debug)]
pub(crate) struct Suggested {
    /// The folder, as the caller named it.
    pub(crate) root: PathBuf,
    /// The tests.
    pub(crate) tests: Vec<Missing>,
    /// What no event reaches: file, line, name.
    pub(crate) never: Vec<(String, u32, Text)>,
    /// What nothing was found for.
    pub(crate) open: Vec<(String, u32, Text)>,
    /// Events of which not everything could be looked through.
    pub(crate) undecided: Vec<Slot>,
    /// Whether scripts decide, too; nothing is looked for inside of them.
    pub(crate) scripts: bool,
    /// Whether the tests were written.
    pub(crate) written: bool,
    /// The tests that there are and cannot be run, by name.
    pub(crate) left_out: Vec<String>,
}

/// A test that is missing.
#[derive(Debug)]
pub(crate) struct Missing {
    /// The file that it is or would be written to.
    pub(crate) path: PathBuf,
    /// What it would say.
    pub(crate) draft: Draft,
}

/// Looks for the tests that are missing; `parts`: those for cells and parts of conditions, too.
///
/// # Errors
/// When the present tests cannot be read.
pub(crate) fn suggested(files: &BundleFiles, loaded: &Loaded, parts: bool) -> Result<Suggested, Failure> {
    let Folder { fixtures, .. } = folder(&files.root)?;
    let finder = Finder::new(&loaded.bundle, &ProofLimits::default());
    let mut covered: BTreeSet<PointId> = BTreeSet::new();
    let mut left_out = Vec::new();
    for found in &fixtures {
        let ready = found.fixture.as_ref().ok().and_then(|one| Some((one, one.moment(&loaded.bundle).ok()?)));
        match ready {
            Some((one, now)) => covered.extend(loaded.bundle.watch(&one.event, &one.facts, now).reached),
            None => left_out.push(found.name.clone()),
        }
    }
    let found = finder.suggest(&covered, parts);
    let mut names: BTreeSet<PathBuf> = fixtures.iter().map(|found| found.path.clone()).collect();
    let tests = found.tests.iter().map(|test| missing(files, loaded, &finder, test, &mut names)).collect();
    let placed = |points: Vec<PointId>| {
        let place = |point: PointId| finder.place(point).unwrap_or_default();
        points.into_iter().map(|point| (place(point).0, place(point).1, finder.name(point))).collect()
    };
    Ok(Suggested {
        root: files.root.clone(),
        tests,
        never: placed(found.never),
        open: placed(found.open),
        undecided: finder.undecided().to_vec(),
        scripts: loaded.bundle.runs_scripts(),
        written: false,
        left_out,
    })
}

fn missing(
    files: &BundleFiles,
    loaded: &Loaded,
    finder: &Finder<'_>,
    test: &Suggestion,
    names: &mut BTreeSet<PathBuf>,
) -> Missing {
    let lang = loaded.lang;
    let reached = &test.reached;
    let mut about: Vec<String> =
        test.points.iter().take(MAX_NAMED).map(|point| finder.name(*point).get(lang).to_owned()).collect();
    if test.points.len() > MAX_NAMED {
        let more = test.points.len() - MAX_NAMED;
        about.push(lang.pick(format!("and {more} more"), format!("и ещё {more}")));
    }
    let facts = reached.facts.to_json();
    let mut draft = Draft {
        about: Some(format!("{}. {}", reached.sentence.get(lang), about.join("; "))),
        event: plain_event(&reached.event),
        facts: facts.as_object().is_some_and(|facts| !facts.is_empty()).then_some(facts),
        now: None,
    };
    // The present moment is only written where it matters and the event does not tell it.
    let tells_time =
        Fixture::read(draft.text().as_bytes()).is_ok_and(|fixture| fixture.moment(&loaded.bundle).is_ok());
    if !tells_time {
        draft.now = Finder::now().map(|now| now.to_string());
    }
    let slug = test
        .points
        .first()
        .map_or_else(|| "test".to_owned(), |point| finder.slug(reached.slot, *point, lang));
    let tests = files.root.join(BundleSource::TESTS);
    let numbered = |number: usize| match number {
        1 => tests.join(format!("{slug}.json")),
        number => tests.join(format!("{slug}-{number}.json")),
    };
    let path = (1..)
        .map(numbered)
        .find(|path| !names.contains(path) && !path.exists())
        .unwrap_or_else(|| numbered(1));
    names.insert(path.clone());
    Missing { path, draft }
}

impl Suggested {
    /// Writes the tests, none over a file that is there; their snapshots are left to be accepted.
    ///
    /// # Errors
    /// [`Failure::Write`].
    pub(crate) fn write(&mut self) -> Result<(), Failure> {
        for test in &self.tests {
            if let Some(folder) = test.path.parent() {
                fs::create_dir_all(folder).map_err(Failure::write(folder))?;
            }
            let mut file = fs::File::create_new(&test.path).map_err(Failure::write(&test.path))?;
            file.write_all(test.draft.text().as_bytes()).map_err(Failure::write(&test.path))?;
        }
        self.written = true;
        Ok(())
    }
}

/// Writes what is missing.
///
/// # Errors
/// When the output cannot be written.
pub(crate) fn human(out: &mut impl Write, suggested: &Suggested, lang: Lang) -> io::Result<()> {
    let (place, quiet) = (style::PLACE, style::QUIET);
    for test in &suggested.tests {
        writeln!(out, "{place}{}{place:#}", test.path.display())?;
        if let Some(about) = &test.draft.about {
            writeln!(out, "  {about}")?;
        }
    }
    list(
        out,
        &suggested.never,
        lang.pick("no event reaches this, proved", "сюда не попадёт ни одно событие, доказано"),
        lang,
    )?;
    list(
        out,
        &suggested.open,
        lang.pick("no event was found for this", "для этого событие не найдено"),
        lang,
    )?;
    for slot in &suggested.undecided {
        let slot = lang.pick(slot.en(), slot.ru());
        writeln!(
            out,
            "{}",
            lang.pick(
                format!("not everything about {slot} could be looked through"),
                format!("для {slot} перебрать всё не удалось")
            )
        )?;
    }
    if suggested.scripts {
        writeln!(
            out,
            "{quiet}{}{quiet:#}",
            lang.pick(
                "inside of scripts nothing is looked for: their lines may need tests that you write",
                "внутри скриптов ничего не ищется: для их строк тесты, возможно, придётся написать самим"
            )
        )?;
    }
    let count = counted(suggested.tests.len(), lang, ["test", "tests"], ["тест", "теста", "тестов"]);
    match (suggested.tests.is_empty(), suggested.written) {
        (true, _) => writeln!(out, "{}", lang.pick("no test is missing", "тестов хватает")),
        (false, true) => writeln!(
            out,
            "{}",
            lang.pick(
                format!("written: {count}; look at what is decided with `--review`"),
                format!("записано: {count}; посмотрите решения с `--review`")
            )
        ),
        (false, false) => writeln!(
            out,
            "{}",
            lang.pick(
                format!("missing: {count}; `--write` writes them"),
                format!("не хватает: {count}; `--write` их запишет")
            )
        ),
    }
}

fn list(out: &mut impl Write, places: &[(String, u32, Text)], head: &str, lang: Lang) -> io::Result<()> {
    if places.is_empty() {
        return Ok(());
    }
    writeln!(out, "{head}")?;
    for (file, line, name) in places {
        let place = style::PLACE;
        writeln!(out, "  {place}{file}:{line}{place:#} {}", name.get(lang))?;
    }
    Ok(())
}

/// What is missing, for programs.
pub(crate) fn as_json(suggested: &Suggested) -> Value {
    let places = |places: &[(String, u32, Text)]| {
        let one = |(file, line, name): &(String, u32, Text)| json!({ "file": file, "line": line, "name": { "en": name.en, "ru": name.ru } });
        places.iter().map(one).collect::<Vec<_>>()
    };
    let test = |test: &Missing| {
        json!({
            "file": test.path.display().to_string(),
            "about": test.draft.about,
            "event": test.draft.event,
            "facts": test.draft.facts,
            "now": test.draft.now,
        })
    };
    json!({
        "bundle": suggested.root.display().to_string(),
        "written": suggested.written,
        "tests": suggested.tests.iter().map(test).collect::<Vec<_>>(),
        "never": places(&suggested.never),
        "open": places(&suggested.open),
        "undecided": suggested.undecided.iter().map(|slot| slot.en()).collect::<Vec<_>>(),
        "scripts": suggested.scripts,
        "left_out": suggested.left_out,
    })
}
