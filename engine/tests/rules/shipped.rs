//! The shipped scripts: every folder of `scripts/` is a bundle about which nothing is to be said, and its events show
//! what it does.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use switchboard_engine::bundle::{LoadOptions, load};
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
        let events = sorted(&path.join("events"));
        assert!(events.len() >= 2, "{}: an event that it is about, and one that it is not", path.display());
        for event in events {
            let json = serde_json::from_slice(&std::fs::read(&event).unwrap()).unwrap();
            let name = event.file_name().unwrap().to_str().unwrap();
            let event = Event::from_json(&json).unwrap_or_else(|errors| panic!("{name}: {errors:?}"));
            let decision = bundle.decide(&event, &Facts::none(), now());
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
