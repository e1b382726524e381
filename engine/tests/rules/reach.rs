//! Events for places of the rules: found for every place that can be reached, and none for one that cannot.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use switchboard_engine::bundle::{Bundle, BundleSource};
use switchboard_engine::cover::{Part, PointId};
use switchboard_engine::prove::{Answer, Finder, ProofLimits};
use switchboard_grammar::lang::Lang;

use super::support::{bundle, fixture, fixtures, folder, rules};

/// What is found for every place, as people may read it.
fn told(bundle: &Bundle) -> String {
    let finder = Finder::new(bundle, &ProofLimits::default());
    let mut out = String::new();
    for point in finder.points() {
        match finder.answer(point) {
            Answer::Events(events) => {
                writeln!(out, "{point:?}: {}: {}", events[0].slot.en(), events[0].words.get(Lang::En))
                    .unwrap();
            }
            Answer::Never => writeln!(out, "{point:?}: never").unwrap(),
            Answer::Open => writeln!(out, "{point:?}: open").unwrap(),
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
    let answers: Vec<(PointId, bool)> = finder
        .points()
        .filter(|point| point.counts())
        .map(|point| (point, matches!(finder.answer(point), Answer::Never)))
        .collect();
    let never: Vec<PointId> = answers.iter().filter(|(_, never)| *never).map(|(point, _)| *point).collect();
    assert_eq!(never, [PointId::counting(1, Part::Row(0))], "{answers:?}");
    assert!(
        finder
            .points()
            .filter(|point| point.counts())
            .all(|point| !matches!(finder.answer(point), Answer::Open))
    );
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
            assert!(found.open.is_empty(), "{path:?}: {:?}", found.open);
            let mut reached = BTreeSet::new();
            for test in &found.tests {
                let (event, facts) = (&test.reached.event, &test.reached.facts);
                reached.extend(bundle.watch(event, facts, Finder::now().unwrap()).reached);
            }
            let wanted = finder.points().filter(|point| parts || point.counts());
            let wanted: BTreeSet<PointId> =
                wanted.filter(|point| matches!(finder.answer(*point), Answer::Events(_))).collect();
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
                    let point = test.points[0];
                    let slug = finder.slug(test.reached.slot, point, lang);
                    writeln!(
                        told,
                        "    {slug}: {}. {}",
                        test.reached.sentence.get(lang),
                        finder.name(point).get(lang)
                    )
                    .unwrap();
                }
            }
        }
    }
    insta::assert_snapshot!("suggested tests", told);
}

#[test]
fn what_hinges_on_a_script_is_found_by_trying_and_what_is_not_found_stays_open() {
    let with = |script: &str| {
        let mut source = BundleSource::single(
            "rules 1\n\ntable entities for requests\n  | rank(text, form_name) || create |\n  | \"a\" || client |\n  | \"b\" || order |\n  | else || nothing |\n\nscript \"rank.rhai\"\n  function rank(text: text?, form: text?) gives text\n",
        );
        source.add("rank.rhai", script).unwrap();
        bundle(&source)
    };
    let rows = |bundle: &Bundle| {
        let finder = Finder::new(bundle, &ProofLimits::default());
        let points = finder.points().filter(|point| matches!(point.part, Part::Row(_)) && point.counts());
        points.map(|point| matches!(finder.answer(point), Answer::Events(_))).collect::<Vec<_>>()
    };
    // Two words of one field, and a word of each of two fields.
    let found = with(
        "fn rank(text, form) {\n  let text = or_else(text, \"\");\n  if text.contains(\"now\") && text.contains(\"buy\") { return \"a\"; }\n  if text == \"call\" && form == \"short\" { \"b\" } else { \"c\" }\n}",
    );
    assert_eq!(rows(&found), [true, true]);
    // A text that is made of others in a way that nobody tries: not found, and not called impossible either.
    let hidden = with(
        "fn rank(text, form) {\n  if or_else(text, \"\") == \"x\" + \"y\" + \"z\" { \"a\" } else { \"c\" }\n}",
    );
    assert_eq!(rows(&hidden), [false, false]);
    let finder = Finder::new(&hidden, &ProofLimits::default());
    let suggested = finder.suggest(&BTreeSet::new(), true);
    assert!(suggested.never.is_empty() && suggested.open.len() > 1, "{suggested:?}");
}
