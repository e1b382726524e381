//! Events for places of the rules: found for every place that can be reached, and none for one that cannot.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use switchboard_engine::bundle::Bundle;
use switchboard_engine::decide::Aim;
use switchboard_engine::prove::{Answer, Finder, ProofLimits};
use switchboard_grammar::lang::Lang;

use super::support::{bundle, fixture, fixtures, folder, rules};

/// What is found for every place, as people may read it.
fn told(bundle: &Bundle) -> String {
    let finder = Finder::new(bundle, &ProofLimits::default());
    let mut out = String::new();
    for aim in finder.aims() {
        match finder.answer(aim) {
            Answer::Events(events) => {
                writeln!(out, "{aim:?}: {}: {}", events[0].slot.en(), events[0].words.get(Lang::En)).unwrap();
            }
            Answer::Never => writeln!(out, "{aim:?}: never").unwrap(),
            Answer::Open => writeln!(out, "{aim:?}: open").unwrap(),
        }
    }
    writeln!(out, "undecided: {:?}", finder.undecided()).unwrap();
    out
}

#[test]
fn the_places_of_the_example_bundles_are_reached() {
    for name in ["romashka-ru", "romashka-en"] {
        insta::assert_snapshot!(format!("reach of {name}"), told(&fixture(name)));
    }
}

#[test]
fn a_row_that_nothing_asks_for_and_one_that_is_covered_are_never_reached() {
    let bundle = rules(
        "filter for incoming calls\n  accept when site is \"a.ru\"\n  else reject\n\n\
table entities for incoming calls\n  | site | contact || create | responsible |\n  | \"b.ru\" | - || client | - |\n  | - | first || client | who |\n  | else || nothing | who |\n\n\
table who for incoming calls\n  | contact | campaign || employee |\n  | first | - || \"x@y.ru\" |\n  | - | like \"VIP*\" || \"z@y.ru\" |\n  | else || - |\n",
    );
    let finder = Finder::new(&bundle, &ProofLimits::default());
    let answers: Vec<(Aim, bool)> = finder
        .aims()
        .filter(|aim| aim.counts())
        .map(|aim| (aim, matches!(finder.answer(aim), Answer::Never)))
        .collect();
    let never: Vec<Aim> = answers.iter().filter(|(_, never)| *never).map(|(aim, _)| *aim).collect();
    assert_eq!(never, [Aim::Row { section: 1, row: 0 }], "{answers:?}");
    assert!(finder.aims().filter(|aim| aim.counts()).all(|aim| !matches!(finder.answer(aim), Answer::Open)));
}

#[test]
fn few_events_reach_all_that_can_be_reached_in_every_bundle_of_the_repository() {
    let mut folders: Vec<std::path::PathBuf> =
        ["romashka-ru", "romashka-en"].map(|name| fixtures().join("bundles").join(name)).to_vec();
    folders
        .extend(std::fs::read_dir(fixtures().join("../scripts")).unwrap().map(|entry| entry.unwrap().path()));
    folders.retain(|folder| folder.is_dir());
    folders.sort();
    let mut told = String::new();
    for path in folders {
        let bundle = bundle(&folder(&path));
        let finder = Finder::new(&bundle, &ProofLimits::default());
        assert_eq!(finder.undecided(), [], "{path:?}");
        writeln!(told, "{}", path.file_name().unwrap().to_str().unwrap()).unwrap();
        for parts in [false, true] {
            let found = finder.suggest(&BTreeSet::new(), parts);
            // What a script gives is not looked into.
            assert!(found.open.is_empty() || bundle.runs_scripts(), "{path:?}: {:?}", found.open);
            let mut reached = BTreeSet::new();
            for test in &found.tests {
                reached.extend(bundle.reached(
                    &test.reached.event,
                    &test.reached.facts,
                    Finder::now().unwrap(),
                ));
            }
            let wanted = finder.aims().filter(|aim| parts || aim.counts());
            let wanted: BTreeSet<Aim> =
                wanted.filter(|aim| matches!(finder.answer(*aim), Answer::Events(_))).collect();
            assert!(
                reached.is_superset(&wanted),
                "{path:?}: {:?}",
                wanted.difference(&reached).collect::<Vec<_>>()
            );
            assert!(finder.suggest(&reached, parts).tests.is_empty());
            let (tests, places, open) = (found.tests.len(), wanted.len(), found.open.len());
            writeln!(told, "  {tests} tests for {places} places, {open} open").unwrap();
            if !parts {
                for test in &found.tests {
                    let lang = Lang::Ru;
                    let aim = test.aims[0];
                    let slug = finder.slug(test.reached.slot, aim, lang);
                    writeln!(
                        told,
                        "    {slug}: {}. {}",
                        test.reached.sentence.get(lang),
                        finder.name(aim).get(lang)
                    )
                    .unwrap();
                }
            }
        }
    }
    insta::assert_snapshot!("suggested tests", told);
}
