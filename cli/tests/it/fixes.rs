//! `rules check --fix`, `--diff` and `--unsafe-fixes`: what they change, and that it decides as before.

use std::fs;
use std::path::{Path, PathBuf};

use switchboard_engine::bundle::{Bundle, BundleSource, LoadOptions, load};
use switchboard_engine::event::Event;
use switchboard_engine::facts::Facts;
use switchboard_engine::moment::Moment;
use switchboard_grammar::lang::Lang;

use crate::program::{Place, Run, snapshot};

const BROKEN: &str = "rules 1\n\ninclude \"more.rules\"\n\nfilter for calls\n  accept when site == \"a\" and campain is \"x\"\n  else reject\n";
const MORE: &str = "rules 1\n\nfilter for chats\n  reject when phone is null\n  else accept\n";

fn broken() -> Place {
    Place::with(&[("shop/main.rules", BROKEN), ("shop/more.rules", MORE)])
}

#[test]
fn what_was_applied_is_told_with_its_place() {
    let place = broken();
    let run = snapshot!(place, ["check", "--fix", "shop", "--format", "concise"]);
    assert_eq!(run.code, Some(1));
    assert!(place.read("shop/main.rules").contains("site is \"a\" and campain is"));
    assert!(place.read("shop/more.rules").contains("phone is missing"));
}

#[test]
fn the_difference_is_shown_and_nothing_is_changed() {
    let place = broken();
    let run = snapshot!(place, ["check", "--diff", "shop"]);
    assert_eq!(run.code, Some(1));
    assert_eq!(
        (place.read("shop/main.rules").as_str(), place.read("shop/more.rules").as_str()),
        (BROKEN, MORE)
    );
    assert_eq!(place.rules(&["check", "--fix", "shop"]).code, Some(1));
    let again = place.rules(&["check", "--diff", "shop"]);
    assert_eq!((again.code, again.out.as_str()), (Some(0), ""), "nothing is left that is safe");
}

#[test]
fn unsafe_fixes_only_when_asked_for() {
    let place = broken();
    let run = snapshot!(place, ["check", "--fix", "--unsafe-fixes", "shop"]);
    assert_eq!(run.code, Some(0));
    assert!(place.read("shop/main.rules").contains("campaign is \"x\""));
    assert_eq!(place.rules(&["check", "--unsafe-fixes", "shop"]).code, Some(2), "fix or show");
}

#[test]
fn a_file_of_two_bundles_keeps_the_fixes_of_both() {
    let shared = "rules 1\n\nlist spam: +7 900 000-00-99\n\nfilter for chats\n  reject when phone == spam\n  else accept\n";
    let main = "rules 1\n\ninclude \"shared.rules\"\n";
    let place = Place::with(&[("a.rules", main), ("b.rules", main), ("shared.rules", shared)]);
    let run = place.rules(&["check", "--fix", "a.rules", "b.rules"]);
    assert!(run.err.contains("changes applied: 1"), "{}", run.shown());
    assert!(place.read("shared.rules").contains("phone is spam"), "{}", place.read("shared.rules"));
}

// --- Safe fixes alter no decision.

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures")
}

/// The events of the fixtures with the facts around them.
fn events() -> Vec<(String, Event, Facts)> {
    let mut all = Vec::new();
    for entry in fs::read_dir(fixtures().join("events")).expect("the events are there") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|ending| ending != "json") {
            continue;
        }
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let json = |path: &Path| serde_json::from_slice(&fs::read(path).expect("a file")).expect("JSON");
        let event = Event::from_json(&json(&path)).expect("an event");
        let facts = path.with_file_name("facts").join(&name);
        let facts =
            if facts.exists() { Facts::from_json(&json(&facts)).expect("facts") } else { Facts::none() };
        all.push((name, event, facts));
    }
    all.sort_by(|left, right| left.0.cmp(&right.0));
    assert!(all.len() > 30);
    all
}

/// What a bundle decides of all events, its trace left out: it quotes the file.
fn decisions(bundle: &Bundle) -> Vec<String> {
    let now: Moment = "2026-03-02T12:05:00+03:00".parse().expect("a moment");
    events()
        .iter()
        .map(|(name, event, facts)| {
            let mut json = bundle.decide(event, facts, now).to_json(Lang::En);
            json.as_object_mut().expect("an object").remove("trace");
            format!("{name}: {json}")
        })
        .collect()
}

