//! The shipped scripts: every folder of `scripts/` is a bundle about which nothing is to be said, and its tests show
//! what it does.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value as Json;
use switchboard_engine::bundle::{Bundle, LoadOptions, load};
use switchboard_engine::decide::{Decision, Form};
use switchboard_engine::event::Event;
use switchboard_engine::facts::Facts;
use switchboard_grammar::lang::Lang;

use super::support::{fixtures, folder, now, said};

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// The decisions about the events of a folder's tests, by the names of their files.
fn decisions(folder: &Path, bundle: &Bundle) -> Vec<(String, Decision)> {
    let decide = |path: PathBuf| {
        let json: Json = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let event = Event::from_json(&json["event"]).unwrap_or_else(|errors| panic!("{name}: {errors:?}"));
        let facts = json.get("facts").map(Facts::from_json);
        let facts =
            facts.transpose().unwrap_or_else(|errors| panic!("{name}: {errors:?}")).unwrap_or_default();
        let decision = bundle.decide(&event, &facts, now());
        (name, decision)
    };
    let is_test = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "json");
    sorted(&folder.join("tests")).into_iter().filter(is_test).map(decide).collect()
}

/// Decisions that were made by an earlier build of the program, byte for byte. When this fails after something else than the
/// bundle was changed (the language, a function, Rhai, phone numbers, time zones), stored decisions do not replay any more:
/// that is a change of the language, and the changelog has to say so. `UPDATE_GOLDEN=1` writes the file anew. The form is the
/// one in which they were first kept.
#[test]
fn shipped_scripts_decide_the_same_bytes_as_ever() {
    let mut made = String::new();
    for path in sorted(&fixtures().join("../scripts")).into_iter().filter(|path| path.is_dir()) {
        let bundle = load(&folder(&path), &LoadOptions::default()).bundle.unwrap();
        let name = path.file_name().unwrap().to_str().unwrap();
        for (event, decision) in decisions(&path, &bundle) {
            let bytes = decision.to_json_as(Form::Second).to_string();
            writeln!(made, "{name}/{event} {} {bytes}", bundle.digest()).unwrap();
        }
    }
    let golden = fixtures().join("engine/golden/scripts.txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&golden, &made).unwrap();
    }
    let kept = fs::read_to_string(&golden).unwrap_or_else(|error| panic!("{}: {error}", golden.display()));
    for (kept, made) in kept.lines().zip(made.lines()) {
        assert_eq!(kept, made);
    }
    assert_eq!(kept.lines().count(), made.lines().count());
}

#[test]
fn every_shipped_script_does_what_its_events_show() {
    let folders: Vec<_> =
        sorted(&fixtures().join("../scripts")).into_iter().filter(|path| path.is_dir()).collect();
    assert!(folders.len() >= 2, "{folders:?}");
    for path in folders {
        let loaded = load(&folder(&path), &LoadOptions::default());
        assert!(loaded.diagnostics.is_empty(), "{}:\n{}", path.display(), said(&loaded, Lang::En));
        let bundle = loaded.bundle.unwrap();
        let mut out = String::new();
        let decisions = decisions(&path, &bundle);
        assert!(
            decisions.len() >= 2,
            "{}: an event that it is about, and one that it is not",
            path.display()
        );
        for twin in ["README.md", "README.ru.md"] {
            assert!(path.join(twin).is_file(), "{}: {twin}", path.display());
        }
        for (name, decision) in decisions {
            let steps = decision.trace.render(Lang::En);
            assert!(steps.iter().all(|step| step.outcome != "script_failed"), "{name}: {steps:?}");
            let mut json = decision.to_json(Lang::En);
            json.as_object_mut().unwrap().remove("trace");
            writeln!(out, "{name}\n{}", serde_json::to_string_pretty(&json).unwrap()).unwrap();
        }
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(format!("script {name}"), out);
        });
    }
}
