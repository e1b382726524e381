//! Forty-one events through both bundles of the language's description, each decision with its trace.
//!
//! A case is a file: add `fixtures/events/NAME.json`, perhaps `fixtures/events/facts/NAME.json`, and look at the
//! snapshot that appears.

use std::fmt::Write as _;

use serde_json::Value as Json;
use switchboard_engine::event::Event;
use switchboard_engine::facts::Facts;
use switchboard_grammar::lang::Lang;

use super::support::{fixture, fixtures, now};

fn read(path: &std::path::Path) -> Option<Json> {
    Some(serde_json::from_slice(&std::fs::read(path).ok()?).unwrap())
}

#[test]
fn every_event_through_both_bundles() {
    let bundles = [("romashka-en", Lang::En), ("romashka-ru", Lang::Ru)];
    let bundles = bundles.map(|(name, lang)| (name, lang, fixture(name)));
    let folder = fixtures().join("events");
    let files = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> =
        files.filter(|path| path.extension().is_some_and(|ending| ending == "json")).collect();
    files.sort();
    assert!(files.len() >= 40, "only {} events", files.len());
    for path in files {
        let name = path.file_stem().unwrap().to_str().unwrap();
        let event = read(&path).unwrap();
        let facts = read(&folder.join("facts").join(path.file_name().unwrap()))
            .unwrap_or(Json::Object(Default::default()));
        let info = serde_json::json!({ "event": event, "facts": facts });
        let event = Event::from_json(&event).unwrap_or_else(|errors| panic!("{name}: {errors:?}"));
        let facts = Facts::from_json(&facts).unwrap_or_else(|errors| panic!("{name}: {errors:?}"));
        let mut out = String::new();
        for (bundle_name, lang, bundle) in &bundles {
            let decision = bundle.decide(&event, &facts, now()).to_json(*lang);
            let again = bundle.decide(&event, &facts, now()).to_json(*lang);
            assert_eq!(decision.to_string(), again.to_string(), "{name}: not the same twice");
            writeln!(out, "{bundle_name}\n{}", serde_json::to_string_pretty(&decision).unwrap()).unwrap();
        }
        insta::with_settings!({ info => &info, omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(name, out);
        });
    }
}