/// Loads the files of a folder.
fn bundle(folder: &Path) -> Option<std::sync::Arc<Bundle>> {
    let mut source = BundleSource::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if BundleSource::wants(&name) {
            source.add(name, fs::read(&path).expect("a file")).expect("a file of a bundle");
        }
    }
    load(&source, &LoadOptions::default()).bundle
}

/// The bundles of the fixtures, by the names of their folders.
const BUNDLES: [&str; 4] = ["bundles/romashka-en", "bundles/romashka-ru", "demo/en", "demo/ru"];

/// Ways of writing that the check mends by itself: what it finds in its place, what is written, and in which files.
const HABITS: [(&str, &str); 12] = [
    ("+7 495 123-45-67", "\"8 (495) 123-45-67\""),
    ("+7 812 123-45-67", "\"8(812)123-45-67\""),
    (" is \"", " == \""),
    (" is not \"", " != \""),
    (" это \"", " = \""),
    (" and ", " && "),
    (" и ", " И "),
    (" missing", " null"),
    ("accept when ", "allow if "),
    ("принимать когда ", "принимать если "),
    ("иначе ", "else "),
    ("yes", "true"),
];

fn place_of(name: &str) -> Place {
    let place = Place::with(&[]);
    let mut folders = vec![fixtures().join(name)];
    if name.starts_with("demo") {
        folders.push(fixtures().join("demo"));
    }
    for folder in folders {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let file = path.file_name().expect("a name").to_string_lossy().into_owned();
            if path.is_file() && BundleSource::wants(&file) {
                place.write(&format!("shop/{file}"), &fs::read_to_string(&path).expect("a file"));
            }
        }
    }
    place
}

fn rules_of(place: &Place) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for entry in fs::read_dir(place.path("shop")).expect("a folder") {
        let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
        if name.ends_with(".rules") {
            all.push((name.clone(), place.read(&format!("shop/{name}"))));
        }
    }
    all
}

fn fix(place: &Place) -> Run {
    place.rules(&["check", "--fix", "shop"])
}

/// A bundle in which one habit stands in every place where it can: `--fix` brings back what decided before.
#[test]
fn safe_fixes_alter_no_decision() {
    let mut mended = 0;
    for name in BUNDLES {
        let place = place_of(name);
        let before = decisions(&bundle(&place.path("shop")).expect("a bundle that loads"));
        let texts = rules_of(&place);
        for (right, habit) in HABITS {
            let mut written = false;
            for (file, text) in &texts {
                let changed = text.replace(right, habit);
                written |= changed != *text;
                place.write(&format!("shop/{file}"), &changed);
            }
            if !written {
                continue;
            }
            let run = fix(&place);
            let Some(after) = bundle(&place.path("shop")) else {
                panic!("{name}, `{habit}`: not mended\n{}", run.shown());
            };
            assert_eq!(decisions(&after), before, "{name}, `{habit}`");
            mended += 1;
        }
    }
    assert!(mended >= 16, "only {mended} habits were tried");
}

/// Bundles that load before and after: what `--fix` changes in them (brackets, phones, needless words) decides the same.
#[test]
fn fixes_of_bundles_that_run_alter_no_decision() {
    let filters = [
        "accept when site is \"opt.romashka.ru\" or campaign is present and missed",
        "accept when missed or contact is first and site is present or talk_time > 30 s and missed",
        "reject when phone is \"8 900 000-00-99\" or site is missing and not missed",
        "accept when not missed or contact is repeat and phone is 79000000010",
    ];
    let mut changed = 0;
    for line in filters {
        let text = format!(
            "rules 1\n\nfilter for calls\n  {line}\n  else reject\n\ntable entities for calls\n  | contact || create |\n  | first || client |\n  | else || order |\n"
        );
        let place = Place::with(&[("shop/main.rules", &text)]);
        let before = bundle(&place.path("shop")).map(|bundle| decisions(&bundle));
        let before = before.unwrap_or_else(|| panic!("does not load: {text}"));
        fix(&place);
        changed += usize::from(place.read("shop/main.rules") != text);
        assert_eq!(decisions(&bundle(&place.path("shop")).expect("loads")), before, "{line}");
    }
    assert_eq!(changed, filters.len(), "each of them has something to mend");
}
