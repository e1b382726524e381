//! `rules test --mutate`: would the tests notice a slip of the hand?
//!
//! Every bundle is changed in one place at a time, as somebody might by mistake, and its tests are asked. What no test
//! notices is compared by proof: either no event is decided otherwise, or there is one that would show it.

use std::io::{self, Write};

use serde_json::{Value, json};
use switchboard_engine::bundle::BundleSource;
use switchboard_engine::mutate::{self, Fate, Mutant, Trial, mutants, sample};
use switchboard_engine::prove::ProofLimits;
use switchboard_grammar::diagnostic::Text;
use switchboard_grammar::lang::Lang;
use switchboard_guard::load_options;

use crate::failure::Failure;
use crate::fixture::draft::plain_event;
use crate::fixture::{Folder, folder};
use crate::input::BundleFiles;
use crate::loaded::Loaded;
use crate::report::counted;
use crate::style;

/// Steps that the proof about one mutant may take.
const STEPS: u64 = 20_000_000;

/// What came of the mutants of one bundle.
#[derive(Debug)]
pub(crate) struct Mutated {
    /// The folder, as the caller named it.
    pub(crate) root: std::path::PathBuf,
    /// How many mutants there are.
    pub(crate) all: usize,
    /// How many of them were chosen.
    pub(crate) chosen: usize,
    /// What became of those that were tried, without those that are no bundle.
    pub(crate) tried: Vec<(Mutant, Fate)>,
    /// The tests that can be run, by name.
    pub(crate) tests: Vec<String>,
    /// Those that cannot.
    pub(crate) left_out: Vec<String>,
}

impl Mutated {
    /// How many a test notices.
    pub(crate) fn noticed(&self) -> usize {
        self.tried.iter().filter(|(_, fate)| matches!(fate, Fate::Noticed(_))).count()
    }

    /// Those that no test notices, though one could.
    pub(crate) fn survivors(&self) -> impl Iterator<Item = (&Mutant, &mutate::Survivor)> {
        self.tried.iter().filter_map(|(mutant, fate)| match fate {
            Fate::Survived(survivor) => Some((mutant, &**survivor)),
            _ => None,
        })
    }

    /// Those of which it is proved that they decide everything alike.
    pub(crate) fn same(&self) -> usize {
        self.tried.iter().filter(|(_, fate)| matches!(fate, Fate::Same)).count()
    }

    /// Those of which nothing is known.
    pub(crate) fn undecided(&self) -> impl Iterator<Item = (&Mutant, &Text)> {
        self.tried.iter().filter_map(|(mutant, fate)| match fate {
            Fate::Undecided(why) => Some((mutant, why)),
            _ => None,
        })
    }

    /// Noticed ones of a hundred that a test could notice; None when there are none.
    pub(crate) fn score(&self) -> Option<usize> {
        let (noticed, survived) = (self.noticed(), self.survivors().count());
        (noticed * 100).checked_div(noticed + survived)
    }
}

/// Tries mutants of a bundle, at most `limit` of them, chosen by `seed`.
///
/// # Errors
/// When its tests cannot be read.
pub(crate) fn mutated(
    files: &BundleFiles,
    loaded: &Loaded,
    limit: usize,
    seed: u64,
) -> Result<Mutated, Failure> {
    let Folder { fixtures, .. } = folder(&files.root)?;
    let mut cases = Vec::new();
    let (mut tests, mut left_out) = (Vec::new(), Vec::new());
    for found in fixtures {
        let ready = found.fixture.ok().and_then(|fixture| {
            let now = fixture.moment(&loaded.bundle).ok()?;
            Some(mutate::Case { event: fixture.event, facts: fixture.facts, now })
        });
        let Some(case) = ready else {
            left_out.push(found.name);
            continue;
        };
        cases.push(case);
        tests.push(found.name);
    }
    let all = mutants(&loaded.sources);
    let count = all.len();
    let source: BundleSource = files.source();
    let limits = ProofLimits { diff_steps: STEPS, ..ProofLimits::default() };
    let mut trial = Trial::new(&source, &loaded.bundle, &load_options(), &limits, &cases);
    let chosen = sample(all, limit, seed);
    let chosen_count = chosen.len();
    let tried = chosen.into_iter().map(|mutant| {
        let fate = trial.fate(&mutant);
        (mutant, fate)
    });
    let tried = tried.filter(|(_, fate)| !matches!(fate, Fate::Refused)).collect();
    Ok(Mutated { root: files.root.clone(), all: count, chosen: chosen_count, tried, tests, left_out })
}

