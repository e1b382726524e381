//! What all of these tests need: bundles from folders and texts, events from JSON.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value as Json;
use switchboard_engine::bundle::{Bundle, BundleSource, LoadOptions, Loaded, load};
use switchboard_engine::decide::Decision;
use switchboard_engine::event::Event;
use switchboard_engine::facts::Facts;
use switchboard_engine::moment::Moment;
use switchboard_grammar::lang::Lang;
use switchboard_grammar::render::Renderer;

/// The shared fixtures of the workspace.
pub(crate) fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures")
}

/// The files of a folder as a bundle.
#[track_caller]
pub(crate) fn folder(path: &Path) -> BundleSource {
    let mut source = BundleSource::new();
    let mut waiting = vec![path.to_owned()];
    while let Some(next) = waiting.pop() {
        for entry in std::fs::read_dir(&next).unwrap() {
            let entry = entry.unwrap().path();
            if entry.is_dir() {
                waiting.push(entry);
                continue;
            }
            let name = entry.strip_prefix(path).unwrap().to_str().unwrap().replace('\\', "/");
            if BundleSource::wants(&name) {
                source.add(name, std::fs::read(&entry).unwrap()).unwrap();
            }
        }
    }
    source
}

/// A bundle of the fixtures, which has to load.
#[track_caller]
pub(crate) fn fixture(name: &str) -> Arc<Bundle> {
    bundle(&folder(&fixtures().join("bundles").join(name)))
}

/// A bundle that has to load.
#[track_caller]
pub(crate) fn bundle(source: &BundleSource) -> Arc<Bundle> {
    let loaded = load(source, &LoadOptions::default());
    loaded.bundle.clone().unwrap_or_else(|| panic!("refused:\n{}", said(&loaded, Lang::En)))
}

/// A bundle of one file, `rules 1` put in front, which has to load.
#[track_caller]
pub(crate) fn rules(text: &str) -> Arc<Bundle> {
    bundle(&BundleSource::single(format!("rules 1\n\n{text}")))
}

/// What is said about a file, `rules 1` put in front.
pub(crate) fn check(text: &str) -> Loaded {
    load(&BundleSource::single(format!("rules 1\n\n{text}")), &LoadOptions::default())
}

/// What is said about a Russian file, `правила 1` put in front.
pub(crate) fn check_ru(text: &str) -> Loaded {
    load(&BundleSource::single(format!("правила 1\n\n{text}")), &LoadOptions::default())
}

/// The names of everything that was found, in order.
pub(crate) fn found(loaded: &Loaded) -> Vec<&'static str> {
    loaded.diagnostics.iter().map(|found| found.code.name).collect()
}

/// Everything that was found, as people read it.
pub(crate) fn said(loaded: &Loaded, lang: Lang) -> String {
    let renderer = Renderer::new(lang);
    let all = loaded.diagnostics.iter().map(|found| renderer.human(&loaded.sources, found));
    all.collect::<Vec<_>>().join("\n\n")
}

/// An event.
#[track_caller]
pub(crate) fn event(json: Json) -> Event {
    Event::from_json(&json).unwrap_or_else(|errors| panic!("{errors:?}"))
}

/// An incoming call with some fields.
#[track_caller]
pub(crate) fn call(mut json: Json) -> Event {
    json["kind"] = "call".into();
    if json.get("direction").is_none() {
        json["direction"] = "incoming".into();
    }
    event(json)
}

/// The time of all tests.
pub(crate) fn now() -> Moment {
    "2026-03-02T12:05:00+03:00".parse().unwrap()
}

/// A decision without facts.
pub(crate) fn decide(bundle: &Bundle, event: &Event) -> Decision {
    bundle.decide(event, &Facts::none(), now())
}

/// A decision as JSON, its trace left out.
pub(crate) fn plain(decision: &Decision) -> Json {
    let mut json = decision.to_json(Lang::En);
    json.as_object_mut().unwrap().remove("trace");
    json
}