/// Writes what no test notices, and how many were noticed.
///
/// # Errors
/// When the output cannot be written.
pub(crate) fn human(out: &mut impl Write, mutated: &Mutated, lang: Lang) -> io::Result<()> {
    let (bold, place, quiet) = (style::NAME, style::PLACE, style::QUIET);
    for (mutant, survivor) in mutated.survivors() {
        writeln!(
            out,
            "{place}{}:{}{place:#} {bold}{}{bold:#}",
            mutant.file,
            mutant.line,
            where_in(mutant, lang)
        )?;
        writeln!(out, "  {}: {}", mutant.operator.words().get(lang), change(mutant))?;
        writeln!(
            out,
            "  {}",
            lang.pick(
                "no test notices; this event would show it:",
                "ни один тест этого не заметит; показало бы такое событие:"
            )
        )?;
        let change = &survivor.change;
        let words = change.example.as_ref().map(|example| example.words.get(lang)).unwrap_or_default();
        writeln!(
            out,
            "    {}: {words}",
            lang.pick(format!("for {}", change.slot.en()), format!("для {}", change.slot.ru()))
        )?;
        let (old, new) = (change.old.outcome.get(lang), change.new.outcome.get(lang));
        // Of texts with values put in, and of what was found by trying, both sides are told alike.
        if old != new {
            writeln!(out, "    {quiet}{}: {old} → {new}{quiet:#}", change.part.get(lang))?;
        }
        writeln!(out)?;
    }
    let undecided: Vec<_> = mutated.undecided().collect();
    if !undecided.is_empty() {
        writeln!(out, "{}", lang.pick("not decided", "не выяснено"))?;
        for (mutant, why) in undecided {
            writeln!(
                out,
                "  {place}{}:{}{place:#} {}: {}",
                mutant.file,
                mutant.line,
                change_in_one(mutant, lang),
                why.get(lang)
            )?;
        }
        writeln!(out)?;
    }
    summary(out, mutated, lang)
}

fn summary(out: &mut impl Write, mutated: &Mutated, lang: Lang) -> io::Result<()> {
    let tried = mutated.tried.len();
    let changes = counted(
        tried,
        lang,
        ["change tried", "changes tried"],
        ["правка проверена", "правки проверены", "правок проверено"],
    );
    let of = if mutated.all > mutated.chosen {
        lang.pick(format!(" of {}", mutated.all), format!(" из {}", mutated.all))
    } else {
        String::new()
    };
    let (noticed, survived) = (mutated.noticed(), mutated.survivors().count());
    let (same, open) = (mutated.same(), mutated.undecided().count());
    let score = mutated.score().map_or_else(|| "–".to_owned(), |score| format!("{score} %"));
    let look = if survived == 0 { style::GOOD } else { style::BAD };
    match lang {
        Lang::En => writeln!(
            out,
            "{changes}{of}: {look}noticed {noticed}, not noticed {survived}{look:#}, proved to change nothing {same}, undecided {open}; score {score}"
        ),
        Lang::Ru => writeln!(
            out,
            "{changes}{of}: {look}замечено {noticed}, не замечено {survived}{look:#}, доказано, что ничего не меняют, {same}, не выяснено {open}; оценка {score}"
        ),
    }
}

fn where_in(mutant: &Mutant, lang: Lang) -> String {
    let mut out = mutant.section.clone();
    if let Some(row) = mutant.row {
        out.push_str(&lang.pick(format!(", row {row}"), format!(", строка {row}")));
    }
    if let Some(column) = &mutant.column {
        out.push_str(&lang.pick(format!(", column `{column}`"), format!(", столбец `{column}`")));
    }
    out
}

/// What was changed: `>= 30 s` → `> 30 s`.
fn change(mutant: &Mutant) -> String {
    match mutant.after.as_str() {
        "" => format!("`{}`", mutant.before),
        after => format!("`{}` → `{after}`", mutant.before),
    }
}

fn change_in_one(mutant: &Mutant, lang: Lang) -> String {
    format!("{}: {}", mutant.operator.words().get(lang), change(mutant))
}

/// The mutants of a bundle for programs.
pub(crate) fn as_json(mutated: &Mutated) -> Value {
    let mutant = |mutant: &Mutant| {
        json!({
            "operator": mutant.operator.as_str(),
            "file": mutant.file,
            "line": mutant.line,
            "section": mutant.section,
            "row": mutant.row,
            "column": mutant.column,
            "before": mutant.before,
            "after": mutant.after,
        })
    };
    let one = |(of, fate): &(Mutant, Fate)| {
        let mut told = mutant(of);
        let (word, more) = match fate {
            Fate::Refused => ("refused", json!(null)),
            Fate::Noticed(test) => ("noticed", json!({ "test": mutated.tests.get(*test) })),
            Fate::Same => ("same", json!(null)),
            Fate::Undecided(why) => ("undecided", json!({ "why": { "en": why.en, "ru": why.ru } })),
            Fate::Survived(survivor) => {
                let example = survivor.change.example.as_ref();
                let facts = example.map(|example| example.facts.to_json());
                (
                    "survived",
                    json!({
                        "part": { "en": survivor.change.part.en, "ru": survivor.change.part.ru },
                        "event": example.map(|example| plain_event(&example.event)),
                        "facts": facts,
                    }),
                )
            }
        };
        if let Some(object) = told.as_object_mut() {
            object.insert("fate".to_owned(), word.into());
            for (key, value) in more.as_object().into_iter().flatten() {
                object.insert(key.clone(), value.clone());
            }
        }
        told
    };
    json!({
        "bundle": mutated.root.display().to_string(),
        "mutants": mutated.all,
        "tried": mutated.tried.len(),
        "noticed": mutated.noticed(),
        "survived": mutated.survivors().count(),
        "same": mutated.same(),
        "undecided": mutated.undecided().count(),
        "score": mutated.score(),
        "left_out": mutated.left_out,
        "changes": mutated.tried.iter().map(one).collect::<Vec<_>>(),
    })
}
